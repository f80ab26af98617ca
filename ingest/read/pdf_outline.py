"""What a PDF says of its own order: the table of contents it carries, and the numbers of its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from ingest.read.normalise import clean
from ingest.read.pdf_blocks import Draft

_MOST_TITLES = 5_000
_DEEPEST = 6
_MOST_LINES = 4
_LONGEST_LABEL = 30
_NUMBER = re.compile(r"\d+(?:\.\d+)*[.):]?\s+")


@dataclass(frozen=True, slots=True)
class Outline:
    """`levels` are those of the titles, from 1, by their key; `places` the pages (from 1) they are on."""

    levels: dict[str, int]
    places: frozenset[tuple[str, int]]


def outline_key(text: str) -> str:
    """A title without number, spaces and case, so that the outline's spelling and the page's compare
    equal."""
    text = text.strip()
    bare = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    return "".join((bare if sum(c.isalpha() for c in bare) > 2 else text).split()).casefold()


def read_outline(document: pdfium.PdfDocument) -> Outline:
    """The file's own table of contents; empty where there is none, or it is broken."""
    levels: dict[str, int] = {}
    places: set[tuple[str, int]] = set()
    try:
        for bookmark in document.get_toc(max_depth=_DEEPEST):
            title = outline_key(clean(bookmark.get_title()))
            if len(title) < 3 or len(levels) >= _MOST_TITLES:
                continue
            levels.setdefault(title, bookmark.level + 1)
            goal = bookmark.get_dest()
            index = goal.get_index() if goal is not None else None
            if index is not None:
                places.add((title, index + 1))
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        pass  # what was read until then is right
    return Outline(levels, frozenset(places))


def read_labels(document: pdfium.PdfDocument, count: int) -> tuple[str, ...]:
    """The number printed on each of the first `count` pages; empty where it is the page's own, or the
    file does not say."""
    try:
        said = [clean(document.get_page_label(index))[:_LONGEST_LABEL] for index in range(count)]
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return ()
    labels = tuple(label or str(number) for number, label in enumerate(said, 1))
    return labels if any(label != str(number) for number, label in enumerate(labels, 1)) else ()


def part_titles(drafts: Sequence[Draft], outline: Outline) -> list[Draft]:
    """The drafts, with lines that are a title of the outline, on the page it points to, set apart from
    the paragraph they were taken into."""
    if not outline.places:
        return list(drafts)
    parted: list[Draft] = []
    for draft in drafts:
        if draft.kind in {"paragraph", "item"} and not draft.bullet and len(draft.lines) > 1:
            parted.extend(_parted(draft, outline))
        else:
            parted.append(draft)
    return parted


def _parted(draft: Draft, outline: Outline) -> list[Draft]:
    pieces: list[Draft] = []
    start = at = 0
    while at < len(draft.lines):
        length = _title_length(draft, at, outline)
        if length == 0:
            at += 1
            continue
        if at > start:
            pieces.append(replace(draft, lines=draft.lines[start:at]))
        pieces.append(Draft("paragraph", draft.lines[at].words[0].page, draft.lines[at : at + length]))
        start = at = at + length
    if not pieces:
        return [draft]
    if start < len(draft.lines):
        pieces.append(Draft("paragraph", draft.page, draft.lines[start:]))
    return pieces


def _title_length(draft: Draft, at: int, outline: Outline) -> int:
    """How many lines the title takes that begins at line `at`; 0 where none does."""
    text = ""
    for count, line in enumerate(draft.lines[at : at + _MOST_LINES], 1):
        text = f"{text} {line.text}"
        if (outline_key(text), line.words[0].page) in outline.places:
            return count
    return 0
