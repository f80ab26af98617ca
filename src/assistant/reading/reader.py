"""Answers without a language model: picks the sentences that answer, and says how sure it is.

A sentence's score is a weighted sum of `features`, of which the cross-encoder's logit is one; so is the
confidence, through a logistic curve. The weights were fitted by benchmarks/fit_reader.py on NorQuAD's
training questions; its log stands beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.embedding import Floats
from assistant.reading.features import (
    AnswerFeatures,
    Asked,
    Rarity,
    ask,
    fits,
    of_sentences,
    share,
    stretched,
)
from assistant.reading.fitted import Weights
from assistant.reading.quoting import Candidate, apt, differing, overlap, quotes_of
from assistant.text import foreign, language_of, stems
from assistant.types import Hit, Quote

SentenceVectors = Mapping[str, Floats]
"""The unit vectors of a passage's sentences, shape (sentences, dimension), by passage id."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The quotes, best first, and the probability (0-1) that the best of them answers. `differing` are those
    of them, of several documents, whose figures or dates exclude each other; the best is the first. `apt`
    are the places (passage id, start) of the sentences that could be part of an answer, quoted or not.
    `ranked` are all candidates, best first."""

    quotes: tuple[Quote, ...]
    confidence: float
    differing: tuple[Quote, ...] = ()
    apt: frozenset[tuple[str, int]] = frozenset()
    ranked: tuple[Candidate, ...] = ()


class Reader:
    """Reads hits for a question, with TRAINED weights those that the network has read before."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    def read(
        self,
        question: str,
        vector: Floats,
        hits: Sequence[Hit],
        sentence_vectors: SentenceVectors,
        rarity: Rarity,
    ) -> Reading:
        """`vector` is the question's, of shape (dimension,); `hits` are search's, best first, all of them;
        `sentence_vectors` holds those of the hits that are read."""
        ranked = self.rank(question, vector, hits, sentence_vectors, rarity)
        if not ranked:
            return Reading((), 0.0)
        features = answer_features(ask(question), language_of(question), ranked, hits, rarity)
        confidence = _logistic(_weighed(self.weights.confidence, features) + self.weights.bias)
        quotes = quotes_of(ranked)
        others = differing(ask(question).asks_for, ranked)
        if others:
            kept = tuple(quote for quote in quotes if not any(overlap(quote, other) for other in others))
            others, quotes = (quotes[0], *others), (*kept, *others)
        return Reading(quotes, confidence, others, apt(ranked), tuple(ranked))

    def rank(
        self,
        question: str,
        vector: Floats,
        hits: Sequence[Hit],
        sentence_vectors: SentenceVectors,
        rarity: Rarity,
    ) -> list[Candidate]:
        """Every sentence of the best hits, best first."""
        asked, language = ask(question), language_of(question)
        best = hits[: self.weights.passages]
        cosines = [sentence_vectors[hit.passage.id] @ vector for hit in best]
        candidates = []
        for hit, cosine in zip(best, cosines, strict=True):
            features = of_sentences(
                asked,
                hit.passage,
                foreign(language, hit.source.language),
                cosine.tolist(),
                [one.logit for one in hit.judgements] if hit.judgements else [0.0] * len(cosine),
                _log_odds(hit.score) if hit.judgements else 0.0,
                rarity,
            )
            for span, found in zip(hit.passage.sentences, features, strict=True):
                candidates.append(Candidate(hit, span, found, _weighed(self.weights.sentence, found)))
        return sorted(candidates, key=lambda candidate: -candidate.score)


def answer_features(
    asked: Asked, language: str, ranked: Sequence[Candidate], hits: Sequence[Hit], rarity: Rarity
) -> AnswerFeatures:
    """Of the best of `ranked`, which `Reader.rank` made of the best of `hits`."""
    best = ranked[0]
    cosines = np.array([hit.cosine for hit in hits if hit.cosine is not None] or [0.0])
    held = set(stems(best.hit.passage.indexed_text))
    figures = {word for word in held if word[0].isdigit()}
    return AnswerFeatures(
        cosine=best.features.cosine,
        passage_cosine=stretched(float(cosines.max())),
        outstanding=float((cosines.max() - cosines.mean()) / (cosines.std() + 1e-6)),
        stems=best.features.stems,
        passage_stems=best.features.passage_stems,
        passage_grams=best.features.passage_grams,
        names=share(asked.names, held, lambda term: max(rarity("stems", term), 1.0)) if asked.names else 1.0,
        figures=share(asked.figures, figures, lambda _: 1.0) if asked.figures else 1.0,
        lead=best.score - _log_sum_exp([candidate.score for candidate in ranked]),
        trained=_log_sum_exp([candidate.features.trained for candidate in ranked]),
        best_trained=best.features.trained,
        answered=_answered(hits),
        fits=fits(asked, best.features),
        foreign=float(foreign(language, best.hit.source.language)),
    )


def _weighed(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def _answered(hits: Sequence[Hit]) -> float:
    read = [hit.score for hit in hits if hit.judgements]
    return _log_odds(1 - math.prod(1 - score for score in read)) if read else 0.0


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


def _log_sum_exp(scores: Sequence[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(score - top) for score in scores))
