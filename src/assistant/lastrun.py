"""What the last run of the ingestion job came to, wherever it was started: a small file in the data folder, which the
job writes and the service's figures are taken from."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant import moments

_NAME = "last_run.json"


@dataclass(frozen=True, slots=True)
class LastRun:
    """`finished` is ISO 8601 UTC. `error` is the code of what kept it from publishing, "" where it went well; `failed`
    counts the files that it could not read."""

    finished: str
    error: str = ""
    failed: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    embedded: int = 0
    seconds: float = 0.0

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return moments.timestamp(self.finished)


def put(data: Path, run: LastRun) -> None:
    """Where it cannot be written, the run itself has said so or is none the worse for it."""
    with suppress(OSError):
        aside = data / f"{_NAME}.new"
        aside.write_text(json.dumps(asdict(run)), encoding="utf-8")
        os.replace(aside, data / _NAME)


def get(data: Path) -> LastRun | None:
    """None before the first run, or where the file is another's."""
    with suppress(OSError, ValueError, TypeError):
        run = LastRun(**json.loads((data / _NAME).read_text(encoding="utf-8")))
        return run if run.timestamp else None
    return None
