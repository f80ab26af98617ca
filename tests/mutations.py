"""Makes true sentences false by rule: one figure, year, day, unit, name, municipality or negation is changed.

The rules know nothing of how the verifier reads a sentence: they have tables of their own."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.types import Hit, sentences_of

KINDS = (
    "figure",
    "number word",
    "year",
    "day or month",
    "unit",
    "person",
    "organisation",
    "municipality",
    "negation in",
    "negation out",
    "figures swapped",
    "names swapped",
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """`sentence` stands in the passage, `mutated` does not. `near`: what was put in stands elsewhere there."""

    kind: str
    sentence: str
    mutated: str
    hit: Hit
    near: bool


Change = Callable[[str, str, random.Random], Iterator[tuple[str, bool]]]
"""From a sentence and its passage to false sentences, each with whether what was put in is `near`."""


def mutations(hits: Sequence[Hit], each: int, seed: int) -> list[Mutation]:
    """Up to `each` of every kind, drawn from all sentences of `hits`."""
    draw = random.Random(seed)
    sentences = [(sentence, hit) for hit in hits for sentence in sentences_of(hit.passage) if _is_usable(sentence)]
    pools = Pools.of([hit.passage.text for hit in hits])
    found = []
    for kind, change in _changes(pools).items():
        draw.shuffle(sentences)
        made: list[Mutation] = []
        for sentence, hit in sentences:
            changed = [
                Mutation(kind, sentence, mutated, hit, near)
                for mutated, near in change(sentence, hit.passage.text, draw)
                if mutated != sentence and mutated not in hit.passage.text
            ]
            made += draw.sample(changed, min(2, len(changed)))
            if len(made) >= each:
                break
        found += made[:each]
    return found


def _is_usable(sentence: str) -> bool:
    return 25 <= len(sentence) <= 400 and "\n" not in sentence and any(c.islower() for c in sentence)


# --- figures, years, days, units ----------------------------------------------------------------

_FIGURE = re.compile(r"(?<![\w.,–-])\d{1,3}(?: \d{3})+(?![\w])|(?<![\w.,–-])\d+(?:,\d+)?(?![\w,.]\d|\w|-)")
_YEAR = re.compile(r"(?<![\w.,–-])(?:1[5-9]|20)\d\d(?![\w]|[.,]\d)")
_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()
_DAY = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(_MONTHS)})\b")
_WORDS = "to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten tjue tretti førti femti".split()
_ENGLISH_WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty".split()
_UNITS = {
    "millioner": "milliarder tusen",
    "milliarder": "millioner",
    "millionar": "milliardar",
    "milliardar": "millionar",
    "million": "billion",
    "billion": "million",
    "tusen": "millioner",
    "norske kroner": "danske kroner|svenske kroner",
    "danske kroner": "norske kroner|kroner",
    "kroner": "euro|danske kroner|dollar",
    "NOK": "DKK|EUR|SEK",
    "euro": "kroner|dollar",
    "dollar": "kroner|euro",
    "prosent": "prosentpoeng|promille",
    "%": "prosentpoeng",
    "kilometer": "meter|mil",
    "km": "m|mil",
    "meter": "kilometer|centimeter",
    "cm": "mm",
    "kvadratkilometer": "kvadratmeter|hektar",
    "km²": "m²",
    "kg": "tonn",
    "tonn": "kilo",
    "gram": "kilo",
    "liter": "kubikkmeter",
    "år": "måneder|uker",
    "måneder": "år|uker",
    "uker": "måneder|dager",
    "dager": "uker|år",
    "timer": "minutter|dager",
    "minutter": "timer|sekunder",
    "årsverk": "timer",
    "grader": "prosent",
}
_BEFORE_UNIT = r"(\d|\b(?:to|tre|fire|fem|seks|sju|åtte|ni|ti|tolv|tjue|tretti|millioner|milliarder|milliardar|millionar))( ?)"


def _figures(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    elsewhere = [m.group() for m in _FIGURE.finditer(passage) if not _YEAR.fullmatch(m.group())]
    for match in _FIGURE.finditer(sentence):
        figure = match.group()
        if _YEAR.fullmatch(figure) or _DAY.match(sentence, match.start()):
            continue
        yield _with(sentence, match.span(), _other_digits(figure, draw)), False
        others = [other for other in elsewhere if _number(other) != _number(figure)]
        if others:
            yield _with(sentence, match.span(), draw.choice(others)), True


def _other_digits(figure: str, draw: random.Random) -> str:
    while True:
        places = [at for at, character in enumerate(figure) if character.isdigit()]
        at = draw.choice(places)
        changed = figure[:at] + draw.choice("123456789") + figure[at + 1 :]
        if _number(changed) != _number(figure):
            return changed


def _number(figure: str) -> float:
    return float(figure.replace(" ", "").replace(",", "."))


def _number_words(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    english = " the " in sentence or sentence.startswith("The ")
    words = _ENGLISH_WORDS if english else _WORDS
    for match in re.finditer(rf"\b({'|'.join(words)})\b", sentence, re.IGNORECASE):
        word = match.group()
        if not english and word.lower() == "to" and " to " in f" {sentence} " and re.search(r"\b(the|of|and)\b", sentence):
            continue
        others = [other for other in words if other != word.lower()]
        near = [other for other in others if re.search(rf"\b{other}\b", passage, re.IGNORECASE)]
        yield _with(sentence, match.span(), _like(word, draw.choice(others))), False
        if near:
            yield _with(sentence, match.span(), _like(word, draw.choice(near))), True


def _years(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for match in _YEAR.finditer(sentence):
        year = int(match.group())
        yield _with(sentence, match.span(), str(year + draw.choice([-10, -3, -2, -1, 1, 2, 3, 10]))), False
        others = [other for other in _YEAR.findall(passage) if int(other) != year]
        if others:
            yield _with(sentence, match.span(), draw.choice(others)), True


def _days(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for match in _DAY.finditer(sentence):
        day, month = match.groups()
        yield _with(sentence, match.span(1), str(draw.choice([d for d in range(1, 29) if d != int(day)]))), False
        yield _with(sentence, match.span(2), draw.choice([m for m in _MONTHS if m != month])), False
        others = [m for m in _DAY.finditer(passage) if m.groups() != match.groups()]
        if others:
            yield _with(sentence, match.span(), draw.choice(others).group()), True


def _units(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for unit, instead in _UNITS.items():
        tail = "" if unit == "%" else r"\b"
        for match in re.finditer(rf"{_BEFORE_UNIT}({re.escape(unit)}){tail}", sentence):
            others = instead.split("|") if "|" in instead or " " not in instead else instead.split()
            space = "" if match.group(2) else " "
            yield _with(sentence, match.span(3), space + draw.choice(others)), False


# --- names --------------------------------------------------------------------------------------

_FIRST_NAMES = frozenset(
    "Anders Andreas Anja Anna Anne Arne Astrid Atle Audun Beate Bente Berit Bjarne Bjørn Camilla Cecilie Christian "
    "Christina Dag Daniel David Delphine Einar Eirik Elin Elisabeth Ellen Else Emil Erik Erling Erna Espen Eva Finn "
    "Fredrik Frode Geir George Gerd Gro Grete Gunnar Guri Hanne Hans Harald Heidi Helge Helene Henrik Hilde Håkon "
    "Ida Inge Inger Ingrid Ingvild Ivar Jacob Jan Janne Jens Johan Johannes John Jon Jonas Jørgen Kari Karin Karl "
    "Katrine Ketil Kim Kirsten Kjell Kjetil Klaus Knut Kristian Kristin Kåre Lars Leif Lene Line Linda Liv Magnus "
    "Maria Marianne Marit Marte Martin Mats Mette Michael Mona Monica Morten Nils Nina Odd Ola Ole Olav Oscar Per "
    "Peter Petter Pål Ragnar Ramona Randi Robert Roger Rolf Rune Sara Sigrid Sigurd Silje Simen Siri Siv Sofie Solveig "
    "Stein Steinar Stian Svein Sylvi Terje Thomas Tom Tone Tor Tore Torstein Trine Trond Trude Turid Ulrik Unni Vegard "
    "Vidar William Wilhelm Yngve Øystein Øyvind Åge Åse James Paul Mary Charles Edward Henry Richard Adam Elizabeth".split()
)
_MUNICIPALITIES = (
    "Oslo Bergen Trondheim Stavanger Kristiansand Drammen Fredrikstad Sandnes Tromsø Sarpsborg Skien Ålesund Sandefjord "
    "Haugesund Tønsberg Moss Bodø Arendal Hamar Larvik Halden Lillehammer Molde Harstad Gjøvik Kongsberg Porsgrunn "
    "Horten Kristiansund Narvik Elverum Askøy Steinkjer Levanger Alta Namsos Mandal Grimstad Nittedal Rælingen "
    "Lillestrøm Gjerdrum Aurskog-Høland Nannestad Ullensaker Eidsvoll Lørenskog Bærum Asker Ringerike Kongsvinger "
    "Notodden Kragerø Flekkefjord Farsund Egersund Florø Førde Voss Stord Odda Røros Rana Vefsn Brønnøysund Svolvær "
    "Hammerfest Vadsø Vardø Kirkenes Kautokeino Karasjok Lillesand Risør Tvedestrand Holmestrand Hønefoss Jevnaker "
    "Modum Nesodden Frogn Vestby Enebakk Hurdal Stange Ringsaker Løten Trysil Tynset Dovre Lom Vågå Sunndal "
    "Stjørdal Malvik Orkdal Oppdal Verdal Snåsa Grong Lierne Hemnes Saltdal Fauske Sortland Andøy Lenvik Målselv "
    "Nordkapp Porsanger Tana Gladsaxe Hillerød København Kalundborg Stockholm London Paris Berlin".split()
)
_MUNICIPALITY = re.compile(rf"(?<![\w-])({'|'.join(_MUNICIPALITIES)})(?=s?\b)(?!-|s? [A-ZÆØÅ])")
_ORGANISATION = re.compile(
    r"\b(?:[A-ZÆØÅ][\wæøå]+ )*(?:[A-ZÆØÅ][\wæøå]+ (?:ASA|AS|IKS|Pharma|Biologics|Norway|Cluster|Museum|United|City|FK|IL)\b)"
    r"|\b(?:NRK|NATO|NASA|SSB|LMI|SIVA|NHO|FIFA|UEFA|BBC|FBI|CIA|Equinor|Telenor|Statoil|Microsoft|Google|Apple|Bayer|"
    r"Pharmaq|Agilera|Fujifilm|Biogen|Høyre|Venstre|Arbeiderpartiet|Fremskrittspartiet|Senterpartiet|Stortinget|"
    r"Regjeringen|Dagbladet|Aftenposten|Brann|Rosenborg|Vålerenga|Liverpool|Chelsea|Arsenal|Barcelona|Finansavisen|"
    r"Legemiddelindustrien|Kunnskapsbyen Lillestrøm|Innovasjon Norge|Universitetet i \w+|Folkehelseinstituttet|"
    r"Helsedirektoratet|Kripos|Norges Bank|TV 2|NTB|VG)\b"
)
_PERSON = re.compile(r"\b[A-ZÆØÅ][\wæøåéü-]+(?: [A-ZÆØÅ]\.?(?:[\wæøåéü-]+)?){1,3}")


@dataclass(frozen=True, slots=True)
class Pools:
    """Names that stand in any of the passages, to put in where the passage has no other. `same` are organisations
    with their abbreviations, as "Legemiddelindustrien (LMI)": one in the other's place is as true."""

    persons: tuple[str, ...]
    organisations: tuple[str, ...]
    same: frozenset[frozenset[str]]

    @classmethod
    def of(cls, passages: Sequence[str]) -> Pools:
        persons = {name for passage in passages for name, _ in _persons_in(passage)}
        organisations = {m.group() for passage in passages for m in _ORGANISATION.finditer(passage)}
        introduced = re.compile(rf"({_ORGANISATION.pattern}) \(({_ORGANISATION.pattern})\)")
        same = {frozenset(m.groups()) for passage in passages for m in introduced.finditer(passage)}
        return cls(tuple(sorted(persons)), tuple(sorted(organisations)), frozenset(same))


def _persons_in(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for match in _PERSON.finditer(text):
        words = match.group().split()
        for at, word in enumerate(words[:-1]):
            if word in _FIRST_NAMES:
                start = match.start() + len(" ".join(words[:at])) + (at > 0)
                yield text[start : match.end()].rstrip("."), (start, match.end())
                break


def _persons(pools: Pools) -> Change:
    def change(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
        elsewhere = sorted({name for name, _ in _persons_in(passage)})
        for name, span in _persons_in(sentence):
            yield from _names(sentence, name, span, elsewhere, pools.persons, draw)
            other = draw.choice(pools.persons)
            first, _, last = name.rpartition(" ")
            if other.split()[-1] not in name:
                yield _with(sentence, span, f"{first} {other.split()[-1]}"), False
            if other.split()[0] not in name:
                yield _with(sentence, span, f"{other.split()[0]} {last}"), False

    return change


def _organisations(pools: Pools) -> Change:
    def change(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
        elsewhere = sorted({match.group() for match in _ORGANISATION.finditer(passage)})
        for match in _ORGANISATION.finditer(sentence):
            name = match.group()
            others = [other for other in elsewhere if frozenset((name, other)) not in pools.same]
            strangers = [other for other in pools.organisations if frozenset((name, other)) not in pools.same]
            yield from _names(sentence, name, match.span(), others, strangers, draw)

    return change


def _municipalities(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    elsewhere = sorted(set(_MUNICIPALITY.findall(passage)))
    for match in _MUNICIPALITY.finditer(sentence):
        yield from _names(sentence, match.group(), match.span(), elsewhere, _MUNICIPALITIES, draw)


def _names(
    sentence: str,
    name: str,
    span: tuple[int, int],
    elsewhere: Sequence[str],
    pool: Sequence[str],
    draw: random.Random,
) -> Iterator[tuple[str, bool]]:
    strangers = [other for other in pool if other not in elsewhere and other not in name and name not in other]
    yield _with(sentence, span, draw.choice(strangers)), False
    others = [other for other in elsewhere if other not in name and name not in other]
    if others:
        yield _with(sentence, span, draw.choice(others)), True


# --- negations ----------------------------------------------------------------------------------

_FINITE = re.compile(
    r"\b(er|var|har|hadde|kan|kunne|skal|skulle|vil|ville|må|måtte|ble|blir|vart|vert|fikk|får|kom|ligger|deltok|"
    r"bor|is|was|were|are|has|have|will|can)\b(?! (?:ikke|ikkje|ingen|aldri|not|no|det|han|hun|de|jeg|vi|ho))"
)
_NOT = re.compile(r" (?:ikke|ikkje|aldri|not)\b(?!-| (?:bare|berre|only|minst|just))")
_NONE = re.compile(r"\b(ingen|uten|utan)\b", re.IGNORECASE)


def _negated(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for match in _FINITE.finditer(sentence):
        english = match.group() in ("is", "was", "were", "are", "has", "have", "will", "can")
        neg = "not" if english else draw.choice(["ikke", "ikke", "aldri"])
        yield f"{sentence[: match.end()]} {neg}{sentence[match.end() :]}", False


def _affirmed(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for match in _NOT.finditer(sentence):
        yield _with(sentence, match.span(), ""), False
    for match in _NONE.finditer(sentence):
        instead = "med" if match.group().lower() in ("uten", "utan") else "flere"
        yield _with(sentence, match.span(), _like(match.group(), instead)), False


# --- what belongs together ----------------------------------------------------------------------


def _figures_swapped(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    words = rf"\b(?:{'|'.join(_WORDS[1:])})\b"
    found = [m for m in re.finditer(rf"{_FIGURE.pattern}|{words}", sentence) if not _DAY.match(sentence, m.start())]
    for one, other in itertools.combinations(found, 2):
        if one.group().lower() != other.group().lower() and _is_apart(sentence[one.end() : other.start()]):
            yield _swapped(sentence, one.span(), other.span()), True


def _names_swapped(sentence: str, passage: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    for spans in (
        [span for _, span in _persons_in(sentence)],
        [m.span() for m in _ORGANISATION.finditer(sentence)],
        [m.span() for m in _MUNICIPALITY.finditer(sentence)],
    ):
        for one, other in itertools.combinations(spans, 2):
            if sentence[slice(*one)] != sentence[slice(*other)] and _is_apart(sentence[one[1] : other[0]]):
                yield _swapped(sentence, one, other), True


def _is_apart(between: str) -> bool:
    """Two of one enumeration may stand in any order."""
    return len([word for word in re.findall(r"\w+", between) if word not in ("og", "and", "eller", "til", "med")]) > 1


def _swapped(sentence: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    first, second = sentence[slice(*one)], sentence[slice(*other)]
    return sentence[: one[0]] + second + sentence[one[1] : other[0]] + first + sentence[other[1] :]


def _changes(pools: Pools) -> dict[str, Change]:
    made: tuple[Change, ...] = (
        _figures,
        _number_words,
        _years,
        _days,
        _units,
        _persons(pools),
        _organisations(pools),
        _municipalities,
        _negated,
        _affirmed,
        _figures_swapped,
        _names_swapped,
    )
    return dict(zip(KINDS, made, strict=True))


def _with(sentence: str, span: tuple[int, int], instead: str) -> str:
    return sentence[: span[0]] + instead + sentence[span[1] :]


def _like(word: str, instead: str) -> str:
    """`instead` with the case of `word`'s first letter."""
    return instead.capitalize() if word[0].isupper() else instead
