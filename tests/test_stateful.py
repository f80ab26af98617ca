"""Random changes of the folder, runs, runs that are killed, and rollbacks, against a model that is a dictionary.

After each, the index holds exactly what the folder held at the last publication, in the catalogue, the vectors, the
keywords, the viewer and the copies of the files; in the data folder alone and with a Chroma server. To run it long,
some 10,000 steps in all:

    STATEFUL_EXAMPLES=200 STATEFUL_STEPS=50 pytest tests/test_stateful.py"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from assistant.errors import CorpusEmptied, NothingToRollBack
from ingest.job import run
from ingest.publish import has_leftovers, roll_back
from ingest.read import document_id
from tests.fakes import Workshop
from tests.holding import (
    NAMES,
    NO_DOCUMENTS,
    NOWHERE,
    TEXTS,
    TITLES,
    CountingModel,
    Identity,
    Kept,
    composed,
    contents,
    embedded_in,
    holds,
    otherwise,
    place_of,
)
from tests.killing import InProcess, Killed, Killer
from tests.stores import clear, collections, everywhere

names = st.sampled_from(NAMES)
texts = st.sampled_from(TEXTS)
_SETTLE = 60.0
"""Seconds that a file must have lain still where one is being written."""


class Folder(RuleBasedStateMachine):
    chroma_url = ""
    steps = killed = 0
    """Over all examples."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(dir=os.environ.get("STATEFUL_DIR")))
        self.workshop = Workshop(self.root, self.chroma_url)
        self.corpus = self.workshop.corpus
        self.folders = self.workshop.folders
        self.outside = self.root / "utenfor"
        self.outside.mkdir()
        (self.outside / "hemmelig.md").write_text(f"Ikke noe for andre om {NOWHERE}.")
        self.model = CountingModel()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("ingest.job.open_passages", lambda model: self.model)
        self.patch.setattr("ingest.job.IsolatedReader", InProcess)
        # Whether a file lies still is told by its time here, and no run waits for it.
        self.patch.setattr("ingest.job.let_settle", lambda files, seconds: None)
        # The texts differ in size, so that a hash may be relied on at once; else none would be, so fast do steps go.
        self.patch.setattr("ingest.seen.MARGIN", 0)
        self.published: dict[str, dict[str, Kept]] = {}
        self.embedded: dict[str, set[tuple[str, str]]] = {}
        """Of each generation, what of which document and of which content has been embedded."""
        self.ids: dict[Identity, str] = {}
        self.checked = ""

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.root)
        if self.chroma_url:
            clear(self.chroma_url)  # the next example's generations may be named alike

    # --- the folder ---

    def _place(self, name: str) -> Path:
        return place_of(self.corpus, name)

    def _freed(self, name: str) -> Path:
        """A place where nothing lies, in a folder that is there."""
        place = self._place(name)
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        return place

    @rule(name=names, text=texts)
    def write(self, name: str, text: str) -> None:
        """Through a link, too, as long as that leads somewhere."""
        place = self._place(name)
        (place if place.exists() else self._freed(name)).write_text(text)

    @rule(name=names)
    def break_it(self, name: str) -> None:
        if self._place(name).exists():
            self._place(name).write_bytes(b"")

    @rule(name=names)
    def delete(self, name: str) -> None:
        self._place(name).unlink(missing_ok=True)

    @rule(name=names, to=names)
    def move(self, name: str, to: str) -> None:
        place, target = self._place(name), self._place(to)
        if place.exists():
            target.parent.mkdir(exist_ok=True)
            place.rename(target)

    @rule(name=names)
    def write_its_nameotherwise(self, name: str) -> None:
        place = self._place(name)
        if place.exists():
            place.rename(otherwise(place))

    @rule(name=st.sampled_from([name for name in NAMES if "å" in composed(name)]), text=texts)
    def write_its_name_twice(self, name: str, text: str) -> None:
        place = self._place(name)
        if place.exists():
            otherwise(place).unlink(missing_ok=True)
            otherwise(place).write_text(text)

    @rule(name=names, to=names)
    def copy(self, name: str, to: str) -> None:
        content = self._place(name).read_bytes() if self._place(name).exists() else None
        if content is not None:
            self._freed(to).write_bytes(content)

    @rule(name=names, to=st.sampled_from((*NAMES, "../utenfor/hemmelig.md", "ingenting.md")))
    def link(self, name: str, to: str) -> None:
        """To another document, to itself, out of the folder, to nothing."""
        self._freed(name).symlink_to(self._place(to))

    @rule(name=names, to=names)
    def link_hard(self, name: str, to: str) -> None:
        file, place = Path(os.path.realpath(self._place(to))), self._freed(name)
        if file.exists():  # it may just have been freed
            place.hardlink_to(file)

    @rule(to=st.sampled_from(("mappe", "../utenfor")))
    def link_a_folder(self, to: str) -> None:
        (self.corpus / "lenke").unlink(missing_ok=True)
        (self.corpus / "lenke").symlink_to(self.corpus / to)

    @rule(name=names, title=st.sampled_from((*TITLES, None)))
    def tell_of(self, name: str, title: str | None) -> None:
        sidecar = self._place(f"{name}.yaml")
        if title is None:
            sidecar.unlink(missing_ok=True)
        elif self._place(name).exists():
            sidecar.write_text(f"title: {title}\n")

    @rule(name=st.sampled_from(NO_DOCUMENTS))
    def leave_something_else(self, name: str) -> None:
        (self.corpus / name).write_text(f"Ikke noe dokument om {NOWHERE}.")

    # --- the job ---

    def _before(self) -> dict[str, Kept]:
        return self.published.get(self.folders.current_name() or "", {})

    def _is_emptied(self) -> bool:
        """Then a run refuses, unless it is told that this is meant."""
        lies = contents(self.corpus)
        return bool(self._before()) and not (lies.documents or lies.alone)

    def _expected(self, settle: float = 0.0) -> tuple[dict[str, Kept], set[str]]:
        """What a run over the folder as it is should publish, and what it should tell of, by path."""
        before, lies = self._before(), contents(self.corpus)
        expected, wrong = {}, {*lies.alone, *lies.twice}
        for path, lying in lies.documents.items():
            was = before.get(path)
            new = Kept(lying.content, lying.title, unread=False)
            is_new = was is None or new != replace(was, unread=False)
            is_fresh = is_new and time.time() - lying.modified < settle
            if is_fresh or not lying.content:
                wrong.add(path)
            if lying.content and not is_fresh:
                expected[path] = new
            elif was is not None:
                expected[path] = was if is_fresh else replace(was, unread=True)
        return expected, wrong

    def _note(self, expected: dict[str, Kept]) -> None:
        name = self.folders.current_name()
        if name is not None:
            self.published.setdefault(name, expected)
            assert self.published[name] == expected

    def _ingest(self, settle: float = 0.0) -> None:
        had = self.folders.current_name()
        expected, wrong = self._expected(settle)
        self.model.embedded.clear()
        outcome = run(replace(self.workshop.options, settle_seconds=settle), lambda step: None)
        self._note(expected)
        assert {composed(failure.path) for failure in outcome.failed} == wrong
        if had is not None or expected:
            assert outcome.documents == len(expected)
            assert outcome.unread == sum(kept.unread for kept in expected.values())
        contents_of = {document_id(path): kept.content for path, kept in expected.items()}
        anew = self.model.embedded | {(contents_of[id], text) for id, text in self.model.embedded}
        assert not anew & self.embedded.get(had or "", set()), "embedded again"
        assert not has_leftovers(self.folders)
        line = [*self.folders.line()]
        assert len(line) <= 2, "bounded"
        assert not self.chroma_url or collections(self.chroma_url) == sorted(line)
        assert not (self.workshop.data / "embedded.sqlite").exists() or outcome.generation == had
        again = run(replace(self.workshop.options, settle_seconds=settle), lambda step: None)
        assert (again.generation, again.added, again.changed, again.removed) == (outcome.generation, 0, 0, 0)

    @rule(full=st.booleans())
    def ingest(self, full: bool) -> None:
        had = self.folders.current_name()
        self.workshop.options = replace(self.workshop.options, full_check=full, allow_empty=False)
        if self._is_emptied():
            with pytest.raises(CorpusEmptied):
                run(self.workshop.options, lambda step: None)
            assert self.folders.current_name() == had
            self.workshop.options = replace(self.workshop.options, allow_empty=True)
        self._ingest()

    @rule(name=names, text=texts)
    def ingest_while_one_is_written(self, name: str, text: str) -> None:
        for file in self.corpus.rglob("*"):
            if file.is_file():
                os.utime(file, (0, 0))
        self.write(name, text)
        self._ingest(_SETTLE)

    @rule(name=names, text=texts, at=st.integers(0, 40))
    def ingest_killed_early(self, name: str, text: str, at: int) -> None:
        self._ingest_killed(name, text, at)

    @rule(name=names, text=texts, at=st.integers(40, 100))
    def ingest_killed_late(self, name: str, text: str, at: int) -> None:
        self._ingest_killed(name, text, at)

    def _ingest_killed(self, name: str, text: str, at: int) -> None:
        self.write(name, text)  # so that there is something to do
        if self._is_emptied():  # it was written through a link that leads out
            return
        expected, _ = self._expected()
        before = self.folders.current_name()
        with pytest.MonkeyPatch.context() as patch:
            Killer(patch, at)
            try:
                run(self.workshop.options, lambda step: None)
            except Killed:
                type(self).killed += 1
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
        type(self).steps += 1
        name = self.folders.current_name()
        if name is None or name == self.checked:
            return
        self.checked = name
        with self.workshop.reading() as generation:
            assert generation.name == name
            holds(generation, self.published[name], self.ids)
            if name not in self.embedded:
                self.embedded[name] = embedded_in(generation)


@everywhere
def test_the_index_holds_what_the_folder_held(
    store: str, record_property: Callable[[str, object], None]
) -> None:
    class Here(Folder):
        chroma_url = store

    examples = int(os.environ.get("STATEFUL_EXAMPLES", "6"))
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=max(2, examples // 4) if store else examples,  # the first is trivial
            stateful_step_count=int(os.environ.get("STATEFUL_STEPS", "14")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for name in ("steps", "killed"):
        record_property(name, getattr(Here, name))
