"""A file of the corpus, taken in whole: nothing that is still being written."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.errors import FileError, FileStillWritten, FileTooLarge, UnreadableFile
from assistant.types import Document, Passage
from ingest.folder import Found
from ingest.seen import Sight, Stamp
from ingest.split import split


class Reader(Protocol):
    """`IsolatedReader`."""

    def read(
        self, data: bytes, path: str, sidecar: bytes | None, max_mb: int
    ) -> tuple[Document, tuple[str, ...]]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's bytes and those of its sidecar; `sight` is how it lay."""

    data: bytes
    sidecar: bytes | None
    sight: Sight


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file, its document and the document's passages; `sight` is how it lay when it was read."""

    found: Found
    document: Document
    sidecar_sha256: str
    data: bytes
    passages: tuple[Passage, ...]
    sight: Sight


Begun = tuple[Found, Callable[[], tuple[ReadFile, tuple[str, ...]]]]
"""A file whose reading has begun, and what waits for its end: that raises a FileError where it cannot be read."""


def let_settle(files: Sequence[Found], settle_seconds: float) -> None:
    """Wait once, at most so long, for those that were written a moment ago."""
    now = time.time()
    ages = [now - found.modified for found in files if found.modified <= now]
    wait = settle_seconds - min(ages, default=settle_seconds)
    if wait > 0:
        time.sleep(wait)


def read_file(
    found: Found, reader: Reader, max_mb: int, settle_seconds: float
) -> tuple[ReadFile, tuple[str, ...]]:
    """The file, and English sentences about what in it could not be read. Raises a FileError."""
    contents = take(found, max_mb, settle_seconds)
    document, warnings = reader.read(contents.data, found.path, contents.sidecar, max_mb)
    return as_read(found, contents, document), warnings


def take(found: Found, max_mb: int, settle_seconds: float) -> Contents:
    """What is to be read. Raises a FileError."""
    if found.size > max_mb * 1_000_000:
        raise FileTooLarge(found.path, found.size / 1_000_000, max_mb)
    try:
        data, sight = _whole(found, settle_seconds)
        sidecar = found.sidecar.read_bytes() if found.sidecar else None
    except OSError as error:
        raise UnreadableFile(found.path, error.strerror or "") from error
    return Contents(data, sidecar, sight)


def as_read(found: Found, contents: Contents, document: Document) -> ReadFile:
    """The document that was made of what was taken in, with its passages."""
    sidecar_sha256 = hashlib.sha256(contents.sidecar).hexdigest() if contents.sidecar is not None else ""
    return ReadFile(found, document, sidecar_sha256, contents.data, split(document), contents.sight)


def read_copy(found: Found, original: Path, reader: Reader, max_mb: int) -> ReadFile | None:
    """The last good version of a file, from the copy of it; None where that cannot be read either."""
    for sidecar in dict.fromkeys((found.sidecar, None)):  # the sidecar may be what is wrong
        try:
            return read_file(Found(found.path, original, sidecar, 0), reader, max_mb, 0.0)[0]
        except FileError:
            continue
    return None


def _whole(found: Found, settle_seconds: float) -> tuple[bytes, Sight]:
    begun = time.time_ns()
    with found.file.open("rb") as file:
        before = os.fstat(file.fileno())
        data = file.read()
        after = os.fstat(file.fileno())
    # A clock ahead of ours, as a share's may be, says nothing about a file's age.
    fresh = 0 <= time.time() - after.st_mtime < settle_seconds
    changing = (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size)
    if fresh or changing or len(data) != after.st_size:
        raise FileStillWritten(found.path)
    return data, Sight(Stamp.of(after), begun)
