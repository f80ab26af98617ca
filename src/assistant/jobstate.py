"""What is known of a run of the ingestion job: what it printed as `python -m ingest --json-lines` says it, and what
the service tells of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from assistant.access import Principal
from assistant.errors import JobFailed
from assistant.lastrun import FailedFile, LastRun
from assistant.types import LANGUAGES

JobStatus = Literal["idle", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a run is. In the stage `wait` another one is at work, wherever that was started, and this one begins
    after it; then `read`, `model`, `embed` take turns, and `publish` is the last. `passages` of `passages_total` in the
    documents read so far are embedded. `share` is of the whole run, 0 to 1; `rate` is passages embedded a second, which
    is null while too little is known, as `seconds_left` is."""

    stage: str
    documents: int = 0
    documents_total: int = 0
    passages: int = 0
    passages_total: int = 0
    share: float = 0.0
    rate: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run came to."""

    generation: str | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[FailedFile, ...] = ()
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class JobError:
    """Why nothing was published, in English and in each language of the product."""

    code: str
    error: str
    texts: Mapping[str, str] = field(default_factory=dict)


Told = JobProgress | Counts | JobError
_KINDS: Mapping[str, type[Told]] = {"progress": JobProgress, "result": Counts, "error": JobError}


@dataclass(frozen=True, slots=True)
class JobState:
    """The last run that the service started, or the one under way. `again` says that another follows, since
    something was changed meanwhile. `lines` are what it said last, `error` why nothing was published, with its `code`,
    which `texts` says in each language of the product; times are ISO 8601 UTC; `generation` is the one in use.
    `last_run` is the last of all runs that have ended, wherever it was started; it is left out while one is under way
    here."""

    status: JobStatus = "idle"
    again: bool = False
    started: str | None = None
    finished: str | None = None
    progress: JobProgress | None = None
    lines: tuple[str, ...] = ()
    result: Counts | None = None
    error: str | None = None
    code: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    exit_code: int | None = None
    generation: str | None = None
    last_run: LastRun | None = None

    @property
    def over(self) -> bool:
        """Whether no run is under way, and none follows."""
        return self.status != "running" and not self.again

    def seen_by(self, principal: Principal) -> JobState:
        """Without the files of other groups: what the job said may name any."""
        if principal.groups is None:
            return self
        seen = self
        if self.result is not None:
            mine = tuple(one for one in self.result.failed if principal.sees(one.path))
            seen = replace(seen, result=replace(self.result, failed=mine))
        if self.last_run is not None:
            seen = replace(seen, last_run=self.last_run.seen_by(principal))
        if self.code == JobFailed.code:
            bare = failure(f"exit {self.exit_code}")
            seen = replace(seen, error=bare.error, texts=bare.texts)
        return replace(seen, lines=())


def told_in(line: str) -> Told | None:
    """What a line of the job's says; None for one that says nothing of ours."""
    with suppress(ValueError):
        read: object = json.loads(line)
        if isinstance(read, dict) and read.get("event") in _KINDS:
            return _adapter(str(read["event"])).validate_python(read)
    return None


@cache
def _adapter(event: str) -> TypeAdapter[Told]:
    return TypeAdapter(_KINDS[event])


def failure(detail: str) -> JobError:
    """Of a run that did not say why it failed."""
    error = JobFailed(detail)
    return JobError(error.code, detail, {language: error.message(language) for language in LANGUAGES})
