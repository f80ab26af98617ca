"""The order in which a reader would want the hits: the trained network reads the best of them, and a passage
is as good as its best sentence.

Sentences are compared by all that is known of them: what search found, what the network says, the words and
meanings they share with the question (`reading.reader`). On NorQuAD's development questions that is worth
two nDCG points more than search's score and the network's word for the passage alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.embedding import Floats
from assistant.reading.crossencoder import CrossEncoder
from assistant.reading.features import network_logit
from assistant.reading.fitted import Odds
from assistant.reading.quoting import Candidate
from assistant.reading.reader import log_odds, logistic
from assistant.types import Hit

ROUND = 5
"""Passages that the network reads at once, which makes the best use of two cores."""


def judge(
    network: CrossEncoder,
    question: str,
    vector: Floats,
    hits: Sequence[Hit],
    sentence_vectors: Mapping[str, Floats],
    enough: float = 1.0,
) -> tuple[Hit, ...]:
    """All of `hits`, in their order. The network reads those whose sentences' vectors, shape (sentences,
    dimension), are given by passage id, ROUND at a time, until it takes one of them to answer with at least
    the probability `enough`; `vector` is the question's, shape (dimension,)."""
    left = [hit for hit in hits if hit.passage.id in sentence_vectors]
    read: dict[str, Hit] = {}
    while left and not any(logistic(network_logit(hit.judgements or ())) >= enough for hit in read.values()):
        batch, left = left[:ROUND], left[ROUND:]
        cosines = [sentence_vectors[hit.passage.id] @ vector for hit in batch]
        judged = network.judge(question, [hit.passage for hit in batch], cosines)
        read |= {
            hit.passage.id: replace(hit, judgements=found) for hit, found in zip(batch, judged, strict=True)
        }
    return tuple(read.get(hit.passage.id, hit) for hit in hits)


def by_best_sentence(hits: Sequence[Hit], ranked: Sequence[Candidate], odds: Odds) -> tuple[Hit, ...]:
    """All of `hits`, best first, with the probability that they answer as their score: of those that have
    sentences among `ranked`, which are best first. The others stay behind these, as search had them."""
    best: dict[str, float] = {}
    for candidate in ranked:
        best.setdefault(candidate.hit.passage.id, candidate.score)
    read = [
        replace(hit, score=logistic(odds.bias + odds.slope * best[hit.passage.id]))
        for hit in hits
        if hit.passage.id in best
    ]
    least = min((hit.score for hit in read), default=1.0)
    others = [replace(hit, score=least * hit.score) for hit in hits if hit.passage.id not in best]
    return tuple(sorted([*read, *others], key=lambda hit: (-hit.score, hit.passage.id)))


def settled(ranked: Sequence[Candidate], hits: Sequence[Hit], odds: Odds) -> list[Candidate]:
    """The sentences in the order that goes with their passages' last scores: `hits` as `by_best_sentence` gave
    them, after others have had their say."""
    last = {hit.passage.id: hit for hit in hits}
    best: dict[str, float] = {}
    found = []
    for candidate in ranked:
        hit = last[candidate.hit.passage.id]
        behind = best.setdefault(hit.passage.id, candidate.score) - candidate.score
        found.append(replace(candidate, hit=hit, score=(log_odds(hit.score) - odds.bias) / odds.slope - behind))
    return sorted(found, key=lambda candidate: -candidate.score)
