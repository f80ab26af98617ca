"""Words to rows, and rows to the lines that a reader reads one after another."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.read.normalise import superscript
from ingest.read.pdf_words import PdfWord

_SAME_BASE = 0.35  # of the larger type size: two baselines this close are one row


_LONGEST_MARK = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side on one baseline, left to right. `size` is the type most of it is set in."""

    words: tuple[PdfWord, ...]
    size: float
    bold: bool

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def y0(self) -> float:
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        return max(word.y1 for word in self.words)

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


_LEADERS = {".", "…", "·", "_", "‥"}


def is_leader(text: str) -> bool:
    """Whether a word is of the dots between a title and its page number in a table of contents."""
    return set(text) <= _LEADERS


def has_leaders(line: Line) -> bool:
    """Whether a line is one of a table of contents: a title, dots, and a page number."""
    if not line.words[-1].text.isdigit():
        return False
    return sum(len(word.text) for word in line.words if is_leader(word.text)) > 3


def rows_of(words: Iterable[PdfWord]) -> list[list[PdfWord]]:
    """Words with one baseline together, from the top; within a row from the left."""
    rows: list[list[PdfWord]] = []
    base = size = 0.0
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        if rows and word.base - base <= _SAME_BASE * max(size, word.size):
            rows[-1].append(word)
            if word.size > size:
                size = word.size
        else:
            rows.append([word])
            base, size = word.base, word.size
    for row in rows:
        row.sort(key=lambda w: w.x0)
    return rows


def line_of(words: Sequence[PdfWord]) -> Line:
    """The line that `words` make, raised figures written as such."""
    weights: dict[float, int] = {}
    for word in words:
        weights[word.size] = weights.get(word.size, 0) + len(word.text)
    size = max(weights, key=lambda s: (weights[s], s))
    base = max((w.base for w in words if w.size == size), default=words[0].base)
    shown = list(words)
    for number, word in enumerate(words):
        mark = word.size <= 0.85 * size and base - word.base > 0.1 * size and len(word.text) <= _LONGEST_MARK
        before = words[number - 1] if number else None
        hangs_on = before is None or (before.size > word.size and word.x0 - before.x1 < 0.4 * size)
        if mark and hangs_on:
            shown[number] = word._replace(text=superscript(word.text))
    return Line(tuple(shown), size, all(w.bold for w in words))


def segments_of(row: Sequence[PdfWord], gap: float) -> list[list[PdfWord]]:
    """A row cut where the space between two words is wider than `gap` times the type size."""
    segments = [[row[0]]]
    for before, word in itertools.pairwise(row):
        if word.x0 - before.x1 > gap * min(before.size, word.size):
            segments.append([word])
        else:
            segments[-1].append(word)
    return segments
