"""What is drawn on a PDF page beside its text: the lines of tables, the bullets of lists."""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as c

_THICKEST = 4.0
_SHORTEST = 5.0
_SMALLEST_DOT, _LARGEST_DOT = 1.5, 9.0
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 2_000
_DEEPEST_FORM = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line (`y` at `at`, from x `low` to `high`) or a vertical one (the other way)."""

    horizontal: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class View:
    """From pdfium's coordinates to the page as it is shown: turned, cropped, y downwards."""

    xx: float
    xy: float
    x: float
    yx: float
    yy: float
    y: float

    @property
    def is_plain(self) -> bool:
        """Whether only the y axis is turned over, as on almost every page."""
        return self.xx == 1.0 and self.yy == -1.0 and self.xy == 0.0 == self.yx

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.xx * x + self.xy * y + self.x, self.yx * x + self.yy * y + self.y


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Where an object's own coordinates come to lie on the page."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def after(self, outer: _Matrix) -> _Matrix:
        return _Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(slots=True)
class Drawn:
    """What is drawn on a page as it is shown: straight lines, the edges of rectangles among them, and
    dots (x0, y0, x1, y1), which browsers draw for the bullets of a list."""

    rules: list[Rule]
    dots: list[tuple[float, float, float, float]]


def read_drawn(page: pdfium.PdfPage, view: View) -> Drawn:
    """The lines and dots on a page."""
    found = Drawn([], [])
    handle = page.raw
    for index in range(min(c.FPDFPage_CountObjects(handle), _MOST_OBJECTS)):
        _take_object(c.FPDFPage_GetObject(handle, index), _Matrix(), view, found, 0)
    return found


def _take_object(shape: ctypes.c_void_p, outer: _Matrix, view: View, found: Drawn, depth: int) -> None:
    kind = c.FPDFPageObj_GetType(shape)
    if kind == c.FPDF_PAGEOBJ_PATH:
        _take_path(shape, _matrix(shape).after(outer), view, found)
    elif kind == c.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
        inner = _matrix(shape).after(outer)
        for index in range(min(c.FPDFFormObj_CountObjects(shape), _MOST_OBJECTS)):
            if len(found.rules) < _MOST_OBJECTS:
                _take_object(c.FPDFFormObj_GetObject(shape, index), inner, view, found, depth + 1)


def _matrix(shape: ctypes.c_void_p) -> _Matrix:
    matrix = c.FS_MATRIX()
    if not c.FPDFPageObj_GetMatrix(shape, matrix):
        return _Matrix()
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _take_path(shape: ctypes.c_void_p, matrix: _Matrix, view: View, found: Drawn) -> None:
    """The straight edges of a path; a thin rectangle counts as the one line it looks like."""
    if _take_dot(shape, view, found):
        return
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(c.FPDFPath_CountSegments(shape), _MOST_SEGMENTS)):
        segment = c.FPDFPath_GetPathSegment(shape, index)
        kind = c.FPDFPathSegment_GetType(segment)
        c.FPDFPathSegment_GetPoint(segment, x, y)
        point = view.point(*matrix.point(x.value, y.value))
        if kind == c.FPDF_SEGMENT_MOVETO:
            _take_figure(points, found)
            points = [point]
        elif kind == c.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            points = []  # curves rule no tables
        if points and c.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    _take_figure(points, found)


def _take_dot(shape: ctypes.c_void_p, view: View, found: Drawn) -> bool:
    """Takes a path that is about as high as wide and no larger than a bullet."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not c.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
        return False
    wide, high = right.value - left.value, top.value - bottom.value
    if not (_SMALLEST_DOT <= wide <= _LARGEST_DOT and 0.6 <= high / wide <= 1.6):
        return False
    (ax, ay), (bx, by) = view.point(left.value, top.value), view.point(right.value, bottom.value)
    found.dots.append((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return True


def _take_figure(points: list[tuple[float, float]], found: Drawn) -> None:
    if len(points) < 2:
        return
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if y1 - y0 <= _THICKEST and x1 - x0 >= _SHORTEST:
        found.rules.append(Rule(True, (y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= _THICKEST and y1 - y0 >= _SHORTEST:
        found.rules.append(Rule(False, (x0 + x1) / 2, y0, y1))
    elif x1 - x0 > _THICKEST and y1 - y0 > _THICKEST:
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            if abs(ay - by) < 0.5 and abs(ax - bx) >= _SHORTEST:
                found.rules.append(Rule(True, (ay + by) / 2, min(ax, bx), max(ax, bx)))
            elif abs(ax - bx) < 0.5 and abs(ay - by) >= _SHORTEST:
                found.rules.append(Rule(False, (ax + bx) / 2, min(ay, by), max(ay, by)))
