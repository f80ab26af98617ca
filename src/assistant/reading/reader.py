"""Answers without a language model: picks the sentences that answer, and says how sure it is.

A sentence's score is a weighted sum of `features`, of which the cross-encoder's logit is one; so is the
confidence, through a logistic curve. The weights were fitted by benchmarks/fit_reader.py on NorQuAD's
training questions; its log stands beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.chat.dictation import dictates
from assistant.embedding import Floats
from assistant.reading.asks import Asked, ask, names_sources
from assistant.reading.features import (
    AnswerFeatures,
    Rarity,
    fits,
    holds_office,
    log_sum_exp,
    measured,
    of_sentences,
    share_of_figures,
    share_of_names,
    stretched,
)
from assistant.reading.fitted import Weights
from assistant.reading.quoting import Candidate, apt, differing, overlap, quotes_of
from assistant.text import foreign, language_of, stems
from assistant.types import Hit, Quote

_CERTAIN = 1e-6
_OFFICE_ELSEWHERE = 2.0
"""How far the score of a sentence falls that does not name the office it is asked for, or names another place's. The
questions that weights are fitted on hardly ask for one."""

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

    def rank(
        self,
        question: str,
        vector: Floats,
        hits: Sequence[Hit],
        sentence_vectors: SentenceVectors,
        rarity: Rarity,
    ) -> list[Candidate]:
        """Every sentence of the hits that the network has read, or else of the best ones of `hits`, best first.
        `vector` is the question's, of shape (dimension,); `sentence_vectors` holds those of these hits."""
        asked, language = ask(question), language_of(question)
        best = [hit for hit in hits if hit.judgements] or hits[: self.weights.passages]
        candidates = []
        for hit in best:
            features = of_sentences(
                asked,
                hit.passage,
                foreign(language, hit.source.language),
                (sentence_vectors[hit.passage.id] @ vector).tolist(),
                [one.logit for one in hit.judgements or ()],
                hit.score,
                rarity,
            )
            for span, found in zip(hit.passage.sentences, features, strict=True):
                text = hit.passage.between(span.start, span.end)
                if dictates(text) or (names_sources(text) and not asked.for_sources):
                    continue  # it tells whoever answers what to say, or where things are from; it says nothing itself
                score = weighed(self.weights.sentence, found)
                if not holds_office(asked, found):
                    score -= _OFFICE_ELSEWHERE
                candidates.append(Candidate(hit, span, found, score))
        return sorted(candidates, key=lambda candidate: -candidate.score)

    def read(self, question: str, ranked: Sequence[Candidate], hits: Sequence[Hit], rarity: Rarity) -> Reading:
        """`ranked` are what `rank` gave, in their last order; `hits` are all of search's, with their last scores."""
        if not ranked:
            return Reading((), 0.0)
        asked = ask(question)
        features = answer_features(asked, language_of(question), ranked, hits, rarity)
        confidence = logistic(weighed(self.weights.confidence, features) + self.weights.bias)
        quotes = quotes_of(asked, ranked)
        others = differing(asked, ranked)
        if others:
            kept = tuple(quote for quote in quotes if not any(overlap(quote, other) for other in others))
            others, quotes = (quotes[0], *others), (*kept, *others)
        return Reading(quotes, confidence, others, apt(ranked), tuple(ranked))


def answer_features(
    asked: Asked, language: str, ranked: Sequence[Candidate], hits: Sequence[Hit], rarity: Rarity
) -> AnswerFeatures:
    """Of the best of `ranked`, which `Reader.rank` made of some of `hits`; these have their last scores."""
    best = ranked[0]
    read = {candidate.hit.passage.id for candidate in ranked}
    cosines = np.array([hit.cosine for hit in hits if hit.cosine is not None] or [0.0])
    held = stems(best.hit.passage.indexed_text)
    return AnswerFeatures(
        cosine=best.features.cosine,
        passage_cosine=stretched(float(cosines.max())),
        outstanding=float((cosines.max() - cosines.mean()) / (cosines.std() + 1e-6)),
        stems=best.features.stems,
        passage_stems=best.features.passage_stems,
        passage_grams=best.features.passage_grams,
        names=share_of_names(asked, held, rarity),
        figures=share_of_figures(asked, held),
        names_here=best.features.names,
        figures_here=best.features.figures,
        same_year=best.features.same_year,
        same_name=best.features.same_name,
        noun=best.features.noun,
        lead=best.score - log_sum_exp([candidate.score for candidate in ranked]),
        trained=log_sum_exp([candidate.features.trained for candidate in ranked]),
        best_trained=best.features.trained,
        answered=answered([hit.score for hit in hits if hit.passage.id in read]),
        same_post=holds_office(asked, best.features),
        measured=measured(asked, best.features),
        fits=fits(asked, best.features),
        foreign=float(foreign(language, best.hit.source.language)),
    )


def answered(scores: Sequence[float]) -> float:
    """Log odds that any of the passages answers, by the probabilities that each does; 0 of none."""
    return log_odds(1 - math.prod(1 - score for score in scores)) if scores else 0.0


def weighed(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def log_odds(probability: float) -> float:
    """Kept within what can be told apart from certainty."""
    held = min(max(probability, _CERTAIN), 1 - _CERTAIN)
    return math.log(held / (1 - held))
