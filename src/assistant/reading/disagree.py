"""Whether two sources give different answers to the same question. Pure functions.

Only figures and dates are compared: of two names or two reasons both may be right."""

from __future__ import annotations

from assistant.verification.claims import is_english
from assistant.verification.quantities import Date, Figure, Quantity, quantities


def disagree(one: str, other: str) -> bool:
    """Whether the figures or dates of two short answers exclude each other: "9. februar 2024" and "fredag
    8. februar" do, "2024" and "9. februar 2024" do not, nor do two figures of different units."""
    ours, theirs = (quantities(text, is_english(text)) for text in (one, other))
    pairs = [(a, b) for a in ours for b in theirs if _comparable(a, b)]
    return bool(pairs) and all(_exclude(a, b) for a, b in pairs)


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
