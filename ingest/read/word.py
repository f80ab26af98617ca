"""Word documents: python-docx opens the package, the walk over the body is ours.

python-docx's own walk passes over content controls, text boxes, footnotes and tracked changes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.parser import parse_xml
from lxml.etree import _Element

from assistant.errors import DamagedFile
from ingest.read.bullets import after_bullet, is_numbered
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.office import OFFICE_ERRORS, check_package, office_metadata
from ingest.read.tables import EMPTY, Cell, cell, table_blocks
from ingest.read.word_hidden import remove_hidden
from ingest.read.word_styles import Styles, is_on, read_styles, tag, value, w
from ingest.read.word_text import Paragraph, read_paragraph

_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}
_MOST_COLUMNS = 500


@dataclass(slots=True)
class _Walk:
    """What the walk over the body needs at hand."""

    styles: Styles
    notes: dict[str, str]
    blocks: list[RawBlock] = field(default_factory=list)


def read(data: bytes, path: str) -> Extract:
    """The blocks of a .docx file, without headers, footers, comments and deleted text.

    Raises DamagedFile or EncryptedFile."""
    check_package(data, path, "Word", "word/")
    try:
        document = Document(io.BytesIO(data))
        remove_hidden(document.element.body, document)
        walk = _Walk(read_styles(document), _notes(document))
        _walk_blocks(document.element.body, walk)
        return Extract(tuple(_with_bold_headings(walk.blocks)), _metadata(document))
    except OFFICE_ERRORS as error:
        raise DamagedFile(path, "Word", "its contents cannot be read") from error


def _metadata(document: WordDocument) -> Metadata:
    properties = document.core_properties
    return office_metadata(
        properties.title, properties.author, properties.category, properties.language, properties.created
    )


def _notes(document: WordDocument) -> dict[str, str]:
    """The texts of footnotes ("footnote3") and endnotes ("endnote1") by their ids."""
    found: dict[str, str] = {}
    for kind, relation in (
        ("footnote", RELATIONSHIP_TYPE.FOOTNOTES),
        ("endnote", RELATIONSHIP_TYPE.ENDNOTES),
    ):
        part = next((r.target_part for r in document.part.rels.values() if r.reltype == relation), None)
        if part is None:
            continue
        root = parse_xml(part.blob)
        remove_hidden(root, document)
        for note in root:
            if note.get(w("type")) is None:  # the others are the lines that part notes from text
                texts = [read_paragraph(p).text for p in note.iter(w("p"))]
                found[kind + (note.get(w("id")) or "")] = " ".join(texts)
    return found


def _children(element: _Element) -> Iterator[_Element]:
    """The paragraphs and tables directly in `element`, those in content controls and in inserted
    text among them."""
    for child in element:
        name = tag(child)
        if name in {"p", "tbl"}:
            yield child
        elif name in _WRAPPERS and not _is_contents_list(child):
            yield from _children(child)


def _is_contents_list(element: _Element) -> bool:
    gallery = element.find(f"{w('sdtPr')}/{w('docPartObj')}/{w('docPartGallery')}")
    return gallery is not None and value(gallery) == "Table of Contents"


def _walk_blocks(element: _Element, walk: _Walk) -> None:
    for child in _children(element):
        if tag(child) == "p":
            _take_paragraph(child, walk)
        else:
            _take_table(child, walk)


def _take_paragraph(element: _Element, walk: _Walk) -> None:
    paragraph = read_paragraph(element)
    style = walk.styles.of(element)
    if style.is_contents:
        return
    if paragraph.text.strip():
        walk.blocks.append(_block(element, paragraph, walk.styles))
    for box in paragraph.boxes:
        _walk_blocks(box, walk)
    _take_notes(paragraph, walk)


def _block(element: _Element, paragraph: Paragraph, styles: Styles) -> RawBlock:
    text = paragraph.text
    style = styles.of(element)
    if style.heading is not None:
        return RawBlock("heading", text, level=style.heading)
    item = styles.item(element)
    if item is not None:
        return RawBlock("list_item", item.number + text, level=item.level)
    stripped = text.strip()
    if after_bullet(stripped):
        return RawBlock("list_item", stripped[after_bullet(stripped) :])
    if is_numbered(stripped):
        return RawBlock("list_item", stripped)
    # Level 0 marks a bold line until it is known what stands around it.
    return RawBlock("paragraph", text, level=0 if paragraph.bold else 1)


def _with_bold_headings(blocks: list[RawBlock]) -> list[RawBlock]:
    """Bold lines over ordinary paragraphs as headings, below every real one: many people never use styles."""
    deepest = max((b.level for b in blocks if b.kind == "heading"), default=0)
    done: list[RawBlock] = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if block.kind == "paragraph" and block.level == 0:
            text = block.text.strip()
            over_text = following is not None and following.kind != "heading" and following.level > 0
            if over_text and len(text) <= 100 and text[-1] not in ".,;:!?":
                block = replace(block, kind="heading", level=deepest + 1)
            else:
                block = replace(block, level=1)
        done.append(block)
    return done


def _take_notes(paragraph: Paragraph, walk: _Walk) -> None:
    for mark, note in paragraph.notes:
        text = walk.notes.get(note, "")
        if text.strip():
            walk.blocks.append(RawBlock("footnote", f"{mark} {text.strip()}"))


def _take_table(table: _Element, walk: _Walk) -> None:
    rows = [row for row in _rows(table)]
    cells = [c for row in rows for c in _cells(row)]
    if _is_layout(rows, cells, walk.styles):
        for one in cells:
            _walk_blocks(one, walk)
        return
    grid, header_rows = _grid(rows)
    walk.blocks.extend(table_blocks(grid, header_rows=header_rows or None))
    for one in cells:
        for paragraph in one.iter(w("p")):
            _take_notes(read_paragraph(paragraph), walk)


def _is_layout(rows: list[_Element], cells: list[_Element], styles: Styles) -> bool:
    """A table that only places things on the page: one column, or sections with headings in its cells."""
    if max((sum(1 for _ in _cells(row)) for row in rows), default=0) < 2:
        return True
    return any(styles.of(p).heading is not None for c in cells for p in _children(c) if tag(p) == "p") or any(
        tag(child) == "tbl" for c in cells for child in _children(c)
    )


def _rows(element: _Element) -> Iterator[_Element]:
    for child in element:
        if tag(child) == "tr" and child.find(f"{w('trPr')}/{w('del')}") is None:
            yield child
        elif tag(child) in _WRAPPERS:
            yield from _rows(child)


def _cells(element: _Element) -> Iterator[_Element]:
    for child in element:
        if tag(child) == "tc":
            yield child
        elif tag(child) in _WRAPPERS:
            yield from _cells(child)


def _grid(rows: list[_Element]) -> tuple[list[list[Cell]], int]:
    """The cells in their places, merged ones in each place they cover, and how many rows at the top
    the file marks as column names."""
    grid: list[list[Cell]] = []
    header_rows = 0
    for row in rows:
        properties = row.find(w("trPr"))
        is_header = properties is not None and is_on(properties, "tblHeader")
        if is_header and header_rows == len(grid):
            header_rows += 1
        places: list[Cell] = [EMPTY] * min(_number(properties, "gridBefore", 0), _MOST_COLUMNS)
        for element in _cells(row):
            merged = element.find(f"{w('tcPr')}/{w('vMerge')}")
            above = grid[-1][len(places)] if grid and len(places) < len(grid[-1]) else EMPTY
            continued = merged is not None and value(merged) != "restart"
            made = above if continued else _cell(element)
            wide = _number(element.find(w("tcPr")), "gridSpan", 1)
            places.extend([made] * min(wide, _MOST_COLUMNS - len(places)))
        grid.append(places)
    return grid, header_rows if header_rows < len(grid) else 0


def _number(properties: _Element | None, name: str, default: int) -> int:
    found = None if properties is None else properties.find(w(name))
    text = None if found is None else value(found)
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default


def _cell(element: _Element) -> Cell:
    paragraphs = [read_paragraph(p) for p in _children(element) if tag(p) == "p"]
    filled = [p for p in paragraphs if p.text.strip()]
    return cell(" ".join(p.text for p in filled), heading=bool(filled) and all(p.bold for p in filled))
