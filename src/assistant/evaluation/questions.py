"""Questions with known answers, from SQuAD files and golden files."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from assistant.errors import BadEvaluationFile
from assistant.text import language_of


@dataclass(frozen=True, slots=True)
class Known:
    """An answer: `text`, and as which of its occurrences in the document it counts (from 0; None
    where every occurrence does)."""

    text: str
    occurrence: int | None


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """`documents` are paths in the corpus. Any of `answers` will do, and all of `all_of` must be there.
    Without `answers` nothing in the corpus answers it. `history` are the questions asked before it in the
    same conversation."""

    text: str
    language: str
    style: str
    documents: tuple[str, ...]
    answers: tuple[Known, ...]
    all_of: tuple[str, ...] = ()
    category: str = "single"
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A SQuAD context, which becomes a document of the corpus to measure on."""

    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """`articles` is None for a golden file: its questions are about the live index."""

    questions: tuple[KnownQuestion, ...]
    articles: tuple[Article, ...] | None


def load(path: Path) -> QuestionFile:
    """Raises BadEvaluationFile."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if "data" in content:
            return _squad(cast("list[dict[str, object]]", content["data"]))
        return QuestionFile(tuple(_golden(one) for one in content["questions"]), None)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BadEvaluationFile(str(path), f"{type(error).__name__}: {error}") from error


def squeezed(text: str) -> str:
    """NFC, and every run of whitespace as one space: how an answer is compared with a document."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def pattern_of(answer: str) -> re.Pattern[str]:
    """Finds an answer in a document's text whatever whitespace stands between its words."""
    return re.compile(r"\s+".join(re.escape(word) for word in squeezed(answer).split()))


def _squad(data: list[dict[str, object]]) -> QuestionFile:
    articles: list[Article] = []
    questions: list[KnownQuestion] = []
    for entry in data:
        for paragraph in cast("list[dict[str, object]]", entry["paragraphs"]):
            path = f"{len(articles):05}.txt"
            context = cast("str", paragraph["context"])
            articles.append(Article(path, cast("str", entry["title"]), context))
            for asked in cast("list[dict[str, object]]", paragraph["qas"]):
                questions.append(_of_squad(asked, path, context))
    return QuestionFile(tuple(questions), tuple(articles))


def _of_squad(asked: dict[str, object], path: str, context: str) -> KnownQuestion:
    question = cast("str", asked["question"])
    answers = []
    for given in [] if asked.get("is_impossible") else cast("list[dict[str, object]]", asked["answers"]):
        text, start = cast("str", given["text"]), cast("int", given["answer_start"])
        if context[start : start + len(text)] != text:
            raise ValueError(f"the answer {text!r} does not stand at {start} in its context")
        answers.append(Known(text, _occurrence(context, text, start)))
    return KnownQuestion(
        text=question,
        language=language_of(question),
        style="squad",
        documents=(path,) if answers else (),
        answers=tuple(answers),
    )


def _occurrence(context: str, answer: str, start: int) -> int:
    """How many times the answer stands before `start`."""
    return sum(match.start() < start for match in pattern_of(answer).finditer(context))


def _golden(asked: dict[str, object]) -> KnownQuestion:
    impossible = bool(asked.get("unanswerable"))
    answers = [] if impossible else cast("list[str]", asked.get("answers", []))
    all_of = [] if impossible else cast("list[str]", asked.get("all_of", []))
    if not impossible and not (answers or all_of):
        raise ValueError(f"the question {asked['question']!r} has neither answers nor 'unanswerable'")
    return KnownQuestion(
        text=cast("str", asked["question"]),
        language=cast("str", asked["language"]),
        style=cast("str", asked.get("style", "document")),
        documents=tuple(cast("list[str]", asked.get("documents", []))),
        answers=tuple(Known(answer, None) for answer in answers or all_of[:1]),
        all_of=tuple(all_of),
        category=cast("str", asked.get("category", "single")),
        history=tuple(cast("list[str]", asked.get("history", []))),
    )
