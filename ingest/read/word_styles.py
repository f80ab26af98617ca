"""What Word's styles and numbering make of a paragraph: a heading's level, a list item's number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml
from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|overskrift|rubrik|otsikko)\s*([1-9])")
_TITLES = {"title", "tittel", "titel"}
_CONTENTS = re.compile(r"(?:toc|innhold|inh|innh)\s*[1-9]|table of figures|toc heading")
_DEEPER_LIST = re.compile(r"(?:list (?:bullet|number)|punktliste|nummerert liste)\s*([2-5])")
_DEEPEST = 9


def w(name: str) -> str:
    """A name in Word's own namespace."""
    return _W + name


def tag(element: _Element) -> str:
    """An element's name without its namespace; "" for comments and the like."""
    name = element.tag
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else ""


def value(element: _Element) -> str | None:
    """An element's w:val."""
    return element.get(_W + "val")


def is_on(properties: _Element, name: str) -> bool:
    """Whether an on/off property is there and not switched off."""
    found = properties.find(_W + name)
    return found is not None and (value(found) or "true").lower() not in {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Style:
    """`heading` is the level from 1, None for other text; `number` the list's id and depth (from 0)."""

    heading: int | None = None
    is_title: bool = False
    is_contents: bool = False
    number: tuple[str, int] | None = None
    list_depth: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A list item's depth (from 1) and its number with the space behind it, "" for a bullet."""

    level: int
    number: str


@dataclass(frozen=True, slots=True)
class _Level:
    format: str = "bullet"
    start: int = 1


@dataclass(slots=True)
class Styles:
    """The styles by id, the numbering by id, and how far each list has counted."""

    by_id: dict[str, Style]
    default: Style
    levels: dict[str, tuple[str, dict[int, _Level]]]
    has_title: bool
    counted: dict[str, dict[int, int]] = field(default_factory=dict)

    def of(self, paragraph: _Element) -> Style:
        """The style of a `w:p`, with what the paragraph itself sets. Where the document has a title
        that is level 1, and the headings come below it."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            return self.default
        named = properties.find(w("pStyle"))
        style = self.by_id.get(value(named) or "", self.default) if named is not None else self.default
        own = _outline(properties)
        if own is not None and not style.is_title:
            style = replace(style, heading=own or None)
        if style.heading is not None and not style.is_title and self.has_title:
            return replace(style, heading=style.heading + 1)
        return style

    def item(self, paragraph: _Element) -> Item | None:
        """The list item that a `w:p` is, counted on; None where it is none. Call once a paragraph."""
        properties = paragraph.find(w("pPr"))
        own = None if properties is None else _numbering(properties)
        style = self.of(paragraph)
        number = own or style.number
        if number is None or number[0] == "0":
            return None
        identity, depth = number
        depth += style.list_depth  # "List Bullet 2" is a list of its own, whose depth is in its name
        abstract, levels = self.levels.get(identity, (identity, {}))
        counts = self.counted.setdefault(abstract, {})
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        level = levels.get(depth) or levels.get(depth - style.list_depth, _Level())
        counts[depth] = counts.get(depth, level.start - 1) + 1
        return Item(depth + 1, _written(level.format, counts[depth]))


def _written(format_name: str, count: int) -> str:
    if format_name == "decimal":
        return f"{count}. "
    if format_name in {"lowerLetter", "upperLetter"} and 1 <= count <= 26:
        return f"{chr(96 + count)}) "
    return ""


def read_styles(document: WordDocument) -> Styles:
    """The styles and numbering of an open document."""
    elements = {e.get(w("styleId")) or "": e for e in document.styles.element.iter(w("style"))}
    by_id = {identity: _style(element, elements) for identity, element in elements.items()}
    default = next(
        (
            by_id[identity]
            for identity, e in elements.items()
            if e.get(w("type")) == "paragraph" and (e.get(w("default")) or "0") in {"1", "true"}
        ),
        Style(),
    )
    used = {value(e) for e in document.element.body.iter(w("pStyle"))}
    has_title = any(by_id[identity].is_title for identity in used & by_id.keys() if identity)
    return Styles(by_id, default, _levels(document), has_title)


def _style(element: _Element, elements: dict[str, _Element]) -> Style:
    """A style with what it inherits; the nearest word counts."""
    heading: int | None = None
    number: tuple[str, int] | None = None
    contents = False
    depth = 0
    seen: set[str] = set()
    current: _Element | None = element
    while current is not None and (identity := current.get(w("styleId")) or "") not in seen:
        seen.add(identity)
        named = current.find(w("name"))
        name = ((value(named) if named is not None else None) or "").lower().strip()
        if name in _TITLES:
            return Style(heading=1, is_title=True)
        contents = contents or bool(_CONTENTS.fullmatch(name))
        properties = current.find(w("pPr"))
        if heading is None and (match := _HEADING.match(name)):
            heading = int(match[1])
        if match := _DEEPER_LIST.fullmatch(name):
            depth = depth or int(match[1]) - 1
        if properties is not None:
            if heading is None:
                heading = _outline(properties)
            number = number or _numbering(properties)
        based = current.find(w("basedOn"))
        current = elements.get(value(based) or "") if based is not None else None
    return Style(heading=heading or None, is_contents=contents, number=number, list_depth=depth)


def _outline(properties: _Element) -> int | None:
    """The outline level from 1; 0 where it is set to body text; None where it is not set."""
    found = properties.find(w("outlineLvl"))
    text = None if found is None else value(found)
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return int(text) + 1 if int(text) < _DEEPEST else 0


def _numbering(properties: _Element) -> tuple[str, int] | None:
    found = properties.find(w("numPr"))
    if found is None:
        return None
    identity, depth = found.find(w("numId")), found.find(w("ilvl"))
    if identity is None:
        return None
    text = (value(depth) if depth is not None else None) or "0"
    return value(identity) or "0", min(int(text), _DEEPEST) if text.isascii() and text.isdigit() else 0


def _levels(document: WordDocument) -> dict[str, tuple[str, dict[int, _Level]]]:
    """For each list id: the id of the definition it shares, and the definition's levels."""
    part = next(
        (r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING), None
    )
    if part is None:
        return {}
    root = parse_xml(part.blob)
    abstract: dict[str, dict[int, _Level]] = {}
    for definition in root.iter(w("abstractNum")):
        abstract[definition.get(w("abstractNumId")) or ""] = {
            _integer(level.get(w("ilvl")), 0): _Level(
                _val(level, "numFmt") or "bullet", _integer(_val(level, "start"), 1)
            )
            for level in definition.iter(w("lvl"))
        }
    levels: dict[str, tuple[str, dict[int, _Level]]] = {}
    for number in root.iter(w("num")):
        shared = _val(number, "abstractNumId") or ""
        restarted = number.find(f"{w('lvlOverride')}/{w('startOverride')}") is not None
        identity = number.get(w("numId")) or ""
        levels[identity] = (f"{shared}/{identity}" if restarted else shared, abstract.get(shared, {}))
    return levels


def _val(element: _Element, name: str) -> str | None:
    found = element.find(w(name))
    return None if found is None else value(found)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default
