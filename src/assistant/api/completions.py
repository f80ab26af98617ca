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
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from assistant import phrases
from assistant.answer import Assistant, Event, Question, Verified
from assistant.api import problems
from assistant.api.answering import TheAnswering
from assistant.api.dependencies import TheAssistant
from assistant.api.description import EVENTS, OPENAI_PROBLEMS, told
from assistant.api.stream import Streamed, TextStream
from assistant.errors import EmptyQuestion, UnknownChatModel
from assistant.types import Answer, Citation, Language, Turn

router = APIRouter(prefix="/v1", tags=["openai"], responses=OPENAI_PROBLEMS)

MODEL = "romerike-assistant"

_HEADINGS: dict[Language, str] = {"nb": "Kilder", "nn": "Kjelder", "en": "Sources"}
_MOST_TURNS = 20
_UNKNOWN = told(404, shape=problems.OpenAIProblem)


class Part(BaseModel):
    """A piece of a message; what is no text is not looked at."""

    type: str
    text: str = Field("", max_length=100_000)


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


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
    """An answer from the documents, with `[n]` in the text and the sources after it."""
    _known(body.model)
    question = question_of(body.messages)
    reply = _Reply(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), str(request.base_url).rstrip("/"))
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        sent = reply.chunks(answering.events(forgetful(assistant), question), usage)
        first = next(sent)  # what is wrong with the question or the index is told by the status code
        return TextStream(first, sent, problems.language_of(request), "data: [DONE]\n\n")
    answer = answering.answer(forgetful(assistant), question)
    text = answer.text + reply.sources(answer)
    return Completed(
        id=reply.id,
        created=reply.created,
        choices=[Choice(message=Said(content=text))],
        citations=list(answer.citations),
    )


def forgetful(assistant: Assistant) -> Assistant:
    """The same assistant, which keeps nothing of what it is asked."""
    seen = copy.copy(assistant)
    seen.archive = assistant.archive.keeping_nothing()
    return seen


def question_of(messages: Sequence[Message]) -> Question:
    """The last message of the user's, with what was said before. Raises EmptyQuestion where there is none."""
    asked = [at for at, message in enumerate(messages) if message.role == "user"]
    if not asked:
        raise EmptyQuestion
    turns: list[Turn] = []
    question: str | None = None
    for message in messages[: asked[-1]]:
        if message.role == "user":
            question = message.text
        elif message.role == "assistant" and question:
            turns.append(Turn(question, question, _without_sources(message.text)))
            question = None
    return Question(messages[asked[-1]].text, history=tuple(turns[-_MOST_TURNS:]))


def _without_sources(text: str) -> str:
    """What was said, without the list that we put after it."""
    for heading in _HEADINGS.values():
        text = text.partition(f"\n\n{heading}:\n[1] ")[0]
    return text


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

    def chunks(self, events: Generator[Event, None, None], usage: bool) -> Generator[Streamed, None, None]:
        """A sentence is sent when it is checked, the sources when all is said. Closing it closes `events`."""
        try:
            first = next(events)  # before anything is sent: what is wrong with the question is raised here
            yield self._chunk({"role": "assistant", "content": ""})
            said = ""
            for event in chain((first,), events):
                if isinstance(event, Verified):
                    marks = "".join(f" [{number}]" for number in event.sentence.citations)
                    piece = ("\n" if said else "") + event.sentence.text + marks
                    said += piece
                    yield self._chunk({"content": piece})
                elif isinstance(event, Answer):
                    yield from self._rest(event, said, usage)
        finally:
            events.close()

    def _rest(self, answer: Answer, said: str, usage: bool) -> Iterator[Streamed]:
        missing = answer.text.removeprefix(said) if answer.text.startswith(said) else f"\n\n{answer.text}"
        rest = missing + self.sources(answer)
        if rest:
            yield self._chunk({"content": rest})
        yield self._chunk({}, "stop")
        if usage:
            yield self._written({"choices": [], "usage": Usage().model_dump()})

    def sources(self, answer: Answer) -> str:
        """The list after the text: title, date, page, and where the sentence is to be seen."""
        if not answer.citations:
            return ""
        lines = [f"\n\n{_HEADINGS[answer.language]}:"]
        for citation in answer.citations:
            place = phrases.place(answer.language, citation)
            lines.append(f"[{citation.number}] {place}: {self.address}{citation.url}")
        return "\n".join(lines)

    def _chunk(self, delta: dict[str, str], finish: str | None = None) -> Streamed:
        return self._written({"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})

    def _written(self, content: dict[str, object]) -> Streamed:
        about = {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}
        return f"data: {json.dumps(about | content, ensure_ascii=False)}\n\n"
