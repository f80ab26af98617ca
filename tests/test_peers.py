"""The comparison with LangChain: what counts as found, for passages that overlap and for those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.metrics import ndcg
from assistant.evaluation.questions import Article, Known, KnownQuestion, QuestionFile
from benchmarks import peers, peers_found
from benchmarks.peers_found import Asked, Found, Place, ask_all

TEXT = "Fabrikken åpnet i 1971.\nDen ble utvidet i 1988, og i 1971 var det 40 ansatte."
KNOWN = KnownQuestion("Når åpnet den?", "nb", "squad", ("a.txt",), (Known("1971", 0),))
FIRST, OVERLAPPING, LATER = Place("a.txt", 0, 23), Place("a.txt", 10, 47), Place("a.txt", 49, len(TEXT))
OTHER = Place("b.txt", 0, 23)
PASSAGES = {"a.txt": [FIRST, OVERLAPPING, LATER], "b.txt": [OTHER]}
TEXTS = {"a.txt": TEXT, "b.txt": TEXT}


def test_a_passage_counts_when_it_covers_the_answer_that_was_meant() -> None:
    """Not where the same words stand again, and not in another document."""
    row = peers.row_of(KNOWN, [LATER, OTHER, FIRST], PASSAGES, TEXTS, 5.0)
    assert (row.relevant, row.relevant_ranks, row.document_rank) == (1, (3,), 1)
    assert peers.row_of(KNOWN, [OTHER], PASSAGES, TEXTS, 5.0).document_rank is None


def test_an_answer_that_two_passages_hold_counts_once() -> None:
    for hits in ([FIRST, OTHER], [OVERLAPPING, OTHER, FIRST]):
        row = peers.row_of(KNOWN, hits, PASSAGES, TEXTS, 5.0)
        assert row.relevant_ranks == (1,)
        assert ndcg(row.relevant_ranks, row.relevant, 10) == 1.0


def test_an_answer_cut_in_two_is_a_miss() -> None:
    halves = [Place("a.txt", 0, 20), Place("a.txt", 20, len(TEXT))]
    row = peers.row_of(KNOWN, halves, {"a.txt": halves}, TEXTS, 5.0)
    assert (row.relevant, row.relevant_ranks) == (0, ())
    assert ndcg(row.relevant_ranks, row.relevant, 10) == 0.0


def test_asked_and_found_come_back_whole(tmp_path: Path) -> None:
    asked = ask_all(lambda question: [OTHER] if question.startswith("Når") else [], ["Når?", "Hvor?"])
    assert asked.hits == ((OTHER,), ())
    assert asked.megabytes > 5 and len(asked.milliseconds) == 2
    found = Found(asked, (FIRST, OTHER), TEXTS)
    peers_found.save(found, tmp_path / "found.json")
    assert peers_found.load(tmp_path / "found.json") == found


def test_the_tables_hold_a_line_for_each_pipeline(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(bytes(2_000_000))
    ingested = peers.Ingested(tmp_path, 4, 2.0, 500.0)
    questions = [KNOWN] * 4

    def measured(hits: tuple[Place, ...]) -> peers.Measured:
        found = Found(Asked(0.0, 300.0, (10.0,) * 4, (hits,) * 4), (FIRST, OVERLAPPING, LATER, OTHER), TEXTS)
        return peers.Measured(ingested, 1.5, found, peers.rows_of(questions, found))

    both = {"plain": measured((FIRST,)), "tutorial": measured((OTHER, OTHER, LATER, FIRST))}
    assert peers.quality(both).splitlines()[2:] == [
        "| ours, plain reader | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |",
        "| LangChain's tutorial | 0.431 | 0.250 | 0.000 | 1.000 | 1.000 | 1.000 |",
    ]
    assert "+75.0 [+75.0, +75.0]" in peers.differences(both)
    line = peers.costs(both, 1000).splitlines()[-1]
    assert line == "| LangChain's tutorial | 4 of 28 | 2 | 2.0 | 500 | 500 | 2.0 | 1.5 | 10 | 10 | 300 |"


def test_fewer_articles_are_those_that_are_asked_about() -> None:
    articles = tuple(Article(f"{name}.txt", name, TEXT) for name in "cab")
    impossible = KnownQuestion("Hvorfor?", "nb", "squad", (), ())
    file = QuestionFile((impossible, KNOWN), articles)
    chosen, questions = peers.subset(file, 2)
    assert [article.path for article in chosen] == ["a.txt", "c.txt"]
    assert questions == [KNOWN]


def test_a_process_is_measured_with_those_it_starts() -> None:
    held = "x = bytearray(60_000_000); import time; time.sleep(0.5)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}]); print('done')"
    ran = peers.run(["timeit", "-n1", "-r1", program], {})
    assert ran.megabytes > 60 and "done" in ran.output and ran.seconds >= 0.5


def test_a_process_that_fails_fails_the_comparison() -> None:
    with pytest.raises(SystemExit, match="exit 1"):
        peers.run(["no_such_module_of_ours"], {})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_hybrid_fuses_by_reciprocal_ranks() -> None:
    """k = 60 and equal weights; what both find comes before what one finds first."""
    pytest.importorskip("langchain_classic")
    pytest.importorskip("langchain_chroma")
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

    from benchmarks.peers_langchain import fused

    class Fixed(BaseRetriever):
        texts: list[str]

        def _get_relevant_documents(self, query: str, **_: object) -> list[Document]:
            return [Document(page_content=text) for text in self.texts]

    found = fused(Fixed(texts=["a", "b", "c"]), Fixed(texts=["d", "c", "e"])).invoke("hva?")
    assert [one.page_content for one in found] == ["c", "a", "d", "b", "e"]
