"""A question taken apart by rules: its question phrase, its finite verb, the rest. Pure functions.

No dictionary stands behind this, only closed lists of small words and the order of words: in Norwegian the
finite verb is the second part of a question, so that what follows "hvem" or "hvilke kommuner" is the verb.
`nounphrases`, `dependence` and `conversation` build on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.smallwords import ENGLISH, NORWEGIAN, Token, is_definite, tokens
from assistant.text import language_of

_LEADING = frozenset("og men så ja ok okay and but so".split())
_ADVERBIAL_DEGREES = frozenset("lenge langt ofte godt fort long often far".split())
WANT_INFINITIVE = frozenset("skal skulle kan kunne vil ville må måtte bør burde".split())
_PORTIONS = ("del", "andel", "part", "share")
_OTHERS = ("andre", "anna", "annet", "else", "ellers", "elles", "other", "others")


@dataclass(frozen=True)
class Clause:
    """A question: `tokens[:asking]` asks, `tokens[verb]` is the finite verb, the rest follows. `asking` is 0
    where it is asked by the verb's place, or not at all; `verb` is None where there is none."""

    text: str
    tokens: tuple[Token, ...]
    asking: int
    verb: int | None
    english: bool

    @property
    def after(self) -> int:
        """Where the rest begins."""
        return self.asking if self.verb is None else self.verb + 1

    @property
    def asks(self) -> str:
        return self.between(0, self.asking)

    @property
    def rest(self) -> str:
        return self.between(self.after, len(self.tokens))

    @property
    def auxiliary(self) -> str:
        """The finite verb where it is an auxiliary or a copula, else an empty word."""
        return "" if self.verb is None or not self.tokens[self.verb].is_auxiliary else self.lower(self.verb)

    def between(self, first: int, last: int) -> str:
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def lower(self, at: int) -> str:
        """The word at `at`, or an empty one outside the question."""
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def is_name(self, at: int) -> bool:
        token = self.tokens[at]
        if not token.is_name or at == self.verb:
            return False
        is_coined = token.is_quoted or any(c.isupper() or c.isdigit() for c in token.text[1:])
        return at > 0 or is_coined or self._leads_a_name()

    def is_content(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].is_content

    def is_preposition(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].is_preposition

    def is_definite(self, at: int) -> bool:
        """By its ending, which only Norwegian has."""
        return not self.english and is_definite(self.lower(at))

    def is_open_verb(self, at: int) -> bool:
        """Whether the word at `at` looks like the infinitive or participle that the auxiliary waits for."""
        if not self.auxiliary or self.auxiliary in self.tokens[0].small.copulas or self.is_name(at):
            return False
        if self.english:
            return True
        wants_infinitive = self.auxiliary in WANT_INFINITIVE
        if self.is_definite(at) and wants_infinitive:
            return False
        return bool(re.search(r"(e|s|å|a)$" if wants_infinitive else r"(t|d|s|å)$", self.lower(at)))

    def _leads_a_name(self) -> bool:
        return len(self.tokens) > 1 and self.tokens[1].is_name and self.verb != 0


def clause_of(question: str) -> Clause:
    """The last sentence of a question, without its end mark and what joins it to the one before."""
    text = re.split(r"(?<=[?!])\s+", question.strip())[-1].rstrip(" ?.!…")
    english = language_of(text) == "en"
    found = tokens(text, ENGLISH if english else NORWEGIAN)
    while len(found) > 1 and (found[0].lower in _LEADING or not found[0].is_word):
        text = text[found[1].start :]
        found = tokens(text, found[0].small)
    asking, verb = _parts(found, english)
    return Clause(text, found, asking, verb, english)


# --- the question phrase and the verb -----------------------------------------------------------


def _parts(found: Sequence[Token], english: bool) -> tuple[int, int | None]:
    """Where the question phrase ends, and the finite verb."""
    if not found:
        return 0, None
    small = found[0].small
    at = 1 if found[0].is_preposition and len(found) > 1 else 0
    word, following = found[at].lower, found[at + 1].lower if at + 1 < len(found) else ""
    if word in small.determining or (word in ("hvem", "kven") and following in ("sin", "sitt", "sine")):
        return _counted(found, at + 1 if word in small.determining else at + 2, english)
    if word in ("hvor", "kor", "how") and following in small.degrees:
        return _measured(found, at + 2, english)
    if (word in ("hva", "kva") and following in ("slags", "for")) and at + 2 < len(found):
        return _counted(found, at + 2, english)
    if word in ("kva", "what") and at + 1 < len(found) and found[at + 1].is_number:
        return _counted(found, at + 1, english)
    if word in ("kva", "what"):
        after = at + 1 + _row(found, at + 1)
        if at + 1 < after <= at + 3 and after < len(found) and found[after].is_auxiliary:
            return after, after  # "kva kommunar er", "what measures does"
    if word in small.asking:
        more = _asked(found, at)
        is_verb = more < len(found) and (found[more].is_auxiliary or found[more].is_content)
        return more, more if is_verb else None
    return (0, 0) if _begins_with_verb(found) else (0, None)


def _asked(found: Sequence[Token], at: int) -> int:
    """Where "hvem andre", "hvem fra Siva" or "hvor i Oslo" ends."""
    more = at + 1
    if more < len(found) and found[more].lower in _OTHERS:
        return more + 1
    while more + 1 < len(found) and found[more].is_preposition:
        more = _noun_end(found, more + 1)
    return more


def _noun_end(found: Sequence[Token], at: int) -> int:
    """Past the determiners and the one noun, or the name, that begin at `at`."""
    while at < len(found) and (found[at].is_determiner or found[at].is_number):
        at += 1
    is_name = at < len(found) and found[at].is_name
    at += 1
    while is_name and at < len(found):
        is_particle = at + 1 < len(found) and found[at].lower in ("de", "von", "van") and found[at + 1].is_name
        if not found[at].is_name and not is_particle:
            break
        at += 1
    return min(at, len(found))


def _measured(found: Sequence[Token], start: int, english: bool) -> tuple[int, int | None]:
    """After "hvor mange", "hvor stor": an adverb is followed by the verb, a portion by what it is of."""
    if start < len(found) and found[start].lower in _PORTIONS:
        at = start + 1
        while at < len(found) - 1 and found[at].is_preposition:
            at = _noun_end(found, at + 1)
        return (at, at) if at < len(found) else (len(found), None)
    if start < len(found) and found[start - 1].lower in _ADVERBIAL_DEGREES:
        return start, start
    return _counted(found, start, english)


def _row(found: Sequence[Token], start: int) -> int:
    """How many content words, numbers and words of size before them stand in a row from `start`."""
    at = start
    while at < len(found) and (found[at].is_content or found[at].is_number or _measures(found, at)):
        at += 1
    return at - start


def _measures(found: Sequence[Token], at: int) -> bool:
    """ "Store", "gamle" and the like where they belong to a noun."""
    return found[at].lower in found[at].small.degrees and at + 1 < len(found) and found[at + 1].is_content


def _counted(found: Sequence[Token], start: int, english: bool) -> tuple[int, int | None]:
    """After "hvor mange", "hvilke", "which": the noun that is asked about, then the verb."""
    if start + 1 < len(found) and found[start].lower in ("mer", "meir", "more"):
        start += 1
    if start < len(found) and found[start].lower in ("av", "of"):
        after = next((i for i in range(start, len(found)) if found[i].is_auxiliary), min(start + 2, len(found) - 1))
        return after, after
    end = start + _row(found, start)
    if end < len(found) and found[end].is_auxiliary:
        return end, end
    if end == start or (end == start + 1 and end == len(found)):
        return end, None
    while start + 1 < end and found[start].is_number:
        start += 1
    if end == start + 1:
        verb = _behind(found, end)  # "hvor mye koster det", "hvilke tiltak i planen gjelder"
        return verb, verb
    if not english and re.search(r"[^e][td]e$", found[start].lower) and found[start].lower not in _NOT_PRETERITE:
        return start, start  # "hvor mye solgte norske bedrifter"
    at = start
    while at + 2 < end and not found[at + 2].is_name and (found[at].is_number or _is_adjective(found, at, english)):
        at += 1
    name = at + 1
    while name < end - 1 and found[at].is_name and found[name].is_name:
        name += 1
    return name, name


def _behind(found: Sequence[Token], end: int) -> int:
    """The verb behind what hangs on a single noun that ends at `end`, or else the noun, which then is a verb."""
    at = end
    while at + 1 < len(found) and found[at].is_preposition:
        at = _noun_end(found, at + 1)
    is_verb = end < at < len(found) and (found[at].is_auxiliary or (found[at].is_content and not found[at].is_name))
    return at if is_verb else end - 1


_NOT_PRETERITE = ("ansatte", "tilsette")


def _is_adjective(found: Sequence[Token], at: int, english: bool) -> bool:
    """An adjective before its noun: "norske kommuner deltar", but not "ansatte mistet jobben"."""
    if english:
        return not re.search(r"s$", found[at].lower)
    return bool(re.search(r"(e|sk|ig)$", found[at].lower)) and not re.search(r"(te|et|de)$", found[at + 1].lower)


def _begins_with_verb(found: Sequence[Token]) -> bool:
    """ "Deltok Siva?", "Fortell mer", but not "Novo Nordisk ansatte"."""
    first, second = found[0], found[1] if len(found) > 1 else None
    if first.is_auxiliary:
        return True
    if second is None or not first.is_content or any(c.isupper() or c.isdigit() for c in first.text[1:]):
        return False
    if second.is_name:
        return bool(re.search(r"(te|et|de|er|ar|ok|kk|år|ed|s)$", first.lower))
    asked_for = second.lower in ("mer", "meir", "more", "om", "about", "nærmere", "nærare")
    return second.is_determiner or second.lower in second.small.pronouns or asked_for
