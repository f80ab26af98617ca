"""Which of the reader's candidates are quoted: the best sentence, those nearly as good, and what another
document says otherwise. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.asks import YEAR, Asked, is_day_or_month
from assistant.reading.disagree import disagree, give_others, give_the_same
from assistant.reading.features import SentenceFeatures, fits
from assistant.text import stem, telling_words
from assistant.types import Hit, Quote, Span

MOST_QUOTES = 3
NEARLY_AS_GOOD = 0.15
"""A further sentence is quoted when it is at least this likely beside the best."""
APT = 0.002
"""What a language model says of it may be shown when it is at least this likely."""
HARDLY_LESS_SURE = 2.0
"""How far beneath the network's logit of the best sentence another's may lie that says something else."""
MOST_DIFFERING = 2
_SAME_WORDS, _SAME_SHARE = 3, 0.6
"""How many words two sentences have in common, and how many of the shorter one's, that say the same."""
_ASKED_ABOUT, _AS_MUCH = 0.4, 0.45
"""The share of the question's words in a sentence that is about the same thing, and of what the best one holds."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that could be quoted, with its score."""

    hit: Hit
    span: Span
    features: SentenceFeatures
    score: float

    @property
    def text(self) -> str:
        return self.hit.passage.between(self.span.start, self.span.end)


def quotes_of(asked: Asked, ranked: Sequence[Candidate]) -> tuple[Quote, ...]:
    """The best sentence and those nearly as good that hold as much of what is asked for, a document's together;
    neighbours in one passage become one quote."""
    best = ranked[0]
    least = best.score + math.log(NEARLY_AS_GOOD)
    quotes: list[Quote] = []
    texts: set[str] = set()
    for candidate in ranked[:MOST_QUOTES]:
        fitting = candidate is best or _fits_as_well(asked, best.features, candidate.features)
        if candidate.score >= least and fitting and candidate.text not in texts:
            texts.add(candidate.text)
            hit, span = candidate.hit, candidate.span
            _join(quotes, Quote(hit.passage, hit.source, span.start, span.end, candidate.text))
    order = list(dict.fromkeys(quote.source.id for quote in quotes))
    return tuple(sorted(quotes, key=lambda quote: order.index(quote.source.id)))


def _fits_as_well(asked: Asked, best: SentenceFeatures, other: SentenceFeatures) -> bool:
    """The other has what is asked for where the best has it, and is no more about another year or another name."""
    return (
        fits(asked, other) >= fits(asked, best)
        and other.same_year >= best.same_year
        and other.same_name >= best.same_name
    )


def apt(ranked: Sequence[Candidate]) -> frozenset[tuple[str, int]]:
    """The places (passage id, start) of what a language model may be held to."""
    least = ranked[0].score + math.log(APT)
    return frozenset((one.hit.passage.id, one.span.start) for one in ranked if one.score >= least)


def differing(asked: Asked, ranked: Sequence[Candidate]) -> tuple[Quote, ...]:
    """The best sentence of each other document that gives another figure or date than the best one, where
    that is what is asked for: one about the same thing, by the words that it has of the question or of the best one,
    or one that is nearly as good. In how different words a document says it does not matter."""
    best = ranked[0]
    if asked.asks_for not in ("number", "time"):
        return ()
    said = _said(best)
    found: dict[str, Quote] = {}
    for candidate in ranked[1:]:
        document = candidate.hit.source.id
        if document in found or document == best.hit.source.id or not _is_of_the_same(asked, best, candidate):
            continue
        if _says_otherwise(asked, best, said, candidate):
            span = candidate.span
            found[document] = Quote(candidate.hit.passage, candidate.hit.source, span.start, span.end, candidate.text)
    return tuple(found.values())[:MOST_DIFFERING]


def _says_otherwise(asked: Asked, best: Candidate, said: set[str], other: Candidate) -> bool:
    """`said` is what the best one says."""
    if _is_asked_about(best, other) or _says_the_same(said, _said(other)):
        return give_others(asked.asks_for, best.text, other.text)
    counted = not asked.noun or min(best.features.noun, other.features.noun) > 0
    differs = disagree(asked.asks_for, _answer_of(best), _answer_of(other))
    return counted and differs and _is_as_sure(best, other) and not give_the_same(asked.asks_for, best.text, other.text)


def _is_of_the_same(asked: Asked, best: Candidate, other: Candidate) -> bool:
    """Neither of another year nor of another name than the best one; where things are counted, it need not be named."""
    return (
        _of_one_year(asked, best, other)
        and other.features.same_name >= best.features.same_name
        and (bool(asked.noun) or other.features.names >= best.features.names)
    )


def _is_asked_about(best: Candidate, other: Candidate) -> bool:
    return other.features.stems >= max(_ASKED_ABOUT, _AS_MUCH * best.features.stems)


def _is_as_sure(best: Candidate, other: Candidate) -> bool:
    return (
        other.score >= best.score + math.log(NEARLY_AS_GOOD)
        and other.features.trained >= best.features.trained - HARDLY_LESS_SURE
    )


def _said(one: Candidate) -> set[str]:
    """The stems of what a sentence tells, figures and dates aside."""
    return {stem(word) for word in telling_words(one.text) if not word[0].isdigit() and not is_day_or_month(word)}


def _says_the_same(ours: set[str], theirs: set[str]) -> bool:
    """Whether the shorter of two sentences has nearly all of its words in the other."""
    shared = len(ours & theirs)
    return shared >= _SAME_WORDS and shared >= _SAME_SHARE * min(len(ours), len(theirs))


def _of_one_year(asked: Asked, best: Candidate, other: Candidate) -> bool:
    """Two figures of different years are both right."""
    ours, theirs = (set(YEAR.findall(one.text)) for one in (best, other))
    return asked.asks_for == "time" or not ours or not theirs or bool(ours & theirs)


def _answer_of(candidate: Candidate) -> str:
    """The words that the network takes for the answer; none without it."""
    if candidate.hit.judgements is None:
        return ""
    at = candidate.hit.passage.sentences.index(candidate.span)
    answer = candidate.hit.judgements[at].answer
    return candidate.hit.passage.between(answer.start, answer.end)


def overlap(one: Quote, other: Quote) -> bool:
    return one.source.id == other.source.id and one.start < other.end and other.start < one.end


def _join(quotes: list[Quote], new: Quote) -> None:
    """Add a quote, or widen the one it stands next to."""
    for at, quote in enumerate(quotes):
        passage = quote.passage
        if passage.id != new.passage.id:
            continue
        start, end = min(quote.start, new.start), max(quote.end, new.end)
        text = passage.between(start, end)
        between = end - start - (quote.end - quote.start) - (new.end - new.start)
        if between <= 2 and "\n" not in text:
            quotes[at] = Quote(passage, quote.source, start, end, text)
            return
    quotes.append(new)
