"""Tables on a PDF page: ruled ones from the lines drawn, others from how their columns line up."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.read.bullets import BULLETS
from ingest.read.extract import RawBlock
from ingest.read.pdf_grid import Grid, grids_of, horizontal_groups
from ingest.read.pdf_lines import line_of, rows_of, segments_of
from ingest.read.pdf_words import PdfPage, PdfWord
from ingest.read.tables import EMPTY, Cell, Words, table_blocks

CellText = Callable[[Sequence[list[PdfWord]]], Words]
"""From the rows of words in a cell to its text."""

Row = list[PdfWord]
_CELL_GAP = 1.0  # of the type size
_RULED_GAP = 0.7
_FEWEST_ROWS = 3
_MOST_COLUMNS = 15
_MOST_WORDS = 150
_FEWEST_FRAMED = 3
_MARK = re.compile(rf"[{re.escape(BULLETS)}]|[\d.]{{1,6}}|\(?\w[.)]")


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table's place on the page in points, its words, and its blocks."""

    x0: float
    y0: float
    x1: float
    y1: float
    words: tuple[PdfWord, ...]
    blocks: tuple[RawBlock, ...]


def ruled_tables(page: PdfPage, text_of: CellText) -> list[FoundTable]:
    """The tables that lines are drawn around or between."""
    found: list[FoundTable] = []
    left = [word for word in page.words if word.upright]
    rules = list(page.rules)
    for grid in grids_of(page.rules):
        table = _grid_table(grid, left, page.number, text_of)
        if table is not None:
            found.append(table)
            left = _without(left, table)
            rules = [r for r in rules if not (r.horizontal and grid.ys[0] - 3 <= r.at <= grid.ys[-1] + 3)]
    for ys, x0, x1 in horizontal_groups(rules):
        table = _banded_table(ys, x0, x1, left, page.number, text_of)
        if table is not None:
            found.append(table)
            left = _without(left, table)
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """A box drawn around text, in points, and the words in it."""

    x0: float
    y0: float
    x1: float
    y1: float
    words: tuple[PdfWord, ...]


def frames_beside_text(page: PdfPage, words: Sequence[PdfWord]) -> list[Frame]:
    """The boxes that stand beside other text, such as a box of facts; a box with nothing beside it is
    read where it stands."""
    found: list[Frame] = []
    left = list(words)
    for grid in grids_of(page.rules):
        if not grid.is_frame or grid.xs[-1] - grid.xs[0] > 0.7 * page.width:
            continue
        inside = [w for w in left if grid.place((w.x0 + w.x1) / 2, (w.y0 + w.y1) / 2) is not None]
        taken = {id(w) for w in inside}
        beside = [w for w in left if id(w) not in taken and grid.ys[0] < (w.y0 + w.y1) / 2 < grid.ys[-1]]
        if len(inside) >= _FEWEST_FRAMED and beside:
            found.append(Frame(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1], tuple(inside)))
            left = [w for w in left if id(w) not in taken]
    return found


def _without(words: list[PdfWord], table: FoundTable) -> list[PdfWord]:
    taken = {id(word) for word in table.words}
    return [word for word in words if id(word) not in taken]


def _grid_table(grid: Grid, words: list[PdfWord], page: int, text_of: CellText) -> FoundTable | None:
    """The table in a full grid; None where the lines frame something else."""
    inside: dict[int, list[PdfWord]] = {}
    taken: list[PdfWord] = []
    for word in words:
        place = grid.place((word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)
        if place is not None:
            inside.setdefault(grid.group[place[0]][place[1]], []).append(word)
            taken.append(word)
    groups = {g for row in grid.group for g in row}
    if len(inside) < 3 or len(inside) < 0.35 * len(groups) or max(map(len, inside.values())) > _MOST_WORDS:
        return None
    cells = {g: _cell(rows_of(found), text_of) for g, found in inside.items()}
    rows = [[cells.get(g, EMPTY) for g in row] for row in grid.group]
    filled = [row for row in rows if any(c.words for c in row)]
    columns = sum(any(row[x].words for row in rows) for x in range(len(grid.xs) - 1))
    if len(filled) < 2 or columns < 2:
        return None
    return _found(taken, rows, page)


def _banded_table(
    ys: tuple[float, ...], x0: float, x1: float, words: list[PdfWord], page: int, text_of: CellText
) -> FoundTable | None:
    """The table between horizontal lines of one width. Where every row has its line, the rows are the
    bands between them; else the lines of text are."""
    spanned = [w for w in words if x0 - 3 <= (w.x0 + w.x1) / 2 <= x1 + 3]
    taken = [w for w in spanned if ys[0] <= (w.y0 + w.y1) / 2 <= ys[-1]]
    bands = [[w for w in taken if low <= (w.y0 + w.y1) / 2 <= high] for low, high in itertools.pairwise(ys)]
    above = _row_above(spanned, ys[0])
    if above:
        bands.insert(0, above)
        taken = above + taken
    bands = [band for band in bands if band]
    rows = rows_of(taken)
    columns = _column_intervals([segments_of(row, _RULED_GAP) for row in rows])
    if len(rows) < 2 or not 2 <= len(columns) <= _MOST_COLUMNS or not bands:
        return None
    if len(bands) < _FEWEST_ROWS:
        bodies = [[[row] for row in rows_of(band)] for band in bands[1:]]
        groups = [rows_of(bands[0])] + [row for body in bodies for row in _merged_rows(body, columns)]
    else:
        groups = [rows_of(band) for band in bands]
    grid = [_cells_of(group, columns, text_of) for group in groups]
    filled = sum(bool(c.words) for row in grid for c in row)
    if (
        len(grid) < 2
        or filled < 0.5 * len(grid) * len(columns)
        or len(taken) > _MOST_WORDS * len(columns) * 3
    ):
        return None
    return _found(taken, grid, page)


def _row_above(words: list[PdfWord], y: float) -> list[PdfWord]:
    """The column names over a table's first line, where they stand there."""
    rows = rows_of(w for w in words if (w.y0 + w.y1) / 2 < y)
    if not rows or y - rows[-1][0].y1 > rows[-1][0].size:
        return []
    return rows[-1] if len(segments_of(rows[-1], _CELL_GAP)) > 1 else []


def aligned_tables(rows: Sequence[Row], text_of: CellText, page: int) -> list[tuple[int, int, FoundTable]]:
    """Tables without lines among the rows of a region: (first row, row after the last, table)."""
    found: list[tuple[int, int, FoundTable]] = []
    segments = [_cell_segments(row) for row in rows]
    first = 0
    while first < len(rows):
        last = _end_of_run(rows, segments, first)
        table = _aligned_table(rows, segments, first, last, text_of, page)
        if table is not None:
            found.append((first, last, table))
        first = max(last, first + 1)
    return found


def _cell_segments(row: Row) -> list[list[PdfWord]]:
    segments = segments_of(row, _CELL_GAP)
    if len(segments) == 2 and _MARK.fullmatch(" ".join(w.text for w in segments[0])):
        return [row]  # a bullet or a heading's number, with its text
    return segments


def _end_of_run(rows: Sequence[Row], segments: list[list[list[PdfWord]]], first: int) -> int:
    """The end of the rows that may be a table with `first`: rows of several cells, and between them
    single ones that go on a cell."""
    if len(segments[first]) < 2:
        return first + 1
    last = first + 1
    for n in range(first + 1, len(rows)):
        gap = rows[n][0].base - rows[n - 1][0].base
        if gap > 3.5 * rows[n][0].size:
            break
        if len(segments[n]) > 1:
            last = n + 1
        elif n - last > 1 or gap > 1.6 * rows[n][0].size:
            break
    return last


def _aligned_table(
    rows: Sequence[Row],
    segments: list[list[list[PdfWord]]],
    first: int,
    last: int,
    text_of: CellText,
    page: int,
) -> FoundTable | None:
    run = segments[first:last]
    several = [row for row in run if len(row) > 1]
    columns = _column_intervals(run)
    if len(several) < _FEWEST_ROWS or not 2 <= len(columns) <= _MOST_COLUMNS:
        return None
    if sum(map(len, several)) < 0.6 * len(columns) * len(several):
        return None
    if sum(len(cell) for row in several for cell in row) > 10 * sum(map(len, several)):
        return None  # cells that long are columns of prose
    groups = _merged_rows([[row] for row in rows[first:last]], columns)
    return _found(
        [w for row in rows[first:last] for w in row], [_cells_of(g, columns, text_of) for g in groups], page
    )


def _column_intervals(rows: Sequence[Sequence[Sequence[PdfWord]]]) -> list[tuple[float, float]]:
    """The x-ranges that the cells of all rows fall into. A row of a single cell, such as a heading
    inside the table, joins no columns together."""
    spans = sorted(
        (cell[0].x0, max(w.x1 for w in cell))
        for row in rows
        if len(row) > 1 or len(rows) == 1
        for cell in row
    )
    columns: list[tuple[float, float]] = []
    for low, high in spans:
        if columns and low < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], high))
        else:
            columns.append((low, high))
    return columns


def _merged_rows(groups: list[list[Row]], columns: list[tuple[float, float]]) -> list[list[Row]]:
    """Rows of text put together where the lower one only goes on cells of the upper: its first column
    is empty, or the spacing says so."""
    gaps = [b[0][0].base - a[0][0].base for a, b in itertools.pairwise(groups)]
    uneven = bool(gaps) and max(gaps) > 1.4 * min(gaps)
    merged: list[list[Row]] = []
    for number, group in enumerate(groups):
        goes_on = number > 0 and (
            group[0][0].x0 >= columns[1][0] - 2
            if not uneven
            else gaps[number - 1] < 0.75 * max(gaps) and group[0][0].x0 >= columns[1][0] - 2
        )
        if goes_on and number > 1:
            merged[-1].extend(group)
        else:
            merged.append(list(group))
    return merged


def _cells_of(group: Sequence[Row], columns: list[tuple[float, float]], text_of: CellText) -> list[Cell]:
    inside: list[list[Row]] = [[] for _ in columns]
    for row in group:
        parts: list[Row] = [[] for _ in columns]
        for word in row:
            middle = (word.x0 + word.x1) / 2
            nearest = min(
                range(len(columns)), key=lambda n: max(columns[n][0] - middle, middle - columns[n][1])
            )
            parts[nearest].append(word)
        for place, part in zip(inside, parts, strict=True):
            if part:
                place.append(part)
    return [_cell(rows, text_of) if rows else EMPTY for rows in inside]


def _cell(rows: Sequence[Row], text_of: CellText) -> Cell:
    return Cell(text_of(rows), heading=all(line_of(row).bold for row in rows))


def _found(words: list[PdfWord], rows: list[list[Cell]], page: int) -> FoundTable:
    return FoundTable(
        min(w.x0 for w in words),
        min(w.y0 for w in words),
        max(w.x1 for w in words),
        max(w.y1 for w in words),
        tuple(words),
        tuple(table_blocks(rows, page)),
    )
