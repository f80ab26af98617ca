"""What a chat program asks a model for by itself, beside what its user asks: a title for the conversation, tags,
questions to go on with, queries. Open WebUI does, after every answer; none of it is a question about the documents.

Nothing in the protocol marks such a request. Its text does: instructions, often under "### Task:", and the
conversation between <chat_history> tags. The instructions name the field of the JSON that is wanted; what they say
beside it can be set by whoever runs the program, so nothing more is read out of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from assistant import conversation
from assistant.api.messages import Message, Role, question_of
from assistant.text import language_of, normalise
from assistant.types import Language

FollowUps = Callable[[Sequence[str], Language], Sequence[str]]
"""Questions about documents, by id, that these answer."""

_HISTORY = re.compile(r"<chat_history>(.*)</chat_history>", re.DOTALL)
_SAID_BY = re.compile(r"^(USER|ASSISTANT|SYSTEM): ", re.MULTILINE)
_FIELD = re.compile(r"""["'](title|tags|follow_ups|queries|prompt|text)["']""")
_TITLE = re.compile(r"\b(?:title|tittel)\b", re.IGNORECASE)
_EMOJI = re.compile(r"^Your task is\b.{0,80}\bfacial expression\b", re.IGNORECASE)
_SOURCE = re.compile(r"/source/([^/?\s]+)\?start=")
_LONGEST_TITLE = 60
_NO_QUESTION: dict[Language, str] = {
    "nb": "Her besvares bare spørsmål om dokumentene.",
    "nn": "Her blir det berre svart på spørsmål om dokumenta.",
    "en": "Only questions about the documents are answered here.",
}


@dataclass(frozen=True, slots=True)
class Task:
    """`field` is that of the JSON that is wanted; None for plain text. `said` is the conversation."""

    kind: str
    field: str | None
    said: tuple[Message, ...] = ()


def task_of(messages: Sequence[Message]) -> Task | None:
    """What the last message wants; None where it is a question."""
    text = messages[-1].text.strip()
    if messages[-1].role != "user":
        return None
    if _EMOJI.match(text):
        return Task("emoji", None)
    if text.startswith("Query: History:") and any(_offers_tools(message) for message in messages):
        return Task("tool_calls", "tool_calls")
    history = _HISTORY.search(text)
    if history is None:
        return Task("other", None) if text.startswith("### Task:") and "<context>" not in text else None
    said = _said(history[1])
    field = _FIELD.search(text[: history.start()] + text[history.end() :])
    if field:
        return Task(field[1], field[1], said)
    return Task("title" if _TITLE.search(text[: history.start()]) else "other", None, said)


def done(task: Task, language: Language, follow_ups: FollowUps) -> str:
    """The reply: what can be said without asking anything of search or model. `language` is that of who asks, where
    nothing was said yet."""
    asked = [message.text for message in task.said if message.role == "user"]
    spoken = language_of(asked[-1], language) if asked else language
    value: str | list[str]
    match task.kind:
        case "title":
            value = _short(asked[0]) if asked else ""
        case "queries":
            value = [_whole(task.said)] if asked else []
        case "prompt":
            value = asked[-1] if asked else ""
        case "follow_ups":
            value = [one for one in follow_ups(_cited(task.said), spoken) if one not in asked]
        case "text":
            value = ""
        case "emoji":
            value = "🙂"
        case "tags" | "tool_calls":
            value = []
        case _:
            value = _NO_QUESTION[spoken]
    return str(value) if task.field is None else json.dumps({task.field: value}, ensure_ascii=False)


def _offers_tools(message: Message) -> bool:
    return message.role == "system" and message.text.startswith("Available Tools:")


def _said(history: str) -> tuple[Message, ...]:
    _, *parts = _SAID_BY.split(history)
    return tuple(
        Message(role=cast("Role", role.lower()), content=text.strip())
        for role, text in zip(parts[::2], parts[1::2], strict=True)
    )


def _short(question: str) -> str:
    """The question as a title."""
    text = normalise(question)
    if len(text) <= _LONGEST_TITLE:
        return text
    return f"{text[: _LONGEST_TITLE - 1].rpartition(' ')[0] or text[: _LONGEST_TITLE - 1]} …"


def _whole(said: Sequence[Message]) -> str:
    """The last question as it can be searched for."""
    question = question_of(said)
    return conversation.whole(normalise(question.text), question.history)


def _cited(said: Sequence[Message]) -> list[str]:
    """The documents of the last answer's sources."""
    answers = [message.text for message in said if message.role == "assistant"]
    return list(dict.fromkeys(_SOURCE.findall(answers[-1]))) if answers else []
