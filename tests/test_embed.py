"""Nothing is embedded twice: what moves, what is copied, what an unfinished run has left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import Embedded, Passages, Progress
from assistant.errors import FileError
from assistant.index import Generation
from assistant.types import Passage
from ingest import embed
from ingest.changes import Found, find_changes
from ingest.files import let_settle, read_file
from ingest.job import run
from ingest.journal import Journal
from ingest.read.isolated import IsolatedReader
from tests.fakes import Workshop
from tests.weights import FakeModel

_LONG = "# Plan\n\n" + "\n\n".join(
    f"## Del {n}\n\n" + f"Dette er avsnitt nummer {n}, om vekst i kommune {n}. " * 12 for n in range(9)
)


class Counting(FakeModel):
    """Notes what it embeds; `stop` may end it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.stop: Callable[[int], None] = lambda count: None

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        self.stop(len(self.asked))
        self.asked += [passage.text for passage in passages]
        return super().passages(passages, progress)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, workshop: Workshop) -> Counting:
    made = Counting()

    def opened(name: str) -> Passages:
        return made

    monkeypatch.setattr("ingest.job.open_passages", opened)
    return made


def _rows(generation: Generation) -> dict[tuple[str, str, int], list[float]]:
    """The vectors of all passages by path, text and place, as the vector store and as the catalogue have them."""
    rows = {}
    for source in generation.sources.values():
        ids = generation.catalogue.passage_ids(source.id)
        stored, kept = generation.vectors.get(ids), generation.catalogue.vectors(ids)
        sentences = generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
        for id, passage in generation.catalogue.passages(ids).items():
            np.testing.assert_allclose(stored[id], kept[id], atol=1e-6)
            rows[source.path, passage.text, passage.start] = [*kept[id].tolist(), *sentences[id].ravel().tolist()]
    return rows


def _as_if_made_at_once(workshop: Workshop, tmp_path: Path) -> None:
    """What was put together over several runs is what one run over the folder makes."""
    with workshop.reading() as generation:
        rows = _rows(generation)
    other = Workshop(tmp_path / "at once")
    other.options = replace(workshop.options, data=other.data)
    other.run()
    with other.reading() as generation:
        assert _rows(generation) == rows


def test_a_moved_file_is_not_embedded_again(workshop: Workshop, model: Counting, tmp_path: Path) -> None:
    file = workshop.put("a.md", _LONG)
    count = workshop.run().embedded
    assert count >= 9
    (workshop.corpus / "eldre").mkdir()
    file.rename(workshop.corpus / "eldre" / "b.md")
    outcome = workshop.run()
    assert (outcome.added, outcome.removed, outcome.moved) == (1, 1, 1)
    assert (outcome.embedded, outcome.reused, outcome.passages) == (0, count, count)
    assert len(model.asked) == count
    _as_if_made_at_once(workshop, tmp_path)


def test_a_file_whose_name_is_its_title_is_embedded_by_its_new_name(
    workshop: Workshop, model: Counting, tmp_path: Path
) -> None:
    workshop.put("utkast.txt", "Noe om vekst.")
    workshop.run()
    (workshop.corpus / "utkast.txt").rename(workshop.corpus / "årsmelding.txt")
    outcome = workshop.run()
    assert (outcome.moved, outcome.embedded) == (1, 1)
    _as_if_made_at_once(workshop, tmp_path)


def test_a_copy_is_not_embedded_again_and_both_are_found(workshop: Workshop, model: Counting, tmp_path: Path) -> None:
    workshop.put("a.md", _LONG)
    count = workshop.run().embedded
    workshop.put("kopi.md", _LONG)
    outcome = workshop.run()
    assert (outcome.embedded, outcome.reused, outcome.passages) == (0, count, 2 * count)
    workshop.put("x.md", "# Nytt\n\nEt helt nytt dokument.")
    workshop.put("y.md", "# Nytt\n\nEt helt nytt dokument.")
    outcome = workshop.run()
    assert (outcome.added, outcome.embedded, outcome.reused) == (2, 1, 1)
    _as_if_made_at_once(workshop, tmp_path)


def test_only_what_changed_of_a_document_is_embedded_and_the_rest_keeps_its_ids(
    workshop: Workshop, model: Counting, tmp_path: Path
) -> None:
    workshop.put("a.md", _LONG)
    count = workshop.run().embedded
    with workshop.reading() as generation:
        before = set(generation.catalogue.passage_ids(next(iter(generation.sources))))
    workshop.put("a.md", _LONG.replace("om vekst i kommune 4", "om stans i kommune 4"))
    outcome = workshop.run()
    assert (outcome.changed, outcome.embedded, outcome.reused) == (1, 1, count - 1)
    with workshop.reading() as generation:
        after = set(generation.catalogue.passage_ids(next(iter(generation.sources))))
    assert len(before & after) == count - 1
    _as_if_made_at_once(workshop, tmp_path)


def test_a_change_in_how_files_are_read_keeps_what_stays_the_same(
    workshop: Workshop, model: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.put("a.md", _LONG)
    count = workshop.run().embedded
    monkeypatch.setattr("ingest.split.VERSION", 99)
    outcome = workshop.run()
    assert (outcome.changed, outcome.embedded, outcome.reused) == (1, 0, count)


def test_another_model_takes_nothing_over(workshop: Workshop, model: Counting) -> None:
    workshop.put("a.md", _LONG)
    count = workshop.run().embedded
    outcome = run(replace(workshop.options, embedding_model="other"), lambda step: None)
    assert (outcome.embedded, outcome.reused) == (count, 0)


# --- runs that were stopped ---------------------------------------------------------------------


def test_a_run_that_is_stopped_goes_on_where_it_was(
    workshop: Workshop, model: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed, "ROUND", 2)
    workshop.put("a.md", _LONG)

    def stop(count: int) -> None:
        if count >= 6:
            raise KeyboardInterrupt

    model.stop = stop
    with pytest.raises(KeyboardInterrupt):
        workshop.run()
    assert workshop.folders.current_name() is None
    assert list(workshop.folders.generations.iterdir()) == []
    model.stop = lambda count: None
    outcome = workshop.run()
    assert (outcome.reused, outcome.embedded) == (6, outcome.passages - 6)
    assert len(model.asked) == outcome.passages, "each once"
    assert not (workshop.data / "embedded.sqlite").exists()


def test_what_is_left_of_another_model_is_not_used(tmp_path: Path) -> None:
    one = {b"k": Embedded(np.ones(4, np.float32), np.ones((2, 4), np.float32))}
    journal = Journal(tmp_path / "j", "a")
    journal.put(one)
    journal.close()
    again = Journal(tmp_path / "j", "a")
    np.testing.assert_array_equal(again.get([b"k", b"x"])[b"k"].sentences, one[b"k"].sentences)
    again.close()
    other = Journal(tmp_path / "j", "b")
    assert other.get([b"k"]) == {}
    other.discard()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_a_damaged_journal_costs_time_alone(tmp_path: Path, share: float) -> None:
    journal = Journal(tmp_path / "j", "a")
    for n in range(200):
        journal.put({bytes([n]): Embedded(np.ones(64, np.float32), np.ones((2, 64), np.float32))})
    journal.close()
    data = bytearray((tmp_path / "j").read_bytes())
    at = int(len(data) * share)
    data[at : at + 9000] = b"\xa5" * len(data[at : at + 9000])
    (tmp_path / "j").write_bytes(data)
    again = Journal(tmp_path / "j", "a")
    again.get([bytes([n]) for n in range(200)])
    again.discard()


# --- files in the making, and what cannot be read -----------------------------------------------


def test_a_file_that_is_still_being_written_is_left_for_the_next_run(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe om vekst.")
    workshop.options = replace(workshop.options, settle_seconds=0.3)
    started = time.monotonic()
    assert workshop.run().added == 1, "it has lain still while the run waited for it"
    assert time.monotonic() - started >= 0.25

    workshop.put("b.md", "Noe mer")

    def written_meanwhile(files: Sequence[Found], settle: float) -> None:
        let_settle(files, settle)
        workshop.put("b.md", "Noe mer, og enda mer")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.job.let_settle", written_meanwhile)
        outcome = workshop.run()
    assert [(f.path, f.error.code, f.kept) for f in outcome.failed] == [("b.md", "file_still_written", False)]
    assert (outcome.added, outcome.documents) == (0, 1)
    outcome = workshop.run()
    assert (outcome.added, outcome.failed) == (1, [])


def test_a_file_that_changes_while_it_is_read_is_not_read(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.put("a.md", "Noe om vekst.")
    (found,) = find_changes(workshop.corpus, {}, False).added
    opened = Path.open

    def growing(self: Path, mode: str = "r") -> object:
        stream = opened(self, mode)
        read = stream.read

        class Stream:
            def __enter__(self) -> object:
                return self

            def __exit__(self, *what: object) -> None:
                stream.close()

            def fileno(self) -> int:
                return stream.fileno()

            def read(self) -> object:
                data = read()
                with opened(found.file, "a") as more:
                    more.write(" Mer.")
                return data

        return Stream()

    monkeypatch.setattr(Path, "open", growing)
    with pytest.raises(FileError) as raised:
        read_file(found, IsolatedReader(10, 500), 1, 0.0)
    assert raised.value.code == "file_still_written"


def test_a_last_good_version_outlives_a_change_in_how_files_are_read(
    workshop: Workshop, model: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.put("a.md", "# A\n\nProsjektet koster fire millioner.")
    workshop.put("b.md", "Noe annet.")
    workshop.run()
    workshop.put("a.md", b"")
    monkeypatch.setattr("ingest.split.VERSION", 99)
    outcome = workshop.run()
    assert [(f.path, f.kept) for f in outcome.failed] == [("a.md", True)]
    assert (outcome.documents, outcome.unread) == (2, 1)
    with workshop.reading() as generation:
        marked = {source.path: source.unread for source in generation.sources.values()}
        texts = {source.path: generation.document(source.id).text for source in generation.sources.values()}
    assert marked == {"a.md": "file_empty", "b.md": None}
    assert "fire millioner" in texts["a.md"]
    assert workshop.run().generation == outcome.generation


def test_a_folder_that_cannot_be_listed_keeps_its_documents_marked(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    workshop.put("a.md", "Noe om vekst.")
    workshop.put("mappe/b.md", "Noe annet.")
    first = workshop.run()
    listed = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("/mappe"):
            raise PermissionError(13, "Permission denied", path)
        return listed(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", refused)
        outcome = workshop.run()
        assert [(f.path, f.error.code, f.kept) for f in outcome.failed] == [("mappe", "folder_unreadable", True)]
        assert (outcome.removed, outcome.documents, outcome.unread) == (0, 2, 1)
        patch.setattr("ingest.split.VERSION", 99)
        again = workshop.run()
        assert (again.documents, again.unread) == (2, 1), "read from the copy"
    outcome = workshop.run()
    assert (outcome.documents, outcome.unread, outcome.failed) == (2, 0, [])
    assert outcome.generation != first.generation
