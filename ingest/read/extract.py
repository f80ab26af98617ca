"""What a parser hands over: blocks of raw text in reading order, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import BlockKind, Box


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block before normalisation.

    `level` is a heading's depth (1 is the outermost) and a list item's nesting (1 is the outermost).
    `word_boxes` is empty, or has one entry for each whitespace-separated word of `text`: where that
    word is drawn. A list item's text has no bullet; a numbered one keeps its number ("1. ...").
    `row` is the row of a sheet, from 1."""

    kind: BlockKind
    text: str
    level: int = 1
    page: int | None = None
    word_boxes: tuple[tuple[Box, ...], ...] = ()
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file or its sidecar says of the document; None where it says nothing. `fetched` is the day when it was
    taken from `url`. `replaces` holds the paths of documents that this one supersedes."""

    title: str | None = None
    date: str | None = None
    publisher: str | None = None
    kind: str | None = None
    url: str | None = None
    fetched: str | None = None
    language: str | None = None
    replaces: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """One parsed file. `pages` is the number of pages or slides, None in a format without them.
    `warnings` are English sentences about what could not be read ("page 3 has no text").
    `page_labels` are as in Document."""

    blocks: tuple[RawBlock, ...]
    metadata: Metadata = Metadata()
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    page_labels: tuple[str, ...] = ()


def pages_named(numbers: Sequence[int]) -> str:
    """The beginning of a warning about pages, in order: "page 3 has", "pages 1-4, 9 have"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    text = ", ".join("-".join(map(str, run)) for run in runs[:20]) + (" …" if len(runs) > 20 else "")
    return f"page {text} has" if len(numbers) == 1 else f"pages {text} have"
