"""The nouns and names of a question, and what hangs on them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.conversation.clauses import Clause
from assistant.conversation.smallwords import MONTHS, PERSONAL

_SUPPORT = frozenset("do does did will would shall should can could may might must".split())


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """`clause.tokens[first:last]`; `head` is the index of the noun, or of the last word of the name, and
    what follows it hangs on by prepositions. `preposition` is what stands before, or empty."""

    first: int
    head: int
    last: int
    preposition: str


@dataclass(frozen=True, slots=True)
class Core:
    """`clause.tokens[first:last]`: one noun or name with its determiners and adjectives. It is `linked` where a
    preposition or "og" hangs it on the one before."""

    first: int
    head: int
    last: int
    preposition: str
    linked: bool


@lru_cache(maxsize=256)
def cores(clause: Clause) -> tuple[Core, ...]:
    """The single nouns and names after the verb, in order, without those that only say when."""
    return tuple(_found(clause))


@lru_cache(maxsize=256)
def phrases(clause: Clause) -> tuple[NounPhrase, ...]:
    """The same with all that hangs on each."""
    return tuple(
        NounPhrase(core.first, core.head, _reach(clause, core.last), core.preposition)
        for core in cores(clause)
        if not core.linked
    )


def _found(clause: Clause) -> Iterator[Core]:
    at, before, closed = clause.after, "", -1
    while at < len(clause.tokens):
        last, head = _core(clause, at)
        if last == at:
            before = clause.lower(at) if clause.is_preposition(at) else ""
            closed = closed if _links(clause, at) else -1
            at += 1
        elif _says_when(clause, at, last):
            at, before = last, ""
        elif clause.lower(at) in ("det", "den", "de", "dei") and not clause.is_definite(head):
            at, before = at + 1, ""  # a pronoun
        elif (
            (closed == at and _is_full_verb(clause, at))
            or (at == clause.after and _waits_for(clause, at))
            or (clause.lower(at - 1) in _BEFORE_VERB and clause.is_content(at))
        ):
            at, before, closed = at + 1, "", -1
        else:
            yield Core(at, head, last, before, linked=closed >= 0 and closed < at)
            at, before, closed = last, "", last


_BEFORE_VERB = ("å", "ha", "bli", "be", "been", "being")


def _links(clause: Clause, at: int) -> bool:
    """Whether the word hangs a noun on the one before: a preposition, "og", or "som" in "stillingen som rektor"."""
    if clause.lower(at) == "som":
        return clause.is_content(at + 1) and not re.search(r"(r|t|te|de|s)$", clause.lower(at + 1))
    return clause.is_preposition(at) or clause.lower(at) in ("og", "eller", "samt", "and", "or")


def _is_full_verb(clause: Clause, at: int) -> bool:
    """Whether a content word right behind a noun phrase is the verb that an auxiliary or a clause left open."""
    if clause.is_name(at) or clause.tokens[at].is_determiner:
        return False
    if clause.auxiliary in clause.tokens[at].small.modals:
        return clause.is_open_verb(at)
    return bool(clause.auxiliary) or clause.english or not clause.is_definite(at)


def _waits_for(clause: Clause, at: int) -> bool:
    """Whether the auxiliary of "hvilke skoler skal rehabiliteres?" is followed at once by the verb it waits for."""
    is_subject_asked = clause.lower(0) in PERSONAL or clause.asking > 1
    is_supported = clause.auxiliary in ("do", "does", "did")  # its subject comes first
    return is_subject_asked and not is_supported and clause.is_content(at) and clause.is_open_verb(at)


def _says_when(clause: Clause, first: int, last: int) -> bool:
    words = clause.tokens[first:last]
    says = [token.is_year or token.lower in MONTHS for token in words]
    return any(says) and all(says[i] or words[i].is_number or words[i].is_determiner for i in range(len(words)))


def _reach(clause: Clause, last: int) -> int:
    """How far a phrase goes on: "planen for helse i Nes og Hurdal"."""
    while last + 1 < len(clause.tokens):
        if not _links(clause, last):
            break
        further, _ = _core(clause, last + 1)
        if further == last + 1 or _says_when(clause, last + 1, further):
            break
        last = further
    return last


def _core(clause: Clause, first: int) -> tuple[int, int]:
    """Where the determiners, adjectives and noun that begin at `first` end, and the noun; `(first, first)`
    where none begin there. A verb may follow a noun at once: the noun ends with a name or a definite."""
    at, noun = first, -1
    while at < len(clause.tokens):
        token = clause.tokens[at]
        if token.is_determiner or token.is_number:
            if noun >= 0:
                break
        elif token.is_content:
            if noun >= 0 and (_closes(clause, first, noun, at) or _opens_object(clause, first, at)):
                break
            noun = at
        else:
            break
        at += 1
    if noun < 0:
        return first, first
    noun = _without_verb(clause, first, noun)
    return noun + 1, noun


def _closes(clause: Clause, first: int, noun: int, following: int) -> bool:
    """Whether the noun phrase is over with `noun`, so that what follows is a verb or a phrase of its own."""
    word = clause.lower(noun)
    if clause.is_name(noun):
        belongs = word.endswith(("ian", "ish", "ese", "ic", "'s", "’s")) if clause.english else word.endswith("s")
        return not clause.is_name(following) and clause.lower(first) != "the" and not belongs
    return clause.is_definite(noun) and not word.endswith("ste")


def _opens_object(clause: Clause, first: int, at: int) -> bool:
    """Whether the name at `at` is the object of the verb before it: "did the delegation visit LEO Pharma"."""
    is_supported = clause.auxiliary in _SUPPORT and first == clause.after
    plain = [i for i in range(first, at) if clause.is_content(i) and not clause.is_name(i)]
    return clause.english and is_supported and clause.is_name(at) and len(plain) >= 2


def _without_verb(clause: Clause, first: int, noun: int) -> int:
    """English keeps its main verb behind the subject: "did the ministers present", "was the roadmap launched"."""
    words = [i for i in range(first, noun + 1) if clause.is_content(i)]
    if len(words) < 2 or clause.is_name(noun) or first != clause.after or not clause.auxiliary:
        return noun
    if clause.lower(noun + 1) in ("be", "been", "being", "have"):
        return noun
    is_participle = re.search(r"(ed|en|wn|t|d)$", clause.lower(noun)) is not None
    is_copula = clause.auxiliary in clause.tokens[0].small.copulas
    is_predicate = is_copula and clause.lower(0) in (*PERSONAL, "hva", "kva", "what")
    return words[-2] if clause.auxiliary in _SUPPORT or (is_participle and not is_predicate) else noun
