"""The small words of Norwegian and English, and the words of a question told apart by them. Pure functions.

Only closed lists: a word that is in none of them is a noun, a name, an adjective or a full verb, and which of
these is told by its place (see `clauses`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"|\d+(?:[.,:]\d+)*(?!\w)|\w+(?:[-–'’/&.]\w+)*(?:-(?=\s))?|[^\w\s]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class Small:
    """The small words of a language, by what they do. Everything else is a content word."""

    asking: frozenset[str]
    """Question words that are a phrase by themselves; `determining` ones want a noun, `degrees` follow "hvor"."""
    determining: frozenset[str]
    degrees: frozenset[str]
    modals: frozenset[str]
    """Verbs that want another verb; `copulas` join subject and predicate."""
    copulas: frozenset[str]
    prepositions: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    numerals: frozenset[str]
    others: frozenset[str]
    """Adverbs, conjunctions, infinitive marks."""

    @property
    def auxiliaries(self) -> frozenset[str]:
        return self.modals | self.copulas


NORWEGIAN = Small(
    asking=_set("hva kva hvem kven når hvorfor kvifor korfor hvordan korleis hvor kor kvar"),
    determining=_set("hvilken hvilket hvilke"),
    degrees=_set(
        "mange mye mykje stor stort store lenge lang langt lange gammel gammelt gamle gammal gammalt høy høyt "
        "høg høgt ofte godt dyr dyrt få tung tungt fort"
    ),
    modals=_set(
        "skal skulle kan kunne vil ville må måtte bør burde får fikk fekk har hadde ble blir vart vert blei "
        "finnes fins finst heter heiter"
    ),
    copulas=_set("er var"),
    prepositions=_set(
        "i på av for til fra frå med om ved hos under over mellom mot innen innan etter før gjennom uten utan "
        "blant bak rundt siden sidan langs ifølge ifølgje utenom utanom overfor innenfor innanfor utenfor "
        "utanfor nær per tross"
    ),
    determiners=_set(
        "en et ein eit ei den det de dei denne dette disse desse alle hele heile noen nokre noko flere fleire "
        "hver kvar ingen"
    ),
    pronouns=_set(
        "jeg eg meg vi oss du deg dere dykk han hun ham henne ho hans hennes hennar dem deres deira man seg "
        "sin sitt sine dens dets noe"
    ),
    numerals=_set("to tre fire fem seks sju syv åtte ni ti elleve tolv femten tjue hundre tusen begge"),
    others=_set(
        "og eller samt men så ja ok okay som at fordi hvis dersom mens ikke ikkje også òg bare berre nå no da "
        "då her der dit hit ut inn opp ned fram frem bort hjem heim igjen ennå enno egentlig eigentleg "
        "akkurat allerede alt framleis fremdeles fortsatt aldri alltid sammen saman ellers elles altså jo vel "
        "nok enn å mest flest mer meir minst ha være vere vært vore bli blitt verte selv sjølv"
    ),
)
ENGLISH = Small(
    asking=_set("who whom what when where why how"),
    determining=_set("which whose"),
    degrees=_set("many much long large big old often far high few great"),
    modals=_set("will would shall should can could may might must do does did has have had"),
    copulas=_set("is are was were"),
    prepositions=_set(
        "in on at of from to with by about between under after before within against among per via into for "
        "during near behind since along around across over outside inside despite without above below beyond"
    ),
    determiners=_set("the a an this that these those some any all each every no"),
    pronouns=_set("i me we us he you she him her his they them their its it our your one"),
    numerals=_set("two three four five six seven eight nine ten twelve fifteen twenty hundred thousand both"),
    others=_set(
        "and or but so also okay ok which who because if whether while not only now then there here too just "
        "still already exactly up out off down away together else well again yet even ever never as than most "
        "more less least fewer be been being"
    ),
)

ADVERBIAL = _set("når hvorfor kvifor korfor hvordan korleis hvor kor kvar when where why how")
PERSONAL = _set("hvem kven who whom")
PLACING = _set("i på ved hos in at on")
MONTHS = _set(
    "januar februar mars april mai juni juli august september oktober november desember january february march may "
    "june july october december"
)

_DEFINITE_PLURAL = re.compile(r"\w{3,}(ene|ane|enes|anes)$")
_DEFINITE_SINGULAR = re.compile(r"\w{3,}(en|et|a|ens|ets|as)$")
_PLURAL = re.compile(r"\w{2,}(er|ar|or|s)$")
_YEAR = re.compile(r"^(1\d{3}|20\d\d)$")

@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark; `[start, end)` in the question."""

    text: str
    start: int
    end: int
    small: Small

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_quoted(self) -> bool:
        """A title in quotation marks is one word, and a name."""
        return len(self.text) > 2 and not self.text[0].isalnum()

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.is_quoted

    @property
    def is_name(self) -> bool:
        """By its capital, which outweighs that "may", "hans" or "de" is a small word elsewhere. The first
        word of a question needs more, see `Clause.is_name`."""
        is_plain = self.text == "I" or (self.start == 0 and self._is_small)
        return self.is_quoted or (self.text[0].isupper() and not is_plain)

    @property
    def is_year(self) -> bool:
        return bool(_YEAR.match(self.text))

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit() or self.lower in self.small.numerals

    @property
    def is_content(self) -> bool:
        return self.is_word and not self.is_number and (self.is_name or not self._is_small)

    @property
    def is_auxiliary(self) -> bool:
        return self.lower in self.small.auxiliaries and not self.is_name

    @property
    def is_preposition(self) -> bool:
        return self.lower in self.small.prepositions and not self.is_name

    @property
    def is_determiner(self) -> bool:
        return self.lower in self.small.determiners and not self.is_name

    @property
    def _is_small(self) -> bool:
        small, word = self.small, self.lower
        return any(
            word in kind
            for kind in (
                small.asking, small.determining, small.degrees, small.modals, small.copulas, small.prepositions,
                small.determiners, small.pronouns, small.others,
            )
        )  # fmt: skip


def tokens(text: str, small: Small) -> tuple[Token, ...]:
    return tuple(Token(match.group(), match.start(), match.end(), small) for match in _TOKEN.finditer(text))


def is_definite(word: str) -> bool:
    """By its ending, as a Norwegian noun; an English one is by its article."""
    return bool(_DEFINITE_PLURAL.match(word) or _DEFINITE_SINGULAR.match(word))


def shape_of(word: str) -> str:
    """What a noun can stand in for: a year for a year, a name for a name, a form for the same form."""
    if _YEAR.match(word):
        return "year"
    if word[0].isupper():
        return "name"
    if _DEFINITE_PLURAL.match(word):
        return "definite plural"
    if _DEFINITE_SINGULAR.match(word):
        return "definite"
    return "plural" if _PLURAL.match(word) else "bare"
