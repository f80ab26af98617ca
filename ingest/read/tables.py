"""A table of any format as rows that name their columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Box
from ingest.read.extract import RawBlock
from ingest.read.normalise import words_of

Words = tuple[tuple[str, tuple[Box, ...]], ...]
"""Words with the boxes they are drawn in (no boxes outside PDF)."""

_NUMBER = re.compile(r"[\d\s.,%±+\-−–()/*<>]*\d[\d\s.,%±+\-−–()/*<>]*(kr|NOK|mrd\.?|mill\.?|%|pst\.?)?")
YEAR = re.compile(r"(19|20)\d\d")
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell. One that spans several columns or rows stands in each of their places as the same
    object."""

    words: Words
    heading: bool = False

    @property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


def cell(text: str, heading: bool = False) -> Cell:
    """A cell of a format without boxes."""
    return Cell(tuple((word, ()) for word in words_of(text)), heading)


EMPTY = Cell(())


def table_blocks(
    rows: Sequence[Sequence[Cell]], page: int | None = None, header_rows: int | None = None
) -> list[RawBlock]:
    """The blocks of a table: "column: cell; column: cell" a data row.

    `header_rows` is how many rows hold column names, None when the file does not say. A table of
    one column becomes paragraphs."""
    grid = _without_empty_columns([list(row) for row in rows if any(c.words for c in row)])
    if not grid:
        return []
    if len(grid[0]) == 1:
        return [_block("paragraph", row[0].words, page) for row in grid]
    caption = []
    while len(grid) > 1 and _is_one_cell(grid[0]) and header_rows is None:
        caption.append(_block("paragraph", grid.pop(0)[0].words, page))
    count = min(header_rows if header_rows is not None else _count_header_rows(grid), len(grid) - 1)
    names = _column_names(grid[:count]) if count > 0 else None
    return caption + [_row_block(row, names, page) for row in grid[max(count, 0) :]]


def _without_empty_columns(grid: list[list[Cell]]) -> list[list[Cell]]:
    width = max((len(row) for row in grid), default=0)
    full = [row + [EMPTY] * (width - len(row)) for row in grid]
    kept = [
        column
        for column in range(width)
        if any(row[column].words and (column == 0 or row[column] is not row[column - 1]) for row in full)
    ]
    return [[row[column] for column in kept] for row in full]


def _is_one_cell(row: list[Cell]) -> bool:
    return all(c is row[0] for c in row)


def _count_header_rows(grid: list[list[Cell]]) -> int:
    """How many rows at the top look like column names."""
    marked = 0
    while marked < len(grid) and all(c.heading or not c.words for c in grid[marked]):
        marked += 1
    if 0 < marked < len(grid):
        return marked
    if len(grid) < 2 or not _could_be_names(grid[0]):
        return 0
    if (
        len(grid) > 2
        and any(a is b for a, b in zip(grid[0], grid[0][1:], strict=False))
        and _could_be_names(grid[1])
    ):
        return 2  # names that span columns, with names of their own under them
    if marked == len(grid):
        return 1
    body = grid[1:]
    numeric = any(
        not is_number(grid[0][column].text)
        and sum(is_number(row[column].text) for row in body) * 2 > len(body)
        for column in range(len(grid[0]))
    )
    return 1 if numeric or len(grid[0]) > 2 else 0


def _could_be_names(row: list[Cell]) -> bool:
    texts = [c.text for c in row]
    if any(not text for text in texts[1:]) or any(len(text) > LONGEST_NAME for text in texts):
        return False
    distinct = {id(c): c.text for c in row}
    if len(set(distinct.values())) < len(distinct):
        return False
    return not any(is_number(text) and not YEAR.fullmatch(text) for text in texts)


def is_number(text: str) -> bool:
    """Whether a cell holds a figure, with or without its unit."""
    return bool(_NUMBER.fullmatch(text))


def _column_names(header: list[list[Cell]]) -> list[Words]:
    names: list[Words] = []
    for column in range(len(header[0])):
        parts: list[Cell] = []
        for row in header:
            if row[column].words and not any(row[column] is part for part in parts):
                parts.append(row[column])
        names.append(tuple(word for part in parts for word in part.words))
    return names


def _row_block(row: list[Cell], names: list[Words] | None, page: int | None) -> RawBlock:
    parts: list[Words] = []
    spans_all = _is_one_cell(row)
    for column, c in enumerate(row):
        if not c.words or (column > 0 and c is row[column - 1]):
            continue
        name = names[column] if names is not None and not spans_all else ()
        parts.append(_ending(name, ":") + c.words if name else c.words)
    words = tuple(w for part in parts[:-1] for w in _ending(part, ";")) + parts[-1]
    return _block("table_row", words, page)


def _ending(words: Words, mark: str) -> Words:
    text, boxes = words[-1]
    return (*words[:-1], (text if text.endswith(mark) else text + mark, boxes))


def _block(kind: str, words: Words, page: int | None) -> RawBlock:
    boxed = any(boxes for _, boxes in words)
    return RawBlock(
        "table_row" if kind == "table_row" else "paragraph",
        " ".join(word for word, _ in words),
        page=page,
        word_boxes=tuple(boxes for _, boxes in words) if boxed else (),
    )
