"""Words to rows, and rows to the lines that a reader reads one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.read.normalise import superscript
from ingest.read.pdf_words import PdfWord

_SAME_BASE = 0.35  # of the larger type size: two baselines this close are one row


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
    shown = tuple(
        w._replace(text=superscript(w.text)) if w.size < 0.85 * size and base - w.base > 0.1 * size else w
        for w in words
    )
    return Line(shown, size, all(w.bold for w in words))


def segments_of(row: Sequence[PdfWord], gap: float) -> list[list[PdfWord]]:
    """A row cut where the space between two words is wider than `gap` times the type size."""
    segments = [[row[0]]]
    for before, word in zip(row, row[1:], strict=False):
        if word.x0 - before.x1 > gap * min(before.size, word.size):
            segments.append([word])
        else:
            segments[-1].append(word)
    return segments
