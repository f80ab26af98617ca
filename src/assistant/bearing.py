"""Whether a stretch of a source bears what a sentence claims. Pure functions.

Each figure and name of the sentence must stand there, and among the same words: where another figure stands
among its words, that one was meant. So a figure taken from elsewhere in the same passage does not pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.claims import Claims, Direction, Name, Negation, claims_of
from assistant.quantities import Date, Figure, Quantity, is_year
from assistant.wording import FUNCTION, Token, alike

SAME_PLACE = 0.55
"""A name that is missing counts as replaced where the surroundings of another agree to this degree."""
CLEARLY_NEARER = 0.12
"""So much better must the surroundings of another figure or name fit, for it to be the one that was meant."""
SCOPE_CLAIMED = 0.5
"""The share of a negated part of the source that the sentence says, from which it must be negated too."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the source does not bear: a key of `phrases.unsupported`, the very words, and where the sentence has
    them; for something left out, (0, 0)."""

    reason: str
    detail: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a source: one sentence, or two neighbours. `around` is what else may name what it is about:
    title, headings, publisher, the rest of the passage. `date` is the document's, ISO 8601."""

    text: str
    around: str
    date: str | None
    english: bool
    synonyms: tuple[frozenset[str], ...] = ()
    """Abbreviations with what they stand for, where the source introduces them."""

    @property
    def claims(self) -> Claims:
        return claims_of(self.text, self.english)

    @property
    def around_claims(self) -> Claims:
        return claims_of(self.around, self.english)


def fault(claims: Claims, stretch: Stretch) -> Fault | None:
    """The first thing that `stretch` does not bear, or None."""
    checks = (_figures, _names, _negations, _directions)
    return next((found for check in checks for found in check(claims, stretch)), None)


def _at(said: Quantity | Name | Negation | Direction | Token, reason: str) -> Fault:
    return Fault(reason, said.text, said.start, said.end)


# --- where a figure or a name stands ------------------------------------------------------------

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Near:
    """A word near a place: `side` is -1 before and 1 after, `weight` falls with the distance."""

    word: str
    side: int
    weight: float


@lru_cache(maxsize=20_000)
def _surroundings(text: str, english: bool, start: int, end: int) -> tuple[_Near, ...]:
    found = claims_of(text, english)
    says = [token for token in found.tokens if token.kind != "sign"]
    before = [token for token in says if token.end <= start]
    after = [token for token in says if token.start >= end]
    here = next((token.clause for token in says if token.start >= start), 0)
    near: list[_Near] = []
    for side, row in ((-1, before[::-1]), (1, after)):
        distance = 0.0
        for token in row[:8]:
            small = token.lower in FUNCTION
            weight = (0.35 if small else 1.0) / (1 + 0.4 * distance) * 0.6 ** min(abs(token.clause - here), 2)
            near.append(_Near(_identity(found, token), side, weight))
            distance += 0.5 if small else 1
        if len(row) < 2:
            near.append(_Near("^" if side < 0 else "$", side, 0.35))
    return tuple(near)


def _identity(found: Claims, token: Token) -> str:
    """A token as it is compared: a figure by its value, a name by its first form."""
    for quantity in found.quantities:
        if quantity.start <= token.start < quantity.end:
            if isinstance(quantity, Figure):
                return f"#{quantity.values[0]}"
            return f"#{quantity.day}.{quantity.month}.{quantity.year}"
    for name in found.names:
        if name.start <= token.start < name.end and len(name.words) == 1:
            return name.words[0]
    return token.lower


def _affinity(one: Claims, at: Span, other: Claims, there: Span, sided: bool) -> float:
    """0-1: how well the surroundings of a place in `one` are found again around a place in `other`.
    With `sided` they must lie on the same side."""
    wanted = _surroundings(one.text, one.english, *at)
    held = _surroundings(other.text, other.english, *there)
    total = sum(near.weight for near in wanted)
    found = 0.0
    for near in wanted:
        best = 0.0
        for candidate in held:
            side = 1.0 if candidate.side == near.side else (0.3 if sided else 0.7)
            weight = side * min(near.weight, candidate.weight)
            if weight > best and (match := _match(near.word, candidate.word)):
                best = max(best, match * weight)
        found += best
    return found / total if total else 0.0


def _match(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if one[0] in "#^$" or other[0] in "#^$" or one in FUNCTION or other in FUNCTION:
        return 0.0
    return alike(one, other)


# --- figures and dates --------------------------------------------------------------------------

_ONES = frozenset("en ein ei et eit ett én éin éi eitt a an one".split())
_TWOS = frozenset("begge både both pair par".split())
_SECONDS = frozenset("andre annen anna annet nest".split())


def _figures(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    held = _held_quantities(stretch.claims)
    around = [*stretch.around_claims.quantities, *_dated(stretch.date)]
    for claimed in claims.quantities:
        bearing = [q for q in held if _bears(q, claimed)] or _dated_apart(claimed, held, around)
        if not bearing:
            if not _is_time(claimed) or not any(_bears(q, claimed) for q in around):
                yield _missing(claimed, held)
            elif _replaced(claims, claimed, stretch.claims, [q for q in held if _is_time(q)]):
                yield _at(claimed, "dates")
            continue
        if isinstance(claimed, Date) and claimed.weekday and not claimed.day:
            continue
        own = max(_affinity(claims, _span(claimed), stretch.claims, _span(q), False) for q in bearing)
        rivals = [q for q in held if q not in bearing and _rivals(stretch.claims, q, claims, claimed)]
        nearest = max((_affinity(claims, _span(claimed), stretch.claims, _span(q), False) for q in rivals), default=0.0)
        if nearest > own + CLEARLY_NEARER:
            yield _at(claimed, "bound")
        if isinstance(claimed, Figure) and _has_other_unit(claimed, bearing, stretch):
            yield _at(claimed, "units")
    held_codes = {token.text for token in (*stretch.claims.codes, *stretch.around_claims.codes)}
    for code in claims.codes:
        if code.text not in held_codes:
            yield _at(code, "figures")


def _held_quantities(found: Claims) -> list[Quantity]:
    """With what counts without being a figure: "en" and "a" are one, "begge" is two, "andre" the second."""
    extra: list[Quantity] = []
    for token in found.tokens:
        if token.lower in _ONES:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(1),)))
        elif token.lower in _TWOS:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(2),)))
        elif token.lower in _SECONDS:
            extra.append(Figure(token.start, token.end, token.text, (Fraction(2),), "ordinal"))
    return [*found.quantities, *extra]


def _dated(date: str | None) -> list[Quantity]:
    if not date:
        return []
    parts = [int(part) for part in date.split("-")]
    return [Date(0, 0, date, *parts)]


def _span(thing: Quantity | Name | Negation | Direction) -> Span:
    return thing.start, thing.end


def _is_time(quantity: Quantity) -> bool:
    return isinstance(quantity, Date) or is_year(quantity)


def _bears(held: Quantity, claimed: Quantity) -> bool:
    if isinstance(claimed, Date):
        if isinstance(held, Figure):
            return False
        parts = (
            (claimed.year, held.year),
            (claimed.month, held.month),
            (claimed.day, held.day),
            (claimed.weekday, held.weekday),
        )
        return all(wanted is None or wanted == given for wanted, given in parts)
    if isinstance(held, Date):
        return is_year(claimed) and held.year == claimed.values[0]
    if not set(held.values) & set(claimed.values):
        return False
    return _agree(held.unit, claimed.unit)


def _agree(held: str, claimed: str) -> bool:
    """Whether two units are the same, where both are given. "Kroner" alone are Norwegian ones."""
    special = {"ordinal", "century", "decade", "clock", "share", "points"}
    if held == claimed:
        return True
    if {held, claimed} == {"KR", "NOK"}:
        return True
    return (not held or not claimed) and not {held, claimed} & special


def _missing(claimed: Quantity, held: Iterable[Quantity]) -> Fault:
    if isinstance(claimed, Date) or is_year(claimed):
        return _at(claimed, "dates")
    if any(isinstance(q, Figure) and set(q.values) & set(claimed.values) for q in held):
        return _at(claimed, "units")
    return _at(claimed, "figures")


def _rivals(source: Claims, held: Quantity, claims: Claims, claimed: Quantity) -> bool:
    """Whether one could be put in the other's place."""
    if isinstance(held, Date) or isinstance(claimed, Date) or _names_year(claims, claimed) or _names_year(source, held):
        return _is_time(held) and _is_time(claimed)
    return held.text.lower() not in _ONES and (held.unit == "ordinal") == (claimed.unit == "ordinal")


def _names_year(found: Claims, figure: Figure) -> bool:
    """Whether four digits are a year by what stands around them: "i 2021", not "1300 personer"."""
    if not is_year(figure):
        return False
    before = next((t.lower for t in reversed(found.tokens) if t.end <= figure.start), "")
    after = next((t for t in found.tokens if t.start >= figure.end), None)
    counts = after is not None and after.kind == "word" and after.lower not in FUNCTION
    return before in _BEFORE_YEAR or not counts


_BEFORE_YEAR = frozenset("i in innen innan by siden sidan since året år year sommeren høsten våren vinteren".split())


def _dated_apart(claimed: Quantity, held: Sequence[Quantity], around: Sequence[Quantity]) -> list[Quantity]:
    """A day whose year stands elsewhere: in the sentence, or in the document's own date."""
    if not isinstance(claimed, Date) or claimed.year is None or claimed.month is None:
        return []
    years = {q.year for q in (*held, *around) if isinstance(q, Date)} | {
        q.values[0] for q in (*held, *around) if isinstance(q, Figure) and is_year(q)
    }
    same = [
        q
        for q in held
        if isinstance(q, Date) and q.year is None and (q.month, q.day) == (claimed.month, claimed.day)
    ]
    return list(same) if claimed.year in years else []


def _has_other_unit(claimed: Figure, bearing: Sequence[Quantity], stretch: Stretch) -> bool:
    """A figure without a unit may have it elsewhere in its row; if another of the kind stands there, and not
    this one, the sentence has made it up."""
    if claimed.unit not in _CURRENCIES or any(isinstance(q, Figure) and q.unit for q in bearing):
        return False
    mentioned = set(_currencies(stretch.claims))
    same = {"KR", "NOK"} if claimed.unit in ("KR", "NOK") else {claimed.unit}
    return bool(mentioned) and not mentioned & same


_CURRENCIES = frozenset({"KR", "NOK", "DKK", "SEK", "ISK", "EUR", "USD", "GBP"})
_CROWNS = {"norske": "NOK", "danske": "DKK", "svenske": "SEK", "norwegian": "NOK", "danish": "DKK", "swedish": "SEK"}
_CODES = {"euro": "EUR", "eur": "EUR", "dollar": "USD", "usd": "USD", "nok": "NOK", "dkk": "DKK", "sek": "SEK"}


def _currencies(found: Claims) -> Iterator[str]:
    for before, token in zip((None, *found.tokens), found.tokens, strict=False):
        if token.lower in ("kroner", "kronar", "kr", "krone"):
            yield _CROWNS.get(before.lower, "KR") if before else "KR"
        elif token.lower in _CODES:
            yield _CODES[token.lower]


def _replaced(
    claims: Claims, claimed: Quantity | Name, source: Claims, others: Sequence[Quantity] | Sequence[Name]
) -> bool:
    """Whether another stands in the source where the sentence has `claimed`."""
    return any(_affinity(claims, _span(claimed), source, _span(other), True) >= SAME_PLACE for other in others)


# --- names --------------------------------------------------------------------------------------


def _names(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    source, around = stretch.claims, stretch.around_claims
    for name in claims.names:
        if name.adjective:
            yield from _adjective(claims, name, stretch)
            continue
        if not name.sure and name.titled and not any(name.words == other.words and other.sure for other in around.names):
            continue
        places = _places(name, source, stretch.synonyms)
        if places and not name.sure and any(other.start == name.end + 1 for other in claims.names):
            continue  # a first name: the rest of the name is looked at
        if places:
            yield from _misplaced(claims, name, source, places)
        elif name.sure and not _places(name, around, stretch.synonyms) and not _is_borne_as_words(name, stretch):
            yield _at(name, "names")
        elif _takes_anothers_place(claims, name, source):
            yield _at(name, "names")


def _is_borne_as_words(name: Name, stretch: Stretch) -> bool:
    """Ordinary words that a title writes large may be found in other words."""
    held = [t.lower for found in (stretch.claims, stretch.around_claims) for t in found.tokens if t.kind == "word"]
    return name.titled and all(any(alike(word, other) >= 0.8 for other in held) for word in name.words)


def _takes_anothers_place(claims: Claims, name: Name, source: Claims) -> bool:
    if not name.sure and any(alike(name.words[0], token.lower) >= 0.8 for token in source.tokens):
        return False
    others = [o for o in source.names if not o.adjective and (o.sure or not o.titled) and not _same_name(name, o)]
    spans = [span for other in others for span in _extents(other, source)]
    return any(
        _affinity(claims, here, source, there, True) >= SAME_PLACE for here in _extents(name, claims) for there in spans
    )


def _extents(name: Name, found: Claims) -> Iterator[Span]:
    """A name's own place, that of its first word, and that of the whole where a word opens a sentence and the
    rest of the name follows."""
    yield _span(name)
    if len(name.words) > 1:
        yield name.start, name.start + len(name.text.split()[0])
    if not name.sure:
        yield from ((name.start, other.end) for other in found.names if other.start == name.end + 1)


def _misplaced(claims: Claims, name: Name, source: Claims, places: Sequence[Span]) -> Iterator[Fault]:
    said = sum(_same_name(name, one) for one in claims.names)
    unsaid = [other for other in source.names if not any(_same_name(other, one) for one in claims.names)]
    if said > max(len(places), 1) and unsaid:
        yield _at(name, "names")
        return
    own = max(_affinity(claims, _span(name), source, place, True) for place in places)
    for other in source.names:
        if other.adjective or (other.titled and not other.sure) or _same_name(name, other):
            continue
        if _in_one_row(source, places, other):
            continue
        fits = _affinity(claims, _span(name), source, _span(other), True)
        claimed_too = any(_same_name(other, one) for one in claims.names)
        if fits > max(own + (2 * CLEARLY_NEARER if claimed_too else CLEARLY_NEARER), SAME_PLACE - 0.2):
            yield _at(name, "bound")
            return


def _in_one_row(source: Claims, places: Sequence[Span], other: Name) -> bool:
    """Names of one enumeration, "Nittedal, Rælingen og Gjerdrum", stand among the same words."""
    for start, end in places:
        first, last = sorted(((start, end), _span(other)))
        between = [t for t in source.tokens if first[1] <= t.start and t.end <= last[0]]
        names = [_span(name) for name in source.names]
        if all(
            t.text in ",;-•" or t.lower in ("og", "and", "samt") or any(a <= t.start < b for a, b in names)
            for t in between
        ):
            return True
    return False


def _adjective(claims: Claims, name: Name, stretch: Stretch) -> Iterator[Fault]:
    """A country's adjective need not be borne, but must not stand in another one's place."""
    held = [*stretch.claims.names, *stretch.around_claims.names]
    if any(name.words[0] in other.words for other in held):
        return
    others = [other for other in stretch.claims.names if other.adjective]
    if others and _replaced(claims, name, stretch.claims, others):
        yield _at(name, "names")


def _places(name: Name, source: Claims, synonyms: Sequence[frozenset[str]]) -> list[Span]:
    """Where a name stands in a source: all its words, in order, in one run of names."""
    found = [_span(other) for other in source.names if _holds(other, name, synonyms)]
    if found:
        return found
    if len(name.words) == 1:
        lower = _forms(name.words[0])
        return [
            (token.start, token.end)
            for token in source.tokens
            if token.kind == "word" and (token.lower in lower or _begins(token.lower, lower))
        ]
    text = [t for t in source.tokens if t.kind == "word"]
    size = len(name.words)
    for at in range(len(text) - size + 1):
        row = text[at : at + size]
        if all(_forms(word) & _forms(token.lower) for word, token in zip(name.words, row, strict=True)):
            return [(row[0].start, row[-1].end)]
    return []


def _holds(held: Name, name: Name, synonyms: Sequence[frozenset[str]]) -> bool:
    if held.adjective:
        return len(name.words) == 1 and name.words[0] == held.words[0]
    if any(_joined(held.words) in group and _joined(name.words) in group for group in synonyms):
        return True
    at = 0
    for word in name.words:
        while at < len(held.words) and not _same_word(word, held.words[at]):
            at += 1
        if at == len(held.words):
            return False
        at += 1
    return True


def _same_name(one: Name, other: Name) -> bool:
    return _holds(one, other, ()) or _holds(other, one, ())


def _same_word(word: str, held: str) -> bool:
    forms = _forms(word)
    return bool(forms & _forms(held)) or _begins(held, forms)


def _joined(words: Sequence[str]) -> str:
    return " ".join(word.removesuffix("'s") if word.endswith("'s") else word for word in words)


@lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    """A name with and without its genitive."""
    found = {word}
    for ending in ("'s", "'", "-s", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            found.add(word.removesuffix(ending))
    return frozenset(found)


_TAILS = ("region", "område", "kommun", "fjord", "by", "avtale", "modell", "skole", "skule", "politi", "univers", "-")


def _begins(held: str, forms: frozenset[str]) -> bool:
    """Osloregionen, Oslo-skolen and LMI-medlem hold Oslo and LMI."""
    return any(
        len(form) > 2 and held.startswith(form) and held[len(form) :].removeprefix("s").startswith(_TAILS)
        for form in forms
    )


# --- negations and directions -------------------------------------------------------------------


def _negations(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    source = stretch.claims
    ours = [n for n in claims.negations if not n.hidden]
    theirs = [n for n in source.negations if not n.hidden]
    pairs = sorted(
        (
            (_affinity(claims, _span(a), source, _span(b), False), i, j)
            for i, a in enumerate(ours)
            for j, b in enumerate(theirs)
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    for fits, i, j in pairs:
        if i not in matched and j not in matched.values() and fits > 0.05:
            matched[i] = j
    loose = [a for i, a in enumerate(ours) if i not in matched]
    left = [b for j, b in enumerate(theirs) if j not in matched.values()]
    hidden = [n for n in source.negations if n.hidden and not _is_said(n, claims)]
    if len(loose) > len(hidden):
        yield _at(loose[0], "negation")
    own_hidden = [n for n in claims.negations if n.hidden and not _is_said(n, source)]
    dropped = [b for b in left if _claimed(claims, source, b) >= SCOPE_CLAIMED]
    if len(dropped) > len(own_hidden):
        yield Fault("negation", dropped[0].text)


def _is_said(negation: Negation, other: Claims) -> bool:
    return any(token.lower == negation.text.lower() for token in other.tokens)


def _claimed(claims: Claims, source: Claims, negation: Negation) -> float:
    """The weighted share of the words around a negation of the source that the sentence says."""
    near = [
        n
        for n in _surroundings(source.text, source.english, *_span(negation))
        if n.word not in FUNCTION and n.word[0] not in "^$"
    ]
    words = [_identity(claims, token) for token in claims.tokens if token.kind != "sign"]
    total = sum(n.weight for n in near)
    return sum(n.weight for n in near if any(_match(n.word, word) >= 0.8 for word in words)) / total if total else 0.0


def _directions(claims: Claims, stretch: Stretch) -> Iterator[Fault]:
    """A word whose opposite stands in the source, while it does not stand there itself."""
    ours = {(d.pair, d.pole) for d in claims.directions}
    theirs = {(d.pair, d.pole) for d in stretch.claims.directions}
    for said in claims.directions:
        opposite = (said.pair, -said.pole)
        if (said.pair, said.pole) in theirs or opposite not in theirs or opposite in ours:
            continue
        if any(n.hidden is False for n in (*claims.negations, *stretch.claims.negations)):
            continue
        yield _at(said, "direction")


# --- how much of a sentence a source holds ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """How well (0-1) a stretch holds one thing that the sentence says, at [start, end)."""

    start: int
    end: int
    is_word: bool
    degree: float


def held(claims: Claims, stretch: Stretch) -> tuple[Held, ...]:
    """Every word, name and figure that the sentence says. Words that only stand around the stretch count half."""
    inside = [t.lower for t in stretch.claims.tokens if t.kind == "word"]
    around = [t.lower for t in stretch.around_claims.tokens if t.kind == "word"]
    names = [name for name in claims.names if name.sure and not name.adjective]
    taken = [*map(_span, names), *map(_span, claims.quantities)]
    found = [
        Held(t.start, t.end, True, max(_best(t.lower, inside), 0.5 * _best(t.lower, around)))
        for t in claims.tokens
        if t.kind == "word" and t.lower not in FUNCTION and not any(start <= t.start < end for start, end in taken)
    ]
    figures = _held_quantities(stretch.claims)
    found += [Held(*_span(n), False, float(bool(_places(n, stretch.claims, stretch.synonyms)))) for n in names]
    found += [Held(*_span(q), False, float(any(_bears(f, q) for f in figures))) for q in claims.quantities]
    return tuple(found)


def _best(word: str, held: Sequence[str]) -> float:
    return max((alike(word, other) for other in held), default=0.0)
