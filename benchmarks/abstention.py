"""What the threshold of the reader's confidence trades: answers to what nothing answers for refusals of what
something does.

    python -m benchmarks.abstention QUESTIONS.json

QUESTIONS is a SQuAD file with questions that nothing answers, or a golden file over the index in use. Each
question is asked once. Prints both rates for a row of thresholds; then, chosen on one half of the documents so
that at most REFUSED of the answerable questions are refused, what a threshold gives on the other half."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.answer import Assistant, Question
from assistant.asking import Looked
from assistant.conversation import turn_of
from assistant.evaluation.questions import KnownQuestion, load
from assistant.evaluation.run import index_articles
from assistant.open import open_assistant
from assistant.settings import Settings
from assistant.types import Turn

THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)
REFUSED = (0.05, 0.1, 0.2)


class Asked(NamedTuple):
    """`half` is 0 or 1, by the document that answers; by the question where none does."""

    half: int
    answerable: bool
    confidence: float


def main(path: Path) -> None:
    file = load(path)
    settings = Settings()
    if file.articles is not None:
        settings = index_articles(path, file.articles, settings, lambda text: None)
    assistant = open_assistant(settings.model_copy(update={"conversation_days": 0}))
    asked = [_asked(assistant, known) for known in file.questions]
    tell(asked)


def _asked(assistant: Assistant, known: KnownQuestion) -> Asked:
    turns: list[Turn] = []
    for earlier in known.history:
        turns.append(turn_of(assistant.answer(Question(earlier, history=tuple(turns)))))
    looked: list[Looked] = []
    assistant.answer(Question(known.text, history=tuple(turns)), looked)
    surest = max((one.reading.confidence for one in looked), default=1.0)
    half = zlib.crc32((known.documents[0] if known.documents else known.text).encode()) % 2
    return Asked(half, bool(known.answers), surest)


def rates(asked: Sequence[Asked], threshold: float) -> tuple[float, float]:
    """The share of the answerable that are refused, and of the others that are answered."""
    refused = [one.confidence < threshold for one in asked if one.answerable]
    answered = [one.confidence >= threshold for one in asked if not one.answerable]
    return float(np.mean(refused)), float(np.mean(answered))


def chosen(asked: Sequence[Asked], refused: float) -> float:
    """The highest threshold that refuses at most `refused` of the answerable ones."""
    return float(np.quantile([one.confidence for one in asked if one.answerable], refused, method="lower"))


def tell(asked: Sequence[Asked]) -> None:
    answerable = sum(one.answerable for one in asked)
    auc = roc_auc_score([one.answerable for one in asked], [one.confidence for one in asked])
    print(f"{len(asked)} questions, {answerable} answerable, AUC {auc:.3f}\n")
    print("| Threshold | false refusals | false answers |\n|---|---|---|")
    for threshold in THRESHOLDS:
        refused, answered = rates(asked, threshold)
        print(f"| {threshold} | {refused:.3f} | {answered:.3f} |")
    print("\n| Refused at most, on one half | threshold | there: false refusals, false answers | on the other |")
    print("|---|---|---|---|")
    for most in REFUSED:
        for half in (0, 1):
            one, other = ([asked_one for asked_one in asked if asked_one.half == which] for which in (half, 1 - half))
            threshold = chosen(one, most)
            here, there = rates(one, threshold), rates(other, threshold)
            print(f"| {most} | {threshold:.3f} | {here[0]:.3f}, {here[1]:.3f} | {there[0]:.3f}, {there[1]:.3f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
