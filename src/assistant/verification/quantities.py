"""Figures, dates and units in running text, brought to one form: "22 mrd. kr", "22 milliarder kroner",
"22 000 millioner" and "NOK 22 bn" are the same. Bokmål, nynorsk and English. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.verification.numerals import (
    CURRENCY_ADJECTIVES,
    FRACTIONS,
    MONTHS,
    ORDINALS,
    PARTS,
    SCALES,
    TAKES_TWO_WORDS,
    UNITS,
    WEEKDAYS,
    cardinal,
    decimal_readings,
)
from assistant.verification.wording import Token, tokens


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at `text[start:end]`. `values` are its readings, most often one: a decimal comma may be
    a thousands mark. `unit` is a key such as "NOK", "m" or "share" (of percent, parts and halves), "" where
    the text gives none; "ordinal" for the fourth, "century", "decade" and "clock" for those."""

    start: int
    end: int
    text: str
    values: tuple[Fraction, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Date:
    """What is said of a day: each part may be missing. `weekday` counts from Monday, 1."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


Quantity = Figure | Date


@lru_cache(maxsize=4096)
def quantities(text: str, english: bool) -> tuple[Quantity, ...]:
    """In the order of the text. `english` decides what "to" and "11,000" mean."""
    return tuple(_Scan(text, tokens(text), english).all())


def is_year(figure: Figure) -> bool:
    """Whether it may be one: four digits without a mark or a unit."""
    return figure.unit == "" and figure.text.isdigit() and len(figure.text) == 4 and "1000" <= figure.text < "2200"


class _Scan:
    """One pass over a text's tokens."""

    def __init__(self, text: str, found: Sequence[Token], english: bool) -> None:
        self._text = text
        self._tokens = found
        self._english = english

    def all(self) -> Iterator[Quantity]:
        at = 0
        while at < len(self._tokens):
            read = self._date(at) or self._figure(at)
            if read:
                quantity, at = read
                yield from self._with_range(quantity, at)
            else:
                at += 1

    # --- helpers ---

    def _lower(self, at: int) -> str:
        return self._tokens[at].lower if 0 <= at < len(self._tokens) else ""

    def _is(self, at: int, kind: str) -> bool:
        return 0 <= at < len(self._tokens) and self._tokens[at].kind == kind

    def _touches(self, at: int) -> bool:
        """Whether nothing stands between a token and the one before."""
        return 0 < at < len(self._tokens) and self._tokens[at].start == self._tokens[at - 1].end

    def _past_stop(self, at: int) -> int:
        """Past the full stop of an abbreviation or of an ordinal."""
        return at + 1 if self._lower(at) == "." and self._touches(at) else at

    def _span(self, first: int, end: int) -> tuple[int, int, str]:
        start, stop = self._tokens[first].start, self._tokens[end - 1].end
        return start, stop, self._text[start:stop]

    # --- dates ---

    def _date(self, at: int) -> tuple[Quantity, int] | None:
        token = self._tokens[at]
        if token.kind == "date" and (numeric := _numeric_date(token.text)):
            return Date(token.start, token.end, token.text, *numeric), at + 1
        if token.lower in WEEKDAYS and not (self._english and token.text.islower()):
            return Date(token.start, token.end, token.text, weekday=WEEKDAYS[token.lower]), at + 1
        if self._is_day(at):
            return self._day_first(at)
        if month := self._month(at):
            return self._month_first(at, month)
        return None

    def _is_day(self, at: int) -> bool:
        return self._is(at, "number") and self._lower(at).isdigit() and 1 <= int(self._lower(at)) <= 31

    def _day_first(self, at: int) -> tuple[Quantity, int] | None:
        after = self._past_stop(at + 1)
        if self._lower(after) in ("st", "nd", "rd", "th") and self._touches(after):
            after += 1
        after += self._lower(after) == "of"
        month = self._month(after)
        if not month:
            return self._shared_month(at, after)
        end = self._past_stop(after + 1) if self._tokens[after].lower in _SHORT_MONTHS else after + 1
        end += self._lower(end) == "," and self._year(end + 1) is not None
        year = self._year(end)
        end += year is not None
        return Date(*self._span(at, end), year, month, int(self._lower(at))), end

    def _shared_month(self, at: int, after: int) -> tuple[Quantity, int] | None:
        """The 8. of "8.–9. februar" and of "8. og 9. februar"."""
        if self._lower(after) not in ("-", "–", "og", "and", "eller", "or", "til", "to") or not self._is_day(after + 1):
            return None
        read = self._day_first(after + 1)
        if read is None or not isinstance(read[0], Date) or read[0].month is None:
            return None
        return Date(*self._span(at, at + 1), read[0].year, read[0].month, int(self._lower(at))), after

    def _month(self, at: int) -> int | None:
        if not self._is(at, "word"):
            return None
        token = self._tokens[at]
        month = MONTHS.get(token.lower)
        if token.lower in _SHORT_MONTHS and not (self._is(at - 1, "number") or self._lower(at - 1) == "."):
            return None
        if token.lower in ("march", "may", "mars") and token.text.islower() == self._english:
            return None  # "they may", "Mars"
        return month

    def _month_first(self, at: int, month: int) -> tuple[Quantity, int]:
        end = at + 1
        day = None
        if self._english and self._is_day(end):
            day = int(self._lower(end))
            end += 1
            end += self._lower(end) in ("st", "nd", "rd", "th")
            end += self._lower(end) == "," and self._year(end + 1) is not None
        year = self._year(end)
        end += year is not None
        return Date(*self._span(at, end), year, month, day), end

    def _year(self, at: int) -> int | None:
        found = self._lower(at)
        is_one = self._is(at, "number") and len(found) == 4 and found.isdigit() and "1000" <= found < "2200"
        return int(found) if is_one else None

    # --- figures ---

    def _figure(self, at: int) -> tuple[Quantity, int] | None:
        before = UNITS.get(self._lower(at))
        if before and before[0] in _BEFORE and (read := self._number(self._past_stop(at + 1))):
            values, end, _ = read
            return Figure(*self._span(at, end), values, before[0]), end
        read = self._number(at)
        if read is None:
            return None
        values, end, unit = read
        if not unit and self._lower(at - 1 - (self._lower(at - 1) == ".")) in _NUMBERED:
            unit = "ordinal"
        if not unit:
            factor, unit, end = self._unit(end)
            values = tuple(value * factor for value in values)
        return Figure(*self._span(at, end), values, unit), end

    def _number(self, at: int) -> tuple[tuple[Fraction, ...], int, str] | None:
        """The readings, where they end, and the unit where the number itself says one."""
        if special := self._special(at):
            return special
        if self._is(at, "number"):
            values, end = decimal_readings(self._tokens[at].text, self._english), at + 1
            if not values:
                return None
            if self._is_negative(at):
                values = tuple(-value for value in values)
        else:
            found, end = cardinal([token.lower for token in self._tokens[at : at + 8]], self._english)
            if found is None:
                return None
            end += at
            values = (found,)
        while (scale := self._scale(end)) is not None:
            values = tuple(value * scale for value in values)
            end = self._past_abbreviation(end)
        return values, end, ""

    def _special(self, at: int) -> tuple[tuple[Fraction, ...], int, str] | None:
        word, following = self._lower(at), self._lower(at + 1)
        if word in ORDINALS and not (word == "second" and self._lower(at - 1) in ("a", "per", "each")):
            if following in _CENTURY:
                return (Fraction(ORDINALS[word] - 1),), at + 2, "century"
            return (Fraction(ORDINALS[word]),), at + 1, "ordinal"
        if word in FRACTIONS:
            half_a = at + 1 + (following == "a")
            if scale := self._scale(half_a):
                return (FRACTIONS[word] * scale,), self._past_abbreviation(half_a), ""
            return (FRACTIONS[word],), at + 1, "share"
        parts, end = cardinal([token.lower for token in self._tokens[at : at + 3]], self._english, one=True)
        if parts is None and self._is(at, "number") and word.isdigit():
            parts, end = Fraction(int(word)), 1
        part = self._lower(at + end)
        if parts is not None and part in FRACTIONS and self._scale(at + end + 1) is None:
            return (parts * FRACTIONS[part],), at + end + 1, "share"
        if parts is not None and part in PARTS and self._lower(at + end + 1) in ("of", "av"):
            return (parts * PARTS[part],), at + end + 1, "share"
        return self._of_digits(at) if self._is(at, "number") else None

    def _of_digits(self, at: int) -> tuple[tuple[Fraction, ...], int, str] | None:
        """1990-tallet, 4., 4th, 10:30."""
        digits = self._tokens[at].text
        if ":" in digits or self._lower(at - 1) in _CLOCK or self._lower(at - 2) in _CLOCK:
            hours, minutes = ([*re.split(r"[.:]", digits), "0"])[:2]
            if hours.isdigit() and minutes.isdigit() and int(hours) < 25 and int(minutes) < 60:
                return (Fraction(int(hours) * 60 + int(minutes)),), at + 1, "clock"
        if not digits.isdigit():
            return None
        value, end = int(digits), at + 1
        hyphen = self._lower(end) in ("-", "–") and self._touches(end)
        tail = self._lower(end + 1) if hyphen else self._lower(end)
        if tail in _DECADES and (hyphen or self._touches(end)):
            century = value % 100 == 0 and value % 1000 >= 0
            return (Fraction(value // 100 if century else value),), end + 1 + hyphen, "century" if century else "decade"
        if tail in ("st", "nd", "rd", "th") and self._touches(end):
            end += 1
        elif not (tail == "." and self._touches(end) and self._lower(end + 1) and self._is_ordinary(end + 1)):
            return None
        else:
            end += 1
        if self._lower(end) in _CENTURY:
            return (Fraction(value - 1),), end + 1, "century"
        return (Fraction(value),), end, "ordinal"

    def _is_ordinary(self, at: int) -> bool:
        return self._is(at, "word") and self._tokens[at].text[0].islower()

    def _is_negative(self, at: int) -> bool:
        sign = self._lower(at - 1)
        if sign == "minus":
            return True
        apart = at < 2 or not self._touches(at - 1)
        return sign in ("-", "−", "–") and self._touches(at) and apart and not self._is(at - 2, "number")

    def _scale(self, at: int) -> Fraction | None:
        word = self._lower(at)
        if word == "billion" and self._english:
            return Fraction(10**9)
        if word in ("-", "–") and self._touches(at) and self._touches(at + 1):
            compound = self._lower(at + 1)
            return next((scale for name, scale in _IN_COMPOUNDS if compound.startswith(name)), None)
        if word in ("m", "k") and not self._touches(at):
            return None
        if word in ("m", "k"):
            return SCALES[word] if self._lower(at - 2) in ("$", "€", "£", "nok", "usd", "eur", "dkk", "sek") else None
        return SCALES.get(word)

    def _past_abbreviation(self, at: int) -> int:
        if self._lower(at) in ("-", "–"):
            return at + 2
        return self._past_stop(at + 1) if self._lower(at) in ("mill", "mrd", "mia", "mio", "bn") else at + 1

    def _unit(self, at: int) -> tuple[Fraction, str, int]:
        """The factor, the unit and where it ends; ("", `at`) where there is none."""
        hyphen = self._lower(at) in ("-", "–") and self._touches(at) and self._touches(at + 1)
        at_unit = at + 1 if hyphen else at
        if (currency := CURRENCY_ADJECTIVES.get(self._lower(at_unit))) and self._is_crown(at_unit + 1):
            return Fraction(1), currency, at_unit + 2
        two = f"{self._lower(at_unit)} {self._lower(at_unit + 1)}"
        for word, length in ((two, 2), (self._lower(at_unit), 1)):
            found = UNITS.get(word) or (UNITS.get(_of_compound(word)) if hyphen and length == 1 else None)
            if found and (length == 2 or word not in TAKES_TWO_WORDS):
                unit, factor = found
                end = at_unit + length
                if length == 1 and self._lower(end) in ("²", "³", "2", "3") and self._touches(end):
                    squared = UNITS.get(word + ("²" if self._lower(end) in ("²", "2") else "³"))
                    unit, factor, end = (*squared, end + 1) if squared else (unit, factor, end)
                return factor, unit, end
        return Fraction(1), "", at

    def _is_crown(self, at: int) -> bool:
        return self._lower(at) in ("kroner", "krone", "kronar", "kr", "kronor")

    def _with_range(self, quantity: Quantity, end: int) -> Iterator[Quantity]:
        """The 22 of "22 til 50 milliarder kroner" may be 22 or 22 milliarder kroner."""
        joined = self._lower(end) in ("til", "to", "-", "–", "og", "and", "eller", "or")
        plain = isinstance(quantity, Figure) and quantity.unit == "" and self._is(end - 1, "number")
        if not (joined and plain and isinstance(quantity, Figure)) or is_year(quantity):
            yield quantity
            return
        read = self._figure(end + 1)
        following = read[0] if read else None
        if isinstance(following, Figure) and self._is(end + 1, "number") and following.unit not in ("ordinal", "clock"):
            bare = decimal_readings(self._tokens[end + 1].text, self._english)
            factor = following.values[0] / bare[0] if bare and bare[0] else Fraction(1)
            values = dict.fromkeys((*quantity.values, *(value * factor for value in quantity.values)))
            yield Figure(quantity.start, quantity.end, quantity.text, tuple(values), "")
        else:
            yield quantity


_BEFORE = frozenset({"NOK", "KR", "DKK", "SEK", "EUR", "USD", "GBP"})
_IN_COMPOUNDS = (("million", Fraction(10**6)), ("milliard", Fraction(10**9)))
"""Of "22-milliardersprosjekt"."""
_CENTURY = frozenset("århundre århundret århundrets hundreår hundreåret century".split())
_CLOCK = frozenset({"kl", "klokka", "klokken"})
_NUMBERED = frozenset({"nummer", "nr", "number"})
_DECADES = frozenset({"tallet", "talet", "åra", "årene", "årenes", "tallets", "s"})
_SHORT_MONTHS = frozenset("jan feb febr mar apr jun jul aug sep sept okt oct nov des dec".split())


def _numeric_date(text: str) -> tuple[int, int, int] | None:
    parts = [int(part) for part in re.split(r"[./\s-]+", text) if part]
    year, month, day = parts if len(text.split("-")) == 3 else reversed(parts)
    if year < 100:
        year += 2000 if year < 50 else 1900
    if month > 12 >= day:
        month, day = day, month
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _of_compound(word: str) -> str:
    """The unit that the second part of "42-åring" or "5-kilometersløype" begins with."""
    return next((unit for unit in ("år", "kilometer", "meter", "kg", "tonn", "prosent") if word.startswith(unit)), word)
