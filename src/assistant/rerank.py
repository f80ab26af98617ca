"""The trained network reads the best hits and puts all of them in a new order.

What search knows and what the network says are weighed together: by the network alone the order is
worse (nDCG@10 88.6 for 90.7 in a trial). The weights are a logistic regression of "this passage answers"
over the hits of training questions, by benchmarks/fit_reader.py, so that a score is a probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.embedding import Floats
from assistant.reading.crossencoder import CrossEncoder
from assistant.types import Hit, Judgement


class Weights(NamedTuple):
    """Of the log odds that a passage answers. `unread` stands for the network's word on a passage that it
    has not read."""

    bias: float
    fused: float
    network: float
    unread: float


ROUND = 5
"""Passages that the network reads at once, which makes the best use of two cores."""
WEIGHTS = Weights(bias=-7.21, fused=7.1, network=0.99, unread=-2.27)


def rerank(
    network: CrossEncoder,
    question: str,
    vector: Floats,
    hits: Sequence[Hit],
    sentence_vectors: Mapping[str, Floats],
    enough: float = 1.0,
) -> tuple[Hit, ...]:
    """All of `hits`, best first. The network reads those whose sentences' vectors, shape (sentences,
    dimension), are given by passage id, ROUND at a time, until one of them is at least as likely to answer
    as `enough`; `vector` is the question's, shape (dimension,)."""
    left = [hit for hit in hits if hit.passage.id in sentence_vectors]
    judgements: dict[str, tuple[Judgement, ...]] = {}
    best = 0.0
    while left and best < enough:
        read, left = left[:ROUND], left[ROUND:]
        cosines = [sentence_vectors[hit.passage.id] @ vector for hit in read]
        judged = network.judge(question, [hit.passage for hit in read], cosines)
        judgements |= {hit.passage.id: found for hit, found in zip(read, judged, strict=True)}
        best = max(_probability(replace(hit, judgements=judgements[hit.passage.id]), WEIGHTS) for hit in read)
    return ordered([replace(hit, judgements=judgements.get(hit.passage.id)) for hit in hits])


def ordered(hits: Sequence[Hit], weights: Weights = WEIGHTS) -> tuple[Hit, ...]:
    """Hits of search, some of them read by the network, with their new scores, best first."""
    rescored = [replace(hit, score=_probability(hit, weights)) for hit in hits]
    return tuple(sorted(rescored, key=lambda hit: (-hit.score, hit.passage.id)))


def network_logit(judgements: Sequence[Judgement]) -> float:
    """Log of the summed odds of a passage's sentences to answer."""
    top = max(one.logit for one in judgements)
    return top + math.log(sum(math.exp(one.logit - top) for one in judgements))


def _probability(hit: Hit, weights: Weights) -> float:
    said = network_logit(hit.judgements) if hit.judgements else weights.unread
    return 1 / (1 + math.exp(-(weights.bias + weights.fused * hit.score + weights.network * said)))
