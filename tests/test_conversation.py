"""Follow-ups made whole by rules: both errors on written sets, the forms one by one, and that nothing breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.conversation import LONGEST, looks_within, vouched, whole
from assistant.conversation.dependence import depends
from assistant.types import Near, Turn


class _Said(TypedDict):
    question: str
    answer: str
    cited: list[str]


class _FollowUp(TypedDict):
    ask: str
    has: list[str]
    lacks: list[str]


class _Talk(TypedDict):
    split: str
    history: list[_Said]
    dependent: list[_FollowUp]
    independent: list[str]


_DATA = Path(__file__).parent / "data" / "followups.json"
_TALKS: list[_Talk] = json.loads(_DATA.read_text(encoding="utf-8"))["talks"]


def _turns(talk: _Talk) -> tuple[Turn, ...]:
    return tuple(turn for said in talk["history"] for turn in _turn(said["question"], said["answer"], *said["cited"]))


def _turn(question: str, answer: str = "", *titles: str) -> tuple[Turn, ...]:
    return (Turn(question, question, answer, tuple(Near(f"d{i}", title) for i, title in enumerate(titles))),)


# --- both errors, measured ----------------------------------------------------------------------


def test_follow_ups_are_seen_and_new_subjects_are_left_alone() -> None:
    dependent = [one["ask"] for talk in _TALKS for one in talk["dependent"]]
    independent = [(one, _turns(talk)) for talk in _TALKS for one in talk["independent"]]
    assert min(len(dependent), len(independent)) >= 120
    missed = [one for one in dependent if not depends(one)]
    touched = [(one, whole(one, history)) for one, history in independent if whole(one, history) != one]
    assert len(missed) <= 0.02 * len(dependent), missed
    assert len(touched) <= 0.01 * len(independent), touched


def test_questions_before_are_not_taken_for_follow_ups() -> None:
    first = [said["question"] for talk in _TALKS for said in talk["history"]]
    assert [one for one in first if depends(one)] == []


def test_golden_questions_are_left_alone_whatever_was_said() -> None:
    golden = json.loads((Path(__file__).parent / "evals" / "golden.json").read_text(encoding="utf-8"))["questions"]
    alone = [one["question"] for one in golden if "after" not in one and "history" not in one]
    history = _turn("Hva koster svømmehallen på Årnes?", "Den koster 4 millioner.")
    touched = [one for one in alone if whole(one, history) != one]
    assert len(touched) <= 0.02 * len(alone), touched


def test_follow_ups_carry_over_what_they_need() -> None:
    wrong = []
    count = 0
    for talk in _TALKS:
        for one in talk["dependent"]:
            count += 1
            made = whole(one["ask"], _turns(talk))
            lower = made.lower()
            lost = any(part.lower() not in lower for part in one["has"])
            if lost or any(part.lower() in lower for part in one["lacks"]):
                wrong.append((one["ask"], made))
    assert len(wrong) <= 0.03 * count, wrong


# --- the forms ----------------------------------------------------------------------------------

_ROADMAP = _turn("Hvem lanserte Veikart for helsenæringen?", "Statsråden la det fram.")
_STAFF = _turn("Hvor mange ansatte har Fujifilm i Danmark?", "Fujifilm har 1 500 ansatte.")
_LEADER = _turn(
    "Hvem er daglig leder i Kunnskapsbyen Lillestrøm?",
    "I «Notat om Inger Hansen» står det: «Daglig leder er Inger-Lise M. Nøstvik.»",
    "Notat om Inger Hansen",
)


@pytest.mark.parametrize(
    ("history", "asked", "made"),
    [
        (_ROADMAP, "og når var det?", "Når lanserte de Veikart for helsenæringen?"),
        (_ROADMAP, "Når ble det lansert?", "Når ble Veikart for helsenæringen lansert?"),
        (_ROADMAP, "hvorfor det?", "Hvorfor lanserte de Veikart for helsenæringen?"),
        (_ROADMAP, "fortell mer om det", "Fortell mer om Veikart for helsenæringen."),
        (_ROADMAP, "Kan du utdype?", "Om Veikart for helsenæringen: kan du utdype?"),
        (_STAFF, "hva med Norge?", "Hvor mange ansatte har Fujifilm i Norge?"),
        (_STAFF, "hva med norge", "Hvor mange ansatte har Fujifilm i Norge?"),
        (_STAFF, "enn AGC Biologics?", "Hvor mange ansatte har AGC Biologics i Danmark?"),
        (_STAFF, "og i 2020?", "Hvor mange ansatte har Fujifilm i Danmark i 2020?"),
        (_STAFF, "hva lages der?", "Hva lages i Danmark?"),
        (
            _LEADER,
            "Hvor lenge har hun vært der?",
            "Hvor lenge har Inger-Lise M. Nøstvik vært i Kunnskapsbyen Lillestrøm?",
        ),
        (_LEADER, "hva er telefonnummeret hennes?", "Hva er telefonnummeret til Inger-Lise M. Nøstvik?"),
        (
            _turn("Hvem er med i fellesskapet?"),
            "hvem av dem er kommuner?",
            "Hvilke kommuner er med i fellesskapet?",
        ),
        (
            _turn("Hvilke kommuner er med i fellesskapet?"),
            "hvem av dem ligger i Akershus?",
            "Hvem av de kommuner som er med i fellesskapet, ligger i Akershus?",
        ),
        (
            _turn("Hvor stor var eksporten i 2021?"),
            "hvor mye i kroner?",
            "Hvor stor var eksporten i 2021, i kroner?",
        ),
        (_turn("Hvor stor var eksporten i 2021?"), "enn året etter?", "Hvor stor var eksporten i 2022?"),
        (_turn("Kva produserer Vistin Pharma?"), "kva med TPI Norway?", "Kva produserer TPI Norway?"),
        (_turn("Kva produserer Vistin Pharma?"), "kvifor det?", "Kvifor produserer Vistin Pharma det?"),
        (_turn("Kvar held Vistin Pharma til?"), "kven eig dei?", "Kven eig Vistin Pharma?"),
        (
            _turn("When was the ferry between Horten and Moss electrified?"),
            "and who operates it?",
            "Who operates the ferry between Horten and Moss?",
        ),
        (
            _turn("Which companies take part in the project?"),
            "which of them are Norwegian?",
            "Which of the companies that take part in the project are Norwegian?",
        ),
        (_turn("Who was at the opening?"), "what about Sweden?", "Who was at the opening in Sweden?"),
    ],
)
def test_a_follow_up_reads_as_a_question_of_its_own(history: tuple[Turn, ...], asked: str, made: str) -> None:
    assert whole(asked, history) == made


def test_a_chain_goes_on_from_what_was_understood() -> None:
    first = Turn("Hvem lanserte veikartet?", "Hvem lanserte veikartet?", "")
    second = Turn("og når var det?", whole("og når var det?", [first]), "")
    assert second.whole == "Når lanserte de veikartet?"
    assert whole("hvorfor det?", [first, second]) == "Hvorfor lanserte de veikartet?"


def test_what_is_without_a_subject_points_further_back() -> None:
    lost = Turn("hva er det?", "hva er det?", "")
    assert whole("når ble det lansert?", [*_ROADMAP, lost]) == "Når ble Veikart for helsenæringen lansert?"


@pytest.mark.parametrize("asked", ["og når var det?", "hva med Danmark?", "hvem av dem er kommuner?", "why?"])
def test_without_a_conversation_a_question_is_left_as_it_is(asked: str) -> None:
    assert whole(asked, ()) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "Takk!", "Hva kan du?", "hvilke dokumenter har du?", "Who made you?",
        "Hvem er det som eier flyplassen?", "Hva mener danskene at de må ha?", "Finnes det støtte til solceller?",
        "Hva heter den norske utenriksministeren?", "Når erobret Alexander den store Egypt?", "eksport laks 2020",
        "Which companies that export medicines grew in 2021?", "Kor mange kommunar er det i Akershus?",
        "Is it true that exports grew?",
    ],
)  # fmt: skip
def test_what_stands_by_itself_inherits_nothing(asked: str) -> None:
    assert whole(asked, _ROADMAP) == asked


_PIECES = st.sampled_from(
    "og men hva hvem hvor når hvorfor hvilke kva kven mange mye det de dem den der da disse denne hun av med i på om "
    "for er var ble har skal kan som at som å ikke også kommuner Danmark Siva veikartet lansert 2021 , ? . « » ( : "
    "what who of them it that the was is there about Norway does and".split()
)
_TEXT = st.one_of(st.lists(_PIECES, max_size=9).map(" ".join), st.text(max_size=40))


@given(question=_TEXT, before=_TEXT, answer=_TEXT)
@example(question="de", before="", answer="")
@example(question="?", before="?", answer="?")
@example(question="og", before="hvem", answer="")
def test_whatever_is_said_a_question_comes_out_and_it_is_no_book(question: str, before: str, answer: str) -> None:
    made = whole(question, _turn(before, answer, "Tittel"))
    assert made == question or 0 < len(made) <= len(question) + LONGEST + 1


# --- where to look, and a model's version -------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "documents"),
    [
        ("hvem av dem er kommuner?", ("d0", "d1")),
        ("which of them are Norwegian?", ("d0", "d1")),
        ("hvem andre?", ("d0", "d1")),
        ("hva med Danmark?", ()),
        ("Hvor mange av kommunene på Romerike er med?", ()),
    ],
)
def test_what_picks_from_an_answer_looks_where_it_came_from(asked: str, documents: tuple[str, ...]) -> None:
    assert looks_within(asked, _turn("Hvem er med?", "Sju kommuner.", "A", "B")) == documents
    assert looks_within(asked, ()) == ()


@pytest.mark.parametrize(
    ("rewritten", "trusted"),
    [
        ("Når ble Veikart for helsenæringen lansert?", True),
        ("«Når lanserte statsråden veikart for helsenæringen?»", True),
        ("Når ble Veikart for helsenæringen lansert i Bergen?", False),  # a name from nowhere
        ("Når ble 41 tiltak lansert?", False),  # a figure from nowhere
        ("Det var 23. august.", False),  # an answer
        ("Når ble Veikart for helsenæringen lansert?\nSvar: 2023", False),
        ("", False),
        ("Veikart for helsenæringen " * 30 + "?", False),
    ],
)
def test_a_models_version_may_use_the_words_of_the_conversation_alone(rewritten: str, trusted: bool) -> None:
    assert (vouched(rewritten, "når ble det lansert?", _ROADMAP) is not None) == trusted


def test_a_models_version_keeps_what_was_asked() -> None:
    history = _turn("Hvor stor var eksporten?", "Den var 22 milliarder i 2021.")
    assert vouched("Hvor stor var eksporten?", "og importen i 2020?", history) is None
    assert vouched("Hvor stor var importen i 2020?", "og importen i 2020?", history)
