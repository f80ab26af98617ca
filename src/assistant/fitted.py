"""The reader's weights, as benchmarks/fit_reader.py prints them: plain, and on top of the trained network."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.features import AnswerFeatures, SentenceFeatures


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
