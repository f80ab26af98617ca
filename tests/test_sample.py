"""The sample corpus under the default model: what holds for every golden question, whatever the figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest

from assistant.answer import Assistant, Question
from assistant.asking import Looked
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import Answer


class _Golden(TypedDict, total=False):
    question: str
    language: str
    documents: list[str]
    history: list[str]


Asked = list[tuple[_Golden, Answer, list[Looked]]]

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


@pytest.fixture(scope="module", params=["plain", "trained"])
def asked(request: pytest.FixtureRequest, sample_data: Path) -> Asked:
    """The golden questions, their answers, and what was found for them; every third with the trained reader, which
    takes a second for a question."""
    assistant = open_assistant(Settings(data_dir=sample_data, reader=request.param))
    found = []
    for golden in _golden()[:: 3 if request.param == "trained" else 1]:
        looked: list[Looked] = []
        found.append((golden, assistant.answer(Question(golden["question"]), looked), looked))
    assistant.index.close()
    return found

def test_every_citation_of_every_golden_answer_stands_where_it_says(assistant: Assistant, asked: Asked) -> None:
    for golden, answer, _ in asked:
        assert answer.status == "answered" or (answer.near and not answer.citations)
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
    assert sum(answer.status == "answered" for _, answer, _ in asked) > len(asked) / 2


def test_the_right_document_is_among_the_first(asked: Asked) -> None:
    found = []
    for golden, _, looked in asked:
        if golden.get("documents") and "history" not in golden:
            paths = list(dict.fromkeys(hit.source.path for hit in looked[0].hits))[:5]
            found.append(any(path in golden["documents"] for path in paths))
    assert sum(found) / len(found) > 0.9


def test_what_no_document_is_about_is_not_answered(assistant: Assistant) -> None:
    for question in ("Hvem vant sjakk-VM i 1972?", "Kva er oppskrifta på lefse?", "How do I reset my router?"):
        assert assistant.answer(Question(question)).status == "no_answer", question
