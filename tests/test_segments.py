"""The files of vectors: shared by generations, and gathered when too much in them is gone."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from assistant import segments
from assistant.catalogue import Catalogue
from assistant.errors import IndexDamaged
from assistant.segments import Segments
from tests.fakes import Workshop

_TEXT = "Tiltak {0} koster {0} millioner kroner. Det begynte i {0}."


def _files(place: Workshop) -> dict[str, int]:
    """The segments of the generation in use, with their inodes."""
    folder = place.folders.generation(str(place.folders.current_name())) / "segments"
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def _vectors(place: Workshop) -> dict[str, list[float]]:
    """Of every passage in use: its own vector, and those of its sentences."""
    with place.reading() as generation:
        found: dict[str, list[float]] = {}
        for id in generation.sources:
            ids = generation.catalogue.passage_ids(id)
            own = generation.catalogue.vectors(ids)
            sentences = generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
            found |= {one: [*own[one].tolist(), *sentences[one].ravel().tolist()] for one in ids}
    return found


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = Segments(tmp_path / "segments")
    rows = np.eye(5, 4, dtype=np.float32)
    places = [written.append("a", row, rows[:count]) for count, row in enumerate(rows)]
    written.flush()
    for count, (row, place) in enumerate(zip(rows, places, strict=True)):
        np.testing.assert_array_equal(written.passage(place), row)
        np.testing.assert_array_equal(written.sentences(place, count), rows[:count])
    written.close()


def test_a_run_adds_a_file_and_shares_the_others(workshop: Workshop) -> None:
    for number in range(1, 6):
        workshop.put(f"{number}.md", _TEXT.format(number))
    workshop.run()
    first, before = _files(workshop), _vectors(workshop)
    workshop.put("3.md", _TEXT.format(33))
    workshop.run()
    second = _files(workshop)
    assert first.items() < second.items()
    assert len(second) == len(first) + 1
    kept = {id: vectors for id, vectors in _vectors(workshop).items() if id in before}
    assert len(kept) == 4
    assert all(before[id] == vectors for id, vectors in kept.items())


def test_a_disk_that_cannot_link_gets_copies(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*paths: object) -> None:
        raise PermissionError("no hard links here")

    workshop.put("a.md", _TEXT.format(1))
    workshop.run()
    before, vectors = _files(workshop), _vectors(workshop)
    monkeypatch.setattr(os, "link", refuse)
    workshop.put("b.md", _TEXT.format(2))
    workshop.run()
    (old,) = before
    assert _files(workshop)[old] != before[old]
    assert vectors.items() < _vectors(workshop).items()


@pytest.mark.parametrize(("most", "little", "files"), [(2, 10**9, 1), (32, 0, 1), (32, 10**9, 5)])
def test_what_is_scattered_is_gathered(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, most: int, little: int, files: int
) -> None:
    """Four runs, each of which changes one of two documents; a fifth that changes nothing of them."""
    for edition in range(4):
        workshop.put("a.md", _TEXT.format(edition))
        workshop.put("b.md", _TEXT.format(100))
        workshop.run()
    before = _vectors(workshop)
    monkeypatch.setattr(segments, "MOST", most)
    monkeypatch.setattr(segments, "_LITTLE", little)
    workshop.put("c.md", _TEXT.format(7))
    workshop.run()
    assert len(_files(workshop)) == files
    assert before.items() < _vectors(workshop).items()


def test_the_generation_before_keeps_its_files_when_the_next_gathers(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for edition in range(4):
        workshop.put("a.md", _TEXT.format(edition))
        workshop.run()
    monkeypatch.setattr(segments, "_LITTLE", 0)
    index = workshop.index()
    with index.reading() as held:
        before = _vectors(workshop)
        workshop.put("b.md", _TEXT.format(100))
        workshop.run()
        assert len(_files(workshop)) == 1
        found = held.catalogue.vectors(list(before))  # opened only now
        assert {id: vector.tolist() for id, vector in found.items()} == {
            id: vectors[: held.manifest.dimension] for id, vectors in before.items()
        }
    index.close()


@pytest.mark.parametrize("harm", ["cut", "overwritten", "gone"])
def test_damage_is_named(workshop: Workshop, harm: str) -> None:
    workshop.put("a.md", _TEXT.format(1))
    workshop.run()
    (name,) = _files(workshop)
    folder = workshop.folders.generation(name)
    file = folder / "segments" / name
    if harm == "cut":
        os.truncate(file, file.stat().st_size - 1)
    elif harm == "overwritten":
        file.write_bytes(b"x" * file.stat().st_size)
    else:
        file.unlink()
    catalogue = Catalogue.open(folder / "catalogue.sqlite")
    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite"):
        catalogue.check_vectors()
    catalogue.close()
