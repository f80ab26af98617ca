"""The tools of MCP: ask, search, list and read. The only module that knows the `mcp` package, which is
imported at the first request.

No session is kept: each request stands by itself, with its own key, so nothing is left of a client that is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated, TypeVar, cast

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.types import ASGIApp

from assistant.answer import Assistant, Question
from assistant.api import problems
from assistant.api.answering import Answering
from assistant.api.ask import SearchResult
from assistant.api.completions import forgetful
from assistant.api.dependencies import assistant_of
from assistant.api.documents import DocumentList
from assistant.errors import AssistantError
from assistant.filters import check
from assistant.types import Answer, AnswerSentence, Citation, Filters, Language, Near, Status

_MOST_CHARACTERS = 50_000
_INSTRUCTIONS = (
    "Answers questions from the documents of an office, in Norwegian or English. Every sentence of an answer is tied "
    "to a quote; status no_answer means that the documents do not say. Cite title, page and quote."
)

Result = TypeVar("Result")


class Answered(BaseModel):
    """What a model needs of an answer: `near` are documents to look in where the status is `no_answer`; `notice` says
    that the service's own language model failed, and what stands here instead."""

    status: Status
    text: str
    language: Language
    sentences: list[AnswerSentence]
    citations: list[Citation]
    near: list[Near]
    suggestions: list[str]
    unanswered: list[str]
    notice: str | None

    @classmethod
    def of(cls, answer: Answer) -> Answered:
        return cls(
            status=answer.status,
            text=answer.text,
            language=answer.language,
            sentences=list(answer.sentences),
            citations=list(answer.citations),
            near=list(answer.near),
            suggestions=list(answer.suggestions),
            unanswered=list(answer.unanswered),
            notice=answer.notice,
        )


class ReadText(BaseModel):
    """A stretch of a document's text; `next` is where to go on, null at the end."""

    document_id: str
    title: str
    date: str | None
    text: str
    start: int
    end: int
    characters: int
    next: int | None


@asynccontextmanager
async def endpoint(answering: Answering) -> AsyncIterator[ASGIApp]:
    """The endpoint, as long as the context lasts."""
    server = MCPServer(
        "romerike-assistant", instructions=_INSTRUCTIONS, version=version("romerike-assistant"), log_level="WARNING"
    )
    _add_tools(server, answering)
    # Host and origin are looked at before: the gate knows more of them.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
    async with server.session_manager.run():
        yield server.session_manager.handle_request


def _add_tools(server: MCPServer[object], answering: Answering) -> None:
    def ask(
        question: Annotated[str, Field(description="A whole question, in Norwegian or English.")],
        context: Context,
        documents: Annotated[list[str], Field(description="Ids of the only documents that may answer.")] = [],  # noqa: B006
        language: Annotated[Language | None, Field(description="The answer's; else that of the question.")] = None,
    ) -> Answered:
        """Answer a question from the documents, each sentence with its quotes. `no_answer` where they do not say."""
        asked = Question(question, Filters(documents=tuple(documents)), language)
        return _told(context, lambda assistant: Answered.of(answering.answer(forgetful(assistant), asked)))

    def search(
        query: str,
        context: Context,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        documents: Annotated[list[str], Field(description="Ids of the only documents to look in.")] = [],  # noqa: B006
    ) -> SearchResult:
        """The passages nearest a query, best first, verbatim and with their places."""
        filters = Filters(documents=tuple(documents))
        return _told(context, lambda assistant: SearchResult.of(assistant.search(query, limit, filters)))

    def list_documents(
        context: Context,
        kind: Annotated[str | None, Field(description="Only of this kind, such as 'rapport'.")] = None,
        publisher: str | None = None,
        date_from: Annotated[str | None, Field(description="A year, a month or a day.")] = None,
        date_to: str | None = None,
    ) -> DocumentList:
        """The documents there are, with ids, titles, dates, publishers and kinds."""
        filters = Filters(
            kinds=(kind,) if kind else (), publishers=(publisher,) if publisher else (), date_from=date_from,
            date_to=date_to,
        )  # fmt: skip
        return _told(context, lambda assistant: _listed(assistant, filters))

    def read_document(
        document_id: str,
        context: Context,
        start: Annotated[int, Field(ge=0, description="Where to begin, in characters.")] = 0,
        characters: Annotated[int, Field(ge=1, le=_MOST_CHARACTERS)] = 10_000,
    ) -> ReadText:
        """A document's text, or a stretch of it: citations' `start` and `end` count in it."""
        return _told(context, lambda assistant: _read(assistant, document_id, start, characters))

    server.tool(structured_output=True)(ask)
    server.tool(structured_output=True)(search)
    server.tool(structured_output=True)(list_documents)
    server.tool(structured_output=True)(read_document)


def _told(context: Context, made: Callable[[Assistant], Result]) -> Result:
    """What is made of the assistant that whoever calls may see; what goes wrong is told to it."""
    request = cast("Request", context.request_context.request)
    try:
        return made(assistant_of(request))
    except AssistantError as error:
        raise ToolError(error.message(problems.language_of(request))) from error


def _listed(assistant: Assistant, filters: Filters) -> DocumentList:
    with assistant.index.reading() as generation:
        check(filters, generation.sources)
        return DocumentList.of(generation, filters)


def _read(assistant: Assistant, id: str, start: int, characters: int) -> ReadText:
    with assistant.index.reading() as generation:
        document = generation.document(id)
    begin = min(start, len(document.text))
    end = min(begin + characters, len(document.text))
    return ReadText(
        document_id=id,
        title=document.source.title,
        date=document.source.date,
        text=document.text[begin:end],
        start=begin,
        end=end,
        characters=len(document.text),
        next=end if end < len(document.text) else None,
    )
