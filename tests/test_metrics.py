"""What Prometheus is told of the job, wherever that was started."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import lastrun, moments
from assistant.api.app import create_app
from assistant.lastrun import LastRun
from ingest.__main__ import main
from tests.fakes import FAKE, Workshop, settings_over


@pytest.fixture
def job(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The workshop's folders as the settings of a job that a timer starts."""
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(workshop.corpus))
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(workshop.data))
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", FAKE)
    monkeypatch.setenv("ASSISTANT_SETTLE_SECONDS", "0")
    return workshop


def _figures(workshop: Workshop) -> dict[str, float]:
    with TestClient(create_app(settings_over(workshop))) as client:
        text = client.get("/metrics").text
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix("assistant_"): float(value) for name, value in pairs}


def test_a_run_that_something_else_started_is_seen(job: Workshop) -> None:
    job.put("a.md", "Prosjektet koster fire millioner kroner.")
    assert main([]) == 0
    figures = _figures(job)
    name = job.folders.current_name() or ""
    created = moments.timestamp(job.folders.manifest(name).created)
    assert figures["generation_created_timestamp_seconds"] == created
    assert created <= figures["ingest_last_run_timestamp_seconds"] <= created + 60
    assert (figures["ingest_last_run_success"], figures["ingest_failed_files"]) == (1, 0)
    assert (figures["documents"], figures["passages"], figures["unread_documents"]) == (1, 1, 0)
    job.put("a.md", "")
    job.put("b.pdf", "no pdf")
    assert main([]) == 1
    figures = _figures(job)
    assert (figures["ingest_last_run_success"], figures["ingest_failed_files"]) == (1, 2)
    assert (figures["documents"], figures["unread_documents"]) == (1, 1)


def test_a_run_that_published_nothing_is_seen(job: Workshop) -> None:
    assert "ingest_last_run_success" in _figures(job)
    job.put("a.md", "Prosjektet koster fire millioner kroner.")
    assert main([]) == 0
    job.corpus.rename(job.corpus.with_name("away"))
    assert main([]) == 2
    figures = _figures(job)
    assert (figures["ingest_last_run_success"], figures["documents"]) == (0, 1)
    assert (lastrun.get(job.data) or LastRun("")).error == "corpus_missing"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"finished": "i går"}', '{"finished": null}', '{"new": 1}'])
def test_a_file_that_is_another_s_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "last_run.json").write_text(content)
    assert lastrun.get(tmp_path) is None
    run = LastRun(moments.now(), failed=3)
    lastrun.put(tmp_path, run)
    assert lastrun.get(tmp_path) == run
    lastrun.put(tmp_path / "nowhere", run)
    assert lastrun.get(tmp_path / "nowhere") is None
