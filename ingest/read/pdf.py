"""PDF: pages to words, words to columns, lines and blocks. pypdfium2 is the parser.

The steps, a module each: pdf_words (words with boxes), pdf_rules (lines and bullets drawn), pdf_grid and
pdf_tables (tables, boxes), pdf_furniture (running heads, page numbers), pdf_columns (reading order),
pdf_blocks (paragraphs, lists, footnotes), pdf_outline (bookmarks, page labels), pdf_headings, pdf_text
(words broken at line ends). pdf_flow takes a document through them; pdf_ocr reads pages that are pictures."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as c

from assistant.errors import DamagedFile, EncryptedFile
from ingest.read.dates import parse_date
from ingest.read.extract import Extract, Metadata, RawBlock, pages_named
from ingest.read.normalise import clean
from ingest.read.pdf_blocks import Draft, item_lines, strip_bullet
from ingest.read.pdf_flow import Reading, joined, page_drafts
from ingest.read.pdf_headings import body_size_of, mark_headings
from ingest.read.pdf_lines import has_leaders, is_leader
from ingest.read.pdf_ocr import read_scans
from ingest.read.pdf_outline import part_titles, read_labels, read_outline
from ingest.read.pdf_text import running_text, vocabulary
from ingest.read.pdf_words import PdfPage, read_page

_MOST_PAGES = 5_000
_PROGRAMS = (
    "microsoft",
    "adobe",
    "acrobat",
    "chromium",
    "libreoffice",
    "untitled",
    "(anonymous)",
    "anonymous",
    "skia",
)


def read(data: bytes, path: str, ocr_seconds: float) -> Extract:
    """The blocks of a PDF, each word with its boxes. Text recognition of scanned pages may take
    `ocr_seconds` in all. Raises EncryptedFile, or DamagedFile."""
    if b"%PDF" not in data[:1024]:
        raise DamagedFile(path, "PDF", "it does not begin with %PDF")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if c.FPDF_GetLastError() == c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise EncryptedFile(path) from error
        raise DamagedFile(path, "PDF", "it is cut off or its structure is broken") from error
    try:
        return _read_document(document, path, ocr_seconds)
    finally:
        document.close()


def _read_document(document: pdfium.PdfDocument, path: str, ocr_seconds: float) -> Extract:
    pages, warnings = _read_pages(document)
    if not pages:
        raise DamagedFile(path, "PDF", "it has no pages that can be read")
    pages, scan_warnings = read_scans(document, pages, ocr_seconds)
    outline = read_outline(document)
    reading = Reading(tuple(pages), vocabulary(pages), body_size_of(pages))
    drafts = part_titles(page_drafts(reading), outline)
    mark_headings(drafts, reading.body_size, outline.levels)
    blocks = [block for draft in joined(drafts) for block in _raw_blocks(draft, reading)]
    return Extract(
        tuple(blocks),
        _metadata(document),
        len(document),
        tuple(warnings + scan_warnings),
        read_labels(document, len(pages)),
    )


def _read_pages(document: pdfium.PdfDocument) -> tuple[list[PdfPage], list[str]]:
    pages: list[PdfPage] = []
    damaged: list[int] = []
    for index in range(min(len(document), _MOST_PAGES)):
        try:
            page = read_page(document, index)
        except pdfium.PdfiumError:
            damaged.append(index + 1)
            page = PdfPage(index + 1, 1.0, 1.0, (), ())
        pages.append(page)
    warnings = [f"{pages_named(damaged)} damage and no text that can be read"] if damaged else []
    if len(document) > _MOST_PAGES:
        warnings.append(f"only the first {_MOST_PAGES} of {len(document)} pages were read")
    return pages, warnings


def _raw_blocks(draft: Draft, reading: Reading) -> list[RawBlock]:
    if draft.kind == "table":
        return list(draft.rows)
    words = list(running_text(item_lines(draft), reading.pages, reading.known))
    if draft.bullet and words:
        words[0] = (strip_bullet(words[0][0]), words[0][1])
    contents = any(has_leaders(line) for line in draft.lines)
    words = [(text, boxes) for text, boxes in words if text and not (contents and is_leader(text))]
    text, boxes = " ".join(t for t, _ in words), tuple(b for _, b in words)
    if draft.kind == "heading":
        return [RawBlock("heading", text, draft.level, draft.page, boxes)]
    if draft.kind == "item":
        return [RawBlock("list_item", text, draft.level, draft.page, boxes)]
    return [RawBlock("footnote" if draft.kind == "footnote" else "paragraph", text, 1, draft.page, boxes)]


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
    return (
        bool(title)
        and not lowered.startswith(_PROGRAMS)
        and not lowered.endswith((".doc", ".docx", ".indd", ".pdf", ".ppt", ".pptx", ".html", ".tex"))
    )
