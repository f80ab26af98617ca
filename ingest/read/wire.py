"""What goes between the job and the process that reads: frames of bytes, and documents as plain tuples.

A reader that a hostile file has taken over must not take over the job as well, so nothing is built from
what it sends but tuples, texts, numbers and the errors of `assistant.errors`."""

from __future__ import annotations

import io
import os
import pickle
import struct
from dataclasses import fields
from typing import Literal

from assistant import errors
from assistant.errors import AssistantError, FileError
from assistant.errors.base import rebuilt
from assistant.types import Block, Box, Document, Source, Word

_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20

Request = tuple[bytes, str, bytes | None, int, float, int]
"""The file, its path, its sidecar, its largest size in MB, the seconds and the MB of memory to read it in."""

Reply = tuple[Literal["read", "refused", "slow", "heavy", "crashed"], object]

Plain = tuple[object, ...]


def framed(content: bytes) -> bytes:
    """`content` with its length before it."""
    return _LENGTH.pack(len(content)) + content


def unframed(frame: bytes) -> bytes | None:
    """The content of a whole frame; None where it is not whole."""
    whole = len(frame) >= _LENGTH.size and len(frame) == _LENGTH.size + _LENGTH.unpack_from(frame)[0]
    return frame[_LENGTH.size :] if whole else None


def send(handle: int, content: bytes) -> None:
    """Writes a frame. Raises OSError when the other end is gone."""
    for piece in (_LENGTH.pack(len(content)), content):
        view = memoryview(piece)
        while view:
            view = view[os.write(handle, view[:_CHUNK]) :]


def receive(handle: int) -> bytes | None:
    """The next frame's content; None when the other end is gone."""
    length = _exactly(handle, _LENGTH.size)
    return None if length is None else _exactly(handle, _LENGTH.unpack(length)[0])


def _exactly(handle: int, count: int) -> bytes | None:
    found = bytearray()
    while len(found) < count:
        piece = os.read(handle, min(_CHUNK, count - len(found)))
        if not piece:
            return None
        found += piece
    return bytes(found)


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) == (rebuilt.__module__, rebuilt.__name__):
            return rebuilt
        found = getattr(errors, name, None)
        if isinstance(found, type) and issubclass(found, AssistantError) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not expected here")


def pack(reply: Reply) -> bytes:
    return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)


def unpack(content: bytes) -> Reply:
    """Raises pickle.UnpicklingError on anything but plain values and our own errors."""
    reply: Reply = _PlainUnpickler(io.BytesIO(content)).load()
    return reply


def to_plain(document: Document, warnings: tuple[str, ...]) -> Plain:
    """A document without classes of ours: pickling 50,000 words as dataclasses takes a second."""
    return (
        tuple(getattr(document.source, field.name) for field in fields(Source)),
        document.text,
        [(b.kind, b.start, b.end, b.page, b.heading_path, b.row) for b in document.blocks],
        [(w.start, w.end, [(b.page, b.x0, b.y0, b.x1, b.y1) for b in w.boxes]) for w in document.words],
        document.page_labels,
        document.replaces,
        warnings,
    )


def from_plain(plain: Plain) -> tuple[Document, tuple[str, ...]]:
    """Raises TypeError or ValueError where `plain` is not what `to_plain` made."""
    source, text, blocks, words, labels, replaces, warnings = plain
    if not (isinstance(source, tuple) and isinstance(text, str) and isinstance(blocks, list)):
        raise TypeError("not a document")
    if not (isinstance(words, list) and isinstance(labels, tuple) and isinstance(warnings, tuple)):
        raise TypeError("not a document")
    if not isinstance(replaces, tuple):
        raise TypeError("not a document")
    made = Document(
        source=Source(*source),
        text=text,
        blocks=tuple(Block(*block) for block in blocks),
        words=tuple(Word(start, end, tuple(Box(*box) for box in boxes)) for start, end, boxes in words),
        page_labels=labels,
        replaces=tuple(str(path) for path in replaces),
    )
    return made, tuple(str(warning) for warning in warnings)


def refused(error: FileError) -> bytes:
    return pack(("refused", error))
