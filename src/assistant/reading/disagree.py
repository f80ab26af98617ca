"""Whether two sources give different answers to the same question. Pure functions.

Only figures and dates are compared: of two names or two reasons both may be right."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator

from assistant.reading.asks import AsksFor
from assistant.text import stems, telling_words
from assistant.verification.claims import is_english
from assistant.verification.quantities import Date, Figure, Quantity, is_year, quantities

_OTHER_KINDS = ("ordinal", "century", "decade", "clock")
_COUNTED_WITHIN, _COUNTED_WORDS = 60, 2
"""Characters after a figure among whose first telling words is what it counts."""
_SOURCE = re.compile(r"\([^()]*\b[\w-]+\.(no|com|org|net|eu|dk|se)\b[^()]*\)")
"""Where something is taken from, which is often dated."""


def disagree(kind: AsksFor, one: str, other: str) -> bool:
    """Whether the figures or dates of two short answers, whichever `kind` of question asks for, exclude each other:
    "9. februar 2024" and "fredag 8. februar" do, "2024" and "9. februar 2024" do not, nor do two figures of different
    units."""
    ours, theirs = _asked_for(kind, one), _asked_for(kind, other)
    pairs = [(a, b) for a in ours for b in theirs if _comparable(a, b)]
    return bool(pairs) and all(_exclude(a, b) for a, b in pairs)


def give_others(kind: AsksFor, one: str, other: str) -> bool:
    """Whether of two sentences about the same thing each gives another value of what is asked for: of dates, where a
    time is, and of figures with the same unit or the same noun, where a number is. What else they say does not
    count."""
    if kind == "time":
        return disagree(kind, one, other)
    ours, theirs = _by_unit(kind, one), _by_unit(kind, other)
    both = ours.keys() & theirs.keys()
    return bool(both) and all(ours[unit].isdisjoint(theirs[unit]) for unit in both)


def give_the_same(kind: AsksFor, one: str, other: str) -> bool:
    """Whether they have a figure of the same unit or noun in common."""
    ours, theirs = _by_unit(kind, one), _by_unit(kind, other)
    return any(ours[unit] & theirs[unit] for unit in ours.keys() & theirs.keys())


def _by_unit(kind: AsksFor, text: str) -> dict[str, set[Hashable]]:
    """The values of a sentence's figures by their unit, or by each of the stems after them where they have none."""
    found: dict[str, set[Hashable]] = defaultdict(set)
    for figure in _asked_for(kind, text):
        if isinstance(figure, Figure):
            after = telling_words(text[figure.end : figure.end + _COUNTED_WITHIN])[:_COUNTED_WORDS]
            for unit in [figure.unit] if figure.unit else stems(" ".join(after)):
                found[unit].update(figure.values)
    return found


def _asked_for(kind: AsksFor, text: str) -> list[Quantity]:
    """Dates and years where a time is asked for, other figures where a number is."""
    return list(_of_time(text) if kind == "time" else _of_number(text)) if kind in ("time", "number") else []


def _of_time(text: str) -> Iterator[Quantity]:
    for one in _said(text):
        if isinstance(one, Date):
            yield one
        elif is_year(one):
            yield Date(one.start, one.end, one.text, year=int(one.text))


def _of_number(text: str) -> Iterator[Quantity]:
    for one in _said(text):
        if isinstance(one, Figure) and not is_year(one) and one.unit not in _OTHER_KINDS:
            yield one


def _said(text: str) -> tuple[Quantity, ...]:
    said = _SOURCE.sub(lambda match: " " * len(match.group()), text)
    return quantities(said, is_english(text))


def _comparable(one: Quantity, other: Quantity) -> bool:
    if isinstance(one, Date) and isinstance(other, Date):
        return bool(_shared(one, other))
    if isinstance(one, Figure) and isinstance(other, Figure):
        return one.unit == other.unit or not (one.unit and other.unit)
    return False


def _exclude(one: Quantity, other: Quantity) -> bool:
    if isinstance(one, Date) and isinstance(other, Date):
        return any(a != b for a, b in _shared(one, other))
    assert isinstance(one, Figure) and isinstance(other, Figure)
    return not set(one.values) & set(other.values)


def _shared(one: Date, other: Date) -> list[tuple[int, int]]:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return [(a, b) for a, b in parts if a is not None and b is not None]
