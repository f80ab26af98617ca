"""The command line of the ingestion job: `python -m ingest`.

Exit 0: done; 1: some files could not be read, the rest is published; 2: nothing was published."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType

from pydantic import ValidationError

from assistant import lastrun, moments
from assistant.errors import AlreadyRunning, AssistantError, CorpusEmptied, NotInCorpus
from assistant.index import Folders
from assistant.lastrun import LastRun
from assistant.settings import Settings, explained
from assistant.types import LANGUAGES, Language
from ingest.archive import export, import_
from ingest.job import Options, Outcome, Step, run
from ingest.progress import Bar, JsonLines, Lines, Progress
from ingest.publish import generations, only_writer, roll_back
from ingest.read import FORMATS
from ingest.texts import TEXTS
from ingest.watch import watch

DONE, SOME_FAILED, NOTHING_PUBLISHED = 0, 1, 2


class Terminal:
    """Says what happens on standard error; the progress there too, or as JSON lines on standard output."""

    def __init__(self, language: Language, json_lines: bool) -> None:
        self._texts = TEXTS[language]
        self.language = language
        self.json_lines = JsonLines(sys.stdout) if json_lines else None
        self._progress: Progress = Lines(sys.stderr, language)
        if self.json_lines is not None:
            self._progress = self.json_lines
        elif sys.stderr.isatty():
            self._progress = Bar(sys.stderr, language)
        self.at_work = False

    def step(self, step: Step) -> None:
        self.at_work = True
        self._progress.step(step)

    def line(self, key: str, values: Mapping[str, object]) -> None:
        self.text(self._texts[key].format_map(values))

    def error(self, error: AssistantError) -> None:
        self.text(error.message(self.language))
        if self.json_lines is not None:
            self.json_lines.event("error", {"code": error.code, "error": str(error)})

    def text(self, text: str) -> None:
        self._progress.finish()
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def outcome(self, outcome: Outcome) -> None:
        self.at_work = False
        for warned in outcome.warnings:
            self.line("warning", {"path": warned.path, "text": warned.warning})
        for failure in outcome.failed:
            key = "wrong" if failure.read else "kept" if failure.kept else "failed"
            self.line(key, {"text": failure.error.message(self.language)})
        if outcome.generation is None:
            self.line("nothing", {})
        else:
            self.line("summary", asdict(outcome) | {"failed": len(outcome.failed)})


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.write(f"{explained(error)}\n")
        return NOTHING_PUBLISHED
    terminal = Terminal(settings.language, given.json_lines)
    try:
        with _stopped_by_sigterm():
            return _act(given, settings, terminal)
    except AssistantError as error:
        terminal.error(error)
        return NOTHING_PUBLISHED
    except KeyboardInterrupt:
        if terminal.at_work:
            terminal.line("stopped", {})
        else:
            terminal.text("")
        return NOTHING_PUBLISHED


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """What ends a service or a container ends a run as Ctrl-C does: nothing half made is left."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ingest", description="Read the documents into the index.")
    parser.add_argument(
        "path",
        nargs="*",
        type=Path,
        help="files or folders in ASSISTANT_CORPUS_DIR to look at, or one other folder to read instead of it",
    )
    parser.add_argument("--watch", action="store_true", help="go on, and read what changes")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument(
        "--json-lines", action="store_true", help="print the progress as JSON, a line a step, the result last"
    )
    parser.add_argument(
        "--wait",
        nargs="?",
        type=float,
        const=-1.0,
        default=0.0,
        metavar="SECONDS",
        help="when another run is at work, wait until it is done, or so long; without this, leave",
    )
    parser.add_argument(
        "--ray",
        default="",
        metavar="ADDRESS",
        help="read and embed on a Ray cluster: 'local' starts one on this machine, else host:port or ray://host:port",
    )
    parser.add_argument(
        "--full-check",
        action="store_true",
        help="look at the content of every file, also of those whose size and times are as they were",
    )
    parser.add_argument(
        "--allow-empty", action="store_true", help="the folder is empty on purpose: remove its documents"
    )
    parser.add_argument("--status", action="store_true", help="list the generations")
    parser.add_argument("--rollback", action="store_true", help="go back to the generation before")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the generation in use to a file")
    parser.add_argument("--import", type=Path, metavar="FILE", dest="import_", help="publish an exported generation")
    return parser


def _act(given: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    folders = Folders(settings.data_dir)
    if given.status:
        return _status(folders, terminal)
    if given.rollback:
        with only_writer(folders, given.wait):
            terminal.line("rolled_back", {"generation": roll_back(folders)})
        return DONE
    if given.export or given.import_:
        return _carry(given, settings, terminal)
    options = replace(
        options_of(settings, given.path),
        wait_seconds=-1.0 if given.watch else given.wait,
        full_check=given.full_check,
        allow_empty=given.allow_empty,
        ray=given.ray,
    )
    if given.watch:
        return _watch(options, settings, terminal, given.json)
    return _once(options, terminal, given.json)


def _once(options: Options, terminal: Terminal, as_json: bool) -> int:
    """The exit code of a run, of which the service is told when it asks."""
    try:
        outcome = run(options, terminal.step)
    except AlreadyRunning:
        raise  # the other one tells
    except AssistantError as error:
        lastrun.put(options.data, LastRun(moments.now(), error.code))
        raise
    lastrun.put(options.data, _last_run(outcome))
    return _tell(outcome, options, terminal, as_json)


def _watch(options: Options, settings: Settings, terminal: Terminal, as_json: bool) -> int:
    """The exit code of the last run."""

    def once(full: bool) -> int:
        return _once(replace(options, full_check=full or options.full_check), terminal, as_json)

    try:
        code = once(False)
    except CorpusEmptied as error:  # a share that is mounted later
        terminal.error(error)
        code = NOTHING_PUBLISHED
    terminal.line("watching", {"folder": str(options.corpus)})
    seconds = (settings.settle_seconds, settings.watch_check_seconds, settings.watch_poll_seconds)
    for full in watch(options.corpus, *seconds):
        try:
            code = once(full)
        except AssistantError as error:  # said, and tried again at the next change
            terminal.error(error)
    return code


def _carry(given: argparse.Namespace, settings: Settings, terminal: Terminal) -> int:
    """A generation to a file or from one."""
    folders = Folders(settings.data_dir)
    if given.export:
        manifest, key, file = export(folders, given.export), "exported", given.export
    else:
        place, keep = settings.chroma_url, settings.keep_generations
        manifest = import_(folders, given.import_, settings.embedding_model, place, keep, given.wait)
        key, file = "imported", given.import_
    terminal.line(key, asdict(manifest) | {"file": str(file)})
    return DONE


def options_of(settings: Settings, paths: Sequence[Path] = ()) -> Options:
    """Raises NotInCorpus for paths that are neither in the corpus nor one folder to read instead."""
    corpus, only = settings.corpus_dir, tuple(paths)
    root = corpus.resolve()
    outside = [path for path in paths if not path.resolve().is_relative_to(root)]
    if outside and len(paths) == 1 and not paths[0].is_file():
        corpus, only = paths[0], ()
    elif outside:
        raise NotInCorpus(str(outside[0]), str(corpus))
    return Options(
        corpus=corpus,
        data=settings.data_dir,
        embedding_model=settings.embedding_model,
        chroma_url=settings.chroma_url,
        max_file_mb=settings.max_file_mb,
        keep_generations=settings.keep_generations,
        only=() if only == (corpus,) else only,
        read_seconds=settings.read_seconds,
        read_memory_mb=settings.read_memory_mb,
        settle_seconds=settings.settle_seconds,
        web_sources=settings.web_sources,
    )


def _tell(outcome: Outcome, options: Options, terminal: Terminal, as_json: bool) -> int:
    terminal.outcome(outcome)
    if outcome.generation is None and not outcome.failed:
        terminal.line("empty", {"folder": str(options.corpus), "formats": " ".join(FORMATS)})
    if terminal.json_lines is not None:
        terminal.json_lines.event("result", _as_json(outcome))
    elif as_json:
        sys.stdout.write(json.dumps(_as_json(outcome), ensure_ascii=False) + "\n")
    if outcome.generation is None:
        return NOTHING_PUBLISHED
    return SOME_FAILED if outcome.failed else DONE


def _last_run(outcome: Outcome) -> LastRun:
    return LastRun(
        finished=moments.now(),
        error="" if outcome.generation else "nothing_published",
        failed=len(outcome.failed),
        added=outcome.added,
        changed=outcome.changed,
        removed=outcome.removed,
        embedded=outcome.embedded,
        seconds=round(outcome.seconds, 3),
    )


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "generation": outcome.generation,
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "removed": outcome.removed,
        "moved": outcome.moved,
        "failed": [
            {
                "path": f.path,
                "error": str(f.error),
                "texts": {language: f.error.message(language) for language in LANGUAGES},
                "code": f.error.code,
                "kept": f.kept,
            }
            for f in outcome.failed
        ],
        "warnings": [{"path": w.path, "warning": w.warning} for w in outcome.warnings],
        "documents": outcome.documents,
        "passages": outcome.passages,
        "embedded": outcome.embedded,
        "reused": outcome.reused,
        "unread": outcome.unread,
        "seconds": round(outcome.seconds, 3),
    }


def _status(folders: Folders, terminal: Terminal) -> int:
    """The generations, oldest first, the current one marked."""
    current = folders.current_name()
    names = generations(folders)
    if not names:
        terminal.line("none", {})
    for name in names:
        manifest = folders.manifest(name)
        mark = "*" if name == current else " "
        values = asdict(manifest) | {"mark": mark, "model": manifest.embedding_model}
        texts = TEXTS[terminal.language]
        more = texts["unread"].format(unread=manifest.unread) if manifest.unread else ""
        terminal.text(texts["generation"].format_map(values) + more)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
