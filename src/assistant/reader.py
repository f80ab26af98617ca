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
from assistant.features import (
    AnswerFeatures,
    Asked,
    Rarity,
    SentenceFeatures,
    ask,
    of_sentences,
    share,
    stretched,
)
from assistant.text import foreign, language_of, stems
from assistant.types import Hit, Quote, Span

MOST_QUOTES = 3
NEARLY_AS_GOOD = 0.15
"""A further sentence is quoted when it is at least this likely beside the best."""
APT = 0.002
"""What a language model says of it may be shown when it is at least this likely."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a reader: for sentences, and for the confidence in the best. `passages` is how many of the
    best hits it reads."""

    passages: int
    sentence: SentenceFeatures
    confidence: AnswerFeatures
    bias: float


PLAIN = Weights(
    passages=8,
    sentence=SentenceFeatures(
        cosine=5.28,
        stems=2.31,
        grams=1.78,
        passage_stems=2.78,
        passage_grams=2.91,
        news=0.18,
        fragment=-1.23,
        length=-0.01,
        asks_back=-0.42,
        number=1.02,
        date=0.77,
        year=0.99,
        person=0.57,
        place=0.55,
        cause=1.55,
        enumeration=1.05,
        definition=0.56,
        trained=0.0,
        passage=0.0,
    ),
    confidence=AnswerFeatures(
        cosine=2.35,
        passage_cosine=1.16,
        outstanding=0.54,
        stems=0.39,
        passage_stems=2.09,
        passage_grams=0.94,
        names=1.43,
        figures=1.07,
        lead=0.73,
        trained=0.0,
        best_trained=0.0,
        passage=0.0,
        foreign=2.0,
    ),
    bias=-6.77,
)
TRAINED = Weights(
    passages=5,
    sentence=SentenceFeatures(
        cosine=2.61,
        stems=1.35,
        grams=1.39,
        passage_stems=3.38,
        passage_grams=2.66,
        news=0.41,
        fragment=-0.47,
        length=-0.09,
        asks_back=-0.6,
        number=0.85,
        date=0.12,
        year=0.23,
        person=0.7,
        place=0.34,
        cause=0.33,
        enumeration=0.66,
        definition=0.23,
        trained=0.89,
        passage=0.3,
    ),
    confidence=AnswerFeatures(
        cosine=1.83,
        passage_cosine=1.46,
        outstanding=0.54,
        stems=1.44,
        passage_stems=1.23,
        passage_grams=0.93,
        names=1.25,
        figures=1.09,
        lead=0.31,
        trained=0.07,
        best_trained=0.0,
        passage=0.3,
        foreign=2.0,
    ),
    bias=-7.40,
)


SentenceVectors = Mapping[str, Floats]
"""The unit vectors of a passage's sentences, shape (sentences, dimension), by passage id."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could be quoted, with its score."""

    hit: Hit
    span: Span
    features: SentenceFeatures
    score: float

    @property
    def text(self) -> str:
        return self.hit.passage.between(self.span.start, self.span.end)


@dataclass(frozen=True, slots=True)
class Reading:
    """The quotes, best first, and the probability (0-1) that the best of them answers. `apt` are the places
    (passage id, start) of the sentences that could be part of an answer to the question, quoted or not."""

    quotes: tuple[Quote, ...]
    confidence: float
    apt: frozenset[tuple[str, int]] = frozenset()


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
        logit = _weighed(self.weights.confidence, features) + self.weights.bias
        return Reading(_quotes(ranked), 1 / (1 + math.exp(-logit)), _apt(ranked))

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
        passage=best.features.passage,
        foreign=float(foreign(language, best.hit.source.language)),
    )


def _weighed(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


def _log_sum_exp(scores: Sequence[float]) -> float:
    top = max(scores)
    return top + math.log(sum(math.exp(score - top) for score in scores))


def _quotes(ranked: Sequence[Candidate]) -> tuple[Quote, ...]:
    """The best sentence and those nearly as good, a document's together; neighbours in one passage become
    one quote."""
    least = ranked[0].score + math.log(NEARLY_AS_GOOD)
    quotes: list[Quote] = []
    texts: set[str] = set()
    for candidate in ranked[:MOST_QUOTES]:
        if candidate.score >= least and candidate.text not in texts:
            texts.add(candidate.text)
            hit, span = candidate.hit, candidate.span
            _join(quotes, Quote(hit.passage, hit.source, span.start, span.end, candidate.text))
    order = list(dict.fromkeys(quote.source.id for quote in quotes))
    return tuple(sorted(quotes, key=lambda quote: order.index(quote.source.id)))


def _apt(ranked: Sequence[Candidate]) -> frozenset[tuple[str, int]]:
    least = ranked[0].score + math.log(APT)
    return frozenset((one.hit.passage.id, one.span.start) for one in ranked if one.score >= least)


def _join(quotes: list[Quote], new: Quote) -> None:
    """Add a quote, or widen the one it stands next to."""
    for at, quote in enumerate(quotes):
        passage = quote.passage
        if passage.id != new.passage.id:
            continue
        start, end = min(quote.start, new.start), max(quote.end, new.end)
        text = passage.between(start, end)
        between = end - start - (quote.end - quote.start) - (new.end - new.start)
        if between <= 2 and "\n" not in text:
            quotes[at] = Quote(passage, quote.source, start, end, text)
            return
    quotes.append(new)
