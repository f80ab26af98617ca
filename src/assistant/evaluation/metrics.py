"""Figures of merit. Pure functions over what one question gave."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from assistant.text import stems

CUTS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Row:
    """What one question gave. Ranks count from 1; None is "not found".

    `relevant_ranks` are those of every relevant passage among the hits, `relevant` says how many
    there are in the index. `document_rank` is that of the first right document, a document standing
    where its best passage does; `sentence_rank` that of the first sentence that holds the answer.
    `quoted` says whether a sentence shown to the user holds it. `asks` is what the question asks for,
    `overlap` how many of its words stand where the answer does: "few", "some", "most", "none" without
    an answer. `found` is the best sentence with its document's title, `shown` the whole answer."""

    question: str
    language: str
    style: str
    category: str
    asks: str
    overlap: str
    answerable: bool
    relevant: int
    answered: bool = False
    relevant_ranks: tuple[int, ...] = ()
    document_rank: int | None = None
    sentence_rank: int | None = None
    quoted: bool = False
    f1: float = 0.0
    citations: int = 0
    right_citations: int = 0
    seconds: float = 0.0
    found: str = ""
    shown: str = ""

    @property
    def first_rank(self) -> float:
        """Of the first relevant passage; infinite where none was found."""
        return min(self.relevant_ranks, default=math.inf)


SLICES = ("language", "style", "category", "asks", "overlap")
"""The fields of a Row that divide the questions."""


def report(rows: Sequence[Row]) -> dict[str, object]:
    """The figures of the contract, and beside them `document_recall` and `quoted`."""
    asked = [row for row in rows if row.answerable]
    hopeless = [row for row in rows if not row.answerable]
    answered = [row for row in asked if row.answered]
    return {
        "questions": len(rows),
        "answerable": len(asked),
        "recall": {str(cut): _recall(asked, cut) for cut in CUTS},
        "mrr@10": _mean(asked, lambda row: reciprocal_rank(row.relevant_ranks, 10)),
        "ndcg@10": _mean(asked, lambda row: ndcg(row.relevant_ranks, row.relevant, 10)),
        "document_recall": {str(cut): _document_recall(asked, cut) for cut in CUTS[:2]},
        "sentence_hit@1": _share(asked, lambda row: row.sentence_rank == 1),
        "sentence_hit@3": _share(asked, lambda row: row.sentence_rank is not None and row.sentence_rank <= 3),
        "quoted": _share(asked, lambda row: row.quoted),
        "answer_f1": _mean(asked, lambda row: row.f1),
        "citation_precision": _ratio(
            sum(row.right_citations for row in answered), sum(row.citations for row in answered)
        ),
        "citations_per_answer": _mean(answered, lambda row: row.citations),
        "false_answer_rate": _share(hopeless, lambda row: row.answered),
        "false_refusal_rate": _share(asked, lambda row: not row.answered),
        "seconds_per_question": round(median(row.seconds for row in rows), 4) if rows else None,
    }


def ndcg(ranks: Sequence[int], relevant: int, cut: int) -> float:
    """Normalised discounted cumulative gain with gain 1 (Järvelin & Kekäläinen 2002). `ranks` are the
    relevant items' ranks, `relevant` is how many exist; 0 where none does."""
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, cut) + 1))
    gained = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= cut)
    return gained / ideal if ideal else 0.0


def reciprocal_rank(ranks: Sequence[int], cut: int) -> float:
    """1 / the first relevant rank; 0 where that lies beyond `cut`."""
    first = min(ranks, default=cut + 1)
    return 1 / first if first <= cut else 0.0


def f1(found: str, wanted: str) -> float:
    """The harmonic mean of precision and recall over stems, as in SQuAD but with our words."""
    ours, theirs = Counter(stems(found)), Counter(stems(wanted))
    shared = (ours & theirs).total()
    if not shared:
        return 0.0
    precision, recall = shared / ours.total(), shared / theirs.total()
    return 2 * precision * recall / (precision + recall)


def _recall(rows: Sequence[Row], cut: int) -> float | None:
    return _share(rows, lambda row: row.first_rank <= cut)


def _document_recall(rows: Sequence[Row], cut: int) -> float | None:
    return _share(rows, lambda row: row.document_rank is not None and row.document_rank <= cut)


def _share(rows: Sequence[Row], holds: Callable[[Row], bool]) -> float | None:
    return _mean(rows, lambda row: float(holds(row)))


def _mean(rows: Sequence[Row], value: Callable[[Row], float]) -> float | None:
    """None where there is nothing to measure: a zero would be a claim."""
    return round(mean(value(row) for row in rows), 4) if rows else None


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
