"""Which sentences of other documents are quoted because they say otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.reading.asks import ask
from assistant.reading.features import of_sentences
from assistant.reading.quoting import HARDLY_LESS_SURE, Candidate, differing, quotes_of
from assistant.types import Judgement, Span
from tests.fakes import hit


def _candidate(
    question: str, text: str, score: float, id: str, answer: str | None = None, logit: float = 0.0
) -> Candidate:
    """As the trained network has read it where it takes `answer`, words of the text, for the answer."""
    found = hit(text, id=id)
    if answer is not None:
        at = text.index(answer)
        found = replace(found, judgements=(Judgement(logit, Span(at, at + len(answer))),))
    logits = [one.logit for one in found.judgements or ()]
    (features,) = of_sentences(ask(question), found.passage, False, [0.8], logits, 0.0, lambda field, term: 1.0)
    return Candidate(found, Span(0, len(text)), features, score)


def _others(question: str, *texts: str) -> list[str]:
    ranked = [_candidate(question, text, -5.0 * at, f"d{at}") for at, text in enumerate(texts)]
    return [quote.text for quote in differing(ask(question), ranked)]


@pytest.mark.parametrize(
    ("question", "best", "other"),
    [
        ("Når ble satsingen presentert?",
         "Eksportsatsingen for helsenæringen ble presentert 9. februar 2024, med 15 tiltak.",
         "Fredag 8. februar ble eksportsatsingen for helsenæringen presentert."),
        ("Hvor mange deltok?", "I prosjektet deltok sju kommuner fra Romerike.",
         "Ni kommuner fra Romerike deltok i prosjektet."),
        ("Stemmer det at det var 8. mai?", "Den nye broen over elva åpnet 8. mai.", "Broen over elva åpnet 9. mai."),
    ],
)  # fmt: skip
def test_the_same_sentence_with_another_figure_or_date(question: str, best: str, other: str) -> None:
    assert _others(question, best, other) == [other]


@pytest.mark.parametrize(
    ("question", "best", "other"),
    [
        ("Hvor mange deltok?", "I prosjektet deltok sju kommuner fra Romerike.",
         "Festivalen hadde ni konserter i fjor."),
        ("Hvor mange deltok?", "I 2021 deltok sju kommuner fra Romerike.", "I 2022 deltok ni kommuner fra Romerike."),
        ("Hvem deltok?", "I prosjektet deltok sju kommuner fra Romerike.",
         "Ni kommuner fra Romerike deltok i prosjektet."),
        ("Hvor mange deltok?", "I prosjektet deltok sju kommuner fra Romerike.",
         "7 kommuner fra Romerike deltok i prosjektet."),
    ],
)  # fmt: skip
def test_what_may_both_be_true(question: str, best: str, other: str) -> None:
    assert _others(question, best, other) == []


def test_two_figures_of_one_document_do_not_differ() -> None:
    question, text = "Hvor mange deltok?", "I prosjektet deltok sju kommuner fra Romerike."
    ranked = [_candidate(question, text, 0.0, "d1"), _candidate(question, text.replace("sju", "ni"), -5.0, "d1")]
    assert differing(ask(question), ranked) == ()


_WHEN = "Når ble satsingen presentert?"
_MINISTER = "Statsråden la den fram 9. februar 2024 i Oslo."
_PAPER = "Det skjedde fredag 8. februar, skriver avisa."


@pytest.mark.parametrize(
    ("ours", "theirs", "logit", "found"),
    [
        ("9. februar 2024", "fredag 8. februar", 0.0, [_PAPER]),
        ("9. februar 2024", "fredag 8. februar", -HARDLY_LESS_SURE - 0.1, []),
        ("februar 2024", "februar", 0.0, []),
        ("Oslo", "avisa", 0.0, []),
        (None, None, 0.0, []),
    ],
)
def test_in_other_words_the_answers_that_the_network_found_must_exclude_each_other(
    ours: str | None, theirs: str | None, logit: float, found: list[str]
) -> None:
    best = _candidate(_WHEN, _MINISTER, 0.0, "d1", ours)
    other = _candidate(_WHEN, _PAPER, -0.1, "d2", theirs, logit)
    assert [quote.text for quote in differing(ask(_WHEN), [best, other])] == found


def test_what_is_quoted_beside_holds_as_much_of_what_is_asked_for() -> None:
    question = "Hva kostet anlegget i 2021?"
    texts = ["Anlegget kostet 6 mrd. kr i 2021.", "Anlegget ligger ved elva.", "I 2019 kostet det 2 mrd. kr.",
             "Regningen for anlegget ble 6 milliarder kroner."]  # fmt: skip

    def quoted(*numbers: int) -> list[str]:
        ranked = [_candidate(question, texts[number], -0.1 * at, f"d{number}") for at, number in enumerate(numbers)]
        return [quote.text for quote in quotes_of(ask(question), ranked)]

    assert quoted(0, 1, 3) == [texts[0], texts[3]]
    assert quoted(0, 2, 3) == [texts[0], texts[3]]
    assert quoted(1, 0) == [texts[1], texts[0]]
