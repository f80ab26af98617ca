"""Two configurations over the same questions: the difference of each figure, with its interval.

A paired bootstrap (Efron & Tibshirani 1993, ch. 16): the questions are drawn anew with replacement,
each with what both configurations gave for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.errors import BadEvaluationFile
from assistant.evaluation.metrics import Row, ndcg, reciprocal_rank

DRAWS = 2000
SEED = 7
INTERVAL = (2.5, 97.5)
"""Percentiles: 95 % of the draws lie between them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours minus theirs: the mean over `questions`, and between what it lies in 95 % of the draws."""

    mean: float
    low: float
    high: float
    questions: int


class _Figure(NamedTuple):
    value: Callable[[Row], float]
    answerable: bool
    """Whether it is one of the answerable questions, or of the others."""


_FIGURES: Mapping[str, _Figure] = {
    "recall@1": _Figure(lambda row: float(row.first_rank <= 1), True),
    "recall@5": _Figure(lambda row: float(row.first_rank <= 5), True),
    "recall@10": _Figure(lambda row: float(row.first_rank <= 10), True),
    "recall@20": _Figure(lambda row: float(row.first_rank <= 20), True),
    "mrr@10": _Figure(lambda row: reciprocal_rank(row.relevant_ranks, 10), True),
    "ndcg@10": _Figure(lambda row: ndcg(row.relevant_ranks, row.relevant, 10), True),
    "document_recall@5": _Figure(lambda row: float(row.document_rank is not None and row.document_rank <= 5), True),
    "sentence_hit@1": _Figure(lambda row: float(row.sentence_rank == 1), True),
    "sentence_hit@3": _Figure(lambda row: float(row.sentence_rank is not None and row.sentence_rank <= 3), True),
    "quoted": _Figure(lambda row: float(row.quoted), True),
    "answer_f1": _Figure(lambda row: row.f1, True),
    "false_refusal_rate": _Figure(lambda row: float(not row.answered), True),
    "false_answer_rate": _Figure(lambda row: float(row.answered), False),
}


def against(ours: Sequence[Row], theirs: Sequence[Row], path: str) -> dict[str, Difference]:
    """Raises BadEvaluationFile when the rows kept in `path` are not about the same questions."""
    if [row.question for row in ours] != [row.question for row in theirs]:
        raise BadEvaluationFile(path, "its rows are about other questions")
    found = {}
    for name, figure in _FIGURES.items():
        pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a.answerable == figure.answerable]
        if pairs:
            apart = np.array([figure.value(a) - figure.value(b) for a, b in pairs])
            draws = np.random.default_rng(SEED).integers(0, len(apart), (DRAWS, len(apart)))
            low, high = np.percentile(apart[draws].mean(axis=1), INTERVAL)
            mean, low, high = (round(float(value), 4) for value in (apart.mean(), low, high))
            found[name] = Difference(mean, low, high, len(apart))
    return found


def save(rows: Sequence[Row], path: Path) -> None:
    content = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
    path.write_text(content + "\n", encoding="utf-8")


def load(path: Path) -> list[Row]:
    """Raises BadEvaluationFile."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(rows, list):
            raise TypeError("it holds no rows")
        return [Row(**row | {"relevant_ranks": tuple(row["relevant_ranks"])}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadEvaluationFile(str(path), f"{type(error).__name__}: {error}") from error
