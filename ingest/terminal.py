"""What the job's command says, to people and to programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from assistant import moments
from assistant.errors import AssistantError
from assistant.lastrun import FailedFile, LastRun
from assistant.types import LANGUAGES, Language
from ingest.outcome import Failure, Outcome, Step
from ingest.progress import Bar, JsonLines, Lines, Progress
from ingest.texts import TEXTS

NOTHING_PUBLISHED = "nothing_published"
"""The code of what a run that could read nothing came to."""


class Terminal:
    """Says what happens on standard error, the progress too; on standard output, the result as one JSON object, or the
    progress and the result as JSON lines; and the state of the index, which is what was asked for, in any case."""

    def __init__(self, language: Language, as_json: bool, json_lines: bool) -> None:
        self.language = language
        self._texts = TEXTS[language]
        self._as_json = as_json
        self._json_lines = JsonLines(sys.stdout) if json_lines else None
        self._progress: Progress = Lines(sys.stderr, language)
        if self._json_lines is not None:
            self._progress = self._json_lines
        elif sys.stderr.isatty():
            self._progress = Bar(sys.stderr, language)
        self.at_work = False

    def step(self, step: Step) -> None:
        self.at_work = True
        self._progress.step(step)

    def waiting(self) -> None:
        self._progress.step(Step("wait"))

    def line(self, key: str, values: Mapping[str, object]) -> None:
        self.text(self._texts[key].format_map(values))

    def error(self, error: AssistantError) -> None:
        self.text(error.message(self.language))
        self._why(error.code, in_all_languages(error))

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
            self._why(NOTHING_PUBLISHED, _NOTHING)
        else:
            self.line("summary", asdict(outcome) | {"failed": len(outcome.failed)})

    def result(self, outcome: Outcome) -> None:
        self._give("result", _result(outcome))

    def status(self, lines: Sequence[str], told: Mapping[str, object]) -> None:
        if not self._give("status", told):
            sys.stdout.write("\n".join(lines) + "\n")

    def _give(self, event: str, values: Mapping[str, object]) -> bool:
        """Whether a program is what asks."""
        if self._json_lines is not None:
            self._json_lines.event(event, values)
        elif self._as_json:
            sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
        return self._as_json or self._json_lines is not None

    def _why(self, code: str, texts: Mapping[str, str]) -> None:
        if self._json_lines is not None:
            self._json_lines.event("error", {"code": code, "error": texts["en"], "texts": texts})


_NOTHING: Mapping[str, str] = {language: TEXTS[language]["nothing"] for language in LANGUAGES}


def in_all_languages(error: AssistantError) -> dict[str, str]:
    return {language: error.message(language) for language in LANGUAGES}


def last_run(outcome: Outcome) -> LastRun:
    """What is kept of a run for those who ask later."""
    none = outcome.generation is None
    return LastRun(
        finished=moments.now(),
        error=NOTHING_PUBLISHED if none else "",
        failed=len(outcome.failed),
        added=outcome.added,
        changed=outcome.changed,
        removed=outcome.removed,
        embedded=outcome.embedded,
        seconds=round(outcome.seconds, 3),
        texts=_NOTHING if none else {},
        files=tuple(map(_failed_file, outcome.failed)),
    )


def failed_run(error: AssistantError) -> LastRun:
    return LastRun(moments.now(), error.code, texts=in_all_languages(error))


def _failed_file(failure: Failure) -> FailedFile:
    return FailedFile(failure.path, str(failure.error), failure.error.code, in_all_languages(failure.error))


def _result(outcome: Outcome) -> dict[str, object]:
    return {
        "generation": outcome.generation,
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "removed": outcome.removed,
        "moved": outcome.moved,
        "failed": [asdict(_failed_file(one)) | {"kept": one.kept} for one in outcome.failed],
        "warnings": [{"path": w.path, "warning": w.warning} for w in outcome.warnings],
        "documents": outcome.documents,
        "passages": outcome.passages,
        "embedded": outcome.embedded,
        "reused": outcome.reused,
        "unread": outcome.unread,
        "seconds": round(outcome.seconds, 3),
    }
