"""What documents and their publishers are called, to be recognised in a question. Built once for a catalogue. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.filters import folded
from assistant.scope.kinds import Noun, noun, noun_of_kind
from assistant.text import content_words, is_left_out, stem
from assistant.text import words as terms
from assistant.types import Source

_TOKEN = re.compile(
    r"«[^»]{1,200}»|“[^”]{1,200}”|\"[^\"]{1,200}\""
    r"|(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d(?!\d)|\d{4}-\d\d(?:-\d\d)?(?!\d)|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|[^\W_]+(?:[.\-’'&/][^\W_]+)*|\S"
)
_FIRMS = frozenset("as asa iks sa ba da kf hf ans inc ltd llc gmbh aps ab".split())
_MEDIA = re.compile(
    r"(?:avis(?:en|a)?|blad(?:et)?|posten|tidende?|tidning|times|news|nytt|nrk|\.\w{2,3})$", re.IGNORECASE
)
_MOST_TITLED = 2
"""A phrase that stands in more titles than this says which subject, not which document."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign, or something in quotation marks, at `question[start:end]`; `lower` without those marks."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_quoted(self) -> bool:
        return self.text[0] in "«“\"" and len(self.text) > 1


def tokens(question: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(question):
        text = match.group()
        quoted = text[0] in "«“\"" and len(text) > 1
        found.append(Token(text, (text[1:-1] if quoted else text).lower(), match.start(), match.end()))
    return found


class Names:
    """The names of a catalogue's documents. `sources` keep their order."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = {source.id: source for source in sources}
        self._publishers: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._titles: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._titled: dict[str, set[str]] = defaultdict(set)
        self._kinds: dict[str, Noun | None] = {}
        self._title_nouns: dict[str, set[str]] = defaultdict(set)
        self._longest = 1
        for source in self.sources.values():
            self._take(source)

    def _take(self, source: Source) -> None:
        for name in _aliases(source):
            self._publishers[name].add(source.publisher or "")
            self._longest = max(self._longest, len(name))
        if source.kind:
            self._kinds.setdefault(source.kind, noun_of_kind(source.kind))
        words = _words(source.title)
        self._titles[tuple(words)].add(source.id)
        main = _words(re.split(r"[:–—]|\s-\s", source.title)[0])
        if len(main) > 1:
            self._titles[tuple(main)].add(source.id)
        for word in words:
            self._titled[stem(word)].add(source.id)
            if named := noun(word):
                self._title_nouns[named.base].add(source.id)

    # --- publishers ---

    def publisher_at(
        self, found: Sequence[Token], at: int, genitive: bool = False
    ) -> tuple[tuple[str, ...], int] | None:
        """The publishers whose name begins at `at`, and the place after it; with `genitive` as in "LMIs rapport"."""
        for length in range(min(self._longest, len(found) - at), 0, -1):
            name = [token.lower for token in found[at : at + length]]
            if genitive:
                if not re.search(r".s$|['’]s?$", name[-1]):
                    continue
                name[-1] = re.sub(r"['’]s?$|s$", "", name[-1])
            if publishers := self._publishers.get(tuple(name)):
                return tuple(sorted(publishers)), at + length
        return None

    @staticmethod
    def is_medium(publisher: str) -> bool:
        """Whether something can stand "in" a publisher without a place being meant, as in Lillestrøm kommune."""
        return bool(_MEDIA.search(publisher))

    # --- kinds ---

    def of_noun(self, named: Noun) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The kinds that a noun names, or else the ids of the documents whose titles hold it.

        A kind of the same sort goes before one of the same family. Of a compound ("årsrapport") the whole word is
        looked for first; one for what binds ("statsbudsjett") means nothing else."""
        known = [(kind, one) for kind, one in self._kinds.items() if one]
        holding = self._title_nouns.get(named.base)
        titled = tuple(id for id in self.sources if id in holding) if holding else ()
        if named.base != named.head:
            same = tuple(kind for kind, one in known if one.base == named.base)
            if same or titled or named.rank == 0:
                return (same, ()) if same else ((), titled)
        kinds = tuple(kind for kind, one in known if one.sort == named.sort)
        kinds = kinds or tuple(kind for kind, one in known if one.family == named.family)
        return (kinds, ()) if kinds else ((), titled)

    # --- titles ---

    def titled(self, title: str) -> frozenset[str]:
        """The ids of the documents that have exactly this title, or this before a colon or dash in it."""
        return frozenset(self._titles.get(tuple(_words(title)), ()))

    def title_holding(self, phrase: str, among: Collection[str]) -> frozenset[str]:
        """The ids `among` these of the one or two documents whose titles hold all that the phrase says."""
        wanted = {stem(word) for word in content_words(phrase) if not is_left_out(word)}
        if not wanted or not any(len(word) > 3 or word[0].isdigit() for word in wanted):
            return frozenset()
        found = frozenset.intersection(*(frozenset(self._titled.get(word, ())) for word in wanted))
        found = frozenset(id for id in found if id in among)
        return found if len(found) <= _MOST_TITLED else frozenset()


def _words(text: str) -> list[str]:
    """As they are looked up: in lower case, without signs."""
    return [word for word, _, _ in terms(text)]


def _aliases(source: Source) -> Iterable[tuple[str, ...]]:
    """What a publisher may be called: whole, without what stands in brackets, that alone, without AS; its domain."""
    publisher = source.publisher
    if not publisher:
        return
    without, bracketed = re.sub(r"\s*\([^)]*\)", "", publisher), re.findall(r"\(([^)]+)\)", publisher)
    domain = re.sub(r"^(?:https?://)?(?:www\.)?([^/]*).*$", r"\1", source.url or "")
    for name in (publisher, without, *bracketed, domain):
        cut = [token.lower for token in tokens(name) if token.is_word]
        if cut and cut[-1] in _FIRMS and len(cut) > 1:
            yield tuple(cut[:-1])
        if cut and folded(name):
            yield tuple(cut)
