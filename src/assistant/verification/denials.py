"""Whether a sentence denies what the stretch denies, and points the same way: not "rose" for "fell"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.claims import Claims, Negation
from assistant.verification.stretch import Fault, Stretch, at, span
from assistant.verification.surroundings import affinity, identities, same, surroundings
from assistant.verification.wording import FUNCTION, alike

SCOPE_CLAIMED = 0.5
"""The share of what a source denies that the sentence says, from which it must deny it too."""
_AT_ALL = 0.05


def denial_faults(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    """Each negation is paired with one of the other text. One left over on either side is a fault, but for a word
    that denies in another way ("lacks"), which may stand for one."""
    source = stretch.claims
    ours = [n for n in claims.negations if not n.hidden]
    theirs = [n for n in source.negations if not n.hidden]
    matched = _matched(claims, ours, source, theirs)
    loose = [a for i, a in enumerate(ours) if i not in matched and not _is_contrast(claims, a, source)]
    if loose and not _cancel(loose) and len(loose) > _hidden(source, claims):
        yield at(loose[0], "negation")
    left = [b for j, b in enumerate(theirs) if j not in matched.values()]
    dropped = [b for b in left if _claimed(claims, source, b) >= SCOPE_CLAIMED]
    if len(dropped) > _hidden(claims, source):
        yield Fault("negation", dropped[0].text)


def _matched(claims: Claims, ours: Sequence[Negation], source: Claims, theirs: Sequence[Negation]) -> dict[int, int]:
    fits = sorted(
        (
            (affinity(claims, span(a), source, span(b), False), i, j)
            for i, a in enumerate(ours)
            for j, b in enumerate(theirs)
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    for fit, i, j in fits:
        if fit > _AT_ALL and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


def _hidden(found: Claims, other: Claims) -> int:
    """The words of `found` that deny in another way, and that `other` does not have."""
    said = {token.lower for token in other.tokens}
    return sum(n.hidden and n.text.lower() not in said for n in found.negations)


_BUT = frozenset({"men", "but"})
_NOT_ALONE = frozenset("alene åleine alone eneste einaste only første fyrste first samme same andre other".split())


def _is_contrast(claims: Claims, negation: Negation, source: Claims) -> bool:
    """ "Not alone, but with the others", "in Danish kroner, not Norwegian": what is denied the source does not
    say, so that nothing of it is denied."""
    after = [t for t in claims.tokens if t.start >= negation.end]
    until = next((i for i, t in enumerate(after) if t.text in ",;.:–" or t.lower in _BUT), len(after))
    denied = [t.lower for t in after[:until] if t.kind != "sign" and t.lower not in FUNCTION]
    held = [t.lower for t in source.tokens]
    unsaid = [word for word in denied if max((alike(word, other) for other in held), default=0.0) < 0.6]
    if any(word in _NOT_ALONE for word in unsaid[:3]):
        return True
    is_but = any(t.lower in _BUT for t in after[until : until + 2])
    return bool(denied) and unsaid == denied and (is_but or claims.before(negation.start) == ",")


def _cancel(loose: Sequence[Negation]) -> bool:
    """ "None … without" denies nothing."""
    return len(loose) == 2 and loose[1].text.lower() in ("uten", "utan", "without")


def _claimed(claims: Claims, source: Claims, negation: Negation) -> float:
    """The weighted share of the words around a negation of the source that the sentence says."""
    near = [
        one
        for one in surroundings(source.text, source.english, *span(negation))
        if one.word not in FUNCTION and one.word[0] not in "^$"
    ]
    said = [one.word for one in identities(claims.text, claims.english)]
    total = sum(one.weight for one in near)
    return (
        sum(one.weight for one in near if any(same(one.word, word) >= 0.8 for word in said)) / total if total else 0.0
    )


def direction_faults(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    """A word whose opposite stands in the source, while it does not stand there itself."""
    ours = {(d.pair, d.pole) for d in claims.directions}
    theirs = {(d.pair, d.pole) for d in stretch.claims.directions}
    if any(not n.hidden for n in (*claims.negations, *stretch.claims.negations)):
        return  # "did not rise" may be "fell"
    for said in claims.directions:
        opposite = (said.pair, -said.pole)
        if (said.pair, said.pole) not in theirs and opposite in theirs and opposite not in ours:
            yield at(said, "direction")
