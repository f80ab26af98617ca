"""What is taken off a task before every document is read for the rest."""

from __future__ import annotations

import pytest

from assistant.overview.task import asked_of_each
from assistant.text import language_of


@pytest.mark.parametrize(
    ("task", "asked"),
    [
        ("Gå gjennom alle årsrapportene og list opp tiltakene mot fravær", "Tiltakene mot fravær"),
        ("Gå gjennom rapportene fra 2020 til 2023 og finn hvor mange ansatte vi hadde", "Hvor mange ansatte vi hadde"),
        ("Les alle møtereferatene: hvilke vedtak ble gjort om skole?", "Hvilke vedtak ble gjort om skole?"),
        ("Kan du gå gjennom alle dokumenta og finne kva dei seier om buss?", "Buss?"),
        ("Hva sier hvert dokument om brann?", "Brann?"),
        ("Kva seier kvart dokument om kor mange som arbeider her?", "Kor mange som arbeider her?"),
        ("Hva står det i hvert notat om prosjektet som skal skrives?", "Prosjektet som skal skrives?"),
        ("Hvilke dokumenter nevner Innovasjon Norge, og hva sier de?", "Innovasjon Norge"),
        ("Lag en oversikt over alle prosjekter med beløp", "Prosjekter med beløp"),
        ("List opp alle som var vertskap", "Alle som var vertskap"),
        ("Hvilke tiltak mot støy nevnes i alle rapportene?", "Hvilke tiltak mot støy nevnes?"),
        ("Go through every yearly report and list how many people it employed", "How many people it employed"),
        ("What does each document say about noise from wind turbines?", "Noise from wind turbines?"),
        ("Please make a complete table of all grants given in 2023", "Grants given in 2023"),
    ],
)
def test_a_task_is_read_for_what_it_is_about(task: str, asked: str) -> None:
    assert asked_of_each(task) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Hvem lanserte veikartet?",
        "Hva sier Nøstvik om kompetanse?",
        "Kva er målet?",
        "How much of the export goes to Canada?",
        "Hvilke planer har kommunen for skolen?",
        "Hvor mange ansatte hadde kommunen hvert år?",
        "Gå gjennom alle rapportene",
        "?",
    ],
)
def test_what_is_no_task_is_left_as_it_is(question: str) -> None:
    assert asked_of_each(question) == question


def test_what_was_asked_in_english_is_still_seen_to_be() -> None:
    asked = asked_of_each("Which reports mention flooding, and what do they say?")
    assert "flooding" in asked.lower()
    assert language_of(asked) == "en"
