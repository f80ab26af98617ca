"""What the words of a follow-up stand for: the subjects, names and places of the turn before. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.conversation.clauses import Clause, clause_of
from assistant.conversation.dependence import Pointer
from assistant.conversation.nounphrases import NounPhrase, cores, phrases
from assistant.conversation.smallwords import PERSONAL, PLACING
from assistant.text import language_of
from assistant.types import Turn

_NAME = r"[A-ZÆØÅ][\w&.-]*(?: (?:[A-ZÆØÅ][\w&.-]*|de|van|von|av))*(?<!\bav)"
_PERSON = re.compile(
    r"(?<![\w-])[A-ZÆØÅ][a-zæøåéüö]+(?:-[A-ZÆØÅ][a-zæøåéü]+)?(?: [A-ZÆØÅ]\.)*(?: [A-ZÆØÅ][a-zæøåéüö]+)+(?![\w-])"
)
_NAME_ASKED = re.compile(
    r"^(?:hva|kva) (?:heter|heiter|er navnet|er namnet)\b|^what (?:is|was) the name\b", re.IGNORECASE
)
_AMOUNT_ASKED = re.compile(r"^(?:hvor mye|kor mykje|how much)\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:om|about) (?P<topic>[^:]+): (?P<question>.+)$", re.IGNORECASE)
_SECOND_PART = re.compile(
    r",? (?:og|and|men|but) (?=(?:hva|hvem|hvor|når|hvorfor|hvordan|hvilke[nt]?|kva|kven|kor|kvar|kvifor|korleis|"
    r"what|who|where|when|why|how|which)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Before:
    """The turn that a follow-up follows. `clause` is its question alone, without a second part to it."""

    turn: Turn
    clause: Clause
    given_topic: str = ""

    @classmethod
    def of(cls, turn: Turn) -> Before:
        about = _ABOUT.match(turn.whole)
        question = about.group("question") if about else turn.whole
        return cls(turn, clause_of(_SECOND_PART.split(question)[0]), about.group("topic") if about else "")

    @property
    def asks_for_the_subject(self) -> bool:
        """ "Hvilke kommuner er med?", "hvem kjøpte anlegget?": what is asked for does what the verb says."""
        clause = self.clause
        if clause.verb is None or not clause.asking or not (self.asked_noun or self.asks_who):
            return False
        first = phrases(clause)[0] if phrases(clause) else None
        follows_at_once = first is not None and first.first == clause.after and not first.preposition
        if self.asks_who:
            return not (follows_at_once and clause.auxiliary in ("er", "var", "heter", "heiter", "is", "was"))
        has_subject = follows_at_once and first is not None and (clause.is_name(first.head) or bool(clause.auxiliary))
        return not has_subject

    @property
    def asks_who(self) -> bool:
        return self.clause.lower(0) in PERSONAL

    @property
    def asked_noun(self) -> str:
        """What "hvilke kommuner", "hvor mange ansatte" ask for, with its number and adjectives."""
        clause = self.clause
        if clause.is_preposition(1):  # "hvor i landet"
            return ""
        words = [i for i in range(clause.asking) if clause.tokens[i].is_content or clause.tokens[i].is_number]
        return clause.between(words[0], words[-1] + 1) if words and clause.asking > 1 else ""

    @cached_property
    def topic(self) -> str:
        """What the turn is about, as a phrase; empty where its question says nothing of it."""
        if self.given_topic:
            return self.given_topic
        clause = self.clause
        if clause.verb is None and not clause.asking:
            return clause.text  # keywords
        if self.asked_noun and self.asks_for_the_subject:
            return self.described(self.asked_noun)
        phrase = self.main_phrase()
        if phrase is not None:
            return self.text_of(phrase)
        if self.asked_noun:
            return self.described(self.asked_noun)
        return self.described("those" if clause.english else "dem") if self.asks_who and clause.rest else ""

    @cached_property
    def whole_topic(self) -> str:
        """All that the turn is about: "Nannestad og støtte til sykkelvei"."""
        clause = self.clause
        if self.given_topic or self.asks_for_the_subject or len(phrases(clause)) + bool(self.asked_noun) < 2:
            return self.topic
        parts = [self.asked_noun] if self.asked_noun else []
        for phrase in phrases(clause)[:3]:
            if parts and phrase.preposition in PLACING:
                parts[-1] += f" {phrase.preposition} {self.text_of(phrase)}"
            else:
                parts.append(self.text_of(phrase))
        joint = " and " if clause.english else " og "
        return joint.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

    def main_phrase(self) -> NounPhrase | None:
        """The phrase with a name in it, or else a definite one, or else the first."""
        clause, found = self.clause, phrases(self.clause)
        named = [one for one in found if any(clause.is_name(i) for i in range(one.first, one.last))]
        definite = [one for one in found if clause.is_definite(one.head) or clause.lower(one.first) == "the"]
        return next(iter(named or definite or found), None)

    def text_of(self, phrase: NounPhrase) -> str:
        return self.clause.between(phrase.first, phrase.last)

    def described(self, noun: str) -> str:
        """ "kommuner som er med i fellesskapet": a noun, or "de", by what was asked of it."""
        clause = self.clause
        joint = ("who" if noun in ("those", "they") else "that") if clause.english else "som"
        if clause.verb is None or not clause.rest:
            return noun
        verb = clause.between(clause.verb, clause.verb + 1)
        first = phrases(clause)[0] if phrases(clause) else None
        if self.asks_for_the_subject or first is None:
            return f"{noun} {joint} {verb} {clause.rest.removeprefix('det ')}"
        if clause.english:
            return f"{noun} {joint} {clause.rest}"
        tail = clause.between(first.last, len(clause.tokens))
        return " ".join(part for part in (noun, joint, self.text_of(first), verb, tail) if part)

    # --- what a pointer stands for ---

    def stands_for(self, pointer: Pointer, of_them: bool) -> str:
        """The phrase that a pointer can be replaced by; empty where that is not clear. `of_them`: the
        question picks some out of several ("hvem av dem")."""
        if pointer.noun:
            return self._by_noun(pointer.noun)
        if pointer.kind == "person":
            return self._person()
        if pointer.kind == "plural":
            return self._several(of_them, pointer.affected)
        if pointer.kind == "thing":
            return self._thing()
        return self._place() if pointer.kind == "place" else self._time()

    def _by_noun(self, noun: str) -> str:
        """ "dette prosjektet" is "forprosjektet i Grenland"."""
        for phrase in phrases(self.clause):
            head = self.clause.lower(phrase.head)
            if head.endswith(noun.lower()) or noun.lower().startswith(head):
                return self.text_of(phrase)
        return ""

    def _person(self) -> str:
        said = self._people(self.turn.answer_text) if self.asks_who or _NAME_ASKED.match(self.clause.text) else []
        if len(said) == 1:
            return said[0]
        phrase = self.main_phrase()
        if self.asks_who and not self.asks_for_the_subject and phrase is not None:
            return self.text_of(phrase)  # "daglig leder i klyngen"
        asked = self._people(self.clause.text)
        return asked[0] if asked else ""

    def _people(self, text: str) -> list[str]:
        """Names of two words or more that are no part of a document's title and were not in the question."""
        for one in self.turn.cited:
            text = text.replace(one.title, " | ")
        found = dict.fromkeys(match.group() for match in _PERSON.finditer(text))
        known = self.clause.text if text != self.clause.text else ""
        return [name for name in found if name not in known]

    def _several(self, of_them: bool, affected: bool) -> str:
        subject = self.asks_for_the_subject
        of_asked = f"{self._article} {self.described(self.asked_noun)}" if self.asked_noun else ""
        if of_them:
            if of_asked and subject:
                return of_asked
            if self.asks_who and subject:
                return self.described("those" if self.clause.english else "dem")
            phrase = self._plural_phrase()
            return phrase if phrase.islower() or self.clause.english else of_asked
        if self.asked_noun and not subject and self._asks_which():
            return of_asked if affected else ""  # the products, or who makes them?
        if affected and (phrase := self._plural_phrase()):
            is_only = sum(not one.preposition for one in phrases(self.clause)) == 1
            return phrase if is_only or phrase.islower() else ""
        if self.asks_who and subject:
            return self._who_did_it() or self.described("those" if self.clause.english else self._article)
        if not (subject and self.asked_noun) and (phrase := self._plural_phrase()):
            return phrase
        return of_asked if subject or not phrases(self.clause) else ""

    @property
    def _article(self) -> str:
        if self.clause.english:
            return "the"
        return "dei" if language_of(self.clause.text) == "nn" else "de"

    def _asks_which(self) -> bool:
        return self.clause.lower(0) not in ("hvor", "kor", "how")

    def _plural_phrase(self) -> str:
        """The first that several can be called by: a name or a definite plural."""
        clause = self.clause
        for phrase in phrases(clause):
            is_plural = clause.lower(phrase.head).endswith("s" if clause.english else ("ene", "ane"))
            if not phrase.preposition and (clause.is_name(phrase.head) or is_plural):
                return self.text_of(phrase)
        return ""

    def _who_did_it(self) -> str:
        """The name that the answer puts before the question's own verb: "Skanska vant anbudet"."""
        clause = self.clause
        if clause.verb is None:
            return ""
        text = self.turn.answer_text
        for one in self.turn.cited:
            text = text.replace(one.title, " | ")
        verbs = clause.between(clause.verb, clause.verb + (2 if clause.auxiliary else 1))
        found = re.search(rf"({_NAME}) {re.escape(verbs)}\b", text)
        return found.group(1) if found else ""

    def _thing(self) -> str:
        clause = self.clause
        found = [one for one in phrases(clause) if not one.preposition] or list(phrases(clause))
        if found and _AMOUNT_ASKED.match(clause.text) and clause.is_name(found[0].head):
            return ""  # the amount, or who pays it?
        if found and (len(found) == 1 or clause.english or clause.is_definite(found[0].head)):
            return self.text_of(found[0])
        return ""

    def _place(self) -> str:
        """With its preposition: "i Hillerød"."""
        clause = self.clause
        for core in reversed(cores(clause)):
            if core.preposition in PLACING and clause.is_name(core.head):
                return f"{core.preposition} {clause.between(core.first, core.last)}"
        phrase = self.main_phrase()
        if phrase is None or clause.lower(0) in ("hvor", "kvar", "where"):
            phrase = phrase if phrase is not None and clause.is_name(phrase.head) else None
        if phrase is None:
            return ""
        if phrase.preposition in PLACING:
            return f"{phrase.preposition} {self.text_of(phrase)}"
        preposition = "at" if clause.english else "ved" if clause.is_name(phrase.head) else "på"
        return f"{preposition} {self.text_of(phrase)}"

    def _time(self) -> str:
        years = [token.text for token in self.clause.tokens if token.is_year]
        return f"{'in' if self.clause.english else 'i'} {years[0]}" if len(years) == 1 else ""



def latest(history: Sequence[Turn]) -> Before | None:
    """The last turn that says what it is about."""
    for turn in reversed(history):
        before = Before.of(turn)
        if before.topic:
            return before
    return None
