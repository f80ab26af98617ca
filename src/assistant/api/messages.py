"""The messages of OpenAI's protocol: how a conversation is read out of them, and how an answer is written into one,
so that it can be read back when the client sends it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from assistant import phrases
from assistant.answer import Question
from assistant.errors import EmptyQuestion
from assistant.types import LANGUAGES, Answer, Language, Turn

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]

_HEADINGS: dict[Language, str] = {"nb": "Kilder", "nn": "Kjelder", "en": "Sources"}
_MOST_TURNS = 20


class Part(BaseModel):
    """A piece of a message; what is no text is not looked at."""

    type: str
    text: str = Field("", max_length=100_000)


class Message(BaseModel):
    role: Role
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


# --- read ---------------------------------------------------------------------------------------


def question_of(messages: Sequence[Message]) -> Question:
    """The last message of the user's, with what was said before. Raises EmptyQuestion where there is none."""
    asked = [at for at, message in enumerate(messages) if message.role == "user"]
    if not asked:
        raise EmptyQuestion
    turns: list[Turn] = []
    question: str | None = None
    for message in messages[: asked[-1]]:
        if message.role == "user":
            question = asked_in(message.text)
        elif message.role == "assistant" and question:
            turns.append(_turn(question, message.text))
            question = None
    return Question(asked_in(messages[asked[-1]].text), history=tuple(turns[-_MOST_TURNS:]))


def asked_in(text: str) -> str:
    """A user's own words. Open WebUI puts what it found by itself before them, between <context> tags with
    instructions around; in earlier versions they stand between tags of their own."""
    head, opened, found = text.partition("<context>")
    _, closed, rest = found.rpartition("</context>")
    if not (opened and closed and rest.strip()) or not head.strip():
        return text
    return rest.replace("<user_query>", "").replace("</user_query>", "").strip()


def _turn(question: str, reply: str) -> Turn:
    """What a reply of ours said, without what is written around it."""
    understood = question
    for language in LANGUAGES:
        opening = phrases.understood(language, "")
        if reply.startswith(opening):
            line, _, reply = reply.partition("\n\n")
            understood = line.removeprefix(opening)
    for language in LANGUAGES:
        for after in (f"{_HEADINGS[language]}:\n[1] ", phrases.note(language, "")):
            reply = reply.partition(f"\n\n{after}")[0]
    return Turn(question, understood, reply)


# --- written ------------------------------------------------------------------------------------


def above(language: Language, understood_as: str | None) -> str:
    """What comes before an answer: how a follow-up was read."""
    return f"{phrases.understood(language, understood_as)}\n\n" if understood_as else ""


def below(answer: Answer, address: str) -> str:
    """What comes after an answer: that a language model failed; title, date and page of each source, and where the
    sentence is to be seen. `address` is where the service is reached."""
    notice = f"\n\n{phrases.note(answer.language, answer.notice)}" if answer.notice else ""
    if not answer.citations:
        return notice
    lines = [f"{notice}\n\n{_HEADINGS[answer.language]}:"]
    for citation in answer.citations:
        place = phrases.place(answer.language, citation)
        lines.append(f"[{citation.number}] {place}: {address}{citation.url}")
    return "\n".join(lines)
