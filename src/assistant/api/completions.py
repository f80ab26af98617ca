"""OpenAI's chat protocol, for programs that speak it: each reply is an answer from the documents.

The last message is the question, the ones before are the conversation; a system message says nothing to us.
Nothing is kept here, since such a program keeps its conversations itself."""

from __future__ import annotations

import copy
import json
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from assistant.answer import Assistant, Event, Understood, Verified
from assistant.api import background, messages, problems
from assistant.api.answering import TheAnswering
from assistant.api.dependencies import TheAssistant
from assistant.api.description import EVENTS, OPENAI_PROBLEMS, told
from assistant.api.messages import Message
from assistant.api.stream import Streamed, TextStream
from assistant.errors import UnknownChatModel
from assistant.suggestions import Suggestions
from assistant.types import Answer, Citation, Language

router = APIRouter(prefix="/v1", tags=["openai"], responses=OPENAI_PROBLEMS)

MODEL = "romerike-assistant"

_FOLLOW_UPS = 3
_UNKNOWN = told(404, shape=problems.OpenAIProblem)


class StreamOptions(BaseModel):
    include_usage: bool | None = Field(None, strict=True)


class Completion(BaseModel):
    """What OpenAI's `POST /v1/chat/completions` takes. What is not named here is accepted and says nothing:
    an answer from documents has no temperature."""

    model: str = Field(max_length=200, examples=[MODEL])
    messages: list[Message] = Field(min_length=1, max_length=500)
    stream: bool | None = Field(False, strict=True)
    stream_options: StreamOptions | None = None


class Said(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    index: int = 0
    message: Said
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """Tokens are not counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Completed(BaseModel):
    """A chat completion; `citations` is what OpenAI's has not."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage = Usage()
    citations: list[Citation]


class Model(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 1767225600
    owned_by: str = MODEL


class Models(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/models")
def list_models() -> Models:
    return Models(data=[Model()])


@router.get("/models/{id}", responses=_UNKNOWN)
def get_model(id: str) -> Model:
    return _known(id)


@router.post(
    "/chat/completions",
    response_model=Completed,
    responses=EVENTS | _UNKNOWN,
)
def complete(
    body: Completion, assistant: TheAssistant, answering: TheAnswering, request: Request
) -> Response | Completed:
    """An answer from the documents, with `[n]` in the text and the sources after it. What a chat program asks for by
    itself (a title, tags, questions to go on with) is answered without a search."""
    _known(body.model)
    reply = _Reply(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), str(request.base_url).rstrip("/"))
    usage = bool(body.stream_options and body.stream_options.include_usage)
    task = background.task_of(body.messages)
    if task is not None:
        text = background.done(task, problems.language_of(request), _follow_ups(request, assistant))
        return _streamed(reply.all_at_once(text, usage), request) if body.stream else reply.whole(text, [])
    question = messages.question_of(body.messages)
    if body.stream:
        return _streamed(reply.chunks(answering.events(forgetful(assistant), question), usage), request)
    answer = answering.answer(forgetful(assistant), question)
    above = messages.above(answer.language, answer.understood_as)
    return reply.whole(above + answer.text + messages.below(answer, reply.address), answer.citations)


def _streamed(sent: Generator[Streamed, None, None], request: Request) -> TextStream:
    first = next(sent)  # what is wrong with the question or the index is told by the status code
    return TextStream(first, sent, problems.language_of(request), "data: [DONE]\n\n")


def _follow_ups(request: Request, assistant: Assistant) -> background.FollowUps:
    suggestions = cast("Suggestions", request.app.state.suggestions)

    def about(documents: Sequence[str], language: Language) -> list[str]:
        return [one.text for one in suggestions.about(assistant, documents, _FOLLOW_UPS, language)]

    return about


def forgetful(assistant: Assistant) -> Assistant:
    """The same assistant, which keeps nothing of what it is asked."""
    seen = copy.copy(assistant)
    seen.archive = assistant.archive.keeping_nothing()
    return seen


def _known(model: str) -> Model:
    if model != MODEL:
        raise UnknownChatModel(model, MODEL)
    return Model()


@dataclass(frozen=True, slots=True)
class _Reply:
    """A reply on its way; `address` is where the service is reached, for the sources' links."""

    id: str
    created: int
    address: str

    def whole(self, text: str, citations: Sequence[Citation]) -> Completed:
        choices = [Choice(message=Said(content=text))]
        return Completed(id=self.id, created=self.created, choices=choices, citations=list(citations))

    def chunks(self, events: Generator[Event, None, None], usage: bool) -> Generator[Streamed, None, None]:
        """A sentence is sent when it is checked, the sources when all is said. Closing it closes `events`."""
        try:
            first = next(events)  # before anything is sent: what is wrong with the question is raised here
            yield self._begin()
            said = ""
            for event in chain((first,), events):
                if isinstance(event, Understood):
                    yield self._chunk({"content": messages.above(event.language, event.question)})
                elif isinstance(event, Verified):
                    marks = "".join(f" [{number}]" for number in event.sentence.citations)
                    piece = ("\n" if said else "") + event.sentence.text + marks
                    said += piece
                    yield self._chunk({"content": piece})
                elif isinstance(event, Answer):
                    missing = event.text.removeprefix(said) if event.text.startswith(said) else f"\n\n{event.text}"
                    yield from self._end(missing + messages.below(event, self.address), usage)
        finally:
            events.close()

    def all_at_once(self, text: str, usage: bool) -> Generator[Streamed, None, None]:
        yield self._begin()
        yield from self._end(text, usage)

    def _begin(self) -> Streamed:
        return self._chunk({"role": "assistant", "content": ""})

    def _end(self, rest: str, usage: bool) -> Iterator[Streamed]:
        if rest:
            yield self._chunk({"content": rest})
        yield self._chunk({}, "stop")
        if usage:
            yield self._written({"choices": [], "usage": Usage().model_dump()})

    def _chunk(self, delta: dict[str, str], finish: str | None = None) -> Streamed:
        return self._written({"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})

    def _written(self, content: dict[str, object]) -> Streamed:
        about = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}
        return f"data: {json.dumps(about | content, ensure_ascii=False)}\n\n"
