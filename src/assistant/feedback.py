"""What users say of answers: a thumb up or down, and a comment. In SQLite, beside the conversations."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from assistant.errors import FeedbackUnavailable

Rating = Literal[-1, 1]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    owner TEXT NOT NULL, answer TEXT NOT NULL, rating INTEGER NOT NULL, comment TEXT NOT NULL, given TEXT NOT NULL,
    PRIMARY KEY (owner, answer)
) STRICT, WITHOUT ROWID;
"""
_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Feedback:
    """`owner` is that of a Principal; `given` is ISO 8601 UTC."""

    answer_id: str
    rating: Rating
    comment: str
    owner: str
    given: str


def _now() -> datetime:
    return datetime.now(UTC)


class FeedbackBox:
    """Safe to use from many threads and processes; every method raises FeedbackUnavailable. With `days` of 0
    nothing is kept, or made on disk."""

    def __init__(self, file: Path, days: int, now: Callable[[], datetime] = _now) -> None:
        self._file = file
        self._days = days
        self._now = now

    def put(self, answer_id: str, rating: Rating, comment: str, owner: str) -> None:
        """What an owner says last of an answer is what it says."""
        if not self._days:
            return
        with self._connected() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)",
                (owner, answer_id, rating, comment, _written(self._now())),
            )

    def latest(self, limit: int) -> tuple[Feedback, ...]:
        """The latest first."""
        if not self._days or not self._file.exists():
            return ()
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT answer, rating, comment, owner, given FROM feedback ORDER BY given DESC, answer LIMIT ?",
                (limit,),
            )
            return tuple(Feedback(*row) for row in rows)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A transaction, with what has become too old taken away."""
        try:
            if not self._file.exists():
                self._file.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))  # a comment is for its reader alone
            with closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.executescript(_SCHEMA)
                with connection:
                    oldest = _written(self._now() - timedelta(days=self._days))
                    connection.execute("DELETE FROM feedback WHERE given < ?", (oldest,))
                    yield connection
        except (sqlite3.Error, OSError) as error:
            raise FeedbackUnavailable(str(self._file), str(error)) from error


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
