"""Questions that ask two things: where they are taken apart, and where not."""

from __future__ import annotations

import pytest

from assistant.parts import parts


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Hvem kjøpte anlegget i Hillerød, og når?", ("Hvem kjøpte anlegget i Hillerød?", "når?")),
        (
            "Hvem lanserte veikartet og hvor mange tiltak har det?",
            ("Hvem lanserte veikartet?", "hvor mange tiltak har det?"),
        ),
        ("Når og hvor ble veikartet lansert?", ("Når ble veikartet lansert?", "hvor ble veikartet lansert?")),
        ("Hvem var med? Og når var det?", ("Hvem var med?", "når var det?")),
        ("Kven leia prosjektet, og kva kosta det?", ("Kven leia prosjektet?", "kva kosta det?")),
        (
            "How much was exported in 2021 and where did it go?",
            ("How much was exported in 2021?", "where did it go?"),
        ),
        (
            "Hvilke kommuner deltar, og i hvilke fylker ligger de?",
            ("Hvilke kommuner deltar?", "i hvilke fylker ligger de?"),
        ),
    ],
)
def test_two_things_are_taken_apart(question: str, found: tuple[str, ...]) -> None:
    assert parts(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "Hva er formålet og målet?",
        "hvor mange kommuner og selskaper deltar",
        "Hva er forskjellen på LMI og SIVA?",
        "Fortell om veikartet og når det kom",
        "Prosjektet som ble vedtatt når og hvor det passet",
        "Hvem er ordfører i Nittedal?",
        "",
    ],
)
def test_one_thing_stays_whole(question: str) -> None:
    assert parts(question) == (question,)
