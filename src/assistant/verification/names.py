"""Whether a stretch bears a sentence's names: the same ones, in the same places, joined to the same others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.verification.claims import Claims
from assistant.verification.naming import Name
from assistant.verification.samename import holds, holds_in_other_words, places_of, same_name
from assistant.verification.stretch import Fault, Span, Stretch, at, span
from assistant.verification.surroundings import SAME_PLACE, affinity, replaces
from assistant.verification.wording import FUNCTION, alike, halves, is_known, senses

WORD_FOR_WORD = 0.85
"""As SAME_PLACE, where an ordinary word may be meant."""
SWAPPED = 0.7
"""As SAME_PLACE, for two names that both the source and the sentence have."""
CLEARLY_NEARER = 0.12
_SOMEWHERE_NEAR = 0.4
"""From here on a sentence that lacks a name has another in its place, and does not merely leave it out."""


def name_faults(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    judged = {one.start for one in claims.negations} | {one.start for one in claims.directions}  # by other checks
    for name in claims.names:
        if name.adjective:
            yield from _of_adjective(claims, name, stretch)
        elif name.titled and not name.sure:
            if name.start not in judged:
                yield from _of_opening(claims, name, stretch)
        elif not _is_ordinary_word(name, stretch):
            yield from _of_name(claims, name, stretch)
        elif _takes_anothers_place(claims, name, stretch.claims, WORD_FOR_WORD):
            yield at(name, "names")
    yield from _of_pairs(claims, stretch.claims)
    yield from _of_brackets(claims, stretch)


def _of_opening(claims: Claims, name: Name, stretch: Stretch) -> Iterator[Fault]:
    """An ordinary word that opens the sentence may be a name all the same: where the source writes it so, or
    where the source has a name and the same words after it. "The company" for a company's name is neither."""
    refers = senses(name.words[0]) & _REFERS and not claims.text[: name.start].rstrip().endswith(":")
    if any(name.words[0] == other.words[0] and other.sure for other in stretch.around_claims.names):
        yield from _of_name(claims, name, stretch)
    elif not refers and not places_of(name, stretch.claims, ()):
        if _takes_anothers_place(claims, name, stretch.claims, WORD_FOR_WORD):
            yield at(name, "names")


_REFERS = frozenset(
    "selskap kommune fylke stat regjering forening organisasjon klubb parti styre råd prosjekt program by bygd sted "
    "område region land øy elv innsjø fjell mann kvinne folk barn konge forfatter kunst minister statsminister ordfører "
    "leder direktør president trener spill gruppe universitet høyskole skole sykehus avis lag film bok album rapport "
    "dokument artikkel delegasjon industri næring bygning kirke produkt legemiddel satsing strategi veikart lov avtale "
    "arrangement skip kamp krig språk student lærer lege forskning museum anlegg produksjon partner besøk reise".split()
)
"""Senses that take a name up again."""


def _of_name(claims: Claims, name: Name, stretch: Stretch) -> Iterator[Fault]:
    source = stretch.claims
    rest = next((other for other in claims.names if not name.sure and other.start == name.end + 1), None)
    whole = replace(name, text=f"{name.text} {rest.text}", end=rest.end) if rest else name
    if places := places_of(name, source, stretch.synonyms):
        if not rest:  # else the rest of the name is looked at
            yield from _misplaced(claims, name, stretch, places)
    elif name.sure and not places_of(name, stretch.around_claims, stretch.synonyms):
        if not _is_borne_as_words(name, stretch):
            yield at(name, "names", _takes_anothers_place(claims, name, source, _SOMEWHERE_NEAR))
    elif _takes_anothers_place(claims, name, source, SAME_PLACE):
        yield at(whole, "names")


def _is_ordinary_word(name: Name, stretch: Stretch) -> bool:
    """One ordinary word with a capital, as "the Council", which the source has too, and has not as a name."""
    return (
        name.titled
        and len(name.words) == 1
        and _is_borne_as_words(name, stretch)
        and not any(other.sure and holds(other, name, ()) for other in stretch.claims.names)
    )


def _is_borne_as_words(name: Name, stretch: Stretch) -> bool:
    """ "National Export Council" may stand as "Nasjonalt eksportråd", and "Innovation Norway" as "Innovasjon Norge".
    All its words must stand together: "Legemiddelindustrien" is not there because medicines are."""
    sources = (stretch.claims, stretch.around_claims)
    if not name.titled:
        return False
    if any(holds_in_other_words(held, name) for found in sources for held in found.names):
        return True
    if not all(is_known(word, True) or is_known(word, False) for word in name.words):
        return False
    wanted = [part for word in name.words for part in halves(word)]
    return any(_stand_together(wanted, found) for found in sources)


def _stand_together(wanted: Sequence[str], source: Claims) -> bool:
    says = [t.lower for t in source.tokens if t.kind == "word" and t.lower not in FUNCTION]
    size = len(wanted) + 1
    return any(
        all(any(alike(word, other) >= 0.8 for other in says[first : first + size]) for word in wanted)
        for first in range(max(1, len(says) - size + 1))
    )


# --- one in another's place ---------------------------------------------------------------------


def _takes_anothers_place(claims: Claims, name: Name, source: Claims, least: float) -> bool:
    if not name.sure and any(_is_related(name.words[0], token.lower) for token in source.tokens):
        return False
    return any(
        affinity(claims, here, source, there, True) >= (least if _is_rival(other) else max(least, WORD_FOR_WORD))
        for other in source.names
        if not other.adjective and not same_name(name, other)
        for there in _extents(other, source)
        for here in _extents(name, claims)
    )


def _is_rival(name: Name) -> bool:
    return not name.adjective and (name.sure or not name.titled)


def _is_related(word: str, other: str) -> bool:
    """Whether two words say the same or begin so: lysbileta, lysbildene."""
    return alike(word, other) >= 0.8 or (len(word) > 6 and word[:5] == other[:5])


def _extents(name: Name, found: Claims) -> Iterator[Span]:
    """A name's own place, that of its first word, and that of the whole where a word opens a sentence and the
    rest of the name follows."""
    yield span(name)
    if len(name.words) > 1:
        yield name.start, name.start + len(name.text.split()[0])
    if not name.sure:
        yield from ((name.start, other.end) for other in found.names if other.start == name.end + 1)


def _misplaced(claims: Claims, name: Name, stretch: Stretch, places: Sequence[Span]) -> Iterator[Fault]:
    """A name that the source has, where it has another: one that the sentence leaves out, or has elsewhere."""
    source = stretch.claims
    own = max(affinity(claims, span(name), source, place, True) for place in places)
    is_repeated = sum(same_name(name, one, stretch.synonyms) for one in claims.names) > max(1, len(places))
    for other in source.names:
        if not _is_rival(other) or same_name(name, other):
            continue
        said = any(same_name(other, one) for one in claims.names)
        if not is_repeated and _in_one_row(source, places, other):
            continue
        fits = affinity(claims, span(name), source, span(other), True)
        if fits >= (SWAPPED if said else SAME_PLACE) and fits > own + CLEARLY_NEARER:
            yield at(name, "bound")
            return


_OF_ROWS = frozenset(
    {",", ";", "-", "•", ")", "og", "and", "samt", "the", "hos", "fra", "frå", "i", "med", "with", "both"}
)


_ITEMS = frozenset("-•*")


def _in_one_row(source: Claims, places: Sequence[Span], other: Name) -> bool:
    """Names of one enumeration, "Nittedal, Rælingen (3) og Gjerdrum", stand among the same words; so do those that
    open the items of a list."""
    if source.before(other.start) in _ITEMS and any(source.before(start) in _ITEMS for start, _ in places):
        return True
    names = [span(name) for name in source.names]
    for place in places:
        first, last = sorted((place, span(other)))
        depth, outside = 0, []
        for token in source.tokens:
            if first[1] <= token.start and token.end <= last[0]:
                depth += token.text == "("
                if not depth and not any(start <= token.start < end for start, end in names):
                    outside.append(token.lower)
                depth -= token.text == ")"
        if all(word in _OF_ROWS for word in outside):
            return True
    return False


def _of_adjective(claims: Claims, name: Name, stretch: Stretch) -> Iterator[Fault]:
    """A country's adjective need not be borne, but must not stand in another one's place."""
    held = [*stretch.claims.names, *stretch.around_claims.names]
    if not any(name.words[0] in other.words for other in held):
        others = [other for other in stretch.claims.names if other.adjective]
        if replaces(claims, name, stretch.claims, others):
            yield at(name, "names")


def _of_pairs(claims: Claims, source: Claims) -> Iterator[Fault]:
    """ "A of X and B of Y": a sentence that puts A and Y together is not borne."""
    held = [name for name in source.names if name.sure and not name.adjective]
    links = [_between(source, one, other) for one, other in pairwise(held)]
    pair = _parallel_pairs(links)
    for one, other in pairwise(name for name in claims.names if not name.adjective):
        between = _between(claims, one, other)
        if not pair or len(between) > 5 or _is_listed(between):
            continue
        firsts = [i for i, name in enumerate(held) if same_name(one, name)]
        seconds = [i for i, name in enumerate(held) if same_name(other, name)]
        if any(links[pair[i][0]] == between for i in firsts if i in pair):  # said in the same way: only that counts
            firsts, seconds = ([i for i in indexes if i in pair] for indexes in (firsts, seconds))
        joined = [(pair.get(i), pair.get(j)) for i in firsts for j in seconds]
        if joined and all(a and b and a != b and links[a[0]] == links[b[0]] for a, b in joined):
            if not any(_same_role(pair, i, j) for i in firsts for j in seconds):
                yield at(other, "bound")


def _of_brackets(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    """ "The City Council (LMI)", where the source has "Legemiddelindustrien (LMI)"."""
    held = [pair for found in (stretch.claims, stretch.around_claims) for pair in _bracketed(found)]
    for name, short in _bracketed(claims):
        owners = [owner for owner, other in held if same_name(short, other)]
        if owners and not any(same_name(name, owner, stretch.synonyms) for owner in owners):
            yield at(short, "bound")


def _bracketed(found: Claims) -> list[tuple[Name, Name]]:
    """Each name that stands alone in brackets right after another."""
    names = [name for name in found.names if not name.adjective]
    return [
        (one, other)
        for one, other in pairwise(names)
        if _between(found, one, other) == ("(",) and any(t.text in ")," and t.start == other.end for t in found.tokens)
    ]


def _parallel_pairs(links: Sequence[tuple[str, ...]]) -> dict[int, tuple[int, int]]:
    """The names that stand two and two, each two joined by the same words: the pair of each, by its index."""
    found: dict[int, tuple[int, int]] = {}
    for at_link, link in enumerate(links):
        again = link in links[max(0, at_link - 2) : at_link : 2] or link in links[at_link + 2 : at_link + 3]
        if again and link and not _is_listed(link) and at_link not in found:
            found[at_link] = found[at_link + 1] = (at_link, at_link + 1)
    return found


def _same_role(pair: dict[int, tuple[int, int]], one: int, other: int) -> bool:
    """Two persons, or two places, of different pairs."""
    return pair[one].index(one) == pair[other].index(other)


def _between(found: Claims, one: Name, other: Name) -> tuple[str, ...]:
    return tuple(t.lower for t in found.tokens if one.end <= t.start and t.end <= other.start)


def _is_listed(between: Sequence[str]) -> bool:
    return all(word in (",", ";", "-", "•", "og", "and", "samt", "eller", "or") for word in between)
