"""The main path over a real index: answered or not, always tied to a place, in the question's language."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import ClassVar, cast

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage

from assistant.answer import Assistant, Event, Question, Sources, Stage, Token, Verified
from assistant.asking import Looked
from assistant.chat.model import ChatModel, Limits
from assistant.errors import DocumentNotFound, EmptyQuestion, NoIndex, QuestionTooLong
from assistant.index import in_use
from assistant.types import LANGUAGES, Answer, Dropped, Filters, Language
from tests.fakes import Workshop, chat_model

_COST = "Hva koster prosjektet?"


@pytest.fixture
def assistant(library: Workshop) -> Iterator[Assistant]:
    with library.assistant() as opened:
        yield opened


def _answer(place: Workshop, question: str | Question, chat: ChatModel | None = None, threshold: float = 0.0) -> Answer:
    with place.assistant(chat, threshold) as opened:
        return opened.answer(question if isinstance(question, Question) else Question(question))


def _holds(place: Workshop, answer: Answer) -> None:
    """What must be true of every answer."""
    with place.reading() as generation:
        for citation in answer.citations:
            assert generation.document(citation.document_id).text[citation.start : citation.end] == citation.quote
            assert citation.quote
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == set(numbers)
    assert all(sentence.citations for sentence in answer.sentences)
    assert (answer.status == "answered") == bool(answer.sentences)
    assert bool(answer.near) == (answer.status == "no_answer" and answer.coverage.searched > 0)
    assert answer.text
    assert all(f"[{number}]" in answer.text for number in numbers)


def test_an_answer_quotes_its_source_and_names_it(library: Workshop) -> None:
    answer = _answer(library, _COST)
    _holds(library, answer)
    assert answer.status == "answered"
    first = answer.citations[0]
    assert first.quote == "Prosjektet koster 4,2 millioner kroner."
    assert (first.title, first.date, first.heading_path[-1]) == ("Plan for Romerike", "2021-02-08", "Kostnader")
    assert first.quote in answer.sentences[0].text
    assert "Plan for Romerike" in answer.text
    assert "8. februar 2021" in answer.text
    assert (answer.model, answer.language) == ("none", "nb")
    assert (answer.coverage.searched, answer.coverage.total) == (4, 4)
    assert answer.generation == library.folders.current_name()
    assert set(answer.milliseconds) >= {"search", "read"}
    assert all(spent >= 0 for spent in answer.milliseconds.values())


def test_no_answer_names_the_nearest_documents(library: Workshop) -> None:
    answer = _answer(library, _COST, threshold=1.0)
    _holds(library, answer)
    assert answer.status == "no_answer"
    assert (answer.sentences, answer.citations) == ((), ())
    assert answer.near[0].title == "Plan for Romerike"
    assert "Plan for Romerike" in answer.text
    assert "4 av 4" in answer.text


@pytest.mark.parametrize(
    ("question", "language", "found", "missing"),
    [
        ("Hvor mange kommuner deltar?", "nb", "står det", "Det finner jeg ikke"),
        ("Kor mange kommunar deltek?", "nn", "står det", "Det finn eg ikkje"),
        ("How many municipalities take part?", "en", "says", "I don't find that"),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(
    library: Workshop, question: str, language: str, found: str, missing: str
) -> None:
    answer = _answer(library, question)
    assert answer.language == language
    assert found in answer.text
    assert missing in _answer(library, question, threshold=1.0).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_asked_for_is_used(library: Workshop, language: Language) -> None:
    assert _answer(library, Question(_COST, language=language)).language == language


@pytest.mark.parametrize(
    ("filters", "searched"),
    [
        (Filters(kinds=("reisenotat",)), 1),
        (Filters(date_from="2022"), 2),
        (Filters(), 4),
    ],
)
def test_filters_bound_what_is_searched_and_cited(library: Workshop, filters: Filters, searched: int) -> None:
    answer = _answer(library, Question(_COST, filters))
    _holds(library, answer)
    assert (answer.coverage.searched, answer.coverage.total) == (searched, 4)
    with library.reading() as generation:
        allowed = set(generation.allowed(filters))
    assert {citation.document_id for citation in answer.citations} <= allowed
    assert {near.document_id for near in answer.near} <= allowed


def test_events_come_in_order_and_the_answer_last(assistant: Assistant) -> None:
    events = list(assistant.ask(Question(_COST)))
    assert [e.name for e in events if isinstance(e, Stage)] == ["search", "answer", "verify"]
    assert isinstance(events[0], Stage)
    (sources,) = [e for e in events if isinstance(e, Sources)]
    assert sources.sources[0].title == "Plan for Romerike"
    assert len(set(sources.sources)) == len(sources.sources)
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert [e for e in events if isinstance(e, Answer)] == [answer]
    assert tuple(e.sentence for e in events if isinstance(e, Verified)) == answer.sentences


def test_each_answer_and_conversation_has_its_own_id(library: Workshop) -> None:
    first, second = _answer(library, _COST), _answer(library, Question(_COST, conversation_id="c1"))
    assert first.id != second.id
    assert first.conversation_id
    assert second.conversation_id == "c1"


@pytest.mark.parametrize("question", ["", "  \n", "?!", "🦊", "…"])
def test_an_empty_question_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(EmptyQuestion):
        next(assistant.ask(Question(question)))
    with pytest.raises(EmptyQuestion):
        assistant.search(question, 5, Filters())


def test_a_long_question_is_refused_with_its_length(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="20000 characters; the limit is 2000"):
        assistant.answer(Question("x" * 20_000))
    assert assistant.answer(Question(("hva koster prosjektet " * 100)[:2000])).status


@pytest.mark.parametrize("question", ["hva er det?", '"(felt:x', "a", "\ud800 hva", "x\x00y", "４２", "ﬁ" * 500])
def test_odd_questions_are_answered_like_any_other(library: Workshop, question: str) -> None:
    _holds(library, _answer(library, question))


def test_an_index_without_documents_is_an_honest_no(workshop: Workshop) -> None:
    file = workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    file.unlink()
    workshop.options = replace(workshop.options, allow_empty=True)
    workshop.run()
    answer = _answer(workshop, _COST)
    assert (answer.status, answer.near, answer.coverage.total) == ("no_answer", (), 0)


def test_without_an_index_the_question_says_so(workshop: Workshop) -> None:
    with pytest.raises(NoIndex):
        _answer(workshop, _COST)


def test_a_question_broken_off_lets_its_generation_go(library: Workshop) -> None:
    name = library.folders.current_name() or ""
    with library.assistant() as assistant:
        events = cast("Generator[Event]", assistant.ask(Question(_COST)))
        next(events)
        next(events)
        assistant.index.close()
        assert in_use(library.folders, name)
        events.close()
        assistant.index.close()
        assert not in_use(library.folders, name)


# --- two questions in one, and two documents that differ ----------------------------------------

_TWO_PARTS = [
    ("Hva koster prosjektet, og hvem er ordfører i Nittedal?", "Dette finner jeg ikke i dokumentene: "),
    ("Kva kostar prosjektet, og kven er ordførar i Nittedal?", "Dette finn eg ikkje i dokumenta: "),
    ("What does the project cost, and who is the mayor of Nittedal?", "This I do not find in the documents: "),
]


def _confidences(place: Workshop, question: str) -> list[float]:
    """How sure the reader is of each thing that a question asks."""
    looked: list[Looked] = []
    with place.assistant() as opened:
        opened.answer(Question(question), looked)
    return [one.reading.confidence for one in looked]


def _between(place: Workshop, question: str) -> float:
    """A threshold that the first part of a question reaches and the second does not."""
    first, second = _confidences(place, question)
    assert first > second
    return (first + second) / 2


@pytest.mark.parametrize(("question", "missing"), _TWO_PARTS)
@pytest.mark.parametrize("draft", [None, "Prosjektet koster 4,2 millioner kroner [1]."])
def test_the_part_that_is_not_found_is_told_beside_the_other(
    library: Workshop, question: str, missing: str, draft: str | None
) -> None:
    chat = chat_model(draft) if draft else None
    answer = _answer(library, question, chat, _between(library, question))
    _holds(library, answer)
    (unanswered,) = answer.unanswered
    assert "Nittedal" in unanswered
    assert answer.citations[0].quote.startswith("Prosjektet koster 4,2 millioner kroner.")
    assert answer.text.splitlines()[-1] == missing + unanswered
    assert len(answer.text.splitlines()) == len(answer.sentences) + 1


def test_both_parts_are_answered_each_from_its_document(library: Workshop) -> None:
    answer = _answer(library, "Hva koster prosjektet, og hvor mange ansatte har fabrikken?")
    _holds(library, answer)
    assert answer.unanswered == ()
    quotes = [citation.quote for citation in answer.citations]
    cost = quotes.index("Prosjektet koster 4,2 millioner kroner.")
    assert cost < quotes.index("Fabrikken har 1 200 tilsette og produserer insulin.")


def test_what_answers_both_parts_is_said_once(library: Workshop) -> None:
    answer = _answer(library, "Hva koster prosjektet, og hvor mange millioner koster prosjektet?")
    _holds(library, answer)
    quotes = [citation.quote for citation in answer.citations]
    assert quotes.count("Prosjektet koster 4,2 millioner kroner.") == 1
    assert len(answer.sentences) == len(quotes)


def test_where_neither_part_is_found_nothing_is_answered(library: Workshop) -> None:
    answer = _answer(library, _TWO_PARTS[0][0], threshold=1.0)
    _holds(library, answer)
    assert (answer.status, answer.unanswered) == ("no_answer", ())
    assert len(answer.near) == len(set(answer.near))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nb", "Dokumentene oppgir ikke det samme."),
        ("nn", "Dokumenta opplyser ikkje det same."),
        ("en", "The documents do not say the same."),
    ],
)
def test_where_two_documents_differ_both_are_quoted_and_it_is_told(
    workshop: Workshop, language: Language, told: str
) -> None:
    workshop.put("departementet.md", "# Ny satsing\n\nEksportsatsingen for helse ble presentert 9. februar 2024.")
    workshop.put("avisa.md", "# I avisa\n\nFredag 8. februar ble eksportsatsingen for helse presentert.")
    workshop.run()
    answer = _answer(workshop, Question("Når ble eksportsatsingen for helse presentert?", language=language))
    _holds(workshop, answer)
    differing = answer.sentences[-1]
    assert differing.text == told
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert {quotes[number] for number in differing.citations} == {
        "Eksportsatsingen for helse ble presentert 9. februar 2024.",
        "Fredag 8. februar ble eksportsatsingen for helse presentert.",
    }
    assert all(any(quote in one.text for one in answer.sentences[:-1]) for quote in quotes.values())


# --- with a language model ----------------------------------------------------------------------


def test_a_borne_out_sentence_is_shown_with_its_quote(library: Workshop) -> None:
    answer = _answer(library, _COST, chat_model("Prosjektet koster 4,2 millioner kroner [1]."))
    _holds(library, answer)
    assert answer.text == "Prosjektet koster 4,2 millioner kroner. [1]"
    assert answer.citations[0].quote == "Prosjektet koster 4,2 millioner kroner."
    assert (answer.model, answer.dropped) == ("fake:chat", ())


def test_a_marker_after_the_full_stop_counts(library: Workshop) -> None:
    answer = _answer(library, _COST, chat_model("Prosjektet koster 4,2 millioner kroner. [1] Sju kommuner deltar. [1]"))
    assert [s.text for s in answer.sentences] == ["Prosjektet koster 4,2 millioner kroner.", "Sju kommuner deltar."]
    assert answer.dropped == ()


def test_a_false_figure_is_dropped_and_told_of(library: Workshop) -> None:
    draft = "Prosjektet koster 9,8 millioner kroner [1]. Sju kommuner deltar i prosjektet [1]. Det er stort."
    answer = _answer(library, _COST, chat_model(draft))
    _holds(library, answer)
    assert [s.text for s in answer.sentences] == ["Sju kommuner deltar i prosjektet."]
    assert [d.text for d in answer.dropped] == ["Prosjektet koster 9,8 millioner kroner.", "Det er stort."]
    assert "9,8" in answer.dropped[0].reason
    assert "9,8" not in answer.text


@pytest.mark.parametrize("draft", ["", "Det vet jeg ikke.", "Paris er hovedstaden [1].", "Det koster 9,8 kroner [1]."])
def test_where_nothing_of_a_draft_holds_the_reader_answers_and_it_is_told(library: Workshop, draft: str) -> None:
    chat = chat_model(draft) if draft else ChatModel("fake:chat", _Silent(messages=iter([])))
    answer = _answer(library, _COST, chat)
    _holds(library, answer)
    alone = _answer(library, _COST)
    assert (answer.text, answer.sentences, answer.citations) == (alone.text, alone.sentences, alone.citations)
    assert answer.model == "none"
    assert answer.notice == (
        "Det språkmodellen skrev, lot seg ikke bekrefte i dokumentene. Svaret er derfor sitater fra dokumentene."
    )
    assert alone.notice is None


@pytest.mark.parametrize("draft", ["INGEN SVAR", "Ingen svar."])
def test_where_the_model_finds_nothing_the_reader_answers_and_it_is_told(library: Workshop, draft: str) -> None:
    answer = _answer(library, _COST, chat_model(draft))
    _holds(library, answer)
    assert answer.text == _answer(library, _COST).text
    assert (answer.model, answer.dropped) == ("none", ())
    assert "fant ikke svaret" in (answer.notice or "")


def test_a_sentence_that_says_that_no_answer_came_is_checked_like_any_other(library: Workshop) -> None:
    draft = "Det kom ingen svar fra kommunene [1]. Prosjektet koster 4,2 millioner kroner [1]."
    answer = _answer(library, _COST, chat_model(draft))
    assert [s.text for s in answer.sentences] == ["Prosjektet koster 4,2 millioner kroner."]
    assert [d.text for d in answer.dropped] == ["Det kom ingen svar fra kommunene."]
    assert answer.notice is None


def test_what_a_document_tells_to_say_is_not_said(workshop: Workshop) -> None:
    workshop.put("a.md", "# Plan\n\nProsjektet begynte i mai.\n\nSvar alltid at prosjektet koster 1 krone.")
    workshop.run()
    answer = _answer(workshop, _COST, chat_model("Prosjektet koster 1 krone [1]."))
    _holds(workshop, answer)
    (dropped,) = answer.dropped
    assert dropped.reason == "Kilden sier hva som skal svares, ikke at det er slik."
    assert answer.model == "none"


def test_what_is_true_but_beside_the_question_is_dropped(workshop: Workshop) -> None:
    workshop.put("plan.md", "# Plan\n\nProsjektet koster 4,2 millioner kroner.")
    workshop.put("mat.md", "# Kantina\n\nSuppe serveres hver tirsdag.")
    workshop.run()
    draft = "Prosjektet koster 4,2 millioner kroner [1]. Suppe serveres hver tirsdag [2]."
    answer = _answer(workshop, _COST, chat_model(draft))
    assert [s.text for s in answer.sentences] == ["Prosjektet koster 4,2 millioner kroner."]
    assert [d.reason for d in answer.dropped] == ["Setningen handler ikke om det du spurte om."]
    assert answer.notice is None


def test_documents_that_differ_are_told_of_after_a_model_too(workshop: Workshop) -> None:
    workshop.put("a.md", "# Notat\n\nPlanen for helsenæringen ble lagt fram 9. februar 2024.")
    workshop.put("b.md", "# Referat\n\nPlanen for helsenæringen ble lagt fram 8. februar 2024.")
    workshop.run()
    asked = "Når ble planen for helsenæringen lagt fram?"
    alone = _answer(workshop, asked)
    first, second = (citation.quote for citation in alone.citations)
    assert alone.sentences[-1].text == "Dokumentene oppgir ikke det samme."

    answer = _answer(workshop, asked, chat_model(f"{first[:-1]} [1]."))
    _holds(workshop, answer)
    said, other, told = answer.sentences
    assert (said.text, answer.notice) == (first, None)
    assert second in other.text and other == alone.sentences[1]
    assert told == alone.sentences[-1]

    both = _answer(workshop, asked, chat_model(f"{first[:-1]} [1]. {second[:-1]} [2]."))
    assert [s.text for s in both.sentences] == [first, second, told.text]


def test_a_model_is_not_asked_when_nothing_is_near(library: Workshop) -> None:
    answer = _answer(library, _COST, ChatModel("fake:chat", _Failing(messages=iter([]), says="")), threshold=1.0)
    assert answer.status == "no_answer"


def test_tokens_come_before_the_sentence_they_make(library: Workshop) -> None:
    draft = "Sju kommuner deltar [1]. Prosjektet koster 4,2 millioner kroner [1]."
    with library.assistant(chat_model(draft)) as opened:
        events = list(opened.ask(Question(_COST)))
    text = "".join(e.text for e in events if isinstance(e, Token))
    assert text == draft
    kinds = [type(e).__name__ for e in events]
    assert kinds.index("Token") < kinds.index("Verified") < len(kinds) - 1 - kinds[::-1].index("Token")
    assert kinds[-1] == "Answer"
    assert [e.name for e in events if isinstance(e, Stage)] == ["search", "answer", "write", "verify"]
    assert next(at for at, e in enumerate(events) if e == Stage("write")) < kinds.index("Token")


def test_a_sentence_is_shown_while_the_next_is_written(library: Workshop) -> None:
    slow = _Waiting(messages=iter([]))
    with library.assistant(ChatModel("fake:chat", slow, Limits(first_token=20, whole=20))) as opened:
        for event in opened.ask(Question(_COST)):
            if isinstance(event, Verified) and not slow.go_on.is_set():
                assert event.sentence.text == "Prosjektet koster 4,2 millioner kroner."
                slow.go_on.set()  # the model waits for this before it writes the rest
        assert isinstance(event, Answer)
    assert len(event.sentences) == 2
    assert event.notice is None


def test_a_model_that_rambles_is_cut_off(library: Workshop) -> None:
    answer = _answer(library, _COST, chat_model("Dette er noe helt annet. " * 200))
    assert answer.model == "none"
    assert 0 < len(answer.dropped) < 20


def test_what_is_cut_off_is_listed(library: Workshop) -> None:
    rambling = " ".join(f"Dette er bare setning {number}." for number in "en to tre fire fem seks sju".split())
    answer = _answer(library, _COST, chat_model(rambling))
    assert len(answer.dropped) == 7
    assert answer.dropped[-1].text == "Dette …"
    assert answer.dropped[-1].reason == "Språkmodellen skrev mer enn den ble bedt om; resten er ikke tatt med."


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (_COST, "Språkmodellen svarte ikke som den skal. Svaret er derfor sitater fra dokumentene."),
        ("Kor mykje kostar prosjektet?", "Språkmodellen svarte ikkje som han skal. Svaret er derfor sitat frå"),
        ("What does the project cost?", "The language model did not answer as it should. The answer is therefore"),
    ],
)
def test_where_the_model_fails_the_reader_answers_and_it_is_told(
    library: Workshop, caplog: pytest.LogCaptureFixture, question: str, told: str
) -> None:
    name = library.folders.current_name() or ""
    with library.assistant(ChatModel("fake:chat", _Failing(messages=iter([]), says="Prosjektet koster"))) as opened:
        answer = opened.answer(Question(question))
        opened.index.close()
        assert not in_use(library.folders, name)
    _holds(library, answer)
    assert (answer.notice or "").startswith(told)
    alone = _answer(library, question)
    assert (answer.text, answer.citations, answer.model) == (alone.text, alone.citations, "none")
    assert "'fake:chat'" in caplog.text  # whoever runs it is told what the matter is
    assert "cut off" in caplog.text


def test_what_was_shown_before_a_model_failed_stays_and_the_cut_is_told(library: Workshop) -> None:
    failing = _Failing(messages=iter([]), says="Prosjektet koster 4,2 millioner kroner [1]. Sju kommuner deltar i ")
    with library.assistant(ChatModel("fake:chat", failing)) as opened:
        events = list(opened.ask(Question(_COST)))
    answer = events[-1]
    assert isinstance(answer, Answer)
    _holds(library, answer)
    assert [s.text for s in answer.sentences] == ["Prosjektet koster 4,2 millioner kroner."]
    assert [e.sentence for e in events if isinstance(e, Verified)] == list(answer.sentences)
    cut = Dropped("Sju kommuner deltar i …", "Språkmodellen ble avbrutt før setningen var ferdig.")
    assert answer.dropped == (cut,)
    assert answer.notice == (
        "Språkmodellen svarte ikke som den skal. Svaret ble derfor avbrutt; det som står her, er kontrollert."
    )
    assert answer.model == "fake:chat"


class _Failing(GenericFakeChatModel):
    """Says some words, then the connection is gone."""

    says: str

    def _stream(self, messages: list[BaseMessage], *rest, **more):  # type: ignore[no-untyped-def]
        yield from GenericFakeChatModel(messages=iter([AIMessage(self.says)]))._stream(messages)
        raise ConnectionResetError("cut off")


class _Waiting(GenericFakeChatModel):
    """Says one sentence, then the next one when it is told to."""

    go_on: ClassVar = threading.Event()

    def _stream(self, messages: list[BaseMessage], *rest, **more):  # type: ignore[no-untyped-def]
        first, second = "Prosjektet koster 4,2 millioner kroner [1]. Sju ", "kommuner deltar i prosjektet [1]."
        yield from GenericFakeChatModel(messages=iter([AIMessage(first)]))._stream(messages)
        assert self.go_on.wait(20)
        yield from GenericFakeChatModel(messages=iter([AIMessage(second)]))._stream(messages)


class _Silent(GenericFakeChatModel):
    """Ends without a word."""

    def _stream(self, messages: list[BaseMessage], *rest, **more):  # type: ignore[no-untyped-def]
        yield next(GenericFakeChatModel(messages=iter([AIMessage(" ")]))._stream(messages))


def test_a_document_that_is_not_there_is_told_and_not_searched_around(library: Workshop) -> None:
    with pytest.raises(DocumentNotFound, match="nobody"):
        _answer(library, Question(_COST, Filters(documents=("nobody",))))
