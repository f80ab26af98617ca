"""A sheet of rows and columns as text: each row a sentence that names its columns, and knows its number."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.read.extract import RawBlock
from ingest.read.tables import EMPTY, LONGEST_NAME, YEAR, Cell, is_number, table_blocks

MOST_ROWS = 50_000
MOST_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row's own, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> list[int]:
        """The columns that hold something, a cell that spans several once."""
        return [
            column
            for column, cell in enumerate(self.cells)
            if cell.words and (column == 0 or cell is not self.cells[column - 1])
        ]


def sheet_blocks(rows: Iterable[Row], always_named: bool) -> list[RawBlock]:
    """The blocks of a sheet. Empty rows part tables; a table without column names of its own takes those
    of the one above it. `always_named` says that a first row that could hold names does."""
    blocks: list[RawBlock] = []
    names: list[Row] = []
    for filled, group in itertools.groupby(rows, key=lambda row: bool(row.filled)):
        if not filled:
            continue
        table = list(group)
        while len(table) > 1 and len(table[0].filled) == 1 < max(len(row.filled) for row in table):
            blocks.append(_alone(table.pop(0)))
        count = _name_rows(table, always_named)
        if count:
            names, table = table[:count], table[count:]
        elif not _fits(table, names):
            names = []
        blocks.extend(_table(names, table))
    return blocks


def _name_rows(table: Sequence[Row], always_named: bool) -> int:
    """How many rows at the top hold column names."""
    if len(table) < 2 or not _could_name(table[0]):
        return 0
    spans = any(a is b and a.words for a, b in itertools.pairwise(table[0].cells))
    if spans and len(table) > 2 and _could_name(table[1]):
        return 2
    width = len(table[0].filled)
    set_off = all(table[0].cells[c].heading for c in table[0].filled) and not all(
        cell.heading for row in table[1:] for cell in row.cells if cell.words
    )
    figures = any(
        sum(is_number(_text(row, column)) for row in table[1:]) * 2 > len(table) - 1
        for column in table[0].filled
        if not is_number(_text(table[0], column))
    )
    return 1 if always_named or set_off or figures or width > 2 else 0


def _could_name(row: Row) -> bool:
    texts = [_text(row, column) for column in row.filled]
    if len(texts) < 2 or len(set(texts)) < len(texts) or max(map(len, texts)) > LONGEST_NAME:
        return False
    return not any(is_number(text) and not YEAR.fullmatch(text) for text in texts)


def _text(row: Row, column: int) -> str:
    return row.cells[column].text if column < len(row.cells) else ""


def _fits(table: Sequence[Row], names: Sequence[Row]) -> bool:
    """Whether all columns in use have a name above."""
    named = {column for row in names for column, cell in enumerate(row.cells) if cell.words}
    return bool(named) and all(set(row.filled) <= named for row in table)


def _table(names: Sequence[Row], table: Sequence[Row]) -> list[RawBlock]:
    """A block a row. A row with nothing but its first cell is a heading or a note among the rows."""
    blocks: list[RawBlock] = []
    width = max((len(row.filled) for row in [*names, *table]), default=0)
    for alone, rows in itertools.groupby(table, key=lambda row: width > 2 and len(row.filled) == 1):
        if alone:
            blocks.extend(_alone(row) for row in rows)
            continue
        kept = list(rows)
        grid = [[*row.cells] or [EMPTY] for row in [*names, *kept]]
        made = table_blocks(grid, header_rows=len(names))
        blocks.extend(replace(block, row=row.number) for block, row in zip(made, kept, strict=True))
    return blocks


def _alone(row: Row) -> RawBlock:
    return RawBlock("paragraph", row.cells[row.filled[0]].text, row=row.number)
