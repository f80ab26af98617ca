"""Kinds of documents: the words that name them, in three languages, and how much each kind binds. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.variants import spelling

_FAMILIES: dict[str, tuple[int, str]] = {
    # what binds: law, decisions, contracts, and what was adopted to be followed
    "law": (0, "lov act statute"),
    "regulation": (0, "forskrift regulation, vedtekt bylaw, reglement instruks, retningslinje guideline, policy"),
    "decision": (0, "vedtak decision resolution"),
    "contract": (0, "kontrakt contract, avtale agreement"),
    "strategy": (0, "strategi strategy"),
    "plan": (0, "plan"),
    "budget": (0, "budsjett budget"),
    # what was looked into
    "report": (1, "rapport report, utredning, årsmelding"),
    "roadmap": (1, "veikart roadmap"),
    "study": (1, "analyse analysis, evaluering evaluation, kartlegging survey, studie study"),
    "white paper": (1, "stortingsmelding, proposisjon"),
    # what somebody noted or showed
    "note": (2, "notat note memo memorandum, referat protokoll minutes"),
    "presentation": (2, "presentasjon presentation foredrag, lysark slides"),
    "description": (2, "beskrivelse skildring description"),
    "guide": (2, "veileder guide, håndbok handbook manual"),
    "letter": (2, "brev letter, høringssvar høringsuttalelse, søknad application"),
    # what was written for the day
    "news": (3, "nyhet nyhende nyhetssak news, artikkel article, avis newspaper, pressemelding, kronikk"),
    "mail": (3, "epost mail email"),
}
"""Family: (how much it binds, 0 the most; its words, those for the same between two commas, nynorsk as `spelling`
writes it)."""

UNKNOWN = 4
"""The rank of a kind that the table does not know."""
ANY = "document"
"""The family of words for documents of whatever kind."""

_HEADS = {word: family for family, (_, listed) in _FAMILIES.items() for word in listed.replace(",", "").split()}
_SORTS = [sort.split() for _, listed in _FAMILIES.values() for sort in listed.split(",")]
_SORT_OF = {word: sort[0] for sort in _SORTS for word in sort}
_HEADS |= dict.fromkeys("dokument kilde fil document source file".split(), ANY)
_ENDS_COMPOUNDS = frozenset(
    "lov forskrift vedtekt reglement instruks vedtak kontrakt avtale strategi plan budsjett rapport utredning "
    "veikart analyse evaluering kartlegging studie notat referat protokoll presentasjon foredrag beskrivelse "
    "skildring veileder håndbok brev søknad nyhet artikkel avis kronikk dokument".split()
)
"""English does not write compounds as one word, and a profil is no fil."""
_PLURALS = ("ene", "ane", "er", "ar", "es", "ne", "s", "r")
_ENDINGS = (*_PLURALS, "en", "et", "a", "n", "t", "")
_IRREGULAR = {
    "artikler": "artikkeler", "artiklar": "artikkeler", "artiklene": "artikkelene", "artiklane": "artikkelene",
    "handbok": "håndbok", "handboka": "håndboka", "håndbøker": "håndboker", "håndbøkene": "håndbokene",
    "handbøker": "håndboker", "handbøkene": "håndbokene",
}  # fmt: skip
_PAIRS = {"press release": "pressemelding", "press releases": "pressemelding", "white paper": "stortingsmelding"}
_LEAST_BEFORE = 3
"""Letters of a compound before its last part."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A word that names documents. "årsrapportene" has the head "rapport", a word of the table, and the base
    "årsrapport"; `family` is `ANY` for documents as such."""

    family: str
    head: str
    base: str
    plural: bool = False

    @property
    def sort(self) -> str:
        """The word that stands for all that name the same: "report" is of the sort "rapport"."""
        return _SORT_OF.get(self.head, self.head)

    @property
    def rank(self) -> int:
        """How much such a document binds, 0 the most."""
        return UNKNOWN if self.family == ANY else _FAMILIES[self.family][0]


@lru_cache(maxsize=10_000)
def noun(word: str) -> Noun | None:
    """What a word in whatever form names; None where that is no document."""
    written = word.lower().replace("-", "")
    lower = spelling(written)
    lower = _IRREGULAR.get(lower, lower)
    if lower.endswith("ies"):
        lower = lower[:-3] + "ys"
    bases = [
        (base, ending in _PLURALS or written.endswith("ene"))
        for ending in _ENDINGS
        if lower.endswith(ending)
        for base in (lower.removesuffix(ending), lower.removesuffix(ending) + "e")
    ]
    for base, plural in bases:
        if base in _HEADS:
            return Noun(_HEADS[base], base, base, plural)
    for base, plural in bases:
        for at in range(_LEAST_BEFORE, len(base) - 2):
            if base[at:] in _ENDS_COMPOUNDS and base[at:] in _HEADS:
                return Noun(_HEADS[base[at:]], base[at:], base, plural)
    return None


def noun_of_two(first: str, second: str) -> Noun | None:
    """The same for two words that together name documents: "press releases"."""
    pair = f"{first.lower()} {second.lower()}"
    return Noun(_HEADS[_PAIRS[pair]], _PAIRS[pair], _PAIRS[pair], pair.endswith("s")) if pair in _PAIRS else None


@lru_cache(maxsize=10_000)
def noun_of_kind(kind: str) -> Noun | None:
    """What a catalogue's `kind` ("nasjonalt veikart", "trip note") names: its last word that is such a noun."""
    found = re.findall(r"[^\W_]+(?:-[^\W_]+)*", kind)
    pairs = [noun_of_two(first, second) for first, second in pairwise(found)]
    return next((one for one in [*pairs, *(noun(word) for word in reversed(found))] if one), None)


def rank(kind: str | None) -> int:
    """How much a document of a kind binds: law, decisions, contracts, strategies and plans 0, reports 1,
    notes and presentations 2, news and mail 3, and `UNKNOWN`."""
    known = noun_of_kind(kind) if kind else None
    return known.rank if known else UNKNOWN
