"""Which documents a question itself says to look in: "i referatet fra LEO Pharma", "ifølge nyheter etter 2023". Pure.

Only where the words clearly are about documents: a noun for them, or a publisher's name or a title, after a word that
says where something stands. What the question is about ("Hva skjedde i 2021?", "Hva er Veikart for helsenæringen?") is
left alone: other documents tell of it too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.filters import passes
from assistant.scope.kinds import ANY
from assistant.scope.mentions import Mention, mentions
from assistant.scope.names import Names, Token, tokens
from assistant.scope.periods import Period
from assistant.text import content_words, is_left_out
from assistant.types import Filters, Recognised, Source

_MOST_BY_TITLE = 12
_MOST_NEWEST = 3
_OPEN = ".."


@dataclass(frozen=True, slots=True)
class Scope:
    """`filters` are what the question says, `recognised` the same one by one, without labels. `question` is it without
    those words, or whole where little would be left."""

    filters: Filters
    recognised: tuple[Recognised, ...]
    question: str


def scope(
    question: str,
    sources: Names | Iterable[Source],
    allowed: Collection[str] | None = None,
    ignore: Collection[str] = (),
) -> Scope:
    """What `question` says of where to look among `sources`, or those of them that are `allowed` (ids). `ignore` holds
    the fields that are not to be filtered by. Where no document would be left, nothing is filtered."""
    names = sources if isinstance(sources, Names) else Names(sources)
    ids = [id for id in names.sources if allowed is None or id in allowed]
    found = tokens(question)
    read = mentions(found, names, ids)
    recognised = [one for mention in read for one in _resolved(mention, names, ids, ignore)]
    filters = filters_of(recognised)
    twice = len({one.field for one in recognised}) < len(recognised)  # two mentions, and either may hold the answer
    if not recognised or twice or not any(passes(names.sources[id], filters) for id in ids):
        return Scope(Filters(), (), question)
    return Scope(filters, tuple(recognised), _without(question, found, read))


def filters_of(recognised: Iterable[Recognised]) -> Filters:
    filters = Filters()
    for one in recognised:
        match one.field:
            case "kinds":
                filters = replace(filters, kinds=one.values)
            case "publishers":
                filters = replace(filters, publishers=one.values)
            case "languages":
                filters = replace(filters, languages=one.values)
            case "documents":
                filters = replace(filters, documents=one.values)
            case "date":
                first, last = one.values[0].split("/")
                filters = replace(
                    filters, date_from=None if first == _OPEN else first, date_to=None if last == _OPEN else last
                )
    return filters


def _resolved(mention: Mention, names: Names, ids: Sequence[str], ignore: Collection[str]) -> list[Recognised]:
    """The filters that a mention comes to; none where no document would pass them all. Documents that are told from
    others by their titles are the only filter: the rest of what is said went into choosing them."""
    by_title: list[str] = [id for id in ids if id in mention.titled]
    recognised: list[Recognised] = []
    kinds, titled = _of_nouns(mention, names)
    if kinds and not by_title:
        recognised.append(Recognised("kinds", kinds))
    elif not by_title:
        by_title = [id for id in ids if id in titled]
        if len(by_title) > _MOST_BY_TITLE:
            return []
    if mention.publishers:
        recognised.append(Recognised("publishers", tuple(dict.fromkeys(mention.publishers))))
    if mention.languages:
        spoken = {names.sources[id].language for id in ids}
        recognised.append(Recognised("languages", tuple(code for code in mention.languages if code in spoken)))
    candidates = _passing(names, by_title or ids, recognised)
    for period in mention.periods:
        of_year = _of_year(period, mention, names, candidates)
        if of_year:
            by_title = candidates = of_year
        else:
            recognised.append(Recognised("date", (f"{period.first or _OPEN}/{period.last or _OPEN}",)))
            candidates = _passing(names, candidates, recognised[-1:])
    if mention.newest:
        newest = max((names.sources[id].date or "" for id in candidates), default="")
        candidates = [id for id in candidates if newest and names.sources[id].date == newest]
        by_title = candidates if len(candidates) <= _MOST_NEWEST else by_title
    if not candidates or not all(one.values for one in recognised):
        return []
    if by_title and "documents" not in ignore:
        return [Recognised("documents", tuple(id for id in by_title if id in candidates))]
    return [one for one in recognised if one.field not in ignore]


def _passing(names: Names, ids: Sequence[str], recognised: Iterable[Recognised]) -> list[str]:
    filters = filters_of(recognised)
    return [id for id in ids if passes(names.sources[id], filters)] if filters else list(ids)


def _of_nouns(mention: Mention, names: Names) -> tuple[tuple[str, ...], frozenset[str]]:
    """The kinds that the nouns name, or the ids of documents that are called so in their titles."""
    kinds: dict[str, None] = {}
    titled: set[str] = set()
    for one in mention.nouns:
        if one.family != ANY or one.base != one.head:
            of_kind, of_title = names.of_noun(one)
            kinds |= dict.fromkeys(of_kind)
            titled |= set(of_title)
    return (tuple(kinds), frozenset()) if kinds else ((), frozenset(titled))


def _of_year(period: Period, mention: Mention, names: Names, candidates: Sequence[str]) -> list[str]:
    """The documents of a year that has a document named after it: "årsrapporten for 2021" may be dated 2022. Empty
    where their dates tell."""
    year = period.first or ""
    if not period.exact or len(year) != 4 or not mention.nouns or any(one.plural for one in mention.nouns):
        return []
    named = {id for id in candidates if re.search(rf"(?<![\d–-]){year}(?!\d)", names.sources[id].title)}
    dated = {id for id in candidates if passes(names.sources[id], Filters(date_from=year, date_to=year))}
    return [id for id in candidates if id in named | dated] if named - dated else []


def _without(question: str, found: Sequence[Token], read: Sequence[Mention]) -> str:
    """The question without the words of the mentions; all of it where no word that says something would be left."""
    rest = question
    for mention in reversed(read):
        start, end = found[mention.start].start, found[mention.end - 1].end
        rest = f"{rest[:start].rstrip()} {rest[end:].lstrip()}"
    rest = re.sub(r"\s+([,.?!:;])", r"\1", rest).strip(" ,:;–-")
    rest = re.sub(r"^[,.?!:;\s]+", "", rest)
    if all(is_left_out(word) for word in content_words(rest)):
        return question
    return rest[:1].upper() + rest[1:]
