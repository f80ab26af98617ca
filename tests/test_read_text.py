"""Plain text and Markdown: encodings, paragraphs, lists, headings."""

from __future__ import annotations

import pytest

from assistant.errors import DamagedFile
from assistant.types import Document
from ingest.read import read_document
from ingest.read.text import text_blocks

SENTENCE = "Kommunene på Øvre Romerike har blåbær, ærfugl og én ål."


def document(data: bytes, name: str = "notat.txt") -> tuple[Document, tuple[str, ...]]:
    return read_document(data, name, None, 50)


def shown(text: str) -> list[tuple[str, str]]:
    return [(b.kind, " ".join(b.text.split())) for b in text_blocks(text)]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_encodings(encoding: str, named: str | None) -> None:
    doc, warnings = document(SENTENCE.encode(encoding))
    assert doc.text == SENTENCE
    assert [named in warning for warning in warnings if named] == ([True] if named else [])


def test_windows_quotes_and_dashes() -> None:
    assert document("«Ja» – sa hun – “nei”…".encode("cp1252"))[0].text == "«Ja» – sa hun – “nei”…"


def test_binary_data_is_no_text() -> None:
    with pytest.raises(DamagedFile):
        document(b"\x7fELF\x02\x01\x01" + b"\0" * 500 + b"\xff\xfe\xfd")


def test_wrapped_lines_become_one_paragraph() -> None:
    text = (
        "Møtet ble holdt på rådhuset, og alle de fire kommunene var til stede\n"
        "med ordfører og kommunedirektør. Referatet sendes ut innen en uke og\n"
        "legges på nettsidene.\n\nNeste møte er i mai, og da skal saken om vann\nbehandles.\n"
    )
    assert [kind for kind, _ in shown(text)] == ["paragraph", "paragraph"]
    assert shown(text)[0][1].endswith("legges på nettsidene.")


def test_unwrapped_lines_stay_apart() -> None:
    text = "Til stede: Kari, Ola\nForfall: ingen\nSted: rådhuset\n\n" + "En lang linje uten brudd. " * 20
    assert shown(text)[:3] == [
        ("paragraph", "Til stede: Kari, Ola"),
        ("paragraph", "Forfall: ingen"),
        ("paragraph", "Sted: rådhuset"),
    ]


@pytest.mark.parametrize("bullet", ["-", "*", "•", " •", "–", "  -", "\t•\t"])
def test_bullets(bullet: str) -> None:
    text = f"Selskapene er:\n{bullet} Bayer\n{bullet} Agilera\n\nDet var alle."
    assert shown(text) == [
        ("paragraph", "Selskapene er:"),
        ("list_item", "Bayer"),
        ("list_item", "Agilera"),
        ("paragraph", "Det var alle."),
    ]


def test_a_lead_in_is_no_heading() -> None:
    assert shown("Selskapene er:\n\n- Bayer\n- Agilera\n")[0][0] == "paragraph"


def test_items_go_on_and_nest() -> None:
    blocks = text_blocks("- første punkt som\n  fortsetter her\n  - under\n- andre\n")
    assert [(b.text.replace("\n", " "), b.level) for b in blocks] == [
        ("første punkt som fortsetter her", 1),
        ("under", 2),
        ("andre", 1),
    ]


def test_numbers_stay_and_dates_are_no_items() -> None:
    assert shown("1. Søk\n2) Svar\n") == [("list_item", "1. Søk"), ("list_item", "2) Svar")]
    assert shown("3. mai 2024 var fristen.") == [("paragraph", "3. mai 2024 var fristen.")]
    doc, _ = document(b"1. Apply\n2. Wait\n- and more")
    assert doc.text == "1. Apply\n2. Wait\n- and more"


def test_underlined_and_lone_headings() -> None:
    text = (
        "Referat\n=======\n\nBakgrunn\n--------\nKommunene møttes for å dele erfaringer om tomter.\n\n"
        "Veien videre\n\nArbeidet fortsetter til høsten, og da skal alle delta.\n\nHilsen\n\nKari\n"
    )
    assert [block for block in shown(text) if block[0] == "heading"] == [
        ("heading", "Referat"),
        ("heading", "Bakgrunn"),
        ("heading", "Veien videre"),
    ]


def test_tabbed_columns_are_a_table() -> None:
    assert shown("År\tTall\n2021\t5\n2022\t6\n") == [
        ("table_row", "År: 2021; Tall: 5"),
        ("table_row", "År: 2022; Tall: 6"),
    ]


MARKDOWN = """---
title: Plan for tomter
date: 21. mars 2024
publisher: Næringskontoret
kind: notat
language: nb
tags: [a, b]
---
# Plan

Se [avtalen](https://eksempel.no/a) og *vedlegget*, 40 km<sup>2</sup>.<!-- skjult -->
Samme avsnitt.

<!-- skjult -->

1. Søk
2. Svar
   - innen en uke

   Mer om svaret.
3. Ferdig

| Kommune | Tomter |
|---------|-------:|
| Nordvik | 7      |
| Sørvik  |        |

> Et sitat.

## Under
- [ ] oppgave

```
kode her
```
"""


def test_markdown() -> None:
    doc, _ = document(MARKDOWN.encode(), "plan.md")
    assert [(b.kind, doc.text[b.start : b.end]) for b in doc.blocks] == [
        ("heading", "Plan"),
        ("paragraph", "Se avtalen og vedlegget, 40 km². Samme avsnitt."),
        ("list_item", "1. Søk"),
        ("list_item", "2. Svar"),
        ("list_item", "- innen en uke"),
        ("paragraph", "Mer om svaret."),
        ("list_item", "3. Ferdig"),
        ("table_row", "Kommune: Nordvik; Tomter: 7"),
        ("table_row", "Kommune: Sørvik"),
        ("paragraph", "Et sitat."),
        ("heading", "Under"),
        ("list_item", "- oppgave"),
        ("paragraph", "kode her"),
    ]
    assert doc.blocks[-1].heading_path == ("Plan", "Under")
    source = doc.source
    assert (source.title, source.date, source.publisher) == (
        "Plan for tomter",
        "2024-03-21",
        "Næringskontoret",
    )
    assert (source.kind, source.language, source.media_type) == ("notat", "nb", "text/markdown")


@pytest.mark.parametrize(
    "front", ["---\n- a\n- b\n---\n", "---\ntitle: [\n---\n", "---\ndate: snart\n---\n", "---\n---\n"]
)
def test_odd_front_matter_says_nothing(front: str) -> None:
    doc, _ = document((front + "# Tittel\n\nTekst.").encode(), "a.md")
    assert (doc.source.title, doc.source.date) == ("Tittel", None)
    assert doc.text == "Tittel\n\nTekst."


def test_markdown_nesting_is_bounded() -> None:
    assert document(("> " * 5000 + "hei").encode(), "a.md")[0].text
    assert document(("- " * 2000 + "hei").encode(), "a.md")[0].text
