"""Asking and searching."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from assistant.answer import Event, Question, Searched, Sources, Stage, Token, Understood, Verified
from assistant.api import problems
from assistant.api.answering import TheAnswering
from assistant.api.dependencies import Accept, TheAssistant, TheFilters
from assistant.api.description import ISO_DATE, PROBLEMS, events, having, ref, told
from assistant.api.stream import EventStream, Named, named
from assistant.types import Answer, Coverage, FilterField, Filters, FoundBy, Hit, Language, Near, Recognised, Turn

router = APIRouter(prefix="/api/v1", tags=["ask"], responses=PROBLEMS)

_TEXT: dict[str, object] = {"type": "string"}
_DATE: dict[str, object] = {"type": ["string", "null"]}
_SOURCE = having(document_id=_TEXT, title=_TEXT, date=_DATE)
_EVENTS = events(
    status=having(stage=_TEXT),
    understood=having(question=_TEXT),
    sources=having(sources={"type": "array", "items": _SOURCE}),
    token=having(text=_TEXT),
    sentence=ref("AnswerSentence"),
    answer=ref("Answer"),
    error=ref("Problem"),
)


class AskFilters(BaseModel):
    """Which documents may answer; an empty list lets all through. Dates are ISO 8601, inclusive."""

    documents: list[str] = []
    kinds: list[str] = []
    publishers: list[str] = []
    languages: list[str] = []
    date_from: str | None = Field(default=None, pattern=ISO_DATE)
    date_to: str | None = Field(default=None, pattern=ISO_DATE)
    without: list[str] = Field(default=[], description="Ids of documents that may not answer.")


class PastTurn(BaseModel):
    """A question and answer of before: `understood_as`, `text` and the cited documents are those of the answer."""

    question: str = Field(max_length=4000)
    understood_as: str | None = Field(None, max_length=4000)
    text: str = Field("", max_length=20_000)
    documents: list[Near] = Field([], max_length=20)

    def as_turn(self) -> Turn:
        return Turn(self.question, self.understood_as or self.question, self.text, tuple(self.documents))


class Ask(BaseModel):
    """A question. Without `language` it is answered in its own.

    A follow-up is understood from the conversation; an unknown `conversation_id` begins one. `history` is
    for a service that keeps no conversations, and is else not looked at."""

    question: str
    conversation_id: str | None = Field(None, max_length=64)
    filters: AskFilters = AskFilters()
    documents: list[str] = Field([], description="Ids of the only documents that may answer.")
    language: Language | None = None
    recognise: bool = Field(
        True, strict=True, description="Narrow the search by what the question itself says of documents."
    )
    ignore: list[FilterField] = Field([], description="Fields of `recognised` that are not to narrow it.")
    history: list[PastTurn] = Field([], max_length=20, description="The turns before, oldest first.")
    standalone: bool = Field(
        False, strict=True, description="Search for the question as it stands, whatever was said before."
    )

    def as_question(self) -> Question:
        given = self.filters
        filters = Filters(
            documents=tuple(self.documents or given.documents),
            kinds=tuple(given.kinds),
            publishers=tuple(given.publishers),
            languages=tuple(given.languages),
            date_from=given.date_from,
            date_to=given.date_to,
            without=tuple(given.without),
        )
        return Question(
            self.question,
            filters,
            self.language,
            self.conversation_id,
            tuple(turn.as_turn() for turn in self.history),
            self.standalone,
            tuple(self.ignore) if self.recognise else None,
        )


class Found(BaseModel):
    """A passage that search found: verbatim text and its place. `unread` is the code of the error for which the
    document's file cannot be read as it lies now: this is from its last readable version."""

    passage_id: str
    document_id: str
    title: str
    page: int | None
    heading_path: list[str]
    text: str
    start: int
    end: int
    score: float = Field(ge=0, le=1)
    found_by: list[FoundBy]
    superseded_by: str | None
    unread: str | None

    @classmethod
    def of(cls, hit: Hit) -> Found:
        passage = hit.passage
        return cls(
            passage_id=passage.id,
            document_id=passage.document_id,
            title=hit.source.title,
            page=passage.pages[0] if passage.pages else None,
            heading_path=list(passage.heading_path),
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=hit.score,
            found_by=list(hit.found_by),
            superseded_by=hit.source.superseded_by,
            unread=hit.source.unread,
        )


class SearchResult(BaseModel):
    """`recognised` are the filters that the question itself named."""

    hits: list[Found]
    recognised: list[Recognised]
    coverage: Coverage

    @classmethod
    def of(cls, found: Searched) -> SearchResult:
        return cls(
            hits=[Found.of(hit) for hit in found.hits], recognised=list(found.recognised), coverage=found.coverage
        )


@router.post(
    "/ask",
    response_model=Answer,
    responses=_EVENTS | told(404),
)
def ask(
    body: Ask, assistant: TheAssistant, answering: TheAnswering, request: Request, accept: Accept = ""
) -> Response | Answer:
    """Answer a question from the documents.

    With `Accept: text/event-stream` the events are `status`, `understood` (a follow-up, as it is searched
    for), `sources`, `token` (a draft, not yet verified), `sentence`, and last `answer` or `error`."""
    question = body.as_question()
    if "text/event-stream" not in accept:
        return answering.answer(assistant, question)
    sent = named(answering.events(assistant, question), _named)
    first = next(sent)  # what is wrong with the question or the index is told by the status code
    return EventStream(first, sent, question.language or problems.language_of(request))


@router.get("/search", responses=told(404))
def search(
    assistant: TheAssistant,
    filters: TheFilters,
    q: Annotated[str, Query(description="The question.")],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    recognise: bool = True,
    ignore: Annotated[list[FilterField], Query()] = [],  # noqa: B006
) -> SearchResult:
    """The passages nearest a question, best first."""
    return SearchResult.of(assistant.search(q, limit, filters, ignore if recognise else None))


# --- events on the wire -------------------------------------------------------------------------


def _named(event: Event) -> Named:
    match event:
        case Stage(name):
            return "status", json.dumps({"stage": name})
        case Understood(question):
            return "understood", json.dumps({"question": question}, ensure_ascii=False)
        case Sources(sources):
            listed = [{"document_id": s.id, "title": s.title, "date": s.date, "language": s.language} for s in sources]
            return "sources", json.dumps({"sources": listed}, ensure_ascii=False)
        case Token(text):
            return "token", json.dumps({"text": text}, ensure_ascii=False)
        case Verified(sentence):
            return "sentence", json.dumps(asdict(sentence), ensure_ascii=False)
        case Answer():
            return "answer", json.dumps(asdict(event), ensure_ascii=False)
