"""What Prometheus is told: of answers, and of the job, wherever that was started."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import lastrun, moments
from assistant.answer import Assistant
from assistant.api.app import create_app
from assistant.conversation.archive import Archive
from assistant.lastrun import LastRun
from ingest.__main__ import main
from tests.fakes import Workshop, chat_model, settings_over


def _figures(workshop: Workshop) -> dict[str, float]:
    with TestClient(create_app(settings_over(workshop))) as client:
        return _told(client)


def _told(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("assistant_"): float(value) for name, value in pairs}


def test_answers_are_counted_by_what_they_came_to(app: FastAPI, library: Workshop, tmp_path: Path) -> None:
    client = TestClient(app)

    def asked(assistant: Assistant) -> dict[str, float]:
        app.state.assistant = assistant
        assert client.post("/api/v1/ask", json={"question": "Hva koster prosjektet?"}).status_code == 200
        return _told(client)

    with library.assistant(threshold=1) as assistant:
        figures = asked(assistant)
    assert figures['answers_total{language="nb",status="no_answer"}'] == 1
    with library.assistant(chat_model("Sju kommuner deltar i prosjektet [1]. Det koster 99 kroner [1].")) as assistant:
        figures = asked(assistant)
    assert (figures["dropped_sentences_total"], figures["model_fallbacks_total"]) == (1, 0)
    with library.assistant(chat_model("Det koster 99 kroner [1].")) as assistant:
        figures = asked(assistant)
    assert (figures["dropped_sentences_total"], figures["model_fallbacks_total"]) == (2, 1)
    with library.assistant() as assistant:
        assistant.archive = Archive(tmp_path, 30)  # a folder, in which nothing can be kept
        figures = asked(assistant)
    assert figures["model_fallbacks_total"] == 1, "no model failed, although the answer has a notice"
    assert figures['answers_total{language="nb",status="answered"}'] == 3
    assert figures['request_seconds_count{route="/api/v1/ask"}'] == 4
    assert 0 < figures['request_seconds_sum{route="/api/v1/ask"}'] < 60


@pytest.mark.parametrize(("said", "status"), [('{"event": "result", "generation": "g2"}', "done"), ("", "failed")])
def test_runs_that_the_service_starts_are_counted(app: FastAPI, said: str, status: str) -> None:
    with TestClient(app) as client:
        app.state.job.command = ("sh", "-c", f"echo '{said}'")
        app.state.job.start()
        end = time.monotonic() + 20
        while not (counted := {name: n for name, n in _told(client).items() if name.startswith("ingest_runs_total")}):
            assert time.monotonic() < end
        assert counted == {f'ingest_runs_total{{status="{status}"}}': 1}


def test_a_run_that_something_else_started_is_seen(elsewhere: Workshop) -> None:
    elsewhere.put("a.md", "Prosjektet koster fire millioner kroner.")
    assert main([]) == 0
    figures = _figures(elsewhere)
    name = elsewhere.folders.current_name() or ""
    created = moments.timestamp(elsewhere.folders.manifest(name).created)
    assert figures["generation_created_timestamp_seconds"] == created
    assert created <= figures["ingest_last_run_timestamp_seconds"] <= created + 60
    assert (figures["ingest_last_run_success"], figures["ingest_failed_files"]) == (1, 0)
    assert (figures["documents"], figures["passages"], figures["unread_documents"]) == (1, 1, 0)
    assert _last(figures) == (1, 0, 0, 1)
    elsewhere.put("a.md", "")
    elsewhere.put("b.pdf", "no pdf")
    assert main([]) == 1
    figures = _figures(elsewhere)
    assert (figures["ingest_last_run_success"], figures["ingest_failed_files"]) == (1, 2)
    assert (figures["documents"], figures["unread_documents"]) == (1, 1)
    lastrun.put(elsewhere.data, LastRun(moments.now(), failed=5, added=4, changed=3, removed=2, embedded=9))
    figures = _figures(elsewhere)
    assert (_last(figures), figures["ingest_failed_files"]) == ((4, 3, 2, 9), 5)


def _last(figures: dict[str, float]) -> tuple[float, ...]:
    names = ("added_documents", "changed_documents", "removed_documents", "embedded_passages")
    return tuple(figures[f"ingest_{name}"] for name in names)


def test_a_run_that_published_nothing_is_seen(elsewhere: Workshop) -> None:
    assert "ingest_last_run_success" in _figures(elsewhere)
    elsewhere.put("a.md", "Prosjektet koster fire millioner kroner.")
    assert main([]) == 0
    elsewhere.corpus.rename(elsewhere.corpus.with_name("away"))
    assert main([]) == 2
    figures = _figures(elsewhere)
    assert (figures["ingest_last_run_success"], figures["documents"]) == (0, 1)
    assert (lastrun.get(elsewhere.data) or LastRun("")).error == "corpus_missing"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"finished": "i går"}', '{"finished": null}', '{"new": 1}'])
def test_a_file_that_is_another_s_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "last_run.json").write_text(content)
    assert lastrun.get(tmp_path) is None
    run = LastRun(moments.now(), failed=3)
    lastrun.put(tmp_path, run)
    assert lastrun.get(tmp_path) == run
    lastrun.put(tmp_path / "nowhere", run)
    assert lastrun.get(tmp_path / "nowhere") is None
