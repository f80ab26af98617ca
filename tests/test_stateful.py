"""Random changes of the folder, runs, runs that are killed, and rollbacks, against a model that is a dictionary.

After each, the index holds exactly what the folder held at the last publication, in the catalogue, the vectors, the
keywords and the copies of the files. To run it long, some 10,000 steps in all:

    STATEFUL_EXAMPLES=200 STATEFUL_STEPS=50 pytest tests/test_stateful.py"""

from __future__ import annotations

import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assistant.catalogue import Catalogue
from assistant.errors import CorpusEmptied, NothingToRollBack
from assistant.index import Folders, Generation
from assistant.keywords import KeywordsWriter
from assistant.search import search
from assistant.types import Document, sentences_of
from assistant.vectors import Vectors
from ingest import publish as publishing
from ingest.changes import scan
from ingest.job import Outcome, run
from ingest.journal import Journal
from ingest.publish import has_leftovers, roll_back
from ingest.read import document_id, read_document
from tests.fakes import FakeModel, Workshop, fake_weights

NAMES = ("a.md", "b.md", "å.md", "a\u030a.txt", "mappe/å.md", "mappe/c.txt", "Mappe/c.txt")  # fmt: skip
MARKS = ("ananas", "bjørnebær", "dromedar", "flamingo", "kolibri")
"""Each stands in one of the texts."""
_PARAGRAPH = "Avsnitt nummer {number} handler om {mark}. " + "Her står det noe mer om saken. " * 30
TEXTS = tuple(
    f"# Emnet {mark}\n\n" + "\n\n".join(_PARAGRAPH.format(number=number, mark=mark) for number in range(paragraphs))
    for paragraphs, mark in enumerate(MARKS[:3], 1)
) + tuple(f"Bare en linje om {mark}." for mark in MARKS[3:])
names = st.sampled_from(NAMES)


@dataclass(frozen=True)
class Kept:
    """A document as the index should hold it."""

    content: str
    title: str | None
    unread: bool


class Killed(BaseException):
    pass


class InProcess:
    """Reads without a process of its own: what is tried here is not the parsers."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        pass

    def read(
        self, data: bytes, path: str, sidecar: bytes | None, max_mb: int
    ) -> tuple[Document, tuple[str, ...]]:
        return read_document(data, path, sidecar, max_mb)

    def close(self) -> None:
        pass


class Killer:
    """Ends a run at the nth place where it touches the disk, as kill -9 does: nothing is tidied up after."""

    PLACES: tuple[tuple[object, str], ...] = (
        (Catalogue, "add"), (Catalogue, "add_passages"), (Catalogue, "remove"), (Catalogue, "commit"),
        (Catalogue, "mark_unread"), (Vectors, "add"), (Vectors, "remove"), (KeywordsWriter, "add"),
        (KeywordsWriter, "commit"), (Folders, "write_manifest"), (Journal, "put"), (Journal, "discard"),
        (publishing, "_sync"), (publishing, "publish"), (publishing, "withdraw"), (os, "replace"),
        (shutil, "copyfile"), (shutil, "copytree"), (shutil, "rmtree"), (Path, "unlink"),
    )  # fmt: skip

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        self.dead = False
        for owner, name in self.PLACES:
            patch.setattr(owner, name, self._counted(name, getattr(owner, name)))
        remove = publishing._remove_generation
        patch.setattr(publishing, "_remove_generation", lambda *what: None if self.dead else remove(*what))

    def _counted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            if self.dead:
                return real(*arguments, **named)
            self._tick()
            if name == "rmtree" and self.left == 0:
                for file in sorted(Path(str(arguments[0])).rglob("*"))[::2]:
                    if file.is_file():
                        os.unlink(file)
            result = real(*arguments, **named) if name != "rmtree" or self.left else None
            self._tick()
            return result

        return counted

    def _tick(self) -> None:
        if self.left == 0:
            self.dead = True
            raise Killed
        self.left -= 1


class Folder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=os.environ.get("STATEFUL_DIR")))
        self.workshop = Workshop(self.root)
        self.folders = self.workshop.folders
        self.patch = pytest.MonkeyPatch()
        fake_weights(self.patch)
        self.patch.setattr("ingest.job.IsolatedReader", InProcess)
        # The texts differ in size, so that a hash may be relied on at once; else none would be, so fast do steps go.
        self.patch.setattr("ingest.seen.MARGIN", 0)
        self.published: dict[str, dict[str, Kept]] = {}
        self.checked = ""

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.root)

    # --- the folder ---

    def _file(self, name: str) -> Path:
        """Where a document of this name lies, however its letters are written; else where it would."""
        for found in scan(self.workshop.corpus):
            if found.id == document_id(name):
                return found.file
        return self.workshop.corpus / name

    @rule(name=names, text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        file = self._file(name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)

    @rule(name=names)
    def break_it(self, name: str) -> None:
        file = self._file(name)
        if file.exists():
            file.write_bytes(b"")

    @rule(name=names)
    def delete(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    @rule(name=names, to=names)
    def move(self, name: str, to: str) -> None:
        file, target = self._file(name), self._file(to)
        if file.exists():
            target.parent.mkdir(exist_ok=True)
            file.rename(target)

    @rule(name=names)
    def write_its_name_otherwise(self, name: str) -> None:
        file = self._file(name)
        other = unicodedata.normalize("NFC" if unicodedata.is_normalized("NFD", file.name) else "NFD", file.name)
        if file.exists():
            file.rename(file.with_name(other))

    @rule(name=names, to=names)
    def copy(self, name: str, to: str) -> None:
        file, target = self._file(name), self._file(to)
        if file.exists() and file != target:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, target)

    @rule(name=names, title=st.sampled_from(("Plan", "Rapport", None)))
    def tell_of(self, name: str, title: str | None) -> None:
        file = self._file(name)
        if file.exists() and title:
            Path(f"{file}.yaml").write_text(f"title: {title}\n")
        elif title is None:
            Path(f"{file}.yaml").unlink(missing_ok=True)

    @rule(name=st.sampled_from(("~$a.docx", ".skjult.md", "b.md.part", "Thumbs.db")))
    def leave_something_else(self, name: str) -> None:
        (self.workshop.corpus / name).write_text("Ikke noe dokument om sjiraff.")

    # --- the job ---

    def _before(self) -> dict[str, Kept]:
        return self.published.get(self.folders.current_name() or "", {})

    def _is_emptied(self) -> bool:
        """Then a run refuses, unless it is told that this is meant."""
        return bool(self._before()) and not list(scan(self.workshop.corpus))

    def _expected(self) -> dict[str, Kept]:
        """What a run over the folder as it is should publish, by document id."""
        before = self._before()
        expected = {}
        for found in scan(self.workshop.corpus):
            content = found.file.read_text()
            title = found.sidecar.read_text()[len("title: ") : -1] if found.sidecar else None
            if found.path.endswith(".yaml"):
                continue  # its document is gone: it is told of, and no document
            if content:
                expected[found.id] = Kept(content, title, False)
            elif found.id in before:
                expected[found.id] = Kept(before[found.id].content, before[found.id].title, True)
        return expected

    def _run(self, expected: dict[str, Kept]) -> Outcome | None:
        outcome = run(self.workshop.options, lambda step: None)
        self._note(expected)
        return outcome

    def _note(self, expected: dict[str, Kept]) -> None:
        name = self.folders.current_name()
        if name is not None:
            self.published.setdefault(name, expected)
            assert self.published[name] == expected

    @rule(full=st.booleans())
    def ingest(self, full: bool) -> None:
        self.workshop.options = replace(self.workshop.options, full_check=full, allow_empty=False)
        had = self.folders.current_name()
        if self._is_emptied():
            with pytest.raises(CorpusEmptied):
                run(self.workshop.options, lambda step: None)
            assert self.folders.current_name() == had
            self.workshop.options = replace(self.workshop.options, allow_empty=True)
        expected = self._expected()
        outcome = self._run(expected)
        assert outcome is not None
        if had is not None or expected:
            assert outcome.documents == len(expected)
            assert outcome.unread == sum(kept.unread for kept in expected.values())
        assert not has_leftovers(self.folders)
        assert len([*self.folders.line()]) <= 2, "bounded"
        assert not (self.workshop.data / "embedded.sqlite").exists() or outcome.generation == had
        again = run(self.workshop.options, lambda step: None)
        assert (again.generation, again.added, again.changed, again.removed) == (outcome.generation, 0, 0, 0)

    @rule(at=st.integers(0, 90))
    def ingest_killed(self, at: int) -> None:
        if self._is_emptied():
            return
        expected = self._expected()
        before = self.folders.current_name()
        with pytest.MonkeyPatch.context() as patch:
            Killer(patch, at)
            try:
                run(self.workshop.options, lambda step: None)
            except Killed:
                if self.folders.current_name() == before:
                    return
        self._note(expected)

    @precondition(lambda self: self.published)
    @rule()
    def go_back(self) -> None:
        line = [*self.folders.line()]
        if len(line) > 1:
            assert roll_back(self.folders) == line[1]
        else:
            with pytest.raises(NothingToRollBack):
                roll_back(self.folders)

    # --- what must hold ---

    @invariant()
    def the_index_holds_what_was_published(self) -> None:
        name = self.folders.current_name()
        if name is None or name == self.checked:
            return
        self.checked = name
        with self.workshop.reading() as generation:
            assert generation.name == name
            _holds(generation, self.published[name])


def _holds(generation: Generation, expected: dict[str, Kept]) -> None:
    sources = generation.sources
    assert sources.keys() == expected.keys()
    ids: list[str] = []
    for id, kept in expected.items():
        source, document = sources[id], generation.document(id)
        assert (source.unread is not None) == kept.unread
        assert kept.title is None or source.title == kept.title
        assert document.text.replace("# ", "").split() == kept.content.replace("# ", "").split()
        assert generation.original(source).read_text() == kept.content
        mine = generation.catalogue.passage_ids(id)
        assert len(mine) == source.passages
        ids += mine
    passages, stored = generation.catalogue.passages(ids), generation.vectors.get(ids)
    assert passages.keys() == stored.keys() == set(ids)
    assert generation.vectors.count() == generation.keywords.count() == len(ids) == len(set(ids))
    sentences = generation.catalogue.sentence_vectors(ids, generation.manifest.dimension)
    for id, passage in passages.items():
        true = FakeModel().query(passage.indexed_text)  # what was taken over is what would be made now
        np.testing.assert_allclose(stored[id], true, atol=1e-5)
        of_sentences = np.stack([FakeModel().query(text) for text in sentences_of(passage)])
        np.testing.assert_allclose(sentences[id], of_sentences, atol=1e-3)
    for mark in (*MARKS, "sjiraff"):
        having = {id for id, kept in expected.items() if mark in kept.content}
        by_words = generation.keywords.search(mark, "stems", 1000)
        assert {passages[id].document_id for id, _ in by_words} == having
        found = search(generation, mark, FakeModel().query(mark), 50)
        assert {hit.source.id for hit in found if mark in hit.passage.text} == having


TestFolder = Folder.TestCase
TestFolder.settings = settings(
    max_examples=int(os.environ.get("STATEFUL_EXAMPLES", "8")),
    stateful_step_count=int(os.environ.get("STATEFUL_STEPS", "14")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
