"""Suggested questions: made of headings that are subjects, and shown only where they are answered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

import pytest
from starlette.testclient import TestClient

from assistant.answer import Assistant, Question
from assistant.api.answering import Answering
from assistant.api.metrics import Metrics
from assistant.asking import Looked
from assistant.starters import candidates, in_order
from assistant.suggestions import Ahead, Suggestion, Suggestions, Turns
from assistant.types import LANGUAGES, Block, Document, Language, Source
from tests.fakes import Workshop, wait_for


def a_source(id: str = "d", **values: str | None) -> Source:
    return Source(
        id=id,
        path=f"{id}.md",
        sha256="",
        media_type="text/markdown",
        title=values.get("title") or "Plan for Romerike",
        language=values.get("language") or "nb",
        date=values.get("date"),
        publisher=None,
        kind=values.get("kind"),
        url=None,
        pages=None,
        characters=0,
        superseded_by=values.get("superseded_by"),
    )


def a_document(*headings: str, text: str = "", language: str = "nb") -> Document:
    blocks: list[Block] = []
    whole = ""
    for heading in headings:
        blocks.append(Block("heading", len(whole), len(whole) + len(heading), None, (heading,)))
        whole += heading + "\n\n"
    return Document(a_source(language=language), whole + text, tuple(blocks))


@pytest.mark.parametrize(
    ("heading", "text", "question"),
    [
        ("2.1 Offentlige anskaffelser", "", "Hva står det om offentlige anskaffelser?"),
        ("Fujifilm i Hillerød", "Anlegget til Fujifilm er stort.", "Hva står det om Fujifilm i Hillerød?"),
        ("Vistin Pharma", "", "Hva står det om Vistin Pharma?"),
        ("LMIs rolle på Romerike", "", "Hva står det om LMIs rolle på Romerike?"),
        ("Hva koster det å delta?", "", "Hva koster det å delta?"),
    ],
)
def test_a_heading_becomes_a_question(heading: str, text: str, question: str) -> None:
    assert candidates(a_document(heading, text=text), "nb") == (question,)


@pytest.mark.parametrize(
    "heading",
    ["Plan for Romerike", "Formål", "Hvem som står bak", "Ordningen skal ses på", "Les også", "Ikke det", "x " * 40],
)
def test_a_heading_that_is_no_subject_by_itself_does_not(heading: str) -> None:
    assert candidates(a_document(heading), "nb") == ()


@pytest.mark.parametrize(
    ("language", "sentence", "question"),
    [
        ("nb", "Eksportsatsingen ble presentert 9. februar 2024.", "Når ble eksportsatsingen presentert?"),
        ("nb", "LMI (lmi.no) ble stiftet i 1952, etter krigen.", "Når ble LMI stiftet?"),
        ("nb", "Rapporten om anskaffelser ble lagt fram i mai 2023.", "Når ble rapporten om anskaffelser lagt fram?"),
        ("nn", "«Veikart» vart lansert den 23. august 2023.", "Når vart «Veikart» lansert?"),
        ("en", "The roadmap, Veikart, was launched on 23 August 2023 by two.", "When was the roadmap launched?"),
        ("en", '"All of Norway" (in English) was announced in June 2023.', 'When was "All of Norway" announced?'),
    ],
)
def test_a_sentence_that_dates_something_becomes_a_question(language: Language, sentence: str, question: str) -> None:
    document = a_document(text=sentence, language=language)
    whole = replace(document, blocks=(Block("paragraph", 0, len(sentence), None, ()),))
    assert candidates(whole, language) == (question,)
    for other in LANGUAGES:
        assert other == language or candidates(whole, other) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Den ble lansert i 2023.",
        "Veikartet ble lansert etter sommeren.",
        "Planen, som er viktig, og rapporten, ble lagt fram i 2023.",
        "Det som ble sagt, ble gjentatt i 2023.",
        "I 2023 ble planen lagt fram.",
    ],
)
def test_one_that_needs_what_stands_before_it_does_not(sentence: str) -> None:
    document = a_document(text=sentence)
    assert candidates(replace(document, blocks=(Block("paragraph", 0, len(sentence), None, ()),)), "nb") == ()


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("What was seen in Denmark", ("What was seen in Denmark?",)),
        ("What was learnt", ()),
        ("Who runs it", ()),
        ("What it was to Denmark", ()),
    ],
)
def test_a_heading_that_lacks_only_the_mark_is_a_question(heading: str, found: tuple[str, ...]) -> None:
    assert candidates(a_document(heading, language="en"), "en") == found


def test_a_question_is_in_its_reader_s_language_and_fits_its_heading() -> None:
    english = a_document("The national roadmap", language="en")
    assert candidates(english, "en") == ("What do the documents say about the national roadmap?",)
    assert candidates(english, "nb") == ()
    nynorsk = a_document("Dei tolv innsatsområda", language="nn")
    assert candidates(nynorsk, "nn") == ("Kva står det om dei tolv innsatsområda?",)
    assert candidates(nynorsk, "nb") == ("Hva står det om dei tolv innsatsområda?",)
    assert candidates(nynorsk, "en") == ()


def test_documents_come_in_the_reader_s_language_the_newest_first_and_of_each_kind_in_turn() -> None:
    sources = [
        a_source("old", kind="notat", date="2020"),
        a_source("newer", kind="notat", date="2024"),
        a_source("report", kind="rapport", date="2021"),
        a_source("gone", kind="rapport", date="2025", superseded_by="report"),
        a_source("nynorsk", kind="notat", date="2025", language="nn"),
        a_source("english", kind="notat", date="2025", language="en"),
    ]
    assert [one.id for one in in_order(sources, "nb")] == ["newer", "report", "old", "nynorsk"]
    assert [one.id for one in in_order(sources, "en")] == ["english"]


TEXT = """\
---
title: Plan for Romerike
date: 2021-02-08
---
# Plan for Romerike

## Samlede kostnader

Prosjektets samlede kostnader er 4,2 millioner kroner.
"""


@pytest.fixture
def planned(workshop: Workshop) -> Workshop:
    workshop.put("plan.md", TEXT)
    assert workshop.run().failed == []
    return workshop


def begun(suggestions: Suggestions, assistant: Assistant, limit: int = 4) -> tuple[Suggestion, ...]:
    """The questions to begin with, once all that is needed has been tried."""
    assert not suggestions.known(assistant, limit, "nb").complete
    while suggestions.try_next(assistant, limit, "nb"):
        pass
    known = suggestions.known(assistant, limit, "nb")
    assert known.complete
    return known.questions


def test_a_question_is_shown_where_the_reader_is_sure(planned: Workshop) -> None:
    with planned.assistant() as assistant:
        (found,) = begun(Suggestions(), assistant)
        assert found.text == "Hva står det om samlede kostnader?"
        with assistant.index.reading() as generation:
            assert found.document_id in generation.sources
        assert Suggestions().about(assistant, [found.document_id, "none"], 4, "nb") == (found,)
    with planned.assistant(threshold=1.1) as assistant:
        assert begun(Suggestions(), assistant) == ()


def confidence(place: Workshop, question: str) -> float:
    looked: list[Looked] = []
    with place.assistant() as assistant:
        assistant.answer(Question(question), looked)
    return looked[0].reading.confidence


def test_a_refusal_offers_what_its_nearest_documents_are_known_to_answer(planned: Workshop) -> None:
    question, narrower = "Hvem er ordfører i Nittedal?", "Hva står det om samlede kostnader?"
    less, more = confidence(planned, question), confidence(planned, narrower)
    assert less < more
    suggestions = Suggestions()
    with planned.assistant(threshold=(less + more) / 2) as assistant:
        assistant.narrower = suggestions.narrower
        refused = assistant.answer(Question(question))
        assert (refused.status, refused.suggestions) == ("no_answer", ())  # none was tried yet
        assert "smalere" not in refused.text
        begun(suggestions, assistant)
        refused = assistant.answer(Question(question))
        assert (refused.status, refused.suggestions) == ("no_answer", (narrower,))
        assert refused.text.endswith(f"Du kan spørre smalere: {narrower}")
        assert assistant.answer(Question(question, language="nn")).suggestions == ()  # tried in one language
        answered = assistant.answer(Question(narrower))
        assert (answered.status, answered.suggestions) == ("answered", ())
        assistant._threshold = 1.1
        assert assistant.answer(Question(narrower)).suggestions == ()  # not what was just refused


OTHER = """\
---
title: Ny bru
date: 2022-05-01
---
# Ny bru

## Offentlige anskaffelser

Offentlige anskaffelser av stål ble kunngjort 3. mai 2022.

## Samlede kostnader

Brua ble åpnet 4. mai 2022. Samlede kostnader er 7 millioner kroner.
"""


def test_few_documents_give_more_than_one_each_and_none_twice(planned: Workshop) -> None:
    planned.put("bru.md", OTHER)
    planned.put("kopi.md", TEXT.replace("title: Plan", "title: Endelig plan"))
    planned.run()
    with planned.assistant() as assistant:
        found = [one.text for one in begun(Suggestions(), assistant, 5)]
        assert len(found) == len(set(found)) >= 3
        assert found[0] != found[1]
        assert len(begun(Suggestions(), assistant, 1)) == 1


def test_nothing_is_tried_while_a_question_is_answered_nor_after_the_end(planned: Workshop) -> None:
    turns, suggestions = Turns(), Suggestions()
    ahead = Ahead(suggestions, turns)
    with planned.assistant() as assistant:
        with turns.asking():
            assert not turns.give_way(0)
            ahead.want(assistant, 4, "nb")
            ahead.want(assistant, 4, "nb")
            assert not suggestions.known(assistant, 4, "nb").complete
        assert turns.give_way(0)
        wait_for(lambda: suggestions.known(assistant, 4, "nb").complete)
        ahead.close()
        ahead.want(assistant, 4, "nn")
        assert not suggestions.known(assistant, 4, "nn").complete


def test_a_question_has_its_turn_until_it_is_answered_or_given_up(planned: Workshop) -> None:
    answering = Answering(Metrics(), False)
    with planned.assistant() as assistant:
        assert answering.answer(assistant, Question("Hva er prosjektets samlede kostnader?")).status == "answered"
        assert answering.turns.give_way(0)
        events = answering.events(assistant, Question("Hva er prosjektets samlede kostnader?"))
        next(events)
        assert not answering.turns.give_way(0)
        events.close()
        assert answering.turns.give_way(0)


def test_what_is_wrong_with_the_index_ends_no_thread(workshop: Workshop) -> None:
    suggestions = Suggestions()
    ahead = Ahead(suggestions, Turns())
    with workshop.assistant() as assistant:
        ahead.want(assistant, 4, "nb")  # there is no index yet
        workshop.put("plan.md", TEXT)
        workshop.run()
        ahead.want(assistant, 4, "nb")
        wait_for(lambda: suggestions.known(assistant, 4, "nb").complete)
        assert len(suggestions.known(assistant, 4, "nb").questions) == 1
        ahead.close()


@pytest.mark.parametrize(("language", "begins"), [("nb", "Hva|Når"), ("nn", "Kva|Når"), ("en", "What|When")])
def test_they_are_had_over_http_at_once_and_more_as_they_are_found(
    client: TestClient, language: Language, begins: str
) -> None:
    def asked() -> dict[str, list[dict[str, str]]]:
        response = client.get("/api/v1/questions", params={"language": language, "limit": 2})
        assert response.status_code == 200
        return cast("dict[str, list[dict[str, str]]]", response.json())

    wait_for(lambda: bool(asked()["complete"]))
    found = asked()["questions"]
    assert len(found) <= 2
    assert all(re.match(begins, one["text"]) and one["document_id"] for one in found)
    none = client.get("/api/v1/questions", params={"document": "none"}).json()
    assert none == {"questions": [], "complete": True}


def test_the_list_says_when_each_document_was_read(client: TestClient) -> None:
    listed = client.get("/api/v1/documents").json()
    assert set(listed["ingested"]) == {one["id"] for one in listed["documents"]}
    assert all(when.endswith("Z") for when in listed["ingested"].values())
