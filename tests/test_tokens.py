"""The tokenizer that serves questions, against the `tokenizers` package on the same vocabulary."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

from assistant.embedding.tokens import BEGIN, END, UNKNOWN, Tokenizer
from benchmarks import unpacked

if TYPE_CHECKING:
    import tokenizers

NO_LIMIT = 10**9

TEXTS = {
    "bokmål": """Kommunestyret vedtok i 1987 at biblioteket skulle flyttes til den nedlagte meierigården
        ved elva. Ombyggingen tok fire år og ble dyrere enn budsjettert, men besøkstallet økte fra 31 000
        til 58 400 allerede det første driftsåret. Samarbeidsavtalen med fylkeskommunen ble reforhandlet,
        og arbeidsmiljøundersøkelsen viste at de ansatte trivdes. «Vi hadde aldri trodd det», sa ordføreren
        til lokalavisen, og la til at universitetssykehuset og næringshagen også ville være med. Spørsmålet
        er hvem som skal betale for vedlikeholdet, hvorfor anbudet ble utsatt, og når neste møte er.""",
    "nynorsk": """Kommunestyret gjorde vedtak om at skulane i bygda skulle slåast saman, sjølv om mange
        foreldre kravde eit anna svar. Ordføraren meinte at eit sterkare fagmiljø ville kome elevane til
        gode, medan dei som bur lengst unna, får to timar på buss kvar dag. Korleis vegen skal brøytast,
        kven som betaler, og kva dei tilsette tykkjer, står ikkje i utgreiinga. Kvifor vart ho ikkje send på
        høyring? Dei fleste spurde òg etter teikningane, men desse låg framleis hjå arkitekten på Voss.""",
    "English": """The harbour authority dredged the outer channel twice before the freighters could berth,
        and nobody had budgeted for the second round. Shipping companies nevertheless signed ten-year
        leases; they weren't convinced by the railway's timetable, which hadn't changed since the mid-1990s.
        Who pays when a contractor's insurance lapses? It's unclear, the auditors wrote, "at best".""",
    "figures": """4,2 millioner kroner, 1 234 567,89 kr, 12.05.2023, 2021–2024, 40 %, 3,5‰, −7 °C, ½ liter,
        10⁶, m² og km³, H₂O, CO₂-avtrykk, § 3-7, nr. 1, kl. 14.30, +47 22 33 44 55, 0047, 1e-5, 50/50, 16:9,
        €99, $5, Ⅳ, ①, 9.–11. mai, 1. januar 1814, 1980-åra, 20-årsjubileum, E6, F-35, ISO 9001:2015""",
    "signs": """«sitat» “quote” ‘single’ … – — • · © ® ™ ☎ ✓ → ≤ ≥ ≠ ∑ ∞ π ≈ ¿ ¡ # @navn
        https://www.example.org/a?b=c&d=1 post@example.org C++ .NET f.eks. bl.a. St.prp. (2020) [1] {x} a/b
        a_b __init__ *** !!! ??? ,,, ...... --------""",
    "emoji": "Hurra 🎉🎉 for dagen 🇳🇴! 👩\u200d🔬 og 👨🏽\u200d🚒 møttes ❤\ufe0f 5\ufe0f\u20e3 😀😀😀 𝔘𝔫𝔦 𝟙𝟚",
    "Greek": """Η Αθήνα είναι η πρωτεύουσα της Ελλάδας. Πού βρίσκεται η Ακρόπολη\u037e Πλάτων (gresk:
        Πλάτων)\u037e α, β og γ; μ-opioid, Ω og µg""",
    "marks of direction": "persisk: شیر\u200f, arabisk: القاهرة\u200e; hebraisk \u200fתל אביב\u200e.",
    "other scripts": "Москва, Санкт-Петербург, 東京都の人口は。 서울특별시 दिल्ली ไทย ᚠ 𓀀𓀁 ﷺ ﬁn Ｆｕｌｌ ｶﾀｶﾅ",
    "neighbours": "Kárášjohka, Guovdageaidnu, Sámediggi čoahkkimis. Åbo, Örebro, Þingvellir, Łódź, Dvořák",
    "empty": "",
    "one letter": "å",
    "pieces of the vocabulary": "<s> hei </s> <unk> og <pad> <mask> ▁hei▁du",
    "blanks": "en\ttab\nto\r\ntre   fire\xa0fem\u2009seks\u3000sju\u200båtte\ufeffni\u2028ti \ufffd ni",
    "control characters": "soft\xadhyphen ab\x01cd \x02 e\x1ff \x7f g\x0bh i\x85j a\x02\u030a",
    "a bare combining ring": "\u030a a \u030a",
    "a long word": "menneskerettighetsorganisasjonsmedlemskapsavgiftsinnkrevingsrutine" * 20,
    "a long word of one letter": "æ" * 3000,
    "a long word of unknown letters": "𓀀" * 500 + "a" + "𓀁" * 500,
    "a long rule": "=" * 500 + " " + "." * 333 + "-=" * 100,
}
WRITTEN = (
    "bokmål",
    "nynorsk",
    "English",
    "figures",
    "signs",
    "emoji",
    "Greek",
    "other scripts",
    "neighbours",
)


@pytest.fixture(scope="module")
def ours() -> Tokenizer:
    return Tokenizer()


@pytest.fixture(scope="module")
def theirs() -> tokenizers.Tokenizer:
    return unpacked.tokenizer()


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_cut_as_the_reference_cuts_it(name: str, ours: Tokenizer, theirs: tokenizers.Tokenizer) -> None:
    assert ours.encode(TEXTS[name], NO_LIMIT)[0] == theirs.encode(TEXTS[name]).ids


def test_every_word_is_cut_as_the_reference_cuts_it(ours: Tokenizer, theirs: tokenizers.Tokenizer) -> None:
    words = sorted({word for name in WRITTEN for word in TEXTS[name].split()})
    assert len(words) > 300
    assert {word: ours.encode(word, NO_LIMIT)[0] for word in words} == {word: theirs.encode(word).ids for word in words}


@pytest.mark.parametrize("name", ["bokmål", "nynorsk", "neighbours"])
def test_a_decomposed_letter_is_the_letter(name: str, ours: Tokenizer, theirs: tokenizers.Tokenizer) -> None:
    decomposed = unicodedata.normalize("NFD", TEXTS[name])
    assert decomposed != TEXTS[name]
    ids, _ = ours.encode(decomposed, NO_LIMIT)
    assert ids == ours.encode(TEXTS[name], NO_LIMIT)[0] == theirs.encode(decomposed).ids


def test_every_character_within_a_word(ours: Tokenizer, theirs: tokenizers.Tokenizer) -> None:
    """Of Unicode 3.2, whose normal forms no library's version changes any more."""
    assigned = [chr(c) for c in range(0x3400) if unicodedata.ucd_3_2_0.category(chr(c)) != "Cn"]
    assert len(assigned) > 7000
    texts = [f"ab{character}de" for character in assigned]
    found = [ours.encode(text, NO_LIMIT)[0] for text in texts]
    expected = [encoding.ids for encoding in theirs.encode_batch(texts)]
    assert [(ascii(text), a, b) for text, a, b in zip(texts, found, expected, strict=True) if a != b] == []


def test_blanks_around_a_text_make_no_token(ours: Tokenizer) -> None:
    """The reference makes a trailing blank a token; no text that was embedded ends in one."""
    assert ours.encode(" \n\u200b", NO_LIMIT) == ([BEGIN, END], [-1, -1])
    assert ours.encode("\n en dag \t", NO_LIMIT)[0] == ours.encode("en dag", NO_LIMIT)[0]


def test_a_run_of_unknown_characters_is_one_token(ours: Tokenizer) -> None:
    ids, _ = ours.encode("𓀀𓀁𓀂", NO_LIMIT)
    assert ids.count(UNKNOWN) == 1


@pytest.mark.parametrize("name", [*WRITTEN, "marks of direction", "blanks"])
def test_a_token_knows_where_its_word_begins(name: str, ours: Tokenizer, theirs: tokenizers.Tokenizer) -> None:
    text = TEXTS[name]
    ids, places = ours.encode(text, NO_LIMIT)
    assert places[0] == places[-1] == -1
    assert len(places) == len(ids)
    words = [match.span() for match in re.finditer(r"[^\s\u200b-\u200f\ufeff\ufffd]+", text)]
    for place, (_, token_end) in zip(places[1:-1], theirs.encode(text).offsets[1:-1], strict=True):
        # of a token that is but the blank before a word, the reference gives the blank's place
        assert place == next(start for start, end in words if token_end <= end)


def test_no_more_tokens_than_the_limit(ours: Tokenizer) -> None:
    whole, places = ours.encode(TEXTS["nynorsk"], NO_LIMIT)
    assert ours.encode(TEXTS["nynorsk"], len(whole)) == (whole, places)
    ids, cut_places = ours.encode(TEXTS["nynorsk"], 20)
    assert (ids, cut_places) == ([*whole[:19], END], [*places[:19], -1])
