"""Questions about the assistant itself: told from those to the documents, and answered from the catalogue."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from assistant.about import MOST_LISTED, Inquiry, inquiry, told
from assistant.filters import passes
from assistant.types import LANGUAGES, About, Filters, Language, Source
from tests.fakes import source

_SETS = json.loads((Path(__file__).parent / "data" / "about.json").read_text(encoding="utf-8"))


def _with(id: str, title: str, date: str | None, kind: str, publisher: str, language: str) -> Source:
    return replace(source(id, title=title, date=date, kind=kind, language=language), publisher=publisher)


_SOURCES = (
    _with("a", "Reise til Danmark", "2023-05", "reisenotat", "Kunnskapsbyen Lillestrøm", "nb"),
    _with("b", "Study visit", "2024-03-21", "reisenotat", "Legemiddelindustrien (LMI)", "en"),
    _with("c", "Veikart", "2023-08-23", "nasjonalt veikart", "HelseOmsorg21", "nn"),
    _with("d", "Udatert", None, "nyhet", "Kunnskapsbyen Lillestrøm", "nb"),
)


@pytest.mark.parametrize("topic", ["documents", "abilities", "maker"])
def test_questions_about_itself_are_known(topic: About) -> None:
    found = {asked: inquiry(asked, _SOURCES) for asked in _SETS["about"][topic]}
    assert [asked for asked, one in found.items() if one is None or one.topic != topic] == []


def test_questions_to_the_documents_are_not_swallowed() -> None:
    assert sum(len(one) for one in _SETS["about"].values()) >= 40
    assert len(_SETS["real"]) >= 40
    assert [asked for asked in _SETS["real"] if inquiry(asked, _SOURCES)] == []


def test_questions_of_the_other_sets_are_not_swallowed_either() -> None:
    golden = json.loads((Path(__file__).parent / "evals" / "golden.json").read_text(encoding="utf-8"))["questions"]
    talks = json.loads((Path(__file__).parent / "data" / "followups.json").read_text(encoding="utf-8"))["talks"]
    asked = [one["question"] for one in golden]
    asked += [said["question"] for talk in talks for said in talk["history"]]
    asked += [one for talk in talks for one in [*talk["independent"], *(d["ask"] for d in talk["dependent"])]]
    assert [one for one in asked if inquiry(one, _SOURCES)] == []


@pytest.mark.parametrize(
    ("asked", "filters", "title"),
    [
        ("Hvor mange dokumenter har du fra 2023?", Filters(date_from="2023", date_to="2023"), ()),
        ("Hvilke dokumenter har du etter 2022?", Filters(date_from="2023"), ()),
        ("Kva dokument har du sidan 2022?", Filters(date_from="2022"), ()),
        ("Which documents do you have before 2024?", Filters(date_to="2023"), ()),
        ("Hvilke dokumenter har du mellom 2021 og 2023?", Filters(date_from="2021", date_to="2023"), ()),
        ("Hvor mange reisenotater har du?", Filters(kinds=("reisenotat",)), ()),
        ("Har du dokumenter fra LMI?", Filters(publishers=("Legemiddelindustrien (LMI)",)), ()),
        ("Hvilke engelske dokumenter har du?", Filters(languages=("en",)), ()),
        ("Hvilke dokumenter har du om Danmark?", Filters(), ("Danmark",)),
    ],
)
def test_which_documents_are_meant_is_understood(asked: str, filters: Filters, title: tuple[str, ...]) -> None:
    assert inquiry(asked, _SOURCES) == Inquiry("documents", filters, title)


@pytest.mark.parametrize(
    "asked", ["Hvilke dokumenter har du om Jupiter?", "Hvilke dokumenter har du fra Finansavisen?"]
)
def test_what_the_catalogue_does_not_know_is_asked_of_the_documents(asked: str) -> None:
    assert inquiry(asked, _SOURCES) is None


def _lines(asked: str, language: Language = "nb", model: str = "none") -> list[str]:
    found = inquiry(asked, _SOURCES)
    assert found
    matching = [one for one in _SOURCES if passes(one, found.filters)]
    return list(told(found, language, _SOURCES, matching, model).lines)


def test_documents_are_listed_newest_first_with_their_dates() -> None:
    assert _lines("Hvilke dokumenter har du?") == [
        "Jeg har 4 dokumenter, fra 2023 til 2024.",
        "Her er de:",
        "– «Study visit» (21. mars 2024)",
        "– «Veikart» (23. august 2023)",
        "– «Reise til Danmark» (mai 2023)",
        "– «Udatert»",
    ]


def test_a_year_counts_its_documents_and_names_those_without_a_date() -> None:
    lines = _lines("Hvor mange dokumenter har du fra 2023?")
    assert lines[0] == "2 av 4 dokumenter passer: fra 2023."
    assert lines[1] == "Ett dokument har ingen dato og er ikke regnet med."
    assert lines[-1] == "– «Reise til Danmark» (mai 2023)"
    assert _lines("Hvor mange dokumenter har du fra 1999?")[0] == "Ingen av de 4 dokumentene passer: fra 1999."


def test_the_newest_and_the_oldest_are_named() -> None:
    assert _lines("Hva er det nyeste dokumentet ditt?")[-1] == "Det nyeste er «Study visit» (21. mars 2024)."
    assert _lines("Kva er det eldste dokumentet du har?", "nn")[-1] == "Det eldste er «Reise til Danmark» (mai 2023)."


def test_a_long_list_is_cut_and_counted() -> None:
    many = [source(str(i), title=f"T{i}", date=f"20{10 + i}") for i in range(14)]
    found = told(Inquiry("documents"), "en", many, many, "none")
    assert len(found.documents) == MOST_LISTED
    assert found.documents[0].title == "T13"
    assert found.lines[1] == "Here are the 10 newest:"
    assert found.lines[-1].startswith("… and 4 more")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["abilities", "maker"])
def test_it_tells_what_it_is_and_names_a_model_only_where_one_is_set(topic: About, language: Language) -> None:
    plain = told(Inquiry(topic), language, _SOURCES, _SOURCES, "none").lines
    drafted = told(Inquiry(topic), language, _SOURCES, _SOURCES, "ollama:gemma3").lines
    assert len(plain) == len(drafted) >= 3
    assert "ollama:gemma3" not in " ".join(plain)
    assert "ollama:gemma3" in " ".join(drafted)
    assert not any("{" in line for line in [*plain, *drafted])


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_documents_it_says_so(language: Language) -> None:
    for topic in get_args(About):
        assert told(Inquiry(topic), language, (), (), "none").lines
    assert len(told(Inquiry("documents"), language, (), (), "none").lines) == 1
