"""The questions of `written.jsonl`: about NorQuAD's training articles, in a layman's words, in three
languages; a third of them near misses, which the passage only seems to answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.index import Generation
from assistant.types import Passage, Span

FILE = Path(__file__).with_name("written.jsonl")


@dataclass(frozen=True, slots=True)
class Written:
    """A question about the passage that begins at `start` in an article; its answer's words there, None
    for a near miss. `kind` is "layman", "plain" or "near"."""

    path: str
    start: int
    language: str
    kind: str
    text: str
    answer: str | None


def load() -> list[Written]:
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        path, _, start = one["p"].partition("@")
        found.append(Written(path, int(start), one["l"], one["k"], one["q"], one["a"]))
    return found


def placed(generation: Generation, questions: list[Written]) -> Iterator[tuple[Written, Passage, Span | None]]:
    """Each with its passage as it is split today, and its answer's place in the document. Left out is one
    whose answer the passage no longer holds."""
    documents = {source.path: id for id, source in generation.sources.items()}
    for question in questions:
        document = documents[question.path]
        passages = generation.catalogue.passages(generation.catalogue.passage_ids(document)).values()
        passage = next(one for one in passages if one.start <= question.start < one.end)
        if question.answer is None:
            yield question, passage, None
        elif question.answer in passage.text:
            start = passage.start + passage.text.index(question.answer)
            yield question, passage, Span(start, start + len(question.answer))
