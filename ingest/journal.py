"""What an unfinished run has embedded, so that the next one need not do it again.

    data/embedded.sqlite    vectors by what was embedded; gone once they are in a published generation

Runs that are killed again and again while the texts change do not let it grow without end: each run counts what it
made or used of it, and twice the most of these stays, what was used last before the rest."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.embedding import Embedded
from assistant.errors import IndexNotWritten

_SCHEMA = """
CREATE TABLE IF NOT EXISTS made_with (model TEXT NOT NULL, run INTEGER NOT NULL, most INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS embedded (key BLOB PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL) STRICT,
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used (key BLOB PRIMARY KEY, run INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
_MANY = 500
_FEW = 10_000
"""Passages that may stay whatever runs have done, some 100 MB."""
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_ENDINGS = ("", "-journal", "-wal", "-shm")


class Journal:
    """The vectors that one embedding model has made since the last publication. One job at a time uses it.

    It only saves time: one that is damaged or of another model is begun anew."""

    def __init__(self, file: Path, model: str) -> None:
        """Raises IndexNotWritten."""
        self._file = file
        try:
            try:
                self._connection = self._open(model)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._delete()
                self._connection = self._open(model)
        except (sqlite3.Error, OSError) as error:
            raise IndexNotWritten(str(file.parent), str(error)) from error

    def _open(self, model: str) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # losing the last seconds' work is no harm
            connection.executescript(_SCHEMA)
            with connection:
                self._begin(connection, model)
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self, connection: sqlite3.Connection, model: str) -> None:
        self._run, most = 1, 0
        found = connection.execute("SELECT model, run, most FROM made_with").fetchone()
        if found is not None and found[0] == model:
            (last,) = connection.execute("SELECT count(*) FROM used WHERE run = ?", (found[1],)).fetchone()
            self._run, most = found[1] + 1, max(found[2], last)
        kept = max(_FEW, 2 * most) if self._run > 1 else 0
        rest = "WHERE key IN (SELECT key FROM used ORDER BY run DESC, key LIMIT -1 OFFSET ?)"
        for table in ("embedded", "used"):
            connection.execute(f"DELETE FROM {table} {rest}", (kept,))
        connection.execute("DELETE FROM made_with")
        connection.execute("INSERT INTO made_with VALUES (?, ?, ?)", (model, self._run, most))

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Embedded]:
        """What there is of `keys`."""
        found: dict[bytes, Embedded] = {}
        with suppress(sqlite3.DatabaseError):  # what cannot be read is embedded again
            for at in range(0, len(keys), _MANY):
                some = keys[at : at + _MANY]
                asked = f"SELECT key, vector, sentences FROM embedded WHERE key IN ({','.join('?' * len(some))})"
                for key, vector, sentences in self._connection.execute(asked, some):
                    whole = np.frombuffer(vector, "<f4")
                    found[key] = Embedded(whole, np.frombuffer(sentences, "<f4").reshape(-1, whole.shape[0]))
            with self._connection:
                self._use(found)
        return found

    def put(self, embedded: Mapping[bytes, Embedded]) -> None:
        """On disk when this returns. Raises IndexNotWritten, but not for a journal that is damaged."""
        rows = [
            (key, one.passage.astype("<f4").tobytes(), one.sentences.astype("<f4").tobytes())
            for key, one in embedded.items()
        ]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO embedded VALUES (?, ?, ?)", rows)
                self._use(embedded)
        except sqlite3.Error as error:
            if _is_damage(error):
                return
            raise IndexNotWritten(str(self._file.parent), str(error)) from error

    def _use(self, keys: Iterable[bytes]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", [(key, self._run) for key in keys])

    def close(self) -> None:
        self._connection.close()

    def discard(self) -> None:
        """All of it is in a published generation."""
        self.close()
        self._delete()

    def _delete(self) -> None:
        for ending in _ENDINGS:
            with suppress(FileNotFoundError):
                os.unlink(f"{self._file}{ending}")


def _is_damage(error: sqlite3.Error) -> bool:
    """Of the file itself; else it is the disk that is full, or may not be written to."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _DAMAGE
