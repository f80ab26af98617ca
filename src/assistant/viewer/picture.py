"""A PDF's page as a picture, with stretches of it marked. pdfium and Pillow are used here alone."""

from __future__ import annotations

import io
import threading
from math import sqrt
from typing import TYPE_CHECKING

from assistant.errors import PageNotFound
from assistant.types import Box

if TYPE_CHECKING:
    from PIL import Image

_Colour = tuple[int, int, int]
# The colour behind dark letters, and the one behind light letters.
_QUOTE = ((255, 222, 89), (110, 84, 0))
_HIT = ((190, 222, 255), (24, 70, 120))
_CURRENT_HIT = ((255, 176, 112), (140, 62, 0))
_LARGEST_PICTURE = 12_000_000  # pixels; a page may claim to be a kilometre wide

# pdfium keeps global state: two threads inside it at once crash the process.
_pdfium_lock = threading.Lock()


def page_png(
    pdf: bytes,
    page: int,
    boxes: tuple[Box, ...],
    width: int,
    hits: tuple[Box, ...] = (),
    current: tuple[Box, ...] = (),
) -> bytes:
    """Page `page` (from 1) of `pdf` as a PNG `width` pixels wide. Those of `boxes` that lie on it are
    marked as quoted, those of `hits` as found by a search, those of `current` as the hit that is looked at.

    A picture that would be larger than 12 million pixels is made smaller. Raises PageNotFound where
    there is no such page or pdfium cannot draw it."""
    picture = _drawn(pdf, page, width)
    others = tuple(box for box in hits if box not in current)  # two colours on one word would mix
    for some, colours in ((boxes, _QUOTE), (others, _HIT), (current, _CURRENT_HIT)):
        for box in some:
            if box.page == page:
                _mark(picture, box, *colours)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _drawn(pdf: bytes, page: int, width: int) -> Image.Image:
    import pypdfium2

    with _pdfium_lock:
        try:
            with pypdfium2.PdfDocument(pdf) as document:
                if not 1 <= page <= len(document):
                    raise PageNotFound(page)
                sheet = document[page - 1]
                wide, high = sheet.get_size()
                scale = min(width / wide, sqrt(_LARGEST_PICTURE / (wide * high)))
                # Copied, for the bitmap's memory goes with the document.
                drawn: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB").copy()
                return drawn
        except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
            raise PageNotFound(page) from error


def _mark(picture: Image.Image, box: Box, on_light: _Colour, on_dark: _Colour) -> None:
    """Colours the paper inside `box` and leaves the letters as they are."""
    from PIL import Image, ImageChops, ImageStat

    wide, high = picture.size
    corners = (
        max(0, int(box.x0 * wide) - 2),
        max(0, int(box.y0 * high) - 1),
        min(wide, int(box.x1 * wide) + 3),
        min(high, int(box.y1 * high) + 2),
    )
    if corners[0] >= corners[2] or corners[1] >= corners[3]:
        return
    part = picture.crop(corners)
    light = ImageStat.Stat(part.convert("L")).mean[0] > 100
    colour = Image.new("RGB", part.size, on_light if light else on_dark)
    marked = ImageChops.darker(part, colour) if light else ImageChops.lighter(part, colour)
    picture.paste(marked, corners[:2])
