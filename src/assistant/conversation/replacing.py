"""One part of a question for another of its kind: "hva med Danmark?" asks the same of Denmark. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.conversation.antecedents import Before
from assistant.conversation.clauses import Clause, clause_of
from assistant.conversation.dependence import JOINED, WHAT_ABOUT, is_fragment, pointers
from assistant.conversation.nounphrases import cores, phrases
from assistant.conversation.smallwords import PLACING, shape_of

_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")
_WHEN = re.compile(r"(?:\b(?P<preposition>i|in|for|fra|frå|from)\s+)?\b(?P<year>1\d{3}|20\d\d)\b", re.IGNORECASE)
_HOW_MUCH_THEN = re.compile(
    r"^(?:og |men |and |but )?(?:hvor|kor|how) \w+ (?:er|var|ble|blir|vart|vert|is|was) (?:det|den|it|that) "
    r"(?P<what>(?:i|in) (?:1\d{3}|20\d\d))[\s?.!]*$",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"(?<=\w{3})([ea])ne$")
_NEXT_YEAR = re.compile(
    r"^(?:i |in )?(?:året etter|neste år|the year after|the next year|the following year)$", re.IGNORECASE
)
_LAST_YEAR = re.compile(r"^(?:i |in )?(?:året før|the year before|the previous year)$", re.IGNORECASE)
_COUNTRIES = {
    name.lower(): name
    for name in (
        "Norge Noreg Danmark Sverige Finland Island Tyskland Frankrike Nederland Belgia Storbritannia England "
        "Skottland Irland Spania Portugal Italia Sveits Østerrike Polen Estland Latvia Litauen Ukraina Russland USA "
        "Canada Kina India Japan Europa Norden Skandinavia EU Norway Denmark Sweden Iceland Germany France "
        "Netherlands Belgium Britain Scotland Ireland Spain Italy Switzerland Austria Poland Estonia Lithuania "
        "Ukraine Russia China Europe Scandinavia"
    ).split()
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of the question before that something can be put in for: characters, head and shape."""

    start: int
    end: int
    head: str
    shape: str
    preposition: str
    asked_for: bool = False


def in_its_place(question: str, before: Before, said: Sequence[str]) -> str:
    """The question before with what is named now in the place of its like; empty where the question is no
    such one. `said` are the texts of the conversation: they tell how a name is spelt."""
    named = _named(question)
    if not named or before.given_topic or before.clause.verb is None:
        return ""
    text = before.clause.text
    if (years := _years(text)) and len(years) == 1 and (_NEXT_YEAR.match(named) or _LAST_YEAR.match(named)):
        return text.replace(years[0], str(int(years[0]) + (1 if _NEXT_YEAR.match(named) else -1)))
    when = _WHEN.search(named)
    if when:
        text = _in_year(text, when, before.clause.english)
        named = (named[: when.start()] + named[when.end() :]).strip(" ,")
    if not named:
        return text
    return _put(text, clause_of(_spelt(named, said)))


def _named(question: str) -> str:
    """What "hva med …", "og …" and a bare "i …" name; empty for a question of its own."""
    match = WHAT_ABOUT.match(question) or _HOW_MUCH_THEN.match(question)
    if not match and is_fragment(question):
        match = JOINED.match(question)
    text = match.group("what") if match else question.strip(" ?.!") if is_fragment(question) else ""
    clause = clause_of(text)
    if clause.asking or clause.verb is not None or pointers(clause):
        return ""
    return text


def _years(text: str) -> list[str]:
    return _YEAR.findall(text)


def _in_year(text: str, when: re.Match[str], english: bool) -> str:
    year = when.group("year")
    if _years(text):
        return _YEAR.sub(year, text, count=1)
    return f"{text} {when.group('preposition') or ('in' if english else 'i')} {year}"


def _spelt(named: str, said: Sequence[str]) -> str:
    """With the capitals that the conversation, or a list of countries, gives a name written without."""
    if any(word[0].isupper() for word in named.split()):
        return named
    pattern = re.compile(rf"(?<!^)\b{re.escape(named)}\b", re.IGNORECASE)
    for text in said:
        found = [match.group() for match in pattern.finditer(text) if match.group()[0].isupper()]
        if found:
            return found[0]
    return " ".join(_COUNTRIES.get(word.lower(), word) for word in named.split())


def _put(text: str, named: Clause) -> str:
    before = clause_of(text)
    preposition = named.lower(0) if named.is_preposition(0) else ""
    new = named.between(1 if preposition else 0, len(named.tokens))
    heads = [i for i in range(len(named.tokens)) if named.is_content(i)]
    if not heads:
        return f"{text} {named.text}"
    shape = _shape(named, heads[0])
    if shape == "name":
        place = _for_name(before, new, preposition)
        joint = preposition or (("in" if before.english else "i") if new.lower() in _COUNTRIES else "for")
        return _replaced(text, place, new) if place else f"{text} {joint} {new}"
    place = _for_noun(before, shape, preposition)
    if place is None:
        return f"{text} {preposition} {new}" if preposition else ""
    if " " in new and (inner := next((w for w in new.split()[1:] if w == _following(before, place)), "")):
        return _replaced(text, _widened(before, place), new) if inner else ""
    if place.asked_for and not before.english:
        new = _INDEFINITE.sub(r"\1r", new)
    article = "the " if before.english and text[place.start : place.start + 4].lower() == "the " else ""
    return _replaced(text, place, new if new.lower().startswith("the ") else article + new)


def _shape(clause: Clause, at: int) -> str:
    if clause.is_name(at) or clause.tokens[at].text[0].isupper():
        return "name"
    shape = shape_of(clause.lower(at))
    return _english_shape(clause.lower(at), clause.lower(at - 1) == "the") if clause.english else shape


def _english_shape(noun: str, definite: bool) -> str:
    if definite:
        return "definite plural" if noun.endswith("s") else "definite"
    return "plural" if noun.endswith("s") else "bare"


def _places(clause: Clause) -> list[_Place]:
    found = []
    asked = [i for i in range(clause.asking) if clause.is_content(i)]
    if asked and clause.asking > 1:
        start, end = clause.tokens[asked[0]].start, clause.tokens[asked[-1]].end
        found.append(_Place(start, end, clause.lower(asked[-1]), _shape(clause, asked[-1]), "", asked_for=True))
    for core in cores(clause):
        start, end = clause.tokens[core.first].start, clause.tokens[core.last - 1].end
        shape = "name" if clause.is_name(core.head) else _shape(clause, core.head)
        if clause.english and shape != "name":
            shape = _english_shape(clause.lower(core.head), clause.lower(core.first) == "the")
        found.append(_Place(start, end, clause.lower(core.head), shape, core.preposition))
    return found


def _for_name(clause: Clause, name: str, preposition: str) -> _Place | None:
    names = [place for place in _places(clause) if place.shape == "name"]
    same = [place for place in names if place.preposition == preposition and preposition]
    if same:
        return same[-1]
    is_country = name.lower() in _COUNTRIES
    if is_country or preposition in PLACING - {"hos"}:
        placed = [place for place in names if place.head in _COUNTRIES or (is_country and place.preposition in PLACING)]
        return placed[-1] if placed and not (preposition and not is_country) else None
    free = [place for place in names if place.preposition not in PLACING]
    return next(iter(free or names), None)


def _for_noun(clause: Clause, shape: str, preposition: str) -> _Place | None:
    places = [place for place in _places(clause) if place.shape != "name"]
    if preposition:
        return next((place for place in places if place.preposition == preposition), None)
    alike = [place for place in places if place.shape == shape]
    nearly = [place for place in places if place.shape.endswith("plural") == shape.endswith("plural")]
    anything = [place for place in places if not place.preposition]
    return next(iter(alike or nearly or anything), None)


def _replaced(text: str, place: _Place, new: str) -> str:
    return text[: place.start] + new + text[place.end :]


def _following(clause: Clause, place: _Place) -> str:
    """The preposition right behind a place."""
    return next((token.lower for token in clause.tokens if token.start > place.end - 1 and token.is_preposition), "")


def _widened(clause: Clause, place: _Place) -> _Place:
    """With all that hangs on it."""
    for phrase in phrases(clause):
        start, end = clause.tokens[phrase.first].start, clause.tokens[phrase.last - 1].end
        if start <= place.start < end:
            return _Place(start, end, place.head, place.shape, place.preposition)
    return place
