"""Search and answers over a large index: milliseconds and memory.

    python -m benchmarks.large WORKDIR QUESTIONS.json [--passages 100000]

The passages are made of real sentences, those of the SQuAD file's articles, drawn anew into passages
with texts and ids of their own; a passage's vector is the mean of its sentences'. Ten make a document,
which has one of a few kinds, publishers, languages and years. The index is kept in WORKDIR.

Starts the service over it, with and without the trained network, and measures from outside, one client
at a time: `search` without and with each filter, `ask`, and the time until the sources are shown."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import numpy as np

from assistant.catalogue import Catalogue
from assistant.embedding import BUNDLED, Floats
from assistant.evaluation.questions import load
from assistant.evaluation.run import index_articles
from assistant.index import FORMAT, Folders, Index
from assistant.settings import Settings
from assistant.types import Block, Document, Passage, Source, Span
from benchmarks.serving import megabytes, milliseconds, serving, tell
from ingest.publish import Draft, only_writer

SEED = 8
PER_DOCUMENT = 10
SENTENCES = (4, 7)
KINDS = ("rapport", "referat", "nyhet", "strategi", "notat")
PUBLISHERS = tuple(f"Utgiver {number}" for number in range(20))
LANGUAGES = ("nb", "nn", "en")
YEARS = range(2010, 2026)
FILTERS: dict[str, dict[str, str]] = {
    "no filter": {},
    "a kind": {"kind": "referat"},
    "a publisher": {"publisher": "Utgiver 7"},
    "a language": {"language": "nn"},
    "from a year": {"date_from": "2024"},
    "five documents": {},
}


# --- the index ----------------------------------------------------------------------------------


def build(folder: Path, questions: Path, count: int) -> Path:
    """The data folder of an index of `count` passages; made once."""
    file = load(questions)
    assert file.articles is not None
    real = index_articles(questions, file.articles, Settings(data_dir=folder, embedding_model=BUNDLED), print)
    data = folder / f"large-{count}-{FORMAT}"  # of another format it would not be opened
    folders = Folders(data)
    if folders.current_name():
        return data
    index = Index(real.data_dir, BUNDLED)
    with index.reading() as generation, only_writer(folders):
        said = list(_sentences(generation.catalogue, list(generation.sources), generation.manifest.dimension))
        draft = Draft(folders, None, "")
        rng = random.Random(SEED)
        for number in range(count // PER_DOCUMENT):
            document, passages, vectors = _document(number, said, rng)
            whole = np.stack([_unit(rows.mean(axis=0)) for rows in vectors])
            draft.add(document, "", len(passages))
            draft.add_passages(passages, whole, vectors)
        draft.publish(BUNDLED, generation.manifest.dimension, generation.manifest.recipe)
    index.close()
    return data


def _sentences(catalogue: Catalogue, documents: Sequence[str], dimension: int) -> Iterator[tuple[str, Floats]]:
    for document in documents:
        ids = catalogue.passage_ids(document)
        vectors = catalogue.sentence_vectors(ids, dimension)
        for id, passage in catalogue.passages(ids).items():
            for span, vector in zip(passage.sentences, vectors[id], strict=True):
                yield passage.between(span.start, span.end), vector


def _document(
    number: int, said: Sequence[tuple[str, Floats]], rng: random.Random
) -> tuple[Document, list[Passage], list[Floats]]:
    id = f"{number:016x}"
    text, blocks, passages, vectors = "", [], [], []
    for at in range(PER_DOCUMENT):
        chosen = rng.sample(said, rng.randint(*SENTENCES))
        begin = len(text)
        spans = []
        for sentence, _ in chosen:
            spans.append(Span(len(text), len(text) + len(sentence)))
            text += sentence + " "
        text = text[:-1]
        blocks.append(Block("paragraph", begin, len(text), None, ()))
        own = text[begin:]
        name = hashlib.sha256(f"{id}{at}".encode()).hexdigest()[:16]
        passages.append(
            Passage(f"{id}-{name}", id, begin, len(text), own, f"Dokument {number}\n{own}", (), (), tuple(spans))
        )
        vectors.append(np.stack([vector for _, vector in chosen]))
        text += "\n\n"
    source = Source(
        id=id,
        path=f"{number}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        media_type="text/plain",
        title=f"Dokument {number}",
        language=rng.choice(LANGUAGES),
        date=str(rng.choice(YEARS)),
        publisher=rng.choice(PUBLISHERS),
        kind=rng.choice(KINDS),
        url=None,
        pages=None,
        characters=len(text),
    )
    return Document(source, text, tuple(blocks)), passages, vectors


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


# --- measuring ----------------------------------------------------------------------------------


def measure(data: Path, questions: Sequence[str], reader: str) -> None:
    environment = os.environ | {"ASSISTANT_DATA_DIR": str(data), "ASSISTANT_READER": reader}
    with serving(environment) as (client, pid):
        print(f"\nreader {reader}: {megabytes(pid):.0f} MB at the start")
        documents = _some_documents(client)
        for name, filters in FILTERS.items():
            chosen: dict[str, str | list[str]] = {**filters}
            if name == "five documents":
                chosen["documents"] = documents

            def search(question: str, chosen: dict[str, str | list[str]] = chosen) -> object:
                return client.get("/api/v1/search", params={"q": question, **chosen}).raise_for_status()

            search(questions[0])
            tell(f"search, {name}", [milliseconds(search, question) for question in questions])
        tell("ask", [milliseconds(lambda q: _ask(client, q), question) for question in questions])
        tell("ask, sources shown", [_sources_shown(client, question) for question in questions])
        print(f"{megabytes(pid):.0f} MB at the end")


def _some_documents(client: httpx.Client) -> list[str]:
    found = client.get("/api/v1/documents", params={"kind": KINDS[0], "date_from": "2025"}).raise_for_status().json()
    return [one["id"] for one in found["documents"][:5]]


def _ask(client: httpx.Client, question: str) -> object:
    return client.post("/api/v1/ask", json={"question": question}).raise_for_status()


def _sources_shown(client: httpx.Client, question: str) -> float:
    """Milliseconds until the event `sources` has come."""
    started = time.perf_counter()
    headers = {"Accept": "text/event-stream"}
    with client.stream("POST", "/api/v1/ask", json={"question": question}, headers=headers) as response:
        for line in response.iter_lines():
            if line == "event: sources":
                return (time.perf_counter() - started) * 1000
    raise SystemExit("the sources were never shown")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search over a large index.")
    parser.add_argument("folder", metavar="WORKDIR", type=Path)
    parser.add_argument("questions", metavar="QUESTIONS.json", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=100, help="questions of each sort")
    given = parser.parse_args()
    data = build(given.folder, given.questions, given.passages)
    asked = [question.text for question in load(given.questions).questions[: given.asked]]
    print(json.dumps({"passages": given.passages, "questions": len(asked)}))
    for reader in ("plain", "trained"):
        measure(data, asked, reader)


if __name__ == "__main__":
    main()
