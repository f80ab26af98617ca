"""Excel workbooks: a sheet is a heading, a row a sentence that names its columns."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from assistant.errors import DamagedFile
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.language import language_of
from ingest.read.office import OFFICE_ERRORS, check_package, office_metadata
from ingest.read.sheets import MOST_COLUMNS, MOST_ROWS, Row, sheet_blocks
from ingest.read.tables import EMPTY, Cell, cell

_ERRORS = (*OFFICE_ERRORS, InvalidFileException, SyntaxError)  # ElementTree's errors are SyntaxErrors
_LAST_ROW = 1_048_576
_MOST_MERGED = 20_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_UNIT = re.compile(r"kr|NOK|EUR|USD|SEK|DKK|€|\$(?![\-\]])|£", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_SAMPLE_CELLS = 200

Value = str | int | float | bool | datetime | date | time | timedelta | None


def read(data: bytes, path: str) -> Extract:
    """The visible sheets of an .xlsx file, values as they are shown. Raises DamagedFile or EncryptedFile."""
    check_package(data, path, "Excel", "xl/")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return _read_book(book, data)
        finally:
            book.close()
    except _ERRORS as error:
        raise DamagedFile(path, "Excel", "its contents cannot be read") from error


def _read_book(book: Workbook, data: bytes) -> Extract:
    english = _is_english(book)
    blocks: list[RawBlock] = []
    warnings: list[str] = []
    left = MOST_ROWS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            warnings.append(f"the sheet {sheet.title!r} is hidden and was left out")
            continue
        rows = list(_rows(sheet, _merged(sheet, data), left, english))
        if not any(row.filled for row in rows):
            warnings.append(f"the sheet {sheet.title!r} has no text in its first {MOST_COLUMNS} columns")
        if len(rows) >= left:
            warnings.append(f"only the first {MOST_ROWS} rows were read")
        left = max(left - len(rows), 0)
        found = sheet_blocks(rows, always_named=False)
        if found:
            blocks += [RawBlock("heading", sheet.title), *found]
        if not left:
            break
    return Extract(tuple(blocks), _metadata(book), warnings=tuple(warnings))


def _metadata(book: Workbook) -> Metadata:
    said = book.properties
    author = "" if said.creator == "openpyxl" else said.creator or ""
    return office_metadata(said.title or "", author, said.category or "", said.language or "", said.created)


def _is_english(book: Workbook) -> bool:
    """Whether its texts are English: figures are then written 24,000.5 instead of 24 000,5."""
    texts: list[str] = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=50, max_col=30, values_only=True):
            texts += [value for value in row if isinstance(value, str)]
        if len(texts) > _SAMPLE_CELLS:
            break
    return bool(texts) and language_of(None, " ".join(texts)) == "en"


def _rows(
    sheet: ReadOnlyWorksheet, merged: dict[tuple[int, int], tuple[int, int]], most: int, english: bool
) -> Iterator[Row]:
    """At most `most` rows that hold something, and one empty one where rows are left out."""
    sheet.reset_dimensions()  # what a file says of its size need not be so
    origins = set(merged.values())
    widths: dict[int, int] = {}
    for row, column in merged:
        widths[row] = max(widths.get(row, 0), column)
    spanning: dict[tuple[int, int], Cell] = {}
    gap = False
    given = 0
    for number, found in enumerate(sheet.iter_rows(max_row=_LAST_ROW), 1):
        cells: list[Cell] = []
        for column in range(1, min(max(len(found), widths.get(number, 0)), MOST_COLUMNS) + 1):
            origin = merged.get((number, column))
            if origin is not None and origin in spanning:
                cells.append(spanning[origin])
                continue
            made = _cell(found[column - 1], english) if column <= len(found) else EMPTY
            if (number, column) in origins:
                spanning[number, column] = made
            cells.append(made)
        if not any(made.words for made in cells):
            gap = True
            continue
        if gap and given:
            yield Row(number - 1, ())
        gap = False
        yield Row(number, tuple(cells))
        given += 1
        if given >= most:
            return


def _cell(one: ReadOnlyCell | EmptyCell, english: bool) -> Cell:
    text = "" if one.value is None else shown(one.value, one.number_format, english)
    return cell(text, heading=bool(one.font and one.font.b)) if text else EMPTY


def _merged(sheet: ReadOnlyWorksheet, data: bytes) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place (row, column) that a merged cell covers, its first place. The library leaves merged
    cells out when it reads a sheet as a stream, so they are looked up in the sheet's own part."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(sheet._worksheet_path) as part:
        before = b""
        while piece := part.read(1 << 20):
            text = before + piece
            for match in _MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(match[1].decode("ascii"))
                wide, high = min(right, MOST_COLUMNS) - left + 1, bottom - top + 1
                if wide < 1 or high < 1 or wide * high + len(covered) > _MOST_MERGED:
                    continue
                covered |= {(top + y, left + x): (top, left) for y in range(high) for x in range(wide)}
            before = text[-300:]
    return covered


def shown(value: Value, number_format: str, english: bool) -> str:
    """A value as the sheet shows it: thousands parted, decimals cut, with its unit; dates in ISO form."""
    if isinstance(value, str):
        return "" if value.startswith("#") and value.isupper() and len(value) < 10 else value
    if isinstance(value, bool):
        return ("Yes" if value else "No") if english else ("Ja" if value else "Nei")
    if isinstance(value, datetime):
        text = value.isoformat(" ", "minutes")
        return text[:10] if (value.hour, value.minute) == (0, 0) else text
    if isinstance(value, (date, time)):
        return value.isoformat()[:10] if isinstance(value, date) else value.isoformat("minutes")
    return _figure(value, number_format, english) if isinstance(value, (int, float)) else str(value)


def _figure(value: float, number_format: str, english: bool) -> str:
    pattern = number_format.split(";")[0]
    bare = _LITERAL.sub("", pattern)
    percent = "%" in bare
    figure = value * 100 if percent else value
    if "." in bare:
        decimals = len(re.split(r"\.", bare)[-1].rstrip("% ,").replace("#", ""))
        text = f"{figure:,.{min(decimals, 10)}f}"
    elif re.fullmatch(r"[#0,%\s]*0[%\s]*", bare):
        text = f"{figure:,.0f}"
    else:
        text = f"{figure:,.10g}" if abs(figure) < 1e15 else f"{figure:.10g}"
    if "," not in bare and "# #" not in bare:
        text = text.replace(",", "")
    if not english:
        text = text.replace(",", " ").replace(".", ",")
    unit = _UNIT.search(pattern)
    return f"{text} %" if percent and not english else f"{text}%" if percent else _with_unit(text, unit, pattern)


def _with_unit(text: str, unit: re.Match[str] | None, pattern: str) -> str:
    if unit is None:
        return text
    first = min((pattern.find(c) for c in "#0" if c in pattern), default=0)
    return f"{unit[0]} {text}" if unit.start() < first else f"{text} {unit[0]}"
