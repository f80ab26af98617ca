"""This project's search, in a process of its own: `python -m benchmarks.peers_ours QUESTIONS.json FOUND.json`.

Index and reader are those of the settings."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant.index import Generation
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import Filters
from benchmarks.peers_found import LIMIT, Found, Place, ask_all, save


def main(questions: Path, result: Path) -> None:
    assistant = open_assistant(Settings())

    def search(question: str) -> list[Place]:
        hits = assistant.search(question, LIMIT, Filters())
        return [Place(hit.source.path, hit.passage.start, hit.passage.end) for hit in hits]

    asked = ask_all(search, json.loads(questions.read_text(encoding="utf-8")))
    with assistant.index.reading() as generation:
        texts = {source.path: generation.document(id).text for id, source in generation.sources.items()}
        save(Found(asked, tuple(_passages(generation)), texts), result)
    assistant.index.close()


def _passages(generation: Generation) -> Iterator[Place]:
    for id, source in generation.sources.items():
        for passage in generation.catalogue.passages(generation.catalogue.passage_ids(id)).values():
            yield Place(source.path, passage.start, passage.end)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
