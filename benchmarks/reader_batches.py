"""The trained reader's questions, divided into those it learns from and those held out; a step's
examples, drawn at random; and pairs of a question and a passage as its network takes them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from benchmarks.reader_data import Asked, ReadPassage, TrainingData
from benchmarks.reader_network import HIDDEN

NORWEGIAN_SPLIT_SEED, SWEDISH_SPLIT_SEED = 5, 6
SWEDISH_HELD_OUT = 300
NORWEGIAN_A_STEP, SWEDISH_A_STEP = 4, 3
WRONG_A_QUESTION = 3
ANY_WRONG = 0.5
"""How often a question's wrong passages are any of those kept, and not the ones found first."""
LONGEST = 320
"""Tokens of a passage; what is beyond is cut off in training."""

_NO_COSINE = 0.8


class Batch(NamedTuple):
    """What `UpperHalf` takes, for pairs of a question and a passage, and which sentences there are."""

    question: Tensor
    passage: Tensor
    mask: Tensor
    pool: Tensor
    cosine: Tensor
    present: Tensor


class Example(NamedTuple):
    """A question with passages to read for it. `right` are the sentences of the first one that answer;
    None where no passage does."""

    asked: Asked
    passages: tuple[ReadPassage, ...]
    right: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Split:
    """Of the training data: to learn from, and to look at meanwhile."""

    norwegian: tuple[Asked, ...]
    norwegian_held_out: tuple[Asked, ...]
    swedish: tuple[Asked, ...]
    swedish_held_out: tuple[Asked, ...]


def split(data: TrainingData) -> Split:
    """Norwegian questions by their articles, an eighth of which is held out."""
    documents = sorted({asked.document for asked in data.norwegian})
    random.Random(NORWEGIAN_SPLIT_SEED).shuffle(documents)
    held = set(documents[: len(documents) // 8])
    swedish = list(data.swedish)
    random.Random(SWEDISH_SPLIT_SEED).shuffle(swedish)
    return Split(
        norwegian=tuple(asked for asked in data.norwegian if asked.document not in held),
        norwegian_held_out=tuple(asked for asked in data.norwegian if asked.document in held),
        swedish=tuple(swedish[SWEDISH_HELD_OUT:]),
        swedish_held_out=tuple(swedish[:SWEDISH_HELD_OUT]),
    )


def draw(questions: Split, passages: dict[str, ReadPassage], rng: random.Random) -> Iterator[Example]:
    """A step's examples."""
    for _ in range(NORWEGIAN_A_STEP):
        asked = questions.norwegian[rng.randrange(len(questions.norwegian))]
        right = rng.choice(asked.right)
        count = min(WRONG_A_QUESTION, len(asked.wrong))
        wrong = rng.sample(asked.wrong, count) if rng.random() < ANY_WRONG else asked.wrong[:count]
        yield Example(asked, tuple(passages[id] for id in (right.passage, *wrong)), right.sentences)
    for _ in range(SWEDISH_A_STEP):
        asked = questions.swedish[rng.randrange(len(questions.swedish))]
        yield Example(asked, (passages[first_passage(asked)],), asked.right[0].sentences if asked.right else None)


def first_passage(asked: Asked) -> str:
    """The id of one that answers, else of the one that a Swedish question is about."""
    return asked.right[0].passage if asked.right else asked.wrong[0]


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
