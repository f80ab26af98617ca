"""The instrument itself: chance scores what chance scores, a difference is told from noise, and a part
that is missing fails."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from math import comb, log2
from pathlib import Path

import pytest

from assistant.errors import BadEvaluationFile, ModelUnavailable
from assistant.evaluation import compare, metrics
from assistant.evaluation.metrics import Row, report
from assistant.evaluation.run import compared, evaluate_file, table
from assistant.reading import crossencoder
from tests.fakes import Workshop, fake_weights, settings_over

ROW = Row(
    question="Hva koster det?",
    language="nb",
    style="document",
    category="single",
    asks="number",
    overlap="most",
    answerable=True,
    answered=True,
    relevant=1,
    relevant_ranks=(1,),
    document_rank=1,
    sentence_rank=1,
    quoted=True,
    f1=1.0,
    citations=1,
    right_citations=1,
    seconds=0.1,
    found="",
    shown="",
)


def test_a_shuffled_ranking_scores_what_chance_scores() -> None:
    rng = random.Random(2)
    passages, relevant = 40, 2
    rows = [
        replace(ROW, relevant=relevant, relevant_ranks=tuple(sorted(rng.sample(range(1, passages + 1), relevant))))
        for _ in range(6000)
    ]
    found = report(rows)
    recall = found["recall"]
    assert isinstance(recall, dict)
    for cut in metrics.CUTS:
        by_chance = 1 - comb(passages - relevant, cut) / comb(passages, cut)
        assert recall[str(cut)] == pytest.approx(by_chance, abs=0.02)
    gain = sum(1 / log2(rank + 1) for rank in range(1, 11)) * relevant / passages
    ideal = 1 + 1 / log2(3)
    assert found["ndcg@10"] == pytest.approx(gain / ideal, abs=0.01)


def test_ranks_beyond_the_cut_and_nothing_found_score_zero() -> None:
    assert metrics.ndcg((11, 12), 2, 10) == 0.0
    assert metrics.reciprocal_rank((), 10) == 0.0
    assert metrics.ndcg((1, 2), 2, 10) == pytest.approx(1.0)
    assert report([replace(ROW, relevant_ranks=(), sentence_rank=None)])["sentence_hit@3"] == 0.0


def test_what_cannot_be_measured_is_none_and_not_zero() -> None:
    found = report([ROW])
    assert found["false_answer_rate"] is None
    assert report([])["ndcg@10"] is None


def _rows(good: int, bad: int, name: str = "s") -> list[Row]:
    return [
        replace(ROW, question=f"{name}{at}", relevant_ranks=(1,) if at < good else (30,)) for at in range(good + bad)
    ]


def test_a_clear_difference_is_told_and_none_is_not() -> None:
    same = compare.against(_rows(80, 20), _rows(80, 20), "rows.json")["recall@1"]
    assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)
    clear = compare.against(_rows(95, 5), _rows(60, 40), "rows.json")["recall@1"]
    assert clear.mean == pytest.approx(0.35)
    assert 0.2 < clear.low < clear.mean < clear.high < 0.5
    assert clear.questions == 100
    assert "*" in compared({"recall@1": clear})
    assert "*" not in compared({"recall@1": same})


def test_noise_is_not_called_a_difference() -> None:
    rng = random.Random(5)
    both = [[replace(row, relevant_ranks=(rng.choice((1, 30)),)) for row in _rows(100, 0)] for _ in "ab"]
    noise = compare.against(both[0], both[1], "rows.json")["recall@1"]
    assert noise.low < 0 < noise.high


def test_rows_are_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    rows = _rows(2, 1)
    compare.save(rows, path)
    assert compare.load(path) == rows


@pytest.mark.parametrize("content", ["", "{}", '[{"question": "x"}]', "[1]"])
def test_rows_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rows.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadEvaluationFile):
        compare.load(path)


def test_rows_about_other_questions_are_refused() -> None:
    with pytest.raises(BadEvaluationFile, match=r"rows\.json"):
        compare.against(_rows(2, 1), _rows(2, 1, "other"), "rows.json")


# --- over a real index --------------------------------------------------------------------------


def _golden(place: Workshop, *questions: dict[str, object]) -> Path:
    path = place.corpus.parent / "golden.json"
    path.write_text(json.dumps({"questions": questions}), encoding="utf-8")
    return path


_KNOWN: dict[str, object] = {
    "question": "Hva koster prosjektet?",
    "language": "nb",
    "documents": ["plan.md"],
    "answers": ["4,2 millioner"],
}


def test_a_golden_question_is_asked_and_every_slice_has_its_figures(
    library: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_weights(monkeypatch)
    other = {"question": "Når bygges månebasen?", "language": "nb", "unanswerable": True}
    found = evaluate_file(_golden(library, _KNOWN, other), settings_over(library), lambda text: None)
    known, unknown = found.rows
    assert (known.answered, known.quoted, known.sentence_rank, known.asks) == (True, True, 1, "number")
    assert known.overlap == "most"
    assert "4,2 millioner" in known.found
    assert (unknown.answerable, unknown.overlap, unknown.relevant) == (False, "none", 0)
    assert set(found.slices()) == {"asks number", "asks time", "overlap most", "overlap none"}
    assert "Når bygges månebasen?" in table("golden.json", found)


def test_a_document_that_is_not_in_the_index_fails(library: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_weights(monkeypatch)
    with pytest.raises(BadEvaluationFile, match=r"borte\.md"):
        path = _golden(library, _KNOWN | {"documents": ["borte.md"]})
        evaluate_file(path, settings_over(library), lambda text: None)


def test_a_network_that_is_missing_fails(library: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_weights(monkeypatch)
    monkeypatch.setattr(crossencoder, "WEIGHTS", library.corpus.parent / "none.onnx")
    with pytest.raises(ModelUnavailable, match=r"none\.onnx"):
        evaluate_file(
            _golden(library, _KNOWN),
            settings_over(library).model_copy(update={"embedding_model": "bundled"}),
            lambda text: None,
        )
