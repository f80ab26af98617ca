"""Spreadsheets and CSV: rows that name their columns, figures as they are shown."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.errors import DamagedFile, EncryptedFile, NoText
from assistant.types import Document
from ingest.read import read_document
from ingest.read.csv_file import delimiter_of
from ingest.read.excel import Value, shown

DATA = Path(__file__).parent / "data"
TRUTH: dict[str, dict[str, list[str]]] = json.loads((DATA / "truth.json").read_text("utf-8"))


def document(data: bytes, name: str) -> Document:
    return read_document(data, name, None, 50)[0]


def blocks(doc: Document, *kinds: str) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks if not kinds or b.kind in kinds]


@pytest.mark.parametrize("name", ["figures.xlsx", "towns.csv", "exports.tsv"])
def test_rows_are_those_written(name: str) -> None:
    doc = document((DATA / name).read_bytes(), name)
    assert blocks(doc) == TRUTH[name]["blocks"]
    assert blocks(doc, "heading") == TRUTH[name]["headings"]
    assert blocks(doc, "table_row") == TRUTH[name]["rows"]


def test_a_row_knows_its_sheet_and_number() -> None:
    doc, warnings = read_document((DATA / "figures.xlsx").read_bytes(), "figures.xlsx", None, 50)
    found = {doc.text[b.start : b.end]: b for b in doc.blocks}
    nestleder = found["Rolle: Nestleder; Navn: Går på omgang"]
    assert (nestleder.heading_path, nestleder.row, nestleder.page) == (("Tiltak",), 8, None)
    assert found["Kommunene i samarbeidet"].row == 1
    assert warnings == ("the sheet 'Utkast' is hidden and was left out",)
    source = doc.source
    assert (source.title, source.publisher, source.date) == ("Tall for samarbeidet", "Næringskontoret", "2024-05-02")


@pytest.mark.parametrize(
    ("value", "number_format", "norwegian", "english"),
    [
        (24000, "#,##0", "24 000", "24,000"),
        (24000, "General", "24000", "24000"),
        (4.2, "General", "4,2", "4.2"),
        (1234.5, "0.00", "1234,50", "1234.50"),
        (0.1, "0%", "10 %", "10%"),
        (-5, "#,##0;[Red]-#,##0", "-5", "-5"),
        (99.9, '#,##0 "kr"', "100 kr", "100 kr"),
        (3, "[$$-409]#,##0.00", "$ 3,00", "$ 3.00"),
        (0.1 + 0.2, "General", "0,3", "0.3"),
        (2.0, "General", "2", "2"),
        (True, "General", "Ja", "Yes"),
        (date(2024, 3, 21), "d. mmm", "2024-03-21", "2024-03-21"),
        (datetime(2024, 3, 21, 9, 5), "General", "2024-03-21 09:05", "2024-03-21 09:05"),
        (time(9, 5), "hh:mm", "09:05", "09:05"),
        ("#REF!", "General", "", ""),
        ("#kommunevekst", "General", "#kommunevekst", "#kommunevekst"),
    ],
)
def test_values_as_they_are_shown(value: Value, number_format: str, norwegian: str, english: str) -> None:
    assert (shown(value, number_format, False), shown(value, number_format, True)) == (norwegian, english)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,0;4\n", ";"),
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ('navn,merknad\nAnna,"en; to; tre"\nOla,"fire; fem"\n', ","),
        ("bare én kolonne\nto\n", ","),
    ],
)
def test_what_parts_the_columns(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_excels_own_word_for_the_delimiter_is_no_row() -> None:
    doc = document(b"sep=,\r\nBy;land,Folk\r\nOslo;N,7\r\n", "a.csv")
    assert blocks(doc) == ["By;land: Oslo;N; Folk: 7"]
    assert doc.blocks[0].row == 3


def test_a_csv_that_is_none() -> None:
    with pytest.raises(DamagedFile):
        document(b"a;b\0\x01\x02;c\n" * 20, "a.csv")
    with pytest.raises(NoText):
        document(b";;;\n;;;\n", "a.csv")


def workbook(rows: list[list[Value]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_figures_without_names_stand_as_they_are() -> None:
    doc = document(workbook([["Vann", 1, 2], ["Strøm", 3, 4]]), "a.xlsx")
    assert blocks(doc, "table_row") == ["Vann; 1; 2", "Strøm; 3; 4"]


def test_a_part_without_names_takes_those_above() -> None:
    doc = document(workbook([["Land", "Eksport"], ["Norge", 4.5], [], ["Sverige", 6]]), "a.xlsx")
    assert blocks(doc, "table_row") == ["Land: Norge; Eksport: 4,5", "Land: Sverige; Eksport: 6"]


def test_damaged_workbooks_are_named() -> None:
    whole = workbook([["Land", "Eksport"], ["Norge", 4.5]])
    for data in (whole[:2000], b"PK\x03\x04" + bytes(50), (DATA / "report.docx").read_bytes()):
        with pytest.raises(DamagedFile):
            document(data, "a.xlsx")
    with pytest.raises(EncryptedFile):
        document(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx")


def test_a_workbook_that_would_unpack_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(120_000_000))
    with pytest.raises(DamagedFile, match="would unpack to 120 MB"):
        document(buffer.getvalue(), "a.xlsx")
