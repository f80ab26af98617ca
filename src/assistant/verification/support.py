"""Finds the sentences of the cited passages that bear a drafted sentence. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from assistant.types import Hit, Quote, Span
from assistant.verification.bearing import Held, fault, held, held_word_for_word, share
from assistant.verification.claims import Claims, claims_of, is_english
from assistant.verification.quantities import Figure, is_year
from assistant.verification.stretch import Fault, Stretch, at

Meaning = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike in meaning a sentence is to each of some quotes, in whatever language: 0-1, `SAME_MEANING` or more
where they say the same."""

LEAST_SHARED = 0.4
"""The share of a sentence's words that its source must hold, in the same or another language, for its words
alone to show that the two say the same; "is" and "the" do not count."""
SAME_MEANING = 0.5
LEAST_COUNTED = 0.5
"""A number in a sentence without a name is borne only where more of its words than that are held: "the plan has 41
measures" and "the programme has 41 measures" are near in meaning, and only one of them need be true."""
CLEARLY_MORE = 0.05
"""What a sentence of the source contradicts, no other one bears that holds so much less of the rest of it."""
_MOST_CHECKED = 16
_MOST_WEIGHED = 6
"""Stretches whose meaning is asked for."""
_MOST_COMBINED = 4

_Synonyms = tuple[frozenset[str], ...]


@dataclass(slots=True)
class _Candidate:
    """A sentence of a cited passage, or two neighbours; `quotable` where it is one of the passage's sentences."""

    hit: Hit
    span: Span
    stretch: Stretch
    held: tuple[Held, ...]
    verbatim: tuple[Held, ...]
    quotable: bool
    fault: Fault | None = field(default=None)

    @property
    def words(self) -> float:
        """The share of the sentence's words that this holds; of all it says, where it has no words."""
        return share([one for one in self.held if one.is_word] or self.held)

    @property
    def share(self) -> float:
        """The share of all that the sentence says."""
        return share(self.held)

    def nearness(self, beside: Fault) -> float:
        """The same without what is at fault, and how much of the sentence stands there word for word."""
        return sum(
            share([one for one in things if one.end <= beside.start or beside.end <= one.start])
            for things in (self.held, self.verbatim)
        )


def support(
    text: str, cited: Sequence[Hit], given: Sequence[Hit], meaning: Meaning | None
) -> tuple[Quote, ...] | Fault:
    """The quotes that bear `text`, best first and at most one a cited passage; or what they do not bear.
    `given` are all the hits: what one of them introduces, as "Legemiddelindustrien (LMI)", holds for all."""
    claims = claims_of(text, is_english(text))
    synonyms = _synonyms(given)
    candidates = sorted(
        (one for hit in dict.fromkeys(cited) for one in _candidates(claims, hit, synonyms)),
        key=lambda one: (-one.share, not one.quotable, one.span.end - one.span.start),
    )[:_MOST_CHECKED]
    if said := [one for one in candidates if _word_for_word(claims, one)]:
        return tuple(_quote(one) for one in _one_a_passage(said))
    for one in candidates:
        one.fault = fault(claims, one.stretch) or _of_something_else(claims, one)
    able = [one for one in candidates if one.fault is None and not any(_contradicts(o, one) for o in candidates)]
    if borne := [one for one in able if one.words >= LEAST_SHARED] or _by_meaning(text, able, meaning):
        return tuple(_quote(one) for one in _one_a_passage(borne))
    if combined := _combined(claims, candidates, synonyms):
        return tuple(_quote(one) for one in combined)
    faults = [one.fault for one in candidates if one.fault]
    return faults[0] if faults and not able else Fault("meaning", "")


def _candidates(claims: Claims, hit: Hit, synonyms: _Synonyms) -> Iterator[_Candidate]:
    passage, source = hit.passage, hit.source
    ahead = passage.indexed_text.removesuffix(passage.text)
    around = "\n".join(part for part in (ahead, source.title, source.publisher or "", passage.text) if part)
    spans = _spans(hit)
    for span in (*spans, *(Span(a.start, b.end) for a, b in pairwise(spans))):
        text = passage.between(span.start, span.end)
        stretch = Stretch(text, around, source.date, source.language == "en", synonyms)
        verbatim = held_word_for_word(claims, stretch)
        yield _Candidate(hit, span, stretch, held(claims, stretch), verbatim, span in passage.sentences)


def _spans(hit: Hit) -> list[Span]:
    """The passage's sentences, and the headings, captions and lead-ins between them."""
    passage = hit.passage
    found: list[Span] = []
    done = passage.start
    for span in (*passage.sentences, Span(passage.end, passage.end)):
        between = passage.between(done, span.start) if span.start > done else ""
        if any(character.isalnum() for character in between):
            ahead = len(between) - len(between.lstrip())
            found.append(Span(done + ahead, done + ahead + len(between.strip())))
        if span.end > span.start:
            found.append(span)
        done = max(done, span.end)
    return found


def _contradicts(other: _Candidate, one: _Candidate) -> bool:
    """Whether `other` is nearer to the sentence, and says something else where it does not bear it. A neighbour
    may not save what it adds nothing to but the very thing that its sentence says otherwise."""
    if other.fault is None or not other.quotable or not other.fault.contradicts:
        return False
    inside = one.span.start <= other.span.start and other.span.end <= one.span.end
    margin = -CLEARLY_MORE if inside else CLEARLY_MORE
    return other.nearness(other.fault) > one.nearness(other.fault) + margin


def _word_for_word(claims: Claims, one: _Candidate) -> bool:
    ours, theirs = (" ".join(token.text for token in found.tokens) for found in (claims, one.stretch.claims))
    return ours.rstrip(" .") == theirs.rstrip(" .")


def _of_something_else(claims: Claims, one: _Candidate) -> Fault | None:
    """A number that the stretch has, and perhaps of another thing than the sentence: none of its names tells, and in
    one and the same language too little of its words does. Long words weigh more; they say more."""
    counted = next((q for q in claims.quantities if isinstance(q, Figure) and not is_year(q)), None)
    if counted is None or claims.english != one.stretch.english or any(name.sure for name in claims.names):
        return None
    words = [(thing.end - thing.start, thing.degree) for thing in one.held if thing.is_word]
    borne = sum(length * degree for length, degree in words)
    apart = words and borne <= LEAST_COUNTED * sum(length for length, _ in words)
    return at(counted, "bound", contradicts=False) if apart else None


def _by_meaning(text: str, able: Sequence[_Candidate], meaning: Meaning | None) -> list[_Candidate]:
    """Those that say the same in other words, best first."""
    if meaning is None or not able:
        return []
    some = able[:_MOST_WEIGHED]
    weighed = sorted(zip(meaning(text, [one.stretch.text for one in some]), some, strict=True), key=lambda w: -w[0])
    return [one for likeness, one in weighed if likeness >= SAME_MEANING]


def _combined(claims: Claims, candidates: Sequence[_Candidate], synonyms: _Synonyms) -> list[_Candidate]:
    """A sentence of several passages, of which each bears a part that the others do not."""
    by_passage: dict[str, list[_Candidate]] = {}
    for one in candidates:
        if one.quotable:
            by_passage.setdefault(one.hit.passage.id, []).append(one)
    if not 1 < len(by_passage) < 4:
        return []
    for parts in product(*(found[:_MOST_COMBINED] for found in by_passage.values())):
        if _bear_together(claims, parts, synonyms):
            return [one for one in parts if not _bear_together(claims, [p for p in parts if p is not one], synonyms)]
    return []


def _bear_together(claims: Claims, parts: Sequence[_Candidate], synonyms: _Synonyms) -> bool:
    stretch = Stretch(
        "\n".join(one.stretch.text for one in parts),
        "\n".join(one.stretch.around for one in parts),
        parts[0].stretch.date,
        all(one.stretch.english for one in parts),
        synonyms,
    )
    if fault(claims, stretch):
        return False
    found = held(claims, stretch)
    return share([one for one in found if one.is_word] or found) >= LEAST_SHARED


def _one_a_passage(borne: Sequence[_Candidate]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for one in borne:
        found.setdefault(one.hit.passage.id, one)
    return list(found.values())


def _quote(one: _Candidate) -> Quote:
    return Quote(one.hit.passage, one.hit.source, one.span.start, one.span.end, one.stretch.text)


# --- abbreviations ------------------------------------------------------------------------------

_CAPITALISED = r"[A-ZÆØÅ][\w&/.-]*(?:[ -](?:[A-ZÆØÅ][\w&/.-]*|i|og|for|av|of|and|the|på)){0,6}"
_INTRODUCED = re.compile(
    rf"(?P<name>{_CAPITALISED}|[a-zæøå]{{5,}}),? ?\(?(?P<short>[A-ZÆØÅ][A-ZÆØÅa-zæøå]{{0,2}}[A-ZÆØÅ]\w{{0,4}})\b\)?"
)


def _synonyms(given: Sequence[Hit]) -> _Synonyms:
    """ "Legemiddelindustrien (LMI)" makes the two one; so does "Statistisk sentralbyrå (SSB)"."""
    texts = [part for hit in given for part in (hit.passage.indexed_text, hit.source.publisher or "")]
    return tuple(dict.fromkeys(pair for text in texts for pair in _introduced(text)))


def _introduced(text: str) -> Iterator[frozenset[str]]:
    for match in _INTRODUCED.finditer(text):
        name, short = match["name"], match["short"]
        words = name.split()
        # "Det skrev Statistisk sentralbyrå (SSB)": the name is the shortest that fits.
        for first in reversed(range(len(words))):
            tail = " ".join(words[first:])
            if tail != short and _abbreviates(short, tail):
                yield frozenset({tail.lower(), short.lower()})
                break


def _abbreviates(short: str, name: str) -> bool:
    """Whether the letters stand in the name in that order, the first one first."""
    letters = iter(name.lower())
    return name[0].lower() == short[0].lower() and all(letter in letters for letter in short.lower())
