"""SQuAD 2.0 in Swedish: questions about one passage each, half of which it does not answer."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict, cast

from assistant.errors import BadEvaluationFile
from assistant.text import sentences
from assistant.types import Passage

LONGEST = 1600
"""Characters of a context; hardly a passage of the product's is as long."""


@dataclass(frozen=True, slots=True)
class SwedishQuestion:
    """`sentences` of the passage hold the answer, `[start, end)` of its text; none where it has none."""

    text: str
    passage: str
    sentences: tuple[int, ...] = ()
    answer: tuple[int, int] | None = None


class _SquadAnswer(TypedDict):
    text: str
    answer_start: int | None


class _SquadQuestion(TypedDict):
    question: str
    answers: list[_SquadAnswer]
    is_impossible: NotRequired[bool]


class _SquadParagraph(TypedDict):
    context: str
    qas: list[_SquadQuestion]


class _SquadArticle(TypedDict):
    title: str
    paragraphs: list[_SquadParagraph]


def load_swedish(path: Path) -> tuple[list[Passage], list[SwedishQuestion]]:
    """Each context is a passage. Left out is a question whose answer, which was translated by itself,
    does not stand in a sentence of its context. Raises BadEvaluationFile."""
    try:
        data = cast("list[_SquadArticle]", json.loads(gzip.decompress(path.read_bytes()))["data"])
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise BadEvaluationFile(str(path), f"{type(error).__name__}: {error}") from error
    passages: list[Passage] = []
    asked: list[SwedishQuestion] = []
    for article in data:
        for paragraph in article["paragraphs"]:
            if len(paragraph["context"]) > LONGEST:
                continue
            passage = _passage(f"sv{len(passages)}", article["title"], paragraph["context"])
            passages.append(passage)
            for question in paragraph["qas"]:
                if question.get("is_impossible", False):
                    asked.append(SwedishQuestion(question["question"], passage.id))
                elif right := _answering(passage, question["answers"]):
                    asked.append(SwedishQuestion(question["question"], passage.id, *right))
    return passages, asked


def _passage(id: str, title: str, text: str) -> Passage:
    return Passage(
        id=id,
        document_id=id,
        start=0,
        end=len(text),
        text=text,
        indexed_text=f"{title}\n{text}",
        heading_path=(),
        pages=(),
        sentences=tuple(sentences(text)),
    )


def _answering(
    passage: Passage, answers: Sequence[_SquadAnswer]
) -> tuple[tuple[int, ...], tuple[int, int]] | None:
    """The sentences that hold an answer, and the first answer's place in the text."""
    found, places = set(), []
    for answer in answers:
        text, start = answer["text"], answer["answer_start"]
        if start is None or start < 0 or passage.text[start : start + len(text)] != text:
            start = passage.text.find(text)
        holding = {
            number
            for number, one in enumerate(passage.sentences)
            if start >= 0 and one.start <= start and start + len(text) <= one.end
        }
        if holding:
            found |= holding
            places.append((start, start + len(text)))
    return (tuple(sorted(found)), places[0]) if places else None
