"""Files that were cut, flipped, spliced or made to break a reader: each is read or refused by name, none
breaks the reader. `benchmarks/mutate.py` does the same with thousands."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assistant.errors import FileCrashed, FileError
from assistant.types import Document
from ingest.read import read_document
from ingest.read.isolated import IsolatedReader
from tests.mutants import every_hostile, mutants, spoiled, with_spoiled_part

DATA = Path(__file__).parent / "data"
NAMES = ["report.pdf", "columns.pdf", "tables.pdf", "turned.pdf", "report.docx", "slides.pptx", "notice.html"]
NAMES += ["figures.xlsx", "towns.csv", "answer.eml"]
# The same work as any other of its kind, many times over: for the benchmark.
SLOW = """many-attributes.html many-headers.eml page-in-itself.pdf packed-stream.pdf many-lines.pdf same-page.pdf
claimed-pages.pdf huge-picture.pdf one-line.html one-line.txt many-lists.txt brackets.md far-cells.xlsx open-quote.csv
deep-front-matter.md""".split()


def check(doc: Document) -> None:
    """What every document holds to, whatever it was made from."""
    end = 0
    for block in doc.blocks:
        assert doc.text[end : block.start].strip() == ""
        assert doc.text[block.start : block.end].strip()
        end = block.end
    assert all(0 <= word.start < word.end <= len(doc.text) for word in doc.words)


@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    whole = (DATA / name).read_bytes()
    outcomes = {"read": 0, "refused": 0}
    for turn in range(40):
        data = spoiled(whole, chance)
        if name.endswith((".docx", ".pptx", ".xlsx")) and turn % 2:
            data = with_spoiled_part(whole, chance)
        try:
            doc, _ = read_document(data, name, None, 50)
            outcomes["read"] += 1
            check(doc)
        except FileError:
            outcomes["refused"] += 1
    assert sum(outcomes.values()) == 40
    assert outcomes["read"] > 0  # the damage is not so great that nothing was tried


def test_sixty_mutants_cost_an_error_each_at_most() -> None:
    reader = IsolatedReader(60, 1000)
    read = 0
    for name, data in mutants(60, seed=3):
        try:
            doc, _ = reader.read(data, name, None, 50)
        except FileCrashed as error:
            raise AssertionError(f"{name}: {error}") from error
        except FileError as error:
            assert name in str(error)
        else:
            check(doc)
            read += 1
    assert 10 < read < 60
    # and the reader is as it was
    assert reader.read(b"# Hei", "a.md", None, 50)[0].text == "Hei"


def test_files_made_to_break_a_reader() -> None:
    reader = IsolatedReader(60, 1000)
    tried = 0
    for name, data in every_hostile():
        if name in SLOW:
            continue
        try:
            check(reader.read(data, name, None, 50)[0])
        except FileCrashed as error:
            raise AssertionError(f"{name}: {error}") from error
        except FileError as error:
            assert name in str(error)
        tried += 1
    assert tried > 20
