"""What pdfium finds on a page: words with their boxes as the page is shown, sizes and weights.

Everything that touches pypdfium2 is here, in pdf_rules.py and in pdf.py. pdfium is not
thread-safe: one thread at a time."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

from assistant.types import Box
from ingest.read.normalise import superscript
from ingest.read.pdf_hidden import is_doubtful, seen
from ingest.read.pdf_rules import Rule, View, read_drawn

_HYPHENS = "\x02\ufffe"  # what pdfium writes for a hyphen at the end of a line
_RUN = re.compile(rf"[^\s{_HYPHENS}]+")
_SCALE = 1_000_000
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")
_MOST_CHARACTERS = 200_000
_MOST_DOTS = 200
_RAISED = 0.85  # a raised digit is at most this large beside the text it stands in


class PdfWord(NamedTuple):
    """A word and where it is drawn, in points from the page's top left corner as it is shown.

    `base` is the y of its baseline, `size` its type size in points, `hyphen` whether it was broken
    at a line's end here, `doubtful` whether it may be invisible. `turn` is
    the direction the text runs in: 0 to the right, 90 down, 180 back, 270 up. (A tuple,
    because a page has hundreds and a dataclass takes four times as long to make.)"""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool
    page: int
    hyphen: bool = False
    turn: int = 0
    doubtful: bool = False

    @property
    def upright(self) -> bool:
        return self.turn == 0


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's words in the order they were drawn, and the straight lines drawn on it."""

    number: int
    width: float
    height: float
    words: tuple[PdfWord, ...]
    rules: tuple[Rule, ...]

    def box(self, word: PdfWord) -> Box:
        """The word's box in fractions of the page."""
        across, down = 1 / self.width, 1 / self.height
        return Box(
            self.number,
            round(min(max(word.x0 * across, 0.0), 1.0), 5),
            round(min(max(word.y0 * down, 0.0), 1.0), 5),
            round(min(max(word.x1 * across, 0.0), 1.0), 5),
            round(min(max(word.y1 * down, 0.0), 1.0), 5),
        )


@dataclass(frozen=True, slots=True)
class _Type:
    """The type a text object is set in."""

    size: float
    bold: bool
    turn: int
    doubtful: bool


def read_page(document: pdfium.PdfDocument, index: int) -> PdfPage:
    """The words and rules of the page `index` (from 0). Raises pdfium.PdfiumError."""
    page = document[index]
    try:
        width, height = page.get_size()
        view = _view(page, width, height)
        text_page = page.get_textpage()
        try:
            words = seen(_words(text_page, view, index + 1), page, width, height)
        finally:
            text_page.close()
        drawn = read_drawn(page, view)
        words += _bullets(drawn.dots, words)
        return PdfPage(index + 1, max(width, 1.0), max(height, 1.0), tuple(words), tuple(drawn.rules))
    finally:
        page.close()


def _view(page: pdfium.PdfPage, width: float, height: float) -> View:
    """pdfium itself knows of rotation and crop box, so it is asked where three points come to lie."""

    def shown(x: float, y: float) -> tuple[float, float]:
        px, py = ctypes.c_int(), ctypes.c_int()
        c.FPDF_PageToDevice(page, 0, 0, _SCALE, _SCALE, 0, x, y, px, py)
        return px.value * width / _SCALE, py.value * height / _SCALE

    origin, right, up = shown(0, 0), shown(1000, 0), shown(0, 1000)
    turn = [round((end[axis] - origin[axis]) / 1000, 3) for axis in (0, 1) for end in (right, up)]
    return View(turn[0], turn[1], origin[0], turn[2], turn[3], origin[1])


def _bullets(dots: list[tuple[float, float, float, float]], words: list[PdfWord]) -> list[PdfWord]:
    """A bullet for each dot that is drawn a little before a word, on its line."""
    bullets: list[PdfWord] = []
    for x0, y0, x1, y1 in dots[:_MOST_DOTS]:
        beside = [w for w in words if w.y0 <= (y0 + y1) / 2 <= w.y1 and w.x1 > x0]
        word = min(beside, key=lambda w: w.x0, default=None)
        if word is not None and x1 <= word.x0 <= x1 + 3 * word.size and x1 - x0 < word.size:
            bullets.append(word._replace(text="•", x0=x0, y0=y0, x1=x1, y1=y1, hyphen=False))
    return bullets


def _words(text_page: pdfium.PdfTextPage, view: View, page: int) -> list[PdfWord]:
    handle = text_page.raw
    text = _characters(handle)
    reader = _WordReader(handle, view, page, text)
    words: list[PdfWord] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        words.extend(reader.read(start, end, text[end : end + 1] in _HYPHENS and end < len(text)))
    return words


def _characters(handle: ctypes.c_void_p) -> str:
    """The page's text, one character a place of pdfium's, so that offsets and boxes agree."""
    count = min(c.FPDFText_CountChars(handle), _MOST_CHARACTERS)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = c.FPDFText_GetText(handle, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(got - 1, 0)].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    codes = (c.FPDFText_GetUnicode(handle, i) for i in range(count))
    return "".join(
        chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes
    )


class _WordReader:
    """Places words. The type is looked up once for each text object, not for each word."""

    def __init__(self, handle: ctypes.c_void_p, view: View, page: int, text: str) -> None:
        self._handle = handle
        self._view = view
        self._page = page
        self._text = text
        self._types: dict[int, _Type] = {}
        self._bold: dict[int, bool] = {}
        self._rect = c.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def read(self, start: int, end: int, hyphen: bool) -> list[PdfWord]:
        """The word at [start, end): one; two where a note mark hangs on its front; none where it is
        drawn nowhere."""
        lead = self._leading_mark(start, end)
        if lead is not None:
            mark = self.read(start, lead, False)
            return [w._replace(text=superscript(w.text)) for w in mark] + self.read(lead, end, hyphen)
        cut = self._note_mark(start, end)
        if cut is not None:
            raised = superscript(self._text[cut:end])
            words = self.read(start, cut, False)
            return [words[0]._replace(text=words[0].text + raised, hyphen=hyphen)] if words else []
        first, last = self._box(start), self._box(end - 1)
        if first is None or last is None:
            return []
        style = self._type(start)
        x0, x1 = min(first[0], last[0]), max(first[2], last[2])
        y0, y1 = min(first[1], last[1]), max(first[3], last[3])
        if x1 <= x0 or y1 <= y0:
            return []
        base = self._base(start)
        kind = (style.size, style.bold, self._page, hyphen, style.turn, style.doubtful)
        return [PdfWord(self._text[start:end], x0, y0, x1, y1, base, *kind)]

    def _note_mark(self, start: int, end: int) -> int | None:
        """Where raised digits begin at the end of a word ("2021" with a note mark 2)."""
        if end - start < 2 or not self._text[end - 1].isdecimal():
            return None
        whole, tail = self._type(start), self._type(end - 1)
        if tail is whole or whole.turn:
            return None
        cut = end - 1
        while cut > start + 1 and self._text[cut - 1].isdecimal() and self._type(cut - 1) is tail:
            cut -= 1
        lift = self._base(start) - self._base(cut)
        small = tail.size <= whole.size * _RAISED
        return cut if lift > (0.1 if small else 0.25) * whole.size else None

    def _leading_mark(self, start: int, end: int) -> int | None:
        """Where raised digits at the front of a word end ("1Source")."""
        cut = start
        while cut < end and self._text[cut].isdecimal():
            cut += 1
        if cut in {start, end} or cut - start > 3:
            return None
        mark, rest = self._type(start), self._type(cut)
        raised = mark is not rest and mark.turn == 0 and mark.size <= rest.size * _RAISED
        return cut if raised and self._base(start) < self._base(cut) - 0.1 * rest.size else None

    def _base(self, index: int) -> float:
        c.FPDFText_GetCharOrigin(self._handle, index, self._x, self._y)
        return self._view.point(self._x.value, self._y.value)[1]

    def _box(self, index: int) -> tuple[float, float, float, float] | None:
        rect = self._rect
        if not c.FPDFText_GetLooseCharBox(self._handle, index, rect):
            return None
        view = self._view
        if view.is_plain:
            return (
                rect.left + view.x,
                view.y - rect.top,
                rect.right + view.x,
                view.y - rect.bottom,
            )
        ax, ay = view.point(rect.left, rect.top)
        bx, by = view.point(rect.right, rect.bottom)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _type(self, index: int) -> _Type:
        shape = c.FPDFText_GetTextObject(self._handle, index)
        key = ctypes.addressof(shape.contents) if shape else 0
        found = self._types.get(key)
        if found is None:
            font = c.FPDFTextObj_GetFont(shape) if shape else None
            doubtful = bool(shape) and is_doubtful(shape)
            found = self._types[key] = self._look_up(index, ctypes.addressof(font.contents) if font else 0, doubtful)
        return found

    def _look_up(self, index: int, font: int, doubtful: bool) -> _Type:
        matrix = c.FS_MATRIX()
        stretch = 1.0
        turn = 0
        if c.FPDFText_GetMatrix(self._handle, index, matrix):
            stretch = (matrix.c**2 + matrix.d**2) ** 0.5
            dx = self._view.xx * matrix.a + self._view.xy * matrix.b
            dy = self._view.yx * matrix.a + self._view.yy * matrix.b
            turn = (90 if dy > 0 else 270) if abs(dy) > 0.3 * abs(dx) else 180 if dx < 0 else 0
        size = c.FPDFText_GetFontSize(self._handle, index)
        bold = self._bold.get(font)
        if bold is None:
            bold = self._bold[font] = self._is_bold(index)
        return _Type(round(size * stretch * 2) / 2 or 1.0, bold, turn, doubtful)

    def _is_bold(self, index: int) -> bool:
        if c.FPDFText_GetFontWeight(self._handle, index) >= _BOLD_WEIGHT:
            return True
        buffer = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        c.FPDFText_GetFontInfo(self._handle, index, buffer, 128, flags)
        name = buffer.value.decode("utf-8", "replace").lower()
        return any(part in name for part in _BOLD_NAMES)
