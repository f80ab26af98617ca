"""E-mail: sender, receivers, date and text; attachments by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import DamagedFile
from assistant.types import Document
from ingest.read import read_document

DATA = Path(__file__).parent / "data"
TRUTH: dict[str, dict[str, list[str]]] = json.loads((DATA / "truth.json").read_text("utf-8"))


def blocks(doc: Document, *kinds: str) -> list[str]:
    return [doc.text[b.start : b.end] for b in doc.blocks if not kinds or b.kind in kinds]


@pytest.mark.parametrize("name", ["answer.eml", "invitation.eml"])
def test_a_message_is_read_as_it_was_written(name: str) -> None:
    doc, _ = read_document((DATA / name).read_bytes(), name, None, 50)
    assert blocks(doc) == TRUTH[name]["blocks"]
    assert blocks(doc, "heading") == TRUTH[name]["headings"]


def test_sender_date_and_subject_are_the_documents() -> None:
    doc, warnings = read_document((DATA / "answer.eml").read_bytes(), "answer.eml", None, 50)
    source = doc.source
    assert (source.title, source.publisher, source.date, source.language) == (
        "SV: Møtet om vannforsyning på øya",
        "Næringskontoret",
        "2024-03-21",
        "nb",
    )
    assert warnings == ("2 attachments were named but not read",)


def test_an_english_message_has_english_names() -> None:
    data = (
        b"From: office@nordvik.example\nTo: board@nordvik.example\nDate: nonsense\nSubject: Water\n\n"
        b"The board has agreed that the plan for the water supply should be discussed with all of the towns.\n"
    )
    doc, _ = read_document(data, "a.eml", None, 50)
    assert blocks(doc)[1] == "From: office@nordvik.example; To: board@nordvik.example; Subject: Water"
    assert (doc.source.publisher, doc.source.date) == ("office@nordvik.example", None)


def test_flowed_lines_are_joined() -> None:
    head = b"From: a@b.example\nContent-Type: text/plain; format=flowed\n\n"
    doc, _ = read_document(head + b"Dette er \nen setning.\n\n> Og dette \n> en annen.\n", "a.eml", None, 50)
    assert blocks(doc)[1:] == ["Dette er en setning.", "Og dette en annen."]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03" * 100,
        b"just a text\n\nwithout headers\n",
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedFile):
        read_document(data, "a.eml", None, 50)


def test_parts_nested_without_end_are_refused_or_read() -> None:
    nested = b"From: a@b.example\n"
    for depth in range(400):
        nested += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth)
    nested += b"Content-Type: text/plain\n\nInnerst.\n"
    try:
        doc, _ = read_document(nested, "a.eml", None, 50)
        assert "a@b.example" in doc.text
    except DamagedFile:
        pass
