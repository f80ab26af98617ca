"""The reader's weights, as benchmarks/fit_reader.py prints them: plain, and on top of the trained network."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reading.features import AnswerFeatures, SentenceFeatures


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
        answered=0.0,
        fits=0.0,
        foreign=2.0,
    ),
    bias=-6.77,
)
TRAINED = Weights(
    passages=5,
    sentence=SentenceFeatures(
        cosine=1.61,
        stems=1.44,
        grams=1.27,
        passage_stems=2.06,
        passage_grams=2.13,
        news=-0.12,
        fragment=0.44,
        length=0.52,
        asks_back=-0.44,
        number=0.53,
        date=-0.16,
        year=-0.2,
        person=0.25,
        place=-0.47,
        cause=-0.51,
        enumeration=0.19,
        definition=-0.29,
        trained=0.92,
        passage=0.28,
    ),
    confidence=AnswerFeatures(
        cosine=0.0,
        passage_cosine=0.0,
        outstanding=0.0,
        stems=0.0,
        passage_stems=0.0,
        passage_grams=0.0,
        names=0.0,
        figures=0.0,
        lead=0.0,
        trained=0.0,
        best_trained=0.0,
        answered=1.0,
        fits=0.0,
        foreign=0.0,
    ),
    bias=0.0,
)
