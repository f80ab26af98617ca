"""Chroma, in a temporary folder or on a server: what goes in is found, and its errors are ours."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import VectorStoreUnavailable
from assistant.vectors import Floats, Vectors, copy, drop, rows
from tests.stores import ChromaServer, collections, everywhere


def _units(count: int) -> Floats:
    found = np.random.default_rng(1).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


@pytest.fixture
def vectors(tmp_path: Path, store: str) -> Iterator[Vectors]:
    made = Vectors.create(tmp_path / "vectors", store, "gen-1")
    yield made
    made.close()


@everywhere
def test_a_vector_finds_itself_with_cosine_one(vectors: Vectors) -> None:
    units = _units(50)
    vectors.add([f"p{n}" for n in range(50)], [f"d{n % 5}" for n in range(50)], units)
    found = vectors.query(units[7], 5)
    assert found[0][0] == "p7"
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[1][1] == pytest.approx(float(np.sort(units @ units[7])[-2]), abs=1e-5)


@everywhere
def test_only_the_documents_asked_for(vectors: Vectors) -> None:
    units = _units(50)
    vectors.add([f"p{n}" for n in range(50)], [f"d{n % 5}" for n in range(50)], units)
    found = vectors.query(units[7], 50, ["d1", "d3"])
    assert len(found) == 20
    assert {int(id[1:]) % 5 for id, _ in found} == {1, 3}
    assert vectors.query(units[7], 5, ["unknown"]) == []


@everywhere
def test_fewer_rows_than_asked_for_and_none_at_all(vectors: Vectors) -> None:
    assert vectors.query(_units(1)[0], 10) == []
    vectors.add(["p"], ["d"], _units(1))
    assert len(vectors.query(_units(1)[0], 10)) == 1


@everywhere
def test_the_same_id_again_replaces_and_removal_removes(vectors: Vectors) -> None:
    units = _units(3)
    vectors.add(["a", "b"], ["d", "d"], units[:2])
    vectors.add(["a"], ["d"], units[2:])
    assert vectors.count() == 2
    np.testing.assert_allclose(vectors.get(["a", "nobody"])["a"], units[2], atol=1e-6)
    vectors.remove(["a"])
    assert [id for id, _ in vectors.query(units[2], 5)] == ["b"]


@everywhere
def test_more_rows_than_chroma_takes_at_once(vectors: Vectors) -> None:
    units = _units(5600)
    ids = [f"p{n}" for n in range(5600)]
    vectors.add(ids, ["d"] * 5600, units)
    assert vectors.count() == len(vectors.get(ids)) == 5600
    vectors.remove(ids)
    assert vectors.count() == 0


def test_a_collection_is_found_again_where_its_folder_was_copied(tmp_path: Path) -> None:
    made = Vectors.create(tmp_path / "one", "", "gen-1")
    made.add(["p"], ["d"], _units(1))
    made.close()
    (tmp_path / "one").rename(tmp_path / "two")
    again = Vectors.open(tmp_path / "two", "", "gen-2")
    assert again.count() == 1
    again.close()


def test_a_folder_without_a_collection_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorStoreUnavailable, match="nowhere"):
        Vectors.open(tmp_path / "nowhere", "", "gen-1")


@everywhere
def test_a_wrong_dimension_is_an_error_of_ours(vectors: Vectors) -> None:
    vectors.add(["p"], ["d"], _units(1))
    with pytest.raises(VectorStoreUnavailable):
        vectors.query(np.ones(3, np.float32), 1)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(VectorStoreUnavailable, match=url):
        Vectors.open(tmp_path, url, "gen-1")
    for ask in (drop, rows):
        with pytest.raises(VectorStoreUnavailable, match=url):
            ask(url, "gen-1")


@pytest.mark.parametrize("store", ["server"], indirect=True)
def test_a_collection_on_a_server_is_found_by_its_name(store: str, vectors: Vectors, tmp_path: Path) -> None:
    vectors.add(["p"], ["d"], _units(1))
    assert (rows(store, "gen-1"), rows(store, "gen-2")) == (1, 0)
    with pytest.raises(VectorStoreUnavailable, match="gen-2"):
        Vectors.open(tmp_path, store, "gen-2")
    with pytest.raises(VectorStoreUnavailable, match="gen-1"):
        Vectors.create(tmp_path, store, "gen-1")
    assert rows(store, "gen-1") == 1
    vectors.check()
    drop(store, "gen-1")
    drop(store, "gen-1")
    with pytest.raises(VectorStoreUnavailable, match="gen-1"):
        vectors.check()
    assert collections(store) == []


def test_a_server_that_comes_back_answers_again(tmp_path: Path) -> None:
    server = ChromaServer(tmp_path)
    server.start()
    vectors = Vectors.create(tmp_path, server.url, "gen-1")
    vectors.add(["p"], ["d"], _units(1))
    server.stop()
    for ask in (vectors.check, vectors.count):
        with pytest.raises(VectorStoreUnavailable, match=server.url):
            ask()
    server.start()
    vectors.check()
    assert [id for id, _ in vectors.query(_units(1)[0], 5)] == ["p"]
    vectors.close()
    server.stop()


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.vectors._ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(VectorStoreUnavailable, match="timed out"):
            Vectors.open(tmp_path, url, "gen-1")


@pytest.mark.parametrize("store", ["server"], indirect=True)
def test_closing_leaves_no_connection_open(store: str, tmp_path: Path) -> None:
    def connections() -> int:
        return sum(os.readlink(f"/proc/self/fd/{handle}").startswith("socket:") for handle in _handles())

    before = connections()
    Vectors.create(tmp_path, store, "gen-1").close()
    for _ in range(5):
        Vectors.open(tmp_path, store, "gen-1").close()
        rows(store, "gen-1")
    assert connections() <= before


def _handles() -> list[str]:
    return [handle for handle in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{handle}")]


def test_a_folder_is_there_as_long_as_it_is_open(vectors: Vectors) -> None:
    vectors.check()


def test_a_folder_is_copied_while_others_open_it(tmp_path: Path) -> None:
    units = _units(50)
    made = Vectors.create(tmp_path / "vectors", "", "gen-1")
    made.add([f"p{n}" for n in range(50)], ["d"] * 50, units)
    made.close()
    with sqlite3.connect(tmp_path / "vectors" / "chroma.sqlite3") as other:
        other.execute("BEGIN IMMEDIATE")  # what a service does in the moment that it opens the collection
        other.execute("DELETE FROM embeddings")
        copy(tmp_path / "vectors", tmp_path / "copied")
        other.rollback()
    other.close()
    copied = Vectors.open(tmp_path / "copied", "", "gen-1")
    assert copied.count() == 50
    assert copied.query(units[7], 1)[0][0] == "p7"
    copied.close()
    assert not [*tmp_path.glob("copied/*-journal")]


def test_a_folder_that_takes_no_writing_is_opened_from_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Vectors.create(tmp_path / "vectors", "", "gen-1")
    made.add([f"p{n}" for n in range(5)], ["d"] * 5, _units(5))
    made.close()
    before = {path: path.read_bytes() for path in (tmp_path / "vectors").rglob("*") if path.is_file()}
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    monkeypatch.setattr("assistant.vectors._takes_writing", lambda folder: aside in folder.parents)
    opened = Vectors.open(tmp_path / "vectors", "", "gen-1")
    assert opened.query(_units(5)[3], 1)[0][0] == "p3"
    opened.close()
    assert [*aside.iterdir()] == []
    assert {path: path.read_bytes() for path in before} == before


def test_where_there_is_no_room_for_a_copy_either_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Vectors.create(tmp_path / "vectors", "", "gen-1").close()
    aside = tmp_path / "aside"
    aside.mkdir()

    def full(old: Path, new: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.tempdir", str(aside))
    monkeypatch.setattr("assistant.vectors._takes_writing", lambda folder: False)
    monkeypatch.setattr("assistant.vectors.copy", full)
    with pytest.raises(VectorStoreUnavailable, match="No space left"):
        Vectors.open(tmp_path / "vectors", "", "gen-1")
    assert [*aside.iterdir()] == []
