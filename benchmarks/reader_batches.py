"""The trained reader's questions, divided into those it learns from and those held out; a step's
examples; and pairs of a question and a passage as its network takes them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from benchmarks.reader_data import Asked, Origin, ReadPassage, Right, TrainingData
from benchmarks.reader_network import HIDDEN

NORWEGIAN_SPLIT_SEED, SWEDISH_SPLIT_SEED = 5, 6
SWEDISH_HELD_OUT = 300
ANY_WRONG = 0.5
"""How often a question's wrong passages are any of those kept, and not the ones found first."""
LONGEST = 320
"""Tokens of a passage; what is beyond is cut off in training."""

_NO_COSINE = 0.8


class Serving(NamedTuple):
    """How many questions of one sort a step has, and with how many wrong passages each."""

    origin: Origin
    answerable: bool
    questions: int
    wrong: int


SERVINGS = (
    Serving("norquad", True, 2, 3),
    Serving("written", True, 4, 2),
    Serving("written", False, 2, 2),
    Serving("swedish", True, 1, 1),
    Serving("swedish", False, 1, 1),
)


class Batch(NamedTuple):
    """What `UpperHalf` takes, for pairs of a question and a passage, and which sentences there are."""

    question: Tensor
    passage: Tensor
    mask: Tensor
    pool: Tensor
    cosine: Tensor
    present: Tensor


class Example(NamedTuple):
    """A question with passages to read for it. `right` is about the first one; None where no passage
    answers."""

    asked: Asked
    passages: tuple[ReadPassage, ...]
    right: Right | None


@dataclass(frozen=True, slots=True)
class Split:
    """Of the training data: to learn from, and to look at meanwhile."""

    learnt: tuple[Asked, ...]
    held_out: tuple[Asked, ...]


def split(data: TrainingData) -> Split:
    """Norwegian questions by their articles, an eighth of which is held out."""
    documents = sorted({asked.document for asked in data.asked if asked.origin == "norquad"})
    random.Random(NORWEGIAN_SPLIT_SEED).shuffle(documents)
    held = set(documents[: len(documents) // 8])
    swedish = [asked for asked in data.asked if asked.origin == "swedish"]
    random.Random(SWEDISH_SPLIT_SEED).shuffle(swedish)
    norwegian = [asked for asked in data.asked if asked.origin != "swedish"]
    return Split(
        learnt=(*(one for one in norwegian if one.document not in held), *swedish[SWEDISH_HELD_OUT:]),
        held_out=(*(one for one in norwegian if one.document in held), *swedish[:SWEDISH_HELD_OUT]),
    )


def steps(
    questions: Sequence[Asked], passages: Mapping[str, ReadPassage], rng: random.Random
) -> Iterator[list[Example]]:
    """The examples of one step after the other, without an end; a question comes again when all of its
    sort have been."""
    decks = [(serving, _deck(questions, serving, rng)) for serving in SERVINGS]
    while True:
        yield [
            _example(next(deck), serving.wrong, passages, rng)
            for serving, deck in decks
            for _ in range(serving.questions)
        ]


def _deck(asked: Sequence[Asked], serving: Serving, rng: random.Random) -> Iterator[Asked]:
    questions = [one for one in asked if one.origin == serving.origin and bool(one.right) == serving.answerable]
    if not questions:
        raise ValueError(f"no questions of this sort: {serving!r}")
    while True:
        rng.shuffle(questions)
        yield from questions


def _example(asked: Asked, count: int, passages: Mapping[str, ReadPassage], rng: random.Random) -> Example:
    right = rng.choice(asked.right) if asked.right else None
    must = (right.passage,) if right else asked.wrong[:1]  # where none answers, the first seems to
    others = asked.wrong if right else asked.wrong[1:]
    count = min(count if right else count - 1, len(others))
    wrong = rng.sample(others, count) if rng.random() < ANY_WRONG else others[:count]
    return Example(asked, tuple(passages[id] for id in (*must, *wrong)), right)


# --- tensors ------------------------------------------------------------------------------------


def batch_of(pairs: Sequence[tuple[Asked, ReadPassage]]) -> Batch:
    """Padded to the longest; a sentence that LONGEST cuts off altogether is not present."""
    questions = max(len(asked.states) for asked, _ in pairs)
    passages = max(min(LONGEST, len(read.states)) for _, read in pairs)
    most = max(len(read.sentences) for _, read in pairs)
    batch = Batch(
        question=torch.zeros(len(pairs), questions, HIDDEN),
        passage=torch.zeros(len(pairs), passages, HIDDEN),
        mask=torch.zeros(len(pairs), 1, 1, questions + passages, dtype=torch.bool),
        pool=torch.zeros(len(pairs), most, passages),
        cosine=torch.full((len(pairs), most), _NO_COSINE),
        present=torch.zeros(len(pairs), most, dtype=torch.bool),
    )
    for at, (asked, read) in enumerate(pairs):
        asked_tokens, read_tokens = len(asked.states), min(LONGEST, len(read.states))
        batch.question[at, :asked_tokens] = asked.states
        batch.passage[at, :read_tokens] = read.states[:read_tokens]
        batch.mask[at, ..., :asked_tokens] = True
        batch.mask[at, ..., questions : questions + read_tokens] = True
        cosines = read.vectors.astype(np.float32) @ asked.vector.astype(np.float32)
        for number, (start, end) in enumerate(read.sentences):
            end = min(end, passages)
            if start < end:
                batch.pool[at, number, start:end] = 1 / (end - start)
                batch.present[at, number] = True
                batch.cosine[at, number] = float(cosines[number])
    return batch
