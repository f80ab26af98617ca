"""The job: read -> split -> embed -> publish."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from assistant import vectors as vector_store
from assistant.catalogue import Catalogue, Known
from assistant.embedding import Passages, open_passages
from assistant.errors import (
    CorpusEmptied,
    FileError,
    FileStillWritten,
    IndexNotWritten,
    NoSuchFolder,
    OtherFormat,
    VectorStoreUnavailable,
)
from assistant.index import FORMAT, Folders, Manifest
from ingest import split as splitter
from ingest.changes import WEB, Changes, find_changes, lies_at
from ingest.cluster import Cluster, connected
from ingest.embed import ROUND, Embedder
from ingest.files import ReadFile, let_settle
from ingest.folder import Found
from ingest.intake import Intake, Part, Taken, batches
from ingest.journal import Journal
from ingest.outcome import Failure as Failure
from ingest.outcome import Options as Options
from ingest.outcome import Outcome as Outcome
from ingest.outcome import Report as Report
from ingest.outcome import Stage as Stage
from ingest.outcome import Step as Step
from ingest.outcome import Warned as Warned
from ingest.publish import Draft, clear_away, has_leftovers, newest, only_writer
from ingest.read import recipe as reading_recipe
from ingest.read.isolated import IsolatedReader
from ingest.replaced import replacements
from ingest.seen import Seen

_BATCH = 2000
"""Passages that are embedded and written at a time, at most; what bounds the job's memory."""


def run(options: Options, report: Report) -> Outcome:
    """Bring the index up to date with the folder. Raises NoSuchFolder, CorpusEmptied, AlreadyRunning,
    ModelUnavailable, VectorStoreUnavailable, IndexDamaged, IndexNotWritten, RayMissing, ClusterUnavailable,
    ClusterDiffers; then nothing was published."""
    started = time.monotonic()
    folders = Folders(options.data)
    recipe = recipe_of(options)
    with ExitStack() as held:
        held.enter_context(only_writer(folders, options.wait_seconds, lambda: report(Step("wait"))))
        seen = held.enter_context(closing(Seen(folders.data / "seen.sqlite", options.full_check)))
        last = newest(folders)
        if has_leftovers(folders):
            clear_away(folders, options.keep_generations, options.chroma_url)
        before = _before(folders)
        known = _known(folders, before)
        _check_paths(options, known)
        anew = before is None or before.recipe != recipe
        unfetched, beside = _web(options, folders)
        changes = find_changes(options.corpus, known, anew, options.only, beside, seen)
        if changes.emptied and not options.allow_empty:
            raise CorpusEmptied(str(options.corpus), len(changes.removed))
        outcome = Outcome(unchanged=len(changes.unchanged) + len(changes.hidden), moved=changes.moved, failed=unfetched)
        _Run(options, folders, before, recipe, known, changes, report, outcome, last, seen).update()
        if not options.only:
            seen.forget_others()
        name = folders.current_name()
        if name is not None:
            manifest = folders.manifest(name)
            outcome.generation = name
            outcome.failed += _wrong_replacements(folders, name)
            outcome.documents, outcome.passages, outcome.unread = manifest.documents, manifest.passages, manifest.unread
    outcome.seconds = time.monotonic() - started
    return outcome


def _web(options: Options, folders: Folders) -> tuple[list[Failure], dict[str, Path]]:
    """Fetch what the corpus lists: what went wrong, and the folder of the copies by the name that it has."""
    if not options.web_sources:
        return [], {}
    from ingest import web  # only who asks for it loads an HTTP client

    if os.path.isdir(options.corpus) and not options.only:
        unfetched = web.renew(options.corpus, folders.data / "web", options.max_file_mb)
    else:
        unfetched = []
    failures = [Failure(one.url, one.error, kept=one.kept) for one in unfetched]
    return failures, {WEB: folders.data / "web"}


def _check_paths(options: Options, known: Mapping[str, Known]) -> None:
    """A path that is asked for must be there, or have been. Raises NoSuchFolder."""
    root = options.corpus.resolve()
    for path in options.only:
        at = path.resolve().relative_to(root).as_posix()
        if not path.exists() and not any(f"{one.path}/".startswith(f"{at}/") for one in known.values()):
            raise NoSuchFolder(str(path))


def recipe_of(options: Options) -> str:
    """Everything that decides what a document becomes in the index, and where its vectors lie."""
    place = options.chroma_url or "embedded"
    return f"format {FORMAT}; read {reading_recipe()}; split {splitter.VERSION}; {options.embedding_model}; {place}"


def _before(folders: Folders) -> Manifest | None:
    name = folders.current_name()
    if name is None:
        return None
    try:
        return folders.manifest(name)
    except OtherFormat:
        return None  # everything is read again


def _known(folders: Folders, before: Manifest | None) -> dict[str, Known]:
    if before is None:
        return {}
    with closing(Catalogue.open(folders.generation(before.name) / "catalogue.sqlite")) as catalogue:
        return catalogue.known()


def _wrong_replacements(folders: Folders, name: str) -> list[Failure]:
    """What documents say they replace and cannot: told at every run, until it is put right."""
    with closing(Catalogue.open(folders.generation(name) / "catalogue.sqlite")) as catalogue:
        found = replacements(catalogue)
    return [Failure(path, error, read=True) for path, error in found.wrong]


@dataclass(slots=True)
class _Run:
    """One run of the job, from what has changed to a published generation."""

    options: Options
    folders: Folders
    before: Manifest | None
    recipe: str
    known: Mapping[str, Known]
    changes: Changes
    report: Report
    outcome: Outcome
    last: str
    """The newest name a generation has had."""
    seen: Seen
    done: int = 0
    total: int = 0
    vectored: int = 0
    """Of the passages of the documents so far, which are counted next."""
    passages: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    """The codes of errors by the ids of documents whose last good version stays."""
    cluster: Cluster | None = None
    """What reads and embeds in place of this process."""

    def update(self) -> None:
        """Build and publish a generation, if anything of it would be new."""
        for path, error in self.changes.wrong:
            kept = any(lies_at(self.known[id].path, path) for id in self.changes.hidden)
            self.outcome.failed.append(Failure(path, error, kept=kept))
        self.unread |= self.changes.hidden
        base = self.before if self.before is not None and self.before.recipe == self.recipe else None
        files = [*self.changes.added, *self.changes.changed, *self._copies(base)]
        let_settle(files, self.options.settle_seconds)
        self.total = len(files)
        reader = IsolatedReader(self.options.read_seconds, self.options.read_memory_mb)
        copies = self.known if base is None else {}
        with ExitStack() as opened:
            if self.options.ray and files:
                self.cluster = opened.enter_context(connected(self.options.ray))
            intake = Intake(self.options, self.folders, reader, copies, self.cluster)
            ahead = opened.enter_context(intake.ahead(files))
            read = self._read_all(ahead)
            first = next(read, None)
            if first is not None or (base is not None and self._is_outdated(base)):
                self._build(base, batches(chain([first] if first else [], read), ahead, min(ROUND, _BATCH), _BATCH))

    def _is_outdated(self, base: Manifest) -> bool:
        """Whether something but new files asks for another generation."""
        if self.changes.removed or self._marks() != self._old_marks():
            return True
        url = self.options.chroma_url  # a server may have lost what it held
        return bool(url) and vector_store.rows(url, base.name) != base.passages

    def _copies(self, base: Manifest | None) -> Iterator[Found]:
        """What nothing but our own copy can be read of, when everything is read anew."""
        for id in self.changes.hidden if base is None else ():
            known = self.known[id]
            yield Found(known.path, self.folders.original(known.sha256), None, 0)

    def _build(self, base: Manifest | None, read: Iterator[list[Part]]) -> None:
        """`base` is the generation to copy, None to start from nothing."""
        options, folders = self.options, self.folders
        with ExitStack() as opened:
            opened.enter_context(_writing(options))
            journal = Journal(folders.data / "embedded.sqlite", options.embedding_model)
            opened.callback(journal.close)
            embedder = Embedder(self._open_model, journal, self._earlier(opened))
            copied = folders.generation(base.name) if base else None
            draft = Draft(folders, copied, options.chroma_url, self.last)
            try:
                self._fill(draft, base, embedder, read)
            except BaseException:
                draft.discard()
                raise
            journal.discard()
        clear_away(folders, options.keep_generations, options.chroma_url)

    def _fill(self, draft: Draft, base: Manifest | None, embedder: Embedder, read: Iterator[list[Part]]) -> None:
        dimension = base.dimension if base else 0
        for id in self.changes.removed if base else ():
            draft.remove(id)
        self.outcome.removed = len(self.changes.removed)
        for batch in read:
            dimension = self._write(draft, embedder, batch)
        self._tell("publish")
        draft.mark_unread(self._marks())
        draft.publish(self.options.embedding_model, dimension, self.recipe)

    def _tell(self, stage: Stage) -> None:
        self.report(Step(stage, self.done, self.total, self.vectored, self.passages))

    def _open_model(self) -> Passages:
        self._tell("model")
        if self.cluster is not None:
            return self.cluster.passages(open_passages, self.options.embedding_model)
        return open_passages(self.options.embedding_model)

    def _earlier(self, opened: ExitStack) -> Catalogue | None:
        """What the same model has embedded before; read from the published generation, which nobody changes."""
        if self.before is None or self.before.embedding_model != self.options.embedding_model:
            return None
        catalogue = Catalogue.open(self.folders.generation(self.before.name) / "catalogue.sqlite")
        opened.callback(catalogue.close)
        return catalogue

    def _marks(self) -> dict[str, str]:
        """`Source.unread` by id. What was not looked at stays as it was."""
        apart = set(self.changes.apart)
        return {id: code for id, code in self._old_marks().items() if id in apart} | self.unread

    def _old_marks(self) -> dict[str, str]:
        return {id: known.unread for id, known in self.known.items() if known.unread is not None}

    def _read_all(self, ahead: Iterable[Taken]) -> Iterator[ReadFile]:
        """The files that can be read, split; those that cannot are named in `outcome`."""
        for taken in ahead:
            self.done += 1
            if taken.error is not None:
                self._fail(taken, taken.error)
            elif taken.read is not None and taken.found.sight is not None:
                self.seen.note(
                    taken.found.file, taken.found.sight, taken.read.sight, taken.read.document.source.sha256
                )
            self.outcome.warnings += [Warned(taken.found.path, warning) for warning in taken.warnings]
            self._tell("read")
            if taken.read is not None:
                yield taken.read

    def _fail(self, taken: Taken, error: FileError) -> None:
        """Name the file; its last good version is kept, as the generation before has it or as it was read once
        more from our copy, where that generation cannot be built upon."""
        known = self.known.get(taken.found.id)
        anew = self.before is not None and self.before.recipe != self.recipe
        kept = known is not None and (taken.read is not None or not anew)
        self.outcome.failed.append(Failure(taken.found.path, error, kept=kept))
        # A file that is still being written is no fault, and done in a moment.
        code = error.code if not isinstance(error, FileStillWritten) else known.unread if known else None
        if kept and code is not None:
            self.unread[taken.found.id] = code

    def _write(self, draft: Draft, embedder: Embedder, batch: Sequence[Part]) -> int:
        """Embed a batch and put it into the draft; returns the vectors' dimension."""
        dimension, before = 0, self.passages

        def progress(done: int, total: int) -> None:
            self.vectored, self.passages = before + done, before + total
            self._tell("embed")

        vectored = embedder.embed([(part.file.document.source, part.passages) for part in batch], progress)
        for part, mine in zip(batch, vectored, strict=True):
            if part.is_first:
                self._begin(draft, part.file)
            whole = np.stack([one.passage for one in mine.embedded])
            draft.add_passages(part.passages, whole, [one.sentences for one in mine.embedded])
            dimension = int(whole.shape[1])
            self.outcome.embedded += mine.anew
            self.outcome.reused += len(mine.embedded) - mine.anew
        return dimension

    def _begin(self, draft: Draft, file: ReadFile) -> None:
        draft.add(file.document, file.sidecar_sha256, len(file.passages))
        if file.found.id in self.known:
            self.outcome.changed += 1
        else:
            self.outcome.added += 1


@contextmanager
def _writing(options: Options) -> Iterator[None]:
    """Embedded, the vector store is a folder: what goes wrong while it is written is the disk's fault."""
    try:
        yield
    except VectorStoreUnavailable as error:
        if options.chroma_url:
            raise
        raise IndexNotWritten(str(options.data), str(error.values["detail"])) from error
