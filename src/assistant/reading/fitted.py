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
        listed=0.0,
        counted=0.0,
        definition=0.74,
        names=0.0,
        figures=0.0,
        same_year=0.0,
        same_name=0.0,
        noun=0.0,
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
        same_name=0.0,
        noun=0.0,
        lead=0.61,
        trained=0.0,
        best_trained=0.0,
        answered=0.0,
        same_post=0.0,
        measured=0.0,
        fits=0.08,
        foreign=0.59,
    ),
    bias=-0.37,
)
TRAINED = Weights(
    passages=10,
    sentence=SentenceFeatures(
        cosine=1.59,
        stems=1.17,
        grams=0.81,
        passage_stems=1.79,
        passage_grams=2.02,
        news=0.08,
        fragment=0.51,
        length=0.43,
        asks_back=-0.45,
        number=0.88,
        date=-0.14,
        year=-0.24,
        person=0.51,
        place=-0.45,
        cause=-0.66,
        enumeration=-0.09,
        listed=1.48,
        counted=-1.15,
        definition=0.07,
        names=0.18,
        figures=1.33,
        same_year=-0.17,
        same_name=0.32,
        noun=0.47,
        trained=0.91,
        network=-0.22,
        fused=2.06,
    ),
    odds=Odds(bias=-7.95, slope=0.68),
    confidence=AnswerFeatures(
        cosine=0.3,
        passage_cosine=0.0,
        outstanding=0.31,
        stems=0.32,
        passage_stems=0.01,
        passage_grams=0.22,
        names=0.92,
        figures=0.11,
        names_here=0.16,
        figures_here=0.34,
        same_year=2.06,
        same_name=0.46,
        noun=0.09,
        lead=0.53,
        trained=0.62,
        best_trained=0.04,
        answered=0.0,
        same_post=1.5,
        measured=0.6,
        fits=0.28,
        foreign=0.7,
    ),
    bias=-7.66,
)
