"""Where a stretch of a document's text is: the span of a quote, the boxes of a span. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Box, Document, Span

# A column gap is wider than this many line heights, the gap between two words is not. Heights are fractions
# of the page's height and gaps of its width, so the ratio is a little under one line height on an upright A4.
_WORD_GAP = 1.5


def find_quote(document: Document, quote: str, page: int | None = None) -> tuple[int, int] | None:
    """`(start, end)` of the first place on `page`, or else anywhere, that holds `quote`, any whitespace
    matching any other; None where there is none or `quote` has no words."""
    words = unicodedata.normalize("NFC", quote).split()
    if not words:
        return None
    first: tuple[int, int] | None = None
    for found in re.finditer(r"\s+".join(map(re.escape, words)), document.text):
        first = first or found.span()
        if page is None or page_at(document, found.start()) == page:
            return found.span()
    return first


def page_at(document: Document, at: int) -> int | None:
    """The page of the block that `at` lies in; None where it lies in none, or in one without pages."""
    index = bisect_right(document.blocks, at, key=lambda block: block.start) - 1
    return document.blocks[index].page if index >= 0 and at < document.blocks[index].end else None


def boxes_of(document: Document, start: int, end: int) -> tuple[Box, ...]:
    """Where the words that overlap `[start, end)` are drawn, one box a line and column, from the top
    of the first page down. Empty for a document that is not drawn."""
    boxes = {box for word in document.words if word.start < end and word.end > start for box in word.boxes}
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box.page, box.x0, box.y0)):
        for index, line in enumerate(lines):
            if _continues(line, box):
                lines[index] = _around(line, box)
                break
        else:
            lines.append(box)
    return tuple(sorted(lines, key=lambda box: (box.page, box.y0, box.x0)))


def boxes_on(document: Document, spans: Sequence[Span], page: int) -> tuple[Box, ...]:
    """Where the words of any of `spans` are drawn on `page`; quick also for thousands of spans."""
    words = tuple(word for word in document.words if any(box.page == page for box in word.boxes))
    if not words:
        return ()
    here = replace(document, words=words)
    first, last = min(word.start for word in words), max(word.end for word in words)
    spans = [span for span in spans if span.start < last and span.end > first]
    return tuple(box for span in spans for box in boxes_of(here, span.start, span.end) if box.page == page)


def _continues(line: Box, box: Box) -> bool:
    height = min(line.y1 - line.y0, box.y1 - box.y0)
    overlap = min(line.y1, box.y1) - max(line.y0, box.y0)
    return line.page == box.page and overlap > 0.5 * height and box.x0 - line.x1 <= _WORD_GAP * height


def _around(a: Box, b: Box) -> Box:
    return Box(a.page, min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1))
