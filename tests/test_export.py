"""The table as a file: what a Norwegian Excel opens as it should, and nothing that runs in it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from assistant.overview.export import exported, file_name, place
from assistant.types import (
    LANGUAGES,
    Citation,
    Filters,
    Finding,
    Language,
    Overview,
    OverviewCoverage,
    Reviewed,
)

_HOSTILE = (
    '=HYPERLINK("http://example.org";"klikk")',
    "+47 22 33 44 55",
    "-1 + 1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "  =1+1",
    "\r=1+1",
)


def _overview(*quotes: str, language: Language = "nb") -> Overview:
    citations = tuple(
        Citation(n, f"p{n}", "d1", "Årsrapport", "2022-12", n, ("Årsrapport", "Tiltak"), quote, 0, len(quote), (),
                 f"/source/d1?start=0&end={len(quote)}")
        for n, quote in enumerate(quotes, 1)
    )  # fmt: skip
    return Overview(
        id="abc",
        status="done",
        question="List opp tiltakene mot støy i alle rapportene",
        asked="Tiltakene mot støy",
        language=language,
        filters=Filters(),
        most_findings=5,
        text="1 av 2 dokumenter gjennomgått, 1 med funn.",
        coverage=OverviewCoverage(1, 2, 1, 1, 0, 2),
        findings=tuple(
            Finding("d1", "Årsrapport", "2022-12", " ".join(one.quote.split()), (one.number,), 0.8312)
            for one in citations
        ),
        citations=citations,
        documents=(
            Reviewed("d1", "Årsrapport", "2022-12", "read", len(quotes), 3, None),
            Reviewed("d2", "=Skannet", None, "unread", 0, 0, "Dokumentet har ingen tekst som kan leses."),
        ),
        model="none",
        generation="g",
        created="2026-03-01T10:00:00Z",
        updated="2026-03-01T10:00:09Z",
    )


def _csv(overview: Overview, base_url: str = "") -> list[list[str]]:
    data = exported(overview, "csv", base_url)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def _sheets(overview: Overview, base_url: str = "") -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(exported(overview, "xlsx", base_url)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_csv_is_what_a_norwegian_excel_opens() -> None:
    header, row = _csv(_overview("Støyskjermer; 2,5 km.\nFerdig i «juni»."), "http://127.0.0.1:8000")
    assert header[:5] == ["Dokument", "Dato", "Funn", "Sitat", "Side"]
    assert row == [
        "Årsrapport", "2022-12", "Støyskjermer; 2,5 km. Ferdig i «juni».", "Støyskjermer; 2,5 km.\nFerdig i «juni».",
        "1", "Årsrapport › Tiltak", "0,83", "http://127.0.0.1:8000/source/d1?start=0&end=38", "d1",
    ]  # fmt: skip
    assert b"\r\n" in exported(_overview("a"), "csv")
    assert _csv(_overview("a"))[1][7] == "", "without a service there is no link"


@pytest.mark.parametrize("text", _HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    overview = _overview(text)
    for row in _csv(overview):
        assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r") for cell in row if cell)
    assert _csv(overview)[1][3] == f"'{text}"
    book = openpyxl.load_workbook(io.BytesIO(exported(overview, "xlsx")))
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    cell = book["Funn"]["D2"]
    assert cell.quotePrefix
    assert str(cell.value).strip() == text.strip(), "a spreadsheet shows the quote as it is"


def test_xlsx_holds_the_findings_the_documents_and_the_coverage() -> None:
    sheets = _sheets(_overview("Støyskjermer.", "Stille asfalt."))
    assert [row[3] for row in sheets["Funn"]] == ["Sitat", "Støyskjermer.", "Stille asfalt."]
    assert sheets["Funn"][1][6] == 0.83
    assert sheets["Dokumenter"][1][:5] == ("Årsrapport", "2022-12", "Gjennomgått", 2, 3)
    assert sheets["Dokumenter"][2][2:6] == (
        "Ikke gjennomgått", 0, 0, "Dokumentet har ingen tekst som kan leses.",
    )  # fmt: skip
    assert ("Dekning", "1 av 2 dokumenter gjennomgått, 1 med funn.") in sheets["Om oversikten"]


def test_what_no_file_can_hold_is_left_out() -> None:
    overview = _overview("Side\x0bskift\x00 og \ud800 halv", "x" * 40_000)
    assert _csv(overview)[1][3] == "Sideskift og  halv"
    assert _sheets(overview)["Funn"][1][3] == "Sideskift og  halv"
    assert len(str(_sheets(overview)["Funn"][2][3])) == 32_767
    assert len(_csv(overview)[2][3]) == 40_000


def test_an_overview_without_findings_is_a_table_too() -> None:
    empty = replace(_overview(), findings=(), citations=())
    assert len(_csv(empty)) == 1
    assert len(_sheets(empty)["Funn"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_are_in_its_language(language: Language) -> None:
    overview = _overview("a", language=language)
    quote = {"nb": "Sitat", "nn": "Sitat", "en": "Quote"}[language]
    assert _csv(overview)[0][3] == quote
    first, *_ = _sheets(overview).values()
    assert first[0][3] == quote


def test_the_file_is_named_after_what_was_asked() -> None:
    assert file_name(_overview("a"), "xlsx") == "oversikt-tiltakene-mot-støy-2026-03-01.xlsx"
    odd = replace(_overview("a"), asked="../../etc?\r\nX: ok", language="en")
    assert file_name(odd, "csv") == "overview-etc-x-ok-2026-03-01.csv"


def test_a_place_is_the_page_as_printed_or_the_row_of_a_sheet() -> None:
    (citation,) = _overview("a").citations
    assert place(citation) == 1
    assert place(replace(citation, page_label="iv")) == "iv"
    assert place(replace(citation, page=None, row=7)) == 7
    assert place(replace(citation, page=None)) is None
