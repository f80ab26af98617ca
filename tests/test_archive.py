"""Conversations in SQLite: kept, found, told apart, gone when they should be gone, from many threads at once."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversation.archive import Archive
from assistant.errors import ArchiveUnavailable, ConversationNotFound
from assistant.types import Answer, AnswerSentence, Box, Citation, Coverage, Near, Source
from tests.fakes import source

_SOURCES = {"d1": source("d1", title="Plan for Romerike", date="2021-02-08")}


class _Clock:
    def __init__(self) -> None:
        self.time = datetime(2024, 3, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: _Clock) -> Archive:
    return Archive(tmp_path / "conversations.sqlite", 30, clock)


def answer(question: str = "Hva koster prosjektet?", conversation: str = "c1", understood: str | None = None) -> Answer:
    """An answer with a citation, as it is kept."""
    citation = Citation(
        1, "d1-0", "d1", "Plan for Romerike", "2021-02-08", 2, ("Kostnader",), "Prosjektet koster 4,2 millioner.",
        0, 32, (Box(2, 0.1, 0.2, 0.3, 0.4),), "/source/d1",
    )  # fmt: skip
    return Answer(
        id="a1",
        conversation_id=conversation,
        status="answered",
        text="I «Plan for Romerike» står det: «Prosjektet koster 4,2 millioner.» [1]",
        language="nb",
        sentences=(AnswerSentence("Prosjektet koster 4,2 millioner.", (1,)),),
        citations=(citation,),
        dropped=(),
        near=(),
        coverage=Coverage(1, 1),
        model="none",
        generation="g1",
        milliseconds={"search": 1.5},
        references=("Klyngen. (2021). *Plan for Romerike*.",),
        question=question,
        understood_as=understood,
    )


def test_a_conversation_comes_back_as_it_was(archive: Archive) -> None:
    first, second = answer(), answer("og når?", understood="Når koster det?")
    archive.add(first, _SOURCES)
    archive.add(second, _SOURCES)
    found = archive.conversation("c1")
    assert [turn.answer for turn in found.turns] == [first, second]
    assert found.turns[0].sources == (_SOURCES["d1"],)
    assert found.started == found.turns[0].asked == "2024-03-21T12:00:00.000000Z"


def test_history_holds_what_was_understood_and_cited(archive: Archive) -> None:
    for number in range(9):
        archive.add(answer(f"spørsmål {number}", understood="Når?" if number == 8 else None), _SOURCES)
    turns = archive.history("c1")
    assert [turn.question for turn in turns] == [f"spørsmål {number}" for number in range(3, 9)]
    assert (turns[-1].whole, turns[-2].whole) == ("Når?", "spørsmål 7")
    assert turns[-1].cited == (Near("d1", "Plan for Romerike"),)
    assert archive.history("c2") == ()


def test_conversations_are_listed_latest_first(archive: Archive, clock: _Clock) -> None:
    for id in ("c1", "c2", "c3"):
        archive.add(answer(f"Hva er {id}?", id), _SOURCES)
        clock.time += timedelta(minutes=1)
    archive.add(answer("og når?", "c1"), _SOURCES)
    entries = archive.entries(10)
    assert [(one.id, one.title, one.turns) for one in entries] == [
        ("c1", "Hva er c1?", 2),
        ("c3", "Hva er c3?", 1),
        ("c2", "Hva er c2?", 1),
    ]
    assert entries[0].started < entries[0].updated
    assert len(archive.entries(2)) == 2


def test_what_is_deleted_is_gone_and_the_rest_is_not(archive: Archive) -> None:
    archive.add(answer(conversation="c1"), _SOURCES)
    archive.add(answer(conversation="c2"), _SOURCES)
    archive.delete("c1")
    assert [one.id for one in archive.entries(10)] == ["c2"]
    assert archive.history("c1") == ()
    for missing in ("c1", "nobody", "' OR 1=1 --"):
        with pytest.raises(ConversationNotFound, match="There is no conversation with id"):
            archive.conversation(missing)
        with pytest.raises(ConversationNotFound):
            archive.delete(missing)
    assert len(archive.conversation("c2").turns) == 1


def test_nothing_of_what_is_deleted_is_left_on_the_disk(archive: Archive, tmp_path: Path) -> None:
    for number in range(20):
        archive.add(answer(f"hemmelig spørsmål nummer {number} " + "x" * 3000, "c1"), _SOURCES)
    archive.add(answer("et annet", "c2"), _SOURCES)

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())

    assert "hemmelig spørsmål nummer".encode() in on_disk()
    size = (tmp_path / "conversations.sqlite").stat().st_size
    archive.delete("c1")
    assert b"hemmelig" not in on_disk()
    assert b"xxxxxxxx" not in on_disk()
    assert b"et annet" in on_disk()
    assert (tmp_path / "conversations.sqlite").stat().st_size < max(size, 40_000)


def test_a_conversation_lives_for_its_days_after_the_last_question(
    archive: Archive, clock: _Clock, tmp_path: Path
) -> None:
    archive.add(answer("foreldet spørsmål", "c1"), _SOURCES)
    clock.time += timedelta(days=20)
    archive.add(answer("og når?", "c1"), _SOURCES)
    clock.time += timedelta(days=29)
    assert len(archive.history("c1")) == 2
    clock.time += timedelta(days=2)
    assert archive.history("c1") == ()
    assert archive.entries(10) == ()
    with pytest.raises(ConversationNotFound):
        archive.conversation("c1")
    assert b"foreldet" in (tmp_path / "conversations.sqlite").read_bytes() or list(tmp_path.glob("*-wal"))
    archive.add(answer("noe nytt", "c2"), _SOURCES)  # whatever is kept next clears away
    assert not any(b"foreldet" in file.read_bytes() for file in tmp_path.iterdir())
    assert [one.id for one in archive.entries(10)] == ["c2"]


def test_expired_conversations_go_without_a_new_question(archive: Archive, clock: _Clock) -> None:
    archive.forget_expired()
    archive.add(answer(), _SOURCES)
    clock.time += timedelta(days=31)
    archive.forget_expired()
    clock.time -= timedelta(days=31)
    assert archive.entries(10) == ()


def test_with_no_days_nothing_is_kept_nor_made(tmp_path: Path) -> None:
    off = Archive(tmp_path / "conversations.sqlite", 0)
    off.add(answer(), _SOURCES)
    assert (off.history("c1"), off.entries(10)) == ((), ())
    with pytest.raises(ConversationNotFound):
        off.conversation("c1")
    off.forget_expired()
    assert list(tmp_path.iterdir()) == []


def test_turned_off_it_no_longer_tells_and_then_forgets_what_there_was(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    Archive(file, 30).add(answer(), _SOURCES)
    off = Archive(file, 0)
    assert (off.history("c1"), off.entries(10)) == ((), ())
    off.forget_expired()
    assert Archive(file, 30).entries(10) == ()


def test_many_threads_may_keep_and_read_at_once(tmp_path: Path) -> None:
    archives = [Archive(tmp_path / "conversations.sqlite", 30) for _ in range(2)]  # as two processes have

    def one(number: int) -> int:
        archive = archives[number % 2]
        archive.add(answer(f"spørsmål {number}", f"c{number % 4}"), _SOURCES)
        return len(archive.history(f"c{number % 4}")) + len(archive.entries(10))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(one, range(80)))
    assert sum(one.turns for one in archives[0].entries(10)) == 80
    for id in ("c0", "c1", "c2", "c3"):
        assert len({turn.answer.question for turn in archives[1].conversation(id).turns}) == 20


def test_only_the_owner_may_read_the_file(archive: Archive, tmp_path: Path) -> None:
    archive.add(answer(), _SOURCES)
    assert stat.S_IMODE((tmp_path / "conversations.sqlite").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\x00" + b"\x01" * 200])
def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "conversations.sqlite").write_bytes(content)
    damaged = Archive(tmp_path / "conversations.sqlite", 30)
    for call in (lambda: damaged.entries(1), lambda: damaged.history("c1"), lambda: damaged.add(answer(), _SOURCES)):
        with pytest.raises(ArchiveUnavailable, match=r"conversations\.sqlite.*ASSISTANT_CONVERSATION_DAYS"):
            call()


def test_an_answer_that_cannot_be_read_back_is_named_too(archive: Archive, tmp_path: Path) -> None:
    archive.add(answer(), _SOURCES)
    with sqlite3.connect(tmp_path / "conversations.sqlite") as connection:
        connection.execute("UPDATE turns SET answer = '{}'")
    connection.close()
    with pytest.raises(ArchiveUnavailable):
        archive.history("c1")


def test_an_answer_kept_before_a_field_was_added_is_still_read(archive: Archive, tmp_path: Path) -> None:
    archive.add(answer(), _SOURCES)
    with sqlite3.connect(tmp_path / "conversations.sqlite") as connection:
        connection.execute("UPDATE turns SET answer = json_remove(answer, '$.about', '$.documents', '$.references')")
    connection.close()
    assert archive.conversation("c1").turns[0].answer == replace(answer(), references=())


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_told(tmp_path: Path) -> None:
    Archive(tmp_path / "new" / "conversations.sqlite", 30).add(answer(), _SOURCES)
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnavailable):
        Archive(tmp_path / "file" / "conversations.sqlite", 30).add(answer(), _SOURCES)


def test_a_source_keeps_what_a_reference_list_needs(archive: Archive) -> None:
    known = replace(_SOURCES["d1"], publisher="Klyngen", kind="rapport", url="https://example.org/a", pages=3)
    archive.add(answer(), {"d1": known, "d2": Source(*["x"] * 13)})  # type: ignore[arg-type]
    assert archive.conversation("c1").turns[0].sources == (known,)
