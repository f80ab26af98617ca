"""Conversations over HTTP: follow-ups, the list, one, export, deletion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Assistant
from assistant.api.app import create_app
from assistant.conversation.archive import Archive
from tests.fakes import Workshop, settings_over

_COST = "Hva koster prosjektet?"
_WHY = "hvorfor det?"


@pytest.fixture
def app(library: Workshop, fake_model: None, tmp_path: Path) -> FastAPI:
    """Over the shared library, with conversations of its own."""
    made = create_app(settings_over(library))
    cast("Assistant", made.state.assistant).archive = Archive(tmp_path / "conversations.sqlite", 30)
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def _asked(client: TestClient, question: str, **more: object) -> dict[str, object]:
    response = client.post("/api/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return cast("dict[str, object]", response.json())


def _talk(client: TestClient) -> str:
    """A conversation of two turns; its id."""
    id = str(_asked(client, _COST)["conversation_id"])
    _asked(client, _WHY, conversation_id=id)
    return id


def test_a_follow_up_says_how_it_was_understood(client: TestClient) -> None:
    first = _asked(client, _COST)
    second = _asked(client, _WHY, conversation_id=first["conversation_id"])
    assert (first["question"], first["understood_as"]) == (_COST, None)
    assert (second["question"], second["understood_as"]) == (_WHY, "Hvorfor koster prosjektet det?")
    own = _asked(client, _WHY, conversation_id=first["conversation_id"], standalone=True)
    assert own["understood_as"] is None


def test_a_stream_says_it_before_it_searches(client: TestClient) -> None:
    id = _asked(client, _COST)["conversation_id"]
    response = client.post(
        "/api/v1/ask", json={"question": _WHY, "conversation_id": id}, headers={"Accept": "text/event-stream"}
    )
    names = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    assert names[:3] == ["status", "understood", "sources"]
    assert names[-1] == "answer"
    assert json.dumps({"question": "Hvorfor koster prosjektet det?"}, ensure_ascii=False) in response.text


def test_a_client_may_bring_the_history_along(client: TestClient) -> None:
    history = [{"question": _COST, "text": "4,2 millioner", "documents": [{"document_id": "d", "title": "Plan"}]}]
    assert _asked(client, _WHY, history=history)["understood_as"] == "Hvorfor koster prosjektet det?"
    refused = client.post("/api/v1/ask", json={"question": _WHY, "history": [{"text": "x"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid")


def test_conversations_are_listed_and_read(client: TestClient) -> None:
    id = _talk(client)
    (entry,) = client.get("/api/v1/conversations").json()["conversations"]
    assert (entry["id"], entry["title"], entry["turns"]) == (id, _COST, 2)
    assert entry["started"].endswith("Z")
    found = client.get(f"/api/v1/conversations/{id}").json()
    assert [turn["answer"]["question"] for turn in found["turns"]] == [_COST, _WHY]
    assert found["turns"][0]["answer"]["citations"][0]["quote"] == "Prosjektet koster 4,2 millioner kroner."
    assert found["turns"][0]["sources"][0]["publisher"] == "Klyngen"
    assert client.get("/api/v1/conversations", params={"limit": 0}).status_code == 422


def test_a_conversation_can_be_taken_along(client: TestClient) -> None:
    id = _talk(client)
    written = client.get(f"/api/v1/conversations/{id}/export", headers={"Accept-Language": "en"})
    assert written.headers["content-type"] == "text/markdown; charset=utf-8"
    assert written.headers["content-disposition"].startswith("attachment; filename=")
    assert written.text.startswith("# Conversation ")
    assert "*Understood as: Hvorfor koster prosjektet det?*" in written.text
    assert "## Reference list\n\n- Klyngen. (2021" in written.text
    as_json = client.get(f"/api/v1/conversations/{id}/export", params={"format": "json"})
    assert as_json.headers["content-type"] == "application/json"
    assert as_json.json() == client.get(f"/api/v1/conversations/{id}").json()
    assert client.get(f"/api/v1/conversations/{id}/export", params={"format": "pdf"}).status_code == 422


def test_a_deleted_conversation_is_gone(client: TestClient) -> None:
    id = _talk(client)
    assert client.delete(f"/api/v1/conversations/{id}").status_code == 204
    assert client.get("/api/v1/conversations").json() == {"conversations": []}
    assert _asked(client, _WHY, conversation_id=id)["understood_as"] is None


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "ingen samtale"), ("nn", "ingen samtale"), ("en", "no conversation")]
)
def test_an_unknown_id_is_a_clear_problem(client: TestClient, language: str, words: str) -> None:
    header = {"Accept-Language": language}
    for response in (
        client.get("/api/v1/conversations/nobody", headers=header),
        client.get("/api/v1/conversations/nobody/export", headers=header),
        client.delete("/api/v1/conversations/nobody", headers=header),
    ):
        assert response.status_code == 404
        assert response.headers["content-type"].startswith("application/problem+json")
        assert response.json()["code"] == "conversation_not_found"
        assert words in response.json()["detail"]
        assert "'nobody'" in response.json()["detail"]


def test_where_nothing_is_kept_nothing_is_listed(library: Workshop, fake_model: None) -> None:
    kept = library.data / "conversations.sqlite"
    before = kept.read_bytes() if kept.exists() else None  # the library is shared with tests that keep some
    with TestClient(create_app(settings_over(library))) as client:
        id = _asked(client, _COST)["conversation_id"]
        assert client.get("/api/v1/conversations").json() == {"conversations": []}
        assert client.get(f"/api/v1/conversations/{id}").status_code == 404
    assert (kept.read_bytes() if kept.exists() else None) == before


def test_a_service_that_starts_forgets_what_is_too_old(workshop: Workshop, fake_model: None) -> None:
    workshop.put("a.md", "Prosjektet koster 4,2 millioner kroner.")
    workshop.run()
    with TestClient(create_app(settings_over(workshop, days=30))) as client:
        _talk(client)
    with TestClient(create_app(settings_over(workshop, days=0))):
        pass
    with TestClient(create_app(settings_over(workshop, days=30))) as client:
        assert client.get("/api/v1/conversations").json() == {"conversations": []}
