"""An overview as a table for a spreadsheet: CSV for a Norwegian Excel, and XLSX.

A cell that begins as a formula does is text here: what stands in a document must not run in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.types import Citation, Language, Overview

if TYPE_CHECKING:
    from openpyxl import Workbook

Format = Literal["csv", "xlsx"]

MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_FORMULA = re.compile(r"\s*[=+\-@]|[\t\r]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What neither XML nor UTF-8 can hold."""

_MOST = 32_767
"""Characters that a cell of Excel holds."""

_Cell = str | int | float | None


class _Words(NamedTuple):
    findings: str
    documents: str
    about: str
    columns: tuple[str, ...]
    states: dict[str, str]
    state_columns: tuple[str, ...]
    facts: tuple[str, ...]


_WORDS: dict[Language, _Words] = {
    "nb": _Words(
        "Funn",
        "Dokumenter",
        "Om oversikten",
        ("Dokument", "Dato", "Funn", "Sitat", "Side", "Overskrift", "Sikkerhet", "Lenke", "Dokument-id"),
        {"read": "Gjennomgått", "unread": "Ikke gjennomgått", "waiting": "Gjenstår"},
        ("Dokument", "Dato", "Status", "Funn", "Flere funn", "Grunn", "Dokument-id"),
        ("Spørsmål", "Lest etter", "Dekning", "Laget", "Generasjon", "Id"),
    ),
    "nn": _Words(
        "Funn",
        "Dokument",
        "Om oversikta",
        ("Dokument", "Dato", "Funn", "Sitat", "Side", "Overskrift", "Tryggleik", "Lenkje", "Dokument-id"),
        {"read": "Gjennomgått", "unread": "Ikkje gjennomgått", "waiting": "Står att"},
        ("Dokument", "Dato", "Status", "Funn", "Fleire funn", "Grunn", "Dokument-id"),
        ("Spørsmål", "Lese etter", "Dekning", "Laga", "Generasjon", "Id"),
    ),
    "en": _Words(
        "Findings",
        "Documents",
        "About",
        ("Document", "Date", "Finding", "Quote", "Page", "Heading", "Confidence", "Link", "Document id"),
        {"read": "Reviewed", "unread": "Not reviewed", "waiting": "Remaining"},
        ("Document", "Date", "Status", "Findings", "More findings", "Reason", "Document id"),
        ("Question", "Read for", "Coverage", "Made", "Generation", "Id"),
    ),
}


def exported(overview: Overview, format: Format, base_url: str = "") -> bytes:
    """The file. `base_url` is where the service is reached, without a slash at the end; the links to the
    quotes are whole addresses then, and are left out without it."""
    return _csv(overview, base_url) if format == "csv" else _xlsx(overview, base_url)


def file_name(overview: Overview, format: Format) -> str:
    """Of its question and the day it was made: "oversikt-tiltak-mot-støy-2026-03-01.csv"."""
    words = re.findall(r"\w+", overview.asked.lower())[:6]
    name = {"nb": "oversikt", "nn": "oversyn", "en": "overview"}[overview.language]
    return f"{'-'.join([name, *words])[:80]}-{overview.created[:10]}.{format}"


def place(citation: Citation) -> str | int | None:
    """The page as it is printed on it, else its number; the row of a sheet."""
    if citation.page_label is not None:
        return citation.page_label
    return citation.page if citation.page is not None else citation.row


def _csv(overview: Overview, base_url: str) -> bytes:
    out = io.StringIO(newline="")
    # Semicolons, since the comma is the decimal mark in Norwegian settings; the mark at the start tells
    # Excel that it is UTF-8.
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_WORDS[overview.language].columns)
    for row in _findings(overview, base_url):
        writer.writerow([_as_text(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _as_text(cell: _Cell) -> str:
    if isinstance(cell, float):
        return str(cell).replace(".", ",")
    text = "" if cell is None else _UNWRITABLE.sub("", str(cell))
    return f"'{text}" if _FORMULA.match(text) else text


def _xlsx(overview: Overview, base_url: str) -> bytes:
    from openpyxl import Workbook

    words = _WORDS[overview.language]
    book = Workbook(write_only=True)
    _sheet(book, words.findings, (36, 12, 70, 70, 8, 30, 10, 30, 18), words.columns, _findings(overview, base_url))
    _sheet(book, words.documents, (36, 12, 18, 8, 10, 60, 18), words.state_columns, _documents(overview, words))
    _sheet(book, words.about, (18, 100), (), _about(overview, words))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: Workbook, title: str, widths: Sequence[int], columns: Sequence[str], rows: Iterable[Sequence[_Cell]]
) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if columns:
        sheet.freeze_panes = "A2"

    def cell(value: _Cell, bold: bool) -> WriteOnlyCell:
        text = _UNWRITABLE.sub("", value)[:_MOST] if isinstance(value, str) else value
        made = WriteOnlyCell(sheet, text)
        if isinstance(text, str):
            made.data_type = "s"  # else a text that begins with = becomes a formula
            made.quotePrefix = bool(_FORMULA.match(text))  # and one when somebody edits the cell
        made.font = Font(bold=bold)
        made.alignment = Alignment(wrap_text=True, vertical="top")
        return made

    for number, row in enumerate([columns, *rows] if columns else rows):
        sheet.append([cell(value, bold=bool(columns) and number == 0) for value in row])


# --- what the cells hold ------------------------------------------------------------------------


def _findings(overview: Overview, base_url: str) -> Iterator[tuple[_Cell, ...]]:
    """A row for each citation of each finding; without a language model every finding has one."""
    by_number = {citation.number: citation for citation in overview.citations}
    for finding in overview.findings:
        for citation in (by_number[number] for number in finding.citations):
            yield (
                finding.title,
                finding.date,
                finding.text,
                citation.quote,
                place(citation),
                " › ".join(citation.heading_path),
                round(finding.confidence, 2),
                f"{base_url}{citation.url}" if base_url else None,
                finding.document_id,
            )


def _documents(overview: Overview, words: _Words) -> Iterator[tuple[_Cell, ...]]:
    for one in overview.documents:
        yield one.title, one.date, words.states[one.state], one.findings, one.more, one.reason, one.document_id


def _about(overview: Overview, words: _Words) -> Iterator[tuple[_Cell, ...]]:
    values = (overview.question, overview.asked, overview.text, overview.created, overview.generation, overview.id)
    yield from zip(words.facts, values, strict=True)
