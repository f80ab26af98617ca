"""The source viewer: a document as a page of HTML with a stretch of it marked, and a PDF's page as a picture.

Everything here is a function of its arguments; nothing is fetched or kept."""

from __future__ import annotations

import io
import re
import threading
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING
from urllib.parse import quote as percent
from urllib.parse import urlencode, urlsplit

from assistant.errors import PageNotFound
from assistant.places import boxes_of
from assistant.types import Block, BlockKind, Box, Document, Language
from assistant.viewer_texts import TEXTS

if TYPE_CHECKING:
    from PIL import Image

_MARK = (255, 222, 89)  # behind dark letters
_MARK_ON_DARK = (110, 84, 0)  # behind light ones
_AROUND: dict[BlockKind, tuple[str, str]] = {
    "list_item": ("<ul>\n", "</ul>\n"),
    "table_row": ('<div class="rows">\n', "</div>\n"),
}
_LARGEST_PICTURE = 12_000_000  # pixels; a page may claim to be a kilometre wide

# pdfium keeps global state: two threads inside it at once crash the process.
_pdfium_lock = threading.Lock()


# --- a page as a picture ------------------------------------------------------------------------


def page_png(pdf: bytes, page: int, boxes: tuple[Box, ...], width: int) -> bytes:
    """Page `page` (from 1) of `pdf` as a PNG `width` pixels wide, those of `boxes` that lie on it marked.

    A picture that would be larger than 12 million pixels is made smaller. Raises PageNotFound where
    there is no such page or pdfium cannot draw it."""
    import pypdfium2

    with _pdfium_lock:
        try:
            with pypdfium2.PdfDocument(pdf) as document:
                if not 1 <= page <= len(document):
                    raise PageNotFound(page)
                sheet = document[page - 1]
                wide, high = sheet.get_size()
                scale = min(width / wide, sqrt(_LARGEST_PICTURE / (wide * high)))
                # Copied, for the bitmap's memory goes with the document.
                picture = sheet.render(scale=scale).to_pil().convert("RGB").copy()
        except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
            raise PageNotFound(page) from error
    for box in boxes:
        if box.page == page:
            _mark(picture, box)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _mark(picture: Image.Image, box: Box) -> None:
    """Colours the paper inside `box` and leaves the letters as they are."""
    from PIL import Image, ImageChops, ImageStat

    wide, high = picture.size
    corners = (
        max(0, int(box.x0 * wide) - 2),
        max(0, int(box.y0 * high) - 1),
        min(wide, int(box.x1 * wide) + 3),
        min(high, int(box.y1 * high) + 2),
    )
    if corners[0] >= corners[2] or corners[1] >= corners[3]:
        return
    part = picture.crop(corners)
    light = ImageStat.Stat(part.convert("L")).mean[0] > 100
    colour = Image.new("RGB", part.size, _MARK if light else _MARK_ON_DARK)
    marked = ImageChops.darker(part, colour) if light else ImageChops.lighter(part, colour)
    picture.paste(marked, corners[:2])


# --- a document as HTML -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _View:
    """What is asked for, checked: the mark lies in the text, the pages exist."""

    document: Document
    mark: tuple[int, int] | None
    pages: tuple[int, ...]
    """The pages shown; empty where all of the document is."""
    language: Language
    notices: tuple[str, ...]

    def say(self, key: str, **values: int) -> str:
        return escape(TEXTS[self.language][key].format_map(values))

    def address(self, page: int | None = None) -> str:
        """This viewer's URL at `page`, the mark and language kept; as an attribute's value."""
        query: dict[str, str | int] = {} if page is None else {"page": page}
        if self.mark:
            query |= {"start": self.mark[0], "end": self.mark[1]}
        query["language"] = self.language
        return escape(f"/source/{percent(self.document.source.id, safe='')}?{urlencode(query)}")

    @property
    def blocks(self) -> list[Block]:
        return [block for block in self.document.blocks if not self.pages or (block.page or 1) in self.pages]


def source_page(
    document: Document,
    start: int | None,
    end: int | None,
    page: int | None,
    language: Language,
    has_pages: bool,
) -> str:
    """The document as an HTML page in `language`, `text[start:end]` in `<mark>`s, of which the first has
    the id `mark`. With `has_pages` (a PDF): the pages that hold the mark, or `page`, as pictures and their
    text. Without: the whole text, to be opened at the mark or else at `page`.

    A place or page that is not in the document is left out, and the page says so."""
    view = _view(document, start, end, page, language, has_pages)
    source = document.source
    notices = "".join(f'<p class="notice" role="note">{notice}</p>' for notice in view.notices)
    place = view.pages[0] if has_pages else page
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(source.title)}</title>\n"
        '<link rel="icon" href="/static/icon.svg">\n<link rel="stylesheet" href="/static/source.css">\n'
        '<script type="module" src="/static/source.js"></script>\n</head>\n<body>\n'
        f"{_header(view, place)}\n<main>\n{notices}{_pictures(view) if has_pages else ''}"
        f'<article lang="{_language_tag(source.language)}">\n{_text(view, place)}</article>\n'
        "</main>\n</body>\n</html>\n"
    )


def _view(
    document: Document,
    start: int | None,
    end: int | None,
    page: int | None,
    language: Language,
    has_pages: bool,
) -> _View:
    mark = _checked_mark(document, start, end)
    blocks = document.blocks
    last_page = _last_page(document)
    marked = [block.page or 1 for block in blocks if mark and _overlap(document.text, block, mark)]
    notices = []
    if mark is None and (start is not None or end is not None):
        notices.append(escape(TEXTS[language]["bad_mark"]))
    shown = page if page is not None and 1 <= page <= last_page else min(marked, default=1)
    if page is not None and page != shown:
        notices.append(escape(TEXTS[language]["bad_page"].format(page=page, shown=shown)))
    pages: tuple[int, ...] = ()
    if has_pages:
        # A sentence that runs over the turn of a page is shown whole.
        pages = tuple(range(shown, max(marked) + 1)) if marked and shown == min(marked) else (shown,)
    return _View(document, mark, pages, language, tuple(notices))


def _last_page(document: Document) -> int:
    return max([block.page or 1 for block in document.blocks] + [document.source.pages or 1])


def _checked_mark(document: Document, start: int | None, end: int | None) -> tuple[int, int] | None:
    if start is None or end is None or not 0 <= start < end <= len(document.text):
        return None
    mark = (start, end)
    return mark if any(_overlap(document.text, block, mark) for block in document.blocks) else None


def _overlap(text: str, block: Block, mark: tuple[int, int]) -> tuple[int, int] | None:
    """The part of `mark` that lies in `block`, without whitespace around it; None where there is none."""
    start, end = max(block.start, mark[0]), min(block.end, mark[1])
    part = text[start:end] if start < end else ""
    if not part.strip():
        return None
    return end - len(part.lstrip()), start + len(part.rstrip())


def _header(view: _View, place: int | None) -> str:
    source = view.document.source
    facts = [source.publisher, _date(source.date, view.language), source.kind]
    named = " · ".join(escape(fact) for fact in facts if fact)
    at = f"#page={place}" if source.media_type == "application/pdf" and place else ""
    links = [_link(f"/api/v1/documents/{percent(source.id, safe='')}/file{at}", "original", view)]
    # A catalogue may hold any text as an address; only those of the web become links.
    if source.url and urlsplit(source.url).scheme in ("http", "https"):
        links.append(_link(source.url, "published", view))
    return (
        f"<header>\n<h1>{escape(source.title)}</h1>\n<p>{named}</p>\n"
        f'<p class="links">{" ".join(links)}</p>\n</header>'
    )


def _link(address: str, key: str, view: _View) -> str:
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{view.say(key)}'
        f' <span class="hidden">{view.say("new_tab")}</span></a>'
    )


def _pictures(view: _View) -> str:
    """The shown pages as pictures, between links to those before and after."""
    document = view.document
    boxes = boxes_of(document, *view.mark) if view.mark else ()
    query = f"?{urlencode({'start': view.mark[0], 'end': view.mark[1]})}" if view.mark else ""
    figures = []
    for page in view.pages:
        address = f"/api/v1/documents/{percent(document.source.id, safe='')}/pages/{page}.png{query}"
        marked = [box for box in boxes if box.page == page]
        at = ""
        if marked:
            at = f' data-top="{marked[0].y0:.4f}" data-left="{min(box.x0 for box in marked):.4f}"'
        figures.append(
            f'<figure><img src="{escape(address)}" alt="{view.say("picture", page=page)}"{at}>'
            f'<p class="notice" hidden>{view.say("no_picture", page=page)}</p></figure>\n'
        )
    return f'{_turn(view)}{"".join(figures)}<p class="label">{view.say("text")}</p>\n'


def _turn(view: _View) -> str:
    document = view.document
    last = _last_page(document)
    before, after = view.pages[0] - 1, view.pages[-1] + 1
    parts = []
    if before >= 1:
        parts.append(f'<a rel="prev" href="{view.address(before)}">← {view.say("previous")}</a>')
    parts.append(f"<span>{view.say('page_of', page=view.pages[0], pages=last)}</span>")
    if after <= last:
        parts.append(f'<a rel="next" href="{view.address(after)}">{view.say("next")} →</a>')
    if view.mark and not any(_overlap(document.text, block, view.mark) for block in view.blocks):
        parts.append(f'<a href="{view.address()}">{view.say("to_mark")}</a>')
    return f'<nav aria-label="{view.say("pages")}">{" ".join(parts)}</nav>\n'


def _text(view: _View, place: int | None) -> str:
    """The blocks as HTML; runs of list items and of table rows are held together."""
    text = view.document.text
    blocks = view.blocks
    first = next((block for block in blocks if view.mark and _overlap(text, block, view.mark)), None)
    if not blocks:
        return f'<p class="notice">{view.say("no_text")}</p>\n'
    opening = text[blocks[0].start : blocks[0].end]
    if blocks[0].kind == "heading" and blocks[0] is not first and opening == view.document.source.title:
        blocks = blocks[1:]  # the page's own heading says it
    out = []
    for page, on_page in groupby(blocks, lambda block: block.page):
        if page is not None and (not view.pages or len(view.pages) > 1):
            key = "slide" if "presentation" in view.document.source.media_type else "page"
            out.append(f'<p class="label"{_id("place", page == place)}>{view.say(key, page=page)}</p>\n')
        for kind, run in groupby(on_page, lambda block: block.kind):
            items = "".join(_block(view, block, block is first) for block in run)
            before, after = _AROUND.get(kind, ("", ""))
            out.append(f"{before}{items}{after}")
    return "".join(out)


def _block(view: _View, block: Block, first: bool) -> str:
    text = view.document.text
    inner = escape(text[block.start : block.end])
    part = _overlap(text, block, view.mark) if view.mark else None
    if part:
        start, end = part
        marked = f"<mark{_id('mark', first)}>{escape(text[start:end])}</mark>"
        inner = escape(text[block.start : start]) + marked + escape(text[end : block.end])
    if block.kind == "heading":
        level = min(4, 1 + max(1, len(block.heading_path)))
        return f"<h{level}>{inner}</h{level}>\n"
    if block.kind == "list_item":
        # The text holds the item's own "- " or number, and before the item two spaces a level.
        indent = block.start - len(text[: block.start].rstrip(" "))
        return f'<li class="level{min(4, 1 + indent // 2)}">{inner}</li>\n'
    return f'<p class="{block.kind}">{inner}</p>\n'


def _id(name: str, wanted: bool) -> str:
    return f' id="{name}"' if wanted else ""


def _language_tag(language: str) -> str:
    return language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else ""


def _date(date: str | None, language: Language) -> str | None:
    """An ISO 8601 year, month or day as people write it; anything else as it is."""
    parts = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?(?:T.*)?", date or "")
    if not parts or not 1 <= int(parts[2]) <= 12:
        return date
    month = TEXTS[language]["months"].split()[int(parts[2]) - 1]
    if parts[3] is None:
        return f"{month} {parts[1]}"
    return TEXTS[language]["date"].format(day=int(parts[3]), month=month, year=parts[1])
