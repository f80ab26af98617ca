"""Overviews under way and done, in SQLite: what was asked, and what each document gave so far.

    data/overviews.sqlite

A run has at most one runner, in this process or another. It holds the run by a token that every write must
show, so a run that was stopped, deleted or taken over is left alone by whoever ran it before."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from assistant.access import Groups, Principal, covers
from assistant.errors import OverviewNotFound, OverviewRunning, OverviewsUnavailable
from assistant.types import Citation, Filters, Language, ReviewState, RunStatus

SILENT = 120.0
"""Seconds without a document after which a runner counts as dead: a process that was killed says nothing."""

LEAST_KEPT = 3600.0
"""Seconds a run is kept in any case: long enough to fetch and to resume it."""

_DAY = 86400.0
_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, status TEXT NOT NULL, runner TEXT NOT NULL, beat REAL NOT NULL, created REAL NOT NULL,
    updated REAL NOT NULL, about TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS rows (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, position INTEGER NOT NULL, row TEXT NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class About:
    """What a run is about. `corpus` is how many documents there were beyond the filters; `owner` and `groups`
    are those of the Principal that began it."""

    question: str
    asked: str
    language: Language
    filters: Filters
    most_findings: int
    generation: str
    corpus: int
    owner: str = ""
    groups: Groups = None

    def is_seen_by(self, principal: Principal) -> bool:
        """A run tells of all documents that whoever began it could see."""
        return self.owner == principal.owner and covers(principal.groups, self.groups)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it is kept: its citations are numbered from 1 within their document."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A document of a run. `fingerprint` is another when its text may be."""

    document_id: str
    title: str
    date: str | None
    fingerprint: str
    state: ReviewState = "waiting"
    found: tuple[Found, ...] = ()
    more: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands; times are seconds since 1970."""

    id: str
    status: RunStatus
    created: float
    updated: float
    about: About
    rows: tuple[Row, ...]


_ABOUT = TypeAdapter(About)
_ROW = TypeAdapter(Row)


class Runs:
    """Safe to use from many threads and processes. Every method raises OverviewsUnavailable."""

    def __init__(self, file: Path, keep_days: float) -> None:
        """A run is forgotten `keep_days` after it last changed."""
        self._file = file
        self._kept = max(keep_days * _DAY, LEAST_KEPT)

    def create(self, about: About, rows: Sequence[Row]) -> str:
        """The id of a new run, which nobody runs yet."""
        id, now = uuid.uuid4().hex, time.time()
        with self._connected() as connection:
            values = (id, "stopped", "", now, now, now, _written(about))
            connection.execute("INSERT INTO runs VALUES (?,?,?,?,?,?,?)", values)
            _insert(connection, id, rows)
        return id

    def run(self, id: str) -> Run:
        """Raises OverviewNotFound."""
        with self._connected() as connection:
            found = connection.execute(
                "SELECT id, status, beat, created, updated, about FROM runs WHERE id = ?", (id,)
            ).fetchone()
            if found is None:
                raise OverviewNotFound(id)
            rows = connection.execute("SELECT row FROM rows WHERE run = ? ORDER BY position", (id,))
            return _run(found, tuple(_ROW.validate_json(row) for (row,) in rows))

    def all(self) -> tuple[Run, ...]:
        """Every run without its rows, the latest first."""
        with self._connected() as connection:
            found = connection.execute(
                "SELECT id, status, beat, created, updated, about FROM runs ORDER BY created DESC, id"
            )
            return tuple(_run(one, ()) for one in found)

    def claim(self, id: str) -> str:
        """The token of whoever runs it from now on. Raises OverviewNotFound and OverviewRunning."""
        token, now = uuid.uuid4().hex, time.time()
        with self._connected() as connection:
            claimed = connection.execute(
                "UPDATE runs SET status = 'running', runner = ?, beat = ? "
                "WHERE id = ? AND NOT (status = 'running' AND beat > ?)",
                (token, now, id, now - SILENT),
            ).rowcount
            if not claimed:
                known = connection.execute("SELECT 1 FROM runs WHERE id = ?", (id,)).fetchone()
                raise OverviewRunning(id) if known else OverviewNotFound(id)
        return token

    def begin(self, id: str, token: str, about: About, rows: Sequence[Row]) -> bool:
        """Put other documents in the place of those of the run; False like `put`."""
        with self._connected() as connection:
            if not self._beat(connection, id, token):
                return False
            connection.execute("UPDATE runs SET about = ? WHERE id = ?", (_written(about), id))
            connection.execute("DELETE FROM rows WHERE run = ?", (id,))
            _insert(connection, id, rows)
            return True

    def put(self, id: str, token: str, position: int, row: Row) -> bool:
        """Keep what a document gave; False, and nothing is kept, where the run is no longer `token`'s."""
        with self._connected() as connection:
            if not self._beat(connection, id, token):
                return False
            connection.execute(
                "UPDATE rows SET row = ? WHERE run = ? AND position = ?", (_ROW.dump_json(row).decode(), id, position)
            )
            return True

    def release(self, id: str, token: str, status: RunStatus) -> None:
        """What became of a run, said by whoever ran it; nothing where it is no longer `token`'s."""
        with self._connected() as connection:
            connection.execute(
                "UPDATE runs SET status = ?, runner = '' WHERE id = ? AND runner = ?", (status, id, token)
            )

    def stop(self, id: str) -> None:
        """Whoever runs it ends after the document at hand. Raises OverviewNotFound."""
        with self._connected() as connection:
            connection.execute(
                "UPDATE runs SET status = 'stopped', runner = '' WHERE id = ? AND status = 'running'", (id,)
            )
            if connection.execute("SELECT 1 FROM runs WHERE id = ?", (id,)).fetchone() is None:
                raise OverviewNotFound(id)

    def delete(self, id: str) -> None:
        """Stop it and forget it. Raises OverviewNotFound."""
        with self._connected() as connection:
            if not connection.execute("DELETE FROM runs WHERE id = ?", (id,)).rowcount:
                raise OverviewNotFound(id)

    @staticmethod
    def _beat(connection: sqlite3.Connection, id: str, token: str) -> bool:
        now = time.time()
        return bool(
            connection.execute(
                "UPDATE runs SET beat = ?, updated = ? WHERE id = ? AND runner = ? AND status = 'running'",
                (now, now, id, token),
            ).rowcount
        )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A transaction. A connection a call: they are few beside the reading of a document, and a
        connection belongs to one thread."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(0o600)  # questions are nobody else's business
            with closing(sqlite3.connect(self._file, timeout=10)) as connection:
                connection.executescript(_SCHEMA)
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = NORMAL")
                with connection:
                    now = time.time()
                    connection.execute(
                        "DELETE FROM runs WHERE updated < ? AND NOT (status = 'running' AND beat > ?)",
                        (now - self._kept, now - SILENT),
                    )
                    yield connection
        except (sqlite3.Error, OSError) as error:
            raise OverviewsUnavailable(str(self._file), str(error)) from error


def _insert(connection: sqlite3.Connection, id: str, rows: Sequence[Row]) -> None:
    values = [(id, at, _ROW.dump_json(row).decode()) for at, row in enumerate(rows)]
    connection.executemany("INSERT INTO rows VALUES (?,?,?)", values)


def _written(about: About) -> str:
    return _ABOUT.dump_json(about).decode()


def _run(found: tuple[str, RunStatus, float, float, float, str], rows: tuple[Row, ...]) -> Run:
    id, status, beat, created, updated, about = found
    if status == "running" and beat < time.time() - SILENT:
        status = "stopped"  # its process was killed
    return Run(id, status, created, updated, _ABOUT.validate_json(about), rows)
