"""Whether a stretch bears a sentence's figures and dates, each with its unit and with what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from assistant.verification.claims import Claims, claims_of
from assistant.verification.numerals import CURRENCY_ADJECTIVES, UNITS
from assistant.verification.quantities import Date, Figure, Quantity, is_year, quantities
from assistant.verification.stretch import Fault, Stretch, at, span
from assistant.verification.surroundings import affinity, replaces
from assistant.verification.wording import FUNCTION, Token

CLEARLY_NEARER = 0.12
"""So much better must the surroundings of another figure fit, for it to be the one that counts this."""
ITS_OWN = 0.35
"""A figure that stands in such surroundings is what the source says where the sentence has another."""
_OTHER_KIND = 0.6


def figure_faults(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    source, held = stretch.claims, held_quantities(stretch.claims)
    around = (*stretch.around_claims.quantities, *_dated(stretch.date))
    for claimed in claims.quantities:
        bearing = [q for q in held if bears(q, claimed)] or _dated_apart(claimed, held, around)
        listed = isinstance(claimed, Figure) and any(bears(q, claimed) for q in _counted(claims))
        if bearing or listed:  # a sentence may count what it lists itself
            yield from _of_others(claims, claimed, stretch, bearing)
        elif _tells_time(claims, claimed) and any(bears(q, claimed) for q in around):
            if replaces(claims, claimed, source, [q for q in source.quantities if _is_time(q)]):
                yield at(claimed, "dates")
        else:
            yield _missing(claims, claimed, stretch)
    yield from _of_currencies(claims, source)
    held_codes = {token.text for token in (*source.codes, *stretch.around_claims.codes)}
    yield from (at(code, "figures") for code in claims.codes if code.text not in held_codes)


def _of_others(claims: Claims, claimed: Quantity, stretch: Stretch, bearing: Sequence[Quantity]) -> Iterator[Fault]:
    """A figure that the stretch has, but where the sentence has it another one stands, or in another currency."""
    source = stretch.claims
    if isinstance(claimed, Date) and claimed.weekday and not claimed.day:
        return
    if bearing and all(_ends_otherwise(claims, claimed, source, q) for q in bearing):
        yield at(claimed, "bound")
        return
    own = max((affinity(claims, span(claimed), source, span(q), False) for q in bearing), default=0.0)
    nearest = _nearest_rival(claims, claimed, source, bearing)
    if nearest > own + CLEARLY_NEARER or (nearest >= ITS_OWN and _is_said_again(claims, claimed, bearing)):
        yield at(claimed, "bound")
    if isinstance(claimed, Figure) and _has_other_currency(claimed, bearing, source):
        yield at(claimed, "units")


_ENDS = {"fra": 0, "frå": 0, "from": 0, "til": 1, "to": 1}


def _ends_otherwise(claims: Claims, claimed: Quantity, source: Claims, held: Quantity) -> bool:
    """ "From 50 to 22", where the source has "from 22 to 50"."""
    ours, theirs = (_ENDS.get(found.before(q.start)) for found, q in ((claims, claimed), (source, held)))
    return ours is not None and theirs is not None and ours != theirs


def _is_said_again(claims: Claims, claimed: Quantity, bearing: Sequence[Quantity]) -> bool:
    """Whether the sentence has a figure more often than its source, which has another one in that place."""
    alike = [q for q in claims.quantities if isinstance(q, Figure) and isinstance(claimed, Figure) and bears(q, claimed)]
    return bool(bearing) and len(alike) > len(bearing) and claimed is not alike[0]


def _missing(claims: Claims, claimed: Quantity, stretch: Stretch) -> Fault:
    source = stretch.claims
    contradicts = _nearest_rival(claims, claimed, source, ()) >= ITS_OWN
    if isinstance(claimed, Date) or is_year(claimed):
        return at(claimed, "dates", contradicts)
    if any(isinstance(q, Figure) and set(q.values) & set(claimed.values) for q in held_quantities(source)):
        return at(claimed, "units")
    return at(claimed, "figures", contradicts)


def _nearest_rival(claims: Claims, claimed: Quantity, source: Claims, bearing: Sequence[Quantity]) -> float:
    """The best affinity of another figure; one of another kind, as a year for a number of things, counts less."""
    return max(
        (
            affinity(claims, span(claimed), source, span(q), False)
            * (1.0 if _could_replace(source, q, claims, claimed) else _OTHER_KIND)
            for q in source.quantities
            if q not in bearing
        ),
        default=0.0,
    )


# --- one figure against another -----------------------------------------------------------------


def bears(held: Quantity, claimed: Quantity) -> bool:
    """Whether what a source has is what a sentence claims; a day bears its month and its year."""
    if isinstance(claimed, Date):
        if isinstance(held, Figure):
            return False
        parts = (
            (claimed.year, held.year),
            (claimed.month, held.month),
            (claimed.day, held.day),
            (claimed.weekday, held.weekday),
        )
        return all(wanted is None or wanted == given for wanted, given in parts)
    if isinstance(held, Date):
        return is_year(claimed) and held.year == claimed.values[0]
    return bool(set(held.values) & set(claimed.values)) and _agree(held.unit, claimed.unit)


_NEVER_LEFT_OUT = frozenset({"ordinal", "century", "decade", "clock", "share", "points"})


def _agree(held: str, claimed: str) -> bool:
    """Whether two units are the same, where both are given. "Kroner" alone are Norwegian ones."""
    if held == claimed or {held, claimed} == {"KR", "NOK"}:
        return True
    return (not held or not claimed) and not {held, claimed} & _NEVER_LEFT_OUT


def _could_replace(source: Claims, held: Quantity, claims: Claims, claimed: Quantity) -> bool:
    """Whether one could stand in the other's place: a year for a date, but not for a number of things."""
    if isinstance(held, Date) or isinstance(claimed, Date) or _names_year(claims, claimed) or _names_year(source, held):
        return _is_time(held) and _is_time(claimed)
    return True


def _is_time(quantity: Quantity) -> bool:
    return isinstance(quantity, Date) or is_year(quantity)


_BEFORE_YEAR = frozenset("i in innen innan by siden sidan since året år year sommeren høsten våren vinteren".split())


def _names_year(found: Claims, figure: Figure) -> bool:
    """Whether four digits are a year by what stands around them: "i 2021", not "1300 personer"."""
    if not is_year(figure):
        return False
    after = next((t for t in found.tokens if t.start >= figure.end), None)
    counts = after is not None and after.kind == "word" and after.lower not in FUNCTION
    return found.before(figure.start) in _BEFORE_YEAR or not counts


def _tells_time(found: Claims, quantity: Quantity) -> bool:
    """As "in 2021" and "the 2021 exports" do, and "1300 persons" does not."""
    if isinstance(quantity, Date):
        return True
    return _names_year(found, quantity) or (is_year(quantity) and found.before(quantity.start) == "the")


def _dated(date: str | None) -> list[Quantity]:
    parts = [int(part) for part in date.split("-")] if date else []
    return [Date(0, 0, date or "", *parts)] if parts else []


def _dated_apart(claimed: Quantity, held: Sequence[Quantity], around: Sequence[Quantity]) -> list[Quantity]:
    """A day whose year stands elsewhere in the passage, or is the document's own."""
    if not isinstance(claimed, Date) or claimed.year is None or claimed.month is None:
        return []
    years = {q.year if isinstance(q, Date) else q.values[0] for q in (*held, *around) if _is_time(q)}
    day = (claimed.month, claimed.day)
    same = [q for q in held if isinstance(q, Date) and q.year is None and (q.month, q.day) == day]
    return list(same) if claimed.year in years else []


# --- what a stretch has -------------------------------------------------------------------------

_ONES = frozenset("en ein ei et eit ett én éin éi eitt a an one".split())
_TWOS = frozenset("begge både both pair par".split())
_SECONDS = frozenset("andre annen anna annet".split())


@lru_cache(maxsize=4096)
def _held(text: str, english: bool) -> tuple[Quantity, ...]:
    found = claims_of(text, english)
    extra: list[Quantity] = []
    for token in found.tokens:
        if token.lower in _ONES:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(1),)))
        elif token.lower in _TWOS:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(2),)))
        elif token.lower in _SECONDS:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(2),), "ordinal"))
    return (*found.quantities, *extra, *_counted(found), *_of_columns(found))


def held_quantities(found: Claims) -> tuple[Quantity, ...]:
    """With what counts without being a figure: "en" is one, "begge" is two, an enumeration as many as it has."""
    return _held(found.text, found.english)


_LIST = re.compile(r"^(?:[-•*]|\d+[.)]) \S[^\n]*(?:\n(?:[-•*]|\d+[.)]) \S[^\n]*)+", re.MULTILINE)
_ITEM = r"[^\s,;:.()]+(?: [^\s,;:.()]+){0,3}"
_ENUMERATION = re.compile(rf"{_ITEM}(?:, {_ITEM})*,? (?:og|and|samt) {_ITEM}")


def _counted(found: Claims) -> Iterator[Figure]:
    """ "A, B og C" bears "three", and so does a list of three."""
    for match in _LIST.finditer(found.text):
        yield Figure(*match.span(), match.group(), (Fraction(match.group().count("\n") + 1),))
    for match in _ENUMERATION.finditer(found.text):
        items = re.split(r", |,? (?:og|and|samt) ", match.group())
        inner = items[1:-1] or items[-1:]
        if len(items) > 2 or all(item.lstrip("«")[:1].isupper() for item in inner):
            yield Figure(*match.span(), match.group(), (Fraction(len(items)),))


_COLUMN = re.compile(r"(?:\(| i )(?P<unit>[^():;\d]{1,20}|1000 [^():;\d]{1,15})\)?: (?=[^;:]*\d)")


def _of_columns(found: Claims) -> Iterator[Figure]:
    """The 22 of a row "Eksport (mill. kr): 22" is 22 million kroner."""
    for match in _COLUMN.finditer(found.text):
        unit = match["unit"] if match["unit"][0].isdigit() else f"1 {match['unit']}"
        scale = next(iter(quantities(unit, found.english)), None)
        figure = next((q for q in found.quantities if q.start >= match.end()), None)
        if isinstance(scale, Figure) and isinstance(figure, Figure) and (scale.unit or scale.values[0] != 1):
            values = tuple(value * scale.values[0] for value in figure.values)
            yield Figure(figure.start, figure.end, figure.text, values, scale.unit or figure.unit)


_CURRENCIES = frozenset({"KR", "NOK", "DKK", "SEK", "ISK", "EUR", "USD", "GBP"})


def _of_currencies(claims: Claims, source: Claims) -> Iterator[Fault]:
    """ "Several million dollars": a currency without a figure, where the source has others and not this one."""
    figures = [span(q) for q in claims.quantities]
    held = {unit for unit, _ in _currencies(source)}
    for unit, token in _currencies(claims):
        bare = not any(start <= token.start < end for start, end in figures)
        if bare and held and not held & _same_currency(unit):
            yield at(token, "units")


def _has_other_currency(claimed: Figure, bearing: Sequence[Quantity], source: Claims) -> bool:
    """A figure may have its currency elsewhere in its row. If another one stands there, and not this one, the
    sentence has made it up."""
    if claimed.unit not in _CURRENCIES or any(isinstance(q, Figure) and q.unit for q in bearing):
        return False
    mentioned = {unit for unit, _ in _currencies(source)}
    return bool(mentioned) and not mentioned & _same_currency(claimed.unit)


def _same_currency(unit: str) -> set[str]:
    """Kroner alone are Norwegian ones."""
    return {"KR", "NOK"} if unit in ("KR", "NOK") else {unit}


def _currencies(found: Claims) -> Iterator[tuple[str, Token]]:
    """Every currency that is named, with or without a figure."""
    before = ""
    for token in found.tokens:
        unit = UNITS[token.lower][0] if token.lower in UNITS and token.text != "nok" else ""
        if unit == "KR":
            unit = CURRENCY_ADJECTIVES.get(before, unit)
        if unit in _CURRENCIES:
            yield unit, token
        before = token.lower
