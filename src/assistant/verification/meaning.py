"""Likeness of meaning from an embedding's cosines, for `citations.check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.embedding import Floats
from assistant.verification.support import SAME_MEANING, Meaning

SAME_COSINE = 0.9
"""E5's cosine from which two sentences, in one language or two, say the same."""


def by_cosine(vector: Callable[[str], Floats]) -> Meaning:
    """`vector` gives a text's unit vector. A cosine of `SAME_COSINE` becomes `SAME_MEANING`, 1 stays 1."""

    def meaning(sentence: str, quotes: Sequence[str]) -> Sequence[float]:
        wanted = vector(sentence)
        cosines = [float(wanted @ vector(quote)) for quote in quotes]
        return [max(0.0, SAME_MEANING + (1 - SAME_MEANING) * (c - SAME_COSINE) / (1 - SAME_COSINE)) for c in cosines]

    return meaning
