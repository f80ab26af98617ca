"""The command line: the same answers as the API's, and one clear line for what goes wrong."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from tests.fakes import FAKE, Workshop

_COST = "Hva koster prosjektet?"


@pytest.fixture
def settings(library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(library.data))
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(library.corpus))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", FAKE)
    monkeypatch.setenv("ASSISTANT_ANSWER_THRESHOLD", "0")
    return monkeypatch


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.usefixtures("settings")
def test_ask_writes_the_answer_and_its_sources() -> None:
    result = _run("ask", _COST)
    assert result.exit_code == 0
    assert "Prosjektet koster 4,2 millioner kroner." in result.stdout
    assert "[1] Plan for Romerike, 8. februar 2021" in result.stdout


@pytest.mark.usefixtures("settings")
def test_ask_prints_the_contracts_json() -> None:
    answer = json.loads(_run("ask", _COST, "--json").stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == "Prosjektet koster 4,2 millioner kroner."
    assert {"id", "sentences", "near", "coverage", "model", "generation", "milliseconds"} <= answer.keys()


def test_ask_tells_on_the_other_channel_that_the_language_model_failed(settings: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings.setenv("ASSISTANT_CHAT_MODEL", "ollama:m")
    settings.setenv("ASSISTANT_CHAT_BASE_URL", url)
    settings.setenv("ASSISTANT_CHAT_RETRIES", "0")
    told = "Språkmodellen kunne ikke nås. Svaret er derfor sitater fra dokumentene."
    result = _run("ask", _COST)
    assert result.exit_code == 0
    assert "Prosjektet koster 4,2 millioner kroner." in result.stdout
    assert told in result.stderr
    assert told not in result.stdout
    answer = json.loads(_run("ask", _COST, "--json").stdout)
    assert (answer["model"], answer["notice"]) == ("none", told)


@pytest.mark.usefixtures("settings")
def test_search_lists_passages() -> None:
    hits = json.loads(_run("search", _COST, "--limit", "2", "--json").stdout)["hits"]
    assert len(hits) == 2
    assert hits[0]["title"] == "Plan for Romerike"
    written = _run("search", _COST, "--limit", "1").stdout
    assert "Plan for Romerike" in written
    assert "4,2 millioner" in written


@pytest.mark.usefixtures("settings")
def test_documents_are_listed() -> None:
    documents = json.loads(_run("documents", "--json").stdout)["documents"]
    assert [d["path"] for d in documents] == ["export.html", "plan.md", "reiser/københavn.md", "vann.txt"]
    written = _run("documents").stdout
    assert "Plan for Romerike (2021-02-08, prosjektdokument, Klyngen)" in written
    assert "()" not in written


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "Spørsmålet er tomt"), ("nn", "Spørsmålet er tomt"), ("en", "The question is empty")]
)
def test_an_error_is_one_line_in_the_language_set(settings: pytest.MonkeyPatch, language: str, words: str) -> None:
    settings.setenv("ASSISTANT_LANGUAGE", language)
    result = _run("ask", "?")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [("ask", _COST), ("search", _COST), ("documents",)])
def test_without_an_index_each_command_says_so(
    settings: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "none"))
    result = _run(*command)
    assert result.exit_code == 2
    assert "python -m ingest" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "70000"), ("LANGUAGE", "de"), ("ANSWER_THRESHOLD", "2"), ("MAX_QUESTION_CHARS", "0")],
)
def test_a_wrong_setting_is_named_with_its_value(settings: pytest.MonkeyPatch, name: str, value: str) -> None:
    settings.setenv(f"ASSISTANT_{name}", value)
    result = _run("documents")
    assert result.exit_code == 2
    assert f"ASSISTANT_{name} = '{value}'" in result.stderr


def test_a_chat_model_that_does_not_exist_is_named(settings: pytest.MonkeyPatch) -> None:
    settings.setenv("ASSISTANT_CHAT_MODEL", "gpt-5")
    result = _run("ask", _COST)
    assert result.exit_code == 2
    assert "'gpt-5'" in result.stderr


def test_a_port_in_use_is_told(settings: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.setenv("ASSISTANT_PORT", str(taken.getsockname()[1]))
        settings.setenv("ASSISTANT_LANGUAGE", "en")
        result = _run("serve")
    assert result.exit_code == 2
    assert "ASSISTANT_PORT" in result.stderr


def test_ingest_hands_its_arguments_and_its_exit_code_on(settings: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        called.append(command[1:])
        return subprocess.CompletedProcess(command, 1)

    settings.setattr("assistant.cli.subprocess.run", run)
    assert _run("ingest", "mappe", "--json", "--help").exit_code == 1
    assert called == [["-m", "ingest", "mappe", "--json", "--help"]]


@pytest.mark.parametrize(
    ("code", "indexed", "served"),
    [(0, True, True), (1, True, True), (2, True, True), (2, False, False), (-9, True, False)],
)
def test_up_serves_when_there_is_something_to_serve(
    settings: pytest.MonkeyPatch, tmp_path: Path, code: int, indexed: bool, served: bool
) -> None:
    if not indexed:
        settings.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "none"))
    settings.setattr("assistant.cli.subprocess.run", lambda command, check: subprocess.CompletedProcess(command, code))
    serving: list[object] = []
    settings.setattr("assistant.cli._serve", serving.append)
    result = _run("up")
    assert bool(serving) is served
    assert result.exit_code == (0 if served else 2)


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("arguments", [("ask",), ("search", _COST, "--limit", "0"), ("nothing",), ("evaluate",)])
def test_wrong_arguments_are_refused(arguments: tuple[str, ...]) -> None:
    assert _run(*arguments).exit_code == 2
