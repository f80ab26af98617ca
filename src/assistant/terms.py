"""How a text is cut into words for search and reading: figures, dates, times, sections of a law and abbreviations,
each as the same word however it is written. Pure functions.

A word that stands for a figure begins with a digit, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

Term = tuple[str, int, int]
"""A word in lower case, and its offsets in the text: `[start, end)`."""

_SPELLED_OUT = {
    "mrd": "milliarder", "mill": "millioner", "mio": "millioner", "bn": "billion", "mnok": "millioner kroner",
    "tnok": "tusen kroner", "kr": "kroner", "nok": "kroner", "€": "euro", "$": "dollar", "£": "pund",
    "%": "prosent", "pst": "prosent", "percent": "prosent", "ca": "cirka", "nr": "nummer", "tlf": "telefon",
    "avd": "avdeling", "dir": "direktør", "kap": "kapittel", "pkt": "punkt", "inkl": "inkludert",
    "ekskl": "ekskludert", "maks": "maksimalt", "mva": "merverdiavgift", "evt": "eventuelt", "vedr": "vedrørende",
    "prop": "proposisjon",
    "innst": "innstilling", "m²": "kvadratmeter", "m2": "kvadratmeter", "kvm": "kvadratmeter",
    "km²": "kvadratkilometer",
}  # fmt: skip
"""Abbreviations and signs under the words that a document or a question may use instead."""

_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()
_MONTH_NAMES = {
    name: _MONTHS[at]
    for at, names in enumerate(
        (
            "januar january jan", "februar february feb", "mars march mar", "april apr", "mai may", "juni june jun",
            "juli july jul", "august aug", "september sept sep", "oktober october okt oct", "november nov",
            "desember december des dec",
        )
    )
    for name in names.split()
}  # fmt: skip
_ALWAYS_MONTHS = {"january", "february", "march", "june", "july", "october", "december"}
"""Beside a day any of the names is a month; by itself "May" or "des" may be something else."""

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|20)\d\d"
_BY_LENGTH = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_UNITS = "kl|nr|ca|kr|kap|pkt|art|fig|tab|nok|usd|eur|" + _BY_LENGTH
"""Short words that a figure may be written up against without becoming one name with it."""

_PATTERNS = {
    "date": rf"(?<![\d.,/]){_DAY}(?:\.\s?{_MONTH}\.\s?|/{_MONTH}[-/ ]){_YEAR}(?![\d])"
    rf"|(?<![\d.,])(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d\d(?!\d|[.,]\d)",
    "iso": rf"(?<![\d-]){_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\d-])",
    "day": rf"(?<![\d.,]){_DAY}(?:\.|st|nd|rd|th)?\s+(?:of\s+)?(?i:{_BY_LENGTH})\b",
    "may": r"\bMay(?=\s+\d)",
    "clock": r"\b(?i:kl|klokk[ea]n?)\b\.?\s*[0-2]?\d(?:[.:][0-5]\d)?(?!\d|[.,:]\d)",
    "time": r"(?<![\d:.,])[0-2]?\d:[0-5]\d(?![\d:])",
    "section": r"(?:§{1,2}|\b(?i:paragraf(?:en)?)\b)\s*\d+(?:[-–‑.]\d+)*(?:\s?[a-h]\b)?",
    "message": r"\b(?i:st\.\s?meld|meld\.\s?st)\b",
    "bill": r"\b(?i:(?:st|ot)\.\s?prp)\b",
    "name": rf"(?<![^\W_])(?!(?i:{_UNITS})\d)[^\W\d_]{{1,3}}-?\d{{1,4}}(?![^\W_])",
    "letters": r"(?<![^\W_])(?:[^\W\d_](?:\.[^\W\d_])+(?![^\W_])|[aA]/[sS]\b|[^\W\d_]-[^\W\d_]{2,})",
    "thousands": r"\d{1,3}(?:[ \u00a0\u2009\u202f.]\d{3})+(?!\d)(?:,\d+)?",
    "grouped": r"[1-9]\d{0,2}(?:,\d{3})+(?![\d,])(?:\.\d+)?",
    "number": r"\d+(?:[.,]\d+)*",
    "word": r"[€$£%§]|[^\W\d_]+(?:['’][^\W\d_]+)?|\w",
}
"""What is cut as one, tried in this order: 9.2.2024 (09.02.24); 2024-02-09; 9. februar; kl. 9.30; 09:30; § 3-1;
Meld. St.; Ot.prp.; CO2 and F-35; p.g.a., A/S and e-post; 11 000 and 11.000,5; 11,000 as in English; 3,5."""
_TERM = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_PIECE = re.compile(r"\d+|[^\W\d_]+")


def words(text: str) -> Iterator[Term]:
    """The words of a text. One stretch of it may give several: a date its day, month and year, `MNOK` two."""
    for match in _TERM.finditer(text):
        kind, found, start = match.lastgroup or "", match.group(), match.start()
        if kind in _CUT:
            yield from _CUT[kind](found, start)
        else:
            for word in _canonical(kind, found):
                yield word, start, match.end()


@lru_cache(maxsize=200_000)
def _canonical(kind: str, found: str) -> tuple[str, ...]:
    match kind:
        case "number":
            return (found.replace(".", ","),)
        case "thousands":
            return (re.sub(r"[^\d,]", "", found),)
        case "grouped":
            return (found.replace(",", "").replace(".", ","),)
        case "name" | "letters":
            joined = re.sub(r"[-./]", "", found).lower()
            return tuple(_SPELLED_OUT.get(joined, joined).split())
        case "section":
            number = re.search(r"\d.*", found)
            return (re.sub(r"[–‑]", "-", re.sub(r"\s", "", number.group() if number else "")).lower() + "§",)
        case "message":
            return ("stortingsmelding",)
        case "bill":
            return ("proposisjon",)
        case "may":
            return ("mai",)
    lower = found.lower().replace("’", "'").removesuffix("'s")  # Norway's exports are those of Norway
    if lower in _ALWAYS_MONTHS:
        return (_MONTH_NAMES[lower],)
    return tuple(_SPELLED_OUT.get(lower, lower).split())


# --- stretches whose parts are words by themselves ----------------------------------------------


def _date(found: str, at: int) -> Iterator[Term]:
    day, month, year = _PIECE.finditer(found)
    yield _placed(str(int(day.group())), day, at)
    yield _placed(_MONTHS[int(month.group()) - 1], month, at)
    yield _placed(year.group() if len(year.group()) == 4 else f"20{year.group()}", year, at)


def _iso_date(found: str, at: int) -> Iterator[Term]:
    year, month, day = _PIECE.finditer(found)
    yield _placed(year.group(), year, at)
    yield _placed(_MONTHS[int(month.group()) - 1], month, at)
    yield _placed(str(int(day.group())), day, at)


def _day(found: str, at: int) -> Iterator[Term]:
    pieces = list(_PIECE.finditer(found))
    yield _placed(str(int(pieces[0].group())), pieces[0], at)
    yield _placed(_MONTH_NAMES[pieces[-1].group().lower()], pieces[-1], at)


def _clock(found: str, at: int) -> Iterator[Term]:
    word, *_ = _PIECE.finditer(found)
    yield _placed("klokken", word, at)
    hour = re.search(r"\d.*", found)
    if hour:
        yield from _time(hour.group(), at + hour.start())


def _time(found: str, at: int) -> Iterator[Term]:
    """`09:00` is 9, as in "kl. 9"."""
    hour, *minutes = re.findall(r"\d+", found)
    rest = "".join(f":{minute}" for minute in minutes if minute != "00")
    yield f"{int(hour)}{rest}", at, at + len(found)


def _placed(word: str, piece: re.Match[str], at: int) -> Term:
    return word, at + piece.start(), at + piece.end()


_CUT: dict[str, Callable[[str, int], Iterator[Term]]] = {
    "date": _date,
    "iso": _iso_date,
    "day": _day,
    "clock": _clock,
    "time": _time,
}
