"""Dates as people and programs write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan januari",
            "februar february feb februari",
            "mars march mar marts",
            "april apr",
            "mai may maj",
            "juni june jun",
            "juli july jul",
            "august aug augusti",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{1,2}:\d{2}.*)?")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH_ONLY = re.compile(r"([^\W\d]+)\.?,?\s+(\d{4})")
_PDF = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def parse_date(text: str) -> str | None:
    """`text` as an ISO year, month or day; None when it is no date.

    Reads ISO dates and times, `21.03.2024`, `21. mars 2024`, `21 March 2024`, `March 21, 2024`,
    `mars 2024`, and PDF's `D:20240321…`. With dots or slashes the day comes first."""
    text = text.strip()
    if match := _PDF.match(text):
        return _iso(match[1], match[2], match[3])
    if match := _ISO.fullmatch(text):
        return _iso(match[1], match[2], match[3])
    if match := _DOTTED.fullmatch(text):
        return _iso(match[3], match[2], match[1])
    if match := _DAY_FIRST.fullmatch(text):
        return _iso(match[3], _month(match[2]), match[1])
    if match := _MONTH_FIRST.fullmatch(text):
        return _iso(match[3], _month(match[1]), match[2])
    if match := _MONTH_ONLY.fullmatch(text):
        return _iso(match[2], _month(match[1]), None)
    return None


def _month(name: str) -> str:
    # "0" is refused by _iso like any other month that does not exist.
    return str(_MONTHS.get(name.casefold(), 0))


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year if int(year) > 0 else None
    try:
        whole = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day is not None else whole.isoformat()[:7]
