"""What is seen of an index, of conversations and of overviews by who sees only some groups."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.access import LOCAL, Groups, Principal, anonymous, holder
from assistant.answer import Question
from assistant.conversation.archive import Archive
from assistant.errors import ConversationNotFound, DocumentNotFound, OverviewNotFound
from assistant.overview import Overviews
from assistant.overview.runs import Runs
from assistant.search import search
from assistant.types import Filters
from tests.fakes import Workshop
from tests.test_archive import _SOURCES, answer
from tests.weights import FakeModel


def _reader(groups: Groups = None, id: str = "k1") -> Principal:
    return holder(id, "reader", groups)


# --- the index ----------------------------------------------------------------------------------


def test_a_view_holds_its_groups_and_no_other_documents(library: Workshop) -> None:
    with library.reading() as whole:
        seen = whole.seen_by(frozenset({"reiser"}))
        assert [source.path for source in seen.sources.values()] == ["reiser/københavn.md"]
        assert seen.allowed(Filters()) == tuple(seen.sources)
        hidden = next(id for id, source in whole.sources.items() if source.path == "plan.md")
        assert whole.document(hidden).source.path == "plan.md"
        with pytest.raises(DocumentNotFound):
            seen.document(hidden)
        assert whole.seen_by(frozenset({"reiser"})) is seen
        assert whole.seen_by(None) is whole
        assert whole.seen_by(frozenset()).sources == {}


def test_a_search_keeps_to_the_view_with_filters_and_without(library: Workshop) -> None:
    vector = FakeModel().query("Hva koster prosjektet?")
    with library.reading() as whole:
        seen = whole.seen_by(frozenset({"reiser"}))
        for filters in (None, Filters(), Filters(publishers=("Klyngen",)), Filters(without=("x",))):
            found = {hit.source.path for hit in search(seen, "Hva koster prosjektet?", vector, 50, filters)}
            assert found == {"reiser/københavn.md"}
        assert search(whole.seen_by(frozenset()), "Hva koster prosjektet?", vector, 50) == ()
        assert len({hit.source.path for hit in search(whole, "Hva koster prosjektet?", vector, 50)}) == 4


def test_that_a_hidden_document_superseded_one_is_not_told(workshop: Workshop) -> None:
    workshop.put("åpen/plan.md", "# Plan\n\nPlanen koster 4 millioner.")
    workshop.put("hr/ny.md", "# Ny plan\n\nDen nye planen koster 5 millioner.")
    workshop.put("hr/ny.yaml", "replaces: åpen/plan.md")
    workshop.run()
    with workshop.reading() as whole:
        id = next(id for id, source in whole.sources.items() if source.path == "åpen/plan.md")
        assert whole.sources[id].superseded_by is not None
        seen = whole.seen_by(frozenset({"åpen"}))
        assert seen.sources[id].superseded_by is None
        assert seen.document(id).source.superseded_by is None


def test_names_of_hidden_documents_do_not_narrow_a_question(library: Workshop) -> None:
    with library.assistant() as assistant:
        for groups in (None, frozenset({"reiser"}), None):
            assistant.index = assistant.index.seen_by(groups)
            answered = assistant.answer(Question("Hva er målet ifølge planen for Romerike?"))
            assert bool(answered.recognised) is (groups is None)


# --- conversations ------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "conversations.sqlite", 30)


def test_owners_may_use_the_same_ids(archive: Archive) -> None:
    owners = [LOCAL, anonymous(None), _reader(id="k1"), _reader(id="k2")]
    for number, owner in enumerate(owners):
        for _ in range(number + 1):
            archive.of(owner).add(answer(conversation="turen"), _SOURCES)
    assert [len(archive.of(owner).conversation("turen").turns) for owner in owners] == [1, 2, 3, 4]
    archive.of(owners[2]).delete("turen")
    with pytest.raises(ConversationNotFound):
        archive.of(owners[2]).conversation("turen")
    assert [len(archive.of(owner).history("turen")) for owner in owners] == [1, 2, 0, 4]
    assert [[one.id for one in archive.of(owner).entries(9)] for owner in owners] == [["turen"], [], [], ["turen"]]


@pytest.mark.parametrize("id", ["k1:turen", ":turen", "k1:", "anonymous:turen"])
def test_no_id_leads_to_anothers_conversation(archive: Archive, id: str) -> None:
    archive.of(_reader(id="k1")).add(answer("hemmelig?", conversation="turen"), _SOURCES)
    archive.of(LOCAL).add(answer("mitt?", conversation=id), _SOURCES)
    assert [one.id for one in archive.of(LOCAL).entries(9)] == [id]
    assert [turn.answer.question for turn in archive.of(LOCAL).conversation(id).turns] == ["mitt?"]
    assert [turn.answer.question for turn in archive.of(_reader(id="k1")).conversation("turen").turns] == ["hemmelig?"]


def test_what_was_seen_with_more_groups_is_not_shown_with_fewer(archive: Archive) -> None:
    for groups in (None, frozenset({"hr", "teknisk"}), frozenset({"hr"})):
        archive.of(_reader(groups)).add(answer(), _SOURCES)
    seen = {
        groups: len(archive.of(_reader(groups)).history("c1"))
        for groups in (None, frozenset({"hr", "teknisk"}), frozenset({"hr"}), frozenset({"teknisk"}))
    }
    assert list(seen.values()) == [3, 2, 1, 0]
    assert len(archive.of(_reader(frozenset({"hr"}))).conversation("c1").turns) == 1
    with pytest.raises(ConversationNotFound):
        archive.of(_reader(frozenset({"teknisk"}))).conversation("c1")


def test_a_file_of_before_there_were_owners_is_the_command_lines(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite"
    Archive(file, 30).add(answer(), _SOURCES)
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE turns DROP COLUMN reach")
    connection.close()
    archive = Archive(file, 30)
    assert len(archive.conversation("c1").turns) == 1
    archive.add(answer(), _SOURCES)
    assert len(archive.conversation("c1").turns) == 2
    with pytest.raises(ConversationNotFound):
        archive.of(_reader()).conversation("c1")


def test_who_keeps_conversations_elsewhere_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.keeping_nothing().add(answer(), _SOURCES)
    assert list(tmp_path.iterdir()) == []


# --- overviews ----------------------------------------------------------------------------------


def test_an_overview_is_its_makers_and_of_what_it_sees(library: Workshop, tmp_path: Path) -> None:
    with library.assistant() as assistant:
        overviews = Overviews(assistant, Runs(tmp_path / "overviews.sqlite", 30), 0.0)
        some = _reader(frozenset({"reiser"}))
        assistant.index = assistant.index.seen_by(some.groups)
        mine = overviews.of(some, assistant)
        id = mine.start(Question("List opp hva som ble besøkt"))
        *_, made = mine.go(id)
        assert made == mine.overview(id)
        assert [one.title for one in mine.overview(id).documents] == ["Reise til København"]
        assert mine.overview(id).coverage.corpus == 1
        assert [run.id for run in mine.kept()] == [id]
        for other in (LOCAL, _reader(frozenset({"reiser"}), "k2"), _reader(frozenset({"annet"}))):
            theirs = overviews.of(other, assistant)
            assert theirs.kept() == ()
            for attempt in (theirs.overview, theirs.stop, theirs.delete):
                with pytest.raises(OverviewNotFound):
                    attempt(id)
            with pytest.raises(OverviewNotFound):
                next(theirs.go(id))
        assert overviews.of(_reader(frozenset({"reiser", "annet"})), assistant).overview(id) == made
