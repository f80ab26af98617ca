"""What a sentence claims: its figures and dates, names, negations and directions, each with its place.
The same is read from a source, so that the two can be held against each other. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.verification.naming import Name, names_in
from assistant.verification.quantities import Quantity, quantities
from assistant.verification.wording import FUNCTION, Token, is_number, is_within, tokens


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

    def before(self, start: int) -> str:
        """The token before a place, in small letters; "" at the beginning."""
        return next((token.lower for token in reversed(self.tokens) if token.end <= start), "")


@lru_cache(maxsize=4096)
def claims_of(text: str, english: bool) -> Claims:
    found = tokens(text)
    numbers = tuple(q for q in quantities(text, english) if not _is_no_number(q, found))
    taken = [(q.start, q.end) for q in numbers]
    names = tuple(names_in(found, english, taken))
    return Claims(
        text=text,
        english=english,
        tokens=found,
        quantities=numbers,
        codes=tuple(t for t in found if t.kind in ("number", "date") and not is_within(t, taken)),
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
        "redusere reduserer reduserte redusert reduksjon minke minker minket minka synke synker sank sunket sokk søkk fall "
        "falle faller falt nedgang kutte kutter kuttet kutta minske minsker minsket minska fell falls fallen decrease decreases decreased decreasing decline declines "
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
    ("up", "opp up upward", "ned down downward"),
    ("in", "innenfor innanfor inside within", "utenfor utanfor outside"),
    ("trade", "eksport eksporten eksporterer eksporterte eksportere eksportert eksporterar export exports exported",
     "import importen importerer importerte importere importert importerar imports imported"),
    ("public", "offentlig offentlege offentlige offentleg public", "privat private"),
    ("plus", "overskudd overskot profit surplus", "underskudd underskot deficit"),
    ("all", "alle alt all every", "noen nokon nokre some"),
)  # fmt: skip
_GOING = frozenset("gå går gikk gått gjekk gjeng gang gone go goes went going".split())
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
        if is_within(token, named):
            continue
        before_figure = at + 1 < len(found) and (
            found[at + 1].kind == "number" or is_number(found[at + 1].lower, False)
        )
        for pair, pole in _POLES.get(token.lower, ()):
            if token.lower in ("over", "under", "minst", "least", "inntil", "opptil") and not before_figure:
                continue
            if pair == "up" and not (at and found[at - 1].lower in _GOING):
                continue  # "lagt ned", "drawn up"
            yield Direction(token.start, token.end, token.text, pair, pole)
