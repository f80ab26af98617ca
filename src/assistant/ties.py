"""Which of two documents that fit a question as well is read first. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.scope.kinds import rank
from assistant.types import Hit

TOLERANCE = 0.02
"""Scores that differ by a smaller share are as good as equal."""


def prefer(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """`hits`, best first, with ties decided: a document that is in force before one that was superseded, one
    that binds before one that does not, the newer before the older.

    A tie are neighbours whose scores are less than `TOLERANCE` of the first one's below it. The scores stay where
    they are: of those that change places each takes the score of its new place."""
    ordered: list[Hit] = []
    at = 0
    while at < len(hits):
        end = at + 1
        while end < len(hits) and hits[end].score > hits[at].score * (1 - TOLERANCE):
            end += 1
        tied = sorted(sorted(hits[at:end], key=_date, reverse=True), key=_standing)
        ordered += [replace(hit, score=place.score) for hit, place in zip(tied, hits[at:end], strict=True)]
        at = end
    return tuple(ordered)


def _standing(hit: Hit) -> tuple[bool, int]:
    return hit.source.superseded_by is not None, rank(hit.source.kind)


def _date(hit: Hit) -> str:
    return hit.source.date or ""
