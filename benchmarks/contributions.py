"""What each part of search contributes: one configuration after the other over the same questions.

    python -m benchmarks.contributions QUESTIONS.json

QUESTIONS is a SQuAD file, or a golden file over the index in use. Prints a Markdown table: nDCG@10 and
recall of each configuration, and what it has over the one before with its 95 % interval."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answer import DEPTH, Assistant, sentence_vectors
from assistant.embedding import Floats
from assistant.evaluation import compare, metrics
from assistant.evaluation.metrics import Row
from assistant.evaluation.questions import KnownQuestion, load
from assistant.evaluation.run import index_articles, relevant_passages, row_of, spans_of
from assistant.index import Generation
from assistant.open import open_assistant
from assistant.reading.fitted import PLAIN
from assistant.reading.reader import Reader
from assistant.rerank import by_best_sentence
from assistant.search import Ranked, fuse, ranked_lists, search
from assistant.settings import Settings
from assistant.spread import spread
from assistant.types import FoundBy

RRF_K = 60
"""Of reciprocal rank fusion, as everyone sets it (Cormack et al. 2009)."""

Order = Sequence[str]
Lists = Mapping[FoundBy, Ranked]


def main(path: Path) -> None:
    file = load(path)
    settings = Settings()
    if file.articles is not None:
        settings = index_articles(path, file.articles, settings, lambda text: None)
    assistant = open_assistant(settings)
    rows: dict[str, list[Row]] = {}
    with assistant.index.reading() as generation:
        paths = {source.path: source.id for source in generation.sources.values()}
        for known in file.questions:
            if known.answers and not known.history:
                _ask(assistant, generation, known, {paths[one] for one in known.documents}, rows)
    print(f"{path.name}: {len(next(iter(rows.values())))} questions\n")
    print("| Configuration | nDCG@10 | over the one before | few words shared | recall@1 | recall@5 | recall@20 |")
    print("|---|---|---|---|---|---|---|")
    before: list[Row] | None = None
    for name, found in rows.items():
        print(_line(name, found, before))
        before = found


def _ask(
    assistant: Assistant, generation: Generation, known: KnownQuestion, right: set[str], rows: dict[str, list[Row]]
) -> None:
    spans = {id: spans_of(generation.document(id), known) for id in right}
    relevant = relevant_passages(generation, spans)
    ids = {passage.id for passage in relevant}
    for name, order in _orders(assistant, generation, known.text):
        ranks = tuple(rank for rank, id in enumerate(order, 1) if id in ids)
        rows.setdefault(name, []).append(replace(row_of(known, relevant), relevant_ranks=ranks))


def _orders(assistant: Assistant, generation: Generation, question: str) -> Iterator[tuple[str, Order]]:
    vector: Floats = assistant.vector(question)
    lists = ranked_lists(generation, question, vector)
    ways: dict[str, Callable[[], Mapping[str, float]]] = {
        "vectors alone": lambda: dict(lists["dense"]),
        "stems alone (BM25)": lambda: dict(lists["stems"]),
        "both, by reciprocal rank": lambda: _by_rank({name: lists[name] for name in ("dense", "stems")}),
        "both, by score": lambda: fuse({"dense": lists["dense"], "stems": lists["stems"]}),
        "and character 4-grams": lambda: fuse(lists),
    }
    for name, way in ways.items():
        scores = way()
        yield name, sorted(scores, key=lambda id: (-scores[id], id))[:DEPTH]
    hits = search(generation, question, vector, DEPTH)
    yield "and meaning alone across languages", [hit.passage.id for hit in hits]
    weights, network = assistant.reader.weights, assistant.judged
    vectors = sentence_vectors(generation, hits[: weights.passages])
    for name, judged in (
        ("and their sentences, by what can be counted", hits),
        ("and the network's word on them", network(question, vector, hits, vectors)),
    ):
        reader = assistant.reader if judged is not hits else Reader(PLAIN)
        ranked = reader.rank(question, vector, judged, vectors, generation.rarity)
        read = by_best_sentence(judged, ranked, reader.weights.odds)
        yield name, [hit.passage.id for hit in read]
    yield "and room for other documents", [hit.passage.id for hit in spread(question, read)]
    best, _ = assistant.rerank(generation, question, vector, hits)
    yield "and no more read than needed", [hit.passage.id for hit in best]


def _by_rank(lists: Lists) -> dict[str, float]:
    found: dict[str, float] = {}
    for ranked in lists.values():
        for rank, (id, _) in enumerate(ranked, 1):
            found[id] = found.get(id, 0.0) + 1 / (RRF_K + rank)
    return found


def _line(name: str, rows: Sequence[Row], before: Sequence[Row] | None) -> str:
    figures = metrics.report(rows)
    recall = figures["recall"]
    assert isinstance(recall, dict)
    few = metrics.report([row for row in rows if row.overlap == "few"])["ndcg@10"]
    over = ""
    if before is not None:
        apart = compare.against(rows, before, name)["ndcg@10"]
        over = f"{apart.mean:+.3f} [{apart.low:+.3f}, {apart.high:+.3f}]"
    cells = (name, figures["ndcg@10"], over, "–" if few is None else few, recall["1"], recall["5"], recall["20"])
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
