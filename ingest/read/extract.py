"""What a parser hands over: blocks of raw text in reading order, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import BlockKind, Box


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block before normalisation.

    `level` is a heading's depth (1 is the outermost) and a list item's nesting (1 is the outermost).
    `word_boxes` is empty, or has one entry for each whitespace-separated word of `text`: where that
    word is drawn. A list item's text has no bullet; a numbered one keeps its number ("1. ...")."""

    kind: BlockKind
    text: str
    level: int = 1
    page: int | None = None
    word_boxes: tuple[tuple[Box, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file or its sidecar says of the document; None where it says nothing."""

    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    kind: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """One parsed file. `pages` is the number of pages or slides, None in a format without them.
    `warnings` are English sentences about what could not be read ("page 3 has no text")."""

    blocks: tuple[RawBlock, ...]
    metadata: Metadata = Metadata()
    pages: int | None = None
    warnings: tuple[str, ...] = ()
