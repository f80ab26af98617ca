"""What lies in a folder of documents, and what an index of it must hold: the model of `test_stateful`.

The folder is looked at here by other means than the product's."""

from __future__ import annotations

import html
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from assistant.embedding import Embedded, Floats, Progress
from assistant.index import Generation
from assistant.search import search
from assistant.types import Document, Passage, sentences_of
from assistant.viewer import source_page
from assistant.viewer.look import Look
from tests.weights import FakeModel

NAMES = ("a.md", "b.md", "å.md", "a\u030a.txt", "mappe/å.md", "mappe/c.txt", "Mappe/c.txt")
NO_DOCUMENTS = ("~$a.docx", ".skjult.md", "d.md.part", "Thumbs.db")
MARKS = ("ananas", "bjørnebær", "dromedar", "flamingo", "kolibri")
"""Each stands in one of the texts, but for the last text, which goes on where the third ends."""
NOWHERE = "sjiraff"
"""Stands in what is no document of the folder."""
_PARAGRAPH = "Avsnitt nummer {number} handler om {mark}. " + "Her står det noe mer om saken. " * 30
TEXTS = (
    *(
        f"# Emnet {mark}\n\n" + "\n\n".join(_PARAGRAPH.format(number=number, mark=mark) for number in range(paragraphs))
        for paragraphs, mark in ((1, MARKS[0]), (2, MARKS[1]), (3, MARKS[2]), (4, MARKS[2]))
    ),
    *(f"Bare en linje om {mark}." for mark in MARKS[3:]),
)
"""No two are of one size."""
TITLES = ("Plan", "Rapport")


# --- the folder ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lying:
    """A document as it lies in the folder. `modified` is in seconds since 1970."""

    content: str
    title: str | None
    modified: float


@dataclass(frozen=True)
class Contents:
    """The documents by their paths, composed; `alone` are sidecars of nothing, `twice` documents that lie there in
    both ways of writing their name, with another content each."""

    documents: dict[str, Lying]
    alone: frozenset[str]
    twice: frozenset[str]


def composed(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def contents(corpus: Path) -> Contents:
    """Links lead to documents as long as they do not lead out of the folder."""
    root = os.path.realpath(corpus)
    files: dict[str, list[Path]] = {}
    names = set()
    for file in _entries(root):
        path = composed(file.relative_to(root).as_posix())
        names.add(path)
        real = os.path.realpath(file)
        if os.path.isfile(real) and real.startswith(f"{root}{os.sep}") and file.name not in NO_DOCUMENTS:
            files.setdefault(path, []).append(file)
    told = {path for path in files if path.endswith(".yaml")}
    documents = {}
    for path in files.keys() - told:
        file = min(files[path], key=_is_decomposed)
        about = files.get(f"{path}.yaml")
        title = about[0].read_text().partition(": ")[2].strip() if about else None
        documents[path] = Lying(file.read_text(), title, file.stat().st_mtime)
    return Contents(
        documents,
        alone=frozenset(path for path in told if path.removesuffix(".yaml") not in names),
        twice=frozenset(path for path in documents if len({file.read_text() for file in files[path]}) > 1),
    )


def place_of(corpus: Path, name: str) -> Path:
    """Where something of this name lies, however its letters are written; else where it would."""
    would = corpus / name
    if not would.parent.is_dir():
        return would
    there = [file for file in would.parent.iterdir() if composed(file.name) == composed(would.name)]
    return min(there, key=_is_decomposed, default=would)


def otherwise(place: Path) -> Path:
    """The same name with its letters written the other way."""
    other: Literal["NFC", "NFD"] = "NFC" if unicodedata.is_normalized("NFD", place.name) else "NFD"
    return place.with_name(unicodedata.normalize(other, place.name))


def _entries(root: str) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder) / name for name in names)


def _is_decomposed(file: Path) -> bool:
    return composed(file.name) != file.name


# --- the index ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A document as the index should hold it."""

    content: str
    title: str | None
    unread: bool


@cache
def vector_of(text: str) -> Floats:
    vector = FakeModel().query(text)
    vector.setflags(write=False)
    return vector


class CountingModel(FakeModel):
    """Knows of which documents it has embedded what; a text is embedded once for all tests."""

    def __init__(self) -> None:
        self.embedded: set[tuple[str, str]] = set()

    def query(self, text: str) -> Floats:
        return vector_of(text)

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        self.embedded |= {(passage.document_id, passage.indexed_text) for passage in passages}
        return super().passages(passages, progress)


def embedded_in(generation: Generation) -> set[tuple[str, str]]:
    """What of which document, by its id, and of which content has been embedded for it."""
    made = set()
    for source in generation.sources.values():
        content = generation.original(source).read_text()
        for passage in generation.catalogue.passages(generation.catalogue.passage_ids(source.id)).values():
            made |= {(source.id, passage.indexed_text), (content, passage.indexed_text)}
    return made


Identity = tuple[str, tuple[str, ...], str, int]
"""What a passage's id is of: its document, its headings, its text, and which of those that are alike it is."""


def holds(generation: Generation, expected: Mapping[str, Kept], ids: dict[Identity, str]) -> None:
    """The generation holds the documents that are expected, by their paths, in each of its parts. `ids` are those that
    passages have had before, and are added to."""
    sources = {composed(source.path): source for source in generation.sources.values()}
    assert sources.keys() == expected.keys()
    assert len(sources) == len(generation.sources)
    passages: dict[str, Passage] = {}
    for path, kept in expected.items():
        source = sources[path]
        document = generation.document(source.id)
        assert (source.unread is not None) == kept.unread
        assert kept.title is None or source.title == kept.title
        assert document.text.split() == _words(path, kept.content)
        assert generation.original(source).read_text() == kept.content
        mine = generation.catalogue.passage_ids(source.id)
        assert len(mine) == source.passages
        found = generation.catalogue.passages(mine)
        passages |= {id: found[id] for id in mine}
        _is_shown(document, kept.unread, [found[id] for id in mine])
    assert generation.keywords.count() == len(passages)
    _keep_their_ids(passages, ids)
    _have_their_vectors(generation, passages)
    for mark in (*MARKS, NOWHERE):
        having = {sources[path].id for path, kept in expected.items() if mark in kept.content}
        by_words = generation.keywords.search(mark, "stems", 1000)
        assert {passages[id].document_id for id, _ in by_words} == having
        hits = search(generation, mark, vector_of(mark), 50)
        assert {hit.source.id for hit in hits if mark in hit.passage.text} == having


def _words(path: str, content: str) -> list[str]:
    return (content.removeprefix("# ") if path.endswith(".md") else content).split()


def _is_shown(document: Document, unread: bool, passages: Sequence[Passage]) -> None:
    """The viewer's page has the whole text, marks each passage, and says whether it is a last good version."""
    title = document.source.title
    opening = document.blocks[0]
    first = document.text[opening.start : opening.end]
    heading = first if opening.kind == "heading" and first == title else ""  # is not shown twice
    for passage in passages:
        page = source_page(document, Look(passage.start, passage.end), "nb", has_pages=False)
        text = page.partition("<article")[2].partition(">")[2].partition("</article>")[0]
        assert heading.split() + _plain(text).split() == document.text.split()
        marked = [_plain(mark) for mark in re.findall(r"<mark[^>]*>(.*?)</mark>", text, re.DOTALL)]
        assert " ".join(marked).split() == passage.text.split()
        assert re.search(rf"<h1[^>]*>{re.escape(html.escape(title))}</h1>", page)
        assert ('class="notice unread"' in page) == unread


def _plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def _keep_their_ids(passages: Mapping[str, Passage], ids: dict[Identity, str]) -> None:
    """As long as its text and its place are the same a passage has the same id."""
    alike: Counter[tuple[str, tuple[str, ...], str]] = Counter()
    for id, passage in passages.items():
        key = (passage.document_id, passage.heading_path, passage.text)
        alike[key] += 1
        assert ids.setdefault((*key, alike[key]), id) == id
    assert len(set(ids.values())) == len(ids)


def _have_their_vectors(generation: Generation, passages: Mapping[str, Passage]) -> None:
    """The vectors are those that would be made now, whatever was taken over, and each is found by its nearness."""
    every = list(passages)
    stored = generation.vectors.get(every)
    assert stored.keys() == passages.keys()
    assert generation.vectors.count() == len(every)
    sentences = generation.catalogue.sentence_vectors(every, generation.manifest.dimension)
    for id, passage in passages.items():
        np.testing.assert_allclose(stored[id], vector_of(passage.indexed_text), atol=1e-5)
        of_sentences = np.stack([vector_of(text) for text in sentences_of(passage)])
        np.testing.assert_allclose(sentences[id], of_sentences, atol=1e-3)
        found = generation.vectors.query(stored[id], len(every))
        nearest = [cosine for _, cosine in found]
        assert {id for id, _ in found} == passages.keys(), "some are not found by their vectors"
        assert nearest == sorted(nearest, reverse=True)
        np.testing.assert_allclose(nearest, [stored[other] @ stored[id] for other, _ in found], atol=1e-4)
