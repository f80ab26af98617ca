"""Conversations through the main path: follow-ups are understood, kept, and refused as anything else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel

from assistant import phrases
from assistant.answer import Assistant, Question, Sources, Stage, Understood, Verified
from assistant.chat.model import ChatModel
from assistant.conversation.archive import Archive
from assistant.errors import ArchiveUnavailable
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import Answer, Near, Turn
from tests.fakes import Workshop, chat_model

_COST = "Hva koster prosjektet?"


@pytest.fixture
def assistant(library: Workshop, tmp_path: Path) -> Iterator[Assistant]:
    """Over the shared library, with conversations of its own; it answers whatever it is asked."""
    with library.assistant() as opened:
        opened.archive = Archive(tmp_path / "conversations.sqlite", 30)
        yield opened


def _said(assistant: Assistant, *questions: str) -> list[Answer]:
    answers: list[Answer] = []
    for text in questions:
        id = answers[-1].conversation_id if answers else None
        answers.append(assistant.answer(Question(text, conversation_id=id)))
    return answers


def test_a_follow_up_is_understood_from_the_conversation(assistant: Assistant) -> None:
    first, second = _said(assistant, "Hvor ligger ledningene til kommunen?", "Når ble de bygget?")
    assert (first.question, first.understood_as) == ("Hvor ligger ledningene til kommunen?", None)
    assert second.question == "Når ble de bygget?"
    assert second.understood_as == "Når ble ledningene til kommunen bygget?"
    assert second.citations
    assert first.conversation_id == second.conversation_id


def test_what_was_understood_is_told_before_the_sources(assistant: Assistant) -> None:
    id = _said(assistant, _COST)[0].conversation_id
    events = list(assistant.ask(Question("hvorfor det?", conversation_id=id)))
    kinds = [type(event) for event in events]
    assert kinds.index(Stage) < kinds.index(Understood) < kinds.index(Sources)
    told = next(event for event in events if isinstance(event, Understood))
    assert told.question == events[-1].understood_as  # type: ignore[union-attr]
    assert Understood not in {type(event) for event in assistant.ask(Question(_COST, conversation_id=id))}


@pytest.mark.parametrize("question", [Question("hvorfor det?"), Question("hvorfor det?", conversation_id="unknown")])
def test_without_a_conversation_it_is_searched_as_it_stands(assistant: Assistant, question: Question) -> None:
    _said(assistant, _COST)
    assert assistant.answer(question).understood_as is None


def test_the_users_own_words_are_kept_when_asked_for(assistant: Assistant) -> None:
    id = _said(assistant, _COST)[0].conversation_id
    answer = assistant.answer(Question("hvorfor det?", conversation_id=id, standalone=True))
    assert answer.understood_as is None
    assert len(assistant.archive.conversation(id).turns) == 2


def test_where_nothing_is_kept_the_clients_history_serves(library: Workshop) -> None:
    history = (Turn(_COST, _COST, "4,2 millioner", (Near("d1", "Plan"),)),)
    with library.assistant() as opened:
        answer = opened.answer(Question("hvorfor det?", conversation_id="c1", history=history))
        assert answer.understood_as == "Hvorfor koster prosjektet det?"
        assert opened.answer(Question("hvorfor det?", conversation_id="c1")).understood_as is None


def test_what_is_kept_weighs_more_than_what_a_client_says(assistant: Assistant) -> None:
    id = _said(assistant, _COST)[0].conversation_id
    other = (Turn("Hva er vann?", "Hva er vann?", ""),)
    answer = assistant.answer(Question("hvorfor det?", conversation_id=id, history=other))
    assert answer.understood_as == "Hvorfor koster prosjektet det?"


def test_every_answer_is_kept_with_its_sources(assistant: Assistant) -> None:
    answers = _said(assistant, _COST, "Hvor mange kommuner deltar?", "hva kan du?")
    kept = assistant.archive.conversation(answers[0].conversation_id)
    assert [turn.answer for turn in kept.turns] == answers
    assert {source.title for source in kept.turns[0].sources} == {one.title for one in answers[0].citations}


def test_a_conversation_that_cannot_be_kept_is_told_beside_its_answer(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"no database at all")
    answer = assistant.answer(Question(_COST))
    assert answer.status == "answered"
    assert answer.notice == phrases.not_kept("nb")


def test_one_that_cannot_be_gone_on_with_is_told_and_lets_the_index_go(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(b"no database at all")
    with pytest.raises(ArchiveUnavailable):
        assistant.answer(Question(_COST, conversation_id="c1"))
    assistant.index.close()


# --- about itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "about", "said"),
    [
        ("Hvilke dokumenter har du?", "documents", "Jeg har 4 dokumenter"),
        ("Kva kan du?", "abilities", "dokumentassistent"),
        ("Who made you?", "maker", "computer program"),
    ],
)
def test_questions_about_itself_are_answered_without_a_search(
    assistant: Assistant, asked: str, about: str, said: str
) -> None:
    events = list(assistant.ask(Question(asked)))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.about, answer.citations, answer.near) == ("answered", about, (), ())
    assert said in answer.text
    assert "\n".join(one.text for one in answer.sentences) == answer.text
    assert [one.sentence for one in events if isinstance(one, Verified)] == list(answer.sentences)
    assert (answer.coverage.searched, answer.coverage.total) == (0, 4)
    assert not any(isinstance(one, Sources) for one in events)


def test_the_documents_listed_are_named_with_their_ids(assistant: Assistant) -> None:
    answer = assistant.answer(Question("Hvilke dokumenter har du?"))
    assert len(answer.documents) == 4
    with assistant.index.reading() as generation:
        assert all(generation.sources[one.document_id].title == one.title for one in answer.documents)
    assert all(one.title in answer.text for one in answer.documents)


def test_a_follow_up_about_its_documents_narrows_them_down(assistant: Assistant) -> None:
    answer = _said(assistant, "Hvilke dokumenter har du?", "og fra 2022?")[1]
    assert answer.understood_as == "Hvilke dokumenter har du fra 2022?"
    assert [one.title for one in answer.documents] == ["Export report"]


def test_a_question_of_its_own_needs_no_model(library: Workshop) -> None:
    with library.assistant(ChatModel("fake:chat", GenericFakeChatModel(messages=iter([])))) as opened:
        assert "fake:chat" in opened.answer(Question("Hva kan du?")).text


# --- with a language model ----------------------------------------------------------------------

_HISTORY = (Turn(_COST, _COST, "Prosjektet koster 4,2 millioner kroner."),)
_DRAFT = "Prosjektet koster 4,2 millioner kroner [1]."


@pytest.mark.parametrize(
    ("rewritten", "understood"),
    [
        ("Hvorfor koster prosjektet 4,2 millioner kroner?", "Hvorfor koster prosjektet 4,2 millioner kroner?"),
        ("Hvorfor koster sykehuset 9 milliarder?", "Hvorfor koster prosjektet det?"),
        ("Fordi det er dyrt.", "Hvorfor koster prosjektet det?"),
    ],
)
def test_a_models_version_is_taken_where_it_can_be_vouched_for(
    library: Workshop, rewritten: str, understood: str
) -> None:
    with library.assistant(chat_model(rewritten, _DRAFT)) as opened:
        answer = opened.answer(Question("hvorfor det?", history=_HISTORY))
    assert answer.understood_as == understood
    assert answer.text == "Prosjektet koster 4,2 millioner kroner. [1]"


def test_a_model_is_not_asked_about_a_question_that_stands_by_itself(library: Workshop) -> None:
    with library.assistant(chat_model(_DRAFT)) as opened:  # one reply: the draft
        assert opened.answer(Question(_COST, history=_HISTORY)).understood_as is None


# --- the sample corpus, with the default model --------------------------------------------------


@pytest.fixture
def sampled(sample_data: Path, tmp_path: Path) -> Iterator[Assistant]:
    opened = open_assistant(Settings(data_dir=sample_data))
    opened.archive = Archive(tmp_path / "conversations.sqlite", 30)
    yield opened
    opened.index.close()


_GOOD = "Når ble forprosjektet i Grenland gjennomført?"


@pytest.mark.parametrize(
    "asked", ["Hvor mange måner har Jupiter?", "Hvem vant sjakk-VM i 1972?", "Kva er oppskrifta på lefse?"]
)
def test_a_refusal_is_the_same_after_a_good_answer_as_before_one(sampled: Assistant, asked: str) -> None:
    alone = sampled.answer(Question(asked))
    good, after = _said(sampled, _GOOD, asked)
    assert good.status == "answered"
    assert alone.status == after.status == "no_answer"
    assert (after.text, after.near, after.understood_as) == (alone.text, alone.near, None)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Hvem er daglig leder i Kunnskapsbyen Lillestrøm?", "Hvor gammel er hun?"),
        ("Hva var omsetningen i norsk helsenæring i 2021?", "hva med Island?"),
        pytest.param(
            "Kva produserer Vistin Pharma?",
            "kva heiter hunden deira?",
            marks=pytest.mark.xfail(reason="known: a name near the question's is taken for the answer"),
        ),
    ],
)
def test_a_follow_up_without_an_answer_is_refused_too(sampled: Assistant, first: str, then: str) -> None:
    good, after = _said(sampled, first, then)
    assert good.status == "answered"
    assert after.understood_as
    assert after.status == "no_answer", after.text


@pytest.mark.parametrize(
    ("first", "then", "quoted"),
    [
        ("Hvem lanserte Veikart for helsenæringen?", "og når var det?", "23. august 2023"),
        ("Hvem lanserte Veikart for helsenæringen?", "hvor mange tiltak har det?", "41 tiltak"),
        pytest.param(
            "Hvem er med i fellesskapet?",
            "hvem av dem er kommuner?",
            "Nittedal, Rælingen",
            marks=pytest.mark.xfail(reason="known: sentences about the community come before its list"),
        ),
        (_GOOD, "Hvem sto bak?", "Helseinnovasjon Telemark"),
        ("Kva produserer Vistin Pharma?", "kva med TPI Norway?", "TPI Norway"),
        ("Hvor stor var eksporten fra helsenæringen i 2021?", "og omsetningen?", "65 milliarder"),
    ],
)
def test_follow_ups_find_their_answer(sampled: Assistant, first: str, then: str, quoted: str) -> None:
    answer = _said(sampled, first, then)[1]
    assert any(quoted in citation.quote for citation in answer.citations), answer.text
