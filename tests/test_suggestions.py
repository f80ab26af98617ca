"""Suggested questions: made of headings that are subjects, and shown only where they are answered."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from assistant.starters import candidates, in_order
from assistant.suggestions import Suggestions
from assistant.types import Block, Document, Language, Source
from tests.fakes import Workshop


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


def test_a_question_is_shown_where_the_reader_is_sure(planned: Workshop) -> None:
    with planned.assistant() as assistant:
        (found,) = Suggestions(0.0).starters(assistant, 4, "nb")
        assert found.text == "Hva står det om samlede kostnader?"
        with assistant.index.reading() as generation:
            assert found.document_id in generation.sources
        assert Suggestions(0.0).about(assistant, [found.document_id, "none"], 4, "nb") == (found,)
        assert Suggestions(1.1).starters(assistant, 4, "nb") == ()


@pytest.mark.parametrize(("language", "begins"), [("nb", "Hva"), ("nn", "Kva")])
def test_they_are_had_over_http(client: TestClient, language: Language, begins: str) -> None:
    response = client.get("/api/v1/questions", params={"language": language, "limit": 2})
    assert response.status_code == 200
    found = response.json()["questions"]
    assert len(found) <= 2
    assert all(one["text"].startswith(begins) and one["document_id"] for one in found)
    assert client.get("/api/v1/questions", params={"document": "none"}).json() == {"questions": []}


def test_the_list_says_when_each_document_was_read(client: TestClient) -> None:
    listed = client.get("/api/v1/documents").json()
    assert set(listed["ingested"]) == {one["id"] for one in listed["documents"]}
    assert all(when.endswith("Z") for when in listed["ingested"].values())
