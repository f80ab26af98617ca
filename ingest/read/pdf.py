"""PDF: pages to words, words to columns, lines and blocks. pypdfium2 is the parser.

The steps, a module each: pdf_words (words with boxes), pdf_tables (ruled tables, aligned tables),
pdf_furniture (running heads, page numbers), pdf_columns (reading order), pdf_blocks (paragraphs, lists,
footnotes), pdf_headings, pdf_text (words broken at line ends)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as c

from assistant.errors import DamagedFile, EncryptedFile
from ingest.read.dates import parse_date
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.normalise import clean
from ingest.read.pdf_blocks import Draft, item_lines, line_pitches, mark_footnotes, strip_bullet, text_drafts
from ingest.read.pdf_columns import column_regions
from ingest.read.pdf_furniture import without_furniture
from ingest.read.pdf_headings import body_size_of, mark_headings, outline_key
from ingest.read.pdf_lines import Line, line_of
from ingest.read.pdf_tables import CellText, FoundTable, aligned_tables, ruled_tables
from ingest.read.pdf_text import running_text, vocabulary
from ingest.read.pdf_words import PdfPage, PdfWord, read_page
from ingest.read.tables import Words

_MOST_PAGES = 5_000
_TABLE_MARK = "\ufffc"
_PROGRAMS = ("microsoft", "adobe", "acrobat", "chromium", "libreoffice", "untitled", "(anonymous)", "anonymous", "skia")

Step = tuple[Sequence[Line], FoundTable | None]
"""What a region holds, one after another: lines of text, or a table."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every step needs of the whole document."""

    pages: tuple[PdfPage, ...]
    known: frozenset[str]
    body_size: float
    outline: dict[str, int]

    def text_of(self, rows: Sequence[list[PdfWord]]) -> Words:
        return running_text([line_of(row) for row in rows], self.pages, self.known)


def read(data: bytes, path: str) -> Extract:
    """The blocks of a PDF, each word with its boxes. Raises EncryptedFile, or DamagedFile."""
    if b"%PDF" not in data[:1024]:
        raise DamagedFile(path, "PDF", "it does not begin with %PDF")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if c.FPDF_GetLastError() == c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise EncryptedFile(path) from error
        raise DamagedFile(path, "PDF", "it is cut off or its structure is broken") from error
    try:
        return _read_document(document, path)
    finally:
        document.close()


def _read_document(document: pdfium.PdfDocument, path: str) -> Extract:
    pages, warnings = _read_pages(document)
    if not pages:
        raise DamagedFile(path, "PDF", "it has no pages that can be read")
    reading = _Reading(tuple(pages), vocabulary(pages), body_size_of(pages), _outline(document))
    drafts = _drafts(reading)
    mark_headings(drafts, reading.body_size, reading.outline)
    blocks = [block for draft in _joined(drafts) for block in _raw_blocks(draft, reading)]
    return Extract(tuple(blocks), _metadata(document), len(document), tuple(warnings))


def _read_pages(document: pdfium.PdfDocument) -> tuple[list[PdfPage], list[str]]:
    pages: list[PdfPage] = []
    warnings: list[str] = []
    for index in range(min(len(document), _MOST_PAGES)):
        try:
            page = read_page(document, index)
        except pdfium.PdfiumError:
            warnings.append(f"page {index + 1} is damaged and was left out")
            page = PdfPage(index + 1, 1.0, 1.0, (), ())
        else:
            if not page.words:
                warnings.append(f"page {index + 1} has no text (scanned?)")
        pages.append(page)
    if len(document) > _MOST_PAGES:
        warnings.append(f"only the first {_MOST_PAGES} of {len(document)} pages were read")
    return pages, warnings


def _drafts(reading: _Reading) -> list[Draft]:
    """The blocks of all pages in reading order, a page's footnotes after its text."""
    tables = [ruled_tables(page, reading.text_of) for page in reading.pages]
    rest = [_without_tables(page, found) for page, found in zip(reading.pages, tables, strict=True)]
    words = without_furniture(rest, reading.body_size)
    steps = [
        [_steps(region, found, page.number, reading.text_of) for region in column_regions(_flow(left, found))]
        for page, found, left in zip(reading.pages, tables, words, strict=True)
    ]
    pitches = line_pitches([lines for page in steps for region in page for lines, _ in region])
    drafts: list[Draft] = []
    for page, regions in zip(reading.pages, steps, strict=True):
        on_page = [
            draft
            for region in regions
            for lines, table in region
            for draft in ([Draft("table", page.number, rows=table.blocks)] if table else text_drafts(lines, pitches))
        ]
        kept, notes = mark_footnotes(on_page, reading.body_size)
        drafts.extend(kept + _turned(page) + notes)
    return drafts


def _without_tables(page: PdfPage, tables: list[FoundTable]) -> PdfPage:
    taken = {id(word) for table in tables for word in table.words}
    return replace(page, words=tuple(w for w in page.words if id(w) not in taken and w.upright))


def _flow(words: list[PdfWord], tables: list[FoundTable]) -> list[PdfWord]:
    """The words outside tables, and for each table one stand-in of its size, to find its place."""
    marks = [
        PdfWord(f"{_TABLE_MARK}{n}", t.x0, t.y0, t.x1, t.y1, t.y0 + 1.0, 10.0, False, 0) for n, t in enumerate(tables)
    ]
    return words + marks


def _steps(rows: list[list[PdfWord]], tables: list[FoundTable], page: int, text_of: CellText) -> list[Step]:
    """A region's rows as runs of lines with the tables between them."""
    steps: list[Step] = []
    plain: list[list[PdfWord]] = []

    def close() -> None:
        first = 0
        for start, end, table in aligned_tables(plain, text_of, page):
            steps.append(([line_of(row) for row in plain[first:start]], None))
            steps.append(((), table))
            first = end
        steps.append(([line_of(row) for row in plain[first:]], None))
        plain.clear()

    for row in rows:
        words = [w for w in row if not w.text.startswith(_TABLE_MARK)]
        if words:
            plain.append(words)
        for mark in row:
            if mark.text.startswith(_TABLE_MARK):
                close()
                steps.append(((), tables[int(mark.text[1:])]))
    close()
    return [(lines, table) for lines, table in steps if lines or table]


def _turned(page: PdfPage) -> list[Draft]:
    """Text that runs up or down the page, as one paragraph for each direction."""
    down = [w for w in page.words if w.turn == 90]
    up = [w for w in page.words if w.turn == 270]
    back = [w for w in page.words if w.turn == 180]
    down.sort(key=lambda w: (-round(w.x1 / w.size), w.y0))
    up.sort(key=lambda w: (round(w.x0 / w.size), -w.y1))
    back.sort(key=lambda w: (-round(w.y1 / w.size), -w.x1))
    return [Draft("paragraph", page.number, [line_of(words)]) for words in (down, up, back) if words]


def _joined(drafts: list[Draft]) -> list[Draft]:
    """Drafts with those put together that a column's or a page's end parted in mid-sentence."""
    done: list[Draft] = []
    last: Draft | None = None  # the last block of running text; footnotes may stand after it
    for draft in drafts:
        if last is not None and draft.kind == "paragraph" and _goes_on(last, draft):
            last.lines.extend(draft.lines)
            continue
        done.append(draft)
        if draft.kind != "footnote":
            last = draft if draft.kind in {"paragraph", "item"} else None
    return done


def _goes_on(before: Draft, draft: Draft) -> bool:
    above, below = before.lines[-1], draft.lines[0]
    elsewhere = below.words[0].page != above.words[0].page or below.base < above.base
    if not elsewhere or not before.is_open or abs(above.size - below.size) > 0.5:
        return False
    return below.text[0].islower() or above.words[-1].hyphen


def _raw_blocks(draft: Draft, reading: _Reading) -> list[RawBlock]:
    if draft.kind == "table":
        return list(draft.rows)
    words = list(running_text(item_lines(draft), reading.pages, reading.known))
    if draft.bullet and words:
        words[0] = (strip_bullet(words[0][0]), words[0][1])
    words = [(text, boxes) for text, boxes in words if text and not _is_leader(text)]
    text, boxes = " ".join(t for t, _ in words), tuple(b for _, b in words)
    if draft.kind == "heading":
        return [RawBlock("heading", text, draft.level, draft.page, boxes)]
    if draft.kind == "item":
        return [RawBlock("list_item", text, draft.level, draft.page, boxes)]
    return [RawBlock("footnote" if draft.kind == "footnote" else "paragraph", text, 1, draft.page, boxes)]


def _is_leader(text: str) -> bool:
    """The dots between a title and its page number in a table of contents."""
    return len(text) > 3 and set(text) <= {".", "…", "·", "_"}


def _outline(document: pdfium.PdfDocument) -> dict[str, int]:
    """The titles of the file's own table of contents with their levels, from 1."""
    titles: dict[str, int] = {}
    try:
        for bookmark in document.get_toc(max_depth=6):
            title = outline_key(clean(bookmark.get_title()))
            if len(title) > 2 and len(titles) < 5_000:
                titles.setdefault(title, bookmark.level + 1)
    except (pdfium.PdfiumError, UnicodeError, ValueError):
        return {}
    return titles


def _metadata(document: pdfium.PdfDocument) -> Metadata:
    info = document.get_metadata_dict(skip_empty=True)
    title, author = clean(info.get("Title", "")), clean(info.get("Author", ""))
    return Metadata(
        title=title if _is_title(title) else None,
        date=parse_date(info.get("CreationDate", "")),
        publisher=author if author and not author.casefold().startswith(_PROGRAMS) else None,
    )


def _is_title(title: str) -> bool:
    """Whether it is one that somebody wrote, and not a file's name or a program's."""
    lowered = title.casefold()
    return bool(title) and not lowered.startswith(_PROGRAMS) and not lowered.endswith(
        (".doc", ".docx", ".indd", ".pdf", ".ppt", ".pptx", ".html", ".tex")
    )
