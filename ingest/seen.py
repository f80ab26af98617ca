"""The hashes of files by how they lay, so that one that lies as before need not be read to know what is in it.

    data/seen.sqlite    by a file's place: what the file system said of it, and the sha256 of its content

A file may be written twice within one tick of its clock and keep its size: then nothing that the system says of it
tells the two apart. So a hash is relied on only if it was taken `MARGIN` after the file was first seen lying as it
does. What is written later than that falls into another tick, however far the clock of a share is from ours: the two
moments that are compared are both our own."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARGIN = 3_000_000_000
"""Nanoseconds. The coarsest clock in use, that of FAT, ticks every two seconds."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen_1 (
    place BLOB PRIMARY KEY, stamp BLOB NOT NULL, first INTEGER NOT NULL, sure INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
_STAMP = struct.Struct("<QQqq")
_ENDINGS = ("", "-journal")
_SLACK = 1000
"""Places of files that are gone and still remembered."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file that lies still. The inode's number and `changed` (ns) tell of a file that
    another was put in place of, with its size and its old time. The device's number is left out: it is another one
    whenever a share is mounted."""

    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        return cls(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)

    def packed(self) -> bytes:
        return _STAMP.pack(self.inode & (2**64 - 1), self.size, self.modified, self.changed)


@dataclass(frozen=True, slots=True)
class Sight:
    """A stamp, and when (ns, our clock) the file was seen with it."""

    stamp: Stamp
    at: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Sight:
        return cls(Stamp.of(stat), time.time_ns())


class Seen:
    """One job at a time uses it. It only saves time: one that is damaged or cannot be written is done without."""

    def __init__(self, file: Path, full: bool = False) -> None:
        """`full` says that every file is to be read, whatever is remembered of it."""
        self._file = file
        self._full = full
        self._asked: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        for _ in range(2):
            try:
                self._connection = _open(file)
                break
            except sqlite3.Error:
                self._delete()

    def sha256(self, file: Path, sight: Sight) -> str:
        """The hash of the content of a file that was seen so. Raises OSError."""
        place = os.fsencode(file)
        self._asked.add(place)
        known = self._get(place, sight.stamp)
        if known is not None and known[1] and not self._full:
            return known[2]
        at = time.time_ns()
        with file.open("rb") as stream:
            before = Stamp.of(os.fstat(stream.fileno()))
            found = hashlib.file_digest(stream, "sha256").hexdigest()
            after = Stamp.of(os.fstat(stream.fileno()))
        if before == after:
            self.note(file, sight, Sight(before, at), found)
        return found

    def note(self, file: Path, listed: Sight | None, read: Sight, sha256: str) -> None:
        """A file was seen as `listed`; then, at `read`, it was opened, lay still and had this hash."""
        place = os.fsencode(file)
        self._asked.add(place)
        known = self._get(place, read.stamp)
        firsts = [read.at]
        firsts += [listed.at] if listed is not None and listed.stamp == read.stamp else []
        firsts += [known[0]] if known is not None else []
        first = min(firsts)
        self._write(
            "INSERT OR REPLACE INTO seen_1 VALUES (?, ?, ?, ?, ?)",
            (place, read.stamp.packed(), first, read.at >= first + MARGIN, sha256),
        )

    def _get(self, place: bytes, stamp: Stamp) -> tuple[int, bool, str] | None:
        """When a file was first seen so, whether its hash can be relied on, and the hash."""
        if self._connection is None:
            return None
        asked = "SELECT first, sure, sha256 FROM seen_1 WHERE place = ? AND stamp = ?"
        try:
            row = self._connection.execute(asked, (place, stamp.packed())).fetchone()
        except sqlite3.Error:  # damaged in the middle: begun anew by the next run
            self._connection.close()
            self._connection = None
            self._delete()
            return None
        return (int(row[0]), bool(row[1]), str(row[2])) if row else None

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute(statement, values)

    def forget_others(self) -> None:
        """All files have been asked for: what is remembered of others goes, when it has become much."""
        if self._connection is None:
            return
        with suppress(sqlite3.Error):
            (count,) = self._connection.execute("SELECT count(*) FROM seen_1").fetchone()
            if count > len(self._asked) + _SLACK:
                places = [place for (place,) in self._connection.execute("SELECT place FROM seen_1")]
                gone = [(place,) for place in places if place not in self._asked]
                self._connection.executemany("DELETE FROM seen_1 WHERE place = ?", gone)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.commit()
            self._connection.close()
            self._connection = None

    def _delete(self) -> None:
        for ending in _ENDINGS:
            with suppress(OSError):
                os.unlink(f"{self._file}{ending}")


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    try:
        connection.executescript(_SCHEMA)
        connection.execute("SELECT count(*) FROM seen_1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
