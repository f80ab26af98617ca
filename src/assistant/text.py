"""Norwegian text: words, stems, figures, sentence ends, the language of a question. Pure functions.

The keyword index and the reader take their words from here, so a question and a passage are always
cut the same way."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

from assistant.terms import words as words
from assistant.types import Language, Span
from assistant.variants import base, spelling

# --- words --------------------------------------------------------------------------------------

_QUESTION_WORDS = frozenset(
    "hva hvem hvor hvorfor hvordan hvilken hvilke hvilket når hvorvidt mange mye "
    "kva kven kvar kor korleis kvifor kvilken kvilke kva "
    "what who whom whose where why how which when many much".split()
)
_FUNCTION_WORDS = frozenset(
    "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi "
    "min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans enn eller skal selv "
    "denne dette disse være ble blir bli blitt vært vil skulle kunne ville for sier finnes fins "
    "eg dei ho ein ei eit ikkje frå vere vore vart blei vert nokon noko då sjølv desse "
    "the a an of to in on at is are was were be been do does did has have had for and or by with from "
    "that this these those it its as about into there their they you we i".split()
)

_LEFT_OUT = _QUESTION_WORDS | _FUNCTION_WORDS


class _Stemmers(threading.local):
    """One a thread: a Snowball stemmer keeps the word that it is at in itself."""

    def __init__(self) -> None:
        self.norwegian = snowballstemmer.stemmer("norwegian")


_stemmers = _Stemmers()


def normalise(text: str) -> str:
    """NFC with runs of whitespace as one space: how a question is read."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball stem of a word as `words` gives it, in the form that stands for all of its forms."""
    return str(_stemmers.norwegian.stemWord(base(spelling(word))))


def stems(text: str) -> list[str]:
    return [stem(word) for word, _, _ in words(text)]


def grams(text: str) -> list[str]:
    """Character 4-grams within words, with the word's ends marked: `_leg lege … del_`. They find
    compounds and other inflections that stems keep apart."""
    return [gram for word, _, _ in words(text) for gram in _grams_of(word)]


@lru_cache(maxsize=200_000)
def _grams_of(word: str) -> tuple[str, ...]:
    marked = f"_{spelling(word)}_"
    return tuple(marked[i : i + 4] for i in range(max(1, len(marked) - 3)))


def content_words(question: str) -> list[str]:
    """The words of a question that say what it is about, in order. All of its words where none is
    left: "Hva er det?" must still be searched for."""
    return telling_words(question) or [word for word, _, _ in words(question)]


def telling_words(text: str) -> list[str]:
    """The same; none of "Hva er det?"."""
    return [word for word, _, _ in words(text) if not is_left_out(word)]


def is_left_out(word: str) -> bool:
    """Whether a word of a question says nothing of what it is about; in both written forms of Norwegian."""
    return word in _LEFT_OUT or spelling(word) in _LEFT_OUT


# --- sentences ----------------------------------------------------------------------------------

_NEVER_END = frozenset(
    "adm.dir art avd bl.a ca dr dvs d.v.s eks ekskl ev evt f.eks fr fra ff f.o.m f.t hhv hr iht i.f.m ifm inkl innst "
    "jf jfr kap kl konst max maks meld meld.st min m.a mht m.h.t mr mrs ms nr no ot.prp pga p.g.a pkt pr prof "
    "prop red ref resp s sen st st.meld st.prp st.mld t.d t.o.m tlf t.eks t.v u.a vedr vol vs e.g i.e fig sml "
    "p.t d.d d.e ift kgl jan feb mar apr jun jul aug sept okt nov des oct dec".split()
)
_MAY_END = frozenset(
    "a.s co e.kr etc e.l f.kr forts inc kr ltd m.fl m.m m.v mfl mill mio mm mrd mv o.a o.l osb osv oa o.s.v pst "
    "stk a.m p.m".split()
)
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+(\S))")
_TOKEN_BEFORE = re.compile(r"[^\s(«\"“/–-]*$")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, without the whitespace between them.

    A full stop does not end a sentence after an abbreviation, an ordinal (3. mai) or an initial, nor
    before a small letter."""
    end = len(text) if end is None else end
    found: list[Span] = []
    begin = end - len(text[start:end].lstrip())
    for match in _STOP.finditer(text, begin, end):
        if match.end() < end and _ends_sentence(text, begin, match):
            found.append(Span(begin, match.end()))
            begin = match.start(1)
    if text[begin:end].strip():
        found.append(Span(begin, begin + len(text[begin:end].rstrip())))
    return found


def _ends_sentence(text: str, begin: int, stop: re.Match[str]) -> bool:
    following = stop.group(1)
    if following.islower():
        return False
    if text[stop.start()] != "." or len(stop.group()) > 1:
        return True
    before = _TOKEN_BEFORE.search(text, begin, stop.start())
    found = before.group().strip(".") if before else ""
    token = found.lower()
    if token in _NEVER_END:
        return False
    if token in _MAY_END:
        return not following.isdigit()
    if len(token) == 1 and token.isalpha():
        return found.islower() and not following.isdigit()  # "ved en å." ends; an initial and "f. 1950" do not
    if token.isdigit() and len(token) <= 2:
        # "1. Tiltak" numbers the sentence it opens; elsewhere an ordinal is followed by a small letter.
        return text[begin : stop.start()].strip().lower() != token
    return True


# --- the language of a question -----------------------------------------------------------------

_MARKERS: dict[Language, frozenset[str]] = {
    "nb": frozenset(
        "hva hvem hvor hvorfor hvordan hvilke hvilken hvilket jeg ikke fra noen noe være vært ble blir "
        "også dere hun mye mer flere en et kommer gjør når bare de deres sammen finnes formålet".split()
    ),
    "nn": frozenset(
        "kva kven kvar kor korleis kvifor eg ikkje frå nokon noko nokre vere vore vart blei vert òg de "
        "dykk ho mykje meir fleire ein eit kjem gjer berre dei deira saman finst føremålet ei når".split()
    ),
    "en": frozenset(
        "what who whom whose where why how which when is are was were the of does did do has have had and "
        "in on from with by about there their they many much this that to a an can should".split()
    ),
}
_NORWEGIAN = frozenset("og er som på til av med det den å om var skal blant hos".split())
"""Markers of bokmål and nynorsk alike: they tell Norwegian from English."""


def language_of(question: str, default: Language = "nb") -> Language:
    """The language a question is asked in, by its small words; `default` where they do not tell. The first
    counts for three: an English title does not make "hvem skrev …" English."""
    found = [word for word, _, _ in words(question)]
    found += found[:1] * 2
    shared = sum(word in _NORWEGIAN for word in found)
    counts = {
        language: sum(word in markers for word in found) + (0 if language == "en" else shared)
        for language, markers in _MARKERS.items()
    }
    best = max(counts.values())
    if best == 0 or counts[default] == best:
        return default
    return max(counts, key=lambda language: counts[language])


_SCANDINAVIAN = frozenset({"nb", "nn", "da", "sv"})


def foreign(question_language: str, document_language: str) -> bool:
    """Whether a question and a document share few words although they are about the same."""
    if question_language in _SCANDINAVIAN:
        return document_language not in _SCANDINAVIAN
    return document_language != question_language
