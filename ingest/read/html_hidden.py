"""What a web page holds that nobody who opens it sees: taken out before it is read.

The page's own style sheets and `style` attributes are looked at, not those it refers to. It is no browser:
later rules win, whatever their selectors, and a colour counts as seen where its ground is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ingest.read.colours import WHITE, Colour, can_be_seen, parse_colour

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_SELECTOR = re.compile(r"[\w.#*\-\s>+~\[\]=\"'^$|,]+")
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
_LOOKED_AT = frozenset(
    "display visibility opacity color background background-color font-size text-indent left top right bottom "
    "margin-left height width max-height max-width overflow clip clip-path transform position".split()
)
_MOST_RULES = 1000
_MOST_MATCHES = 20_000
_FAR_OUT = -500.0
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 8.0, "%": 10.0, "cm": 38.0}

Declared = dict[str, str]
"""The properties that style sheets and attributes set on one element."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element passes on to those inside it. `ground` is None where it is not known."""

    hidden: bool = False
    invisible: bool = False  # `visibility`, which an element inside may switch on again
    colour: Colour | None = None
    clear: bool = False
    ground: Colour | None = WHITE
    tiny: bool = False

    @property
    def is_seen(self) -> bool:
        if self.hidden or self.invisible or self.clear or self.tiny:
            return False
        return self.colour is None or self.ground is None or can_be_seen(self.colour, self.ground)


def remove_hidden(tree: LexborHTMLParser) -> None:
    """Takes the texts that cannot be seen out of `tree`."""
    body = tree.body
    if body is None:
        return
    declared = _style_sheets(tree)
    elsewhere = tree.css_first("link[rel=stylesheet]") is not None
    hidden: list[LexborNode] = []
    looks = [_look(_Look(), body, declared, elsewhere)]
    node = body.child
    while node is not None and looks:
        if node.is_text_node and not looks[-1].is_seen and (node.text_content or "").strip():
            hidden.append(node)
        if node.child is not None:
            looks.append(_look(looks[-1], node, declared, elsewhere))
            node = node.child
            continue
        while node is not None and node.next is None:
            node = node.parent
            looks.pop()
            if not looks or node is None or node.mem_id == body.mem_id:
                node = None
        node = node.next if node is not None else None
    for text in hidden:
        text.decompose()


def hides(tag: str) -> bool:
    """Whether an opening tag hides what it opens."""
    tree = LexborHTMLParser(f"<body>{tag}x")
    remove_hidden(tree)
    element = tree.body.child if tree.body is not None else None
    return element is not None and ("hidden" in element.attributes or "x" not in (element.text() or ""))


# --- what is declared ---------------------------------------------------------------------------


def _style_sheets(tree: LexborHTMLParser) -> dict[int, Declared]:
    found: dict[int, Declared] = {}
    matches = 0
    rules = (rule for node in tree.css("style") for rule in _rules(node.text() or ""))
    for _, (selector, declarations) in zip(range(_MOST_RULES), rules, strict=False):
        try:
            nodes = tree.css(selector)
        except SelectolaxError:  # a selector that no browser would apply either
            continue
        for node in nodes:
            matches += 1
            if matches > _MOST_MATCHES:
                return found
            found.setdefault(node.mem_id, {}).update(declarations)
    return found


def _rules(sheet: str) -> Iterator[tuple[str, Declared]]:
    """The rules that hold on every screen: those in @media and its like may hold on none."""
    depth, start = 0, 0
    selector = ""
    text = _COMMENT.sub(" ", sheet)
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            depth += 1
            if depth == 1:
                selector, start = text[start : match.start()].rpartition(";")[2].strip(), match.end()
        elif depth:
            depth -= 1
            if depth == 0:
                declarations = _declarations(text[start : match.start()])
                if declarations and _SELECTOR.fullmatch(selector):
                    yield selector, declarations
                start = match.end()


def _declarations(text: str) -> Declared:
    found: Declared = {}
    for part in text.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip() in _LOOKED_AT:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


# --- what it looks like -------------------------------------------------------------------------


def _look(outer: _Look, node: LexborNode, sheets: dict[int, Declared], elsewhere: bool) -> _Look:
    attributes = node.attributes
    style = dict(sheets.get(node.mem_id, {}))
    if colour := attributes.get("color"):
        style["color"] = colour
    if ground := attributes.get("bgcolor"):
        style["background"] = ground
    style |= _declarations(attributes.get("style") or "")
    if not style and not (elsewhere and attributes.get("class")):
        return outer
    look = replace(outer, ground=None) if elsewhere and attributes.get("class") else outer
    ground = style.get("background-color") or style.get("background")
    if ground and ground not in ("none", "inherit", "initial", "transparent"):
        look = replace(look, ground=_ground(ground))
    if "color" in style and style["color"] not in ("inherit", "currentcolor"):
        parsed = parse_colour(style["color"])
        look = replace(look, colour=parsed[0] if parsed else None, clear=parsed is not None and parsed[1] < 0.1)
    if "visibility" in style:
        look = replace(look, invisible=style["visibility"] in ("hidden", "collapse"))
    if (size := _pixels(style.get("font-size"))) is not None:
        relative = style["font-size"].endswith(("%", "em"))
        look = replace(look, tiny=size == 0 or (size < 2 and not relative))
    return replace(look, hidden=look.hidden or _is_away(style))


def _ground(value: str) -> Colour | None:
    found = [parsed[0] for word in re.findall(r"[a-z]+a?\([^)]*\)|\S+", value) if (parsed := parse_colour(word))]
    return found[0] if len(found) == 1 and "url(" not in value and "gradient" not in value else None


def _is_away(style: Declared) -> bool:
    """Not drawn at all, or drawn where nobody looks."""
    if style.get("display") == "none" or _number(style.get("opacity")) < 0.1:
        return True
    moved = [_pixels(style.get(name)) for name in ("left", "top", "right", "bottom", "margin-left", "text-indent")]
    if any(value is not None and value <= _FAR_OUT for value in moved):
        return True
    if "scale(0)" in style.get("transform", ""):
        return True
    clip = style.get("clip", "") + style.get("clip-path", "")
    if re.search(r"rect\((?:[01](?:px)?[, ]*){4}\)|inset\((?:50|100)%\)|circle\(0", clip):
        return True
    sizes = [_pixels(style.get(name)) for name in ("height", "width", "max-height", "max-width")]
    return style.get("overflow") in ("hidden", "clip") and any(v is not None and v <= 1 for v in sizes)


def _number(value: str | None) -> float:
    match = _LENGTH.fullmatch(value or "")
    return 1.0 if match is None else float(match[1]) / (100 if match[2] == "%" else 1)


def _pixels(value: str | None) -> float | None:
    """A length in pixels, roughly; None where there is none."""
    match = _LENGTH.fullmatch(value or "")
    return None if match is None else float(match[1]) * _PIXELS.get(match[2], 1.0)
