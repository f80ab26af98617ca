"""What is looked at in a document: what was asked for, held against what is there. Pure functions."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from assistant.places import find_quote, page_at
from assistant.types import Block, Document, Span
from assistant.viewer import find


@dataclass(frozen=True, slots=True)
class Look:
    """What to show of a document, as it was asked for: all of it may be wrong.

    The mark is `text[start:end]`, or else the first place that holds `quote`, on `page` if it is there
    too. `find` is searched for; `hit` (from 1) is the hit to look at, the first where neither it nor a
    page is given."""

    start: int | None = None
    end: int | None = None
    page: int | None = None
    quote: str = ""
    find: str = ""
    hit: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something asked for that is not there: a key of the viewer's texts, and the pages it names."""

    key: str
    page: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is: the mark lies in the text, the pages and the hit exist."""

    mark: Span | None
    page: int | None
    """The page to open at, where one was asked for, marked or hit."""
    pages: tuple[int, ...]
    """The pages that are shown; empty where all of the document is."""
    find: str
    hits: tuple[Span, ...]
    hit: int | None
    notices: tuple[Notice, ...]

    @property
    def current(self) -> Span | None:
        """The hit that is looked at."""
        return self.hits[self.hit - 1] if self.hit else None


def seen(document: Document, look: Look, has_pages: bool) -> Seen:
    """With `has_pages` a few pages are shown, else all of the document."""
    slides = "presentation" in document.source.media_type
    wanted, notices = look.page, []
    mark = _mark(document, look.start, look.end)
    if mark is None and (look.start is not None or look.end is not None):
        notices.append(Notice("bad_mark"))
    elif mark is None and look.quote:
        place = find_quote(document, look.quote, wanted)
        mark = Span(*place) if place else None
        there = page_at(document, mark.start) if mark else None
        if mark is None:
            notices.append(Notice("no_quote"))
        elif there is not None:
            if wanted not in (None, there):
                notices.append(Notice("other_slide" if slides else "other_page", wanted or 0, there))
            wanted = None
    hits = find.hits(document.text, look.find)
    hit = min(max(1, look.hit or 1), len(hits)) if hits and (look.hit or wanted is None) else None
    if hit:
        wanted, looked_at = None, hits[hit - 1]
    else:
        looked_at = mark or Span(0, 0)
    first, last = _pages_of(document, looked_at)
    if wanted is not None and wanted != first:
        shown = wanted if 1 <= wanted <= last_page(document) else first
        if shown != wanted:
            notices.append(Notice("bad_slide" if slides else "bad_page", wanted, shown))
        first = last = shown
    # A sentence that runs over the turn of a page is shown whole.
    pages = tuple(range(first, last + 1)) if has_pages else ()
    page = first if has_pages or look.page is not None else None
    return Seen(mark, page, pages, " ".join(look.find[: find.LONGEST].split()), hits, hit, tuple(notices))


def last_page(document: Document) -> int:
    return max([block.page or 1 for block in document.blocks] + [document.source.pages or 1])


def neighbours(document: Document, what: Seen) -> tuple[int, int]:
    """The numbers of the hits before and after the one looked at, or else before and after the page's
    beginning; round from the last to the first. There must be hits."""
    many = len(what.hits)
    if what.hit:
        return (what.hit - 2) % many + 1, what.hit % many + 1
    page = what.page or 1
    opening = next((b.start for b in document.blocks if (b.page or 1) >= page), len(document.text))
    before = bisect_left(what.hits, opening, key=lambda span: span.start)
    return before or many, before % many + 1


def overlap(text: str, block: Block, span: Span) -> Span | None:
    """The part of `span` that lies in `block`, without whitespace around it; None where there is none."""
    start, end = max(block.start, span.start), min(block.end, span.end)
    part = text[start:end] if start < end else ""
    if not part.strip():
        return None
    return Span(end - len(part.lstrip()), start + len(part.rstrip()))


def _mark(document: Document, start: int | None, end: int | None) -> Span | None:
    if start is None or end is None or not 0 <= start < end <= len(document.text):
        return None
    mark = Span(start, end)
    return mark if any(overlap(document.text, block, mark) for block in document.blocks) else None


def _pages_of(document: Document, span: Span) -> tuple[int, int]:
    """The first and last page that hold some of `span`; the first page of all for an empty one."""
    pages = [block.page or 1 for block in document.blocks if overlap(document.text, block, span)]
    return min(pages, default=1), max(pages, default=1)
