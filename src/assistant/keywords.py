"""tantivy: passages by the words they share with a question (BM25). The only module that knows it.

Two fields hold the same text, cut by `assistant.text`: stems, and character 4-grams within words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import tantivy

from assistant.errors import IndexDamaged, IndexNotWritten
from assistant.text import content_words, grams, stems

Field = Literal["stems", "grams"]

_WRITER_BYTES = 64_000_000


class Keywords:
    """One index directory. Open for reading it sees what was committed when it was opened."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> Keywords:
        """A folder that cannot be written to is copied to the system's temporary one: tantivy locks what it opens.
        The copy's files are mapped into memory, and stay there when their names are gone."""
        try:
            if os.access(folder, os.W_OK):
                return cls(tantivy.Index.open(str(folder)))
            with TemporaryDirectory(prefix="assistant-") as copied:
                shutil.copytree(folder, copied, dirs_exist_ok=True)
                return cls(tantivy.Index.open(copied))
        except (ValueError, OSError) as error:
            raise IndexDamaged(str(folder), str(error)) from error

    def search(
        self, question: str, field: Field, limit: int, documents: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The best passages as (id, BM25), best first; of `documents` alone unless it is empty."""
        query = _query(self._index.schema, question, field)
        if documents:
            only = tantivy.Query.term_set_query(self._index.schema, "document", list(documents))
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(only, 0.0)),
                ]
            )
        found = self._searcher.search(query, limit, count=False)
        return [(str(self._searcher.doc(at)["id"][0]), float(score)) for score, at in found.hits]

    def frequency(self, field: Field, term: str) -> int:
        """In how many passages a stem or gram stands."""
        return int(self._searcher.doc_freq(field, term))

    def count(self) -> int:
        return int(self._searcher.num_docs)


class KeywordsWriter:
    """Changes an index directory; nothing is seen before `commit`. Raises IndexNotWritten."""

    def __init__(self, folder: Path, new: bool) -> None:
        self._folder = folder
        self._closed = False
        with self._writing():
            index = tantivy.Index(_schema(), path=str(folder)) if new else tantivy.Index.open(str(folder))
            self._writer = index.writer(_WRITER_BYTES, 1)

    def add(self, id: str, document_id: str, indexed_text: str) -> None:
        made = tantivy.Document(
            id=id,
            document=document_id,
            stems=" ".join(stems(indexed_text)),
            grams=" ".join(grams(indexed_text)),
        )
        with self._writing():
            self._writer.add_document(made)

    def remove(self, document_id: str) -> None:
        with self._writing():
            self._writer.delete_documents_by_term("document", document_id)

    def commit(self) -> None:
        """Write and wait until it is on disk; the writer cannot be used afterwards."""
        with self._writing():
            self._writer.commit()
        self.close()

    def close(self) -> None:
        """Stop the writer's threads, which write files of their own accord; what was not committed is
        lost."""
        if not self._closed:
            self._closed = True
            with self._writing():
                self._writer.wait_merging_threads()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OSError, RuntimeError) as error:  # a full disk ends a thread, then all calls fail
            raise IndexNotWritten(str(self._folder), str(error)) from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    for field in ("stems", "grams"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _query(schema: tantivy.Schema, question: str, field: Field) -> tantivy.Query:
    # From terms: tantivy's query parser raises on quotes, brackets and colons.
    cut = " ".join(content_words(question))
    terms = stems(cut) if field == "stems" else grams(cut)
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.term_query(schema, field, term, "freq")) for term in dict.fromkeys(terms)]
    )
