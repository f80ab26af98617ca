"""Where a figure or a name stands: how well the words around it in a sentence agree with those around another
place in a source. This is what binds a figure to what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.verification.claims import Claims, claims_of
from assistant.verification.naming import Name
from assistant.verification.quantities import Figure, Quantity
from assistant.verification.stretch import Span, span
from assistant.verification.wording import FUNCTION, alike

SAME_PLACE = 0.55
"""From this affinity on, two stand in the same place: one has been put for the other."""

_REACH = 8
"""Words looked at on each side."""
_SMALL = 0.35
"""What "the" and "of" weigh beside a word that says something."""
_OTHER_CLAUSE = 0.6


@dataclass(frozen=True, slots=True)
class Near:
    """A word near a place: `side` is -1 before and 1 after, `weight` falls with the distance."""

    word: str
    side: int
    weight: float


@lru_cache(maxsize=20_000)
def surroundings(text: str, english: bool, start: int, end: int) -> tuple[Near, ...]:
    """The words around `text[start:end]`; "^" and "$" where it begins or ends there."""
    says = identities(text, english)
    before = [one for one in reversed(says) if one.end <= start]
    after = [one for one in says if one.start >= end]
    here = next((one.clause for one in says if one.start >= start), 0)
    near: list[Near] = []
    for side, row in ((-1, before), (1, after)):
        distance = 0.0
        for one in row[:_REACH]:
            small = one.word in FUNCTION
            weight = (_SMALL if small else 1.0) / (1 + 0.4 * distance) * _OTHER_CLAUSE ** min(abs(one.clause - here), 2)
            near.append(Near(one.word, side, weight))
            distance += 0.5 if small else 1
        if len(row) < 2:
            near.append(Near("^" if side < 0 else "$", side, _SMALL))
    return tuple(near)


@dataclass(frozen=True, slots=True)
class Identity:
    """A word as it is compared: a figure by its value, a name by its first form."""

    word: str
    start: int
    end: int
    clause: int


@lru_cache(maxsize=4096)
def identities(text: str, english: bool) -> tuple[Identity, ...]:
    found = claims_of(text, english)
    special = {q.start: (_of_quantity(q), q.end) for q in found.quantities}
    special |= {n.start: (n.words[0], n.end) for n in found.names if len(n.words) == 1}
    made = []
    name, until = "", 0
    for token in found.tokens:
        if token.start in special:
            name, until = special[token.start]
        if token.kind != "sign":
            made.append(Identity(name if token.start < until else token.lower, token.start, token.end, token.clause))
    return tuple(made)


def _of_quantity(quantity: Quantity) -> str:
    if isinstance(quantity, Figure):
        return f"#{quantity.values[0]}"
    return f"#{quantity.day}.{quantity.month}.{quantity.year}"


def affinity(one: Claims, here: Span, other: Claims, there: Span, sided: bool) -> float:
    """0-1: the share of the surroundings of a place in `one` that is found again around a place in `other`. With
    `sided` they must lie on the same side, after the same preposition."""
    wanted = surroundings(one.text, one.english, *here)
    held = surroundings(other.text, other.english, *there)
    total = sum(near.weight for near in wanted)
    found = 0.0
    for near in wanted:
        best = 0.0
        for candidate in held:
            side = 1.0 if candidate.side == near.side else (0.3 if sided else 0.7)
            weight = side * min(near.weight, candidate.weight)
            if weight > best:
                best = max(best, same(near.word, candidate.word) * weight)
        found += best
    if sided and _placed_otherwise(wanted, held):
        found *= _OTHER_CLAUSE
    return found / total if total else 0.0


def same(one: str, other: str) -> float:
    """0-1: whether two identities are the same, or say the same."""
    if one == other:
        return 1.0
    if one[0] in "#^$" or other[0] in "#^$" or one in FUNCTION or other in FUNCTION:
        return 0.0
    return alike(one, other)


_PLACING = {
    word: words.split()[0]
    for words in ("i på in at ved hos", "fra frå from", "til to", "av of by", "mot against")
    for word in words.split()
}


def _placed_otherwise(wanted: Sequence[Near], held: Sequence[Near]) -> bool:
    """Whether prepositions that say another thing stand right before the two places."""
    first, second = (_PLACING.get(next((n.word for n in row if n.side < 0), "")) for row in (wanted, held))
    return first is not None and second is not None and first != second


def replaces(
    claims: Claims, claimed: Quantity | Name, source: Claims, others: Sequence[Quantity] | Sequence[Name]
) -> bool:
    """Whether one of `others` stands in the source where the sentence has `claimed`."""
    return any(affinity(claims, span(claimed), source, span(other), True) >= SAME_PLACE for other in others)
