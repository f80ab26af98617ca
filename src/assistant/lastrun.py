"""What the last run of the ingestion job came to, wherever it was started: a small file in the data folder, which the
job writes, and which the service's figures and the page are told from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from assistant import moments
from assistant.access import Principal

MOST_FILES = 500
"""Failed files that are kept with their reasons: some 300 kB."""

_NAME = "last_run.json"


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, and why: in English, and in each language of the product. `code` is that of the
    error."""

    path: str
    error: str
    code: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastRun:
    """`finished` is ISO 8601 UTC. `error` is the code of what kept it from publishing, "" where it went well, and
    `texts` says that in each language of the product. `failed` counts the files that it could not read; `files` are
    these, or the first `MOST_FILES` of them."""

    finished: str
    error: str = ""
    failed: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    embedded: int = 0
    seconds: float = 0.0
    texts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FailedFile, ...] = ()

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return moments.timestamp(self.finished)

    def seen_by(self, principal: Principal) -> LastRun:
        """Without the files of other groups."""
        return replace(self, files=tuple(one for one in self.files if principal.sees(one.path)))


def put(data: Path, run: LastRun) -> None:
    """Where it cannot be written, the run itself has said so or is none the worse for it."""
    with suppress(OSError):
        aside = data / f"{_NAME}.new"
        aside.write_bytes(TypeAdapter(LastRun).dump_json(replace(run, files=run.files[:MOST_FILES])))
        os.replace(aside, data / _NAME)


def get(data: Path) -> LastRun | None:
    """None before the first run, or where the file is another's."""
    with suppress(OSError, ValueError):
        run = TypeAdapter(LastRun).validate_json((data / _NAME).read_bytes())
        return run if run.timestamp else None
    return None
