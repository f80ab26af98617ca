"""Asking and searching."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from assistant.answer import Event, Question, Sources, Stage, Token, Verified
from assistant.api import problems
from assistant.api.dependencies import ISO_DATE, PROBLEMS, TheAssistant, TheFilters
from assistant.api.stream import EventStream, Named, named
from assistant.types import Answer, Filters, FoundBy, Hit, Language

router = APIRouter(prefix="/api/v1", tags=["ask"], responses=PROBLEMS)


class AskFilters(BaseModel):
    """Which documents may answer; an empty list lets all through. Dates are ISO 8601, inclusive."""

    documents: list[str] = []
    kinds: list[str] = []
    publishers: list[str] = []
    languages: list[str] = []
    date_from: str | None = Field(default=None, pattern=ISO_DATE)
    date_to: str | None = Field(default=None, pattern=ISO_DATE)


class Ask(BaseModel):
    """A question. Without `language` it is answered in its own."""

    question: str
    conversation_id: str | None = Field(None, max_length=64)
    filters: AskFilters = AskFilters()
    documents: list[str] = Field([], description="Ids of the only documents that may answer.")
    language: Language | None = None

    def as_question(self) -> Question:
        given = self.filters
        filters = Filters(
            documents=tuple(self.documents or given.documents),
            kinds=tuple(given.kinds),
            publishers=tuple(given.publishers),
            languages=tuple(given.languages),
            date_from=given.date_from,
            date_to=given.date_to,
        )
        return Question(self.question, filters, self.language, self.conversation_id)


class Found(BaseModel):
    """A passage that search found: verbatim text and its place."""

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
        )


class SearchResult(BaseModel):
    hits: list[Found]


@router.post(
    "/ask",
    response_model=Answer,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
def ask(
    body: Ask, assistant: TheAssistant, request: Request, accept: Annotated[str, Header()] = ""
) -> Response | Answer:
    """Answer a question from the documents.

    With `Accept: text/event-stream` the events are `status`, `sources`, `token` (a draft, not yet
    verified), `sentence`, and last `answer` or `error`."""
    question = body.as_question()
    if "text/event-stream" not in accept:
        return assistant.answer(question)
    events = named(assistant.ask(question), _named)
    first = next(events)  # what is wrong with the question or the index is told by the status code
    return EventStream(first, events, question.language or problems.language_of(request))


@router.get("/search")
def search(
    assistant: TheAssistant,
    filters: TheFilters,
    q: Annotated[str, Query(description="The question.")],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> SearchResult:
    """The passages nearest a question, best first."""
    return SearchResult(hits=[Found.of(hit) for hit in assistant.search(q, limit, filters)])


# --- events on the wire -------------------------------------------------------------------------


def _named(event: Event) -> Named:
    match event:
        case Stage(name):
            return "status", json.dumps({"stage": name})
        case Sources(sources):
            listed = [{"document_id": s.id, "title": s.title, "date": s.date} for s in sources]
            return "sources", json.dumps({"sources": listed}, ensure_ascii=False)
        case Token(text):
            return "token", json.dumps({"text": text}, ensure_ascii=False)
        case Verified(sentence):
            return "sentence", json.dumps(asdict(sentence), ensure_ascii=False)
        case Answer():
            return "answer", json.dumps(asdict(event), ensure_ascii=False)
