"""Times that restrict documents ("etter 2023", "fra mars 2024", "between 2020 and 2022"), in three languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "januar january jan", "februar february feb", "mars march", "april apr", "mai may", "juni june",
            "juli july", "august aug", "september sept", "oktober october okt oct", "november nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
_RANGE = re.compile(r"((?:19|20)\d\d)\s?[–-]\s?((?:19|20)\d\d)")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")

_AFTER = ("etter", "after", "nyere enn", "nyare enn", "newer than", "later than", "senere enn", "seinare enn")
_SINCE = ("siden", "sidan", "since", "fra og med", "frå og med", "f.o.m", "starting")
_BEFORE = ("før", "before", "eldre enn", "older than", "prior to", "tidligere enn", "tidlegare enn", "earlier than")
_UNTIL = ("til og med", "t.o.m", "fram til", "frem til", "until", "up to", "through")
_IN = (
    "fra", "frå", "from", "i", "in", "av", "of", "for", "datert", "dated", "i perioden", "in the period",
    "i tidsrommet",
)  # fmt: skip
_WAYS = [
    (cue, way)
    for way, cues in (("since", _SINCE), ("after", _AFTER), ("before", _BEFORE), ("until", _UNTIL), ("in", _IN))
    for cue in cues
]
_FROM = ("fra", "frå", "from")
_BETWEEN = ("mellom", "between")
_ONWARDS = ("og framover", "og fremover", "og utover", "og senere", "og seinare", "and later", "and onwards", "onwards")
_TO = ("til", "to", "–", "-", "og", "and")


@dataclass(frozen=True, slots=True)
class Period:
    """From and to, ISO 8601 years, months or days, inclusive; None where it is open. `exact` says that it was given
    as one year, month or day, as in "fra 2021". Of two years ("fra 2021 og 2023") those between them pass too."""

    first: str | None
    last: str | None
    exact: bool = False


def period_at(words: Sequence[str], at: int, bare: bool = False) -> tuple[Period, int] | None:
    """The period that begins with the word at `at` (in lower case; signs are words too), and the place after it. `bare`
    also takes a time without a word before it."""
    if found := _between(words, at):
        return found
    for cue, way in (*_WAYS, *((("", "in"),) if bare else ())):
        start = _past(words, at, cue)
        if start is None or start >= len(words):
            continue
        if years := _RANGE.fullmatch(words[start]):
            return Period(years[1], years[2]), start + 1
        if unit := _unit_at(words, start):
            return _onwards(words, _period(way, unit[0]), unit[1])
    return None


def _period(way: str, unit: str) -> Period:
    match way:
        case "since":
            return Period(unit, None)
        case "after":
            return Period(_moved(unit, 1), None)
        case "before":
            return Period(None, _moved(unit, -1))
        case "until":
            return Period(None, unit)
    return Period(unit, unit, exact=True)


def _between(words: Sequence[str], at: int) -> tuple[Period, int] | None:
    for cue in (*_BETWEEN, *_FROM, "i perioden", "in the period", "i tidsrommet"):
        start = _past(words, at, cue)
        first = _unit_at(words, start) if start is not None else None
        if first is None or first[1] >= len(words) or words[first[1]] not in _TO:
            continue
        last = _unit_at(words, first[1] + 1)
        if last is not None and last[0] >= first[0]:
            return Period(first[0], last[0]), last[1]
    return None


def _onwards(words: Sequence[str], period: Period, at: int) -> tuple[Period, int]:
    for cue in _ONWARDS if period.exact else ():
        end = _past(words, at, cue)
        if end is not None:
            return Period(period.first, None), end
    return period, at


def _past(words: Sequence[str], at: int, cue: str) -> int | None:
    """The place after `cue` where it stands at `at`."""
    parts = cue.split()
    return at + len(parts) if list(words[at : at + len(parts)]) == parts else None


def _unit_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A year, month or day, and the place after it."""
    given = list(words[at : at + 4])
    if not given:
        return None
    if _YEAR.fullmatch(given[0]):
        return given[0], at + 1
    if iso := _ISO.fullmatch(given[0]):
        return _valid(iso[1], iso[2], iso[3], at + 1)
    if dotted := _DOTTED.fullmatch(given[0]):
        return _valid(dotted[3], dotted[2].zfill(2), dotted[1].zfill(2), at + 1)
    if given[0] in _MONTHS:
        if len(given) > 1 and _YEAR.fullmatch(given[1]):
            return f"{given[1]}-{_MONTHS[given[0]]}", at + 2
        given = given[1:2] + given[:1] + given[2:]  # May 9, 2024
    day = _DAY.fullmatch(given[0])
    rest = [word for word in given[1:] if word not in (".", ",")]
    if day and len(rest) > 1 and rest[0] in _MONTHS and _YEAR.fullmatch(rest[1]):
        signs = [word for word in words[at : at + 4] if word in (".", ",")]
        return _valid(rest[1], _MONTHS[rest[0]], day[1].zfill(2), at + 3 + len(signs))
    return None


def _valid(year: str, month: str, day: str | None, end: int) -> tuple[str, int] | None:
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return "-".join(filter(None, (year, month, day))), end


def _moved(unit: str, by: int) -> str:
    """The year, month or day after (1) or before (-1) `unit`."""
    if len(unit) == 4:
        return f"{int(unit) + by:04}"
    if len(unit) == 10:
        return (date.fromisoformat(unit) + timedelta(days=by)).isoformat()
    months = int(unit[:4]) * 12 + int(unit[5:]) - 1 + by
    return f"{months // 12:04}-{months % 12 + 1:02}"
