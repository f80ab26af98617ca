"""The catalogue gives back what was put in, and says so when its file is damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.catalogue import Catalogue
from assistant.errors import IndexDamaged
from assistant.types import Box, Document, Word
from ingest.split import split
from tests.fakes import document

_BOX = Box(3, 0.1, 0.25, 0.5, 0.3)


def _made(id: str = "d1") -> Document:
    made = document(
        [
            ("heading", "Mål"),
            ("paragraph", "Målet er vekst. Ærlig talt: 𝔸 og å."),
            ("list_item", "- én"),
            ("list_item", "- to"),
        ],
        id=id,
        page=3,
    )
    words = (
        Word(5, 10, (_BOX, Box(4, 0.0, 0.0, 1.0, 1.0))),
        Word(11, 13, (Box(3, 0.5, 0.5, 0.6, 0.6),)),
    )
    source = replace(made.source, date="2021-02", publisher="Klyngen", kind="notat", url="https://example.org", pages=4)
    return replace(made, words=words, source=source)


def _stored(file: Path, *documents: Document) -> Catalogue:
    catalogue = Catalogue.create(file)
    for one in documents:
        passages = split(one)
        whole = np.eye(len(passages), 8, dtype=np.float32)
        catalogue.add(one, "side", len(passages))
        catalogue.add_passages(passages, whole, [np.eye(len(p.sentences), 8, dtype=np.float32) for p in passages])
    catalogue.commit()
    catalogue.close()
    return Catalogue.open(file)


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    made = _made()
    catalogue = _stored(tmp_path / "c.sqlite", made)
    found = catalogue.document("d1")
    assert found is not None
    assert replace(found, source=replace(found.source, passages=0), words=()) == replace(made, words=())
    assert found.source.passages == len(split(made))
    assert catalogue.sources() == (found.source,)
    assert catalogue.document("d2") is None
    catalogue.close()


def test_word_boxes_come_back_finer_than_a_screen(tmp_path: Path) -> None:
    made = _made()
    catalogue = _stored(tmp_path / "c.sqlite", made)
    found = catalogue.document("d1")
    assert found is not None
    assert [(w.start, w.end, [b.page for b in w.boxes]) for w in found.words] == [(5, 10, [3, 4]), (11, 13, [3])]
    for word, original in zip(found.words, made.words, strict=True):
        for box, true in zip(word.boxes, original.boxes, strict=True):
            assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((true.x0, true.y0, true.x1, true.y1), abs=1e-5)
    catalogue.close()


def test_a_box_that_leaves_the_page_is_kept_at_its_edge(tmp_path: Path) -> None:
    made = replace(_made(), words=(Word(5, 10, (Box(1, -0.2, 0.5, 1.3, 1.00001),)),))
    catalogue = _stored(tmp_path / "c.sqlite", made)
    found = catalogue.document("d1")
    assert found is not None
    assert found.words[0].boxes == (Box(1, 0.0, pytest.approx(0.5, abs=1e-4), 1.0, 1.0),)  # type: ignore[arg-type]
    catalogue.close()


def test_passages_and_their_sentences_come_back(tmp_path: Path) -> None:
    made = _made()
    passages = split(made)
    catalogue = _stored(tmp_path / "c.sqlite", made)
    ids = [p.id for p in passages]
    assert catalogue.passages([*ids, "unknown"]) == {p.id: p for p in passages}
    assert catalogue.passage_ids("d1") == ids
    vectors = catalogue.sentence_vectors(ids, 8)
    assert {id: found.shape for id, found in vectors.items()} == {p.id: (len(p.sentences), 8) for p in passages}
    assert vectors[ids[0]].dtype == np.float32
    np.testing.assert_array_equal(vectors[ids[0]], np.eye(len(passages[0].sentences), 8))
    catalogue.close()


def test_vectors_come_back_as_they_were_put_in(tmp_path: Path) -> None:
    passages = split(_made())
    catalogue = _stored(tmp_path / "c.sqlite", _made())
    found = catalogue.vectors([*(p.id for p in passages), "unknown"])
    np.testing.assert_array_equal([found[p.id] for p in passages], np.eye(len(passages), 8))
    catalogue.close()


def test_a_document_is_marked_and_unmarked(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite"
    _stored(file, _made("a"), _made("b")).close()
    for marks in ({"a": "file_empty"}, {"b": "file_damaged"}, {}):
        catalogue = Catalogue.extend(file)
        catalogue.mark_unread(marks)
        catalogue.commit()
        assert {s.id: s.unread for s in catalogue.sources() if s.unread} == marks
        assert {id: known.unread for id, known in catalogue.known().items()} == {"a": None, "b": None} | marks
        catalogue.close()


def test_more_ids_than_one_query_takes(tmp_path: Path) -> None:
    catalogue = _stored(tmp_path / "c.sqlite", *(_made(f"d{n}") for n in range(3)))
    ids = [f"none-{n}" for n in range(1200)] + catalogue.passage_ids("d2")
    assert list(catalogue.passages(ids)) == catalogue.passage_ids("d2")
    assert catalogue.passages([]) == {}
    catalogue.close()


def test_a_document_is_removed_with_its_passages(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite"
    _stored(file, _made("a"), _made("b")).close()
    catalogue = Catalogue.extend(file)
    catalogue.remove("a")
    catalogue.commit()
    assert [s.id for s in catalogue.sources()] == ["b"]
    assert catalogue.counts() == (1, len(split(_made("b"))))
    assert catalogue.passage_ids("a") == []
    assert catalogue.fingerprints() == {"b": (_made("b").source.sha256, "side")}
    assert catalogue.with_file(_made("b").source.sha256) == ["b"]
    assert catalogue.with_file(_made("a").source.sha256) == []
    catalogue.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, None])
def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "c.sqlite"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"c\.sqlite"):
        Catalogue.open(file)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8, 0.9])
def test_damage_found_while_reading_is_named_too(tmp_path: Path, share: float) -> None:
    file = tmp_path / "c.sqlite"
    _stored(file, *(_made(f"d{n}") for n in range(60))).close()
    data = bytearray(file.read_bytes())
    at = int(len(data) * share)
    data[at : at + 2048] = b"\xa5" * 2048
    file.write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"c\.sqlite"):
        catalogue = Catalogue.open(file)
        catalogue.sources()
        catalogue.passages([id for n in range(60) for id in catalogue.passage_ids(f"d{n}")])
        for n in range(60):
            catalogue.document(f"d{n}")
            catalogue.vectors(catalogue.passage_ids(f"d{n}"))
            catalogue.with_file(_made(f"d{n}").source.sha256)
