"""Word and PowerPoint, measured against what was put in, and packages that are not what they say."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from docx import Document as NewDocument
from docx.enum.section import WD_ORIENT
from pptx import Presentation

from assistant.errors import DamagedFile, EncryptedFile, FileError
from assistant.types import Document
from ingest.read import read_document
from ingest.read.word import read as read_word

DATA = Path(__file__).parent / "data"
TRUTH: dict[str, dict[str, list[str]]] = json.loads((DATA / "truth.json").read_text("utf-8"))
OFFICE = ["report.docx", "slides.pptx"]


def document(name: str) -> Document:
    return read_document((DATA / name).read_bytes(), name, None, 50)[0]


def blocks(doc: Document, *kinds: str) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks if not kinds or b.kind in kinds]


@pytest.mark.parametrize("name", OFFICE)
def test_blocks_headings_and_rows_are_those_put_in(name: str) -> None:
    doc = document(name)
    assert blocks(doc) == TRUTH[name]["blocks"]
    assert blocks(doc, "heading") == TRUTH[name]["headings"]
    assert blocks(doc, "table_row") == TRUTH[name]["rows"]


def test_word_headings_nest_and_lists_indent() -> None:
    doc = document("report.docx")
    row = next(b for b in doc.blocks if b.kind == "table_row")
    assert row.heading_path == ("Samarbeid om tomter", "Bakgrunn", "Oppgaver", "Tall for tomtene")
    assert row.page is None
    assert "- føre register\n  - over tomter\n- svare bedrifter\n1. Søk" in doc.text


def test_word_metadata_comes_from_its_properties() -> None:
    source = document("report.docx").source
    assert (source.date, source.publisher, source.kind) == ("2024-05-02", "Næringskontoret", "rapport")


def test_a_template_says_nothing_of_the_document() -> None:
    new = NewDocument()
    new.add_paragraph("Et dokument som er laget av et program og ikke har noen egne opplysninger.")
    assert new.sections[0].orientation == WD_ORIENT.PORTRAIT
    buffer = io.BytesIO()
    new.save(buffer)
    source = read_document(buffer.getvalue(), "mappe/ny_fil-2.docx", None, 50)[0].source
    assert (source.title, source.date, source.publisher) == ("ny fil 2", None, None)


def test_slides_are_pages_and_notes_stand_under_a_heading() -> None:
    doc = document("slides.pptx")
    assert doc.source.pages == 3
    assert [b.page for b in doc.blocks if b.kind == "heading"] == [1, 1, 2]
    note = next(b for b in doc.blocks if doc.text[b.start : b.end].startswith("Nevn"))
    assert note.heading_path == ("Tomter i regionen", "Notater")


def test_an_empty_slide_is_named() -> None:
    assert read_document((DATA / "slides.pptx").read_bytes(), "s.pptx", None, 50)[1] == (
        "slide 3 has no text",
    )


def test_an_empty_deck_has_no_text() -> None:
    buffer = io.BytesIO()
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(buffer)
    with pytest.raises(FileError) as caught:
        read_document(buffer.getvalue(), "tom.pptx", None, 50)
    assert caught.value.code == "file_no_text"


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_what_is_no_package_is_damaged(suffix: str) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("hallo.txt", "hei")
    whole = (DATA / ("report.docx" if suffix == ".docx" else "slides.pptx")).read_bytes()
    for data in (
        b"Dette er ren tekst.",
        other.getvalue(),
        whole[: len(whole) // 2],
        b"PK\x03\x04" + b"\0" * 50,
    ):
        with pytest.raises(DamagedFile):
            read_document(data, "a" + suffix, None, 50)


def test_a_bomb_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 200_000_000)
    assert len(buffer.getvalue()) < 1_000_000
    with pytest.raises(DamagedFile, match="200 MB"):
        read_document(buffer.getvalue(), "bombe.docx", None, 50)


def test_entities_do_not_multiply() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>hei &l9;</w:t></w:r></w:p></w:body></w:document>"
    )
    data = _with_part("word/document.xml", xml.encode())
    try:
        text = " ".join(block.text for block in read_word(data, "a.docx").blocks)
    except DamagedFile:
        return
    assert len(text) < 1000


def test_office_97_and_locked_files_are_told_apart() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(DamagedFile, match="97-2003"):
        read_document(ole, "gammel.docx", None, 50)
    with pytest.raises(EncryptedFile):
        read_document(ole + "EncryptedPackage".encode("utf-16-le"), "laast.docx", None, 50)


def test_broken_xml_is_damaged() -> None:
    for xml in (b"<w:document", b"<a/>", b""):
        with pytest.raises(DamagedFile):
            read_document(_with_part("word/document.xml", xml), "a.docx", None, 50)


def _with_part(name: str, content: bytes) -> bytes:
    """The Word file with one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(DATA / "report.docx") as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return buffer.getvalue()
