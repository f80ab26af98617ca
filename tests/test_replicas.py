"""Several services over one data folder and one Chroma server, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from ingest.publish import roll_back
from tests.fakes import FAKE, Workshop, wait_for
from tests.stores import ChromaServer

_SERVE = """
import pytest
from assistant.cli import main
from tests.fakes import fake_weights
with pytest.MonkeyPatch.context() as patch:
    fake_weights(patch)
    main()
"""
"""The real command, but for the weights."""


@contextmanager
def _service(workshop: Workshop, url: str) -> Iterator[str]:
    environment = os.environ | {
        "ASSISTANT_CORPUS_DIR": str(workshop.corpus),
        "ASSISTANT_DATA_DIR": str(workshop.data),
        "ASSISTANT_EMBEDDING_MODEL": FAKE,
        "ASSISTANT_CHROMA_URL": url,
        "ASSISTANT_CONVERSATION_DAYS": "0",
        "ASSISTANT_ANSWER_THRESHOLD": "0",
        "ASSISTANT_LANGUAGE": "en",
        "ASSISTANT_PORT": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    command = [sys.executable, "-c", _SERVE, "serve"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if "http://127.0.0.1:" in line:
                yield "http://127.0.0.1:" + line.partition("http://127.0.0.1:")[2].split()[0].rstrip("./")
                return
        raise AssertionError("".join(said))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server that a test may stop."""
    folder = tmp_path / "chroma"
    folder.mkdir()
    server = ChromaServer(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def place(tmp_path: Path, fake_model: None, chroma: ChromaServer) -> Workshop:
    made = Workshop(tmp_path / "place", chroma.url)
    _publish(made, 1)
    return made


def _publish(place: Workshop, edition: int) -> str:
    for number in range(4):
        place.put(f"{number}.md", f"# Plan {number}\n\nDette er utgave {edition} av planen for vekst.")
    name = place.run().generation
    assert name
    return name


@dataclass(slots=True)
class _Reader:
    """Asks a service all the while; `seen` are the editions that its replies were of, in order."""

    address: str
    over: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    asked: int = 0

    def run(self) -> None:
        with httpx.Client(base_url=self.address, timeout=60) as client:
            while not self.over.is_set():
                replies = [
                    client.get("/api/v1/search", params={"q": "Hvilken utgave av planen?"}),
                    client.post("/api/v1/ask", json={"question": "Hvilken utgave av planen er dette?"}),
                    client.get("/readyz"),
                ]
                self.asked += len(replies)
                self.wrong += [reply.text for reply in replies if reply.status_code != 200]
                if replies[0].status_code == 200:
                    found = {hit["text"].partition("utgave ")[2][:1] for hit in replies[0].json()["hits"]}
                    self.seen += sorted(found)
                    self.wrong += [f"mixed: {found}"] if len(found) != 1 else []


def test_two_services_go_over_to_each_new_generation_and_none_fails(place: Workshop, chroma: ChromaServer) -> None:
    with ExitStack() as opened:
        readers = [_Reader(opened.enter_context(_service(place, chroma.url))) for _ in range(2)]
        threads = [threading.Thread(target=reader.run) for reader in readers]
        for thread in threads:
            thread.start()
        try:
            for edition in (2, 3, 4):
                _publish(place, edition)
            roll_back(place.folders)
            last = _publish(place, 5)
            for reader in readers:
                with httpx.Client(base_url=reader.address, timeout=60) as client:
                    assert client.get("/readyz").json()["generation"] == last
                    hits = client.get("/api/v1/search", params={"q": "Hvilken utgave?"}).json()["hits"]
                    assert len(hits) == 4
                    assert all("utgave 5" in hit["text"] for hit in hits)
        finally:
            for reader in readers:
                reader.over.set()
            for thread in threads:
                thread.join()
        for reader in readers:
            assert reader.wrong == []
            assert reader.asked > 0
            assert reader.seen[0] == "1"


def test_a_server_that_is_gone_is_told_and_does_well_again_when_it_is_back(
    place: Workshop, chroma: ChromaServer
) -> None:
    question = {"question": "Hvilken utgave av planen er dette?"}
    with _service(place, chroma.url) as address, httpx.Client(base_url=address, timeout=60) as client:
        assert client.post("/api/v1/ask", json=question).json()["status"] == "answered"
        chroma.stop()
        for reply in (
            client.post("/api/v1/ask", json=question),
            client.get("/api/v1/search", params={"q": "planen"}),
            client.get("/readyz"),
        ):
            assert reply.status_code == 503
            problem = reply.json()
            assert problem["code"] == "vector_store_unavailable"
            assert chroma.url in problem["detail"]
        assert client.get("/healthz").status_code == 200
        chroma.start()
        wait_for(lambda: client.get("/readyz").is_success)  # what was found before holds for a second
        assert client.get("/api/v1/search", params={"q": "planen"}).status_code == 200
        assert client.post("/api/v1/ask", json=question).json()["status"] == "answered"
