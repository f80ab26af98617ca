"""The ingestion job killed at random moments, many times over, while a service answers.

    python -m benchmarks.ingesting_kills WORKDIR [--runs 200] [--chroma]

Every run replaces each of forty documents by its next edition and is sent SIGKILL at a random moment. All the while
the index is read, part by part, by a thread, and questions are put to the real service over HTTP by another: each
must get one edition of all documents, and none older than what had been published when it was asked. At the end the
index is rolled back and brought forward again, and whatever generation lies there is opened. With `--chroma` the
vectors are on a Chroma server, which is started. The embedder is a stand-in that takes no time. WORKDIR is emptied
first."""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import threading
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypedDict

import httpx

from assistant.errors import AssistantError
from assistant.index import Folders, Generation, Index
from benchmarks.ingesting import DOCUMENTS, write
from benchmarks.serving import serving
from benchmarks.stand_in import MODEL, SERVE, StandIn, environment, start, whole
from tests.stores import ChromaServer, collections

SEED = 7
PATIENCE = 60.0
_EDITION = re.compile(r"utgave (\d+)")


class Watcher(threading.Thread):
    """Asks again and again, until it is told to end; `published` is the edition that is due, `found` the last that was
    found."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()
        self.published = 0
        self.found = -1
        self.asked = 0
        self.wrong: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over.is_set():
            due = self.published
            try:
                self.found = edition = self.edition(self.asked)
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

    def __init__(self, root: Path, chroma_url: str = "") -> None:
        super().__init__()
        self._index = Index(root / "data", MODEL, chroma_url)

    def edition(self, asked: int) -> int:
        with self._index.reading() as generation:
            return edition_of(generation)

    def end(self) -> None:
        super().end()
        self._index.close()


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
        vector = StandIn().query(passage.indexed_text)
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


@contextmanager
def watching(watchers: Sequence[Watcher]) -> Iterator[None]:
    for watcher in watchers:
        watcher.start()
    try:
        yield
    finally:
        for watcher in watchers:
            watcher.end()


def kills(root: Path, runs: int, chroma_url: str) -> None:
    for number in range(DOCUMENTS):
        write(root, number, 0)
    place = environment(root, chroma_url=chroma_url)
    seconds, _ = whole(place)
    with serving(place, SERVE, root / "service.log") as (client, _pid):
        asker = Asker(str(client.base_url))
        watchers: tuple[Watcher, ...] = (Reader(root, chroma_url), asker)
        with watching(watchers):
            _kill(root, place, watchers, runs, seconds)
            whole(place)
            _published(watchers, runs)
            _back_and_forth(place, watchers, runs)
    for name, watcher in zip(("readings of the index", "questions to the service"), watchers, strict=True):
        print(f"{watcher.asked} {name}, {watcher.wrong.total()} wrong")
        for wrong, times in watcher.wrong.most_common(5):
            print(f"  {times} x {wrong}")
    _open_each(root, chroma_url)


def _kill(root: Path, place: Mapping[str, str], watchers: Sequence[Watcher], runs: int, seconds: float) -> None:
    """`seconds` is what a run takes when nobody else is at work."""
    rng = random.Random(SEED)
    killed = finished = 0
    for edition in range(1, runs + 1):
        for number in range(DOCUMENTS):
            write(root, number, edition)
        process = start(place)
        with suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.2, 1.3) * seconds)
        if process.poll() is None:
            process.kill()
            killed += 1
        elif process.returncode == 0:
            finished += 1
            _published(watchers, edition)
        process.communicate()
    print(f"{killed} runs killed, {finished} finished before, {runs - killed - finished} failed", flush=True)


def _published(watchers: Sequence[Watcher], edition: int) -> None:
    for watcher in watchers:
        watcher.published = edition


def _back_and_forth(place: Mapping[str, str], watchers: Sequence[Watcher], last: int) -> None:
    """From the last edition to the generation before, and back to it by a run."""
    print(f"the last edition is {_edition_in_use(watchers)} of {last}")
    _published(watchers, 0)
    process = start(place, "--rollback")
    _, said = process.communicate()
    if process.returncode:
        raise SystemExit(f"the rollback ended with {process.returncode}: {said}")
    print(f"after a rollback edition {_edition_in_use(watchers)} answers", end=", ")
    whole(place)
    _published(watchers, last)
    print(f"after the next run {_edition_in_use(watchers)}", flush=True)


def _edition_in_use(watchers: Sequence[Watcher]) -> int:
    """What each of the watchers finds next; it must be the same."""
    due = [watcher.asked + 2 for watcher in watchers]  # the one under way may have begun before
    until = time.monotonic() + PATIENCE
    while any(watcher.asked < asked for watcher, asked in zip(watchers, due, strict=True)):
        if time.monotonic() > until:
            raise SystemExit("nothing is answered any more")
        time.sleep(0.1)
    return _one({watcher.found for watcher in watchers})


def _open_each(root: Path, chroma_url: str) -> None:
    """Every generation that lies there, the one that a rollback would go to, too; and nothing else does."""
    folders = Folders(root / "data")
    names = sorted(path.name for path in folders.generations.iterdir())
    for name in names:
        with closing(Generation(folders, name, chroma_url)) as generation:
            in_use = ", in use" if name == folders.current_name() else ""
            print(f"generation {name} opens: edition {edition_of(generation)}{in_use}")
    if chroma_url:
        print(f"on the server: {'the same' if collections(chroma_url) == names else collections(chroma_url)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill the ingestion job at random moments while a service answers.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--chroma", action="store_true", help="against a Chroma server")
    given = parser.parse_args()
    shutil.rmtree(given.root, ignore_errors=True)
    store = given.root / "chroma"
    store.mkdir(parents=True)
    if not given.chroma:
        kills(given.root, given.runs, "")
        return
    server = ChromaServer(store.resolve())
    server.start()
    try:
        kills(given.root, given.runs, server.url)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
