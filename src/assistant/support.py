"""Finds the sentences of the cited passages that bear a drafted sentence. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.bearing import Fault, Held, Stretch, fault, held
from assistant.claims import Claims, claims_of, is_english
from assistant.types import Hit, Quote, Span

Meaning = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike in meaning a sentence is to each of some quotes, in whatever language: 0-1, `SAME_MEANING` or more
where they say the same."""

LEAST_SHARED = 0.4
"""The share of a sentence's words that its source must hold, in the same or another language, for its words
alone to show that the two say the same; "is" and "the" do not count."""
SAME_MEANING = 0.5
CLEARLY_MORE = 0.05
"""What a sentence of the source contradicts, no other one bears that holds so much less of the rest of it."""
_MOST_WEIGHED = 6
"""Stretches whose meaning is asked for."""
_MOST_COMBINED = 4


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    span: Span
    stretch: Stretch
    fault: Fault | None
    held: tuple[Held, ...]
    single: bool

    @property
    def words(self) -> float:
        """The share of the sentence's words that this holds; of all it says, where it has no words."""
        return _share([one for one in self.held if one.is_word] or self.held)

    @property
    def share(self) -> float:
        """The share of all that the sentence says."""
        return _share(self.held)

    def share_beside(self, fault: Fault) -> float:
        """The same without what is at fault."""
        return _share([one for one in self.held if not fault.start <= one.start < fault.end])


def _share(held: Sequence[Held]) -> float:
    return sum(one.degree for one in held) / len(held) if held else 0.0


def support(
    text: str, cited: Sequence[Hit], given: Sequence[Hit], meaning: Meaning | None
) -> tuple[Quote, ...] | Fault:
    """The quotes that bear `text`, best first and at most one a cited passage; or what they do not bear.
    `given` are all the hits: what one of them introduces, as "Legemiddelindustrien (LMI)", holds for all."""
    claims = claims_of(text, is_english(text))
    synonyms = _synonyms(given)
    candidates = sorted(
        (one for hit in dict.fromkeys(cited) for one in _candidates(claims, hit, synonyms)),
        key=lambda one: (-one.share, not one.single, one.span.end - one.span.start),
    )
    against = [one for one in candidates if one.single and one.fault]
    able = [one for one in candidates if one.fault is None and not any(_contradicts(other, one) for other in against)]
    if borne := [one for one in able if _says_the_same(one)] or _by_meaning(text, able, meaning):
        return tuple(_quote(one) for one in _one_a_passage(borne))
    if combined := _combined(claims, candidates, synonyms):
        return tuple(_quote(one) for one in combined)
    nearest = next((one.fault for one in candidates if one.fault), None) if not able else None
    return nearest or Fault("meaning", "")


def _candidates(claims: Claims, hit: Hit, synonyms: tuple[frozenset[str], ...]) -> Iterator[_Candidate]:
    passage, source = hit.passage, hit.source
    ahead = passage.indexed_text.removesuffix(passage.text)
    around = "\n".join(part for part in (ahead, source.title, source.publisher or "", passage.text) if part)
    spans = passage.sentences
    pairs = [Span(a.start, b.end) for a, b in zip(spans, spans[1:], strict=False)]
    for span in (*spans, *pairs):
        text = passage.between(span.start, span.end)
        stretch = Stretch(text, around, source.date, source.language == "en", synonyms)
        yield _Candidate(hit, span, stretch, fault(claims, stretch), held(claims, stretch), span in spans)


def _contradicts(other: _Candidate, one: _Candidate) -> bool:
    """Whether `other` is nearer to the sentence, but for what it does not bear."""
    if other.fault is None:
        return False
    inside = one.span.start <= other.span.start and other.span.end <= one.span.end
    return other.share_beside(other.fault) > one.share_beside(other.fault) + (-CLEARLY_MORE if inside else CLEARLY_MORE)


def _says_the_same(candidate: _Candidate) -> bool:
    return candidate.words >= LEAST_SHARED


def _by_meaning(text: str, able: Sequence[_Candidate], meaning: Meaning | None) -> list[_Candidate]:
    """Those that say the same in other words, best first."""
    if meaning is None or not able:
        return []
    some = able[:_MOST_WEIGHED]
    weighed = sorted(zip(meaning(text, [one.stretch.text for one in some]), some, strict=True), key=lambda w: -w[0])
    return [one for likeness, one in weighed if likeness >= SAME_MEANING]


def _combined(
    claims: Claims, candidates: Sequence[_Candidate], synonyms: tuple[frozenset[str], ...]
) -> list[_Candidate]:
    """A sentence of several passages, of which each bears a part that the others do not."""
    by_hit: dict[Hit, list[_Candidate]] = {}
    for one in candidates:
        if one.single:
            by_hit.setdefault(one.hit, []).append(one)
    if not 1 < len(by_hit) < 4:
        return []
    for parts in product(*(found[:_MOST_COMBINED] for found in by_hit.values())):
        if _bear_together(claims, parts, synonyms):
            idle = [one for one in parts if _bear_together(claims, [p for p in parts if p is not one], synonyms)]
            return [one for one in parts if one not in idle]
    return []


def _bear_together(claims: Claims, parts: Sequence[_Candidate], synonyms: tuple[frozenset[str], ...]) -> bool:
    stretch = Stretch(
        "\n".join(one.stretch.text for one in parts),
        "\n".join(one.stretch.around for one in parts),
        parts[0].stretch.date if parts else None,
        all(one.stretch.english for one in parts),
        synonyms,
    )
    if fault(claims, stretch) is not None:
        return False
    found = held(claims, stretch)
    return _share([one for one in found if one.is_word] or found) >= LEAST_SHARED


def _one_a_passage(borne: Sequence[_Candidate]) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for one in borne:
        found.setdefault(one.hit.passage.id, one)
    return list(found.values())


def _quote(one: _Candidate) -> Quote:
    passage, span = one.hit.passage, one.span
    return Quote(passage, one.hit.source, span.start, span.end, passage.between(span.start, span.end))


# --- abbreviations ------------------------------------------------------------------------------

_CAPITALISED = r"[A-ZÆØÅ][\w&/.-]*(?:[ -](?:[A-ZÆØÅ][\w&/.-]*|i|og|for|av|of|and|the|på)){0,6}"
_INTRODUCED = re.compile(
    rf"(?P<name>{_CAPITALISED}|[a-zæøå]{{5,}}),? ?\(?(?P<short>[A-ZÆØÅ][A-ZÆØÅa-zæøå]{{0,2}}[A-ZÆØÅ]\w{{0,4}})\b\)?"
)


def _synonyms(given: Sequence[Hit]) -> tuple[frozenset[str], ...]:
    """ "Legemiddelindustrien (LMI)" makes the two one; so does "Statistisk sentralbyrå (SSB)"."""
    texts = [part for hit in given for part in (hit.passage.indexed_text, hit.source.publisher or "")]
    return tuple(dict.fromkeys(pair for text in texts for pair in _introduced(text)))


def _introduced(text: str) -> Iterator[frozenset[str]]:
    for match in _INTRODUCED.finditer(text):
        name, short = match["name"], match["short"]
        words = name.split()
        for at in range(len(words)):  # "Det skrev Statistisk sentralbyrå (SSB)": the name is the shortest that fits
            tail = " ".join(words[len(words) - 1 - at :])
            if tail != short and _abbreviates(short, tail):
                yield frozenset({tail.lower(), short.lower()})
                break


def _abbreviates(short: str, name: str) -> bool:
    """Whether the letters stand in the name in that order, the first one first."""
    letters = iter(name.lower())
    return name[0].lower() == short[0].lower() and all(letter in letters for letter in short.lower())
