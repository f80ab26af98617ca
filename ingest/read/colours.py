"""Colours as documents write them, and whether text in one can be seen on another."""

from __future__ import annotations

import colorsys
import re

Colour = tuple[float, float, float]
"""Red, green and blue, 0-1."""

WHITE: Colour = (1.0, 1.0, 1.0)
LEAST_CONTRAST = 1.3
"""Below this ratio nobody sees the text: white on #f0f0f0 has 1.14, on #ddd 1.36."""

_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^)]*)\)")
_NAMED = {
    "white": WHITE, "black": (0.0, 0.0, 0.0), "snow": (1.0, 0.98, 0.98), "ivory": (1.0, 1.0, 0.94),
    "ghostwhite": (0.97, 0.97, 1.0), "whitesmoke": (0.96, 0.96, 0.96), "mintcream": (0.96, 1.0, 0.98),
    "azure": (0.94, 1.0, 1.0), "floralwhite": (1.0, 0.98, 0.94), "aliceblue": (0.94, 0.97, 1.0),
    "seashell": (1.0, 0.96, 0.93), "navy": (0.0, 0.0, 0.5), "red": (1.0, 0.0, 0.0), "blue": (0.0, 0.0, 1.0),
    "green": (0.0, 0.5, 0.0), "gray": (0.5, 0.5, 0.5), "grey": (0.5, 0.5, 0.5),
}  # fmt: skip


def parse_colour(text: str) -> tuple[Colour, float] | None:
    """A colour of CSS or Office and how opaque it is (0-1); None for one that is not known."""
    text = text.strip().lower()
    if text == "transparent":
        return WHITE, 0.0
    if text in _NAMED:
        return _NAMED[text], 1.0
    if match := _HEX.fullmatch(text):
        digits = match[1] if len(match[1]) > 4 else "".join(2 * d for d in match[1])
        values = [int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2)]
        return (values[0], values[1], values[2]), values[3] if len(values) > 3 else 1.0
    if match := _FUNCTION.fullmatch(text):
        return _function(match[1], re.findall(r"-?[\d.]+%?", match[2]))
    return None


def _function(name: str, parts: list[str]) -> tuple[Colour, float] | None:
    try:
        numbers = [float(part.rstrip("%")) / (100 if part.endswith("%") else 1) for part in parts]
    except ValueError:
        return None
    if len(numbers) not in (3, 4):
        return None
    opaque = numbers[3] if len(numbers) > 3 else 1.0
    if name == "hsl":
        return colorsys.hls_to_rgb(numbers[0] / 360 % 1, numbers[2], numbers[1]), opaque
    red, green, blue = (n if part.endswith("%") else n / 255 for n, part in zip(numbers[:3], parts, strict=False))
    return (red, green, blue), opaque


def can_be_seen(text: Colour, ground: Colour) -> bool:
    """By the contrast ratio of WCAG 2.2, which is 1 for equal colours and 21 for black on white."""
    lighter, darker = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
