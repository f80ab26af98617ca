"""A stretch of a source, and what it may fail to bear."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.verification.claims import Claims, Direction, Negation, claims_of
from assistant.verification.naming import Name
from assistant.verification.quantities import Quantity
from assistant.verification.wording import Token

Span = tuple[int, int]
"""A place in a sentence or a stretch: [start, end)."""

Said = Quantity | Name | Negation | Direction | Token


@dataclass(frozen=True, slots=True)
class Fault:
    """What a stretch does not bear: a key of `phrases.unsupported`, the very words, and where the sentence has
    them; (0, 0) for what the sentence leaves out. `contradicts`: the stretch says something else there, and
    does not merely say nothing."""

    reason: str
    detail: str
    start: int = 0
    end: int = 0
    contradicts: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """One sentence of a source, or two neighbours. `around` is what else may name what it is about: title,
    headings, publisher, the rest of the passage. `date` is the document's, ISO 8601. `synonyms` are
    abbreviations with what they stand for, where the source introduces them."""

    text: str
    around: str
    date: str | None
    english: bool
    synonyms: tuple[frozenset[str], ...] = ()

    @property
    def claims(self) -> Claims:
        return claims_of(self.text, self.english)

    @property
    def around_claims(self) -> Claims:
        return claims_of(self.around, self.english)


def at(said: Said, reason: str, contradicts: bool = True) -> Fault:
    return Fault(reason, said.text, said.start, said.end, contradicts)


def span(said: Said) -> Span:
    return said.start, said.end
