"""Passages: they hold the whole document verbatim, and cut neither lists nor tables nor sentences."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.text import sentences
from assistant.types import Block, BlockKind, Document, Passage, sentences_of
from ingest import split as split_module
from ingest.split import MOST, split
from tests.fakes import Part, document

_KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "list_item", "table_row", "footnote")
_WORDS = "klynge kommune vekst og i 2021 4,2 helse ærlig øl år f.eks. nr. 3".split()
_SENTENCE = st.builds(
    lambda words: " ".join(words).capitalize() + ".",
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=40),
)
_TEXT = st.lists(_SENTENCE, min_size=1, max_size=12).map(" ".join)
_PART = st.sampled_from(_KINDS).flatmap(
    lambda kind: st.tuples(st.just(kind), _SENTENCE if kind == "heading" else _TEXT)
)
_PARTS = st.lists(_PART, min_size=1, max_size=20)


def _joined(passages: tuple[Passage, ...]) -> list[tuple[int, int]]:
    return [(p.start, p.end) for p in passages]


def _holds(passages: tuple[Passage, ...], document: Document, block: Block) -> bool:
    """Whether every visible character of the block is in some passage, or it heads one."""
    left = set(range(block.start, block.end))
    for passage in passages:
        left -= set(range(passage.start, passage.end))
    if not "".join(document.text[at] for at in left).strip():
        return True
    own = document.text[block.start : block.end]
    return block.kind == "heading" and any(own in passage.indexed_text for passage in passages)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_PARTS)
def test_what_always_holds(parts: list[Part]) -> None:
    made = document(parts)
    passages = split(made)
    assert passages
    assert all(a[1] <= b[0] for a, b in pairwise(_joined(passages)))
    assert len({p.id for p in passages}) == len(passages)
    for passage in passages:
        assert made.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.indexed_text.endswith(passage.text)
        assert passage.sentences
        assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)
        assert list(sentences_of(passage)) == [made.text[s.start : s.end] for s in passage.sentences]
    for block in made.blocks:
        assert _holds(passages, made, block), made.text[block.start : block.end]
    assert split(made) == passages


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_PARTS)
def test_a_passage_is_not_too_long_and_ends_where_something_ends(parts: list[Part]) -> None:
    made = document(parts)
    rows = [(b.start, b.end) for b in made.blocks if b.kind == "table_row"]
    ends = {b.end for b in made.blocks} | {
        s.end for b in made.blocks for s in sentences(made.text, b.start, b.end)
    }
    for passage in split(made):
        within = [end - start for start, end in rows if passage.start <= start < passage.end]
        assert len(passage.text) <= max([MOST, *(MOST + row for row in within if row > MOST)])
        assert passage.end in ends
        assert all(end <= passage.start or start >= passage.end or (passage.start <= start and end <= passage.end)
                   for start, end in rows)  # fmt: skip


def test_ids_hold_when_other_parts_change() -> None:
    parts: list[Part] = [("heading", "Innledning"), ("paragraph", "Om planen. " * 60), ("heading", "Mål")]
    parts.append(("paragraph", "Målet er vekst i sju kommuner. " * 20))
    before = {p.text: p.id for p in split(document(parts))}
    changed: list[Part] = [parts[0], ("paragraph", "Noe helt annet. " * 90), *parts[2:]]
    after = {p.text: p.id for p in split(document(changed))}
    same = before.keys() & after.keys()
    assert any("sju kommuner" in text for text in same)
    assert all(before[text] == after[text] for text in same)
    assert len(same) < len(before)


def test_the_same_paragraph_twice_is_two_passages() -> None:
    parts: list[Part] = [("heading", "Del"), ("paragraph", "Samme tekst her. " * 40)]
    passages = split(document([*parts, *parts]))
    assert len({p.text for p in passages}) < len(passages)
    assert len({p.id for p in passages}) == len(passages)


def test_ids_tell_documents_apart() -> None:
    parts: list[Part] = [("paragraph", "Samme tekst i to dokumenter.")]
    (one,), (other,) = split(document(parts, id="a")), split(document(parts, id="b"))
    assert one.id != other.id
    assert one.id.startswith("a-")
    assert other.id.startswith("b-")


def test_a_short_list_is_quoted_with_its_lead_in() -> None:
    passages = split(
        document(
            [
                ("paragraph", "Først noe annet. Klyngen har tre mål:"),
                ("list_item", "- vekst"),
                ("list_item", "- eksport"),
                ("list_item", "- helse"),
            ]
        )
    )
    assert len(passages) == 1
    assert list(sentences_of(passages[0])) == [
        "Først noe annet.",
        "Klyngen har tre mål:\n\n- vekst\n- eksport\n- helse",
    ]


def test_a_list_that_fits_twice_the_size_stays_with_its_lead_in() -> None:
    before = "En lang innledning om noe annet. " * 15
    items: list[Part] = [("list_item", f"- Tiltak nummer {n}" + " gir vekst" * 12) for n in range(7)]
    passages = split(document([("paragraph", before), ("paragraph", "Disse tiltakene gjelder:"), *items]))
    together = [p for p in passages if "Disse tiltakene" in p.text]
    assert all(words in together[0].text for _, words in items)


def test_the_rest_of_a_long_list_carries_its_lead_in() -> None:
    items: list[Part] = [("list_item", f"- Tiltak nummer {n}:" + " det gir vekst" * 12) for n in range(30)]
    passages = split(document([("paragraph", "Disse tiltakene gjelder:"), *items]))
    assert len(passages) > 2
    for passage in passages[1:]:
        assert "Disse tiltakene gjelder:" in passage.indexed_text
        assert "Disse tiltakene gjelder:" not in passage.text


def test_a_long_item_is_cut_at_sentences() -> None:
    long = "Dette punktet sier mye om planen. " * 80
    passages = split(document([("list_item", "1. " + long), ("list_item", "2. Kort.")]))
    assert max(len(p.text) for p in passages) <= MOST


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    passages = split(document([("paragraph", "ord " * 2000)]))
    assert max(len(p.text) for p in passages) <= MOST
    assert sum(p.text.count("ord") for p in passages) == 2000


def test_a_word_without_an_end_is_cut_too() -> None:
    passages = split(document([("paragraph", "x" * 5000)]))
    assert "".join(p.text for p in passages) == "x" * 5000


def test_headings_stand_in_the_path_and_are_not_quoted() -> None:
    made = document([("heading", "Kostnader"), ("paragraph", "Prosjektet koster 4,2 millioner.")], title="Plan")
    (passage,) = split(made)
    assert passage.heading_path == ("Kostnader",)
    assert passage.indexed_text == "Plan\nKostnader\nProsjektet koster 4,2 millioner."
    assert list(sentences_of(passage)) == ["Prosjektet koster 4,2 millioner."]


def test_a_heading_with_nothing_under_it_is_found_all_the_same() -> None:
    made = document([("heading", "Biologiske legemidler"), ("heading", "Eksport"), ("paragraph", "Den øker.")])
    assert any("Biologiske legemidler" in p.indexed_text for p in split(made))


@pytest.mark.parametrize("kind", _KINDS)
def test_a_document_of_one_block(kind: BlockKind) -> None:
    (passage,) = split(document([(kind, "Bare dette")]))
    assert passage.text == "Bare dette"
    assert list(sentences_of(passage)) == ["Bare dette"]


def test_pages_are_those_of_its_blocks() -> None:
    made = document([("paragraph", "På side en."), ("paragraph", "På side to.")])
    first, second = made.blocks
    made = replace(made, blocks=(replace(first, page=1), replace(second, page=2)))
    assert [p.pages for p in split(made)] == [(1, 2)]


@pytest.mark.parametrize("kind", ["paragraph", "table_row"])
def test_a_long_document_is_looked_through_once_not_again_from_each_place(kind: BlockKind) -> None:
    """Twenty megabytes of text took minutes."""
    looked = 0

    class Counted(list[split_module._Unit]):
        def __getitem__(self, at):  # type: ignore[no-untyped-def]
            nonlocal looked
            found = super().__getitem__(at)
            looked += len(found) if isinstance(at, slice) else 1
            return found

    made = document([(kind, f"Linje {number} sier noe om saken. Og noe mer.") for number in range(400)])
    units = Counted(split_module._units(made))
    assert sum(len(run) for run in split_module._runs(units)) == len(units)
    assert looked < 20 * len(units)
