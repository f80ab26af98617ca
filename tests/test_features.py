"""What is measured of a sentence, and the reader that weighs it: their behaviour, not their weights."""

from __future__ import annotations

import pytest

from assistant.reading.asks import ask, holds, names_sources
from assistant.reading.features import SentenceFeatures, fits, holds_office, of_sentences, share
from assistant.reading.fitted import PLAIN
from assistant.reading.quoting import MOST_QUOTES
from assistant.reading.reader import Reader, Reading
from assistant.rerank import by_best_sentence
from assistant.search import search
from assistant.text import stems
from tests.fakes import Workshop, hit
from tests.weights import FakeModel


def _even(field: str, term: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("question", "asks_for"),
    [
        ("Hvor mange kommuner deltar?", "number"),
        ("Kor mykje kostar det?", "number"),
        ("How many take part?", "number"),
        ("Når begynte arbeidet?", "time"),
        ("Hvilket år ble den bygd?", "time"),
        ("Hvem leder prosjektet?", "person"),
        ("Kven leier prosjektet?", "person"),
        ("Hvorfor ble det dyrt?", "cause"),
        ("Hvor ligger fabrikken?", "place"),
        ("Er det 11 000 eller 100 000 som jobber der?", "number"),
        ("Var det 8. eller 9. februar?", "time"),
        ("Was it 8 February or 9 February?", "time"),
        ("Hvilke datoer oppgir kildene?", "time"),
        ("Hva kostet anlegget?", "number"),
        ("Hvor lenge varer det?", "number"),
        ("Stemmer det at det var 8. februar?", "time"),
        ("Is it true that 41 took part?", "number"),
        ("Stemmer det at Nes er med?", "other"),
        ("Hva er målet?", "other"),
    ],
)
def test_what_a_question_asks_for(question: str, asks_for: str) -> None:
    assert ask(question).asks_for == asks_for


@pytest.mark.parametrize(
    ("question", "measure", "fits", "does_not"),
    [
        ("Hva kostet anlegget?", "money", "Det kostet 6 mrd.", "Det har 40 ansatte."),
        ("Hvor mye solgte de til utlandet?", "money", "De solgte for 22 milliarder kroner.", "I 2021 solgte 60."),
        ("How much did they export in 2021?", "money", "Export, 2021: 22 billion NOK", "To the USA, 2021: 70 %"),
        ("Hvor stor andel av eksporten går dit?", "share", "70 prosent går dit.", "22 milliarder kroner går dit."),
        ("Kor stor del gjekk til USA?", "share", "70 prosent gjekk dit.", "I 2021 gjekk 12 dit."),
        ("Hvor lenge varer det?", "duration", "Det varer i tre år.", "Det er 3 kommuner."),
        ("Hvilken dato var det?", "day", "Det var 9. mars.", "Det var i 2021."),
        ("Kva år var det?", "year", "Det var i 2021.", "Det var i mars."),
        ("Hvor mange av de 41 tiltakene er i gang?", "", "12 av de 41 er i gang.", "Planen har 41 tiltak."),
        ("Hva skjedde når i 2021?", "", "Det var i mars 2021.", "Det var i 2021."),
        ("Hvem leder Nes?", "", "Lederen heter Ola Nordmann.", "En leder styrer i Nes."),
    ],
)
def test_what_is_held_is_of_the_kind_asked_for(question: str, measure: str, fits: str, does_not: str) -> None:
    asked = ask(question)
    assert asked.measure == measure
    assert any(holds(asked, fits).values())
    assert not any(holds(asked, does_not).values())


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("Hvor mange tiltak har veikartet?", "tiltak"),
        ("Hvor mange av de 41 tiltakene er i gang?", "tiltak"),
        ("Kven er ordførar i Ullensaker?", "ordfører"),
        ("Who is the mayor of Gladsaxe?", "ordfører"),
        ("Hvem leder Klyngen?", "leder"),
        ("Who leads the cluster?", "leads"),
        ("Hvilke kommuner er med?", "kommuner"),
        ("Hva er målet?", ""),
        ("Hvor mange får hjelp?", ""),
        ("Hvilket år var det?", ""),
    ],
)
def test_what_is_counted_chosen_from_or_held_as_an_office(question: str, noun: str) -> None:
    assert ask(question).noun == tuple(stems(noun))


@pytest.mark.parametrize(
    ("question", "sentence", "office"),
    [
        ("Hvem er ordfører i Nes?", "Kari Berg er ordfører i Nes.", 1),
        ("Hvem er statsminister?", "Landet har næringsminister Kari Berg.", 0),
        ("Hvem er sjef i Klyngen?", "Daglig leder i Klyngen er Kari Berg.", 1),
        ("Hvem leder Klyngen?", "Kari Berg er daglig leder i Klyngen.", 1),
        ("Hvem leder Klyngen?", "Kari Berg er daglig leder i Byen.", 0),
        ("Hvem er ordfører i Notat?", "Ordfører Kari Berg kom fra Lunner.", 0),  # the heading does not say whose
        ("Hvem er ordfører i Notat?", "Det sier ordfører Kari Berg.", 1),
        ("Hvem er ordfører i Notat?", "De møtte:\n- Ola Lie, rådmann i Lunner\n- Kari Berg, ordfører", 1),
        ("Hvem er formann hos Lie?", "De besøkte:\n- Berg, med Ola Moe som formann\n- Lie", 0),
        ("Who is the port director of Moss?", "The Port of Moss takes part.", 0),
        ("Hvor mange er med?", "Landet har næringsminister Kari Berg.", 1),
    ],
)
def test_who_holds_an_office_is_told_where_it_is_named(question: str, sentence: str, office: int) -> None:
    asked, passage = ask(question), hit(sentence, title="Notat").passage
    found = of_sentences(asked, passage, False, [0.8], [0.0], 0.0, _even)[0]
    assert holds_office(asked, found) == office
    if asked.for_an_office:
        assert fits(asked, found) == office


def test_names_and_figures_of_a_question() -> None:
    asked = ask("Hva sa Novo Nordisk om de 11 000 ansatte i Hillerød?")
    assert asked.figures == ("11000",)
    assert {"novo", "nordisk", "hillerød"} <= set(asked.names)
    assert ask("Hva er det?").names == ()


def test_flags_count_only_where_they_are_asked_for() -> None:
    passage = hit("Sju kommuner deltar. Arbeidet begynte 8. februar 2021.", "Sju kommuner deltar.",
                  "Arbeidet begynte 8. februar 2021.").passage  # fmt: skip
    count = of_sentences(ask("Hvor mange kommuner deltar?"), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)
    when = of_sentences(ask("Når begynte arbeidet?"), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)
    assert (count[0].number, count[0].date, when[0].number) == (1, 0, 0)
    assert (when[1].date, when[1].year) == (1, 1)
    assert count[0].stems > count[1].stems
    assert when[1].stems > when[0].stems


def test_names_and_years_are_looked_for_in_the_sentence_and_above_it() -> None:
    text = "Roger Evjen er ordfører i Aurskog-Høland. I 2021 var eksporten 22 milliarder kroner."
    passage = hit(text, *text.split(". ", 1)).passage

    def features(question: str) -> list[SentenceFeatures]:
        return of_sentences(ask(question), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)

    assert [one.names for one in features("Hvem er ordfører i Ullensaker?")] == [0, 0]
    assert features("Hvem er ordfører i Aurskog-Høland?")[0].names == 1
    assert features("Hvem er ordfører?")[0].names == 1
    assert [one.same_year for one in features("Hvor stor var eksporten i 2023?")] == [1, 0]
    asked_rightly = features("Hvor stor var eksporten i 2021?")[1]
    assert (asked_rightly.figures, asked_rightly.same_year) == (1, 1)


def test_another_name_and_another_noun_than_the_questions_are_seen() -> None:
    text = "Roger Evjen er ordfører i Aurskog-Høland. De har 60 legemiddelbedrifter."
    passage = hit(text, *text.split(". ", 1)).passage

    def features(question: str) -> list[SentenceFeatures]:
        return of_sentences(ask(question), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)

    assert [one.same_name for one in features("Hvem er ordfører i Ullensaker?")] == [0, 1]
    assert [one.same_name for one in features("Hvem er ordfører i Aurskog-Høland?")] == [1, 1]
    assert [one.noun for one in features("Hvor mange bedrifter har de?")] == [0, 1]
    assert [one.noun for one in features("Hvem er ordfører i Ullensaker?")] == [1, 0]


def test_a_list_of_what_is_asked_for_has_it_in_its_lead_in() -> None:
    text = "Kommunene er: Nes, Eidsvoll og Hurdal. Sju kommuner er med: de tok med seg både gårder, skoger og elver."
    passage = hit(text, *text.split(". ", 1)).passage
    found = of_sentences(ask("Hvilke gårder er med?"), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)
    assert [one.listed for one in found] == [0, 0]
    found = of_sentences(ask("Hvilke kommuner er med?"), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)
    assert found[0].listed == 1


def test_a_line_of_sources_is_for_who_asks_for_them() -> None:
    assert names_sources("Kilder: lmi.no, 3. mai 2023")
    assert names_sources("Kjelde: Statistisk sentralbyrå")
    assert not names_sources("Kildene er enige: det var i mai.")
    assert ask("Kvar er tala henta frå?").for_sources
    assert ask("Hva er kilden til tallet?").for_sources
    assert not ask("Når ble satsingen presentert?").for_sources


def test_how_many_is_not_who() -> None:
    passage = hit("Sju kommuner er med. Dette er kommunene: Nes, Eidsvoll og Hurdal.", "Sju kommuner er med.",
                  "Dette er kommunene: Nes, Eidsvoll og Hurdal.").passage  # fmt: skip

    def counted(question: str) -> list[float]:
        found = of_sentences(ask(question), passage, False, [0.8, 0.8], [0.0, 0.0], 0.0, _even)
        return [one.counted for one in found]

    assert counted("Hvilke kommuner er med?") == [1, 0]
    assert counted("Hvem er med av kommuner?") == [1, 0]
    assert counted("Hvor mange kommuner er med?") == [0, 0]


@pytest.mark.parametrize(
    ("question", "defined"),
    [
        ("Hva er SIVA?", "siva"),
        ("Hva er SIVA for noe?", "siva"),
        ("Kva er LMI?", "lmi"),
        ("What is SIVA?", "siva"),
        ("Hva betyr immaterielle rettigheter?", "immateriell"),
        ("Hva menes med helsenæring?", "helsenæring"),
        ("Kva tyder klynge?", "klynge"),
        ("What does GCP mean?", "gcp"),
        ("Hva er en klynge?", "klynge"),
        ("Kva er ei klynge?", "klynge"),
        ("What is a cluster?", "cluster"),
        ("What is the roadmap?", "roadmap"),
        ("Hva er det?", ""),
        ("Hva koster SIVA?", ""),
        ("Hvor ligger SIVA?", ""),
    ],
)
def test_what_is_to_be_defined(question: str, defined: str) -> None:
    assert ask(question).defines == "".join(stems(defined))


def test_a_definition_says_what_its_subject_is() -> None:
    sentences = ("SIVA er et statlig selskap.", "Selskapet samarbeider med SIVA.", "En park er anlagt i byen.",
                 "En klynge består av bedrifter.")  # fmt: skip
    passage = hit(" ".join(sentences), *sentences).passage

    def definitions(question: str) -> list[float]:
        found = of_sentences(ask(question), passage, False, [0.8] * 4, [], 0.0, _even)
        assert [fits(ask(question), one) for one in found] == [one.definition for one in found]
        return [one.definition for one in found]

    assert definitions("Hva er SIVA?") == [1, 0, 0, 0]
    assert definitions("Hva er en klynge?") == [0, 0, 0, 1]


def test_a_sentence_fits_that_holds_what_is_asked_for() -> None:
    sentences = ("Sju kommuner deltar.", "Arbeidet begynte i 2021.", "Prosjektet ledes av Kari Berg.", "Alt gikk bra.")
    passage = hit(" ".join(sentences), *sentences).passage

    def fitting(question: str) -> list[float]:
        asked = ask(question)
        return [fits(asked, one) for one in of_sentences(asked, passage, False, [0.8] * 4, [], 0.0, _even)]

    assert fitting("Hvor mange kommuner deltar?") == [1, 1, 0, 0]
    assert fitting("Når begynte arbeidet?") == [0, 1, 0, 0]
    assert fitting("Kven leier prosjektet?") == [0, 0, 1, 0]
    assert fitting("Fortell om prosjektet.") == [1, 1, 1, 1]


def test_shares_lie_between_none_and_all() -> None:
    assert share(["a", "b"], ["a", "c"], lambda term: 1.0) == 0.5
    assert share(["a", "b"], ["a"], lambda term: 3.0 if term == "a" else 1.0) == 0.75
    assert share([], ["a"], lambda term: 1.0) == 0
    assert share(["a"], [], lambda term: 1.0) == 0


def _read(library: Workshop, question: str) -> Reading:
    with library.reading() as generation:
        vector = FakeModel().query(question)
        hits = search(generation, question, vector, 100)
        vectors = generation.catalogue.sentence_vectors([h.passage.id for h in hits], generation.manifest.dimension)
        reader = Reader(PLAIN)
        ranked = reader.rank(question, vector, hits, vectors, generation.rarity)
        best = by_best_sentence(hits, ranked, PLAIN.odds)
        return reader.read(question, ranked, best, generation.rarity)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Hva koster prosjektet?", "Prosjektet koster 4,2 millioner kroner."),
        ("Hvor mange kommuner deltar i prosjektet?", "Sju kommuner deltar i prosjektet."),
        ("Når begynte arbeidet?", "Arbeidet begynte i 2021."),
        ("How much did exports of medicines grow?", "Exports of medicines grew by 12 % in 2022."),
    ],
)
def test_the_sentence_that_answers_is_among_the_quotes(library: Workshop, question: str, quote: str) -> None:
    reading = _read(library, question)
    assert any(quote in found.text for found in reading.quotes)
    assert 1 <= len(reading.quotes) <= MOST_QUOTES
    assert 0 <= reading.confidence <= 1
    for found in reading.quotes:
        passage = found.passage
        assert passage.text[found.start - passage.start : found.end - passage.start] == found.text


def test_an_answer_is_surer_than_none(library: Workshop) -> None:
    answered = _read(library, "Hvor mange kommuner deltar i prosjektet?").confidence
    assert answered > _read(library, "Hvem vant verdensmesterskapet i sjakk?").confidence


def test_nothing_read_is_nothing_quoted() -> None:
    assert Reader(PLAIN).rank("Hva?", FakeModel().query("Hva?"), [], {}, _even) == []
    assert Reader(PLAIN).read("Hva?", [], [], _even) == Reading((), 0.0)
