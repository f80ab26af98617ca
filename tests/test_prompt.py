"""What a language model is given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import phrases, prompt
from assistant.types import LANGUAGES, Language, Turn
from tests.fakes import hit


@pytest.mark.parametrize("language", LANGUAGES)
def test_instructions_exist_in_every_language_and_name_the_way_out(language: Language) -> None:
    assert prompt.NO_ANSWER in prompt.instructions(language)
    assert "[2]" in prompt.instructions(language)
    assert len({prompt.instructions(each) for each in LANGUAGES}) == len(LANGUAGES)


def test_passages_are_numbered_from_one_with_title_date_and_heading() -> None:
    one = hit("Prosjektet koster 4,2 millioner.", title="Plan")
    dated = replace(one.source, date="2021-02-08")
    one = replace(one, source=dated, passage=replace(one.passage, heading_path=("Mål",)))
    given = prompt.request("nb", "Hva koster det?", [one, hit("Noe annet.", id="d2", title="Tur")])
    assert given.index("[1] Plan › Mål, 8. februar 2021") < given.index("Prosjektet koster") < given.index("[2] Tur")
    assert given.endswith("Hva koster det?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_follow_up_comes_with_the_last_turns_cut_short(language: Language) -> None:
    turns = [Turn(f"q{i}", f"Hva er {i}?", "svar " * 500) for i in range(5)]
    given = prompt.follow_up(language, "og når?", turns)
    assert given.endswith(": og når?")
    assert given.index("Hva er 2?") < given.index("Hva er 4?")
    assert "Hva er 1?" not in given
    assert len(given) < 1500
    assert len({prompt.rewriting(each) for each in LANGUAGES}) == len(LANGUAGES)


def test_what_does_not_fit_is_left_out_but_never_the_first() -> None:
    long = hit("x" * (prompt.BUDGET + 1))
    short = hit("y" * (prompt.BUDGET // 2), id="d2")
    assert prompt.fitting([long, short]) == (long,)
    assert prompt.fitting([short, short, short]) == (short, short)
    assert prompt.fitting([]) == ()


@pytest.mark.parametrize(
    ("language", "date", "written"),
    [
        ("nb", "2021-02-08", "8. februar 2021"),
        ("nn", "2021-12", "desember 2021"),
        ("en", "2021-02-08", "8 February 2021"),
        ("nb", "2021", "2021"),
    ],
)
def test_dates_are_written_out(language: Language, date: str, written: str) -> None:
    assert phrases.written_date(language, date) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_counts_and_lists(language: Language) -> None:
    text = phrases.no_answer(language, ["Plan", "Tur"], 3, 12)
    assert "3" in text
    assert "12" in text
    assert "Plan" in text
    assert "Tur" in text
    assert phrases.no_answer(language, [], 0, 12)


@pytest.mark.parametrize("reason", ["uncited", "unknown", "figures", "words"])
def test_each_reason_is_told_in_every_language(reason: str) -> None:
    told = {phrases.unsupported(language, reason, "9,8") for language in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    assert all(("9,8" in text) == (reason == "figures") for text in told)
