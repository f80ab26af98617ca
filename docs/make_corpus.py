"""Makes the PDF, Word and PowerPoint files of the sample corpus from the texts in corpus_sources/.

    python docs/make_corpus.py [FOLDER]

FOLDER is `corpus/` unless given. Each source is a small Markdown text whose front matter names the
file to make; a sidecar `.yaml` with the document's details is written beside it. Timestamps are
fixed, so that two runs with the same libraries give the same bytes.

What a source may hold: `#` headings, paragraphs (one line each), `- ` and `1. ` lists, `| a | b |`
tables whose first row names the columns, `> ` speaker notes (slides), and a line `===`, which in a
two-column PDF switches between the columns and the full width of the page.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Literal

import yaml
from docx import Document as new_word_document
from pptx import Presentation as new_presentation
from pptx.util import Pt
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BalancedColumns,
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

SOURCES = Path(__file__).parent / "corpus_sources"
CORPUS = Path(__file__).parent.parent / "corpus"
SIDECAR_FIELDS = ("title", "date", "publisher", "kind", "language", "url")
STAMP = datetime(2024, 3, 21, 12, 0, 0)

BlockKind = Literal["heading", "paragraph", "bullets", "numbers", "table", "note", "switch"]
LINE_KINDS: tuple[tuple[BlockKind, str], ...] = (
    ("heading", r"#{1,3} "),
    ("bullets", r"- "),
    ("numbers", r"\d+\. "),
    ("table", r"\| "),
    ("note", r"> "),
    ("switch", r"===$"),
    ("paragraph", r""),
)


@dataclass(frozen=True, slots=True)
class Block:
    """`lines` are the texts without their markup; a table's are its rows, see `cells`."""

    kind: BlockKind
    lines: tuple[str, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """`file` is the path to make, relative to the corpus folder; `columns` is for PDF alone."""

    file: str
    details: dict[str, str]
    columns: int
    blocks: tuple[Block, ...]


# --- reading a source ---------------------------------------------------------------------------


def read_source(path: Path) -> Source:
    """Raises KeyError where the front matter lacks a field that every document has."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = {name: str(value) for name, value in yaml.safe_load(front).items()}
    details = {name: fields[name] for name in SIDECAR_FIELDS if name != "url" or name in fields}
    return Source(fields["file"], details, int(fields.get("columns", "1")), tuple(read_blocks(body)))


def read_blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        for kind, lines in groupby(chunk.splitlines(), key=line_kind):
            prefix = dict(LINE_KINDS)[kind]
            given = list(lines)
            level = len(given[0].split(" ")[0]) if kind == "heading" else 0
            yield Block(kind, tuple(re.sub("^" + prefix, "", line).strip() for line in given), level)


def line_kind(line: str) -> BlockKind:
    return next(kind for kind, pattern in LINE_KINDS if re.match(pattern, line))


def cells(table: Block) -> list[list[str]]:
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.lines]


# --- Word ---------------------------------------------------------------------------------------


def make_word(source: Source, target: Path) -> None:
    document = new_word_document()
    for block in source.blocks:
        if block.kind == "heading":
            document.add_heading(block.lines[0], level=block.level)
        elif block.kind == "table":
            rows = cells(block)
            table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
            for cell in table.rows[0].cells:
                cell.paragraphs[0].runs[0].bold = True
        else:
            style = {"bullets": "List Bullet", "numbers": "List Number"}.get(block.kind, "Normal")
            for line in block.lines:
                document.add_paragraph(line, style=style)
    properties = document.core_properties
    properties.title, properties.author = source.details["title"], source.details["publisher"]
    properties.language, properties.category = source.details["language"], source.details["kind"]
    properties.comments, properties.last_modified_by = "", source.details["publisher"]
    properties.created = properties.modified = STAMP
    document.save(str(target))
    fix_zip_times(target)


# --- PowerPoint ---------------------------------------------------------------------------------


def make_slides(source: Source, target: Path) -> None:
    """A slide a heading; the first is the title slide."""
    presentation = new_presentation()
    starts = [i for i, block in enumerate(source.blocks) if block.kind == "heading"]
    for start, end in zip(starts, [*starts[1:], len(source.blocks)], strict=True):
        heading, *rest = source.blocks[start:end]
        has_table = any(block.kind == "table" for block in rest)
        layout = 0 if heading.level == 1 else 5 if has_table else 1
        slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
        slide.shapes.title.text = heading.lines[0]
        for block in rest:
            if block.kind == "note":
                slide.notes_slide.notes_text_frame.text = "\n".join(block.lines)
            elif block.kind == "table":
                rows = cells(block)
                left, top, width, height = (round(part * mm * 12700) for part in (20, 50, 214, 80))
                grid = slide.shapes.add_table(len(rows), len(rows[0]), left, top, width, height).table
                for y, row in enumerate(rows):
                    for x, text in enumerate(row):
                        grid.cell(y, x).text = text
                        grid.cell(y, x).text_frame.paragraphs[0].font.size = Pt(16)
            else:
                slide.placeholders[1].text = "\n".join(block.lines)
    properties = presentation.core_properties
    properties.title, properties.author = source.details["title"], source.details["publisher"]
    properties.last_modified_by = source.details["publisher"]
    properties.created = properties.modified = STAMP
    presentation.save(str(target))
    fix_zip_times(target)


def fix_zip_times(path: Path) -> None:
    """The libraries stamp each member with the time of the run; write them again with a fixed one."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


# --- PDF ----------------------------------------------------------------------------------------

BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=11, leading=14.5, spaceAfter=6, alignment=TA_LEFT
)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=14, bulletIndent=2, spaceAfter=2)
CELL = ParagraphStyle("cell", parent=BODY, fontName="Helvetica", fontSize=9, leading=11.5, spaceAfter=0)
COLUMN_NAME = ParagraphStyle("column name", parent=CELL, fontName="Helvetica-Bold")
HEADINGS = {
    level: ParagraphStyle(
        f"heading {level}", fontName="Helvetica-Bold", fontSize=size, leading=size * 1.25,
        spaceBefore=before, spaceAfter=5, keepWithNext=1,
    )
    for level, size, before in ((1, 19, 0), (2, 14, 12), (3, 11.5, 8))
}  # fmt: skip
GRID = TableStyle([
    ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e6e6e6")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
])  # fmt: skip
FULL_WIDTH = A4[0] - 50 * mm


def make_pdf(source: Source, target: Path) -> None:
    language = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}[source.details["language"]]
    template = BaseDocTemplate(
        str(target), pagesize=A4, invariant=1, pageCompression=0, lang=language,
        title=source.details["title"], author=source.details["publisher"], subject=source.details["kind"],
    )  # fmt: skip
    frame = Frame(25 * mm, 24 * mm, FULL_WIDTH, A4[1] - 50 * mm, 0, 0, 0, 0, id="page")

    def head_and_foot(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(25 * mm, A4[1] - 16 * mm, source.details["publisher"])
        canvas.drawRightString(A4[0] - 25 * mm, 14 * mm, str(canvas.getPageNumber()))

    template.addPageTemplates([PageTemplate(frames=[frame], onPage=head_and_foot)])
    template.build(list(pdf_flow(source)))


def pdf_flow(source: Source) -> Iterator[Flowable]:
    title, *rest = source.blocks
    yield from pdf_block(title)
    parts = [
        list(part) for switch, part in groupby(rest, key=lambda block: block.kind == "switch") if not switch
    ]
    for number, part in enumerate(parts):
        flow = [flowable for block in part for flowable in pdf_block(block)]
        if source.columns == 2 and number % 2 == 0:
            yield BalancedColumns(flow, nCols=2, innerPadding=8 * mm)
        else:
            yield from flow


def pdf_block(block: Block) -> Iterator[Flowable]:
    if block.kind == "heading":
        yield Paragraph(block.lines[0], HEADINGS[block.level])
    elif block.kind in ("bullets", "numbers"):
        for number, line in enumerate(block.lines, 1):
            yield Paragraph(line, ITEM, bulletText="•" if block.kind == "bullets" else f"{number}.")
    elif block.kind == "table":
        names, *rows = cells(block)
        body = [[Paragraph(cell, CELL) for cell in row] for row in rows]
        head = [Paragraph(name, COLUMN_NAME) for name in names]
        widths = [FULL_WIDTH * share for share in column_shares(cells(block))]
        yield Table([head, *body], colWidths=widths, repeatRows=1, style=GRID, spaceBefore=4, spaceAfter=10)
    else:
        for line in block.lines:
            yield Paragraph(line, BODY)


def column_shares(rows: list[list[str]]) -> list[float]:
    """Each column's share of the width, by its longest cell; a long one wraps sooner than a short."""
    longest = [min(max(len(row[x]) for row in rows), 45) + 4 for x in range(len(rows[0]))]
    return [length / sum(longest) for length in longest]


# --- all of them --------------------------------------------------------------------------------


def make_corpus(folder: Path) -> list[Path]:
    """Writes every document and its sidecar under `folder`; gives the documents' paths."""
    makers = {".docx": make_word, ".pptx": make_slides, ".pdf": make_pdf}
    made = []
    for path in sorted(SOURCES.glob("*.md")):
        source = read_source(path)
        target = folder / source.file
        target.parent.mkdir(parents=True, exist_ok=True)
        makers[target.suffix](source, target)
        sidecar = "".join(
            f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in source.details.items()
        )
        target.with_suffix(".yaml").write_text(sidecar, encoding="utf-8")
        made.append(target)
    return made


def main(arguments: list[str]) -> None:
    for path in make_corpus(Path(arguments[0]) if arguments else CORPUS):
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
