"""The source viewer: a document as a page of HTML with a stretch of it marked, and a search inside it.

Everything here is a function of its arguments; nothing is fetched or kept."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from urllib.parse import quote as percent
from urllib.parse import urlencode, urlsplit

from assistant import links
from assistant.places import boxes_of
from assistant.types import Block, BlockKind, Document, Language, Source, Span
from assistant.viewer import find
from assistant.viewer.look import Look, Seen, last_page, neighbours, overlap, seen
from assistant.viewer.texts import TEXTS

_PDF = "application/pdf"
_AROUND: dict[BlockKind, tuple[str, str]] = {
    "list_item": ("<ul>\n", "</ul>\n"),
    "table_row": ('<div class="rows">\n', "</div>\n"),
}


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown, and to whom."""

    document: Document
    seen: Seen
    language: Language
    successor: Source | None = None

    def say(self, key: str, **values: int | str) -> str:
        return escape(TEXTS[self.language][key].format_map(values))

    @property
    def path(self) -> str:
        return f"/source/{percent(self.document.source.id, safe='')}"

    @property
    def picture_query(self) -> dict[str, int | str]:
        """The mark and the hits, as the viewer and the pictures of its pages are asked for them."""
        query: dict[str, int | str] = {}
        if self.seen.mark:
            query |= {"start": self.seen.mark.start, "end": self.seen.mark.end}
        if self.seen.hits:
            query["find"] = self.seen.find
        return query

    def address(self, page: int | None = None, hit: int | None = None, finding: bool = True) -> str:
        """This viewer's URL at a page or hit, the rest kept; as an attribute's value."""
        query: dict[str, int | str] = {} if page is None else {"page": page}
        query |= self.picture_query
        if not finding:
            query.pop("find", None)
        if hit is not None:
            query["hit"] = hit
        query["language"] = self.language
        # Without a script the browser itself goes to the hit; on a page's picture it cannot.
        at = "#hit" if hit is not None and not self.seen.pages else ""
        return escape(f"{self.path}?{urlencode(query)}{at}")

    @property
    def blocks(self) -> list[Block]:
        pages = self.seen.pages
        return [block for block in self.document.blocks if not pages or (block.page or 1) in pages]

    def holds(self, span: Span | None) -> bool:
        """Whether some of `span` is shown."""
        return span is not None and any(overlap(self.document.text, block, span) for block in self.blocks)


def source_page(
    document: Document, look: Look, language: Language, has_pages: bool, successor: Source | None = None
) -> str:
    """The document as an HTML page in `language`, the mark in `<mark>`s, of which the first has the id
    `mark`; the hits of a search too, of class `hit`, and the one looked at with the id `hit`. With
    `has_pages` (a PDF): the pages that hold the hit or the mark, or `look.page`, as pictures and their
    text. Without: the whole text, to be opened there.

    What was asked for and is not in the document is left out, and the page says so; it also says what other document,
    the `successor`, has taken this one's place."""
    view = _View(document, seen(document, look, has_pages), language, successor)
    source = document.source
    notices = "".join(
        f'<p class="notice" role="note">{view.say(notice.key, page=notice.page, shown=notice.shown)}</p>\n'
        for notice in view.seen.notices
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title{_in_language(source)}>{escape(source.title)}</title>\n"
        '<link rel="icon" href="/static/icon.svg">\n<link rel="stylesheet" href="/static/source.css">\n'
        '<script type="module" src="/static/source.js"></script>\n</head>\n<body>\n'
        f"{_header(view)}\n{_search(view)}\n<main>\n{_superseded(view)}{_unread(view)}{notices}"
        f"{_pictures(view) if has_pages else ''}"
        f'<article{_in_language(source)}>\n{_text(view)}</article>\n'
        "</main>\n</body>\n</html>\n"
    )


# --- above the document -------------------------------------------------------------------------


def _header(view: _View) -> str:
    source = view.document.source
    facts = [source.publisher, _date(source.date, view.language), source.kind]
    if source.fetched:
        facts.append(TEXTS[view.language]["fetched"].format(date=_date(source.fetched, view.language)))
    named = " · ".join(escape(fact) for fact in facts if fact)
    original = f"/api/v1/documents/{percent(source.id, safe='')}/file"
    if source.media_type == _PDF and view.seen.page:
        original = links.at_page(original, view.seen.page)
    shown = [_link(original, "original", view), *_published(view)]
    return (
        f"<header>\n<h1{_in_language(source)}>{escape(source.title)}</h1>\n<p>{named}</p>\n"
        f'<p class="links">{" ".join(shown)}</p>\n</header>'
    )


def _superseded(view: _View) -> str:
    """The document that is in force instead, with a link to it."""
    newer = view.successor
    if newer is None:
        return ""
    address = escape(f"/source/{percent(newer.id, safe='')}?{urlencode({'language': view.language})}")
    date = _date(newer.date, view.language)
    when = f" ({escape(date)})" if date else ""
    link = f'<a href="{address}"{_in_language(newer)}>{escape(newer.title)}</a>'
    return f'<p class="notice superseded" role="note">{view.say("superseded")} {link}{when}.</p>\n'


def _unread(view: _View) -> str:
    """That the file has changed since, and cannot be read."""
    if view.document.source.unread is None:
        return ""
    return f'<p class="notice unread" role="note">{view.say("unread")}</p>\n'


def _published(view: _View) -> Iterator[str]:
    """A link to where the document was published, at the page or the marked text; only the name of a
    place that is no full address."""
    source, mark = view.document.source, view.seen.mark
    url = source.url or ""
    match links.kind_of_address(url):
        case "web" if source.media_type == _PDF or urlsplit(url).path.lower().endswith(".pdf"):
            yield _link(links.at_page(url, view.seen.page) if view.seen.page else url, "published", view)
        case "web":
            at = links.at_text(url, view.document, mark.start, mark.end) if mark else url
            yield _link(at, "published", view)
        case "domain" if url != source.publisher:
            yield f"<span>{view.say('published_at', address=url)}</span>"


def _link(address: str, key: str, view: _View) -> str:
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{view.say(key)}'
        f' <span class="hidden">{view.say("new_tab")}</span></a>'
    )


def _search(view: _View) -> str:
    """The field to search in and, when something was searched for, the count and the ways on."""
    what = view.seen
    kept = {name: value for name, value in view.picture_query.items() if name != "find"}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{value}">'
        for name, value in (kept | {"language": view.language}).items()
    )
    focus = ' aria-describedby="count" autofocus' if what.find else ""
    at = "" if what.pages else "#hit"  # as in `_View.address`
    return (
        f'<form class="find" role="search" action="{escape(view.path)}{at}">{hidden}\n'
        f'<label class="hidden" for="find">{view.say("find")}</label>\n'
        f'<input type="search" id="find" name="find" value="{escape(what.find)}" maxlength="{find.LONGEST}"'
        f' placeholder="{view.say("find")}" autocomplete="off"{focus}>\n'
        f"<button>{view.say('find_button')}</button>\n{_count(view) if what.find else ''}</form>"
    )


def _count(view: _View) -> str:
    what = view.seen
    many = len(what.hits)
    if not many:
        said = view.say("no_hits")
    else:
        said = view.say("hit_of", hit=what.hit, hits=many) if what.hit else view.say("hits", hits=many)
    parts = [f'<span id="count" role="status">{said}</span>']
    if many:
        before, after = neighbours(view.document, what)
        parts.append(_step(view.address(hit=before), "previous-hit", view.say("previous_hit"), "‹"))
        parts.append(_step(view.address(hit=after), "next-hit", view.say("next_hit"), "›"))
    end = view.address(None if what.mark or not what.pages else what.page, finding=False)
    parts.append(_step(end, "end-find", view.say("end_find"), "×"))
    return "\n".join(parts) + "\n"


def _step(address: str, id: str, name: str, sign: str) -> str:
    return f'<a class="step" id="{id}" href="{address}" aria-label="{name}" title="{name}">{sign}</a>'


# --- the pages of a PDF -------------------------------------------------------------------------


def _pictures(view: _View) -> str:
    """The shown pages as pictures, between links to those before and after."""
    document, what = view.document, view.seen
    focus = what.current or (what.mark if view.holds(what.mark) else None)
    boxes = boxes_of(document, focus.start, focus.end) if focus else ()
    query = view.picture_query | ({"hit": what.hit} if what.hit else {})
    figures = []
    for page in what.pages:
        address = f"/api/v1/documents/{percent(document.source.id, safe='')}/pages/{page}.png"
        if query:
            address += f"?{urlencode(query)}"
        marked = [box for box in boxes if box.page == page]
        at = ""
        if marked:
            at = f' data-top="{marked[0].y0:.4f}" data-left="{min(box.x0 for box in marked):.4f}"'
        figures.append(
            f'<figure aria-label="{view.say("page", page=page)}"><img src="{escape(address)}"'
            f' alt="{view.say("picture", page=page)}"{at}>'
            f'<p class="notice" hidden>{view.say("no_picture", page=page)}</p></figure>\n'
        )
    return f'{_turn(view)}{"".join(figures)}<p class="label">{view.say("text")}</p>\n'


def _turn(view: _View) -> str:
    what, last = view.seen, last_page(view.document)
    before, after = what.pages[0] - 1, what.pages[-1] + 1
    parts = []
    if before >= 1:
        parts.append(f'<a rel="prev" href="{view.address(before)}">← {view.say("previous")}</a>')
    parts.append(f"<span>{view.say('page_of', page=what.pages[0], pages=last)}</span>")
    if after <= last:
        parts.append(f'<a rel="next" href="{view.address(after)}">{view.say("next")} →</a>')
    if what.mark and not view.holds(what.mark):
        parts.append(f'<a href="{view.address(finding=False)}">{view.say("to_mark")}</a>')
    return f'<nav aria-label="{view.say("pages")}">{" ".join(parts)}</nav>\n'


# --- the text -----------------------------------------------------------------------------------


def _text(view: _View) -> str:
    """The blocks as HTML; runs of list items and of table rows are held together."""
    what, text = view.seen, view.document.text
    blocks = view.blocks
    first = next((block for block in blocks if what.mark and overlap(text, block, what.mark)), None)
    if not blocks:
        return f'<p class="notice" lang="{view.language}">{view.say("no_text")}</p>\n'
    opening = blocks[0]
    repeats = opening.kind == "heading" and text[opening.start : opening.end] == view.document.source.title
    if repeats and opening is not first and not _hits_in(view, opening):
        blocks = blocks[1:]  # the page's own heading says it
    out = []
    for page, on_page in groupby(blocks, lambda block: block.page):
        if page is not None and (not what.pages or len(what.pages) > 1):
            key = "slide" if "presentation" in view.document.source.media_type else "page"
            place = f'lang="{view.language}"{_id("place", page == what.page)}'
            out.append(f'<p class="label" {place}>{view.say(key, page=page)}</p>\n')
        for kind, run in groupby(on_page, lambda block: block.kind):
            items = "".join(_block(view, block, block is first) for block in run)
            before, after = _AROUND.get(kind, ("", ""))
            out.append(f"{before}{items}{after}")
    return "".join(out)


def _block(view: _View, block: Block, first: bool) -> str:
    text = view.document.text
    inner = "".join(_marked(view, block, first))
    if block.kind == "heading":
        level = min(4, 1 + max(1, len(block.heading_path)))
        return f"<h{level}>{inner}</h{level}>\n"
    if block.kind == "list_item":
        # The text holds the item's own "- " or number, and before the item two spaces a level.
        indent = block.start - len(text[: block.start].rstrip(" "))
        return f'<li class="level{min(4, 1 + indent // 2)}">{inner}</li>\n'
    return f'<p class="{block.kind}">{inner}</p>\n'


def _marked(view: _View, block: Block, first: bool) -> Iterator[str]:
    """A block's text as HTML, cut where the quote or a hit begins or ends."""
    text, what = view.document.text, view.seen
    part = overlap(text, block, what.mark) if what.mark else None
    hits = _hits_in(view, block)
    ends = {end for span in [*hits, *([part] if part else [])] for end in (span.start, span.end)}
    cuts = [block.start, *sorted(end for end in ends if block.start < end < block.end), block.end]
    for start, end in pairwise(cuts):
        quoted = part is not None and part.start <= start < part.end
        nearest = bisect_right(hits, start, key=lambda span: span.start) - 1
        hit = hits[nearest] if nearest >= 0 and start < hits[nearest].end else None
        piece = escape(text[start:end])
        if hit:
            kind = f"{'quoted ' if quoted else ''}hit{' current' if hit == what.current else ''}"
            here = hit == what.current and start == max(hit.start, block.start) and hit.start >= block.start
            yield f'<mark class="{kind}"{_id("hit", here)}>{piece}</mark>'
        elif quoted:
            yield f"<mark{_id('mark', first and part is not None and start == part.start)}>{piece}</mark>"
        else:
            yield piece


def _hits_in(view: _View, block: Block) -> tuple[Span, ...]:
    hits = view.seen.hits
    first = bisect_right(hits, block.start, key=lambda span: span.end)
    return hits[first : bisect_left(hits, block.end, key=lambda span: span.start)]


def _id(name: str, wanted: bool) -> str:
    return f' id="{name}"' if wanted else ""


def _in_language(source: Source) -> str:
    """The attribute for what a document says: its language need not be that of the page around it."""
    known = re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", source.language)
    return f' lang="{source.language if known else ""}"'


def _date(date: str | None, language: Language) -> str | None:
    """An ISO 8601 year, month or day as people write it; anything else as it is."""
    parts = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?(?:T.*)?", date or "")
    if not parts or not 1 <= int(parts[2]) <= 12:
        return date
    month = TEXTS[language]["months"].split()[int(parts[2]) - 1]
    if parts[3] is None:
        return f"{month} {parts[1]}"
    return TEXTS[language]["date"].format(day=int(parts[3]), month=month, year=parts[1])
