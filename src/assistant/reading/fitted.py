"""The reader's weights, as benchmarks/fit_reader.py prints them: plain, and on top of the trained network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from assistant.reading.features import AnswerFeatures, SentenceFeatures


class Odds(NamedTuple):
    """Log odds that a passage answers: `bias` and `slope` times the score of its best sentence."""

    bias: float
    slope: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Of a reader: for sentences, for passages by these, and for the confidence in the best sentence.
    `passages` is how many of the best hits it reads."""

    passages: int
    sentence: SentenceFeatures
    odds: Odds
    confidence: AnswerFeatures
    bias: float


PLAIN = Weights(
    passages=8,
    sentence=SentenceFeatures(
        cosine=4.84,
        stems=2.05,
        grams=1.09,
        passage_stems=1.76,
        passage_grams=2.48,
        news=0.21,
        fragment=-0.74,
        length=0.05,
        asks_back=-0.54,
        number=1.62,
        date=0.5,
        year=0.59,
        person=0.63,
        place=0.25,
        cause=0.72,
        enumeration=0.26,
        counted=0.0,
        definition=0.74,
        names=0.0,
        figures=0.0,
        same_year=0.0,
        trained=0.0,
        network=0.0,
        fused=1.43,
    ),
    odds=Odds(bias=-6.51, slope=0.48),
    confidence=AnswerFeatures(
        cosine=0.37,
        passage_cosine=0.29,
        outstanding=0.01,
        stems=0.0,
        passage_stems=0.02,
        passage_grams=0.0,
        names=0.73,
        figures=0.0,
        names_here=0.0,
        figures_here=0.0,
        same_year=0.0,
        lead=0.61,
        trained=0.0,
        best_trained=0.0,
        answered=0.0,
        fits=0.08,
        foreign=0.59,
    ),
    bias=-0.37,
)
TRAINED = Weights(
    passages=10,
    sentence=SentenceFeatures(
        cosine=1.73,
        stems=1.54,
        grams=1.08,
        passage_stems=2.16,
        passage_grams=2.47,
        news=0.05,
        fragment=0.26,
        length=0.34,
        asks_back=-0.51,
        number=0.75,
        date=-0.3,
        year=-0.34,
        person=0.22,
        place=-0.62,
        cause=-0.59,
        enumeration=0.13,
        counted=0.0,
        definition=-0.26,
        names=0.0,
        figures=0.0,
        same_year=0.0,
        trained=0.98,
        network=-0.13,
        fused=1.92,
    ),
    odds=Odds(bias=-6.16, slope=0.61),
    confidence=AnswerFeatures(
        cosine=0.0,
        passage_cosine=0.0,
        outstanding=0.21,
        stems=0.55,
        passage_stems=0.0,
        passage_grams=0.0,
        names=1.24,
        figures=0.24,
        names_here=0.0,
        figures_here=0.0,
        same_year=0.0,
        lead=0.37,
        trained=0.77,
        best_trained=0.25,
        answered=0.0,
        fits=0.1,
        foreign=1.0,
    ),
    bias=-2.63,
)
