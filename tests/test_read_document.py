"""read_document: which file is refused and why, sidecars, dates, languages, and the offsets' rules."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.catalogue import Catalogue
from assistant.citations import Numbering
from assistant.errors import BadSidecar, EmptyFile, FileTooLarge, NoText, UnsupportedFile
from assistant.types import BlockKind, Box, Citation, Document, Quote
from ingest.read import FORMATS, read_document
from ingest.read.assemble import assemble, document_id
from ingest.read.dates import parse_date
from ingest.read.extract import Extract, Metadata, RawBlock
from ingest.read.language import language_of
from ingest.read.normalise import clean
from ingest.read.tables import cell, table_blocks
from ingest.split import split

DATA = Path(__file__).parent / "data"
KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "list_item", "table_row", "footnote")


# --- which files are refused --------------------------------------------------------------------


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_nothing_in_the_file(suffix: str) -> None:
    with pytest.raises(EmptyFile):
        read_document(b"", "a" + suffix, None, 50)


def test_unknown_and_too_large() -> None:
    with pytest.raises(UnsupportedFile, match=r"\.docx"):
        read_document(b"hei", "a.exe", None, 50)
    with pytest.raises(FileTooLarge, match="60 MB"):
        read_document(b"hei " * 15_000_000, "a.txt", None, 50)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_only_whitespace(name: str) -> None:
    with pytest.raises(NoText):
        read_document(" \n\u00a0\n\u200b".encode(), name, None, 50)


# --- sidecars, titles, dates --------------------------------------------------------------------


def test_a_sidecar_weighs_more_than_the_file() -> None:
    sidecar = b"title: Ny tittel\ndate: 2023\nurl: https://a.example\nfetched: 3. mai 2024\nlanguage: no\n"
    doc, _ = read_document(b"---\ntitle: Gammel\nkind: notat\n---\nTekst om kommunen.", "m/a.md", sidecar, 50)
    source = doc.source
    assert (source.title, source.date, source.kind, source.url) == (
        "Ny tittel",
        "2023",
        "notat",
        "https://a.example",
    )
    assert (source.language, source.fetched) == ("nb", "2024-05-03")


@pytest.mark.parametrize(
    "sidecar",
    [
        b"titel: x",
        b"- a\n- b",
        b"title: [",
        b"date: snart",
        b"date: 2024-02-31",
        b"fetched: nylig",
        b"title: {a: b}",
        b"\xff\xfe\x00",
    ],
)
def test_a_bad_sidecar_is_named(sidecar: bytes) -> None:
    with pytest.raises(BadSidecar, match=r"m/a\.yaml"):
        read_document(b"Tekst.", "m/a.txt", sidecar, 50)


def test_a_title_from_the_files_name() -> None:
    assert read_document(b"tekst.", "m/en_lang-reise 2.txt", None, 50)[0].source.title == "en lang reise 2"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-03-21", "2024-03-21"),
        ("2024-03-21T10:00:00Z", "2024-03-21"),
        ("21.03.2024", "2024-03-21"),
        ("1.3.2024", "2024-03-01"),
        ("21. mars 2024", "2024-03-21"),
        ("21 March 2024", "2024-03-21"),
        ("March 21, 2024", "2024-03-21"),
        ("mai 2024", "2024-05"),
        ("D:20240321120000+01'00'", "2024-03-21"),
        ("31.02.2024", None),
        ("32 mars 2024", None),
        ("i går", None),
        ("", None),
    ],
)
def test_dates(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


# --- languages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("nn-NO", "The text is English.", "nn"),
        ("NB", "", "nb"),
        ("no", "Kommunen skal ikkje løyve meir pengar til tiltaka før dei er vurderte på nytt.", "nn"),
        (None, "Kommunen skal ikke bevilge mer penger til tiltakene før de er vurdert på nytt.", "nb"),
        (None, "Verksemdene seier at dei treng fleire fagfolk, og at det er vanskeleg å få tak i dei.", "nn"),
        (None, "Bedriftene sier at de trenger flere fagfolk, og at det er vanskelig å få tak i dem.", "nb"),
        (None, "Vegkartet vart lagt fram i august. Det har 41 tiltak og tolv satsingsområde.", "nn"),
        (None, "The municipalities showed how they prepare for growth in the region.", "en"),
        (None, "Kommunerna har kommit överens om hur kostnaderna ska fördelas mellan dem.", "sv"),
        (
            None,
            "Virksomhederne efterspørger flere medarbejdere, og kommunerne vil gerne hjælpe dem af sted.",
            "da",
        ),
        ("de", "The municipalities showed how they prepare for growth in the region.", "en"),
    ],
)
def test_languages(declared: str | None, text: str, language: str) -> None:
    assert language_of(declared, text) == language


# --- normalising and joining --------------------------------------------------------------------


def joined(*blocks: RawBlock, title: str | None = None) -> Document:
    return assemble(Extract(blocks, Metadata(title=title)), "m/a.pdf", b"data", "application/pdf")


def test_what_is_kept_and_what_is_not() -> None:
    raw = "Ef\ufb01 \u00adcient\u00a0 m² ½ a\u030a\u200b e\x07\x00\n\u2028 \ufffe5\u00ad0 \ud800"
    assert joined(RawBlock("paragraph", raw)).text == "Effi cient m² ½ å e 50"


def test_how_blocks_are_joined() -> None:
    doc = joined(
        RawBlock("heading", "A"),
        RawBlock("list_item", "en", level=1),
        RawBlock("list_item", "to", level=3),
        RawBlock("list_item", "1. tre", level=1),
        RawBlock("table_row", "x: 1"),
        RawBlock("table_row", "x: 2"),
        RawBlock("heading", "B", level=3),
        RawBlock("paragraph", "  "),
        RawBlock("heading", "C", level=2),
        RawBlock("paragraph", "slutt"),
    )
    assert doc.text == "A\n\n- en\n    - to\n1. tre\n\nx: 1\nx: 2\n\nB\n\nC\n\nslutt"
    assert [b.heading_path for b in doc.blocks][-3:] == [("A", "B"), ("A", "C"), ("A", "C")]
    assert doc.text[doc.blocks[2].start :].startswith("- to")
    assert doc.source.title == "A"


def test_ids_do_not_depend_on_how_a_name_is_composed() -> None:
    assert document_id("blå.txt") == document_id(unicodedata.normalize("NFD", "blå.txt"))
    assert document_id("a.txt") == hashlib.sha256(b"a.txt").hexdigest()[:16]
    assert joined(RawBlock("paragraph", "x")).source.sha256 == hashlib.sha256(b"data").hexdigest()


@st.composite
def raw_blocks(draw: st.DrawFn) -> RawBlock:
    text = draw(
        st.text(st.characters(exclude_categories=()), max_size=40)
        | st.sampled_from(["a b", "1. x", "- y", "\u00ad"])
    )
    words = text.split()
    boxes = tuple((Box(1, 0.1, 0.1, 0.2, 0.2),) for _ in words) if draw(st.booleans()) else ()
    return RawBlock(draw(st.sampled_from(KINDS)), text, draw(st.integers(1, 4)), 1, boxes)


@settings(deadline=None)  # the first case waits for the languages to be loaded
@given(st.lists(raw_blocks(), max_size=8))
def test_the_offsets_rules_hold_for_any_blocks(raw: list[RawBlock]) -> None:
    doc = joined(*raw, title="t")
    text = doc.text
    assert text == unicodedata.normalize("NFC", text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in text.replace("\n", ""))
    assert text.encode("utf-8").decode("utf-8") == text
    edges = [0, *(edge for b in doc.blocks for edge in (b.start, b.end)), len(text)]
    assert edges == sorted(edges)
    for end, start in zip(edges[0::2], edges[1::2], strict=True):
        assert not text[end:start].strip()
    for block in doc.blocks:
        inside = text[block.start : block.end]
        assert inside == clean(inside) != ""
        assert block.kind != "heading" or block.heading_path[-1] == inside
    for word in doc.words:
        assert len(text[word.start : word.end].split()) == 1
        assert any(b.start <= word.start < word.end <= b.end for b in doc.blocks)
    assert all(a.end <= b.start for a, b in pairwise(doc.words))


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["År", "Tall"], ["2021", "5"], ["2022", ""]], ["År: 2021; Tall: 5", "År: 2022"]),
        ([["", "2021", "2022"], ["Salg", "5", "6"]], ["Salg; 2021: 5; 2022: 6"]),
        ([["Navn", "Rolle", "Sted"], ["Kari", "leder", "Nes"]], ["Navn: Kari; Rolle: leder; Sted: Nes"]),
        ([["1", "2"], ["3", "4"]], ["1; 2", "3; 4"]),
        ([["Telefon", "64 00"], ["Sted", "Nes"]], ["Telefon; 64 00", "Sted; Nes"]),
        ([["Bare én"], ["kolonne"]], ["Bare én", "kolonne"]),
        ([["Sum:", ""], ["a", "b"]], ["Sum:", "a; b"]),
    ],
)
def test_rows_name_their_columns(rows: list[list[str]], expected: list[str]) -> None:
    assert [b.text for b in table_blocks([[cell(c) for c in row] for row in rows])] == expected


def test_names_that_end_in_a_colon_do_not_get_two() -> None:
    rows = [[cell("År:", True), cell("Tall:", True)], [cell("2021"), cell("5;")]]
    assert [b.text for b in table_blocks(rows)] == ["År: 2021; Tall: 5;"]


def test_page_labels_and_rows_reach_the_citation(tmp_path: Path) -> None:
    """Read, split, kept in the catalogue, fetched again, cited."""
    cited: dict[str, Citation] = {}
    catalogue = Catalogue.create(tmp_path / "c.sqlite")
    for name in ("labelled.pdf", "figures.xlsx"):
        doc, _ = read_document((DATA / name).read_bytes(), name, None, 50)
        passages = split(doc)
        whole = np.zeros((len(passages), 4), np.float32)
        catalogue.add(doc, "", len(passages))
        catalogue.add_passages(passages, whole, [np.zeros((len(p.sentences), 4), np.float32) for p in passages])
        kept = catalogue.document(doc.source.id)
        assert kept is not None
        assert (kept.page_labels, kept.blocks) == (doc.page_labels, doc.blocks)
        block = doc.blocks[-1]
        passage = next(p for p in passages if p.start <= block.start < p.end)
        quote = Quote(passage, doc.source, block.start, block.end, doc.text[block.start : block.end])
        numbering = Numbering({doc.source.id: kept}.__getitem__)
        numbering.cite(quote)
        cited[name] = numbering.citations[0]
    catalogue.close()
    assert (cited["labelled.pdf"].page, cited["labelled.pdf"].page_label) == (4, "2")
    assert (cited["figures.xlsx"].page_label, cited["figures.xlsx"].row) == (None, 8)
    assert cited["figures.xlsx"].heading_path == ("Tiltak",)
