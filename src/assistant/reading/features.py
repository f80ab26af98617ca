"""What can be measured of a sentence as an answer, without a trained network. Pure functions.

`reader` weighs these numbers; benchmarks/fit_reader.py finds the weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Literal, NamedTuple

from assistant.reading.asks import (
    YEAR,
    Asked,
    counts,
    enumerates,
    holds,
    is_definition,
    lists,
    names_a_place,
    names_somebody,
    share_of_noun,
)
from assistant.text import grams, stems
from assistant.types import Judgement, Passage, sentences_of

Rarity = Callable[[Literal["stems", "grams"], str], float]
"""The weight of a stem or gram: the inverse of how many passages hold it, as BM25 counts it."""


class SentenceFeatures(NamedTuple):
    """Of one candidate. Shares are 0-1 and weighed by rarity; flags are 0 or 1."""

    cosine: float
    """Between the question and the sentence in its passage, stretched from 0.8-0.9 to 0-1."""
    stems: float
    """The share of the question's words that the sentence holds, by stem ..."""
    grams: float
    """... and by character 4-gram."""
    passage_stems: float
    """The same of its whole passage with title and headings."""
    passage_grams: float
    news: float
    """Log of the number of its words that the question does not hold: an echo answers nothing."""
    fragment: float
    """A short line without a sentence's end, such as a heading."""
    length: float
    """Log of its characters."""
    asks_back: float
    """It is a question itself."""
    number: float
    """A number where one is asked for; the flags below likewise."""
    date: float
    year: float
    person: float
    place: float
    cause: float
    enumeration: float
    """A list, or names parted by commas, where several things are asked for."""
    listed: float
    """It lists them under what they are ("kommunene er: ...")."""
    counted: float
    """It says how many there are ("sju kommuner") where it is asked who or which they are."""
    definition: float
    """"X is ..." where it is asked what X is."""
    names: float
    """The share of the question's names that it holds together with title and headings; 1 without names."""
    figures: float
    """The share of the question's figures likewise."""
    same_year: float
    """0 where the question names a year and it names others only ..."""
    same_name: float
    """... and likewise of names."""
    noun: float
    """The share of what is counted, chosen from or held as an office that it holds with title and headings."""
    trained: float
    """The network's logit; 0 without it."""
    network: float
    """The same of its whole passage, as `network_logit` has it."""
    fused: float
    """What search gave its passage, 0-1."""


class AnswerFeatures(NamedTuple):
    """Of the best candidate among all: is this an answer at all?"""

    cosine: float
    """The sentence's."""
    passage_cosine: float
    """The best passage's, stretched like a sentence's."""
    outstanding: float
    """How far the best passage's cosine stands out from all that search saw, in standard deviations."""
    stems: float
    passage_stems: float
    passage_grams: float
    names: float
    """The share of the question's names that its passage holds; 1 without names."""
    figures: float
    """The share of the question's figures likewise."""
    names_here: float
    """The same of the sentence with title and headings, as `SentenceFeatures` has it; the next four too."""
    figures_here: float
    same_year: float
    same_name: float
    noun: float
    lead: float
    """Log of the probability that the reader gives it among the candidates."""
    trained: float
    """Log of the summed odds that the network gives the candidates; 0 without it."""
    best_trained: float
    """What it gives this one; 0 without it."""
    answered: float
    """Log odds that any of the passages answers that were read."""
    same_post: float
    """0 where it is asked who holds an office, and the sentence does not name it, or names other places than the
    question."""
    measured: float
    """0 where a number or a time is asked for, and the sentence has none of that kind."""
    fits: float
    """The sentence holds what is asked for: a number, a time, a name, what something is; 1 where nothing of
    the kind is asked for."""
    foreign: float
    """Question and document are in different languages (bokmål, nynorsk, Danish and Swedish count as
    one): words cannot be expected to agree."""


def of_sentences(
    asked: Asked,
    passage: Passage,
    is_foreign: bool,
    cosines: Sequence[float],
    logits: Sequence[float],
    fused: float,
    rarity: Rarity,
) -> list[SentenceFeatures]:
    """The features of each of a passage's sentences; `cosines` are theirs with the question, `logits` the
    network's (none without it), `fused` is search's score of the passage. Where question and document are in different
    languages (`is_foreign`), a share of words is at least what it tends to be at that cosine: else a
    document in the question's own language would win by its language alone."""
    passage_stems = share(asked.stems, stems(passage.indexed_text), lambda term: rarity("stems", term))
    passage_grams = share(asked.grams, grams(passage.indexed_text), lambda term: rarity("grams", term))
    found = []
    network = log_sum_exp(logits) if logits else 0.0
    above = stems(passage.indexed_text.removesuffix(passage.text))
    for sentence, cosine, logit in zip(sentences_of(passage), cosines, logits or [0.0] * len(cosines), strict=True):
        held = stems(sentence)
        here = {*held, *above}
        shares = [
            share(asked.stems, held, lambda term: rarity("stems", term)),
            share(asked.grams, grams(sentence), lambda term: rarity("grams", term)),
            passage_stems,
            passage_grams,
        ]
        if is_foreign:
            expected = [low + slope * stretched(cosine) for low, slope in _EXPECTED_SHARES]
            shares = [min(1.0, max(pair)) for pair in zip(shares, expected, strict=True)]
        found.append(
            SentenceFeatures(
                cosine=stretched(cosine),
                stems=shares[0],
                grams=shares[1],
                passage_stems=shares[2],
                passage_grams=shares[3],
                news=math.log1p(len(set(held).difference(asked.stems))),
                fragment=float(len(sentence) < 80 and sentence[-1] not in '.?!:…»")'),
                length=math.log1p(len(sentence)),
                asks_back=float(sentence.endswith("?")),
                names=share_of_names(asked, here, rarity),
                figures=share_of_figures(asked, here),
                same_year=float(_is_of_the_year(asked, here)),
                same_name=float(not asked.names or _is_of_the_name(asked, sentence, set(held), here)),
                noun=1.0 if is_foreign and not asked.for_an_office else share_of_noun(asked, here),
                trained=logit,
                network=network,
                fused=fused,
                **_flags(asked, sentence, held),
            )
        )
    return found


def _is_of_the_name(asked: Asked, sentence: str, held: Set[str], here: Set[str]) -> bool:
    """Not where it names others only. `held` are the sentence's stems, `here` has those above it too."""
    if asked.for_an_office and all(_is_of_another(asked, item, held) for item in _with_office(asked, sentence)):
        return False
    return not (here.isdisjoint(asked.names) and names_somebody(sentence))


def _with_office(asked: Asked, sentence: str) -> list[str]:
    """The items of a list in which the office stands; else the whole sentence."""
    return [item for item in sentence.splitlines() if share_of_noun(asked, stems(item))] or [sentence]


def _is_of_another(asked: Asked, item: str, held: Set[str]) -> bool:
    """Whose office it is a heading does not say where the sentence itself does, in this item or for another."""
    elsewhere = set(stems(item)).isdisjoint(asked.names)
    return elsewhere and (names_a_place(item) or not held.isdisjoint(asked.names))


_EXPECTED_SHARES = ((0.04, 0.14), (0.05, 0.17), (0.23, 0.24), (0.27, 0.25))
"""Of stems and grams, in a sentence and in its passage: value at cosine 0.8 and slope, by least squares
over the candidates of NorQuAD's training questions."""


def fits(asked: Asked, features: SentenceFeatures) -> float:
    """Whether a sentence holds what is asked for, as `AnswerFeatures` has it."""
    if asked.for_an_office:
        return features.person * holds_office(asked, features)
    if asked.defines:
        return features.definition
    flags = (features.number, features.date, features.year, features.person, features.place, features.cause)
    return 1.0 if asked.asks_for == "other" else max(flags)


def holds_office(asked: Asked, features: SentenceFeatures) -> float:
    """Whether a sentence names the office that it is asked for with the place of the question, as
    `AnswerFeatures.same_post` has it."""
    return min(features.same_name, float(features.noun > 0)) if asked.for_an_office else 1.0


def measured(asked: Asked, features: SentenceFeatures) -> float:
    """Whether a sentence has the number or the time asked for, as `AnswerFeatures` has it."""
    return max(features.number, features.date, features.year) if asked.asks_for in ("number", "time") else 1.0


def network_logit(judgements: Sequence[Judgement]) -> float:
    """Log of the summed odds of a passage's sentences to answer."""
    return log_sum_exp([one.logit for one in judgements])


def log_sum_exp(logits: Sequence[float]) -> float:
    top = max(logits)
    return top + math.log(sum(math.exp(logit - top) for logit in logits))


def share(wanted: Sequence[str], held: Iterable[str], weight: Callable[[str], float]) -> float:
    """The weighted share of `wanted` that is in `held`; 0 where nothing is wanted."""
    total = sum(weight(term) for term in wanted)
    present = set(held)
    return sum(weight(term) for term in wanted if term in present) / total if total else 0.0


def share_of_names(asked: Asked, held: Iterable[str], rarity: Rarity) -> float:
    """Of the question's names, those among the stems `held`, by rarity; 1 without names."""
    return share(asked.names, held, lambda term: max(rarity("stems", term), 1.0)) if asked.names else 1.0


def share_of_figures(asked: Asked, held: Iterable[str]) -> float:
    """The same of its figures, each of which counts the same."""
    return share(asked.figures, held, lambda _: 1.0) if asked.figures else 1.0


def _is_of_the_year(asked: Asked, held: Iterable[str]) -> bool:
    wanted, found = ({word for word in of if YEAR.fullmatch(word)} for of in (asked.figures, held))
    return not wanted or not found or bool(wanted & found)


def stretched(cosine: float) -> float:
    """E5's cosines lie between 0.7 and 0.95; the useful part on a scale like the other features'."""
    return (cosine - 0.8) * 10


def _flags(asked: Asked, sentence: str, held: Sequence[str]) -> dict[str, float]:
    flags = {name: float(found) for name, found in holds(asked, sentence).items()}
    several = enumerates(sentence)
    flags["enumeration"] = float(asked.asks_for_several and several)
    which = asked.asks_for_several or asked.asks_for == "person"
    flags["listed"] = float(which and lists(asked, sentence))
    flags["counted"] = float(which and not several and counts(asked, sentence))
    flags["definition"] = float(is_definition(asked.defines, held))
    return flags
