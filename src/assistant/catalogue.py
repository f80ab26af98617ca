"""What a generation knows of its documents, kept once: texts, blocks, boxes and passages in SQLite, the vectors of
passages and sentences in `segments`, beside it.

A catalogue is written by one ingestion job and afterwards only read; readers open it immutable and
may share it between threads."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged, IndexNotWritten
from assistant.segments import Place, Segments
from assistant.types import Block, Box, Document, Passage, Source, Span, Word

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, media_type TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, date TEXT, publisher TEXT, kind TEXT, url TEXT,
    pages INTEGER, characters INTEGER NOT NULL, passages INTEGER NOT NULL, superseded_by TEXT,
    unread TEXT, fetched TEXT, sidecar_sha256 TEXT NOT NULL, text BLOB NOT NULL, blocks BLOB NOT NULL,
    words BLOB NOT NULL, page_labels TEXT NOT NULL, replaces TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id),
    first INTEGER NOT NULL, last INTEGER NOT NULL, text TEXT NOT NULL, indexed_text TEXT NOT NULL,
    heading_path TEXT NOT NULL, pages TEXT NOT NULL, sentences BLOB NOT NULL, segment TEXT NOT NULL,
    place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passages_document ON passages (document_id);
CREATE INDEX documents_file ON documents (sha256);
"""
_REPLACING = "CREATE INDEX IF NOT EXISTS documents_replacing ON documents (id, replaces) WHERE replaces != '[]'"
# `replaces` stands behind the text in a row: without this, finding the few would read all texts.

# The passage's own vector is kept as it is in the vector store: the job takes it over for a passage that comes again,
# and an exported generation needs no vector store.

_PLACES = "SELECT id, segment, place, length(sentences) FROM passages"
_SPAN = 8
"""Bytes of one sentence's span in `sentences`."""

_SOURCE_COLUMNS = ", ".join(field.name for field in fields(Source))
_BOX_SCALE = 65535
_MANY = 500
"""Ids in one `IN (…)`; SQLite's default limit of variables is higher on every version in use."""

Floats = NDArray[np.float32]

_Row = tuple[Any, ...]
"""A row as SQLite gives it; the schema is STRICT."""
_Placed = tuple[str, Place, int]
"""A passage's id, where its vectors are, and of how many sentences."""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was read: where it lay, its sha256 and its sidecar's ("" without one), and `Source.unread`."""

    path: str
    sha256: str
    sidecar_sha256: str
    unread: str | None = None


class Catalogue:
    """One generation's catalogue. `open` reads; `create` and `extend` are the ingestion job's."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file
        self._segments = Segments(file.parent / "segments")

    @classmethod
    def open(cls, file: Path) -> Catalogue:
        """Read-only, for any number of threads."""
        uri = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.execute("SELECT count(*) FROM documents").fetchone()
        except sqlite3.Error as error:
            raise IndexDamaged(str(file), str(error)) from error
        return cls(connection, file)

    @classmethod
    def create(cls, file: Path) -> Catalogue:
        try:
            connection = sqlite3.connect(file)
            connection.executescript(f"{_SCHEMA}{_REPLACING};")
            (file.parent / "segments").mkdir()
        except (sqlite3.Error, OSError) as error:
            raise IndexNotWritten(str(file.parent), str(error)) from error
        return cls(connection, file)

    @classmethod
    def extend(cls, file: Path) -> Catalogue:
        """A copy of an earlier generation's catalogue, to be changed."""
        extended = cls(sqlite3.connect(file), file)
        with extended._writing():
            extended._connection.execute(_REPLACING)
        return extended

    def close(self) -> None:
        self._segments.close()
        self._connection.close()

    # --- reading: each raises IndexDamaged ---

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, zlib.error, OSError, ValueError) as error:  # a page, a blob, a segment, what they hold
            raise IndexDamaged(str(self._file), str(error)) from error

    def sources(self) -> tuple[Source, ...]:
        """Every document, by path."""
        with self._mapped():
            rows = self._connection.execute(f"SELECT {_SOURCE_COLUMNS} FROM documents ORDER BY path")
            return tuple(Source(*row) for row in rows)

    def fingerprints(self) -> dict[str, tuple[str, str]]:
        """The sha256 of each document's file and of its sidecar ("" without one), by document id."""
        with self._mapped():
            rows = self._connection.execute("SELECT id, sha256, sidecar_sha256 FROM documents")
            return {id: (sha256, sidecar) for id, sha256, sidecar in rows}

    def known(self) -> dict[str, Known]:
        """What the job compares the folder with, by document id."""
        with self._mapped():
            rows = self._connection.execute("SELECT id, path, sha256, sidecar_sha256, unread FROM documents")
            return {id: Known(*rest) for id, *rest in rows}

    def replacements(self) -> dict[str, tuple[str, ...]]:
        """What each document says it replaces, as it was written, by document id; only those that say so."""
        with self._mapped():
            rows = self._connection.execute("SELECT id, replaces FROM documents WHERE replaces != '[]'")
            return {id: tuple(json.loads(replaces)) for id, replaces in rows}

    def document(self, id: str) -> Document | None:
        with self._mapped():
            row = self._connection.execute(
                f"SELECT {_SOURCE_COLUMNS}, text, blocks, words, page_labels, replaces FROM documents WHERE id = ?",
                (id,),
            ).fetchone()
            if row is None:
                return None
            *source, text, blocks, words, labels, replaces = row
            return Document(
                source=Source(*source),
                text=zlib.decompress(text).decode(),
                blocks=tuple(
                    Block(kind, start, end, page, tuple(path), row_number)
                    for kind, start, end, page, path, row_number in json.loads(zlib.decompress(blocks))
                ),
                words=_unpack_words(words),
                page_labels=tuple(json.loads(labels)),
                replaces=tuple(json.loads(replaces)),
            )

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that exist of `ids`, by id."""
        with self._mapped():
            return {
                row[0]: _passage(row)
                for row in self._rows(
                    "SELECT id, document_id, first, last, text, indexed_text, heading_path, pages, sentences "
                    "FROM passages WHERE id IN ({})",
                    ids,
                )
            }

    def sentence_vectors(self, ids: Sequence[str], dimension: int) -> dict[str, Floats]:
        """Unit vectors of a passage's sentences, shape (sentences, dimension), by passage id."""
        with self._mapped():
            found = {id: self._segments.sentences(place, count) for id, place, count in self._places(ids)}
            if any(vectors.shape[1] != dimension for vectors in found.values()):
                raise ValueError(f"its vectors are not of dimension {dimension}")
            return found

    def vectors(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The unit vectors of the passages that exist of `ids`, shape (dimension,)."""
        with self._mapped():
            return {id: self._segments.passage(place) for id, place, _ in self._places(ids)}

    def _places(self, ids: Sequence[str]) -> Iterator[_Placed]:
        return map(_placed, self._rows(f"{_PLACES} WHERE id IN ({{}})", ids))

    def check_vectors(self) -> None:
        """Raises IndexDamaged where a segment ends before the last passage in it does."""
        with self._mapped():
            lasts = "SELECT segment, max(place) FROM passages GROUP BY segment"
            for row in self._connection.execute(f"{_PLACES} WHERE (segment, place) IN ({lasts})"):
                _, place, count = _placed(row)
                self._segments.sentences(place, count)

    def with_file(self, sha256: str) -> list[str]:
        """The ids of the documents that were made of a file with this content."""
        with self._mapped():
            return [id for (id,) in self._connection.execute("SELECT id FROM documents WHERE sha256 = ?", (sha256,))]

    def passage_ids(self, document_id: str) -> list[str]:
        """In the document's order."""
        with self._mapped():
            rows = self._connection.execute(
                "SELECT id FROM passages WHERE document_id = ? ORDER BY first", (document_id,)
            )
            return [id for (id,) in rows]

    def counts(self) -> tuple[int, int]:
        """Documents, passages."""
        with self._mapped():
            documents, passages = self._connection.execute(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
            ).fetchone()
            return int(documents), int(passages)

    def _rows(self, query: str, ids: Sequence[str]) -> Iterable[_Row]:
        """The rows of a query on `IN ({})`, for any number of ids."""
        for at in range(0, len(ids), _MANY):
            some = ids[at : at + _MANY]
            yield from self._connection.execute(query.format(",".join("?" * len(some))), some)

    # --- writing ---

    def add(self, document: Document, sidecar_sha256: str, passages: int) -> None:
        """Put in a document, which has so many passages: they follow. Raises IndexNotWritten, as do all that write."""
        blocks = [(b.kind, b.start, b.end, b.page, b.heading_path, b.row) for b in document.blocks]
        source = replace(document.source, passages=passages)
        self._write(
            f"INSERT INTO documents ({_SOURCE_COLUMNS}, sidecar_sha256, text, blocks, words, page_labels, replaces) "
            f"VALUES ({','.join('?' * (len(fields(Source)) + 6))})",
            [
                (
                    *astuple(source),
                    sidecar_sha256,
                    zlib.compress(document.text.encode()),
                    zlib.compress(json.dumps(blocks, ensure_ascii=False).encode()),
                    _pack_words(document.words),
                    json.dumps(document.page_labels, ensure_ascii=False),
                    json.dumps(document.replaces, ensure_ascii=False),
                )
            ],
        )

    def add_passages(self, passages: Sequence[Passage], vectors: Floats, sentence_vectors: Sequence[Floats]) -> None:
        """`vectors` has the shape (len(passages), dimension); `sentence_vectors` holds one array of shape
        (sentences, dimension) a passage."""
        with self._writing():
            places = [
                self._segments.append(self._own_segment, vector, of_sentences)
                for vector, of_sentences in zip(vectors, sentence_vectors, strict=True)
            ]
        self._write(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    p.id,
                    p.document_id,
                    p.start,
                    p.end,
                    p.text,
                    p.indexed_text,
                    json.dumps(p.heading_path, ensure_ascii=False),
                    json.dumps(p.pages),
                    np.array([(s.start, s.end) for s in p.sentences], "<u4").tobytes(),
                    *place,
                )
                for p, place in zip(passages, places, strict=True)
            ],
        )

    def remove(self, document_id: str) -> None:
        self._write("DELETE FROM passages WHERE document_id = ?", [(document_id,)])
        self._write("DELETE FROM documents WHERE id = ?", [(document_id,)])

    def mark_unread(self, codes: Mapping[str, str]) -> None:
        """Let these documents and no others be last good versions: `codes` has `Source.unread` by id."""
        self._write("UPDATE documents SET unread = NULL WHERE unread IS NOT NULL", [()])
        self._write("UPDATE documents SET unread = ? WHERE id = ?", [(code, id) for id, code in codes.items()])

    def supersede(self, successors: Mapping[str, str]) -> None:
        """Let these and no other documents be superseded: `successors` has the newer's id by the older's."""
        self._write("UPDATE documents SET superseded_by = NULL WHERE superseded_by IS NOT NULL", [()])
        self._write(
            "UPDATE documents SET superseded_by = ? WHERE id = ?", [(new, old) for old, new in successors.items()]
        )

    def gather(self) -> None:
        """Write the vectors that are left into one segment, where they lie in too many or among as much that is
        gone."""
        with self._mapped():
            passages, spans = self._connection.execute(
                "SELECT count(*), coalesce(sum(length(sentences)), 0) FROM passages"
            ).fetchone()
            if not self._segments.are_scattered(passages, spans // _SPAN):
                return
            rows = self._connection.execute(_PLACES).fetchall()
        moved = []
        for id, place, count in map(_placed, rows):
            with self._mapped():
                vectors = self._segments.passage(place), self._segments.sentences(place, count)
            with self._writing():
                moved.append((*self._segments.append(self._own_segment, *vectors), id))
        self._write("UPDATE passages SET segment = ?, place = ? WHERE id = ?", moved)
        self.commit()
        self._segments.keep_only(self._own_segment)

    def commit(self) -> None:
        with self._writing():
            self._segments.flush()
            self._connection.commit()

    @property
    def _own_segment(self) -> str:
        """Named after the generation, whose folder it is written in first."""
        return self._file.parent.name

    def _write(self, statement: str, rows: Iterable[_Row]) -> None:
        with self._writing():
            self._connection.executemany(statement, rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:  # a full disk, a folder that may not be written to
            raise IndexNotWritten(str(self._file.parent), str(error)) from error


def _placed(row: _Row) -> _Placed:
    id, segment, offset, spans = row
    return id, Place(segment, offset), spans // _SPAN


def _passage(row: _Row) -> Passage:
    id, document_id, start, end, text, indexed_text, heading_path, pages, sentences = row
    spans = np.frombuffer(sentences, "<u4").reshape(-1, 2).tolist()
    return Passage(
        id=id,
        document_id=document_id,
        start=start,
        end=end,
        text=text,
        indexed_text=indexed_text,
        heading_path=tuple(json.loads(heading_path)),
        pages=tuple(json.loads(pages)),
        sentences=tuple(Span(begin, finish) for begin, finish in spans),
    )


_WORD_ROW = np.dtype([("start", "<u4"), ("end", "<u4"), ("page", "<u2"), ("box", "<u2", 4)])


def _pack_words(words: Sequence[Word]) -> bytes:
    """One row a box. A 65,535th of a page is finer than any screen."""
    rows = [
        (w.start, w.end, b.page, tuple(_scaled(v) for v in (b.x0, b.y0, b.x1, b.y1)))
        for w in words
        for b in w.boxes
    ]
    return zlib.compress(np.array(rows, _WORD_ROW).tobytes(), 3)


def _scaled(fraction: float) -> int:
    return round(min(max(fraction, 0.0), 1.0) * _BOX_SCALE)  # a word may be drawn across the page's edge


def _unpack_words(packed: bytes) -> tuple[Word, ...]:
    words: list[Word] = []
    for start, end, page, corners in np.frombuffer(zlib.decompress(packed), _WORD_ROW).tolist():
        box = Box(page, *(value / _BOX_SCALE for value in corners))
        if words and words[-1].start == start:
            words[-1] = Word(start, end, (*words[-1].boxes, box))
        else:
            words.append(Word(start, end, (box,)))
    return tuple(words)
