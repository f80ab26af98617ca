"""Whether a question can be understood by itself, or points back at what was said. Pure functions.

Two errors weigh against each other: a follow-up that is searched for as it stands finds nothing, and a new
subject that inherits the old one finds the wrong thing. tests/data/followups.json measures both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.conversation.clauses import WANT_INFINITIVE, Clause, clause_of

Kind = Literal["person", "plural", "thing", "place", "time"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A word of a question that stands for something said before: `clause.tokens[at:end]`. A `noun` says
    more of it ("dette prosjektet"), a `possessive` says whose, an `affected` one is what something is done to."""

    at: int
    end: int
    kind: Kind
    possessive: bool = False
    noun: str = ""
    affected: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PERSON = _set("han hun ham henne ho he she him")
_PLURAL = _set("dem they them")
_POSSESSIVE: dict[str, Kind] = {
    **dict.fromkeys(("hans", "hennes", "hennar", "his"), "person"),
    **dict.fromkeys(("deres", "deira", "their"), "plural"),
    **dict.fromkeys(("dens", "dets", "its"), "thing"),
}
_DEMONSTRATIVE: dict[str, Kind] = {
    **dict.fromkeys(("dette", "denne", "this"), "thing"),
    **dict.fromkeys(("disse", "desse", "these", "those"), "plural"),
}
_TIMES = _set(
    "sesongen perioden år året åra uka uken veka måneden månaden gangen gongen dagen tiden tida sommeren sommaren "
    "høsten hausten våren vinteren kvartalet week month year time morning summer autumn spring winter quarter "
    "century decade"
)
_ABOUT_THAT = _set(
    "betyr tyder påvirker påverkar gjelder gjeld omfatter omfattar innebærer inneber medfører fører virker verkar "
    "fungerer hjelper inneholder handler dreier skyldes skyldtes stemmer"
)
"""Verbs whose subject "det" is something that was said."""

_IMPLYING = _set("betyr tyder innebærer inneber medfører")
_ORDINALS = _set("første fyrste andre tredje fjerde femte sjette sjuende siste sistnevnte førstnevnte")
_VAGUE = _set(
    "andre anna annet ellers elles else other others one ones nærmere nærare videre vidare slik sånn slikt samme "
    "same resten rest detaljer detaljar details eksempel eksempler eksempla example examples kroner euro dollar "
    "prosent percent antall tal tall tallet talet tallene tala antallet summen andelen til sammen totalt total "
    "altogether together gang gong ganger gonger grunnen årsaken årsaka resultatet formålet føremålet hensikten "
    "målet prisen kostnaden beløpet datoen stedet staden navnet namnet telefonnummeret adressen adressa fristen "
    "oppgaven oppgåva rollen rolla størrelsen kilden kjelda forskjellen skilnaden bakgrunnen konsekvensen "
    "effekten innholdet innhaldet fortell forklar utdyp utdype utdjupe forklare fortelle fortel tell explain "
    "elaborate expand describe beskriv say reason result purpose aim price cost amount date place name deadline "
    "role size source difference background effect nøyaktig presist exactly precisely skje skjer skjedde skjedd "
    "happen happened happens gjort gjøre gjere gjorde konkret konkrete specific specifically"
)
"""Content words that say nothing without what they belong to."""

_SOCIAL = _set(
    "takk tusen thanks thank hei hallo hello hi heisann bra fint flott supert great good nice ok okay ja nei yes "
    "no"
)

WHAT_ABOUT = re.compile(
    r"^(?:(?:og|men|så|and|but|so)\s+)*(?:(?:hva|kva)\s+(?:med|om)|(?:what|how)\s+about|enn)\s+(?P<what>.+?)[\s?.!]*$",
    re.IGNORECASE,
)
JOINED = re.compile(r"^(?:og|men|eller|and|but|or)\s+(?P<what>.+?)[\s?.!]*$", re.IGNORECASE)
_MORE_OF_THEM = re.compile(
    r"^\W*(?:\w+\s+)?(?:hvem|hva|hvilke|kven|kva|hvor mange|kor mange|noen|nokon|nokre|who|what|which|any|how many)\s+"
    r"(?:for\s+)?(?:andre|annet|anna|flere|fleire|ellers|elles|other|others|else)\b"
    r"(?!.*\b(?:enn|than|som|that|who|foruten|sammen med|i tillegg til|besides|in addition to)\b)",
    re.IGNORECASE,
)
_THE_SAME = re.compile(
    r"\b(?:det samme|det same|the same|begge to|begge deler|both of)\b(?!\s+(?:som|as))", re.IGNORECASE
)


_ANY_OF_THEM = re.compile(
    r"^\w+ (?:det )?(?:noen|nokon|nokre|ingen|anyone|anybody|someone|somebody) (?:fra|frå|from) "
    r"[A-ZÆØÅ]\S*(?: [A-ZÆØÅ]\S*)*$"
)


def depends(question: str) -> bool:
    """Whether the question cannot be searched for as it stands."""
    clause = clause_of(question)
    if all(token.lower in _SOCIAL for token in clause.tokens if token.is_word):
        return False
    return bool(
        WHAT_ABOUT.match(question)
        or _MORE_OF_THEM.match(question)
        or (clause.verb == 0 and _ANY_OF_THEM.match(clause.text))
        or _is_the_same(clause)
        or pointers(clause)
        or is_fragment(question)
        or not _own(clause)
        or _is_half_said(clause)
        or (JOINED.match(question) and not _is_anchored(clause))
    )


def _is_the_same(clause: Clause) -> bool:
    """ "Gjelder det samme for Danmark?", but not "er A og B det samme?"."""
    found = _THE_SAME.search(clause.text)
    before = [at for at in _own(clause) if found and clause.tokens[at].end <= found.start()]
    return found is not None and not before


def _is_anchored(clause: Clause) -> bool:
    """Whether a question that begins with "og" names something known: by name, or by a definite noun."""
    return any(
        clause.is_name(at) or clause.is_definite(at) or clause.lower(at - 1) == "the" for at in _own(clause)
    )


def is_fragment(question: str) -> bool:
    """Without a verb, and joined to what was said: "og Danmark?", "i 2023?", "hvor mange ansatte?"."""
    clause = clause_of(question)
    if clause.verb is not None:
        return False
    return bool(clause.asking or JOINED.match(question) or (clause.is_preposition(0) and len(clause.tokens) <= 6))


def _own(clause: Clause) -> list[int]:
    """The words that say by themselves what the question is about."""
    kept = [
        at
        for at, token in enumerate(clause.tokens)
        if at != clause.verb and token.is_content and token.lower not in _VAGUE
    ]
    after = [at for at in kept if at >= clause.after]
    if len(kept) == 1 and kept == after and _is_verb(clause, kept[0]):
        return []
    if kept and not after and clause.verb is not None and clause.verb == len(clause.tokens) - 1:
        return []  # "hvor mange kommuner deltok?"
    return kept


def _is_verb(clause: Clause, at: int) -> bool:
    """The one content word of "hvem ble valgt?", "hva kan gjøres?", "when will they pay?"."""
    return clause.is_open_verb(at) and not clause.is_preposition(at - 1)


def _is_half_said(clause: Clause) -> bool:
    """ "Er Nes også med?": what with?"""
    rest = [token for at, token in enumerate(clause.tokens) if at != clause.verb]
    content = [at for at, token in enumerate(clause.tokens) if at != clause.verb and token.is_content]
    return (
        clause.verb == 0
        and _is_copula(clause, 0)
        and bool(content)
        and all(clause.is_name(at) for at in content)
        and len(rest) > 1
        and rest[-1].lower in ("med", "der", "også", "òg", "there", "too", "in")
    )


def _is_copula(clause: Clause, at: int) -> bool:
    return at >= 0 and clause.lower(at) in clause.tokens[at].small.copulas


# --- words that point back ----------------------------------------------------------------------


def pointers(clause: Clause) -> list[Pointer]:
    """The words that stand for something outside of the question, in order."""
    found = (_pointer(clause, at) for at in range(len(clause.tokens)))
    return [one for one in found if one and not _answered_within(clause, one.at)]


def _pointer(clause: Clause, at: int) -> Pointer | None:
    word, following = clause.lower(at), clause.lower(at + 1)
    if clause.tokens[at].is_name:
        return None
    if word == "her" and clause.english:
        is_object = not following or not clause.is_content(at + 1)
        return Pointer(at, at + 1, "person", possessive=not is_object)
    if word in _POSSESSIVE:
        return Pointer(at, at + 1, _POSSESSIVE[word], possessive=True)
    if word in _PERSON:
        return Pointer(at, at + 1, "person")
    if word in _PLURAL:
        is_own = following in ("som", "who", "that", "selv", "sjølv")
        return None if is_own else Pointer(at, at + 1, "plural", affected=True)
    if word in _DEMONSTRATIVE:
        return _demonstrative(clause, at)
    if word in ("den", "de", "dei"):
        return _article_or_pronoun(clause, at)
    if word in ("det", "it", "that") and _means_something(clause, at):
        return Pointer(at, at + 1, "thing")
    if word in ("der", "dit", "there") and _is_a_place(clause, at):
        return Pointer(at, at + 1, "place")
    if word in ("da", "då", "then") and not following and not any(clause.is_name(i) for i in range(at)) and at:
        return Pointer(at, at + 1, "time")
    return None


def _demonstrative(clause: Clause, at: int) -> Pointer | None:
    word, following = clause.lower(at), clause.lower(at + 1)
    if following.removesuffix("s") in _TIMES or (word == "those" and following in ("who", "that")):
        return None
    noun = at + 1
    while noun < len(clause.tokens) and clause.tokens[noun].is_number:
        noun += 1
    is_noun = clause.is_content(noun) and not (clause.english and _is_copula(clause, at - 1))
    if is_noun and (clause.english or clause.is_definite(noun)):
        return Pointer(at, noun + 1, _DEMONSTRATIVE[word], noun=clause.tokens[noun].text)
    return Pointer(at, at + 1, _DEMONSTRATIVE[word])


def _article_or_pronoun(clause: Clause, at: int) -> Pointer | None:
    kind: Kind = "thing" if clause.lower(at) == "den" else "plural"
    if clause.lower(at + 1) in ("som", "der", "mest", "minst"):
        return None
    if not _is_describing(clause, at + 1):
        affected = clause.is_content(at - 1) and at - 1 != clause.verb
        return Pointer(at, at + 1, kind, affected=affected)
    if clause.tokens[at + 1].is_number and at + 2 == len(clause.tokens):
        return Pointer(at, at + 2, kind)  # "de to"
    if clause.lower(at + 1) in _ORDINALS and at + 2 == len(clause.tokens):
        return Pointer(at, at + 2, kind, noun=clause.between(at, at + 2))  # "den fjerde": of those
    return None if _is_article(clause, at) else Pointer(at, at + 1, kind)


def _is_describing(clause: Clause, at: int) -> bool:
    if at >= len(clause.tokens):
        return False
    token = clause.tokens[at]
    return token.is_content or token.is_number or (token.lower in token.small.degrees and token.lower.endswith("e"))


def _is_article(clause: Clause, at: int) -> bool:
    """Whether "den", "det" or "de" belongs to what follows. "Kan de nye kommunene betale?" has a verb left
    after the noun, "Kan de bygge fabrikken?" has not."""
    word, has_noun = clause.lower(at + 1), clause.is_content(at + 2)
    if clause.is_name(at + 1):  # "Palais de Tokyo", "det Osmanske riket", but "hvorfor valgte de Hillerød?"
        return word.endswith("ske") or (at > 0 and clause.is_name(at - 1))
    if clause.tokens[at + 1].is_number:
        return True
    if clause.lower(at - 1) in WANT_INFINITIVE:
        left = [i for i in range(at + 3 if has_noun else at + 2, len(clause.tokens)) if clause.is_content(i)]
        return word.endswith("e") and any(not clause.is_preposition(i - 1) for i in left)
    if _is_copula(clause, at - 1):
        return has_noun or word.endswith("ste")
    return word.endswith("e")


def _means_something(clause: Clause, at: int) -> bool:
    """Whether "det", "it" or "that" is more than a filler, an article or a conjunction."""
    word, before, following = clause.lower(at), clause.lower(at - 1), clause.lower(at + 1)
    if word == "that":
        return _that(clause, at)
    later = {clause.lower(i) for i in range(at + 1, len(clause.tokens))}
    if following == "som" or (following == "at" and before not in _IMPLYING):
        return False
    if clause.is_preposition(at - 1) and not _is_describing(clause, at + 1):
        return following not in ("som", "at")
    if (word == "det" and "å" in later) or (word == "it" and later & {"to", "that", "which", "whether", "take"}):
        return False
    if word == "det" and _is_describing(clause, at + 1) and _is_article(clause, at):
        return False
    if {before, following} & {"finnes", "fins", "finst"}:
        return False
    if word == "it" or not following or before in _ABOUT_THAT or following in _ABOUT_THAT:
        return True
    if at - 1 != clause.verb and clause.is_content(at - 1):
        return True  # the object of a verb that is not the finite one: "følge det opp"
    content = [i for i in range(len(clause.tokens)) if clause.is_content(i) and i != clause.verb]
    content = [i for i in content if clause.lower(i) not in _VAGUE]
    if at > 0 and clause.tokens[at - 1].is_auxiliary and content == [len(clause.tokens) - 1]:
        last = content[0]  # "når ble det lansert?", "er det lov?"
        return not clause.is_name(last) and bool(re.search(r"(t|d|v|s|ig)$", clause.lower(last)))
    return not content


def _that(clause: Clause, at: int) -> bool:
    if not clause.lower(at + 1) or clause.is_preposition(at + 1):
        return True
    if at == 0 or (clause.is_content(at - 1) and at - 1 != clause.verb):
        return False  # "companies that export"
    return at - 1 != clause.verb or clause.tokens[at - 1].is_auxiliary


def _is_a_place(clause: Clause, at: int) -> bool:
    word, following = clause.lower(at), clause.lower(at + 1)
    if not following or word == "dit":
        return True
    after_verb = at > 0 and (at - 1 == clause.verb or clause.tokens[at - 1].is_auxiliary)
    if word == "there":  # "how many are there in Norway?" counts, "who was there from Norway?" places
        is_filler = after_verb and not (clause.lower(0) == "who" and clause.is_preposition(at + 1))
        return not is_filler and not clause.tokens[at + 1].is_auxiliary
    is_adverb = clause.is_preposition(at + 1) or not (clause.is_content(at + 1) or clause.tokens[at + 1].is_determiner)
    return is_adverb and (after_verb or (at > 0 and not clause.is_content(at - 1)))


def _answered_within(clause: Clause, at: int) -> bool:
    """Whether the question itself says what is meant: "hva mener danskene at de må ha?"."""
    named = [i for i in range(at) if clause.is_content(i) and i != clause.verb]
    word = clause.lower(at)
    is_one_of_many = word in ("dem", "them") and clause.is_preposition(at - 1)
    if (word in _POSSESSIVE or word in _OBJECTS) and not is_one_of_many and any(clause.is_name(i) for i in named):
        return True  # "hva tjente Norge og naboene deres?"
    if word in _PERSON and any(clause.is_definite(i) or clause.is_name(i) for i in named):
        return True
    for boundary in range(1, at):
        word = clause.lower(boundary)
        opens = clause.tokens[boundary + 1]
        is_joint = word in ("og", "and", "men", "but", "eller", "or") and (
            opens.lower in opens.small.asking | opens.small.determining or opens.is_auxiliary or boundary + 1 == at
        )
        if (is_joint or word in _CLAUSE_OPENING) and any(i < boundary for i in named):
            return True
    return False


_OBJECTS = _set("dem them ham him henne her")
_CLAUSE_OPENING = _set(
    "som at fordi hvis dersom mens siden sidan før når då da om that which who when because if whether while "
    "before after where slik so"
)
