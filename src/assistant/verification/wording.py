"""The words of a sentence as its checking needs them: tokens with their places, and whether two words
say the same. Pure functions over a table of our own, words.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from assistant.text import sentences, stem
from assistant.verification.numerals import MONTHS, cardinal

_SPACES = " \u00a0\u2009\u202f"
_TOKEN = re.compile(
    rf"""(?P<date>\d{{4}}-\d\d-\d\d(?![\d-])|\d{{1,2}}\.[ ]?\d{{1,2}}\.[ ]?(?:\d{{4}}|\d\d)(?!\d|[.,]\d)|\d{{1,2}}/\d{{1,2}}/\d{{4}}(?!\d))
    |(?P<number>\d{{1,3}}(?:[{_SPACES}’']\d{{3}})+(?!\d)(?:[.,]\d{{1,2}}(?!\d))?|\d+(?:[.,:]\d+)*)
    |(?P<word>[^\W\d_](?:\w|[-’'.&](?=\w))*)
    |(?P<sign>[^\s\w])""",
    re.VERBOSE,
)
_ROW = re.compile(r"[^:;.\n]{1,60}: [^;\n]+; [^:;\n]{1,60}: ")
"""A table's row with the names of its columns: each cell begins anew."""
_CLAUSE = frozenset(
    "og men mens at som fordi hvis dersom når da enn eller samt der hvor ettersom siden medan "
    "and but while that which who whereas because if when than or where".split()
)
_BREAKS = frozenset(',;:()–—•«»"“”')
FUNCTION = frozenset(
    "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi min mitt ha "
    "hadde hun nå over da ved fra du ut sin sitt sine dem oss opp man kan hans enn eller skal selv denne dette disse "
    "være ble blir bli blitt vært vil skulle kunne ville for under mot mellom etter før også bare alt alle når hvor "
    "hva hvem hvilke hvilken hvordan her slik slike mens fordi hvis dersom samt både hver hvert hos innen inn ned "
    "noe noen annet andre annen deres hennes må måtte bør fram frem ennå dessuten altså ifølge blant gjennom uten "
    "utenfor via per pr ca nok jo vel bak derfor dermed da deretter så "
    "eg dei ho ein eit ei ikkje frå vere vore vart blei vert verte nokon noko nokre då sjølv desse me dykk dykkar "
    "deira hennar kva kven kvar korleis kvifor kor òg berre meir mykje kvart kvar mellom innan utan etter såleis "
    "the a an of to in on at is are was were be been being do does did has have had and or by with from that this "
    "these those it its as into there their they you we i he she his her him them us our your my not no nor than "
    "then so if but which who whom whose where when while will would shall should can could may might must also "
    "both each every all any some such per about under over between after before among through via within without "
    "according only just still yet".split()
)
"""Words that say little by themselves, in three languages."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:end]`. `kind` is "date" (numeric), "number", "word" or "sign"; `clause` counts the
    clauses and commas before it; `opens` says that it begins a sentence, a quotation or a list item."""

    text: str
    start: int
    end: int
    kind: str
    clause: int
    opens: bool
    lower: str


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    starts = {span.start for span in sentences(text)}
    is_row = bool(_ROW.match(text))
    clause, opens, before = 0, True, 0
    for match in _TOKEN.finditer(text):
        kind, word = str(match.lastgroup), match.group()
        opens = opens or match.start() in starts or "\n" in text[before : match.start()]
        clause += word in _BREAKS or (kind == "word" and word.lower() in _CLAUSE)
        for part, at in _parts(word):
            start = match.start() + at
            yield Token(part, start, start + len(part), kind, clause, opens, part.lower().replace("’", "'"))
        before = match.end()
        if kind != "sign":
            opens = False
        elif word in "«“•" or (is_row and word in ":;") or (word == '"' and not text[before : before + 1].isspace()):
            opens = True


def _parts(word: str) -> Iterator[tuple[str, int]]:
    """The figures and months in "fire-seks", "tre-tiden" and "mai-grunnloven"; any other word as it is."""
    first, hyphen, second = word.partition("-")
    if hyphen and not is_number(word, False) and (is_number(first, False) or first.lower() in MONTHS):
        yield first, 0
        yield second, len(first) + 1
    else:
        yield word, 0


def is_number(word: str, english: bool) -> bool:
    """Whether a word is a number: "sju", "seven"."""
    return cardinal([word.lower()], english)[0] is not None


def is_within(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in spans)


# --- whether two words say the same -------------------------------------------------------------


@lru_cache(maxsize=100_000)
def keys(word: str) -> frozenset[str]:
    """What a lower-case word is known by: its stem, and the senses (`=selskap`) of it or of its parts."""
    bare = _bare(word)
    found = {stem(bare)}
    if whole := _senses_of(bare):
        return frozenset(found | whole)
    if both := next(_halves(bare), None):
        return frozenset(found | both)
    for cut in range(5, len(bare) - 4) if len(bare) > 7 else ():
        found |= _senses_of(bare[cut:]) if len(bare) - cut > 5 else frozenset()
        found |= _senses_of(bare[:cut]) if cut > 5 else frozenset()
    return frozenset(found)


def _halves(bare: str) -> Iterator[frozenset[str]]:
    """The senses of both parts of a compound of two known words: "eksport" and "satsing"."""
    for one, other in _cuts(bare):
        yield _of_first_half(one) | _senses_of(other)


def _cuts(bare: str) -> Iterator[tuple[str, str]]:
    for cut in range(4, len(bare) - 2) if len(bare) > 7 else ():
        if _of_first_half(bare[:cut]) and _senses_of(bare[cut:]):
            yield bare[:cut], bare[cut:]


def _of_first_half(word: str) -> frozenset[str]:
    return _senses_of(word) or _senses_of(word.rstrip("se-"))


def halves(word: str) -> tuple[str, ...]:
    """The two known words that a lower-case compound is made of; itself where it is none, or known as it is."""
    bare = _bare(word)
    return (word,) if _senses_of(bare) else next(_cuts(bare), (word,))


def _bare(word: str) -> str:
    for ending in ("'s", "'"):
        if word.endswith(ending):
            return word[: -len(ending)]
    return word


def _senses_of(word: str) -> frozenset[str]:
    table = _senses()
    forms = (word, stem(word), _english_stem(word), word.removesuffix("t"), word.removesuffix("e"))
    return next((senses for form in forms if (senses := table.get(form))), frozenset())


@cache
def _senses() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    lines = files("assistant.verification").joinpath("words.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        forms = line.split() if not line.startswith("#") else []
        for form in forms:
            for key in {form, stem(form), _english_stem(form)}:
                table.setdefault(key, set()).add(f"={forms[0]}")
    return {key: frozenset(senses) for key, senses in table.items()}


def _english_stem(word: str) -> str:
    """Marked, so that it meets no Norwegian stem."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) > 2 and not word.endswith("ss"):
            return f"{word[: -len(ending)]}{instead}~"
    return f"{word}~"


@lru_cache(maxsize=50_000)
def is_known(word: str, english: bool) -> bool:
    """Whether a lower-case word is an ordinary one that the tables hold, alone or as a compound of two."""
    if word in FUNCTION:
        return True
    table, bare = _senses(), _bare(word)
    if english:
        return bare in table or _english_stem(bare) in table
    return bare in table or stem(bare) in table or any(_halves(bare))


def senses(word: str) -> frozenset[str]:
    """The senses of a lower-case word or of its parts: "selskap" for "legemiddelselskapet"."""
    return frozenset(key[1:] for key in keys(word) if key.startswith("="))


@lru_cache(maxsize=100_000)
def alike(one: str, other: str) -> float:
    """0-1: how sure it is that two lower-case words say the same. 1 for the same stem or sense; else by
    the 4-grams they share, as compounds and cognates do."""
    if one == other or keys(one) & keys(other):
        return 1.0
    ours, theirs = _grams(one), _grams(other)
    fewest = min(len(ours), len(theirs))
    if fewest < 2:
        return 0.0
    shared = len(ours & theirs) / fewest
    return 0.8 * shared if shared >= 0.6 else 0.0


@lru_cache(maxsize=100_000)
def _grams(word: str) -> frozenset[str]:
    word = _bare(word)
    return frozenset(word[at : at + 4] for at in range(len(word) - 3))
