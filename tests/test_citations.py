"""The gate: numbering of quotes, sentences of a growing draft, and what a drafted sentence must show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Numbering, Refused, check, whole_sentences
from assistant.types import Document, DraftSentence, Hit, Quote
from tests.fakes import document, hit

_PLAN = hit("Prosjektet koster 4,2 millioner kroner. Sju kommuner deltar. Det begynte 8. februar 2021.",
            "Prosjektet koster 4,2 millioner kroner.", "Sju kommuner deltar.", "Det begynte 8. februar 2021.",
            id="plan", title="Plan")  # fmt: skip
_TRIP = hit("Fabrikken har 11 000 ansatte og lager insulin.", id="tur", title="Tur")
_HITS = (_PLAN, _TRIP)


def _quote(found: Hit, text: str) -> Quote:
    start = found.passage.text.index(text)
    return Quote(found.passage, found.source, start, start + len(text), text)


def _passed(drafted: str) -> DraftSentence:
    result = check(drafted, _HITS)
    assert isinstance(result, DraftSentence), result
    return result


def _refused(drafted: str) -> Refused:
    result = check(drafted, _HITS)
    assert isinstance(result, Refused), result
    return result


# --- numbering ----------------------------------------------------------------------------------


def _documents(*hits: Hit) -> dict[str, Document]:
    made = {}
    for one in hits:
        made[one.source.id] = replace(
            document([("heading", one.source.title), ("paragraph", one.passage.text)]),
            source=one.source,
            text=one.passage.text,
            blocks=(replace(document([("paragraph", one.passage.text)]).blocks[0], page=4, heading_path=("Del",)),),
        )
    return made


def test_quotes_are_numbered_from_one_in_order_of_use() -> None:
    numbering = Numbering(_documents(*_HITS).__getitem__)
    second = _quote(_TRIP, "Fabrikken har 11 000 ansatte og lager insulin.")
    assert [numbering.cite(q) for q in (second, _quote(_PLAN, "Sju kommuner deltar."), second)] == [1, 2, 1]
    first, other = numbering.citations
    assert (first.number, first.document_id, other.number, other.document_id) == (1, "tur", 2, "plan")
    assert other.quote == "Sju kommuner deltar."
    assert _PLAN.passage.text[other.start : other.end] == other.quote
    assert (other.page, other.heading_path) == (4, ("Del",))
    assert other.url == f"/source/plan?start={other.start}&end={other.end}"


def test_a_quote_that_does_not_stand_there_is_a_fault() -> None:
    numbering = Numbering(_documents(*_HITS).__getitem__)
    wrong = replace(_quote(_PLAN, "Sju kommuner deltar."), text="Åtte kommuner deltar.")
    with pytest.raises(ValueError, match="Åtte kommuner"):
        numbering.cite(wrong)
    assert numbering.citations == []


# --- a draft that grows -------------------------------------------------------------------------

_DRAFTS = [
    "Prosjektet koster 4,2 millioner [1]. Sju kommuner deltar [1][2]. Det begynte i 2021 [2].",
    "Prosjektet koster 4,2 millioner. [1] Sju kommuner deltar. [1] [2] Det begynte i 2021. [2]",
    "Prosjektet koster 4,2 millioner.[1] Sju kommuner deltar.[1, 2] Det begynte i 2021.[2]",
    "Prosjektet koster 4,2 millioner [1].\nSju kommuner deltar [1, 2].\n\nDet begynte i 2021 [2].\n",
]


def _streamed(pieces: list[str]) -> list[str]:
    found, rest = [], ""
    for piece in pieces:
        whole, rest = whole_sentences(rest + piece)
        found += whole
    return found + whole_sentences(rest + "\n")[0]


@pytest.mark.parametrize("draft", _DRAFTS)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_however_a_draft_arrives_its_sentences_keep_their_markers(draft: str, size: int) -> None:
    found = _streamed([draft[at : at + size] for at in range(0, len(draft), size)])
    results = [check(one, [*_HITS, _PLAN]) for one in found]
    assert len(found) == 3
    assert all("[" in one for one in found), found
    assert [r.text for r in results] == [
        "Prosjektet koster 4,2 millioner.", "Sju kommuner deltar.", "Det begynte i 2021.",
    ]  # fmt: skip


@given(st.text(alphabet="Aå 1.[]\n,?", max_size=60), st.lists(st.integers(1, 9), min_size=60, max_size=60))
def test_no_letter_of_a_draft_is_lost(draft: str, sizes: list[int]) -> None:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(draft[at : at + size])
        at += size
    letters = "".join(c for c in draft if c.isalpha())
    assert "".join(c for one in _streamed(pieces) for c in one if c.isalpha()) == letters


# --- what a sentence must show ------------------------------------------------------------------


def test_a_borne_out_sentence_passes_with_the_best_quote() -> None:
    passed = _passed("Prosjektet koster 4,2 millioner [1].")
    assert passed.text == "Prosjektet koster 4,2 millioner."
    assert [q.text for q in passed.quotes] == ["Prosjektet koster 4,2 millioner kroner."]


def test_a_sentence_of_two_sources_has_two_quotes() -> None:
    passed = _passed("Sju kommuner deltar, og fabrikken har 11.000 ansatte [1, 2].")
    assert [q.source.id for q in passed.quotes] == ["plan", "tur"]
    assert passed.quotes[0].text == "Sju kommuner deltar."


@pytest.mark.parametrize(
    ("drafted", "reason"),
    [
        ("Prosjektet koster 4,2 millioner.", "uncited"),
        ("Prosjektet koster 4,2 millioner [3].", "unknown"),
        ("Prosjektet koster 4,2 millioner [0].", "unknown"),
        ("Prosjektet koster 4,2 millioner [1][9].", "unknown"),
        ("Prosjektet koster 9,8 millioner [1].", "figures"),
        ("Prosjektet koster 42 millioner [1].", "figures"),
        ("Prosjektet begynte 9. februar 2021 [1].", "dates"),
        ("Fabrikken har 11 000 ansatte [1].", "figures"),
        ("Hovedstaden heter Paris og ligger langt borte [1].", "names"),
        ("Paris er hovedstaden og den er det [1].", "meaning"),
        ("[1]", "meaning"),
        ("… [1].", "meaning"),
    ],
)
def test_what_is_refused(drafted: str, reason: str) -> None:
    assert _refused(drafted).reason == reason


def test_a_refused_figure_is_named() -> None:
    assert _refused("Prosjektet koster 9,8 millioner i 2024 [1].").detail == "9,8 millioner"


def test_a_quote_stands_in_its_passage() -> None:
    for drafted in ("Det begynte i februar 2021 [1].", "Fabrikken lager insulin [2]."):
        for quote in _passed(drafted).quotes:
            passage = quote.passage
            assert passage.text[quote.start - passage.start : quote.end - passage.start] == quote.text
