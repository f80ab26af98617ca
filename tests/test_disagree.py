"""When two sources give different answers: figures and dates that exclude each other, and nothing else."""

from __future__ import annotations

import pytest

from assistant.reading.asks import AsksFor
from assistant.reading.disagree import disagree, give_others

_TIME: list[tuple[str, str]] = [
    ("9. februar 2024", "fredag 8. februar"),
    ("2019", "2021"),
    ("9 February 2024", "den 8. februar 2024"),
]
_NUMBER: list[tuple[str, str]] = [
    ("11 000", "om lag 100 000 ansatte"),
    ("41 tiltak", "femten tiltak"),
    ("22 milliarder kroner", "50 mrd. kr"),
]


@pytest.mark.parametrize(
    ("kind", "one", "other"), [("time", *pair) for pair in _TIME] + [("number", *pair) for pair in _NUMBER]
)
def test_what_excludes_each_other(kind: AsksFor, one: str, other: str) -> None:
    assert disagree(kind, one, other)
    assert disagree(kind, other, one)
    assert not disagree("time" if kind == "number" else "number", one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("time", "2024", "9. februar 2024"),
        ("time", "juni 2023", "2. juni 2023"),
        ("number", "22 milliarder kroner", "22 mrd. kr"),
        ("number", "sju kommuner", "7 kommuner"),
        ("number", "65 milliarder kroner", "70 prosent"),
        ("person", "Bayer", "Pharmaq"),
        ("cause", "fordi det er dyrt", "41 tiltak"),
        ("number", "", "41"),
    ],
)
def test_what_may_both_be_true(kind: AsksFor, one: str, other: str) -> None:
    assert not disagree(kind, one, other)
    assert not disagree(kind, other, one)


@pytest.mark.parametrize(
    ("kind", "one", "other", "differ"),
    [
        # what else they say does not count
        ("time", "Avtalen ble signert i Ås 4. mai 2022.", "Avtalen vart skriven under 11. mai 2022, og er god.", True),
        ("number", "Fabrikken får 620 ansatte i 2028.", "I 2028 vil fabrikken ha 540 ansatte på 9 000 m².", True),
        ("number", "Det koster 4,2 milliarder kroner.", "De vil bruke 3,8 mrd. kroner på 3 år.", True),
        ("number", "Det koster 4,2 milliarder kroner.", "De vil bruke 4 200 mill. kroner på 3 år.", False),
        # other things are counted
        ("number", "Nettverket har 19 bedrifter.", "Selskapet forhandler med seks kunder.", False),
        ("number", "Planen har 41 tiltak og tolv områder.", "Planen har 41 tiltak.", False),
        # a source's date is not the thing's
        ("time", "Den ble lagt fram 9. februar 2024.", "Den har 15 tiltak (lmi.no, 3. mai 2023).", False),
    ],
)
def test_sentences_are_compared_by_what_is_asked_for(kind: AsksFor, one: str, other: str, differ: bool) -> None:
    assert give_others(kind, one, other) is differ
    assert give_others(kind, other, one) is differ
