"""Scanned pages: a picture of the page to words with boxes, as if they had been drawn."""

from __future__ import annotations

import io
import itertools
import statistics
import time
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as c

from ingest.read import ocr
from ingest.read.extract import pages_named
from ingest.read.ocr import ReadWord, RecognitionFailed
from ingest.read.pdf_words import PdfPage, PdfWord

_DOTS_PER_INCH = 300
_MOST_PIXELS = 25_000_000  # an A4 page has 8.7 million; a hostile one may claim to be a kilometre wide
_PAGE_SECONDS = 30.0
_DEEPEST_FORM = 3
_DESCENT = 0.21  # of the type size, below the baseline
_ASCENT = 0.73  # capitals, digits and letters such as l
_MIDDLE = 0.53  # letters such as x
_DESCENDERS = frozenset("gjpqyçQ()[]{},;/|@$§")
_FLAT = frozenset("acemnorsuvwxzæø.:-–—·•,;")  # nothing above the middle
_ONE_SIZE = 0.25  # lines whose sizes differ by less than this from the page's are set in it


def read_scans(
    document: pdfium.PdfDocument, pages: Sequence[PdfPage], seconds: float
) -> tuple[list[PdfPage], list[str]]:
    """`pages`, those without words read by text recognition where they are pictures, and warnings.
    `seconds` is for all of them together."""
    done: list[PdfPage] = []
    outcome: dict[str, list[int]] = {"blank": [], "missing": [], "read": [], "failed": [], "late": []}
    deadline = time.monotonic() + seconds
    for page in pages:
        if page.words or page.width <= 1:  # a page that could not be opened has no size
            done.append(page)
            continue
        kind, words = _read_scan(document, page, deadline)
        outcome[kind].append(page.number)
        done.append(PdfPage(page.number, page.width, page.height, tuple(words), page.rules))
    return done, [_WARNINGS[kind].format(pages_named(numbers)) for kind, numbers in outcome.items() if numbers]


_WARNINGS = {
    "blank": "{} no text (scanned?)",
    "missing": "{} no text (scanned?); install Tesseract (tesseract-ocr, tesseract-ocr-nor) to have it read",
    "read": "{} no text of its own (scanned); it was read by text recognition, which makes mistakes",
    "failed": "{} no text (scanned?), and text recognition failed",
    "late": "{} no text (scanned?), and there was no time left to recognise it; raise ASSISTANT_READ_SECONDS",
}


def _read_scan(
    document: pdfium.PdfDocument, page: PdfPage, deadline: float
) -> tuple[str, list[PdfWord]]:
    """Which of the warnings applies, and the words."""
    try:
        sheet = document[page.number - 1]
        try:
            if not _has_picture(sheet):
                return "blank", []
            if not ocr.is_installed():
                return "missing", []
            left = deadline - time.monotonic()
            if left <= 0:
                return "late", []
            scale = min(_DOTS_PER_INCH / 72, (_MOST_PIXELS / (page.width * page.height)) ** 0.5)
            found = ocr.recognise(_picture(sheet, scale), round(72 * scale), min(left, _PAGE_SECONDS))
        finally:
            sheet.close()
    except RecognitionFailed:
        return ("late" if time.monotonic() >= deadline else "failed"), []
    except pdfium.PdfiumError:
        return "blank", []
    words = _as_drawn(found, scale, page.number)
    return ("read" if words else "blank"), words


def _has_picture(sheet: pdfium.PdfPage) -> bool:
    return any(True for _ in sheet.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST_FORM))


def _picture(sheet: pdfium.PdfPage, scale: float) -> bytes:
    bitmap = sheet.render(scale=scale, grayscale=True)
    try:
        buffer = io.BytesIO()
        bitmap.to_pil().save(buffer, "PPM")  # Tesseract reads it, and nobody spends time packing it
        return buffer.getvalue()
    finally:
        bitmap.close()


def _as_drawn(found: Sequence[ReadWord], scale: float, page: int) -> list[PdfWord]:
    """Words in points. Those of a line share its baseline and its height, and the lines of a page their
    type size where they are near to it: the layout steps expect the evenness of drawn text."""
    lines = [list(words) for _, words in itertools.groupby(found, key=lambda word: word.line)]
    sizes = [statistics.median(_size(word) for word in words) for words in lines]
    usual = statistics.median(s for s, words in zip(sizes, lines, strict=True) for _ in words) if sizes else 0
    drawn: list[PdfWord] = []
    for words, size in zip(lines, sizes, strict=True):
        if abs(size - usual) < _ONE_SIZE * usual:
            size = usual
        base = statistics.median(w.y1 - (_DESCENT * size if _hangs(w.text) else 0) for w in words)
        for w in words:
            top, bottom = min(w.y0, base - _ASCENT * size), max(w.y1, base + _DESCENT * size)
            x0, y0, x1, y1, line = (value / scale for value in (w.x0, top, w.x1, bottom, base))
            drawn.append(PdfWord(w.text, x0, y0, x1, y1, line, max(1.0, float(round(size / scale))), False, page))
    return drawn


def _size(word: ReadWord) -> float:
    above = _MIDDLE if set(word.text) <= _FLAT | _DESCENDERS - {"Q"} else _ASCENT
    return (word.y1 - word.y0) / (above + (_DESCENT if _hangs(word.text) else 0))


def _hangs(text: str) -> bool:
    return bool(set(text) & _DESCENDERS)
