"""What an unfinished run has embedded, so that the next one need not do it again.

    data/embedded.sqlite    vectors by what was embedded; gone once they are in a published generation"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.embedding import Embedded
from assistant.errors import IndexNotWritten

_SCHEMA = """
CREATE TABLE IF NOT EXISTS made_with (model TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS embedded (key BLOB PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL) STRICT,
    WITHOUT ROWID;
"""
_MANY = 500
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
            if connection.execute("SELECT model FROM made_with").fetchone() != (model,):
                connection.execute("DELETE FROM made_with")
                connection.execute("DELETE FROM embedded")
                connection.execute("INSERT INTO made_with VALUES (?)", (model,))
                connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection

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
        except sqlite3.Error as error:
            if _is_damage(error):
                return
            raise IndexNotWritten(str(self._file.parent), str(error)) from error

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
