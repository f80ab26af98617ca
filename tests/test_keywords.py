"""tantivy: words find passages, and no question can break its query."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import IndexDamaged
from assistant.keywords import Field, Keywords, KeywordsWriter

_TEXTS = {
    "a-1": "Prosjektet koster 4,2 millioner kroner",
    "a-2": "Sju kommuner deltar i legemiddelsatsingen",
    "b-1": "Gruppa vitja ein fabrikk med 11 000 tilsette",
    "b-2": "Helse og eksport i 2021",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keywords")
    writer = KeywordsWriter(made, new=True)
    for id, text in _TEXTS.items():
        writer.add(id, id[0], text)
    writer.commit()
    return made


@pytest.fixture(scope="module")
def keywords(folder: Path) -> Keywords:
    return Keywords.open(folder)


def _best(found: list[tuple[str, float]]) -> str | None:
    return found[0][0] if found else None


@pytest.mark.parametrize(
    ("question", "field", "best"),
    [
        ("Hva koster prosjektene?", "stems", "a-1"),
        ("Hvor mange ansatte har fabrikken?", "stems", "b-1"),
        ("11.000", "stems", "b-1"),
        ("legemidler", "grams", "a-2"),
        ("legemidler", "stems", None),
        ("HELSE", "stems", "b-2"),
    ],
)
def test_words_find_their_passage(keywords: Keywords, question: str, field: Field, best: str | None) -> None:
    assert _best(keywords.search(question, field, 10)) == best


@pytest.mark.parametrize("field", ["stems", "grams"])
@pytest.mark.parametrize(
    "question",
    ['"', "(", "felt:verdi", "stems:kommuner AND (", "a AND OR NOT", "*", "~2^", "🦊", "hva er det og i på", "?!", "",
     "\x00", "\\", "[a TO b]", "x" * 50_000, "ord " * 3000],
)  # fmt: skip
def test_no_question_breaks_the_query(keywords: Keywords, question: str, field: Field) -> None:
    found = keywords.search(question, field, 10)
    assert all(id in _TEXTS and score > 0 for id, score in found)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_nor_does_any_text(keywords: Keywords, question: str) -> None:
    for field in ("stems", "grams"):
        assert len(keywords.search(question, "stems" if field == "stems" else "grams", 2)) <= 2


def test_a_filter_keeps_scores_and_sifts(keywords: Keywords) -> None:
    everything = dict(keywords.search("kommuner eksport", "stems", 10))
    only = dict(keywords.search("kommuner eksport", "stems", 10, ["b"]))
    assert set(everything) == {"a-2", "b-2"}
    assert only == {"b-2": pytest.approx(everything["b-2"])}
    assert keywords.search("kommuner", "stems", 10, ["unknown"]) == []


def test_counts_and_frequencies(keywords: Keywords) -> None:
    assert keywords.count() == 4
    assert keywords.frequency("stems", "kommun") == 1
    assert keywords.frequency("stems", "nothing") == 0


def test_a_removed_document_is_gone_after_the_commit(tmp_path: Path) -> None:
    writer = KeywordsWriter(tmp_path, new=True)
    for id, text in _TEXTS.items():
        writer.add(id, id[0], text)
    writer.commit()
    reader = Keywords.open(tmp_path)
    writer = KeywordsWriter(tmp_path, new=False)
    writer.remove("a")
    writer.add("a-9", "a", "Prosjektet koster 5 millioner")
    writer.commit()
    assert reader.count() == 4
    again = Keywords.open(tmp_path)
    assert again.count() == 3
    assert [id for id, _ in again.search("hva koster prosjektet", "stems", 10)] == ["a-9"]


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="empty"):
        (tmp_path / "empty").mkdir()
        Keywords.open(tmp_path / "empty")
    with pytest.raises(IndexDamaged, match="nowhere"):
        Keywords.open(tmp_path / "nowhere")


def test_a_folder_that_takes_no_writing_is_read_from_a_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr("os.access", lambda path, mode: False)
    read = Keywords.open(folder)
    assert _best(read.search("Hva koster prosjektene?", "stems", 3)) == "a-1"
    assert read.count() == len(_TEXTS)
    assert sorted(path.name for path in folder.iterdir()) == before
