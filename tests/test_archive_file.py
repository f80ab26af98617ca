"""A generation goes into a file on one machine and comes out on another, whole or not at all."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import BadExport, CannotWrite, NoIndex, OtherModel
from assistant.index import Folders, Index
from assistant.search import search
from ingest.archive import export, import_
from ingest.job import run
from tests.fakes import FAKE, Workshop
from tests.stores import ChromaServer, collections
from tests.weights import FakeModel


@pytest.fixture
def exported(workshop: Workshop) -> Path:
    workshop.put("a.md", "# Plan\n\nProsjektet koster fire millioner.")
    workshop.put("b.md", "# Notat\n\nSju kommuner deltar i prosjektet.")
    workshop.run()
    workshop.put("b.md", b"")
    workshop.run()
    target = workshop.corpus.parent / "indeks.zip"
    assert export(workshop.folders, target).unread == 1
    assert [path.name for path in target.parent.iterdir() if path.name.startswith("indeks")] == ["indeks.zip"]
    return target


def _import(file: Path, data: Path, model: str = FAKE) -> str:
    return import_(Folders(data), file, model, "", 2).name


def test_what_is_imported_is_what_was_exported(workshop: Workshop, exported: Path, tmp_path: Path) -> None:
    data = tmp_path / "server"
    name = _import(exported, data)
    index = Index(data, FAKE)
    with index.reading() as there, workshop.reading() as here:
        assert there.name == name
        assert there.sources == here.sources
        assert [source.unread for source in there.sources.values()] == [None, "file_empty"]
        assert there.manifest.unread == 1
        for source in here.sources.values():
            ids = here.catalogue.passage_ids(source.id)
            assert there.vectors.get(ids).keys() == here.vectors.get(ids).keys() == set(ids)
            assert there.original(source).read_bytes() == here.original(source).read_bytes()
        question = "Hva koster prosjektet?"
        found = [[h.passage.id for h in search(one, question, FakeModel().query(question), 5)] for one in (there, here)]
        assert found[0] == found[1]
    index.close()


def test_an_import_may_lie_on_a_server(exported: Path, tmp_path: Path, chroma_server: ChromaServer) -> None:
    name = import_(Folders(tmp_path / "server"), exported, FAKE, chroma_server.url, 2).name
    assert collections(chroma_server.url) == [name]
    index = Index(tmp_path / "server", FAKE, chroma_server.url)
    with index.reading() as there:
        ids = [id for source in there.sources for id in there.catalogue.passage_ids(source)]
        assert there.vectors.get(ids).keys() == set(ids)
        assert there.vectors.count() == len(ids) == 2
    index.close()
    chroma_server.clear()


def test_the_next_run_over_the_same_folder_finds_nothing_new(
    workshop: Workshop, exported: Path, tmp_path: Path
) -> None:
    name = _import(exported, tmp_path / "server")
    outcome = run(replace(workshop.options, data=tmp_path / "server"), lambda step: None)
    assert (outcome.generation, outcome.embedded, outcome.documents) == (name, 0, 2)


def test_an_import_follows_the_generation_before(workshop: Workshop, exported: Path) -> None:
    before = workshop.folders.current_name()
    name = _import(exported, workshop.data)
    assert [*workshop.folders.line()] == [name, before]


def _changed(file: Path, name: str, data: bytes | None) -> None:
    """`file` with a member replaced, put in, or with None taken out."""
    with zipfile.ZipFile(file) as packed:
        members = {one: packed.read(one) for one in packed.namelist()}
    members.pop(name, None)
    with zipfile.ZipFile(file, "w") as packed:
        for one, content in members.items() if data is None else [(name, data), *members.items()]:
            packed.writestr(one, content)


@pytest.mark.parametrize("change", ["member", "missing", "unasked", "outside", "cut", "no zip", "nothing", "format"])
def test_a_file_that_is_not_as_it_was_written_is_refused(
    workshop: Workshop, exported: Path, tmp_path: Path, change: str
) -> None:
    with zipfile.ZipFile(exported) as packed:
        sums = json.loads(packed.read("checksums.json"))
    if change == "member":
        _changed(exported, "catalogue.sqlite", b"something else")
    elif change == "missing":
        _changed(exported, next(name for name in sums if name.startswith("originals/")), None)
    elif change == "unasked":
        _changed(exported, "keywords/more", b"x")
    elif change == "outside":
        _changed(exported, "../outside", b"x")
        _changed(exported, "checksums.json", json.dumps(sums | {"../outside": "0"}).encode())
    elif change == "cut":
        exported.write_bytes(exported.read_bytes()[:-200])
    elif change == "no zip":
        exported.write_text("{}")
    elif change == "nothing":
        exported.unlink()
    else:
        _changed(exported, "checksums.json", b"[]")
    with pytest.raises(BadExport, match=r"indeks\.zip"):
        _import(exported, tmp_path / "server")
    assert Folders(tmp_path / "server").current_name() is None
    assert not (tmp_path / "server" / "import.new").exists()
    assert not (tmp_path / "server" / "outside").exists()


def test_an_index_of_another_model_is_refused(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(OtherModel, match="'other'"):
        _import(exported, tmp_path / "server", "other")
    assert Folders(tmp_path / "server").current_name() is None


def test_nothing_to_export_and_nowhere_to_write(workshop: Workshop, exported: Path, tmp_path: Path) -> None:
    with pytest.raises(NoIndex):
        export(Folders(tmp_path / "none"), tmp_path / "x.zip")
    with pytest.raises(CannotWrite, match="nowhere"):
        export(workshop.folders, tmp_path / "nowhere" / "x.zip")


def test_a_service_goes_on_with_its_own_model_until_it_is_started_again(workshop: Workshop) -> None:
    workshop.put("a.md", "Prosjektet koster fire millioner.")
    old = workshop.run().generation
    running = workshop.index()
    with running.reading() as generation:
        assert generation.name == old
    new = run(replace(workshop.options, embedding_model="other"), lambda step: None).generation
    with running.reading() as generation:
        assert generation.name == old
    fresh = workshop.index()  # started again with the old setting
    with fresh.reading() as generation:
        assert generation.name == old
    restarted = Index(workshop.data, "other")
    with restarted.reading() as generation:
        assert generation.name == new
    with pytest.raises(OtherModel), Index(workshop.data, "third").reading():
        pass
    workshop.run()
    with running.reading() as generation:
        assert generation.name not in (old, new), "the model of old again"
    for index in (running, fresh, restarted):
        index.close()
