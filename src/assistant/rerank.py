"""The trained network reads the best hits and puts all of them in a new order.

What search knows and what the network says are weighed together: by the network alone the order is
worse (nDCG@10 88.6 for 90.7 in a trial). The weights are a logistic regression of "this passage answers"
over the hits of training questions, by benchmarks/fit_reader.py, so that a score is a probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.crossencoder import CrossEncoder
from assistant.embedding import Floats
from assistant.types import Hit, Judgement

BIAS, FUSED, NETWORK = -3.2, 4.0, 0.9
UNREAD = -4.0
"""What stands for the network's word on a passage that it has not read."""


def rerank(
    network: CrossEncoder,
    question: str,
    vector: Floats,
    hits: Sequence[Hit],
    sentence_vectors: Mapping[str, Floats],
) -> tuple[Hit, ...]:
    """All of `hits`, best first. The network reads those whose sentences' vectors, shape (sentences,
    dimension), are given by passage id; `vector` is the question's, shape (dimension,)."""
    read = [hit for hit in hits if hit.passage.id in sentence_vectors]
    cosines = [sentence_vectors[hit.passage.id] @ vector for hit in read]
    judged = network.judge(question, [hit.passage for hit in read], cosines)
    judgements = {hit.passage.id: found for hit, found in zip(read, judged, strict=True)}
    rescored = [_rescored(hit, judgements.get(hit.passage.id)) for hit in hits]
    return tuple(sorted(rescored, key=lambda hit: (-hit.score, hit.passage.id)))


def network_logit(judgements: Sequence[Judgement]) -> float:
    """Log of the summed odds of a passage's sentences to answer."""
    top = max(one.logit for one in judgements)
    return top + math.log(sum(math.exp(one.logit - top) for one in judgements))


def _rescored(hit: Hit, judgements: tuple[Judgement, ...] | None) -> Hit:
    said = network_logit(judgements) if judgements else UNREAD
    odds = BIAS + FUSED * hit.score + NETWORK * said
    return replace(hit, score=1 / (1 + math.exp(-odds)), judgements=judgements)
