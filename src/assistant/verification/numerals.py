"""Number words, units, months: the tables that `quantities` reads by, in bokmål, nynorsk and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

_UNDER_TWENTY: dict[str, int] = {
    word: number
    for number, words in {
        2: "to two tvo",
        3: "tre three",
        4: "fire four",
        5: "fem five",
        6: "seks six",
        7: "sju syv seven",
        8: "åtte eight otte",
        9: "ni nine",
        10: "ti ten",
        11: "elleve eleven",
        12: "tolv twelve",
        13: "tretten thirteen",
        14: "fjorten fourteen",
        15: "femten fifteen",
        16: "seksten sixteen",
        17: "sytten seventeen",
        18: "atten eighteen",
        19: "nitten nineteen",
    }.items()
    for word in words.split()
}
_TENS: dict[str, int] = {
    word: number
    for number, words in {
        20: "tjue tyve twenty",
        30: "tretti tredve thirty",
        40: "førti forty fourty",
        50: "femti fifty",
        60: "seksti sixty",
        70: "sytti seventy",
        80: "åtti eighty",
        90: "nitti ninety",
    }.items()
    for word in words.split()
}
_ONE = frozenset("én éin éi ett eitt eín one".split())
_ARTICLES = frozenset("en ein ei et eit a an".split())
_HUNDRED = frozenset("hundre hundred".split())
_THOUSAND = frozenset("tusen thousand".split())
_ALWAYS_NOT_ENGLISH = frozenset("to fire".split())
"""Norwegian figures that are other words in English."""

SCALES: dict[str, Fraction] = {
    word: Fraction(10**power)
    for power, words in {
        2: "hundre hundred",
        3: "tusen thousand k",
        6: "million millioner millionar millions mill mio m millionane millionene",
        9: "milliard milliarder milliardar mrd mia bn billions milliardane milliardene",
        12: "billion billioner billionar trillion trillions",
    }.items()
    for word in words.split()
}

_UNIT_WORDS: dict[str, tuple[str, str]] = {
    # word group -> (unit, factor)
    "kr kroner krone kronar kronor kronene kronane": ("KR", "1"),
    "nok": ("NOK", "1"),
    "mnok": ("NOK", "1000000"),
    "tnok": ("NOK", "1000"),
    "dkk": ("DKK", "1"),
    "mdkk": ("DKK", "1000000"),
    "sek": ("SEK", "1"),
    "msek": ("SEK", "1000000"),
    "euro euros eur €": ("EUR", "1"),
    "meur": ("EUR", "1000000"),
    "usd dollar dollars $": ("USD", "1"),
    "musd": ("USD", "1000000"),
    "gbp pund pounds £": ("GBP", "1"),
    "prosent prosenten prosentene prosentane percent pst pct %": ("share", "1/100"),
    "per_cent": ("share", "1/100"),
    "promille ‰": ("share", "1/1000"),
    "prosentpoeng prosentpoenga prosentpoengene prosentenheter pp": ("points", "1"),
    "percentage_points percentage_point": ("points", "1"),
    "tonn tonnes tonne tons ton": ("g", "1000000"),
    "kg kilo kilogram kilograms kilos": ("g", "1000"),
    "g gram grams": ("g", "1"),
    "mg milligram milligrams": ("g", "1/1000"),
    "km kilometer kilometers kilometre kilometres": ("m", "1000"),
    "m meter meters metre metres": ("m", "1"),
    "cm centimeter centimeters centimetres": ("m", "1/100"),
    "mm millimeter millimeters millimetres": ("m", "1/1000"),
    "mil": ("m", "10000"),
    "mile miles": ("mile", "1"),
    "km² km2 kvadratkilometer": ("m²", "1000000"),
    "square_kilometres square_kilometers square_kilometre square_kilometer": ("m²", "1000000"),
    "m² m2 kvm kvadratmeter": ("m²", "1"),
    "square_metres square_meters square_metre square_meter": ("m²", "1"),
    "dekar daa": ("m²", "1000"),
    "hektar ha hectares hectare": ("m²", "10000"),
    "m³ m3 kubikkmeter": ("l", "1000"),
    "cubic_metres cubic_meters cubic_metre cubic_meter": ("l", "1000"),
    "liter litre litres liters l": ("l", "1"),
    "dl desiliter": ("l", "1/10"),
    "ml milliliter millilitres": ("l", "1/1000"),
    "fat barrels": ("barrel", "1"),
    "kwh": ("Wh", "1000"),
    "mwh": ("Wh", "1000000"),
    "gwh": ("Wh", "1000000000"),
    "twh": ("Wh", "1000000000000"),
    "kw kilowatt": ("W", "1000"),
    "mw megawatt": ("W", "1000000"),
    "gw gigawatt": ("W", "1000000000"),
    "årsverk fte ftes": ("fte", "1"),
    "full-time_equivalents full-time_positions man-years": ("fte", "1"),
    "år åra årene years year åring åringen åringar år-old year-old": ("year", "1"),
    "måned måneder månader månad månedene months month": ("month", "1"),
    "uke uker veke veker weeks week": ("week", "1"),
    "dag dager dagar dagene dagane døgn days day": ("day", "1"),
    "time timer timar timene hours hour": ("hour", "1"),
    "minutt minutter minuttar minutes minute": ("minute", "1"),
    "sekund sekunder seconds": ("second", "1"),
    "grader gradar celsius degrees °": ("degree", "1"),
    "gb": ("byte", "1000000000"),
    "tb": ("byte", "1000000000000"),
    "mb": ("byte", "1000000"),
}
UNITS: dict[str, tuple[str, Fraction]] = {
    word.replace("_", " "): (unit, Fraction(factor))
    for words, (unit, factor) in _UNIT_WORDS.items()
    for word in words.split()
}
TAKES_TWO_WORDS = frozenset({"per", "square", "cubic", "percentage", "full-time"})
CURRENCY_ADJECTIVES = {
    "norske": "NOK",
    "norwegian": "NOK",
    "danske": "DKK",
    "danish": "DKK",
    "svenske": "SEK",
    "swedish": "SEK",
    "islandske": "ISK",
    "icelandic": "ISK",
}

ORDINALS: dict[str, int] = {
    word: number
    for number, words in {
        2: "second nest",
        3: "tredje third",
        4: "fjerde fourth",
        5: "femte fifth",
        6: "sjette sixth",
        7: "sjuende sjuande syvende seventh",
        8: "åttende åttande eighth",
        9: "niende niande ninth",
        10: "tiende tiande tenth",
        11: "ellevte eleventh",
        12: "tolvte twelfth",
        13: "trettende trettande thirteenth",
        14: "fjortende fjortande fourteenth",
        15: "femtende femtande fifteenth",
        16: "sekstende sekstande sixteenth",
        17: "syttende syttande seventeenth",
        18: "attende attande eighteenth",
        19: "nittende nittande nineteenth",
        20: "tjuende tjuande tyvende twentieth",
        30: "trettiende trettiande thirtieth",
    }.items()
    for word in words.split()
}
FRACTIONS: dict[str, Fraction] = {
    word: Fraction(1, number)
    for number, words in {
        2: "halvparten helvta halvdelen half halv halve halvdel",
        3: "tredel tredelen tredeler tredelar tredjedel tredjedelen tredjedeler tredjedelar thirds",
        4: "firedel firedeler firedelar fjerdedel fjerdedelen fjerdedeler fjerdedelar fjerdepart quarters",
        5: "femdel femdelar femtedel femtedelen femtedeler femtedelar fifths",
        6: "seksdel sjettedel sjettedeler sixths",
        8: "åttedel åttedeler åttedelar eighths",
        10: "tidel tideler tidelar tiendedel tiendedeler tenths",
    }.items()
    for word in words.split()
}
PARTS = {"third": Fraction(1, 3), "quarter": Fraction(1, 4), "kvart": Fraction(1, 4), "fifth": Fraction(1, 5)}
"""Fractions only where a number stands before and "of" after: elsewhere the third, or a quarter's turnover."""
MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "januar january jan",
            "februar february feb febr",
            "mars march mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        1,
    )
    for word in words.split()
}
WEEKDAYS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "mandag måndag monday",
            "tirsdag tysdag tuesday",
            "onsdag wednesday",
            "torsdag thursday",
            "fredag friday",
            "lørdag laurdag saturday",
            "søndag sundag sunday",
        ),
        1,
    )
    for word in words.split()
}


@lru_cache(maxsize=10_000)
def _single(word: str, english: bool) -> int | None:
    """A number word below a hundred, written as one: "tjueto", "toogtyve", "twenty-two"."""
    if english and word in _ALWAYS_NOT_ENGLISH:
        return None
    if word in _UNDER_TWENTY:
        return _UNDER_TWENTY[word]
    if word in _TENS:
        return _TENS[word]
    plain = word.replace("-", "")
    for tens, value in _TENS.items():
        if plain.startswith(tens) and (unit := _unit_word(plain[len(tens) :])):
            return value + unit
        if plain.endswith("og" + tens) and (unit := _unit_word(plain[: -len("og" + tens)])):
            return value + unit
    return None


def _unit_word(word: str) -> int | None:
    if word in ("en", "én", "ein", "ett", "eitt", "one"):
        return 1
    value = _UNDER_TWENTY.get(word)
    return value if value and value < 10 else None


def cardinal(words: Sequence[str], english: bool, one: bool = False) -> tuple[Fraction | None, int]:
    """The number that `words` (lower-case) begin with, and how many of them it takes; (None, 0) where
    they begin with none. "en" and "a" are one only before hundred and thousand, or with `one`."""
    total = current = 0
    taken = at = 0
    while at < len(words):
        word = words[at]
        value = _single(word, english)
        if value is not None and (current % 100 == 0 or (current % 10 == 0 and value < 10 and current % 100 >= 20)):
            current += value
        elif word in _ONE or (word in _ARTICLES and (one or (words[at + 1 : at + 2] and words[at + 1] in _MULTIPLIES))):
            if current % 10:
                break
            current += 1
        elif word in _HUNDRED and current < 10:
            current = max(current, 1) * 100
        elif word in _THOUSAND and current < 1000 and not total:
            total, current = max(current, 1) * 1000, 0
        elif word in ("og", "and") and taken == at and (total or current >= 100) and _continues(words, at + 1, english):
            at += 1
            continue
        elif (joined := _joined_hundreds(word, english)) is not None and not current:
            current = joined
        else:
            break
        at += 1
        taken = at
    found = total + current
    return (Fraction(found), taken) if taken and found else (None, 0)


_MULTIPLIES = frozenset(word for word in SCALES if len(word) > 2)


def _continues(words: Sequence[str], at: int, english: bool) -> bool:
    """Whether "og" goes on with the number: "hundre og tjue", but not "hundre og to tusen"."""
    return at < len(words) and _single(words[at], english) is not None and words[at + 1 : at + 2] != ["tusen"]


@lru_cache(maxsize=10_000)
def _joined_hundreds(word: str, english: bool) -> int | None:
    """ "tohundre", "trehundreogfemti"."""
    head, found, rest = word.partition("hundre")
    if not found or not (head or rest):
        return None
    hundreds = _unit_word(head) if head else 1
    rest = rest.removeprefix("og")
    below = (_single(rest, english) or _unit_word(rest)) if rest else 0
    return hundreds * 100 + below if hundreds and below is not None else None


_GROUPS = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f’'.,]\d{3})+$")


def decimal_readings(digits: str, english: bool) -> tuple[Fraction, ...]:
    """What a figure's digits may mean; () for what is no figure, such as a version, 1.2.3."""
    compact = re.sub("[ \u00a0\u2009\u202f’']", "", digits)
    marks = re.sub(r"\d", "", compact)
    if not marks:
        return (Fraction(int(compact)),)
    if ":" in marks:
        return ()
    if len(marks) == 1:
        decimal = Fraction(compact.replace(",", "."))
        groups = len(compact.rpartition(marks)[2]) == 3 and not compact.startswith("0") and compact == digits
        if not groups or len(compact.partition(marks)[0]) > 3:
            return (decimal,)
        thousands = decimal * 1000
        usual = thousands if (marks == ",") == english else decimal
        if marks == "." and not english:
            usual = thousands
        other = thousands if usual == decimal else decimal
        return (usual,) if usual == thousands else (usual, other)
    if len(set(marks)) == 1:
        whole = re.sub(r"[.,]", "", compact)
        return (Fraction(int(whole)),) if _GROUPS.fullmatch(compact) else ()
    last = marks[-1]
    whole, _, decimals = compact.rpartition(last)
    return (Fraction(f"{re.sub(r'[.,]', '', whole)}.{decimals}"),) if last not in marks[:-1] else ()
