"""Words that stand in a PDF and are not seen on its page: white on white, invisible, of no size, beside it.

White alone says little: it may stand on a dark field, and the text of a scan is drawn invisibly over its
picture. So a page with such words is drawn, and a word is there where the drawing is not of one shade."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as c

from ingest.read.colours import WHITE, can_be_seen

_INVISIBLE = {c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP}
_SCALE = 2.0
_MOST_PIXELS = 8_000_000
_SHADES = 24
"""Of 256: a word whose box differs less within itself is not there."""
_SMALLEST = 0.7
"""Points: the height of a line of type of about that size."""
_AROUND = 1.5
"""Points: a recognised word's box is not exact."""


class _Word(Protocol):
    """What is looked at of a `pdf_words.PdfWord`."""

    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...
    @property
    def doubtful(self) -> bool: ...


W = TypeVar("W", bound=_Word)


def is_doubtful(shape: ctypes.c_void_p) -> bool:
    """Whether a text object may be invisible on white paper."""
    if c.FPDFTextObj_GetTextRenderMode(shape) in _INVISIBLE:
        return True
    red, green, blue, opaque = (ctypes.c_uint() for _ in range(4))
    if not c.FPDFPageObj_GetFillColor(shape, red, green, blue, opaque):
        return False
    colour = (red.value / 255, green.value / 255, blue.value / 255)
    return opaque.value < 26 or not can_be_seen(colour, WHITE)


def seen(words: Sequence[W], page: pdfium.PdfPage, width: float, height: float) -> list[W]:
    """The words that whoever looks at the page sees."""
    inside = [w for w in words if w.x1 > 0 and w.y1 > 0 and w.x0 < width and w.y0 < height and not _is_tiny(w)]
    if not any(word.doubtful for word in inside):
        return inside
    scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        shades = bitmap.to_numpy()[..., 0] if bitmap.n_channels > 1 else bitmap.to_numpy().reshape(bitmap.height, -1)
        return [word for word in inside if not word.doubtful or _is_drawn(word, shades, scale)]
    finally:
        bitmap.close()


def _is_tiny(word: _Word) -> bool:
    return min(word.x1 - word.x0, word.y1 - word.y0) < _SMALLEST


def _is_drawn(word: _Word, shades: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], scale: float) -> bool:
    high, wide = shades.shape[:2]
    x0, x1 = (min(max(round(x * scale), 0), wide) for x in (word.x0 - _AROUND, word.x1 + _AROUND))
    y0, y1 = (min(max(round(y * scale), 0), high) for y in (word.y0 - _AROUND, word.y1 + _AROUND))
    box = shades[y0:y1, x0:x1]
    return box.size > 0 and int(box.max()) - int(box.min()) >= _SHADES
