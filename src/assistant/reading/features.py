"""What can be measured of a sentence as an answer, without a trained network. Pure functions.

`reader` weighs these numbers; benchmarks/fit_reader.py finds the weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assistant.text import content_words, grams, stem, stems, words
from assistant.types import Judgement, Passage, sentences_of

AsksFor = Literal["number", "time", "person", "place", "cause", "other"]
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
    counted: float
    """It says how many there are ("sju kommuner") where it is asked who or which they are."""
    definition: float
    """"X is ..." where it is asked what X is."""
    names: float
    """The share of the question's names that it holds together with title and headings; 1 without names."""
    figures: float
    """The share of the question's figures likewise."""
    same_year: float
    """0 where the question names a year and it names others only."""
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
    """The same of the sentence with title and headings, as `SentenceFeatures` has it; the next two too."""
    figures_here: float
    same_year: float
    lead: float
    """Log of the probability that the reader gives it among the candidates."""
    trained: float
    """Log of the summed odds that the network gives the candidates; 0 without it."""
    best_trained: float
    """What it gives this one; 0 without it."""
    answered: float
    """Log odds that any of the passages answers that were read."""
    fits: float
    """The sentence holds what is asked for: a number, a time, a name, what something is; 1 where nothing of
    the kind is asked for."""
    foreign: float
    """Question and document are in different languages (bokmål, nynorsk, Danish and Swedish count as
    one): words cannot be expected to agree."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart."""

    stems: tuple[str, ...]
    grams: tuple[str, ...]
    names: tuple[str, ...]
    figures: tuple[str, ...]
    asks_for: AsksFor
    asks_for_several: bool
    defines: str
    """The stem of what is to be defined; empty where the question asks for something else."""


def ask(question: str) -> Asked:
    cut = " ".join(content_words(question))
    return Asked(
        stems=tuple(dict.fromkeys(stems(cut))),
        grams=tuple(dict.fromkeys(grams(cut))),
        names=tuple(stem for match in _NAME.finditer(question) for stem in stems(match.group())),
        figures=tuple(word for word, _, _ in words(question) if word[0].isdigit()),
        asks_for=_asks_for(question),
        asks_for_several=bool(_SEVERAL.search(question)),
        defines=_defines(question),
    )


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
                trained=logit,
                network=network,
                fused=fused,
                **_flags(asked, sentence),
            )
        )
    return found


_EXPECTED_SHARES = ((0.04, 0.14), (0.05, 0.17), (0.23, 0.24), (0.27, 0.25))
"""Of stems and grams, in a sentence and in its passage: value at cosine 0.8 and slope, by least squares
over the candidates of NorQuAD's training questions."""


def fits(asked: Asked, features: SentenceFeatures) -> float:
    """Whether a sentence holds what is asked for, as `AnswerFeatures` has it."""
    if asked.defines:
        return features.definition
    flags = (features.number, features.date, features.year, features.person, features.place, features.cause)
    return 1.0 if asked.asks_for == "other" else max(flags)


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
    wanted, found = ({word for word in of if _YEAR.fullmatch(word)} for of in (asked.figures, held))
    return not wanted or not found or bool(wanted & found)


def stretched(cosine: float) -> float:
    """E5's cosines lie between 0.7 and 0.95; the useful part on a scale like the other features'."""
    return (cosine - 0.8) * 10


# --- what a question asks for -------------------------------------------------------------------

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-ZÆØÅ][\wæøå-]+")

_MONTHS = (
    r"(januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|january|february|march|may|"
    r"june|july|october|december)"
)
_ASKS: dict[AsksFor, re.Pattern[str]] = {
    "number": re.compile(
        r"\b(hvor|kor) (mange|mye|mykje|stor\w*|høy\w*|høg\w*|lang\w*|gammel|gamle|gammal|ofte|langt|tung\w*)\b"
        r"|\bhow (many|much|large|big|long|old|far|often|high)\b|prosent|andel|percent|share of|\bantall|\btalet på\b"
        r"|\b(hva|kva) (kost\w*|(er|var|blir|ble|vart) (prisen|beløpet|summen|kostnaden))"
        r"|\bwhat (did|does|will) .* cost\b"
        rf"|\b\d\S* (\w+ )?(eller|or) \d+\S*(?! {_MONTHS})\b"
    ),
    "time": re.compile(
        r"\b(når|when)\b|\b(hvilke[nt]?|kva|what|which|hva) (for )?(eit |et )?"
        r"(år|dato\w*|tid|tidspunkt|dag|ukedag|vekedag|måned|månad|århundre|year|dates?|month|day|weekday)\b"
        rf"|\b\d+ (\w+ )?(eller|or) \d+ {_MONTHS}\b"
    ),
    "person": re.compile(r"\b(hvem|kven|who|whom|whose)\b"),
    "cause": re.compile(r"\b(hvorfor|kvifor|korfor|why)\b"),
    "place": re.compile(r"\b(hvor|kor|kvar|where)\b"),
}
"""Tried in this order: "hvor mange" before "hvor"."""

_DIGIT = re.compile(r"\d")
_NUMERAL = re.compile(
    r"\b(to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tretten|fjorten|femten|tjue|tretti|førti|femti|"
    r"hundre|tusen|million\w*|milliard\w*|prosent|halv\w*|begge|ingen|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|billion|percent|none)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(1\d{3}|20\d{2})\b")
_DATE = re.compile(
    r"\b(januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|january|february|"
    r"march|may|june|july|october|december|mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|"
    r"søndag|sundag|\w*århundre\w*)\b|\d-tallet|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2}",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<=[^.!?:–»\"«\s]\s)[A-ZÆØÅ][\wæøå-]+")
_PLACED = re.compile(r"\b(i|på|ved|fra|frå|til|in|at|near|from) [A-ZÆØÅ]")
_REASON = re.compile(
    r"\b(fordi|siden|sidan|derfor|difor|grunn|årsak\w*|skyldes|skuldast|slik at|for å|because|since|due|reason\w*|"
    r"in order)\b",
    re.IGNORECASE,
)


_SEVERAL = re.compile(
    r"\b(hvilke|kva for|kva slags|hva slags|hvem alle|nevn|nemn|list opp)\b"
    r"|\b(which|what (are|were|kinds?|types?)|name the)\b"
    r"|\b(hva|kva) (er|var|heter|heiter) (de|dei)\b",
    re.IGNORECASE,
)
_ENUMERATED = re.compile(r"[^,;]+(, [^,;]+)+,? (og|samt|and|eller|or) |(; [^;]+){2,}|: [^,]+(, [^,]+){2,}")
_WHAT_IS = re.compile(
    r"^\W*((hva|kva|what|hvem|kven|who) (er|var|betyr|tyder|menes med|meiner ein med|is|are|was|were|does|do)|"
    r"(hva|kva) (vil det si|er)) (?P<what>.+?)(\s+for noe|\s+for noko|\s+mean)?\W*$",
    re.IGNORECASE,
)
_BEING = frozenset(
    stem for stem in stems("er var ble blir betyr tyder kalles innebærer omfatter består is are was were means")
)


def _asks_for(question: str) -> AsksFor:
    lower = " ".join(word for word, _, _ in words(question))
    return next((kind for kind, pattern in _ASKS.items() if pattern.search(lower)), "other")


def _defines(question: str) -> str:
    match = _WHAT_IS.match(question)
    head = stems(match.group("what")) if match else []
    return head[0] if head else ""


def _is_definition(defines: str, sentence: str) -> bool:
    """Whether the verb follows what is defined within a few words."""
    if not defines:
        return False
    held = stems(sentence)
    at = held.index(defines) if defines in held else -1
    return at >= 0 and any(word in _BEING for word in held[at + 1 : at + 8])


def _counts(asked: Asked, sentence: str) -> bool:
    """Whether a number stands before a word of the question."""
    found = [word for word, _, _ in words(sentence)]
    numbered = [word[0].isdigit() or bool(_NUMERAL.fullmatch(word)) for word in found]
    return any(is_number and stem(after) in asked.stems for is_number, after in zip(numbered, found[1:], strict=False))


def _flags(asked: Asked, sentence: str) -> dict[str, float]:
    tests: dict[str, tuple[AsksFor, bool]] = {
        "number": ("number", bool(_DIGIT.search(sentence) or _NUMERAL.search(sentence))),
        "date": ("time", bool(_DATE.search(sentence))),
        "year": ("time", bool(_YEAR.search(sentence))),
        "person": ("person", bool(_NAMED.search(sentence))),
        "place": ("place", bool(_PLACED.search(sentence))),
        "cause": ("cause", bool(_REASON.search(sentence))),
    }
    flags = {name: float(asked.asks_for == kind and found) for name, (kind, found) in tests.items()}
    several = "\n" in sentence or len(_ENUMERATED.findall(sentence)) > 0
    flags["enumeration"] = float(asked.asks_for_several and several)
    which = asked.asks_for_several or asked.asks_for == "person"
    flags["counted"] = float(which and not several and _counts(asked, sentence))
    flags["definition"] = float(_is_definition(asked.defines, sentence))
    return flags
