"""OpenAI's protocol, as OpenAI's own client and LangChain speak it, over a real port."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

import openai
import pytest
from fastapi import FastAPI
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from starlette.testclient import TestClient

from assistant.api.completions import MODEL
from assistant.api.messages import Message, question_of
from assistant.errors import EmptyQuestion
from assistant.types import Turn
from tests.fakes import Workshop, chat_model
from tests.serving import served

_COST = "Hva koster prosjektet?"
_ANSWER = "Prosjektet koster 4,2 millioner kroner."


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def theirs(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_openais_client_gets_an_answer_with_its_sources(theirs: openai.OpenAI, address: str) -> None:
    done = theirs.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": _COST}], temperature=0.7)
    (choice,) = done.choices
    text = choice.message.content or ""
    said, _, sources = text.partition("\n\nKilder:\n")
    assert _ANSWER in said and "[1]" in said
    assert sources.startswith("[1] Plan for Romerike, 8. februar 2021: ")
    link = sources.split("\n")[0].split(": ", 1)[1]
    assert link.startswith(f"{address}/source/")
    assert (choice.finish_reason, choice.message.role, done.object) == ("stop", "assistant", "chat.completion")


def test_openais_client_streams_the_same(theirs: openai.OpenAI) -> None:
    whole = theirs.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": _COST}])
    chunks = list(
        theirs.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": _COST}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) >= 2
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert len({chunk.id for chunk in chunks}) == 1


def test_openais_client_lists_the_model(theirs: openai.OpenAI) -> None:
    assert [model.id for model in theirs.models.list()] == [MODEL]
    assert theirs.models.retrieve(MODEL).owned_by == MODEL


def test_openais_client_understands_what_goes_wrong(theirs: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        theirs.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": _COST}])
    assert missing.value.code == "model_not_found"
    assert MODEL in missing.value.message
    with pytest.raises(openai.UnprocessableEntityError) as empty:
        theirs.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": " "}], stream=True)
    assert empty.value.code == "question_empty"
    with pytest.raises(openai.UnprocessableEntityError):
        theirs.chat.completions.create(model=MODEL, messages=[])


def test_langchain_asks_and_goes_on(address: str) -> None:
    model = ChatOpenAI(model=MODEL, base_url=f"{address}/v1", api_key="none", max_retries=0)  # type: ignore[arg-type]
    first = model.invoke([SystemMessage("Svar kort."), HumanMessage(_COST)])
    assert _ANSWER in str(first.content)
    messages = [HumanMessage(_COST), AIMessage(str(first.content)), HumanMessage("Når begynte det?")]
    assert "2021" in str(model.invoke(messages).content)
    streamed = "".join(str(chunk.content) for chunk in model.stream([HumanMessage(_COST)]))
    assert streamed == first.content


def test_nothing_of_it_is_kept(theirs: openai.OpenAI, address: str) -> None:
    import httpx

    theirs.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": _COST}])
    assert httpx.get(f"{address}/api/v1/conversations", timeout=60).json() == {"conversations": []}


def test_what_is_not_found_is_said(app: FastAPI, library: Workshop) -> None:
    with library.assistant(threshold=1.0) as assistant, TestClient(app) as client:
        app.state.assistant = assistant
        body = {"model": MODEL, "messages": [{"role": "user", "content": _COST}]}
        whole = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["content"]
        text = client.post("/v1/chat/completions", json=body | {"stream": True}).text
    assert "Kilder:" not in whole and whole
    assert _said(text) == whole
    assert text.endswith("data: [DONE]\n\n")


def test_a_draft_is_sent_sentence_by_sentence(app: FastAPI, library: Workshop) -> None:
    drafts = chat_model("Sju kommuner deltar i prosjektet [1]. Det koster 99 kroner [1].")
    with library.assistant(drafts) as assistant, TestClient(app) as client:
        app.state.assistant = assistant
        body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": _COST}]}
        text = client.post("/v1/chat/completions", json=body).text
    assert _said(text).startswith("Sju kommuner deltar i prosjektet. [1]\n\nKilder:\n[1] ")
    assert "99" not in _said(text)


def test_a_fall_back_says_so_before_the_sources(app: FastAPI, library: Workshop) -> None:
    with library.assistant(chat_model(*["Det koster 99 kroner [1]."] * 2)) as assistant, TestClient(app) as client:
        app.state.assistant = assistant
        body = {"model": MODEL, "messages": [{"role": "user", "content": _COST}]}
        whole = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["content"]
        assert _said(client.post("/v1/chat/completions", json=body | {"stream": True}).text) == whole
    said, notice, sources = whole.split("\n\n")
    assert _ANSWER in said
    assert notice.startswith("Merk: Det språkmodellen skrev, lot seg ikke bekrefte i dokumentene. Svaret er derfor")
    assert sources.startswith("Kilder:\n[1] ")
    assert _read_back(_COST, whole) == Turn(_COST, _COST, said)


def test_how_a_follow_up_is_read_stands_above_its_answer(client: TestClient) -> None:
    said = [("user", _COST), ("assistant", _ANSWER), ("user", "Og når begynte det?")]
    body = {"model": MODEL, "messages": [{"role": role, "content": text} for role, text in said]}
    whole = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["content"]
    assert _said(client.post("/v1/chat/completions", json=body | {"stream": True}).text) == whole
    understood, answer, _ = whole.split("\n\n")
    assert understood == "Forstått som: Når begynte prosjektet?"
    assert _read_back("Og når begynte det?", whole) == Turn("Og når begynte det?", "Når begynte prosjektet?", answer)


def _read_back(question: str, reply: str) -> Turn:
    (turn,) = question_of(_messages(("user", question), ("assistant", reply), ("user", "Og så?"))).history
    return turn


def test_what_fails_on_the_way_is_told(app: FastAPI, library: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.answer import Assistant, Event, Stage
    from assistant.errors import VectorStoreUnavailable

    def ask(*given: object) -> Iterator[Event]:
        yield Stage("search")
        raise VectorStoreUnavailable("chroma", "cut off")

    monkeypatch.setattr(Assistant, "ask", ask)
    with TestClient(app) as client:
        body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": _COST}]}
        text = client.post("/v1/chat/completions", json=body).text
    assert '"code": "vector_store_unavailable"' in text
    assert "[DONE]" not in text


def _said(text: str) -> str:
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    return "".join(cast("str", chunk["choices"][0]["delta"].get("content", "")) for chunk in chunks if chunk["choices"])


# --- messages -----------------------------------------------------------------------------------


def _messages(*said: tuple[str, object]) -> list[Message]:
    return [Message.model_validate({"role": role, "content": content}) for role, content in said]


def test_the_messages_before_are_what_was_said() -> None:
    question = question_of(
        _messages(
            ("system", "Du er en pirat."),
            ("user", "Hvem eier fabrikken?"),
            ("assistant", "Fujifilm. [1]\n\nKilder:\n[1] Notat: http://x/source/1"),
            ("user", "Hei"),
            ("user", [{"type": "text", "text": "Og når"}, {"type": "image_url"}, {"type": "text", "text": "ble det?"}]),
        )
    )
    assert question.text == "Og når\nble det?"
    (turn,) = question.history
    assert (turn.question, turn.answer_text) == ("Hvem eier fabrikken?", "Fujifilm. [1]")


@pytest.mark.parametrize("messages", [[("system", "Svar.")], [("assistant", "Hei.")], [("tool", "y")]])
def test_without_a_question_there_is_no_answer(messages: list[tuple[str, object]]) -> None:
    with pytest.raises(EmptyQuestion):
        question_of(_messages(*messages))
