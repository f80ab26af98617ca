"""What Open WebUI asks for by itself, in the form in which it does: none of it is searched for or drafted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Assistant, Question
from assistant.api import background
from assistant.api.app import create_app
from assistant.api.completions import MODEL
from assistant.api.messages import Message
from assistant.types import Language
from tests.fakes import Workshop, settings_over

_COST = "Hva koster prosjektet?"
_SAID = (
    f"USER: {_COST}\n"
    "ASSISTANT: Prosjektet koster 4,2 millioner kroner. [1]\n\n"
    "Kilder:\n[1] Plan for Romerike: http://127.0.0.1:8000/source/{id}?start=1&end=2"
)
_ENDING = "\n### Chat History:\n<chat_history>\n{said}\n</chat_history>"


def _task(instructions: str, said: str = _SAID) -> str:
    return f"### Task:\n{instructions}{_ENDING.replace('{said}', said)}"


def _body(text: str, **more: object) -> dict[str, object]:
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **more}


@pytest.fixture
def idle(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A service that nobody may ask anything."""

    def ask(*given: object) -> Iterator[object]:
        raise AssertionError("it was taken for a question")

    monkeypatch.setattr(Assistant, "ask", ask)
    with TestClient(app) as client:
        yield client


def _content(client: TestClient, body: dict[str, object]) -> str:
    reply = client.post("/v1/chat/completions", json=body)
    assert reply.status_code == 200, reply.text
    (choice,) = reply.json()["choices"]
    assert reply.json()["citations"] == []
    return str(choice["message"]["content"])


_TITLE = (
    'Write a short title with an emoji.\n### Output:\nJSON format: { "title": "a title" }\n### Examples:\n'
    '- { "title": "📉 Markets" }'
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (_task(_TITLE), {"title": _COST}),
        (_task(_TITLE, said="USER: " + "Hvor mange " * 20), {"title": "Hvor mange " * 4 + "Hvor mange …"}),
        (_task('Name 1-3 themes.\n\n### Output:\nJSON format: { "tags": ["one", "two"] }\n'), {"tags": []}),
        (_task('Suggest questions, as an object with a "follow_ups" key.', said="USER: Hei"), {"follow_ups": []}),
        (_task('Strictly return JSON:\n{\n  "queries": ["query1", "query2"]\n}\n'), {"queries": [_COST]}),
        (
            _task('JSON: { "queries": [] }', said=f"{_SAID}\nUSER: Og når begynte det?"),
            {"queries": ["Når begynte prosjektet?"]},
        ),
        (_task('Describe an image.\nStrictly return in JSON format:\n{\n    "prompt": "…"\n}\n'), {"prompt": _COST}),
        (_task('Continue it. If unsure: `{ "text": "" }`.') + "\n<type>General</type>\n<text>Hva</text>", {"text": ""}),
    ],
)  # fmt: skip
def test_json_is_answered_in_json(idle: TestClient, text: str, wanted: dict[str, object]) -> None:
    assert json.loads(_content(idle, _body(text))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"Create a concise title with an emoji.{_ENDING.replace('{said}', _SAID)}", _COST),
        ("Your task is to reflect the speaker's likely facial expression as an emoji.\n\nMessage: ```Hei```", "🙂"),
        (_task("Translate the conversation into Latin."), "Her besvares bare spørsmål om dokumentene."),
        ("### Task:\nSing!", "Only questions about the documents are answered here."),
    ],
)
def test_what_wants_no_json_is_answered_in_words(idle: TestClient, text: str, wanted: str) -> None:
    idle.headers["Accept-Language"] = "en"
    assert _content(idle, _body(text)) == wanted


def test_a_task_is_streamed_where_that_is_asked_for(idle: TestClient) -> None:
    text = idle.post("/v1/chat/completions", json=_body(_task(_TITLE), stream=True)).text
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    assert json.loads("".join(one["choices"][0]["delta"].get("content", "") for one in chunks)) == {"title": _COST}
    assert text.endswith("data: [DONE]\n\n")


def test_no_tool_is_called(idle: TestClient) -> None:
    messages = [
        {"role": "system", "content": "Available Tools: [{}]\n\nReturn only the JSON object."},
        {"role": "user", "content": f'Query: History:\nUSER: """{_COST}"""\nQuery: {_COST}'},
    ]
    assert json.loads(_content(idle, {"model": MODEL, "messages": messages})) == {"tool_calls": []}


def test_the_questions_to_go_on_with_are_about_what_was_cited() -> None:
    asked: list[tuple[list[str], Language]] = []

    def follow_ups(documents: object, language: Language) -> list[str]:
        asked.append((list(documents), language))  # type: ignore[call-overload]
        return [_COST, "Hva er målet?"]

    text = _task('JSON format: { "follow_ups": ["Question 1?"] }').replace("{id}", "ab12")
    task = background.task_of([Message(role="user", content=text)])
    assert task is not None
    assert json.loads(background.done(task, "en", follow_ups)) == {"follow_ups": ["Hva er målet?"]}
    assert asked == [(["ab12"], "nb")]


def test_the_documents_answer_what_is_suggested(workshop: Workshop) -> None:
    workshop.put("a.md", "# Notat\n\n## Fujifilm i Hillerød\n\nAnlegget til Fujifilm i Hillerød har 1 200 ansatte.")
    workshop.run()
    asked = "Hvor mange ansatte har anlegget?"
    with TestClient(create_app(settings_over(workshop))) as client:
        answer = client.post("/v1/chat/completions", json=_body(asked)).json()["choices"][0]["message"]["content"]
        said = f"USER: {asked}\nASSISTANT: {answer}"
        text = _task('JSON format: { "follow_ups": ["Question 1?"] }', said)
        assert json.loads(_content(client, _body(text))) == {"follow_ups": ["Hva står det om Fujifilm i Hillerød?"]}


@pytest.mark.parametrize(
    "text",
    [
        "### Task:\nRespond using the context, with citations [id].\n\n<context>\n"
        f'<source id="1">Alt koster 99 kroner.</source>\n</context>\n\n{_COST}',
        f"### Task:\nRespond.\n<context>\nAlt koster 99 kroner.\n</context>\n\n<user_query>\n{_COST}\n</user_query>\n",
    ],
)
def test_what_is_put_before_a_question_is_not_the_question(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    asked: list[str] = []
    real = Assistant.ask

    def ask(self: Assistant, question: Question, *more: object) -> Iterator[object]:
        asked.append(question.text)
        return real(self, question)

    monkeypatch.setattr(Assistant, "ask", ask)
    reply = client.post("/v1/chat/completions", json=_body(text)).json()
    assert asked == [_COST]
    assert "4,2 millioner" in reply["choices"][0]["message"]["content"]
    assert "99 kroner" not in reply["choices"][0]["message"]["content"]
