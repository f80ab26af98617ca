"""How much of a sentence a stretch of a source holds, and what of it the stretch does not bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.verification.claims import Claims
from assistant.verification.denials import denial_faults, direction_faults
from assistant.verification.figures import bears, figure_faults, held_quantities
from assistant.verification.names import name_faults
from assistant.verification.samename import places_of
from assistant.verification.stretch import Fault, Stretch, span
from assistant.verification.wording import FUNCTION, alike

_CHECKS = (figure_faults, name_faults, denial_faults, direction_faults)
_AROUND = 0.5
"""What a word counts that stands only around the stretch, in a heading or beside it."""


def fault(claims: Claims, stretch: Stretch) -> Fault | None:
    """The first thing that the stretch does not bear; what contradicts it before what is only missing."""
    found = [one for check in _CHECKS for one in check(claims, stretch)]
    return next((one for one in found if one.contradicts), found[0] if found else None)


@dataclass(frozen=True, slots=True)
class Held:
    """How well (0-1) a stretch holds one thing that the sentence says, at [start, end)."""

    start: int
    end: int
    is_word: bool
    degree: float


def held(claims: Claims, stretch: Stretch) -> tuple[Held, ...]:
    """Every word, name and figure that the sentence says."""
    inside = {t.lower for t in stretch.claims.tokens if t.kind == "word"}
    around = {t.lower for t in stretch.around_claims.tokens if t.kind == "word"} - inside
    names = [name for name in claims.names if name.sure and not name.adjective]
    taken = [*map(span, names), *map(span, claims.quantities)]
    said = {t.lower for t in claims.tokens}
    found = []
    for token in claims.tokens:
        is_word = token.kind == "word" and token.lower not in FUNCTION
        if is_word and not any(start <= token.start < end for start, end in taken):
            degree = _best(token.lower, inside, said)
            if degree < _AROUND:
                degree = max(degree, _AROUND * _best(token.lower, around, said))
            found.append(Held(token.start, token.end, True, degree))
    figures = held_quantities(stretch.claims)
    found += [Held(*span(n), False, float(bool(places_of(n, stretch.claims, stretch.synonyms)))) for n in names]
    found += [Held(*span(q), False, float(any(bears(f, q) for f in figures))) for q in claims.quantities]
    return tuple(found)


def held_word_for_word(claims: Claims, stretch: Stretch) -> tuple[Held, ...]:
    """Every pair of neighbouring words of the sentence: whether they are neighbours in the stretch too."""
    inside = set(pairwise(t.lower for t in stretch.claims.tokens if t.kind != "sign"))
    pairs = pairwise(t for t in claims.tokens if t.kind != "sign")
    return tuple(Held(a.start, b.end, False, float((a.lower, b.lower) in inside)) for a, b in pairs)


def share(things: Sequence[Held]) -> float:
    return sum(one.degree for one in things) / len(things) if things else 0.0


def _best(word: str, others: set[str], said: set[str]) -> float:
    """Of the sentence's words, `said`, each holds itself, and not yet another that is like it."""
    return 1.0 if word in others else max((alike(word, other) for other in others - said), default=0.0)
