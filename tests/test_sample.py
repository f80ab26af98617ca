"""The sample corpus under the default model: what holds for every golden question, whatever the figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

from assistant.answer import Assistant, Question
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import Filters


class _Golden(TypedDict, total=False):
    question: str
    language: str
    documents: list[str]
    history: list[str]


_FILE = Path(__file__).parent / "evals" / "golden.json"


def _golden() -> list[_Golden]:
    content = json.loads(_FILE.read_text(encoding="utf-8"))
    questions: list[_Golden] = content["questions"] if isinstance(content, dict) else content
    return questions


@pytest.fixture(scope="module")
def assistant(sample_data: Path) -> Iterator[Assistant]:
    opened = open_assistant(Settings(data_dir=sample_data))
    yield opened
    opened.index.close()


def test_every_citation_of_every_golden_answer_stands_where_it_says(assistant: Assistant) -> None:
    answered = 0
    for golden in _golden():
        answer = assistant.answer(Question(golden["question"]))
        assert answer.status == "answered" or (answer.near and not answer.citations)
        answered += answer.status == "answered"
        with assistant.index.reading() as generation:
            for citation in answer.citations:
                text = generation.document(citation.document_id).text
                assert text[citation.start : citation.end] == citation.quote, golden["question"]
                assert citation.quote in answer.text
                source = generation.sources[citation.document_id]
                if source.media_type == "application/pdf":
                    assert citation.boxes
                    assert citation.page
                    assert all(0 <= v <= 1 for b in citation.boxes for v in (b.x0, b.y0, b.x1, b.y1))
    assert answered > len(_golden()) / 2


def test_the_right_document_is_among_the_first(assistant: Assistant) -> None:
    found = []
    for golden in _golden():
        if golden.get("documents") and "history" not in golden:
            hits = assistant.search(golden["question"], 30, Filters()).hits
            paths = list(dict.fromkeys(hit.source.path for hit in hits))[:5]
            found.append(any(path in golden["documents"] for path in paths))
    assert sum(found) / len(found) > 0.9


def test_what_no_document_is_about_is_not_answered(assistant: Assistant) -> None:
    for question in ("Hvem vant sjakk-VM i 1972?", "Kva er oppskrifta på lefse?", "How do I reset my router?"):
        assert assistant.answer(Question(question)).status == "no_answer", question
