"""Lines drawn on a page to the grids of cells they make."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.read.pdf_rules import Rule

_NEAR = 3.0  # points: lines this close meet, or are one
_MOST_RULES = 1_500
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Grid:
    """The borders between columns (`xs`) and rows (`ys`); `group[row][column]` is one number for all
    places of a cell that spans several."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    group: tuple[tuple[int, ...], ...]

    @property
    def is_frame(self) -> bool:
        """Whether the lines go around a single cell."""
        return len({group for row in self.group for group in row}) == 1

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column that a point lies in."""
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]):
            return None
        return bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that the lines make, from the top; a frame is one of a single cell."""
    across = _merged([r for r in rules if r.horizontal])
    down = _merged([r for r in rules if not r.horizontal])
    if len(across) + len(down) > _MOST_RULES or not across or not down:
        return []
    grids = [grid for part in _connected(across, down) if (grid := _grid(*part)) is not None]
    return sorted(grids, key=lambda g: g.ys[0])


def horizontal_groups(rules: Sequence[Rule]) -> list[tuple[tuple[float, ...], float, float]]:
    """Heights of horizontal lines of one width under each other, at least two of them, and their x-range."""
    across = _merged([r for r in rules if r.horizontal])
    if len(across) > _MOST_RULES:
        return []
    groups: list[list[Rule]] = []
    for rule in sorted(across, key=lambda r: r.at):
        same = (
            g for g in groups if abs(g[-1].low - rule.low) <= _NEAR and abs(g[-1].high - rule.high) <= _NEAR
        )
        group = next(same, None)
        if group is None:
            groups.append([rule])
        else:
            group.append(rule)
    return [(tuple(r.at for r in g), g[0].low, g[0].high) for g in groups if len(g) >= 2]


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch, as one. Each cell of a table often draws its own edges."""
    merged: list[Rule] = []
    on_one_line: list[Rule] = []
    for rule in [*sorted(rules, key=lambda r: r.at), None]:
        if rule is not None and (not on_one_line or rule.at - on_one_line[0].at <= _NEAR):
            on_one_line.append(rule)
            continue
        first = len(merged)
        for part in sorted(on_one_line, key=lambda r: r.low):
            if len(merged) > first and part.low <= merged[-1].high + _NEAR:
                last = merged[-1]
                merged[-1] = Rule(last.horizontal, last.at, last.low, max(last.high, part.high))
            else:
                merged.append(part)
        on_one_line = [] if rule is None else [rule]
    return merged


def _connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that cross or touch, directly or through others, together."""
    root = list(range(len(across) + len(down)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for i, h in enumerate(across):
        for j, v in enumerate(down):
            if h.low - _NEAR <= v.at <= h.high + _NEAR and v.low - _NEAR <= h.at <= v.high + _NEAR:
                root[find(i)] = find(len(across) + j)
    parts: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, h in enumerate(across):
        parts.setdefault(find(i), ([], []))[0].append(h)
    for j, v in enumerate(down):
        parts.setdefault(find(len(across) + j), ([], []))[1].append(v)
    return [part for part in parts.values() if len(part[0]) >= 2 and len(part[1]) >= 1]


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    # A table may be open at its sides, so the ends of the lines are borders as well.
    xs = _borders([v.at for v in down] + [min(h.low for h in across), max(h.high for h in across)])
    ys = _borders([h.at for h in across] + [min(v.low for v in down), max(v.high for v in down)])
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _MOST_CELLS:
        return None
    root = list(range(columns * rows))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    for y in range(rows):
        middle_y = (ys[y] + ys[y + 1]) / 2
        for x in range(columns):
            middle_x = (xs[x] + xs[x + 1]) / 2
            if x + 1 < columns and not _is_drawn(down, xs[x + 1], middle_y):
                root[find(y * columns + x)] = find(y * columns + x + 1)
            if y + 1 < rows and not _is_drawn(across, ys[y + 1], middle_x):
                root[find(y * columns + x)] = find((y + 1) * columns + x)
    return Grid(xs, ys, tuple(tuple(find(y * columns + x) for x in range(columns)) for y in range(rows)))


def _borders(places: list[float]) -> tuple[float, ...]:
    borders: list[float] = []
    for place in sorted(places):
        if not borders or place - borders[-1] > _NEAR:
            borders.append(place)
    return tuple(borders)


def _is_drawn(rules: list[Rule], at: float, across: float) -> bool:
    return any(abs(r.at - at) <= _NEAR and r.low - _NEAR <= across <= r.high + _NEAR for r in rules)
