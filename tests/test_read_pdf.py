"""PDF: the text, its order and its places, measured against what was drawn."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from ctypes import c_double
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from assistant.errors import DamagedFile, EncryptedFile, NoText
from assistant.types import Box, Document
from ingest.read import read_document
from ingest.read.normalise import clean
from ingest.read.pdf_hyphens import rejoin

DATA = Path(__file__).parent / "data"
TRUTH: dict[str, dict[str, list[str]]] = json.loads((DATA / "truth.json").read_text("utf-8"))
DRAWN = ["report.pdf", "columns.pdf", "tables.pdf", "turned.pdf", "openlocked.pdf", "labelled.pdf"]


def document(name: str) -> Document:
    return read_document((DATA / name).read_bytes(), name, None, 50)[0]


def blocks(doc: Document, *kinds: str) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks if not kinds or b.kind in kinds]


@pytest.mark.parametrize("name", DRAWN)
def test_characters_and_order_are_those_drawn(name: str) -> None:
    truth, found = "\n".join(TRUTH[name]["blocks"]), "\n".join(blocks(document(name)))
    matching = sum(m.size for m in SequenceMatcher(None, truth, found, autojunk=False).get_matching_blocks())
    assert 2 * matching / (len(truth) + len(found)) >= 0.995
    assert blocks(document(name)) == TRUTH[name]["blocks"]


@pytest.mark.parametrize("name", DRAWN)
def test_headings_and_table_rows_are_those_drawn(name: str) -> None:
    assert blocks(document(name), "heading") == TRUTH[name]["headings"]
    assert blocks(document(name), "table_row") == TRUTH[name]["rows"]


def test_headings_nest_by_size() -> None:
    doc = document("report.pdf")
    last = doc.blocks[-1]
    assert last.heading_path == ("Næringsarealer på tvers av grenser", "2 Tilbudet", "Hvem som svarer")
    assert [b.page for b in doc.blocks][-3:] == [2, 3, 3]


def test_a_browsers_pdf() -> None:
    doc = document("chromium.pdf")
    assert blocks(doc, "heading") == ["Arbeidsdeling i klyngen", "Gruppene", "Tall", "Økonomi", "Vurdering"]
    assert blocks(doc, "list_item")[:4] == [
        "- produksjon og kvalitet",
        "- forskning",
        "- kliniske studier",
        "- dataplattformer",
    ]
    assert blocks(doc, "list_item")[-2:] == ["1. Lederen kaller inn.", "2. Referat sendes ut innen en uke."]
    assert blocks(doc, "table_row") == [
        "År: 2022; Medlemmer: 41; Møter: 19",
        "År: 2023; Medlemmer: 48; Møter: 24",
        "Post: Lønn; Budsjett: 1 200 000; Regnskap: 1 180 500",
        "Post: Reiser og møter; Budsjett: 300 000; Regnskap: 342 750",
        "Post: Annet; Budsjett: 90 000; Regnskap: 61 300",
    ]
    columns = doc.text[doc.text.index("Arbeidet går bedre") :]
    source = clean((DATA / "chromium.html").read_text("utf-8").split('class="cols">')[1])
    assert clean(columns) == clean(
        source.replace("<p>", " ").replace("</p>", " ").replace("</div>", "").replace("</html>", "")
    )


def test_nested_items_are_indented() -> None:
    assert "- forskning\n  - kliniske studier\n  - dataplattformer\n- folk" in document("chromium.pdf").text


@pytest.mark.parametrize("name", ["report.pdf", "columns.pdf", "tables.pdf", "turned.pdf", "chromium.pdf"])
def test_boxes_cover_exactly_their_words(name: str) -> None:
    """200 words at random: what pdfium finds inside a word's boxes is the word."""
    doc = document(name)
    file = pdfium.PdfDocument((DATA / name).read_bytes())
    words = [w for w in doc.words if len(w.boxes) == 1 and not set("¹²") & set(doc.text[w.start : w.end])]
    drawn = random.Random(7).sample(words, min(200, len(words)))
    right = 0
    for word in drawn:
        found = text_inside(file, word.boxes[0])
        right += doc.text[word.start : word.end].rstrip(":;") == found.rstrip(":;")
    file.close()
    assert right >= 0.99 * len(drawn)


def text_inside(file: pdfium.PdfDocument, box: Box) -> str:
    page = file[box.page - 1]
    corners = []
    for x, y in ((box.x0, box.y0), (box.x1, box.y1)):
        px, py = c_double(), c_double()
        pdfium_c.FPDF_DeviceToPage(
            page, 0, 0, 100_000, 100_000, 0, int(x * 100_000), int(y * 100_000), px, py
        )
        corners.append((px.value, py.value))
    (ax, ay), (bx, by) = corners
    text_page = page.get_textpage()
    found: str = text_page.get_text_bounded(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    text_page.close()
    page.close()
    return "".join(found.split())


def test_a_broken_word_has_a_box_for_each_half() -> None:
    doc = document("columns.pdf")
    halves = [w for w in doc.words if len(w.boxes) == 2]
    assert len(halves) > 5
    for word in halves:
        first, second = word.boxes
        assert second.y0 > first.y0 or second.x0 > first.x0 or second.page > first.page


def test_a_repeated_column_name_points_to_the_header() -> None:
    doc = document("report.pdf")
    at = doc.text.index("Kommune: Østbygd")
    first = next(w for w in doc.words if w.start == at)
    header = next(w for w in doc.words if w.start == doc.text.index("Kommune: Nordvik"))
    own = next(w for w in doc.words if w.start == at + len("Kommune: "))
    assert first.boxes == header.boxes
    assert own.boxes[0].y0 > first.boxes[0].y1


def test_running_heads_and_page_numbers_are_left_out() -> None:
    text = document("report.pdf").text
    assert "Årsrapport" not in text
    assert "Side 2" not in text


def test_a_footnote_stands_after_its_page() -> None:
    doc = document("report.pdf")
    note = next(b for b in doc.blocks if b.kind == "footnote")
    assert note.page == 1
    assert all(b.page == 1 for b in doc.blocks if b.start < note.start)
    assert "i juni.¹ Den gir" in doc.text


def test_a_page_without_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # a machine without Tesseract
    doc, warnings = read_document((DATA / "scanned.pdf").read_bytes(), "scanned.pdf", None, 50)
    assert blocks(doc) == TRUTH["scanned.pdf"]["blocks"]
    assert warnings == (
        "page 1 has no text (scanned?); install Tesseract (tesseract-ocr, tesseract-ocr-nor) to have it read",
    )


def test_a_scan_is_read_where_tesseract_is() -> None:
    if "nor" not in ocr_languages():
        pytest.skip("no Tesseract with Norwegian")
    doc, warnings = read_document((DATA / "letter.pdf").read_bytes(), "letter.pdf", None, 50)
    truth, found = "\n".join(TRUTH["letter.pdf"]["blocks"]), "\n".join(blocks(doc))
    matching = sum(m.size for m in SequenceMatcher(None, truth, found, autojunk=False).get_matching_blocks())
    assert 2 * matching / (len(truth) + len(found)) >= 0.98
    assert blocks(doc, "heading") == TRUTH["letter.pdf"]["headings"]
    assert warnings[0].startswith("page 1 has no text of its own (scanned)")
    first = doc.words[0].boxes[0]  # drawn at 70 of 595 points from the left, 72 of 842 from the top
    assert (first.x0, first.y1) == pytest.approx((70 / 595, 76 / 842), abs=0.01)


def test_a_scan_for_which_there_is_no_time_is_named() -> None:
    if not ocr_languages():
        pytest.skip("no Tesseract")
    with pytest.raises(NoText):
        read_document((DATA / "letter.pdf").read_bytes(), "letter.pdf", None, 50, ocr_seconds=0.0)
    _, warnings = read_document((DATA / "scanned.pdf").read_bytes(), "scanned.pdf", None, 50, ocr_seconds=0.0)
    assert "no time left" in warnings[0]


def ocr_languages() -> list[str]:
    if shutil.which("tesseract") is None:
        return []
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, check=True, text=True)
    return listed.stdout.split()


def test_pages_keep_the_number_printed_on_them() -> None:
    assert document("labelled.pdf").page_labels == ("i", "ii", "1", "2")
    assert document("report.pdf").page_labels == ()


def test_a_password_is_asked_for_only_where_there_is_one() -> None:
    with pytest.raises(EncryptedFile):
        document("locked.pdf")
    assert document("openlocked.pdf").text == "Teksten i et vernet dokument."


def test_a_cut_or_false_pdf_is_damaged() -> None:
    whole = (DATA / "report.pdf").read_bytes()
    for data in (b"%PDF-1.7\nrubbish", b"MZ" + whole[2:600].replace(b"%PDF", b"xxxx"), whole[:300]):
        with pytest.raises(DamagedFile):
            read_document(data, "a.pdf", None, 50)


def test_metadata_of_the_file() -> None:
    source = document("report.pdf").source
    assert (source.title, source.publisher, source.date) == (
        "Næringsarealer på tvers av grenser",
        "Næringskontoret",
        "2000-01-01",
    )
    assert source.pages == 3


@pytest.mark.parametrize(
    ("first", "second", "known", "expected"),
    [
        ("hel", "se", (), ("helse",)),
        ("Aurskog", "Høland", (), ("Aurskog-Høland",)),
        ("forsknings", "og", (), ("forsknings-", "og")),
        ("e", "post", (), ("e-post",)),
        ("EU", "land", (), ("EU-land",)),
        ("covid", "19", (), ("covid-19",)),
        ("LEGEMIDDEL", "INDUSTRI", (), ("LEGEMIDDELINDUSTRI",)),
        ("start", "up", ("start-up",), ("start-up",)),
        ("start", "up", ("start-up", "startup"), ("startup",)),
        ("2030", "målene", (), ("2030-målene",)),
    ],
)
def test_hyphens(first: str, second: str, known: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert rejoin(first, second, frozenset(known)) == expected


def test_a_box_beside_the_text_is_read_by_itself() -> None:
    found = blocks(document("notice.pdf"))
    beside = next(n for n, text in enumerate(found) if text.startswith("Fylkestinget ba"))
    assert found[beside].endswith("mye vann som er igjen til næringslivet.")
    assert found[beside + 1 : beside + 7] == [
        "Fakta",
        "Areal: 310 km²",
        "Folketall: 45 490",
        "Kommuner: 4",
        "Startår: 2019",
        "Budsjett: 2,4 mill. kroner",
    ]
    assert found[beside + 7].startswith("Hovedfunnet er")


def test_merged_column_names_and_stripes() -> None:
    assert blocks(document("notice.pdf"), "table_row") == [
        "Tiltak: Avløp i Sørvik; Kostnad: 12 000 000; Start: 2025",
        "Tiltak: Overvåking; Kostnad: 3 200 000; Start: 2024",
        "Tiltak: Veileder for bedrifter; Kostnad: 450 000; Start: 2024",
        "Kommune: Nordvik; Utslipp (tonn) 2022: 4,1; Utslipp (tonn) 2023: 3,9; "
        "Merknad: Nytt renseanlegg fra august, men innkjøring tok lengre tid enn planlagt",
        "Kommune: Sørvik; Utslipp (tonn) 2022: 7,7; Utslipp (tonn) 2023: 8,0",
        "Kommune: Østbygd; Utslipp (tonn) 2022: 2,0; Utslipp (tonn) 2023: 1,8; Merknad: Målt på to steder",
        "Fag: Kjemi; Plasser: 24; Søkere: 61",
        "Fag: Bioteknologi; Plasser: 18; Søkere: 77",
        "Fag: Helse; Plasser: 60; Søkere: 88",
    ]
