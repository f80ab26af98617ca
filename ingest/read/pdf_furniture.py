"""Running heads and page numbers: what repeats at the edge of page after page and is no part of the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.read.pdf_lines import line_of, rows_of
from ingest.read.pdf_words import PdfPage, PdfWord

_EDGE = 0.13  # of the page's height
_MOST_ROWS = 4
_LONGEST_HEAD = 20  # words
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:side|page|s\.|p\.)\s*)?(\d{1,4})(?:\s*(?:av|of|/|\|)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[ivxl]{1,6}")


@dataclass(frozen=True, slots=True)
class _Edge:
    """Rows from a page's edge inwards, and the row that comes next, if one is near."""

    rows: list[list[PdfWord]]
    inner: list[PdfWord]


def without_furniture(pages: Sequence[PdfPage], body_size: float) -> list[list[PdfWord]]:
    """The words of each page without running heads and page numbers.

    A row near the top or bottom edge goes if the same text, figures aside, stands at the same height
    on enough pages, or if it is nothing but a page number."""
    edges = [_edges(page) for page in pages]
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, (top, bottom) in zip(pages, edges, strict=True):
        for row in top.rows + bottom.rows:
            for key in _keys(row, page):
                seen[key].add(page.number)
    needed = 2 if len(pages) <= 4 else max(3, len(pages) // 20)

    def is_furniture(row: list[PdfWord], page: PdfPage) -> bool:
        repeats = max(len(seen[key]) for key in _keys(row, page))
        # Titles of slides repeat as well; what is set large goes only if it is on most pages.
        large = row[0].size > 1.25 * body_size and repeats < 0.6 * len(pages)
        return (repeats >= needed and not large) or _is_page_number(row, page, len(pages))

    kept: list[list[PdfWord]] = []
    for page, (top, bottom) in zip(pages, edges, strict=True):
        dropped: set[int] = set()
        for edge in (top, bottom):
            count = _detached(edge, [is_furniture(row, page) for row in edge.rows])
            dropped.update(id(word) for row in edge.rows[:count] for word in row)
        kept.append([word for word in page.words if id(word) not in dropped])
    return kept


def _detached(edge: _Edge, flags: list[bool]) -> int:
    """How many rows from the edge inwards go: those marked, down to a gap wider than between lines of
    text, so that a line of a paragraph that happens to recur stays."""
    count = 0
    inwards = [*edge.rows[1:], edge.inner]
    for number, (row, following, flag) in enumerate(zip(edge.rows, inwards, flags, strict=False)):
        if not flag:
            break
        if not following or (
            abs(following[0].base - row[0].base) > 1.45 * max(row[0].size, following[0].size)
        ):
            count = number + 1
    return count


def _edges(page: PdfPage) -> tuple[_Edge, _Edge]:
    """The rows near the top and those near the bottom."""
    upright = [w for w in page.words if w.upright]
    height = _EDGE * page.height
    top = rows_of(w for w in upright if w.base < 2 * height)
    bottom = rows_of(w for w in upright if w.base > page.height - 2 * height)[::-1]
    in_top = min(sum(row[0].base < height for row in top), _MOST_ROWS)
    in_bottom = min(sum(row[0].base > page.height - height for row in bottom), _MOST_ROWS)
    return (
        _Edge(top[:in_top], top[in_top] if in_top < len(top) else []),
        _Edge(bottom[:in_bottom], bottom[in_bottom] if in_bottom < len(bottom) else []),
    )


def _keys(row: list[PdfWord], page: PdfPage) -> list[tuple[str, int]]:
    """What a row is recognised by on other pages: its text with the figures masked, or a page number at
    its end or start that counts on with the pages, each with its height. The height is rounded in two
    ways, so that no two rows at about the same height fall on either side of a border."""
    height = row[0].base / page.height * 200
    heights = (int(height) * 2, int(height + 0.5) * 2 + 1)
    marks = [_DIGITS.sub("#", " ".join(w.text for w in row)).casefold()]
    for word in {row[0].text, row[-1].text}:
        if word.isascii() and word.isdigit() and len(word) < 5 and len(row) <= _LONGEST_HEAD:
            marks.append(f"page {int(word) - page.number:+}")
    return [(mark, height) for mark in marks for height in heights]


def _is_page_number(row: list[PdfWord], page: PdfPage, pages: int) -> bool:
    text = line_of(row).text.strip()
    if _ROMAN.fullmatch(text):
        return pages > 1
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return False
    plain = text == match[1]
    outermost = not any(
        w.base > row[0].base + 1 if row[0].base > page.height / 2 else w.base < row[0].base - 1
        for w in page.words
        if w.upright
    )
    return outermost and (not plain or abs(int(match[1]) - page.number) <= 30 or pages > 30)
