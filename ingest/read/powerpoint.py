"""PowerPoint: a slide is a page, its title a heading."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from lxml.etree import _Element
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import TextFrame, _Paragraph

from assistant.errors import DamagedFile
from ingest.read.bullets import after_bullet, is_numbered
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.normalise import superscript
from ingest.read.office import OFFICE_ERRORS, check_package, office_metadata
from ingest.read.tables import Cell, cell, table_blocks

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_TITLE_TYPES = {"title", "ctrTitle"}
_SURROUNDINGS = {"dt", "ftr", "sldNum", "hdr"}
_BULLETED_TYPES = {"body", "obj", None}
_DEEPEST = 8


def read(data: bytes, path: str) -> Extract:
    """The blocks of a .pptx file: of each slide that is shown its title, its shapes from the top left,
    its notes. Raises DamagedFile or EncryptedFile."""
    check_package(data, path, "PowerPoint", "ppt/")
    try:
        deck = Presentation(io.BytesIO(data))
        blocks: list[RawBlock] = []
        warnings: list[str] = []
        for number, slide in enumerate(deck.slides, start=1):
            if slide.element.get("show") in {"0", "false"}:
                warnings.append(f"slide {number} is hidden and was left out")
                continue
            found = _slide_blocks(slide, number)
            if not found:
                warnings.append(f"slide {number} has no text")
            blocks.extend(found)
        return Extract(tuple(blocks), _metadata(deck), len(deck.slides), tuple(warnings))
    except OFFICE_ERRORS as error:
        raise DamagedFile(path, "PowerPoint", "its contents cannot be read") from error


def _metadata(deck: Deck) -> Metadata:
    properties = deck.core_properties
    return office_metadata(
        properties.title, properties.author, properties.category, properties.language, properties.created
    )


def _slide_blocks(slide: Slide, number: int) -> list[RawBlock]:
    shapes = sorted(_flat(slide.shapes), key=_place)
    title = next((s for s in shapes if _placeholder(s) in _TITLE_TYPES and s.has_text_frame), None)
    blocks: list[RawBlock] = []
    if title is not None and isinstance(frame := getattr(title, "text_frame", None), TextFrame):
        blocks.append(RawBlock("heading", " ".join(_text(p) for p in frame.paragraphs)))
    for shape in shapes:
        if shape is not title and _placeholder(shape) not in _SURROUNDINGS:
            blocks.extend(_shape_blocks(shape))
    blocks.extend(_notes_blocks(slide))
    return [replace(block, page=number) for block in blocks if block.text.strip()]


def _flat(shapes: Iterator[BaseShape] | object) -> Iterator[BaseShape]:
    """All shapes, those in groups as well. A group's members keep its place in the order."""
    if not isinstance(shapes, Iterator) and not hasattr(shapes, "__iter__"):
        return
    for shape in shapes:
        if _is_hidden(shape):
            continue
        if isinstance(shape, GroupShape):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _is_hidden(shape: BaseShape) -> bool:
    properties = next(iter(shape.element.iter(_P + "cNvPr")), None)
    return properties is not None and properties.get("hidden") in {"1", "true"}


def _place(shape: BaseShape) -> tuple[int, int]:
    """Top to bottom, then left to right; shapes whose tops differ by under a centimetre share a row."""
    return int((shape.top or 0) // 360_000), int(shape.left or 0)


def _placeholder(shape: BaseShape) -> str | None:
    found = next(iter(shape.element.iter(_P + "ph")), None)
    return None if found is None else found.get("type")


def _shape_blocks(shape: BaseShape) -> list[RawBlock]:
    if isinstance(shape, GraphicFrame) and shape.has_table:
        return _table_blocks(shape.table)
    frame = getattr(shape, "text_frame", None)
    if not isinstance(frame, TextFrame):
        return []
    bulleted = shape.is_placeholder and _placeholder(shape) in _BULLETED_TYPES
    return [block for p in frame.paragraphs if (block := _paragraph_block(p, bulleted)) is not None]


def _paragraph_block(paragraph: _Paragraph, bulleted: bool) -> RawBlock | None:
    text = _text(paragraph).strip()
    if not text:
        return None
    level = min(int(paragraph.level), _DEEPEST) + 1
    own = _own_bullet(paragraph)
    if after_bullet(text):
        return RawBlock("list_item", text[after_bullet(text) :], level=level)
    if is_numbered(text) or (bulleted if own is None else own):
        return RawBlock("list_item", text, level=level)
    return RawBlock("paragraph", text)


def _own_bullet(paragraph: _Paragraph) -> bool | None:
    """Whether the paragraph itself switches its bullet on or off; None where the layout decides."""
    properties: _Element | None = paragraph._p.find(_A + "pPr")
    if properties is None:
        return None
    if properties.find(_A + "buNone") is not None:
        return False
    return (
        True if any(properties.find(_A + n) is not None for n in ("buChar", "buAutoNum", "buBlip")) else None
    )


def _text(paragraph: _Paragraph) -> str:
    parts: list[str] = []
    for element in paragraph._p.iter():
        if element.tag == _A + "t":
            run = element.getparent()
            properties = None if run is None else run.find(_A + "rPr")
            baseline = "0" if properties is None else properties.get("baseline") or "0"
            raised = baseline.rstrip("%").lstrip("0").isdigit()
            parts.append(superscript(element.text or "") if raised else element.text or "")
        elif element.tag in {_A + "br", _A + "tab"}:
            parts.append(" ")
    return "".join(parts)


def _table_blocks(table: Table) -> list[RawBlock]:
    grid: list[list[Cell]] = []
    made: dict[tuple[int, int], Cell] = {}
    for y, row in enumerate(table.rows):
        for x, one in enumerate(row.cells):
            if one.is_spanned:
                continue
            text = " ".join(_text(p) for p in one.text_frame.paragraphs)
            new = cell(text, heading=y == 0 and bool(table.first_row))
            high, wide = (one.span_height, one.span_width) if one.is_merge_origin else (1, 1)
            made.update({(y + down, x + right): new for down in range(high) for right in range(wide)})
    columns = len(table.columns)
    for y in range(len(table.rows)):
        grid.append([made.get((y, x), cell("")) for x in range(columns)])
    return table_blocks(grid)


def _notes_blocks(slide: Slide) -> list[RawBlock]:
    """The speaker's notes under a heading of their own."""
    if not slide.has_notes_slide:
        return []
    frame = slide.notes_slide.notes_text_frame
    if frame is None:
        return []
    blocks = [block for p in frame.paragraphs if (block := _paragraph_block(p, bulleted=False)) is not None]
    return [RawBlock("heading", "Notater", level=2), *blocks] if blocks else []
