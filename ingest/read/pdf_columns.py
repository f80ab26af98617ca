"""Reading order: which words of a page stand in columns, and in what order the columns are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.read.pdf_lines import rows_of
from ingest.read.pdf_words import PdfWord

_GUTTER = 0.8  # of the type size: no narrower gap parts columns
_FEWEST_LINES = 3
_MOST_CANDIDATES = 12
_DEEPEST = 6
_GOING_ON = 0.2  # of the lines of prose at least
_FEWEST_WORDS, _MANY_WORDS = 2.5, 4.0  # a line of prose, on average
_END_OF_SENTENCE = ".!?:…"

Row = list[PdfWord]


@dataclass(frozen=True, slots=True)
class _Split:
    """Rows `first` to `last` (exclusive) stand in two columns, the right one from `x`."""

    first: int
    last: int
    x: float
    rows_on_both: int


def column_regions(words: Sequence[PdfWord], depth: int = 0) -> list[list[Row]]:
    """The words of a page as regions in reading order, each a list of rows that are read straight down.

    A gap that runs down through several rows parts them into columns if the text flows on down each
    side; the sides of a table, which belong together row by row, stay in one region."""
    rows = rows_of(words)
    split = _best_split(rows) if depth < _DEEPEST and len(rows) >= _FEWEST_LINES else None
    if split is None:
        return [rows] if rows else []
    inside = [w for row in rows[split.first : split.last] for w in row]
    left = [w for w in inside if w.x0 < split.x]
    right = [w for w in inside if w.x0 >= split.x]
    above = [w for row in rows[: split.first] for w in row]
    below = [w for row in rows[split.last :] for w in row]
    return [region for part in (above, left, right, below) for region in column_regions(part, depth + 1)]


def _best_split(rows: list[Row]) -> _Split | None:
    splits = [split for x in _candidates(rows) for split in _splits_at(rows, x)]
    return max(splits, key=lambda s: (s.rows_on_both, s.last - s.first), default=None)


def _candidates(rows: list[Row]) -> list[float]:
    """Where several lines begin: a row's first word, or a word behind a wide gap."""
    starts: Counter[int] = Counter()
    exact: dict[int, float] = {}
    leftmost = min(row[0].x0 for row in rows)
    for row in rows:
        for number, word in enumerate(row):
            wide = number == 0 or word.x0 - row[number - 1].x1 > _GUTTER * word.size
            if wide and word.x0 > leftmost + 2 * word.size:
                key = round(word.x0 / 3)
                starts[key] += 1
                exact[key] = min(exact.get(key, word.x0), word.x0)
    common = [
        key for key, count in starts.most_common(_MOST_CANDIDATES) if count + starts[key + 1] >= _FEWEST_LINES
    ]
    return [exact[key] - 1.0 for key in common]


def _splits_at(rows: list[Row], x: float) -> list[_Split]:
    """The runs of rows that no word crosses at `x` and that are columns."""
    splits: list[_Split] = []
    first = 0
    closed = [_crosses(row, x) or _is_heading_over_columns(rows, n, x) for n, row in enumerate(rows)] + [True]
    for number, crossing in enumerate(closed):
        if not crossing:
            continue
        run = _trimmed(rows, first, number, x)
        if run is not None and _are_columns(rows[run[0] : run[1]], x):
            part = rows[run[0] : run[1]]
            both = sum(row[0].x0 < x <= row[-1].x0 for row in part)
            smaller = min(sum(row[0].x0 < x for row in part), sum(row[-1].x0 >= x for row in part))
            splits.append(_Split(run[0], run[1], x, max(both, smaller)))
        first = number + 1
    return splits


def _crosses(row: Row, x: float) -> bool:
    """Whether a word of the row reaches over `x`, or stands too close before it to leave a gutter."""
    left = [word for word in row if word.x0 < x]
    right = [word for word in row if word.x0 >= x]
    if not left:
        return False
    gap = _GUTTER * left[-1].size
    if max(word.x1 for word in left) > x:
        return True
    return bool(right) and right[0].x0 - max(word.x1 for word in left) < gap


def _is_heading_over_columns(rows: list[Row], number: int, x: float) -> bool:
    """A short heading over both columns stands to the left only, with nothing beside it."""
    row = rows[number]
    if row[-1].x0 >= x or not all(w.bold or w.size > 1.1 * _usual_size(rows) for w in row):
        return False
    size = row[0].size
    top, bottom = min(w.y0 for w in row) - 0.5 * size, max(w.y1 for w in row) + 0.5 * size
    near = rows[max(0, number - 4) : number + 5]
    return not any(w.x0 >= x and w.y1 > top and w.y0 < bottom for other in near for w in other)


def _usual_size(rows: list[Row]) -> float:
    sizes = Counter(row[0].size for row in rows)
    return sizes.most_common(1)[0][0]


def _trimmed(rows: list[Row], first: int, last: int, x: float) -> tuple[int, int] | None:
    """A run of rows without the heading of what follows below both columns: a row or two on the left
    only, after a gap."""
    right = [n for n in range(first, last) if rows[n][-1].x0 >= x]
    left = [n for n in range(first, last) if rows[n][0].x0 < x]
    if len(right) < _FEWEST_LINES or len(left) < _FEWEST_LINES:
        return None
    usual = _usual_size(rows)
    for n in range(max(max(right) + 1, last - 2), last):
        gap = rows[n][0].base - rows[n - 1][0].base
        stands_out = all(w.bold or w.size > 1.1 * usual for w in rows[n])
        if last < len(rows) and gap > (1.5 if stands_out else 2.2) * rows[n][0].size:
            return first, n
    return first, last


def _are_columns(rows: list[Row], x: float) -> bool:
    left = [[w for w in row if w.x0 < x] for row in rows if row[0].x0 < x]
    right = [[w for w in row if w.x0 >= x] for row in rows if row[-1].x0 >= x]
    if len(left) < _FEWEST_LINES or len(right) < _FEWEST_LINES:
        return False
    top = max(left[0][0].base, right[0][0].base)
    bottom = min(left[-1][0].base, right[-1][0].base)
    beside = [row for row in rows if top - 1 <= row[0].base <= bottom + 1]
    if len(beside) < 2:
        return False
    on_left = sum(row[0].x0 < x for row in beside)
    on_right = sum(row[-1].x0 >= x for row in beside)
    fewer = min(on_left, on_right)
    level = sum(_is_level(row, x) for row in beside)
    if fewer >= _FEWEST_LINES and level <= 0.5 * fewer:
        # The two sides keep to no common lines, as the cells of a table would.
        return any(_reads_on(side) or _fills(side) for side in (left, right))
    return _reads_on(left) and _reads_on(right)


def _is_level(row: Row, x: float) -> bool:
    """Whether the row has words on both sides, on exactly one baseline."""
    left = [word for word in row if word.x0 < x]
    right = [word for word in row if word.x0 >= x]
    return bool(left and right) and abs(left[-1].base - right[0].base) < 0.1 * right[0].size


def _reads_on(lines: list[Row]) -> bool:
    """Whether enough of the lines go on in the next, as prose does and a table's cells do not."""
    going_on = sum(
        after[0].text[0].islower() and before[-1].text[-1] not in _END_OF_SENTENCE
        for before, after in pairwise(lines)
    )
    return _words_a_line(lines) >= _FEWEST_WORDS and going_on >= _GOING_ON * (len(lines) - 1)


def _fills(lines: list[Row]) -> bool:
    """Whether most lines run to the column's right edge."""
    left, right = min(line[0].x0 for line in lines), max(line[-1].x1 for line in lines)
    full = sum(line[-1].x1 - line[0].x0 > 0.8 * (right - left) for line in lines)
    return _words_a_line(lines) >= _MANY_WORDS and full >= 0.5 * len(lines)


def _words_a_line(lines: list[Row]) -> float:
    return sum(len(line) for line in lines) / len(lines)
