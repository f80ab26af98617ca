"""How well documents are read, how exactly quotes are placed, and how fast.

    python -m benchmarks.reading

Prints a line a file of the measured set (tests/data, whose truth is what was put in), then the share of 200
quotes at random whose boxes hold their words and no others, then pages a second on one core."""

from __future__ import annotations

import io
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_double
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from assistant.places import boxes_of
from assistant.types import Box, Document
from ingest.read import pdf, read_document
from ingest.split import split
from tests.data.make_pdf import _BODY, _H2, PROSE, TABLE

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"
TRUTH: dict[str, dict[str, list[str]]] = json.loads((DATA / "truth.json").read_text("utf-8"))
SCANS = {"letter.pdf"}
LEFT_OUT = {"locked.pdf", "scanned.pdf"}
QUOTES = 200


def main() -> None:
    measured_set()
    placed_quotes()
    speed()


# --- text, order, headings, cells ---------------------------------------------------------------


def measured_set() -> None:
    print(f"{'file':16} {'characters':>10} {'blocks':>7} {'order':>6} {'headings':>9} {'cells':>7}")
    for name in sorted(TRUTH):
        if name in LEFT_OUT:
            continue
        truth = TRUTH[name]
        doc, _ = read_document((DATA / name).read_bytes(), name, None, 50)
        found = blocks(doc)
        headings, rows = blocks(doc, "heading"), blocks(doc, "table_row")
        print(
            f"{name:16} {alike(truth['blocks'], found):10.4f} {exact(truth['blocks'], found):>7} "
            f"{'right' if in_order(truth['blocks'], found) else 'WRONG':>6} "
            f"{exact(truth['headings'], headings):>9} {cells(truth['rows'], rows):>7}"
        )


def blocks(doc: Document, *kinds: str) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks if not kinds or b.kind in kinds]


def alike(truth: Sequence[str], found: Sequence[str]) -> float:
    """Twice the characters that match, of all in both."""
    one, other = "\n".join(truth), "\n".join(found)
    matching = sum(m.size for m in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return 2 * matching / (len(one) + len(other))


def exact(truth: Sequence[str], found: Sequence[str]) -> str:
    """How many are found as they are, of how many there are, and how many are found too much."""
    common = sum((Counter(truth) & Counter(found)).values())
    return f"{common}/{len(truth)}" + (f"+{len(found) - common}" if len(found) > common else "")


def in_order(truth: Sequence[str], found: Sequence[str]) -> bool:
    places = [found.index(text) for text in truth if text in found and truth.count(text) == 1]
    return places == sorted(places)


def cells(truth: Sequence[str], found: Sequence[str]) -> str:
    """Cells with the right column and row names: the rest of their row is that of the truth's."""
    total = right = 0
    for row in truth:
        parts = row.split("; ")
        best = max((set(other.split("; ")) for other in found), key=lambda p: len(p & set(parts)), default=set())
        total += len(parts)
        right += sum(part in best for part in parts)
    return f"{right}/{total}" if total else "-"


# --- places -------------------------------------------------------------------------------------


def placed_quotes() -> None:
    chance = random.Random(1)
    for folder, files in (("corpus", sorted((ROOT / "corpus").rglob("*.pdf"))), ("tests/data", _drawn())):
        quotes = [
            (file, doc, passage.start + s.start - passage.start, s.end)
            for file in files
            for doc in [read_document(file.read_bytes(), file.name, None, 50)[0]]
            for passage in split(doc)
            for s in passage.sentences
        ]
        drawn = chance.sample(quotes, min(QUOTES, len(quotes)))
        wrong = [quote for quote in drawn if not covers(*quote)]
        print(f"\nboxes hold the quote's words and no others, {folder}: {len(drawn) - len(wrong)} of {len(drawn)}")
        for file, doc, start, end in wrong[:5]:
            print(f"  {file.name}: {doc.text[start:end]!r}")


def _drawn() -> list[Path]:
    return [DATA / name for name in sorted(TRUTH) if name.endswith(".pdf") and name not in LEFT_OUT | SCANS] + [
        DATA / "chromium.pdf",
        DATA / "notice.pdf",
    ]


def covers(file: Path, doc: Document, start: int, end: int) -> bool:
    """Whether the characters drawn inside the boxes are those of the words; a word that several table
    rows repeat is drawn once."""
    words = {w.boxes: doc.text[w.start : w.end] for w in doc.words if w.start < end and w.end > start}
    wanted = Counter(c for word in words.values() for c in plain(word))
    with pdfium.PdfDocument(file.read_bytes()) as document:
        inside = Counter(
            c for box in boxes_of(doc, start, end) for c in plain("".join(characters_in(document, box)))
        )
    return wanted == inside


_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DROPPED = set(":;-‐\u00ad•") | {"\x02", "\ufffe"}


def plain(text: str) -> str:
    """Without what a row's text adds to its cells, and the hyphens of words that are broken."""
    written_out = text.translate(_SUPERSCRIPTS).replace("ﬁ", "fi").replace("ﬂ", "fl")
    return "".join(c for c in written_out if not c.isspace() and c not in _DROPPED)


def characters_in(document: pdfium.PdfDocument, box: Box) -> Iterator[str]:
    """The characters whose middle lies in `box`, found anew in the file."""
    page = document[box.page - 1]
    text_page = page.get_textpage()
    corners = []
    for x, y in ((box.x0, box.y0), (box.x1, box.y1)):
        px, py = c_double(), c_double()
        pdfium_c.FPDF_DeviceToPage(page, 0, 0, 100_000, 100_000, 0, round(x * 1e5), round(y * 1e5), px, py)
        corners.append((px.value, py.value))
    (ax, ay), (bx, by) = corners
    for index in range(text_page.count_chars()):
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        x, y = (left + right) / 2, (bottom + top) / 2
        if min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            yield text_page.get_text_range(index, 1)
    text_page.close()
    page.close()


# --- speed --------------------------------------------------------------------------------------


def speed() -> None:
    print()
    for what, data in (("text and boxes", _book(100, tables=False)), ("pages with two tables", _book(40, tables=True))):
        pdf.read(data, "warm.pdf", 0.0)
        started = time.process_time()
        extract = pdf.read(data, "a.pdf", 0.0)
        parsed = time.process_time() - started
        started = time.process_time()
        read_document(data, "a.pdf", None, 50)
        whole = time.process_time() - started
        pages, words = extract.pages or 0, sum(len(b.text.split()) for b in extract.blocks)
        print(
            f"{what}: {pages} pages of {words / pages:.0f} words; {pages / parsed:.0f} pages/s to blocks, "
            f"{pages / whole:.0f} to a document (processor time, one core)"
        )


def _book(pages: int, tables: bool) -> bytes:
    """A drawn book: a heading and about 450 words a page, or 220 and a table with rules and one without."""
    story: list[Flowable] = []
    for number in range(pages):
        story.append(Paragraph(f"{number + 1} Kapittel om {PROSE[number % 6].split()[3]}", _H2))
        story += [Paragraph(PROSE[(number + n) % 6], _BODY) for n in range(7 if tables else 14)]
        if tables:
            for ruled in (True, False):
                grid = Table([list(row) for row in TABLE])
                if ruled:
                    grid.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
                story += [grid, Spacer(1, 14)]
        story.append(PageBreak())
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, invariant=True).build(story)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
