"""What a question asks for, and whether a sentence holds something of the kind. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.text import content_words, grams, stem, stems, telling_words, words

AsksFor = Literal["number", "time", "person", "place", "cause", "other"]
Measure = Literal["", "money", "share", "duration", "day", "year"]
"""What a number or a time must be of: kroner, per cent, years and days; a date, a year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart."""

    stems: tuple[str, ...]
    grams: tuple[str, ...]
    names: tuple[str, ...]
    figures: tuple[str, ...]
    asks_for: AsksFor
    measure: Measure
    """Empty where any number, or any time, will do."""
    noun: tuple[str, ...]
    """The stems of what is counted, chosen from or held as an office: of "hvor mange ansatte", "hvilke
    kommuner", "hvem er daglig leder i ...", of which the last word; empty where no such word is asked about."""
    for_an_office: bool
    asks_for_several: bool
    for_sources: bool
    """It asks where something is taken from."""
    defines: str
    """The stem of what is to be defined; empty where the question asks for something else."""


def ask(question: str) -> Asked:
    cut = " ".join(content_words(question))
    asks_for = _asks_for(question)
    measure = _measure(asks_for, question)
    small = question[:1].lower() + question[1:]
    office = _OFFICE.search(small) or _HEADED.search(small)
    return Asked(
        stems=tuple(dict.fromkeys(stems(cut))),
        grams=tuple(dict.fromkeys(grams(cut))),
        names=tuple(stem for match in NAME.finditer(question) for stem in stems(match.group())),
        figures=tuple(word for word, _, _ in words(question) if word[0].isdigit()),
        asks_for=asks_for,
        measure=measure,
        noun=() if measure else _noun(office)[-1:] or _noun(_COUNTED.search(question)),
        for_an_office=bool(office),
        asks_for_several=bool(_SEVERAL.search(question)),
        for_sources=bool(_FOR_SOURCES.search(question)),
        defines=_defines(question),
    )


def holds(asked: Asked, sentence: str) -> dict[str, bool]:
    """Whether the sentence has something of the kind that is asked for, by name of the flag in
    `SentenceFeatures`; all of them false for other kinds than the one asked for."""
    measured = not asked.measure or bool(_MEASURED[asked.measure].search(sentence))
    tests: dict[str, tuple[AsksFor, bool]] = {
        "number": ("number", measured and _has_another_number(asked, sentence)),
        "date": ("time", measured and bool(_DATE.search(sentence))),
        "year": ("time", measured and any(year not in asked.figures for year in YEAR.findall(sentence))),
        "person": ("person", any(not set(stems(name)) <= set(asked.names) for name in _NAMED.findall(sentence))),
        "place": ("place", bool(_PLACED.search(sentence))),
        "cause": ("cause", bool(_REASON.search(sentence))),
    }
    return {name: asked.asks_for == kind and found for name, (kind, found) in tests.items()}


def _has_another_number(asked: Asked, sentence: str) -> bool:
    """Than those that the question brings along: of "Hvor mange av de 41 tiltakene ...", "41 tiltak" says nothing."""
    return bool(_NUMERAL.search(sentence)) or any(
        word not in asked.figures for word, _, _ in words(sentence) if any(letter.isdigit() for letter in word)
    )


def enumerates(sentence: str) -> bool:
    return "\n" in sentence or len(_ENUMERATED.findall(sentence)) > 0


def lists(asked: Asked, sentence: str) -> bool:
    """Whether it is a list of what is asked for: the noun stands in its lead-in."""
    lead, parted, items = sentence.partition(":" if ":" in sentence else "\n")
    listed = bool(parted) and ("\n" in items or len(_ENUMERATED.findall(sentence)) > 0)
    return listed and bool(asked.noun) and share_of_noun(asked, stems(lead)) == 1


def names_sources(sentence: str) -> bool:
    """A line such as "Kilder: lmi.no, 3. mai 2023", full of names and dates, which says nothing itself."""
    return bool(_SOURCES.match(sentence))


def names_somebody(sentence: str) -> bool:
    """A capital letter that does not begin the sentence."""
    return bool(_NAMED.search(sentence))


def names_a_place(sentence: str) -> bool:
    """Or an organisation: a name after a preposition."""
    return bool(_PLACED.search(sentence))


def counts(asked: Asked, sentence: str) -> bool:
    """Whether a number stands before a word of the question."""
    found = [word for word, _, _ in words(sentence)]
    numbered = [word[0].isdigit() or bool(_NUMERAL.fullmatch(word)) for word in found]
    return any(is_number and stem(after) in asked.stems for is_number, after in zip(numbered, found[1:], strict=False))


def is_definition(defines: str, held: Sequence[str]) -> bool:
    """Whether the verb follows what is defined within a few words; `held` are the sentence's stems."""
    at = held.index(defines) if defines and defines in held else -1
    return at >= 0 and any(word in _BEING for word in held[at + 1 : at + 8])


def share_of_noun(asked: Asked, held: Iterable[str]) -> float:
    """Of the stems of `asked.noun`, those that are among `held` or end a compound there; 1 of none. Whoever heads
    something may be called so by any of the words for it."""
    found = set(held)

    def matches(one: str) -> bool:
        if asked.for_an_office and one in _HEADS and not _HEADS.isdisjoint(found):
            return True
        return one in found or (len(one) >= _COMPOUND and any(word.endswith(one) for word in found))

    return sum(map(matches, asked.noun)) / len(asked.noun) if asked.noun else 1.0


def is_day_or_month(word: str) -> bool:
    return bool(_CALENDAR.fullmatch(word))


# --- names and years ----------------------------------------------------------------------------

NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-ZÆØÅ][\wæøå-]+")
YEAR = re.compile(r"\b(1\d{3}|20\d{2})\b")
_NAMED = re.compile(r"(?<=[^.!?:–»\"«\s]\s)[A-ZÆØÅ][\wæøå-]+")

# --- kinds --------------------------------------------------------------------------------------

_MONTHS = (
    r"(januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|january|february|march|may|"
    r"june|july|october|december)"
)
_DAYS = (
    r"(mandag|måndag|tirsdag|tysdag|onsdag|torsdag|fredag|lørdag|laurdag|søndag|sundag|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday)"
)
_CALENDAR = re.compile(rf"{_MONTHS}|{_DAYS}", re.IGNORECASE)
_ASKS: dict[AsksFor, re.Pattern[str]] = {
    "number": re.compile(
        r"\b(hvor|kor) (mange|mye|mykje|stor\w*|høy\w*|høg\w*|lang\w*|lenge|gammel|gamle|gammal|ofte|langt)\b"
        r"|\b(hvor|kor) (tung\w*|dyr\w*)\b"
        r"|\bhow (many|much|large|big|long|old|far|often|high|expensive)\b|prosent|andel|percent|share of"
        r"|\bantall|\btalet på\b"
        r"|\b(hva|kva) (kost\w*|(er|var|blir|ble|vart) (prisen|beløpet|summen|kostnaden|\w*summen|budsjettet))"
        r"|\bwhat (did|does|will|would) .* cost\b|\bwhat (is|was) the (cost|price|budget|number|amount)\b"
        rf"|\b\d\S* (\w+ )?(eller|or) \d+\S*(?! {_MONTHS})\b"
    ),
    "time": re.compile(
        r"\b(når|when)\b|\b(hvilke[nt]?|kva|what|which|hva) (for )?(eit |et |ein |en )?"
        r"(år|dato\w*|tid|tidspunkt|dag|ukedag|vekedag|måned|månad|århundre|year|dates?|month|day|weekday)\b"
        rf"|\b\d+ (\w+ )?(eller|or) \d+ {_MONTHS}\b"
    ),
    "person": re.compile(r"\b(hvem|kven|who|whom|whose)\b"),
    "cause": re.compile(r"\b(hvorfor|kvifor|korfor|why)\b"),
    "place": re.compile(r"\b(hvor|kor|kvar|where)\b"),
}
"""Tried in this order: "hvor mange" before "hvor"."""

_CONFIRMS = re.compile(
    r"^(stemmer det|stemmar det|er det (riktig|rett|sant|korrekt)|is it (true|right|correct))\b"
)
_MEASURES: dict[Measure, tuple[AsksFor, re.Pattern[str]]] = {
    "share": ("number", re.compile(r"prosent|andel|\b(hvor|kor) stor del\b|percent|share of")),
    "money": (
        "number",
        re.compile(
            r"\b(kost(er|ar|et|a|e|ed|s)?|kostnad\w*|pris(en|er)?|\w*beløp\w*|penger|pengar|kroner|kronar|betal\w*|"
            r"budsjett\w*|\w*summen|dyrt?|cost|costs|price|money|pay|pays|paid|budget|expensive)\b"
            r"|\b((hvor|kor) (mye|mykje|stor\w*)|hva (er|var)|kva (er|var)|how (much|large)|what (is|was)).* "
            r"(\w*omset\w*|\w*omsat\w*|solgte?|selge\w*|sel|selj\w*|selde|tjen\w*|invester\w*|bevilg\w*|løyv\w*|"
            r"\w*inntekt\w*|\w*overskudd\w*|\w*overskot\w*|tilskudd\w*|tilskot\w*|revenues?|turnover|invest\w*|earn\w*|"
            r"eksporter\w*|exports?|exported|sold|sells?|grants?)\b"
        ),
    ),
    "duration": ("number", re.compile(r"\b(hvor|kor) (lenge|lang tid)\b|\bhow long (did|does|will|has|have|is it)\b")),
    "day": ("time", re.compile(r"\b(datoe?n?|dag|ukedag|vekedag|dates?|day|weekday)\b")),
    "year": ("time", re.compile(r"\b(år|year)\b")),
}
"""By the words of a question that asks for a number or a time; tried in this order."""

_MEASURED: dict[Measure, re.Pattern[str]] = {
    "money": re.compile(
        r"\b(kr|\w*kron(er|ar|e|a)|nok|dkk|sek|mrd|mill|milli(on|ard)\w*|billion\w*|euros?|eur|dollars?|usd|pund|pounds?|"
        r"gratis|free)\b|[$€£]",
        re.IGNORECASE,
    ),
    "share": re.compile(
        r"%|prosent|percent|per cent|halvpart|\b(to|tre|fire|fjerde|fem|ti)del(en|er|ar)?\b|\b(half|third|quarter)",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        r"\b(\w*år|\w*året|måned\w*|månad\w*|uker?|veker?|dag(er|ar)?|døgn|timer?|timar|minutt\w*|sekund\w*|years?|months?|"
        r"weeks?|days?|hours?|minutes?|seconds?|til|until|to)\b",
        re.IGNORECASE,
    ),
    "day": re.compile(
        rf"\d\.? {_MONTHS}|{_MONTHS} \d{{1,2}}\b|\b{_DAYS}|\d{{1,2}}\.\d{{1,2}}\.|\d{{4}}-\d{{2}}-\d{{2}}",
        re.IGNORECASE,
    ),
    "year": YEAR,
}

_NUMERAL = re.compile(
    r"\b(to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tretten|fjorten|femten|tjue|tretti|førti|femti|"
    r"hundre|tusen|million\w*|milliard\w*|prosent|halv\w*|begge|ingen|two|three|four|five|six|seven|eight|nine|"
    r"ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred|thousand|billion|percent|none)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b{_MONTHS}\b|\b{_DAYS}\b|\b\w*århundre\w*\b|\d-tallet|\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}",
    re.IGNORECASE,
)
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
_SOURCES = re.compile(
    r"\W*(kilder?|kjelder?|sources?|foto|photo|illustrasjon|referanser?|litteratur|references?)"
    r"( (for|til|of|to) [^:.]{1,40})?\s*:",
    re.IGNORECASE,
)
_FOR_SOURCES = re.compile(
    r"\b(kilde(n|r|ne)?|kjeld(e|a|er|ene)|sources?|foto\w*|referanse\w*|henta|hentet|stammer|come from)\b",
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
_COUNTED = re.compile(
    r"\b(?:(?:hvor|kor) (?:mange|mye|mykje)|how (?:many|much)|antall(?:et)?|talet på|number of"
    r"|hvilke[nt]?|hva slags|kva slags|kva for(?: ein| eit| ei)?|which"
    r"|(?:kva|what)(?= [a-zæøå]{3,} (?:har|hadde|er|var|blei|vart|skal|kan|får|fekk|did|does|do|has|have|is|was"
    r"|are|were)\b))"
    r"(?: (?:av|of))?(?: (?:de|dei|den|det|the))? (?:\d\S* )?"
    r"(?!(?:får|fikk|fekk|bor|bur|bodde|budde|deltar|deltok|kommer|kjem|kom|gir|gjev|tar|tek|trenger|treng|må|skal)\b)"
    r"(?P<noun>[a-zæøå][\wæøå-]+)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:hvem|kven|who) (?:er|var|is|was|blir|ble|vart|heter|heiter)(?: the)? "
    r"(?P<noun>[a-zæøå][\wæøå-]+(?: [a-zæøå][\wæøå-]+)??)(?= (?:i|på|for|av|ved|hos|til|frå|fra|in|of|at|to)\b|\W*$)"
)
_HEADED = re.compile(r"\b(?:hvem|kven|who) (?P<noun>leder|ledet|leiar|leier|leia|leidde|leads|led|heads|headed)\b")
_HEADS = frozenset(stems("leder sjef direktør boss head headed heads manager chief ceo leier"))
_COMPOUND = 5
"""Characters from which a stem may be a compound's last part."""


def _asks_for(question: str) -> AsksFor:
    """What is asked to be confirmed is asked for: "Stemmer det at det var 8. mai?" asks when it was."""
    lower = _lower(question)
    if _CONFIRMS.search(lower) and any(letter.isdigit() for letter in lower):
        return "time" if YEAR.search(lower) or any(map(is_day_or_month, lower.split())) else "number"
    return next((kind for kind, pattern in _ASKS.items() if pattern.search(lower)), "other")


def _measure(asks_for: AsksFor, question: str) -> Measure:
    lower = _lower(question)
    return next((name for name, (kind, words) in _MEASURES.items() if kind == asks_for and words.search(lower)), "")


def _noun(match: re.Match[str] | None) -> tuple[str, ...]:
    return tuple(stems(" ".join(telling_words(match.group("noun"))))) if match else ()


def _defines(question: str) -> str:
    match = _WHAT_IS.match(question)
    head = telling_words(match.group("what")) if match else []  # of "en klynge" and "the roadmap" not the article
    return stem(head[0]) if head else ""


def _lower(question: str) -> str:
    return " ".join(word for word, _, _ in words(question))
