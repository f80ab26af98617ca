"""Where a question names the documents to look in: a noun for them, a publisher or a title, after a word that says
where something stands, and what is said more of them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from assistant.scope import cues
from assistant.scope.kinds import ANY, Noun, noun, noun_of_two
from assistant.scope.names import Names, Token
from assistant.scope.periods import Period, period_at


@dataclass(slots=True)
class Mention:
    """Documents named in the words from `start` to `end` of a question. `titled` are the ids of those whose title is
    named."""

    start: int
    end: int
    nouns: list[Noun] = field(default_factory=list)
    newest: bool = False
    periods: list[Period] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    titled: frozenset[str] = frozenset()

    @property
    def says_more(self) -> bool:
        """More of the documents than what they are called."""
        return bool(self.periods or self.publishers or self.languages or self.titled or self.newest)


def mentions(found: Sequence[Token], names: Names, ids: Collection[str]) -> list[Mention]:
    """In the order of the question, `found` being its words. `ids` are the documents that may be meant."""
    reading, at, read = _Reading(found, names, ids), 0, []
    while at < len(found):
        mention = reading.at(at)
        if mention is not None:
            read.append(mention)
        at = mention.end if mention else at + 1
    question = " ".join(token.lower for token in found)
    in_one_part = bool(cues.TWO_PARTS.search(question)) and any(mention.start for mention in read)
    # "hvor mange ifølge LMI, og hvor mange ifølge SSB" wants both, and one of them may be unknown here.
    return [] if in_one_part else read


class _Reading:
    """One question, word by word. Its methods give what begins with the word at `at`, or None."""

    def __init__(self, found: Sequence[Token], names: Names, ids: Collection[str]) -> None:
        self._found = found
        self._names = names
        self._ids = frozenset(ids)
        self._lower = [token.lower for token in found]

    def at(self, at: int) -> Mention | None:
        if cues.NOT & set(self._lower[max(0, at - 2) : at]):
            return None
        return self._said_by(at) or self._standing_in(at) or self._says(at) or self._asked_for(at) or self._written(at)

    # --- words that lead to a source ---

    def _said_by(self, at: int) -> Mention | None:
        after = self._past(at, cues.SAID_BY)
        if after is None:
            return None
        return self._title(at, after) or self._publisher(at, after) or self._documents(at, after)

    def _standing_in(self, at: int) -> Mention | None:
        word, before = self._lower[at], self._lower[max(0, at - 3) : at]
        if word == "av" and cues.LEADS_TO_AV & set(before):
            return self._documents(at, at + 1)
        if word == "etter":
            named = self._documents(at, at + 1)  # "etter forskriften", but "etter møtet" is a time
            return named if named and all(one.family in cues.FOLLOWED for one in named.nouns) else None
        if word in ("på", "on", "at") and at + 1 < len(self._lower) and "." in self._lower[at + 1]:
            return self._publisher(at, at + 1)
        if word not in cues.STANDS_IN:
            return None
        medium = self._publisher(at, at + 1) if word in ("i", "in") else None
        if medium and not all(self._names.is_medium(one) for one in medium.publishers):
            medium = None
        title = self._title(at, at + 1)
        is_read = bool(cues.READ & set(self._lower[:at]))
        if title and not is_read and not any(map(noun, self._lower[at + 1 : title.end])):
            title = None
        named = self._documents(at, at + 1)
        if named and not is_read and not named.says_more and any(one.family in cues.THINGS for one in named.nouns):
            named = None
        return title or medium or named

    def _says(self, at: int) -> Mention | None:
        """ "Hva sier rapporten …", "What does the report say …", "Hva skriver Finansavisen …"."""
        word = self._lower[at]
        if word in cues.SAYS:
            asks_what = at > 0 and self._lower[at - 1] in ("hva", "kva")  # "når skrev LMI …" asks of the writing
            publisher = self._publisher(at + 1, at + 1) if word in cues.WRITES and asks_what else None
            return publisher or self._title(at + 1, at + 1) or self._documents(at + 1, at + 1)
        if word not in ("does", "did", "do"):
            return None
        publisher = self._publisher(at + 1, at + 1) if at and self._lower[at - 1] == "what" else None
        named = publisher or self._title(at + 1, at + 1) or self._documents(at + 1, at + 1)
        verb = self._lower[named.end] if named and named.end < len(self._lower) else ""
        return named if verb in (cues.WRITES if publisher else cues.SAY) else None

    def _asked_for(self, at: int) -> Mention | None:
        after = self._past(at, cues.ASKED_FOR)
        named = self._documents(at, after) if after is not None else None
        return named if named and named.says_more and all(one.rank for one in named.nouns) else None

    def _written(self, at: int) -> Mention | None:
        """ "Hva er skrevet etter 2023 om …"."""
        if not at and self._lower[0] in ("hva", "kva", "noe", "noko", "what"):
            for verb in range(1, min(5, len(self._lower))):
                written = self._lower[verb] in cues.DATED and period_at(self._lower, verb + 1)
                if written:
                    return Mention(verb + 1, written[1], periods=[written[0]])
        return None

    # --- what they lead to ---

    def _documents(self, start: int, at: int) -> Mention | None:
        """Documents called so: "den nyeste rapporten fra LMI", "LMIs notater på nynorsk"."""
        mention = Mention(start, at)
        after = self._noun(mention, at)
        if after is None:
            return None
        mention.end = self._more(mention, after)
        while mention.end < len(self._lower) and self._lower[mention.end] in cues.AND:
            other = self._documents(mention.end, mention.end + 1)
            if other is None:
                break
            if mention.says_more or other.says_more:
                return None  # "rapporten fra 2021 og notatet fra 2023": what is said of one is not said of the other
            mention.nouns += other.nouns
            mention.end = other.end
        bare = all(one.family == ANY for one in mention.nouns) and not mention.says_more
        return None if bare else mention

    def _noun(self, mention: Mention, at: int) -> int | None:
        """The place after the noun, with what stands before it put into the mention."""
        adjectives = 0
        while at < len(self._found):
            token, word = self._found[at], self._lower[at]
            year = re.fullmatch(r"((?:19|20)\d\d)(?:-(\D+))?", word)
            named = self._noun_at(at) if not year else noun(year[2]) if year[2] else None
            owner = self._names.publisher_at(self._found, at, genitive=True)
            if year:
                mention.periods.append(Period(year[1], year[1], exact=True))
            if named:
                mention.nouns.append(named[0] if isinstance(named, tuple) else named)
                return named[1] if isinstance(named, tuple) else at + 1
            if word in cues.NEWEST:
                mention.newest = True
            elif word in cues.LANGUAGES:
                mention.languages = cues.LANGUAGES[word]
            elif owner:
                mention.publishers += owner[0]
                at = owner[1] - 1
            elif not year and word not in cues.ARTICLES:
                adjectives += 1
                if adjectives > 2 or not self._is_adjective(token):
                    return None
            at += 1
        return None

    def _noun_at(self, at: int) -> tuple[Noun, int] | None:
        """Of "news articles" and "press release" all of it."""
        if not self._found[at].is_word or self._names.publisher_at(self._found, at):
            return None  # Finansavisen is no avis of any kind
        following = self._lower[at + 1] if at + 1 < len(self._found) else ""
        if pair := noun_of_two(self._lower[at], following):
            return pair, at + 2
        one, other = noun(self._lower[at]), noun(following) if following.isalpha() else None
        if one and other and other.head != "report":
            return other, at + 2
        return (one, at + 1) if one else None

    def _is_adjective(self, token: Token) -> bool:
        if not token.text.islower() or not token.text.isalpha() or token.lower in cues.NO_ADJECTIVES:
            return False
        return token.lower[-1] in "es" or "the" in self._lower

    def _more(self, mention: Mention, at: int) -> int:
        """The place after all that is said of the documents, with that put into the mention."""
        while at < len(self._found):
            after = (
                self._language(mention, at)
                or self._period(mention, at)
                or self._of_publisher(mention, at)
                or self._of_title(mention, at)
            )
            if after is None:
                break
            at = after
        return at

    def _language(self, mention: Mention, at: int) -> int | None:
        after = self._past(at, ("på", "in"))
        if after is None or after >= len(self._lower) or self._lower[after] not in cues.LANGUAGES:
            return None
        mention.languages = cues.LANGUAGES[self._lower[after]]
        return after + 1

    def _period(self, mention: Mention, at: int) -> int | None:
        after = self._past(at, cues.DATED)
        read = period_at(self._lower, at if after is None else after, bare=True)
        if read is None:
            return None
        mention.periods.append(read[0])
        return read[1]

    def _of_publisher(self, mention: Mention, at: int) -> int | None:
        after = self._past(at, cues.BY)
        named = self._publisher(at, after) if after is not None else None
        if named is None:
            return None
        mention.publishers += named.publishers
        return named.end

    def _of_title(self, mention: Mention, at: int) -> int | None:
        if mention.titled or any(one.plural for one in mention.nouns):
            return None
        after = self._past(at, cues.TITLED)
        start = at if after is None else after
        among = self._ids_of(mention)
        for end in range(min(len(self._found), start + cues.LONGEST_PHRASE), start, -1):
            words = self._found[start:end]
            if not self._is_phrase(words) or (start == at and not (words[0].is_quoted or words[0].text[0].isupper())):
                continue
            exact = self._exact(words) & self._ids
            mention.titled = exact or self._names.title_holding(" ".join(one.lower for one in words), among)
            if mention.titled:
                return end
        return None

    def _ids_of(self, mention: Mention) -> Collection[str]:
        kinds, titled = self._names.of_noun(mention.nouns[0])
        if not kinds:
            return titled or self._ids
        return {id for id in self._ids if self._names.sources[id].kind in kinds}

    def _publisher(self, start: int, at: int) -> Mention | None:
        named = self._names.publisher_at(self._found, at)
        if named is None:
            return None
        mention = Mention(start, named[1], publishers=list(named[0]))
        while mention.end + 1 < len(self._lower) and self._lower[mention.end] in cues.AND:
            other = self._names.publisher_at(self._found, mention.end + 1)
            if other is None:
                break
            mention.publishers += other[0]
            mention.end = other[1]
        return mention

    def _title(self, start: int, at: int) -> Mention | None:
        """A title by itself: whole, or up to its colon."""
        for end in range(min(len(self._found), at + 2 * cues.LONGEST_PHRASE), at, -1):
            words = self._found[at:end]
            is_title = words[0].is_quoted if len(words) == 1 else all(one.is_word for one in words)
            titled = self._exact(words) & self._ids if is_title else frozenset()
            if titled:
                return Mention(start, end, titled=titled)
        return None

    def _exact(self, words: Sequence[Token]) -> frozenset[str]:
        return self._names.titled(" ".join(one.lower for one in words))

    def _is_phrase(self, words: Sequence[Token]) -> bool:
        """Whether the words may be a name or what a title says: no signs, and not ending in the middle."""
        if words[0].is_quoted:
            return len(words) == 1
        return all(one.is_word for one in words) and words[-1].lower not in cues.WITHIN_NAMES

    def _past(self, at: int, cues: Sequence[str]) -> int | None:
        """The place after the longest of `cues` that stands at `at`."""
        ends = [
            at + len(cue.split()) for cue in cues if self._lower[at : at + len(cue.split())] == cue.split()
        ]
        return max(ends, default=None)
