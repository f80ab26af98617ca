"""Addresses of the places where documents were published. Pure functions."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote as percent
from urllib.parse import urldefrag, urlsplit

from assistant.types import Block, Document

_BARE_DOMAIN = re.compile(r"[^\W_][\w-]*(\.[^\W_][\w-]*)+(/[\w./%~+-]*)?")
_LIST_MARK = re.compile(r"^\s*(?:[-–—•*]|\(?[0-9]{1,3}[.)]|\(?[a-zæøå][.)])\s+")
_WHOLE = 10  # words of a quote that are put in an address as they are
_EDGE = 5  # words of each end of a longer one


def kind_of_address(url: str | None) -> Literal["web", "domain", None]:
    """ "web" for a full http address, "domain" for one such as `lmi.no`, which is only to be read; None
    for all else a catalogue may hold."""
    if not url or re.search(r"[\s\x00-\x1f\x7f]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme in ("http", "https") and host:
        return "web"
    return "domain" if _BARE_DOMAIN.fullmatch(url) else None


def at_page(url: str, page: int) -> str:
    """A PDF's address, to be opened at a page (RFC 8118)."""
    return f"{urldefrag(url).url}#page={page}"


def at_text(url: str, document: Document, start: int, end: int) -> str:
    """A web page's address, to be opened at the text from `start` to `end` by a text fragment
    (https://wicg.github.io/scroll-to-text-fragment/). As it is where that is a table's row, for we
    write rows otherwise than the page does."""
    blocks = [block for block in document.blocks if block.start < end and block.end > start]
    if not blocks or "table_row" in (blocks[0].kind, blocks[-1].kind):
        return url
    first = _words(document.text, blocks[0], start, end)
    last = _words(document.text, blocks[-1], start, end)
    if not first or not last:
        return url
    if len(blocks) == 1 and len(first) <= _WHOLE:
        directive = _encoded(first)
    else:
        directive = f"{_encoded(first[:_EDGE])},{_encoded(last[-_EDGE:])}"
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def _words(text: str, block: Block, start: int, end: int) -> list[str]:
    """The words of the part of a block between `start` and `end`. The marker of a list's item is drawn by
    the browser, and is not in the page's text."""
    part = text[max(block.start, start) : min(block.end, end)]
    return (_LIST_MARK.sub("", part) if block.kind == "list_item" and start <= block.start else part).split()


def _encoded(words: list[str]) -> str:
    return percent(" ".join(words), safe="").replace("-", "%2D")  # a hyphen is syntax there
