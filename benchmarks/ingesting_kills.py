"""The ingestion job killed at random moments, many times over, while a service answers.

    python -m benchmarks.ingesting_kills WORKDIR [--runs 200]

Every run replaces each of forty documents by its next edition and is sent SIGKILL at a random moment. All the while
the index is read, part by part, by a thread, and questions are put to the real service over HTTP by another: each
must get one edition of all documents, and none older than what had been published when it was asked. The embedder is
a stand-in that takes no time. WORKDIR is emptied first."""

from __future__ import annotations

import argparse
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from abc import abstractmethod
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TypedDict
from unittest.mock import patch

import httpx
import uvicorn

from assistant.api.app import create_app
from assistant.api.server import Server
from assistant.embedding import Floats
from assistant.errors import AssistantError
from assistant.index import Folders, Generation, Index
from assistant.settings import Settings
from benchmarks.ingesting import DOCUMENTS, MODEL, StandIn, start, whole, write

SEED = 7
PATIENCE = 60.0
_EDITION = re.compile(r"utgave (\d+)")


class Watcher(threading.Thread):
    """Asks again and again, until it is told to end; `published` is the edition that is due."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()
        self.published = 0
        self.asked = 0
        self.wrong: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over.is_set():
            due = self.published
            try:
                edition = self.edition(self.asked)
            except (AssistantError, AssertionError, httpx.HTTPError) as error:
                self.wrong[f"{type(error).__name__}: {error}"] += 1
            else:
                self.wrong.update([f"edition {edition} after {due} was published"] if edition < due else [])
            self.asked += 1

    def end(self) -> None:
        self._over.set()
        self.join()

    @abstractmethod
    def edition(self, asked: int) -> int:
        """The one that is in use. Raises AssertionError where what is found does not go together."""


class Reader(Watcher):
    """Reads every document of the generation in use, in each of its parts."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._index = Index(root / "data", MODEL)

    def edition(self, asked: int) -> int:
        with self._index.reading() as generation:
            return edition_of(generation)


class Asker(Watcher):
    """Asks the service: one question for an answer, one for passages, in turn."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._client = httpx.Client(base_url=address, timeout=PATIENCE)

    def edition(self, asked: int) -> int:
        question = f"Hva tar utvalget opp i avsnitt {asked % 4} i dokument {asked % DOCUMENTS}?"
        if asked % 2:
            reply = self._client.get("/api/v1/search", params={"q": question, "limit": 20})
            texts = [hit["text"] for hit in _of(reply)["hits"]]
        else:
            answer = _of(self._client.post("/api/v1/ask", json={"question": question}))
            assert answer["status"] == "answered", f"{answer['status']}: {question}"
            cited = {citation["document_id"] for citation in answer["citations"]}
            texts = [_of(self._client.get(f"/api/v1/documents/{id}"))["text"] for id in cited]
        return _one({int(edition) for text in texts for edition in _EDITION.findall(text)})


class Reply(TypedDict, total=False):
    """What is looked at of any of them."""

    status: str
    text: str
    hits: list[dict[str, str]]
    citations: list[dict[str, str]]


def _of(reply: httpx.Response) -> Reply:
    assert reply.status_code == 200, f"{reply.status_code}: {reply.text[:200]}"
    found: Reply = reply.json()
    return found


def edition_of(generation: Generation) -> int:
    """Checks that the parts hold the same, and a passage of each document is found in each. Raises AssertionError."""
    editions = set()
    assert len(generation.sources) == DOCUMENTS, f"{len(generation.sources)} documents"
    for id in generation.sources:
        ids = generation.catalogue.passage_ids(id)
        passage = generation.catalogue.passages(ids[:1])[ids[0]]
        vector = StandIn().vector(passage.indexed_text)
        found = generation.vectors.query(vector, 1)
        assert [id for id, _ in found] == [passage.id], (
            f"a passage is not found by its vector: {found}, and then {generation.vectors.query(vector, 5)}, "
            f"of {generation.vectors.count()}"
        )
        editions |= {int(edition) for edition in _EDITION.findall(passage.text)}
    assert generation.keywords.count() == generation.vectors.count() == generation.manifest.passages, "parts differ"
    return _one(editions)


def _one(editions: set[int]) -> int:
    assert len(editions) == 1, f"mixed: {sorted(editions)}"
    return editions.pop()


class Queries(StandIn):
    def query(self, text: str) -> Floats:
        return self.vector(text)


def serve(root: Path, port: int) -> None:
    settings = Settings.model_validate(
        {
            "corpus_dir": root / "corpus",
            "data_dir": root / "data",
            "embedding_model": MODEL,
            "port": port,
            "answer_threshold": 0.0,
            "requests_per_minute": 0,
            "conversation_days": 0,
        }
    )
    with patch("assistant.open.open_queries", lambda model: Queries()):
        Server(uvicorn.Config(create_app(settings), port=port, log_level="warning")).run()


def _served(root: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.ingesting_kills", str(root), "--serve", str(port)])
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/readyz").status_code == 200:
                return process, address
        time.sleep(0.2)
    raise SystemExit("the service did not get ready")


def kills(root: Path, runs: int) -> None:
    rng = random.Random(SEED)
    for number in range(DOCUMENTS):
        write(root, number, 0)
    seconds, _ = whole(root)
    service, address = _served(root)
    watchers: tuple[Watcher, ...] = (Reader(root), Asker(address))
    for watcher in watchers:
        watcher.start()
    killed = finished = 0
    for edition in range(1, runs + 1):
        for number in range(DOCUMENTS):
            write(root, number, edition)
        process = start(root)
        with suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.2, 1.3) * seconds)
        if process.poll() is None:
            process.kill()
            killed += 1
        elif process.returncode == 0:
            finished += 1
            for watcher in watchers:
                watcher.published = edition
        process.communicate()
    whole(root)
    for watcher in watchers:
        watcher.published = runs
    time.sleep(5)
    for watcher in watchers:
        watcher.end()
    service.terminate()
    service.wait()
    index = Index(root / "data", MODEL)
    with index.reading() as generation:
        last = edition_of(generation)
    index.close()
    print(f"{killed} runs killed, {finished} finished before; at the end edition {last} of {runs}")
    print(f"{len([*Folders(root / 'data').generations.iterdir()])} generations on disk")
    for name, watcher in zip(("readings of the index", "questions to the service"), watchers, strict=True):
        print(f"{watcher.asked} {name}, {watcher.wrong.total()} wrong")
        for wrong, times in watcher.wrong.most_common(5):
            print(f"  {times} x {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill the ingestion job at random moments while a service answers.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--serve", type=int, default=0, metavar="PORT", help="be the service, over what lies there")
    given = parser.parse_args()
    if given.serve:
        serve(given.root, given.serve)
        return
    shutil.rmtree(given.root, ignore_errors=True)
    given.root.mkdir(parents=True)
    kills(given.root, given.runs)


if __name__ == "__main__":
    main()
