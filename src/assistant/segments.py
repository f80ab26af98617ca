"""The vectors of a generation's passages and of their sentences, in files that generations share.

A run of the ingestion job appends what it puts in to one file of its own, and touches no other. The next generation
links the files of the one before instead of writing them again: of 40,000 passages they are 370 MB, and one changed
document is a few kB. What a file holds of passages that are gone stays in it until the job gathers what is left.

A file begins with a mark and the dimension; then, passage by passage, its own vector in 32 bits and those of its
sentences in 16."""

from __future__ import annotations

import os
import shutil
import struct
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MOST = 32
"""Files a generation should have, which a reader keeps open."""
_LITTLE = 1_000_000
"""Bytes of vectors that are gone and may stay whatever is left."""

_HEAD = struct.Struct("<8sI")
_MARK = b"VECTORS1"
_PASSAGE, _SENTENCE = np.dtype("<f4"), np.dtype("<f2")


class Place(NamedTuple):
    """Where a passage's vectors are: the file's name, and the byte."""

    segment: str
    offset: int


class Segments:
    """Those of one generation, in its own folder. Reading is safe from many threads; a file that is not as it was
    written raises OSError or ValueError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[str, tuple[int, int]] = {}
        self._opening = threading.Lock()
        self._own: BinaryIO | None = None

    def passage(self, place: Place) -> Floats:
        """Its unit vector, shape (dimension,)."""
        handle, dimension = self._open(place.segment)
        return _rows(handle, place.offset, 1, dimension, _PASSAGE).reshape(dimension)

    def sentences(self, place: Place, count: int) -> Floats:
        """The unit vectors of its `count` sentences, shape (count, dimension)."""
        handle, dimension = self._open(place.segment)
        return _rows(handle, place.offset + dimension * _PASSAGE.itemsize, count, dimension, _SENTENCE)

    def _open(self, name: str) -> tuple[int, int]:
        """Its handle, and the dimension."""
        with self._opening:
            if name not in self._opened:
                handle = os.open(self._folder / name, os.O_RDONLY)
                try:
                    mark, dimension = _HEAD.unpack(_bytes(handle, 0, _HEAD.size))
                    if mark != _MARK:
                        raise ValueError(f"{name!r} holds no vectors")
                except BaseException:
                    os.close(handle)
                    raise
                self._opened[name] = handle, dimension
            return self._opened[name]

    # --- writing, by the job alone ---

    def append(self, name: str, passage: Floats, sentences: Floats) -> Place:
        """Put a passage's vectors, shapes (dimension,) and (sentences, dimension), into the file of this run. They can
        be read after `flush`. Raises OSError."""
        if self._own is None:
            self._folder.mkdir(exist_ok=True)
            self._own = (self._folder / name).open("ab")
            if self._own.tell() == 0:
                self._own.write(_HEAD.pack(_MARK, len(passage)))
        place = Place(name, self._own.tell())
        self._own.write(passage.astype(_PASSAGE).tobytes() + sentences.astype(_SENTENCE).tobytes())
        return place

    def flush(self) -> None:
        if self._own is not None:
            self._own.flush()

    def are_scattered(self, passages: int, sentences: int) -> bool:
        """Whether vectors of so many lie in too many files, or among as many that are gone."""
        files = list(self._folder.glob("*"))
        if not files:
            return False
        _, dimension = self._open(files[0].name)
        left = dimension * (passages * _PASSAGE.itemsize + sentences * _SENTENCE.itemsize)
        return len(files) > MOST or sum(path.stat().st_size for path in files) > 2 * left + _LITTLE

    def keep_only(self, name: str) -> None:
        """Take the other files out of this generation; in others they stay."""
        for path in self._folder.glob("*"):
            if path.name != name:
                path.unlink()

    def close(self) -> None:
        if self._own is not None:
            with suppress(OSError):  # on a full disk; what it was to write is lost, and so is the draft
                self._own.close()
        for handle, _ in self._opened.values():
            os.close(handle)
        self._own, self._opened = None, {}


def link(old: Path, new: Path) -> None:
    """Let the generation at `new` have the files of the one at `old`; copies where the disk cannot link."""
    new.mkdir()
    for path in old.glob("*"):
        try:
            os.link(path, new / path.name)
        except OSError:
            shutil.copyfile(path, new / path.name)


def _rows(handle: int, offset: int, count: int, dimension: int, kind: np.dtype[np.floating]) -> Floats:
    found = np.frombuffer(_bytes(handle, offset, count * dimension * kind.itemsize), kind)
    return found.reshape(count, dimension).astype(np.float32)


def _bytes(handle: int, offset: int, size: int) -> bytes:
    found = os.pread(handle, size, offset)
    if len(found) != size:
        raise ValueError(f"vectors end at byte {offset + len(found)}, {size - len(found)} too soon")
    return found
