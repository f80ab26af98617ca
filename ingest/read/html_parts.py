"""Which parts of a web page are the article, and which are the page around it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_INLINE_WORDS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb "
    "rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
INLINE = frozenset(_INLINE_WORDS.split())
_LEFT_OUT_WORDS = (
    "script style noscript template nav aside svg canvas iframe object embed video audio map "
    "button input select textarea option datalist dialog head del rp rt img picture source link "
    "meta base area param track"
)
LEFT_OUT = frozenset(_LEFT_OUT_WORDS.split())
_ROLES_WORDS = "navigation banner contentinfo complementary search dialog alertdialog menu menubar tablist"
_ROLES = frozenset(_ROLES_WORDS.split())
_CLASSES_WORDS = (
    "nav navbar navigation breadcrumb breadcrumbs sidebar skip-link skiplink sr-only "
    "visually-hidden screen-reader-text mw-editsection site-header site-footer pagination social-share "
    "share-buttons noprint"
)
_CLASSES = frozenset(_CLASSES_WORDS.split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COOKIES = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
_LONGEST_BANNER = 2000
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^>]*)>")
# These close by themselves, so a page may open any number of them without nesting.
_CLOSED_BY_ITSELF_WORDS = (
    "p li td th tr dd dt option optgroup thead tbody tfoot colgroup col br hr img input meta link "
    "area base embed param source track wbr html head body"
)
_CLOSED_BY_ITSELF = frozenset(_CLOSED_BY_ITSELF_WORDS.split())
_DEEPEST = 5000


def nested_too_deeply(text: str) -> bool:
    """Whether the elements nest deeper than any page needs; the parser's time grows with the square."""
    depth = 0
    for match in _TAG.finditer(text):
        closing, name, rest = match[1], match[2].lower(), match[3]
        if name in _CLOSED_BY_ITSELF or rest.endswith("/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def text_of(node: LexborNode) -> str:
    """The text below `node` as a reader sees it; <br> and the edges of blocks become spaces."""
    parts: list[str] = []
    current = node.child
    depth = 1
    while current is not None and depth > 0:
        tag = current.tag or ""
        hidden = tag in LEFT_OUT or current.is_comment_node or is_left_out(current)
        if current.is_text_node:
            parts.append(current.text_content or "")
        elif tag == "br":
            parts.append("\n")
        elif tag not in INLINE:
            parts.append(" ")
        if not hidden and current.child is not None:
            current, depth = current.child, depth + 1
            continue
        while current is not None and current.next is None and depth > 0:
            current, depth = current.parent, depth - 1
            parts.append("" if current is None or (current.tag or "") in INLINE else " ")
        if current is not None and depth > 0:
            current = current.next
    return "".join(parts)


def main_part(body: LexborNode) -> LexborNode:
    """The element that holds the article; `body` where the page does not say."""
    everything = len(text_of(body).strip())
    for selector in ("main", "[role=main]", "article"):
        found = body.css(selector)
        if len(found) == 1:
            size = len(text_of(found[0]).strip())
            if size >= 500 or size * 3 >= everything:
                return found[0]
    return body


def is_left_out(node: LexborNode) -> bool:
    """Whether an element is hidden, or a menu, a banner, a form: not part of what the page says."""
    tag = node.tag or ""
    if tag.startswith("-") or tag in {"html", "body", "main"}:
        return False
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if attributes.get("role") in _ROLES or _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    if tag in {"header", "footer"}:
        return not _is_inside_article(node)
    if tag == "form":
        return node.css_first("p, h1, h2, article, main") is None
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    if not names or tag == "article":
        return False
    if any(name.lower() in _CLASSES for name in names):
        return True
    if any(_COOKIES.search(name) for name in names):
        return node.css_first("h1") is None and len(node.text()) < _LONGEST_BANNER
    return False


def _is_inside_article(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in {"article", "main"}:
            return True
        parent = parent.parent
    return False
