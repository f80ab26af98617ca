"""The job: read -> split -> embed -> publish."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from assistant.catalogue import Catalogue
from assistant.embedding import Passages, open_passages
from assistant.errors import FileError, FileTooLarge, OtherFormat, UnreadableFile
from assistant.index import FORMAT, Folders, Manifest
from assistant.types import Document, Passage
from ingest import split as splitter
from ingest.changes import Changes, Found, find_changes
from ingest.publish import Draft, clear_away, only_writer
from ingest.read import recipe as reading_recipe
from ingest.read.isolated import IsolatedReader
from ingest.replaced import resolve

_BATCH = 2000
"""Passages that are embedded and written at a time; what bounds the job's memory."""


@dataclass(frozen=True, slots=True)
class Options:
    """`only` names files and folders in the corpus to look at; empty for all of it."""

    corpus: Path
    data: Path
    embedding_model: str
    chroma_url: str
    max_file_mb: int
    keep_generations: int
    only: tuple[Path, ...] = ()
    read_seconds: float = 60.0
    read_memory_mb: int = 2000


@dataclass(frozen=True, slots=True)
class Failure:
    """`read` says that the document is in the index all the same, and only something said of it is wrong."""

    path: str
    error: FileError
    read: bool = False


@dataclass(frozen=True, slots=True)
class Warned:
    path: str
    warning: str


@dataclass(slots=True)
class Outcome:
    """What a run did. `generation` is None when there is nothing to publish and never was."""

    generation: str | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run is: `done` of `total` in a stage (documents read, texts embedded)."""

    stage: str
    done: int
    total: int


Report = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class _Read:
    found: Found
    document: Document
    sidecar_sha256: str
    data: bytes
    passages: tuple[Passage, ...]


def run(options: Options, report: Report) -> Outcome:
    """Bring the index up to date with the folder. Raises NoSuchFolder, AlreadyRunning,
    ModelUnavailable, VectorStoreUnavailable, IndexDamaged; then nothing was published."""
    started = time.monotonic()
    folders = Folders(options.data)
    recipe = recipe_of(options)
    with only_writer(folders):
        before = _before(folders)
        anew = before is None or before.recipe != recipe
        changes = find_changes(options.corpus, _fingerprints(folders, before), anew, options.only)
        outcome = Outcome(unchanged=len(changes.unchanged))
        if changes:
            _update(options, folders, None if anew else before, changes, recipe, report, outcome)
        name = folders.current_name()
        if name is not None:
            manifest = folders.manifest(name)
            outcome.generation = name
            outcome.failed += _wrong_replacements(folders, name)
            outcome.documents, outcome.passages = manifest.documents, manifest.passages
    outcome.seconds = time.monotonic() - started
    return outcome


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


def _fingerprints(folders: Folders, before: Manifest | None) -> dict[str, tuple[str, str]]:
    if before is None:
        return {}
    catalogue = Catalogue.open(folders.generation(before.name) / "catalogue.sqlite")
    try:
        return catalogue.fingerprints()
    finally:
        catalogue.close()


def _wrong_replacements(folders: Folders, name: str) -> list[Failure]:
    """What documents say they replace and cannot: told at every run, until it is put right."""
    catalogue = Catalogue.open(folders.generation(name) / "catalogue.sqlite")
    try:
        found = resolve(catalogue.sources(), catalogue.replacements())
    finally:
        catalogue.close()
    return [Failure(path, error, read=True) for path, error in found.wrong]


def _update(
    options: Options,
    folders: Folders,
    base: Manifest | None,
    changes: Changes,
    recipe: str,
    report: Report,
    outcome: Outcome,
) -> None:
    """Build and publish a generation; `base` is the one to copy, None to start from nothing."""
    added = {found.id for found in changes.added}
    files = [*changes.added, *changes.changed]
    read = _read_all(files, options, report, outcome)
    first = next(read, None)
    if first is None and not changes.removed and base is not None:
        return  # nothing but failures: the generation in use stays as it is
    if first is None and base is None:
        return
    model: Passages | None = None
    dimension = base.dimension if base else 0
    draft = Draft(folders, base, options.chroma_url)
    try:
        for id in changes.removed if base else ():
            draft.remove(id)
        outcome.removed = len(changes.removed)
        for batch in _batches(chain([first] if first else [], read)):
            report(Step("model", 0, 1))
            model = model or open_passages(options.embedding_model)
            dimension = _write(draft, model, batch, report)
            for item in batch:
                if item.found.id in added:
                    outcome.added += 1
                else:
                    outcome.changed += 1
                outcome.embedded += len(item.passages)
        report(Step("publish", 0, 1))
        draft.publish(options.embedding_model, dimension, recipe)
    except BaseException:
        draft.discard()
        raise
    clear_away(folders, options.keep_generations, options.chroma_url)


def _read_all(files: Sequence[Found], options: Options, report: Report, outcome: Outcome) -> Iterator[_Read]:
    """The files that can be read, split; those that cannot are named in `outcome`."""
    max_mb = options.max_file_mb
    reader = IsolatedReader(options.read_seconds, options.read_memory_mb)
    for number, found in enumerate(files, 1):
        try:
            if found.size > max_mb * 1_000_000:
                raise FileTooLarge(found.path, found.size / 1_000_000, max_mb)
            data = found.file.read_bytes()
            sidecar = found.sidecar.read_bytes() if found.sidecar else None
            document, warnings = reader.read(data, found.path, sidecar, max_mb)
        except FileError as error:
            outcome.failed.append(Failure(found.path, error))
        except OSError as error:
            outcome.failed.append(Failure(found.path, UnreadableFile(found.path, error.strerror or "")))
        else:
            outcome.warnings += [Warned(found.path, warning) for warning in warnings]
            sidecar_sha256 = hashlib.sha256(sidecar).hexdigest() if sidecar is not None else ""
            yield _Read(found, document, sidecar_sha256, data, splitter.split(document))
        report(Step("read", number, len(files)))


def _batches(read: Iterator[_Read]) -> Iterator[list[_Read]]:
    """Documents together until they hold enough passages to be worth a round of embedding."""
    batch: list[_Read] = []
    passages = 0
    for item in read:
        batch.append(item)
        passages += len(item.passages)
        if passages >= _BATCH:
            yield batch
            batch, passages = [], 0
    if batch:
        yield batch


def _write(draft: Draft, model: Passages, batch: Sequence[_Read], report: Report) -> int:
    """Embed a batch and put it into the draft; returns the vectors' dimension."""
    passages = [passage for item in batch for passage in item.passages]
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        report(Step("embed", done, len(passages)))

    embedded = iter(model.passages(passages, progress))
    for item in batch:
        mine = [next(embedded) for _ in item.passages]
        draft.keep_original(item.document.source.sha256, item.data)
        draft.add(
            item.document,
            item.sidecar_sha256,
            item.passages,
            np.stack([one.passage for one in mine]),
            [one.sentences for one in mine],
        )
    return int(mine[0].passage.shape[0])
