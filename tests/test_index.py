"""Generations: a reader keeps the one it opened, files are closed behind it, and a wrong one is refused."""

from __future__ import annotations

import json
import math
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import DocumentNotFound, IndexDamaged, NoIndex, OtherFormat, OtherModel, VectorStoreUnavailable
from assistant.index import FORMAT, Folders, Generation, Index, passes
from assistant.search import search
from assistant.types import Filters
from tests.fakes import FAKE, Workshop, source
from tests.stores import everywhere
from tests.weights import FakeModel


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _found(generation: Generation, question: str) -> list[str]:
    return [hit.source.path for hit in search(generation, question, FakeModel().query(question), 3)]


def test_without_an_index_the_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="ingest") as raised, Index(tmp_path / "data", FAKE).reading():
        pass
    assert str(tmp_path / "data") in str(raised.value)
    assert not (tmp_path / "data").exists()


def test_an_index_of_another_model_is_refused_with_the_way_out(library: Workshop) -> None:
    with pytest.raises(OtherModel) as raised, Index(library.data, "intfloat/e5").reading():
        pass
    for language in ("nb", "nn", "en"):
        message = raised.value.message(language)
        assert "'fake'" in message
        assert "'intfloat/e5'" in message
        assert "python -m ingest" in message


@pytest.mark.parametrize("content", ["{", "[]", "null", '{"format": 1}', '{"format": 1, "name": 3, "unknown": 1}'])
def test_a_damaged_manifest_is_named(workshop: Workshop, content: str) -> None:
    _pretend(workshop.folders, content)
    with pytest.raises((IndexDamaged, OtherFormat), match=r"generation|another version"), workshop.index().reading():
        pass


@pytest.mark.parametrize("version", [FORMAT + 1, None, "x"])
def test_an_index_of_another_version_is_refused(workshop: Workshop, version: object) -> None:
    _pretend(workshop.folders, json.dumps({"format": version, "name": "g1"}))
    with pytest.raises(OtherFormat, match="'g1'"), workshop.index().reading():
        pass


def _pretend(folders: Folders, manifest: str) -> None:
    folders.generation("g1").mkdir(parents=True)
    (folders.generation("g1") / "generation.json").write_text(manifest)
    folders.current.write_text("g1")


@pytest.mark.parametrize("part", ["catalogue.sqlite", "keywords/meta.json", "vectors/chroma.sqlite3"])
def test_a_missing_part_is_an_error_of_ours_and_leaves_no_file_open(workshop: Workshop, part: str) -> None:
    workshop.put("a.md", "Noe om vekst.")
    name = workshop.run().generation
    assert name
    (workshop.folders.generation(name) / part).unlink()
    index = workshop.index()
    for attempt in range(24):
        with pytest.raises((IndexDamaged, VectorStoreUnavailable)), index.reading():
            pass
        if attempt == 0:
            before = _open_files()
    assert _open_files() < before + 6, "a file left open at each attempt would be 23 by now; Chroma opens a few late"


@everywhere
def test_a_reader_keeps_its_generation_while_others_are_published(workshop: Workshop) -> None:
    workshop.put("a.md", "Prosjektet koster fire millioner.")
    workshop.run()
    workshop.keep(1)
    index = workshop.index()
    with index.reading() as old:
        for text in ("Prosjektet koster fem millioner.", "Prosjektet koster seks millioner."):
            workshop.put("a.md", text)
            workshop.run()
            with index.reading() as new:
                assert new.name != old.name
                assert _text(new) == text
        assert _text(old) == "Prosjektet koster fire millioner."
        assert _found(old, "Hva koster prosjektet?") == ["a.md"]
    with index.reading() as last:
        assert _text(last) == "Prosjektet koster seks millioner."
    with pytest.raises(IndexDamaged, match=r"closed"):
        _text(old)
    index.close()
    workshop.put("a.md", "Prosjektet koster sju millioner.")
    workshop.run()
    assert not workshop.folders.generation(old.name).exists()


def _text(generation: Generation) -> str:
    (id,) = generation.sources
    return generation.document(id).text


def test_twenty_publications_leave_no_files_open(workshop: Workshop) -> None:
    index = workshop.index()
    counts = []
    for number in range(20):
        workshop.put("a.md", f"Dette er utgave nummer {number}.")
        workshop.run()
        with index.reading() as generation:
            assert str(number) in _text(generation)
            assert _found(generation, "Hvilken utgave?")
        counts.append(_open_files())
    index.close()
    assert counts[-1] < counts[4] + 8, "a generation that stays open holds eleven files"
    assert len(list(workshop.folders.generations.iterdir())) == 2
    assert len(list(workshop.folders.originals.iterdir())) == 2


def test_many_threads_share_one_generation(library: Workshop) -> None:
    index = library.index()
    wrong: list[str] = []

    def ask() -> None:
        for _ in range(15):
            with index.reading() as generation:
                if "plan.md" not in _found(generation, "Hvor mange kommuner deltar i prosjektet?"):
                    wrong.append(generation.name)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    index.close()


def test_a_closed_index_opens_again(library: Workshop) -> None:
    index = library.index()
    for _ in range(2):
        with index.reading() as generation:
            assert _found(generation, "Hva koster prosjektet?")
        index.close()


def test_an_unknown_document_is_named(library: Workshop) -> None:
    with library.reading() as generation, pytest.raises(DocumentNotFound, match="'nobody'"):
        generation.document("nobody")


def test_a_rare_word_weighs_more_and_none_weighs_less_than_nothing(library: Workshop) -> None:
    with library.reading() as generation:
        assert generation.rarity("stems", "neverseen") > generation.rarity("stems", "kommun") > 0
        assert all(generation.rarity("stems", stem) >= 0 for stem in ("i", "er", "og", "prosjekt"))


def test_a_replaced_document_does_not_make_words_worthless(workshop: Workshop) -> None:
    for number in range(6):
        workshop.put("a.md", f"Prosjektet koster {number} millioner.")
        workshop.run()
    with workshop.reading() as generation:
        assert generation.rarity("stems", "prosjekt") > 0
        assert math.isfinite(generation.rarity("stems", "prosjekt"))


# --- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "date_from", "date_to", "passing"),
    [
        ("2021-02-08", "2021-02-08", "2021-02-08", True),
        ("2021-02-08", "2021-02-09", None, False),
        ("2021-02-08", None, "2021-02-07", False),
        ("2021-02-08", "2021", "2021", True),
        ("2021-02-08", "2021-02", "2021-02", True),
        ("2021-02-08", "2022", None, False),
        ("2021-02-08", None, "2020", False),
        ("2021-12-31", None, "2021", True),
        ("2021-12-31", None, "2021-12", True),
        ("2021-12-31", None, "2021-11", False),
        ("2021", "2021-06-01", None, True),
        ("2021", None, "2021-06-01", True),
        ("2021", "2022-01-01", None, False),
        ("2021", None, "2020-12-31", False),
        ("2021-05", "2021-05-20", "2021-05-21", True),
        ("2021-05", "2021-06", None, False),
        (None, "2021", None, False),
        (None, None, "2021", False),
        (None, None, None, True),
    ],
)
def test_dates_of_any_precision(date: str | None, date_from: str | None, date_to: str | None, passing: bool) -> None:
    assert passes(source(date=date), Filters(date_from=date_from, date_to=date_to)) is passing


def test_every_field_filters_and_an_empty_one_lets_through() -> None:
    one = replace(source("a", kind="notat", language="nn"), publisher="Klyngen")
    assert passes(one, Filters())
    assert passes(one, Filters(("a", "b"), ("notat",), ("Klyngen",), ("nn",)))
    assert not passes(one, Filters(documents=("b",)))
    assert not passes(one, Filters(kinds=("nyhet",)))
    assert not passes(one, Filters(publishers=("Andre",)))
    assert not passes(one, Filters(languages=("nb",)))
    assert not passes(source("a"), Filters(kinds=("notat",)))
    assert not Filters()
    assert Filters(date_to="2021")
