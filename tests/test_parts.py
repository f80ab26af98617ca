"""Questions that ask two things: where they are taken apart, and where not."""

from __future__ import annotations

import pytest

from assistant.parts import parts, whole_parts


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


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (
            "Hvor mange tiltak har veikartet, og hvor mange har satsingen?",
            ("Hvor mange tiltak har veikartet?", "Hvor mange tiltak har satsingen?"),
        ),
        (
            "Hva var omsetningen og hva var eksporten i næringen i 2021?",
            ("Hva var omsetningen i næringen i 2021?", "Hva var eksporten i næringen i 2021?"),
        ),
        (
            "Hvor mange arbeider der ifølge LMI, og hvor mange ifølge SSB?",
            ("Hvor mange arbeider der ifølge LMI?", "Hvor mange arbeider der ifølge SSB?"),
        ),
        (
            "How many people work there according to LMI, and how many according to SSB?",
            ("How many people work there according to LMI?", "How many people work there according to SSB?"),
        ),
        ("Hvor mange deltok i 2021 og hvor mange i 2022?", ("Hvor mange deltok i 2021?", "Hvor mange deltok i 2022?")),
        (
            "Hvem eide Hillerød-fabrikken før, og hva skulle utvidelsen koste?",
            ("Hvem eide Hillerød-fabrikken før?", "Om Hillerød-fabrikken: hva skulle utvidelsen koste?"),
        ),
        ("Hvem eier LEO Pharma, og når startet AGC?", ("Hvem eier LEO Pharma?", "Når startet AGC?")),
        ("Hvem er ordfører i Nittedal?", ("Hvem er ordfører i Nittedal?",)),
        ("Er det 40 eller 11 000 som bor der?", ("Er det 40 som bor der?", "Er det 11 000 som bor der?")),
        ("Var det 8. eller 9. mai de møttes?", ("Var det 8. mai de møttes?", "Var det 9. mai de møttes?")),
        ("Kostar det 4,2 eller 9,8 millionar?", ("Kostar det 4,2 millionar?", "Kostar det 9,8 millionar?")),
        ("Er det Bayer eller Pharmaq?", ("Er det Bayer eller Pharmaq?",)),
    ],
)
def test_what_a_part_leaves_unsaid_is_taken_from_the_other(question: str, found: tuple[str, ...]) -> None:
    assert whole_parts(question) == found
