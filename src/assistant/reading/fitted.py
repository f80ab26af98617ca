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
        cosine=1.32,
        stems=0.82,
        grams=0.8,
        passage_stems=1.69,
        passage_grams=2.2,
        news=0.12,
        fragment=0.53,
        length=0.39,
        asks_back=-0.53,
        number=0.7,
        date=0.26,
        year=0.14,
        person=0.58,
        place=-0.5,
        cause=-0.56,
        enumeration=-0.05,
        listed=1.5,
        counted=-0.86,
        definition=0.36,
        names=0.24,
        figures=1.59,
        same_year=0.12,
        same_name=0.51,
        noun=0.38,
        trained=1.01,
        network=-0.29,
        fused=1.82,
    ),
    odds=Odds(bias=-7.95, slope=0.69),
    confidence=AnswerFeatures(
        cosine=0.03,
        passage_cosine=0.0,
        outstanding=0.41,
        stems=0.12,
        passage_stems=0.07,
        passage_grams=0.23,
        names=0.73,
        figures=0.08,
        names_here=0.57,
        figures_here=0.58,
        same_year=2.02,
        same_name=0.41,
        noun=0.0,
        lead=0.3,
        trained=0.61,
        best_trained=0.1,
        answered=0.0,
        same_post=1.54,
        measured=0.42,
        fits=0.27,
        foreign=0.41,
    ),
    bias=-7.92,
)
