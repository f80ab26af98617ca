"""Fixtures of the core: real storage and real parsers in temporary folders. Only weights are faked,
but for `sample_data`, which is the sample corpus as the default model embeds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from fastapi import FastAPI
from filelock import FileLock
from starlette.testclient import TestClient

from assistant.api.app import create_app
from assistant.settings import Settings
from tests.fakes import Workshop, fake_weights, settings_over
from tests.stores import ChromaServer, clear

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the machine's environment or a `.env` says must not reach a test, nor a test the machine's disk."""
    for name in os.environ:
        if name.startswith(("ASSISTANT_", "OTEL_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    # A test's requests come from this machine and are meant for it, unless it says otherwise.
    here = partialmethod(TestClient.__init__, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000))
    monkeypatch.setattr(TestClient, "__init__", here)
    # No test pulls the plug, and each wait for the disk costs more than the rest of a small run.
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_weights(monkeypatch)


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Chroma server that holds nothing yet; "" for vectors in the data folder, as without
    `everywhere`."""
    if getattr(request, "param", "embedded") == "embedded":
        yield ""
        return
    server: ChromaServer = request.getfixturevalue("chroma_server")
    yield server.url
    clear(server.url)


@pytest.fixture
def workshop(tmp_path: Path, fake_model: None, store: str) -> Workshop:
    """An empty corpus of one's own."""
    return Workshop(tmp_path, store)


@pytest.fixture
def elsewhere(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The workshop's folders as the settings of a job that a timer starts."""
    workshop.as_settings(monkeypatch)
    return workshop


PLAN = """\
---
title: Plan for Romerike
date: 2021-02-08
publisher: Klyngen
kind: prosjektdokument
---
# Plan for Romerike

## Kostnader

Prosjektet koster 4,2 millioner kroner. Sju kommuner deltar i prosjektet. Arbeidet begynte i 2021.

## Mål

Målet er å bygge en klynge for legemidler. Styret møtes 3. mai hvert år.
"""
TRIP = """\
---
title: Reise til København
date: 2023-05
publisher: Klyngen
kind: reisenotat
language: nn
---
# Reise til København

Gruppa vitja ein fabrikk i Hillerød. Fabrikken har 1 200 tilsette og produserer insulin.
"""
REPORT = """\
<!doctype html><html lang="en"><head><title>Export report</title><meta name="date" content="2022-11-30"></head>
<body><article><h1>Export report</h1><p>Exports of medicines grew by 12 % in 2022. The largest market was Germany.</p>
<table><tr><th>Year</th><th>Exports</th></tr><tr><td>2021</td><td>8.1</td></tr><tr><td>2022</td><td>9.3</td></tr>
</table></article></body></html>
"""
WATER = """\
Notat om vann. Kommunen leverer vann til 900 husstander. Ledningene er fra 1978.
"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Four small documents, ingested once, for tests that only read."""
    place = Workshop(tmp_path_factory.mktemp("library"))
    place.put("plan.md", PLAN)
    place.put("reiser/københavn.md", TRIP)
    place.put("export.html", REPORT)
    place.put("vann.txt", WATER)
    with pytest.MonkeyPatch.context() as patch:
        fake_weights(patch)
        outcome = place.run()
    assert (outcome.added, outcome.failed) == (4, [])
    yield place


@pytest.fixture
def app(library: Workshop, fake_model: None) -> FastAPI:
    """The application over `library`; it answers whatever it is asked."""
    return create_app(settings_over(library))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


# --- the default model, and the sample corpus under it ------------------------------------------


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample corpus, embedded by the default model, as a user does it. Where several processes
    run the tests, one embeds, and each has a copy. Where the variable SAMPLE_DATA names one that was made before,
    minutes are saved."""
    if os.environ.get("SAMPLE_DATA"):
        return Path(os.environ["SAMPLE_DATA"])
    data = tmp_path_factory.mktemp("sample") / "data"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _ingest_sample(data)
        return data
    first = tmp_path_factory.getbasetemp().parent / "sample"  # the workers' folders lie beside each other
    with FileLock(first.with_suffix(".lock")):
        if not first.exists():
            _ingest_sample(first.with_suffix(".made"))
            first.with_suffix(".made").rename(first)
    shutil.copytree(first, data, symlinks=True)
    return data


def _ingest_sample(data: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {"ASSISTANT_DATA_DIR": str(data), "ASSISTANT_CORPUS_DIR": str(ROOT / "corpus")}
    command = [sys.executable, "-m", "ingest", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failed"] == []


@pytest.fixture
def sample_settings(sample_data: Path) -> Settings:
    return Settings(corpus_dir=ROOT / "corpus", data_dir=sample_data)
