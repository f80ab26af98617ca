"""Where a name of a sentence stands in its source: in whole or in part, inflected, abbreviated, in another language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.verification.claims import Claims
from assistant.verification.naming import Name, known_as
from assistant.verification.stretch import Span, span
from assistant.verification.wording import alike


def places_of(name: Name, source: Claims, synonyms: Sequence[frozenset[str]]) -> list[Span]:
    """Where a name stands in a source: all its words, in order, in one run of names."""
    found = [span(other) for other in source.names if holds(other, name, synonyms)]
    if found:
        return found
    says = [t for t in source.tokens if t.kind == "word"]
    if len(name.words) == 1:
        forms = _forms(name.words[0])
        return [span(t) for t in says if t.lower in forms or _begins(t.lower, forms)]
    size = len(name.words)
    for first in range(len(says) - size + 1):
        row = says[first : first + size]
        if all(_forms(word) & _forms(known_as(token.lower)) for word, token in zip(name.words, row, strict=True)):
            return [(row[0].start, row[-1].end)]
    return []


def same_name(one: Name, other: Name, synonyms: Sequence[frozenset[str]] = ()) -> bool:
    """Whether one holds the other: "Kari Berg" and "Berg"."""
    return holds(one, other, synonyms) or holds(other, one, synonyms)


def holds(held: Name, name: Name, synonyms: Sequence[frozenset[str]]) -> bool:
    """Whether the words of `name` are among those of `held`, in their order; or the two are the same by `synonyms`."""
    if held.adjective:
        return len(name.words) == 1 and name.words[0] == held.words[0]
    if synonyms and any(_joined(held.words) in group and _joined(name.words) in group for group in synonyms):
        return True
    held_words = iter(held.words)
    return all(any(_same_word(word, other) for other in held_words) for word in name.words)


def holds_in_other_words(held: Name, name: Name) -> bool:
    """The same, where words that say the same will do: "Innovation Norway" for "Innovasjon Norge"."""
    held_words = iter(held.words)
    return all(any(_same_word(word, other) or alike(word, other) >= 0.8 for other in held_words) for word in name.words)


def _same_word(word: str, held: str) -> bool:
    forms = _forms(word)
    return bool(forms & _forms(held)) or _begins(held, forms)


def _joined(words: Sequence[str]) -> str:
    return " ".join(word.removesuffix("'s") for word in words)


@lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    """A name with and without its genitive."""
    endings = ("'s", "'", "-s", "s")
    bare = {word.removesuffix(e) for e in endings if word.endswith(e) and len(word) - len(e) > 1}
    return frozenset({word, *bare})


_TAILS = ("region", "område", "kommun", "fjord", "by", "avtale", "modell", "skole", "skule", "politi", "univers", "-")


def _begins(held: str, forms: frozenset[str]) -> bool:
    """Osloregionen, Oslo-skolen and LMI-medlem hold Oslo and LMI."""
    return any(
        len(form) > 2 and held.startswith(form) and held[len(form) :].removeprefix("s").startswith(_TAILS)
        for form in forms
    )
