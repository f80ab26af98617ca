"""The command line of the ingestion job: `python -m ingest`.

Exit 0: done; 1: some files could not be read, the rest is published; 2: nothing was published."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType

from pydantic import ValidationError

from assistant import lastrun
from assistant.errors import AlreadyRunning, AssistantError, CorpusEmptied, IndexDamaged, NotInCorpus, OtherFormat
from assistant.index import Folders
from assistant.settings import Settings, explained
from ingest.archive import export, import_
from ingest.job import Options, Outcome, run
from ingest.publish import generations, only_writer, roll_back
from ingest.read import FORMATS
from ingest.terminal import Terminal, failed_run, last_run
from ingest.texts import TEXTS
from ingest.watch import watch

DONE, SOME_FAILED, NOTHING_PUBLISHED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.write(f"{explained(error)}\n")
        return NOTHING_PUBLISHED
    terminal = Terminal(settings.language, given.json, given.json_lines)
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
        with only_writer(folders, given.wait, terminal.waiting):
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
        return _watch(options, settings, terminal)
    return _once(options, terminal)


def _once(options: Options, terminal: Terminal) -> int:
    """The exit code of a run, of which the service is told when it asks."""
    try:
        outcome = run(options, terminal.step)
    except AlreadyRunning:
        raise  # the other one tells
    except AssistantError as error:
        lastrun.put(options.data, failed_run(error))
        raise
    lastrun.put(options.data, last_run(outcome))
    return _tell(outcome, options, terminal)


def _watch(options: Options, settings: Settings, terminal: Terminal) -> int:
    """The exit code of the last run."""

    def once(full: bool) -> int:
        return _once(replace(options, full_check=full or options.full_check), terminal)

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
        manifest = import_(folders, given.import_, settings.embedding_model, place, keep, given.wait, terminal.waiting)
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


def _tell(outcome: Outcome, options: Options, terminal: Terminal) -> int:
    terminal.outcome(outcome)
    if outcome.generation is None and not outcome.failed:
        terminal.line("empty", {"folder": str(options.corpus), "formats": " ".join(FORMATS)})
    terminal.result(outcome)
    if outcome.generation is None:
        return NOTHING_PUBLISHED
    return SOME_FAILED if outcome.failed else DONE


def _status(folders: Folders, terminal: Terminal) -> int:
    """The generations, oldest first, the current one marked."""
    texts = TEXTS[terminal.language]
    current = folders.current_name()
    told: list[dict[str, object]] = []
    lines = []
    for name in generations(folders):
        mark = "*" if name == current else " "
        try:
            manifest = folders.manifest(name)
        except (OtherFormat, IndexDamaged) as error:  # one of an earlier version may be left
            told.append({"name": name, "code": error.code, "error": str(error)})
            lines.append(f"{mark} {name}  {error.message(terminal.language)}")
            continue
        told.append(asdict(manifest))
        more = texts["unread"].format(unread=manifest.unread) if manifest.unread else ""
        lines.append(texts["generation"].format_map(asdict(manifest) | {"mark": mark}) + more)
    terminal.status(lines or [texts["none"]], {"current": current, "generations": told})
    return DONE


if __name__ == "__main__":
    sys.exit(main())
