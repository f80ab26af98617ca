"""Norwegian text: words, stems, sentence ends, the language of a question."""

from __future__ import annotations

import re
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.glossary import ENGLISH
from assistant.text import content_words, grams, is_left_out, language_of, normalise, sentences, stem, stems, words


def _cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Vi ser f.eks. Oslo og bl.a. Lillestrøm som nære naboer.",
        "St.prp. nr. 1 (2020–2021) ble lagt fram kl. 12.30 av dr. Hansen.",
        "Møtet er 3. mai, og neste er 17. juni.",
        "Kostnaden er 4,2 mill. kroner, ca. 10 % mer enn i fjor.",
        "Se jf. § 3 og kap. 4, pkt. 2.",
        "H. C. Andersen skrev eventyr om J. R. Hansen.",
        "Adm.dir. Olsen og prof. Berg kom fra hhv. Oslo og Bergen.",
        "Hun sa «Ja!» og gikk.",
        "Se www.regjeringen.no for mer.",
    ],
)
def test_no_end_within(text: str) -> None:
    assert _cut(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Vi bor ved Å i Lofoten, ved en liten å.", "Der er det fint."),
        ("Andelen er 40 %.", "Den øker."),
        ("Arbeidet begynte i 2021.", "Det varte lenge."),
        ("Det kom 130.", "Ingen gikk."),
        ("Hun sa: «Nei.»", "Så gikk hun."),
        ("Er det sant?", "Ja."),
        ("Det er sant!", "Virkelig."),
        ("Vi vet ikke …", "Kanskje senere."),
        ("Det gjelder sykehus m.m.", "Videre gjelder det skoler."),
        ("Rapporten (2021).", "Den er lang."),
        ("Vi har tre mål.", "«Vekst» er ett."),
        ("Kostnaden er 4 mill.", "Det er mye."),
        ("1. Tiltak virker.", "2. Planer må til."),
    ],
)
def test_an_end_between(first: str, second: str) -> None:
    assert _cut(f"{first} {second}") == [first, second]


def test_sentences_within_a_stretch_keep_their_offsets() -> None:
    text = "Utenfor. En setning. En til. Også utenfor."
    start, end = text.index("En setning"), text.index(" Også")
    found = sentences(text, start, end)
    assert [text[s.start : s.end] for s in found] == ["En setning.", "En til."]


def test_no_sentence_in_nothing() -> None:
    assert sentences("") == []
    assert sentences("  \n ") == []


_PIECES = st.sampled_from(
    ["Ord", "ord", "3.", "kl.", "f.eks.", "Å.", "!", "? ", " ", "\n", "«", ".»", "…", "12 %", "A.", "(", ")", "."]
)


@given(st.lists(_PIECES).map("".join) | st.text())
def test_sentences_hold_all_that_is_visible(text: str) -> None:
    found = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in found)
    assert "".join("".join(_cut(text)).split()) == "".join(text.split())


def test_words_carry_their_offsets_and_figures_are_whole() -> None:
    text = "I 2021 kom 11 000 (11.000) til 4,2 mrd. kr – 3.5 %"
    found = list(words(text))
    assert [word for word, _, _ in found] == [
        "i", "2021", "kom", "11000", "11000", "til", "4,2", "milliarder", "kroner", "3,5", "prosent",
    ]  # fmt: skip
    assert [text[start:end] for _, start, end in found][3] == "11 000"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
def test_a_figure_is_whole_with_any_thousands_space(space: str) -> None:
    assert [word for word, _, _ in words(f"hele 11{space}000 ansatte")] == ["hele", "11000", "ansatte"]


def test_two_figures_beside_each_other_stay_two() -> None:
    found = [word for word, _, _ in words("i 2024 100 stykker, 12 2024")]
    assert found == ["i", "2024", "100", "stykker", "12", "2024"]


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    for word, start, end in words(text):
        assert word
        assert 0 <= start < end <= len(text)
    assert len(stems(text)) == len(list(words(text)))
    assert all(0 < len(gram) <= 4 for gram in grams(text))


@pytest.mark.parametrize(
    ("english", "norwegian"),
    [
        ("municipalities", "kommunene"),
        ("employees", "ansatt"),
        ("launched", "lansert"),
        ("pharmaceuticals", "legemidlene"),
        ("export", "eksporten"),
        ("mayor", "ordføraren"),
        ("Norway’s exports", "Norges eksporten"),
    ],
)
def test_english_words_share_their_stem_with_norwegian_ones(english: str, norwegian: str) -> None:
    assert stems(english) == stems(norwegian)


def test_many_threads_may_stem_at_once() -> None:
    syllables = ("kom", "mune", "lege", "hets", "ene", "ninger", "ansatt", "else", "vis")
    words_ = ["".join(some) for some in product(syllables, repeat=3)]
    alone = [stem.__wrapped__(word) for word in words_]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: [stem.__wrapped__(word) for word in words_], range(8)))
    finally:
        sys.setswitchinterval(before)
    assert all(one == alone for one in found)


def test_no_word_of_the_glossary_is_lost() -> None:
    """A Norwegian word that is left out of questions would take the English one with it."""
    entries = [entry.strip().partition(": ") for entry in re.split(r"[;\n]", ENGLISH) if entry.strip()]
    assert entries
    for norwegian, _, english in entries:
        assert english, norwegian
        for word in english.split():
            assert not is_left_out(word), word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kommunene", "kommuner"),
        ("kostnaden", "kostnader"),
        ("korleis", "hvordan"),
        ("ikkje", "ikke"),
        ("frå", "fra"),
        ("millionar", "millioner"),
        ("verksemder", "virksomheter"),
    ],
)
def test_inflections_and_nynorsk_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_grams_reach_into_compounds() -> None:
    assert set(grams("legemiddel")) & set(grams("legemiddelindustrien")) >= {"_leg", "lege", "idde"}
    assert grams("å") == ["_å_"]


def test_question_words_are_left_out_until_nothing_is_left() -> None:
    assert content_words("Hva koster prosjektet?") == ["koster", "prosjektet"]
    assert content_words("Hva er det?") == ["hva", "er", "det"]


def test_a_question_is_composed_and_put_on_one_line() -> None:
    decomposed = unicodedata.normalize("NFD", "Hvor ligger\n  Ås?")
    assert normalise(decomposed) == "Hvor ligger Ås?"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Hva koster prosjektet?", "nb"),
        ("Kva kostar prosjektet?", "nn"),
        ("Kor mange kommunar er med?", "nn"),
        ("Kven leier arbeidet, og korleis går det?", "nn"),
        ("Hvor mange kommuner er med?", "nb"),
        ("How many municipalities take part?", "en"),
        ("What is the budget?", "en"),
        ("Romerike 2021", "nb"),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert language_of(question) == language


def test_a_default_language_holds_where_words_do_not_tell() -> None:
    assert language_of("Romerike 2021", default="en") == "en"
