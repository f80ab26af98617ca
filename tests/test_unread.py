"""A document whose file cannot be read any more answers from its last readable version, and says so wherever it is
shown."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from assistant.api.app import create_app
from assistant.cli import app as command
from assistant.settings import as_environment
from assistant.types import LANGUAGES
from tests.fakes import Workshop, settings_over

_NOTICE = {
    "nb": "Dette er den siste versjonen som kunne leses.",
    "nn": "Dette er den siste versjonen som kunne lesast.",
    "en": "This is its last readable version.",
}
_QUESTION = "Hva koster vannverket?"


@pytest.fixture
def client(workshop: Workshop) -> TestClient:
    workshop.put("vann.md", "# Vann\n\nVannverket koster 7 millioner kroner.")
    workshop.put("plan.md", "# Plan\n\nPlanen er ferdig i mai.")
    workshop.run()
    workshop.put("vann.md", b"")
    assert workshop.run().unread == 1
    return TestClient(create_app(settings_over(workshop)))


def test_it_is_said_in_answers_searches_lists_and_where_the_document_is_shown(client: TestClient) -> None:
    with client:
        listed = {one["path"]: one for one in client.get("/api/v1/documents").json()["documents"]}
        assert {path: one["unread"] for path, one in listed.items()} == {"vann.md": "file_empty", "plan.md": None}
        answer = client.post("/api/v1/ask", json={"question": _QUESTION}).json()
        by_document = {one["document_id"]: one["unread"] for one in answer["citations"]}
        assert by_document[listed["vann.md"]["id"]] == "file_empty"
        hits = client.get("/api/v1/search", params={"q": "vannverket planen"}).json()["hits"]
        assert {(hit["document_id"], hit["unread"]) for hit in hits} == {
            (one["id"], one["unread"]) for one in listed.values()
        }
        for path, one in listed.items():
            for language in LANGUAGES:
                page = client.get(f"/source/{one['id']}", params={"language": language}).text
                assert (_NOTICE[language] in page) is (path == "vann.md")
        asked = {"model": "romerike-assistant", "messages": [{"role": "user", "content": _QUESTION}]}
        text = client.post("/v1/chat/completions", json=asked).json()["choices"][0]["message"]["content"]
        (source,) = [line for line in text.splitlines() if line.startswith("[1] Vann")]
        assert ", siste lesbare versjon: " in source


def test_it_is_said_on_the_command_line(
    client: TestClient, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in as_environment(settings_over(workshop)).items():
        monkeypatch.setenv(name, value)
    shown = CliRunner().invoke(command, ["ask", _QUESTION])
    assert "siste lesbare versjon" in shown.stdout
    printed = CliRunner().invoke(command, ["ask", _QUESTION, "--json"])
    assert "file_empty" in {one["unread"] for one in json.loads(printed.stdout)["citations"]}
