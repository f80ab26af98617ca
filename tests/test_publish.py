"""Publishing: all or nothing, one writer, some generations kept, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import index as index_module
from assistant.errors import AlreadyRunning, IndexDamaged, NothingToRollBack
from assistant.index import Folders, publish
from ingest.publish import Draft, clear_away, generations, only_writer, roll_back
from ingest.split import split
from tests.fakes import FAKE, FakeModel, Workshop, document


def _draft(folders: Folders, text: str = "Noe om vekst.") -> Draft:
    made = document([("paragraph", text)])
    passages = split(made)
    model = FakeModel().passages(passages, lambda count: None)
    draft = Draft(folders, None, "")
    draft.add(made, "", passages, np.stack([m.passage for m in model]), [m.sentences for m in model])
    return draft


def _edition(workshop: Workshop, number: int) -> str:
    workshop.put("a.md", f"Dette er utgave {number}.")
    name = workshop.run().generation
    assert name
    return name


def test_nothing_is_current_before_it_is_published(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    draft = _draft(folders)
    assert folders.current_name() is None
    assert generations(folders) == []
    manifest = draft.publish(FAKE, 32, "r")
    assert folders.current_name() == manifest.name
    assert generations(folders) == [manifest.name]
    assert folders.manifest(manifest.name) == manifest
    assert (manifest.documents, manifest.passages, manifest.dimension) == (1, 1, 32)
    assert manifest.created.endswith("Z")


def test_a_discarded_draft_leaves_nothing(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    _draft(folders).discard()
    assert list(folders.generations.iterdir()) == []
    assert folders.current_name() is None


def test_parts_that_differ_are_not_published(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    draft = _draft(folders)
    draft._vectors.add(["stranger"], ["d9"], np.ones((1, 32), np.float32))
    with pytest.raises(IndexDamaged, match="differ"):
        draft.publish(FAKE, 32, "r")
    assert folders.current_name() is None


def test_an_interruption_after_the_swap_keeps_what_was_published(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edition(workshop, 1)

    def interrupted(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(index_module, "sync_folder", interrupted)
    workshop.put("a.md", "Dette er utgave 2.")
    with pytest.raises(KeyboardInterrupt):
        workshop.run()
    monkeypatch.undo()
    with workshop.reading() as generation:
        (id,) = generation.sources
        assert generation.document(id).text in ("Dette er utgave 1.", "Dette er utgave 2.")


def test_the_pointer_is_replaced_whole(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    publish(folders, "g1")
    publish(folders, "g2")
    assert folders.current.read_text() == "g2"
    assert [p.name for p in tmp_path.iterdir()] == ["current"]


def test_one_writer_at_a_time(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe.")
    with only_writer(workshop.folders), pytest.raises(AlreadyRunning, match="data"):
        workshop.run()
    assert workshop.run().added == 1


def test_so_many_generations_are_kept_and_no_more(workshop: Workshop) -> None:
    workshop.keep(3)
    names = [_edition(workshop, number) for number in range(5)]
    assert names == sorted(names)
    assert generations(workshop.folders) == names[-3:]
    assert {p.name for p in workshop.folders.generations.iterdir()} == set(names[-3:])
    assert len(list(workshop.folders.originals.iterdir())) == 3


def test_going_back_makes_the_one_before_current(workshop: Workshop) -> None:
    names = [_edition(workshop, number) for number in range(2)]
    assert roll_back(workshop.folders) == names[0]
    with workshop.reading() as generation:
        (id,) = generation.sources
        assert generation.document(id).text == "Dette er utgave 0."
        assert generation.original(generation.sources[id]).read_text() == "Dette er utgave 0."
    with pytest.raises(NothingToRollBack):
        roll_back(workshop.folders)
    assert workshop.folders.current_name() == names[0]


def test_after_going_back_the_next_run_goes_on_from_there(workshop: Workshop) -> None:
    names = [_edition(workshop, number) for number in range(2)]
    roll_back(workshop.folders)
    name = _edition(workshop, 2)
    assert name > names[1]
    with workshop.reading() as generation:
        assert generation.manifest.documents == 1


def test_with_nothing_published_there_is_nothing_to_go_back_to(workshop: Workshop) -> None:
    with pytest.raises(NothingToRollBack, match="data"):
        roll_back(workshop.folders)


def test_what_a_killed_run_left_is_cleared(workshop: Workshop) -> None:
    _edition(workshop, 1)
    folders = workshop.folders
    draft = _draft(folders)
    draft.keep_original("0" * 64, b"left behind")
    left = folders.generation(draft.name)
    assert left.is_dir()
    second = _edition(workshop, 2)
    assert not left.exists()
    assert folders.current_name() == second
    assert not folders.original("0" * 64).exists()


def test_an_earlier_generation_that_is_damaged_does_not_stop_a_later_one(workshop: Workshop) -> None:
    workshop.keep(3)
    first = _edition(workshop, 1)
    _edition(workshop, 2)
    (workshop.folders.generation(first) / "catalogue.sqlite").write_bytes(b"damaged" * 500)
    third = _edition(workshop, 3)
    assert workshop.folders.current_name() == third
    with workshop.reading() as generation:
        (source,) = generation.sources.values()
        assert generation.original(source).is_file()


def test_clearing_away_before_anything_is_there(tmp_path: Path) -> None:
    clear_away(Folders(tmp_path), 2, "")
    assert list(tmp_path.iterdir()) == []
