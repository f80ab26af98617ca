"""Files that were cut, flipped and spliced: each is read or refused by name, none breaks the reader."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from assistant.errors import FileError
from ingest.read import read_document

DATA = Path(__file__).parent / "data"
NAMES = ["report.pdf", "columns.pdf", "tables.pdf", "turned.pdf", "report.docx", "slides.pptx", "notice.html"]


@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    whole = (DATA / name).read_bytes()
    outcomes = {"read": 0, "refused": 0}
    for turn in range(40):
        data = spoiled(whole, chance)
        if name.endswith((".docx", ".pptx")) and turn % 2:
            data = with_spoiled_part(whole, chance)
        try:
            doc, _ = read_document(data, name, None, 50)
            outcomes["read"] += 1
            assert all(doc.text[b.start : b.end].strip() for b in doc.blocks)
        except FileError:
            outcomes["refused"] += 1
    assert sum(outcomes.values()) == 40
    assert outcomes["read"] > 0  # the damage is not so great that nothing was tried


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """`data` cut off, with bytes changed, or with a piece of it copied over another."""
    changed = bytearray(data)
    kind = chance.random()
    if kind < 0.25:
        return bytes(changed[: chance.randrange(len(changed))])
    for _ in range(chance.choice([1, 5, 30])):
        at = chance.randrange(len(changed))
        if kind < 0.75:
            changed[at] = chance.randrange(256)
        else:
            start, length = chance.randrange(len(changed)), chance.randrange(1, 60)
            changed[at : at + length] = changed[start : start + length]
    return bytes(changed)


def with_spoiled_part(data: bytes, chance: random.Random) -> bytes:
    """The package with one of its XML parts spoiled or left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        hit = chance.choice(names)
        for name in old.namelist():
            if name != hit:
                new.writestr(name, old.read(name))
            elif chance.random() < 0.7:
                new.writestr(name, spoiled(old.read(name), chance))
    return buffer.getvalue()
