"""What a sentence claims: its figures and dates, names, negations and directions, each with its place.
The same is read from a source, so that the two can be held against each other. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from assistant.verification.numerals import cardinal
from assistant.verification.quantities import Quantity, quantities
from assistant.verification.wording import FUNCTION, Token, is_known, tokens


@dataclass(frozen=True, slots=True)
class Name:
    """`text[start:end]`, a run of capitalised words; `words` as they are compared. A name that is not
    `sure` opens the sentence and may be an ordinary word. `titled`: capitalised words that are ordinary
    ones, as in "National Export Council". `adjective`: a country's, as in "Danish"."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    sure: bool = True
    titled: bool = False
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """`hidden` where a word denies without being a "not", as "lacks"; it may stand for one."""

    start: int
    end: int
    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Direction:
    """A word of a pair of opposites: `pair` names the pair, `pole` its side."""

    start: int
    end: int
    text: str
    pair: str
    pole: int


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a text claims, in the order of the text."""

    text: str
    english: bool
    tokens: tuple[Token, ...]
    quantities: tuple[Quantity, ...]
    codes: tuple[Token, ...]
    names: tuple[Name, ...]
    negations: tuple[Negation, ...]
    directions: tuple[Direction, ...]


@lru_cache(maxsize=4096)
def claims_of(text: str, english: bool) -> Claims:
    found = tokens(text)
    numbers = tuple(q for q in quantities(text, english) if not _is_no_number(q, found))
    taken = [(q.start, q.end) for q in numbers]
    names = tuple(_names(found, english, taken))
    return Claims(
        text=text,
        english=english,
        tokens=found,
        quantities=numbers,
        codes=tuple(t for t in found if t.kind in ("number", "date") and not _within(t, taken)),
        names=names,
        negations=tuple(_negations(found, english)),
        directions=tuple(_directions(found, names)),
    )


def _is_no_number(quantity: Quantity, found: Sequence[Token]) -> bool:
    """ "One of the seven", "the larger one", "no one": a one that counts nothing."""
    if quantity.text.lower() not in ("one", "én", "éin", "ett", "eitt", "éi"):
        return False
    at = next(i for i, token in enumerate(found) if token.start == quantity.start)
    before = found[at - 1].lower if at else ""
    after = found[at + 1].lower if at + 1 < len(found) else ""
    counted = before in _BEFORE_ONE or (before not in FUNCTION and before not in ("", ",", ":", "«", '"', "("))
    return after in ("of", "av", "another", "") or (quantity.text.lower() == "one" and counted)


_BEFORE_ONE = frozenset("no any every each this that the which some another".split())
_ENGLISH = frozenset(
    "the of and is was were are with by which has have that this it its they their from been be not who what as "
    "than into these those will would in on".split()
)
_NOT_ENGLISH = frozenset(
    "og er var av som det på den de ikke ikkje med til en et ein eit ei har hadde om fra frå blir ble vart vert ved "
    "eller han hun ho dei skal kan vil sin seg man også òg etter mot mellom i".split()
)


def is_english(text: str) -> bool:
    """By its small words; in doubt it is not."""
    found = [token.lower for token in tokens(text) if token.kind == "word"]
    return sum(word in _ENGLISH for word in found) > sum(word in _NOT_ENGLISH for word in found)


def _within(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start and token.end <= end for start, end in spans)


# --- names --------------------------------------------------------------------------------------

_TITLES = (
    "minister direktør leder leiar sjef rådgiver rådgjevar forsker forskar president fører førar ordførar mester "
    "formann representant politiker politikar trener trenar spiller spelar forfatter forfattar kunstner skuespiller "
    "sekretær professor advokat prest biskop general redaktør journalist kommissær dommer ingeniør konsulent "
    "mann kvinne kone sønn datter bror søster konge dronning prins prinsesse keiser pave"
).split()


def _names(found: Sequence[Token], english: bool, taken: Sequence[tuple[int, int]]) -> Iterator[Name]:
    at = 0
    while at < len(found):
        token = found[at]
        if token.kind != "word" or not _is_capitalised(token) or _within(token, taken):
            if country := _adjectives().get(token.lower):
                yield Name(token.start, token.end, token.text, (country,), adjective=True)
            at += 1
            continue
        length, known = _alias(found, at)
        if length:
            end = at + length
            text = " ".join(t.text for t in found[at:end])
            adjective = known.startswith("|")
            yield Name(token.start, found[end - 1].end, text, (known.lstrip("|"),), adjective=adjective)
            at = end
        elif _is_skipped(token, english):
            if token.lower not in FUNCTION and not _is_number(token.lower, english):
                yield Name(token.start, token.end, token.text, (_head(token),), sure=False, titled=True)
            at += 1
        else:
            end = _run_end(found, at, english)
            yield from _run(found[at:end], english)
            at = end


def _is_capitalised(token: Token) -> bool:
    return token.text[0].isupper() or any(c.isupper() or c.isdigit() for c in token.text[1:]) or _is_address(token)


def _is_address(token: Token) -> bool:
    return token.lower.rpartition(".")[2] in ("no", "com", "org", "net", "dk", "se", "eu", "uk") and "." in token.text


def _is_skipped(token: Token, english: bool) -> bool:
    """Small words, and numbers or ordinary words that open a sentence."""
    lower = token.lower
    if (lower in FUNCTION and not _is_capitals(token)) or (english and token.text == "I"):
        return True
    return token.opens and not _is_marked(token) and (is_known(lower, english) or _is_number(lower, english))


def _is_capitals(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _is_number(lower: str, english: bool) -> bool:
    return cardinal([lower], english)[0] is not None


def _is_marked(token: Token) -> bool:
    """Written as only names are: LMI, HelseOmsorg21, Aurskog-Høland, lmi.no."""
    return any(c.isupper() or c.isdigit() for c in token.text[1:]) or _is_address(token)


def _run_end(found: Sequence[Token], at: int, english: bool) -> int:
    """Where a run of capitalised words ends. English writes ordinary words so too, in titles: there a run is
    of one kind."""
    titled = _is_titled(found[at], english)
    end = at + 1
    while end < len(found):
        token = found[end]
        if token.text == "." and len(found[end - 1].text) == 1 and token.start == found[end - 1].end:
            end += 1  # an initial
        elif (
            token.kind == "word"
            and _is_capitalised(token)
            and not _is_skipped(token, english)
            and not token.opens
            and (_is_titled(token, english) == titled or not english)
            and not _alias(found, end)[0]
        ):
            end += 1
        else:
            break
    return end - (found[end - 1].text == "." and end - 1 > at)


def _is_titled(token: Token, english: bool) -> bool:
    return not _is_marked(token) and (is_known(token.lower, english) or token.lower.endswith(tuple(_TITLES)))


def _run(run: Sequence[Token], english: bool) -> Iterator[Name]:
    first, last = run[0], run[-1]
    parts = [token for token in run if token.kind == "word" and len(token.text.strip(".")) > 1]
    if not parts:
        parts = list(run[:1])
    if first.opens and not _is_marked(first):
        if not first.lower.endswith(tuple(_TITLES)):
            yield Name(first.start, first.end, first.text, (_head(first),), sure=False)
        parts = [token for token in parts if token is not first]
    if parts:
        text = " ".join(token.text for token in parts)
        words = tuple(_head(token) for token in parts)
        yield Name(parts[0].start, last.end, text, words, titled=all(_is_titled(token, english) for token in parts))


def _head(token: Token) -> str:
    """A name as it is compared: the LMI of "LMI-medlemmer"."""
    first, hyphen, rest = token.text.rpartition("-")
    return first.lower() if hyphen and first[0].isupper() and rest.islower() else token.lower


def _alias(found: Sequence[Token], at: int) -> tuple[int, str]:
    """How many tokens from `at` are a name that `names.txt` knows, and its first form there."""
    for length in range(min(6, len(found) - at), 0, -1):
        run = found[at : at + length]
        phrase = " ".join(_bare(token.lower) for token in run) if length > 1 else _bare(_head(run[0]))
        known = _aliases().get(phrase) or (f"|{_adjectives()[phrase]}" if phrase in _adjectives() else None)
        if known and (len(phrase) > 3 or run[0].text.isupper()) and "." not in phrase[-1:]:
            return length, known
    return 0, ""


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("'")


@cache
def _aliases() -> dict[str, str]:
    return {form: names[0] for names, _ in _lines() for form in names} | {
        f"{form}s": names[0] for names, _ in _lines() for form in names if " " not in form and form[-1] != "s"
    }


@cache
def _adjectives() -> dict[str, str]:
    return {form: names[0] for names, adjectives in _lines() for form in adjectives}


@cache
def _lines() -> list[tuple[list[str], list[str]]]:
    text = files("assistant.verification").joinpath("names.txt").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            names, _, adjectives = line.partition("|")
            found.append(
                ([n.strip() for n in names.split(";")], [a.strip() for a in adjectives.split(";") if a.strip()])
            )
    return found


# --- negations and directions -------------------------------------------------------------------

_NEGATIONS = frozenset(
    "ikke ikkje ingen inga ingenting intet inkje aldri uten utan verken hverken korkje neppe inte aldrig uden not never cannot without".split()
)
_ENGLISH_NEGATIONS = frozenset("no none neither nobody nothing hardly".split())
_HIDDEN = frozenset(
    "mangler manglet manglar mangla mangel lack lacks lacked lacking missing nekter nektet nekta refused refuses deny "
    "denied denies avslo avslått avviste avvist rejected rejects unngår unngikk avoid avoided umulig umogleg "
    "impossible ulik ulike forskjellig forskjellige annerledes annleis different differ differs differently unntatt "
    "unnateke except excluding utenom utanom uenig uenige disagree disagrees opphørte stanset stansa stopped ceased "
    "failed fails ukjent ukjend unknown usikker usikkert uncertain unclear uklart uklar åpent open bare berre kun only "
    "alone alene åleine other rather instead snarere i_stedet forbudt forbode forbidden banned unlike tidligere "
    "knapt barely free unable uavhengig independent avoids prevents hindrer apart separate separately".split()
)
_AFTER_NO_NEGATION = frozenset("bare berre kun only just minst least sant desto".split())

_OPPOSITES: tuple[tuple[str, str, str], ...] = (
    (
        "change",
        "øke øker økte økt økning økende auke aukar auka vokse vokser vokste vekst vekse veks voks stige stiger steg "
        "steget stigning increase increases increased increasing grow grows grew grown growth rise rises rose risen "
        "rising raise raised gain gained doble doblet dobling double doubled",
        "redusere reduserer reduserte redusert reduksjon minke minker minket minka synke synker sank sunket sokk fall "
        "falle faller nedgang kutte kutter kuttet kutta decrease decreases decreased decreasing decline declines "
        "declined declining drop drops dropped reduce reduces reduced reduction shrink shrank halvere halvert halved",
    ),
    (
        "degree",
        "mer meir flere fleire høyere høgare større høyest høgast høyeste høgaste størst største over more higher larger "
        "greater above exceed exceeds exceeded exceeding highest largest biggest most flest fleste minst least",
        "mindre færre færrast lavere lågare lavest lågast laveste lågaste under less fewer lower smaller below lowest "
        "smallest fewest høyst høgst maks maksimum maksimalt opptil inntil",
    ),
    ("time", "før before prior", "etter after following"),
    ("order", "først første fyrst fyrste first earliest eldst eldste oldest", "sist siste last latest yngst yngste youngest"),
    ("phase", "begynte begynt byrja startet starta starte begynne åpnet opna began begun started opened",
     "sluttet slutta avsluttet avslutta endte enda ended finished closed stengte stengt stengt"),
    ("size", "stor stort store stør big large great", "liten lite lita små small little minor"),
    ("height", "høy høyt høye høg høgt høge high", "lav lavt lave låg lågt låge low"),
    ("length", "lang langt lange long lengre longer", "kort korte short kortere shorter"),
    ("age", "gammel gammal gamle gamal eldre old older", "ung unge young yngre younger"),
    ("strength", "sterk sterkt sterke sterkere strong stronger styrke styrket styrka strengthen strengthened",
     "svak svakt svake svakere weak weaker svekke svekket svekka weaken weakened"),
    ("rating", "best beste bedre betre better god gode godt good", "verst verste verre worse worst dårlig dårlige bad poor"),
    ("north", "nord nordlige north northern nordover", "sør sørlige south southern sørover"),
    ("east", "øst østlige aust austlege east eastern", "vest vestlige vestlege west western"),
    ("permit", "tillatt tillot tillate tillete allowed permitted lovlig lovleg legal",
     "forbudt forbød forby forbode forbidden banned prohibited ulovlig ulovleg illegal"),
    ("in", "innenfor innanfor inside within", "utenfor utanfor outside"),
    ("trade", "eksport eksporten eksporterte eksportere export exports exported",
     "import importen importerte importere imports imported"),
    ("public", "offentlig offentlege offentlige offentleg public", "privat private"),
    ("plus", "overskudd overskot profit surplus", "underskudd underskot deficit"),
    ("all", "alle alt all every", "noen nokon nokre some"),
)  # fmt: skip
_POLES: dict[str, tuple[tuple[str, int], ...]] = {}
for _pair, _plus, _minus in _OPPOSITES:
    for _pole, _words in ((1, _plus), (-1, _minus)):
        for _word in _words.split():
            _POLES[_word] = (*_POLES.get(_word, ()), (_pair, _pole))


def _negations(found: Sequence[Token], english: bool) -> Iterator[Negation]:
    for at, token in enumerate(found):
        lower = token.lower
        following = found[at + 1].lower if at + 1 < len(found) else ""
        denies = lower in _NEGATIONS or lower.endswith("n't") or lower.startswith(("ikke-", "ikkje-", "non-"))
        denies |= english and lower in _ENGLISH_NEGATIONS
        if denies and lower == "no" and (following in (".", "") or following.isdigit()):
            denies = False
        if denies and following not in _AFTER_NO_NEGATION:
            yield Negation(token.start, token.end, token.text, hidden=False)
        elif lower in _HIDDEN:
            yield Negation(token.start, token.end, token.text, hidden=True)


def _directions(found: Sequence[Token], names: Sequence[Name]) -> Iterator[Direction]:
    named = [(name.start, name.end) for name in names if name.sure]
    for at, token in enumerate(found):
        if _within(token, named):
            continue
        before_figure = at + 1 < len(found) and (
            found[at + 1].kind == "number" or _is_number(found[at + 1].lower, False)
        )
        for pair, pole in _POLES.get(token.lower, ()):
            if token.lower in ("over", "under", "minst", "least", "inntil", "opptil") and not before_figure:
                continue
            yield Direction(token.start, token.end, token.text, pair, pole)
