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
        fits=0.08,
        foreign=0.59,
    ),
    bias=-0.37,
)
TRAINED = Weights(
    passages=10,
    sentence=SentenceFeatures(
        cosine=1.75,
        stems=0.97,
        grams=0.76,
        passage_stems=1.72,
        passage_grams=1.95,
        news=0.06,
        fragment=0.37,
        length=0.39,
        asks_back=-0.5,
        number=0.52,
        date=0.2,
        year=0.24,
        person=0.26,
        place=-0.33,
        cause=-0.16,
        enumeration=0.07,
        listed=0.0,
        counted=-0.02,
        definition=-0.14,
        names=0.59,
        figures=1.47,
        same_year=0.28,
        same_name=0.0,
        noun=0.0,
        trained=0.94,
        network=-0.2,
        fused=1.64,
    ),
    odds=Odds(bias=-7.32, slope=0.67),
    confidence=AnswerFeatures(
        cosine=0.18,
        passage_cosine=0.0,
        outstanding=0.34,
        stems=0.1,
        passage_stems=0.05,
        passage_grams=0.37,
        names=0.95,
        figures=0.45,
        names_here=0.42,
        figures_here=0.33,
        same_year=0.0,
        same_name=0.0,
        noun=0.0,
        lead=0.32,
        trained=0.56,
        best_trained=0.14,
        answered=0.0,
        fits=0.27,
        foreign=0.52,
    ),
    bias=-3.56,
)
