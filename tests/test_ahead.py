"""Files are read while others are embedded: in order, bounded, and ended at once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.embedding import Embedded, Progress
from assistant.errors import FileCrashed
from assistant.types import Passage
from ingest import job
from ingest.ahead import Ahead
from ingest.read.isolated import IsolatedReader
from tests.fakes import Workshop
from tests.weights import FakeModel


def _until(so: threading.Event) -> None:
    assert so.wait(20)


def _nothing() -> None:
    pass


def test_items_come_in_order_and_only_so_many_wait() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with Ahead(items(), lambda item: 1, 5, _nothing) as ahead:
        for expected, item in enumerate(ahead):
            assert item == expected
            assert len(made) <= item + 1 + 5 + 1, "those waiting, and the one in hand"
    assert made == list(range(100))


def test_a_large_item_is_made_while_another_is_in_use_and_no_third() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for size in (10, *[1000] * 50, 10):
            made.append(size)
            yield size

    with Ahead(items(), lambda item: item, 20, _nothing) as ahead:
        for number, item in enumerate(ahead):
            if item == 1000:
                assert len(made) <= number + 2
    assert len(made) == 52


def test_what_is_raised_comes_where_its_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise FileCrashed("a", "x")

    taken: list[int] = []
    with pytest.raises(FileCrashed), Ahead(items(), lambda item: 1, 5, _nothing) as ahead:
        taken.extend(ahead)
    assert taken == [1]


def test_left_early_it_interrupts_what_is_being_made_and_waits_for_its_thread() -> None:
    at_work, interrupted, ended = threading.Event(), threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        yield 1
        try:
            at_work.set()
            _until(interrupted)
        finally:
            ended.set()

    with pytest.raises(KeyboardInterrupt), Ahead(items(), lambda item: 1, 5, interrupted.set):
        _until(at_work)
        raise KeyboardInterrupt
    assert ended.is_set()


def test_a_reader_that_is_closed_lets_go_of_the_file_in_hand() -> None:
    program = (
        "import sys, time; from ingest.read.wire import send, receive; send(1, b'forks'); receive(0);"
        "sys.stderr.write('reading'); time.sleep(300)"
    )
    reader = IsolatedReader(250, 500, program)
    raised: list[BaseException] = []

    def read() -> None:
        try:
            reader.read(b"x", "a.md", None, 1)
        except FileCrashed as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(400):
        reader.close()
        thread.join(0.05)
        if not thread.is_alive():
            break
    assert [type(error) for error in raised] == [FileCrashed]
    with pytest.raises(FileCrashed):
        reader.read(b"x", "b.md", None, 1)


def test_files_are_read_while_others_are_embedded(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model does not go on until the next file has been read."""
    monkeypatch.setattr(job, "_BATCH", 1)
    for number in range(4):
        workshop.put(f"{number}.md", f"Dokument nummer {number} handler om noe.")
    read: list[str] = []
    changed = threading.Condition()
    real = IsolatedReader.read

    def noted(self: IsolatedReader, data: bytes, path: str, sidecar: bytes | None, max_mb: int) -> object:
        found = real(self, data, path, sidecar, max_mb)
        with changed:
            read.append(path)
            changed.notify_all()
        return found

    class Waiting(FakeModel):
        embedded = 0

        def passages(self, passages: object, progress: Progress) -> list[Embedded]:
            self.embedded += 1
            with changed:
                assert changed.wait_for(lambda: len(read) > min(self.embedded, 3), 20), "reading stands still"
            return super().passages(passages, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(IsolatedReader, "read", noted)
    model = Waiting()
    monkeypatch.setattr("ingest.job.open_passages", lambda name: model)
    assert workshop.run().added == 4
    assert read == ["0.md", "1.md", "2.md", "3.md"]


def test_a_run_that_is_stopped_ends_at_once_though_a_file_is_being_read(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "_BATCH", 1)
    at_work = threading.Event()
    for number in range(3):
        workshop.put(f"{number}.md", f"Dokument nummer {number} handler om noe.")
    real = IsolatedReader.read

    def slow(self: IsolatedReader, data: bytes, path: str, sidecar: bytes | None, max_mb: int) -> object:
        if path == "1.md":
            at_work.set()
            self._program = "import time; from ingest.read.wire import send; send(1, b'forks'); time.sleep(300)"
        return real(self, data, path, sidecar, max_mb)

    class Stopped(FakeModel):
        def passages(self, passages: object, progress: Progress) -> list[Embedded]:
            _until(at_work)
            os.kill(os.getpid(), signal.SIGINT)
            raise AssertionError("the signal has not come")

    monkeypatch.setattr(IsolatedReader, "read", slow)
    monkeypatch.setattr("ingest.job.open_passages", lambda name: Stopped())
    begun = time.monotonic()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # who is started in the background ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            workshop.run()
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - begun < 60
    assert [thread.name for thread in threading.enumerate() if thread.name == "ahead"] == []
    assert list(workshop.folders.generations.iterdir()) == []


def test_passages_of_many_files_keep_to_their_files(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "_BATCH", 7)
    for number in range(30):
        workshop.put(f"{number:02}.md", f"# Sak {number}\n\nDokument nummer {number} handler om noe.")
    assert workshop.run().added == 30
    with workshop.reading() as generation:
        for source in generation.sources.values():
            (id,) = generation.catalogue.passage_ids(source.id)
            passage: Passage = generation.catalogue.passages([id])[id]
            assert f"nummer {int(source.path[:2])} " in passage.text
