"""How well the two keyword lists find a question's passage by themselves: nDCG@10 on SQuAD files, without a vector.

    python -m benchmarks.keyword_lists FILE.json…

It reads, splits and indexes the files' articles as the job does. To be run before and after a change in how words
are cut: `--rows` prints a question's two scores on each line, for a paired comparison."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

from assistant.evaluation.metrics import ndcg
from assistant.evaluation.questions import Article, KnownQuestion, load
from assistant.evaluation.run import covers, spans_of
from assistant.keywords import Field, Keywords, KeywordsWriter
from assistant.types import Document, Passage
from ingest.read import read_document
from ingest.split import split

_FIELDS: tuple[Field, ...] = ("stems", "grams")
_DEPTH = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rows", action="store_true")
    given = parser.parse_args()
    for file in given.files:
        known = load(file)
        rows = list(_rows(known.questions, _read(known.articles or ())))
        if given.rows:
            print("\n".join("\t".join(f"{score:.4f}" for score in row) for row in rows))
        figures = "  ".join(f"{field} {100 * mean(row[at] for row in rows):.2f}" for at, field in enumerate(_FIELDS))
        print(f"{file.name}: {len(rows)} questions, nDCG@10: {figures}")


def _read(articles: Sequence[Article]) -> dict[str, tuple[Document, tuple[Passage, ...]]]:
    """Each article by its path, as a document with its title, and its passages."""
    read = {}
    for article in articles:
        sidecar = f"title: {article.title!r}".encode() if "'" not in article.title else None
        document, _ = read_document(article.text.encode(), article.path, sidecar, max_mb=50)
        read[article.path] = (document, split(document))
    return read


def _rows(
    questions: Sequence[KnownQuestion], read: dict[str, tuple[Document, tuple[Passage, ...]]]
) -> Iterator[tuple[float, ...]]:
    places = {p.id: p for _, passages in read.values() for p in passages}
    with tempfile.TemporaryDirectory() as folder:
        writer = KeywordsWriter(Path(folder), new=True)
        for passage in places.values():
            writer.add(passage.id, passage.document_id, passage.indexed_text)
        writer.commit()
        keywords = Keywords.open(Path(folder))
        for known in questions:
            if not known.answers:
                continue
            documents = [read[path] for path in known.documents]
            spans = {document.source.id: spans_of(document, known) for document, _ in documents}
            relevant = {
                p.id for _, passages in documents for p in passages if covers(p.start, p.end, spans[p.document_id])
            }
            yield tuple(
                ndcg(
                    [
                        rank
                        for rank, (id, _) in enumerate(keywords.search(known.text, field, _DEPTH), 1)
                        if id in relevant
                    ],
                    len(relevant),
                    10,
                )
                for field in _FIELDS
            )


if __name__ == "__main__":
    main()
