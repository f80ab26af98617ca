"""Generations: what `python -m ingest` publishes and everybody else reads.

    data/current                  the name of the generation in use; replaced atomically
    data/generations/<name>/      generation.json, catalogue.sqlite, segments/, keywords/, vectors/
    data/originals/<sha256>       the files as they were when they were read

Nobody writes to a published generation. `Index.reading` gives out the current one and keeps it open
until its last reader is done, however many are published meanwhile."""

from __future__ import annotations

import copy
import fcntl
import json
import math
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant.access import Groups, group_of
from assistant.catalogue import Catalogue
from assistant.errors import (
    DocumentNotFound,
    IndexDamaged,
    NoIndex,
    OtherFormat,
    OtherModel,
    VectorStoreUnavailable,
)
from assistant.filters import passes as passes
from assistant.keywords import Field, Keywords
from assistant.moments import written_time
from assistant.types import Document, Filters, Source
from assistant.vectors import Vectors

FORMAT = 7
"""Of the files in a generation; raise it when a reader of the old ones would go wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself. `recipe` names what decided its passages and vectors: when
    it is another, nothing of the generation can be kept. `created` is ISO 8601 UTC. `follows` is the generation
    that was in use when this one was published, "" for the first: a rollback goes there. `unread` documents are last
    good versions."""

    name: str
    created: str
    embedding_model: str
    dimension: int
    recipe: str
    documents: int
    passages: int
    follows: str = ""
    unread: int = 0
    format: int = FORMAT


class Folders:
    """Where things are under the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data = data_dir
        self.current = data_dir / "current"
        self.generations = data_dir / "generations"
        self.originals = data_dir / "originals"
        self.lock = data_dir / "ingest.lock"

    def generation(self, name: str) -> Path:
        return self.generations / name

    def original(self, sha256: str) -> Path:
        return self.originals / sha256

    def current_name(self) -> str | None:
        """The published generation's name; None before the first."""
        try:
            return self.current.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def manifest(self, name: str) -> Manifest:
        path = self.generation(name) / "generation.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content.get("format") != FORMAT:
                raise OtherFormat(name)
            return Manifest(**content)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise IndexDamaged(str(path), str(error)) from error

    def line(self) -> Iterator[str]:
        """The names of the current generation, of the one it followed, and so on, as far as they are there. Of one
        that does not say what it followed, it is the next older."""
        name = self.current_name() or ""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            if (self.generation(name) / "generation.json").exists():
                yield name
            try:
                name = self.manifest(name).follows
            except (OtherFormat, IndexDamaged):
                there = (path.parent.name for path in self.generations.glob("*/generation.json"))
                name = max((other for other in there if other < name), default="")

    def write_manifest(self, manifest: Manifest) -> None:
        path = self.generation(manifest.name) / "generation.json"
        path.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


class Generation:
    """An open generation. Close it only when nobody reads it; `Index` sees to that."""

    def __init__(self, folders: Folders, name: str, chroma_url: str) -> None:
        folder = folders.generation(name)
        self.name = name
        self.originals = folders.originals
        with ExitStack() as opened:  # closes what was opened when a later part cannot be
            self._held = opened.enter_context(held(folder))  # first: from here on nobody removes it
            self.manifest = folders.manifest(name)
            self.catalogue = Catalogue.open(folder / "catalogue.sqlite")
            opened.callback(self.catalogue.close)
            self.keywords = Keywords.open(folder / "keywords")
            self.vectors = Vectors.open(folder / "vectors", chroma_url, name)
            opened.callback(self.vectors.close)
            self.sources: dict[str, Source] = {source.id: source for source in self.catalogue.sources()}
            opened.pop_all()
        self.groups: Groups = None
        self._seen: dict[frozenset[str], Generation] = {}

    def seen_by(self, groups: Groups) -> Generation:
        """This generation with the documents of `groups` and no others. It shares what this one has open, and
        is not closed by itself."""
        if groups is None:
            return self
        if groups not in self._seen:
            seen = copy.copy(self)
            seen.sources = _of_groups(self.sources, groups)
            seen.groups, seen._seen = groups, {}
            self._seen[groups] = seen
        return self._seen[groups]

    def original(self, source: Source) -> Path:
        """The file as it was when this generation read it."""
        return self.originals / source.sha256

    def ingested(self, source: Source) -> str:
        """When the file, as it is, was first read: ISO 8601 UTC. "" where its copy is gone."""
        try:
            seconds = self.original(source).stat().st_mtime
        except OSError:
            return ""
        return written_time(seconds)

    def allowed(self, filters: Filters) -> tuple[str, ...]:
        """The ids of the documents that `filters` lets through."""
        return tuple(id for id, source in self.sources.items() if passes(source, filters))

    def only(self, filters: Filters | None) -> tuple[str, ...] | None:
        """The ids that a search has to keep to; None where it may look everywhere."""
        return self.allowed(filters or Filters()) if filters or self.groups is not None else None

    def document(self, id: str) -> Document:
        """Raises DocumentNotFound."""
        document = self.catalogue.document(id) if id in self.sources else None
        if document is None:
            raise DocumentNotFound(id)
        return replace(document, source=self.sources[id])

    def rarity(self, field: Field, term: str) -> float:
        """The weight that BM25 gives a stem or gram: the rarer it is, the larger."""
        # The keyword index counts passages that were replaced until it merges them away.
        holding = min(self.keywords.frequency(field, term), self.manifest.passages)
        return math.log1p((self.manifest.passages - holding + 0.5) / (holding + 0.5))

    def close(self) -> None:
        self.vectors.close()
        self.catalogue.close()
        self._held.close()


def _of_groups(sources: Mapping[str, Source], groups: frozenset[str]) -> dict[str, Source]:
    """Those that are seen; that a document was superseded by one that is not, is not told."""
    seen = {id: source for id, source in sources.items() if group_of(source.path) in groups}
    return {
        id: source if source.superseded_by in seen else replace(source, superseded_by=None)
        for id, source in seen.items()
    }


def held(folder: Path) -> BinaryIO:
    """The generation's manifest, open, with a lock that tells others that it is read. Raises IndexDamaged."""
    path = folder / "generation.json"
    try:
        file = path.open("rb")
        fcntl.flock(file, fcntl.LOCK_SH)
    except OSError as error:
        raise IndexDamaged(str(path), error.strerror or str(error)) from error
    if os.fstat(file.fileno()).st_nlink == 0:  # it was being removed while we waited for the lock
        file.close()
        raise IndexDamaged(str(path), "it has just been removed")
    return file


def in_use(folders: Folders, name: str) -> bool:
    """Whether any process has the generation open."""
    try:
        with (folders.generation(name) / "generation.json").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # never finished
    return False


def withdraw(folders: Folders, name: str) -> bool:
    """Let nobody open the generation any more, so that its folder may be removed. False when some process
    reads it."""
    path = folders.generation(name) / "generation.json"
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()  # under the lock: who has opened it meanwhile sees that it is gone
    except BlockingIOError:
        return False
    except FileNotFoundError:
        pass  # never finished
    return True


@dataclass(slots=True)
class _Last:
    """The generation that was given out last; `is_older` where it is not the current one, which another model
    made."""

    name: str = ""
    is_older: bool = False


class Index:
    """The current generation, for any number of threads."""

    def __init__(self, data_dir: Path, embedding_model: str, chroma_url: str = "") -> None:
        self.folders = Folders(data_dir)
        self._model = embedding_model
        self._chroma_url = chroma_url
        self._lock = threading.Lock()
        self._readers: dict[str, int] = {}
        self._open: dict[str, Generation] = {}
        self._groups: Groups = None
        self._last = _Last()

    def seen_by(self, groups: Groups) -> Index:
        """The same index, of which `reading` gives out the documents of `groups` alone."""
        seen = copy.copy(self)
        seen._groups = groups
        return seen

    @property
    def groups(self) -> Groups:
        """Whose documents `reading` gives out; None for all."""
        return self._groups

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The generation that is current now, open until the block ends.

        Raises NoIndex, OtherModel, OtherFormat, IndexDamaged, VectorStoreUnavailable."""
        generation = self._acquire()
        try:
            yield generation.seen_by(self._groups)
        finally:
            self._release(generation)

    def close(self) -> None:
        """Close what no reader holds."""
        with self._lock:
            self._close_unread(keep=None)

    def _acquire(self) -> Generation:
        while True:
            current = self.folders.current_name()
            if current is None:
                raise NoIndex(str(self.folders.data))
            with self._lock:
                try:
                    generation = self._opened(current)
                except (IndexDamaged, VectorStoreUnavailable):
                    if self.folders.current_name() == current:
                        raise
                    continue  # others were published, and this one removed, between the two
                self._readers[generation.name] = self._readers.get(generation.name, 0) + 1
                self._last.name = generation.name
                self._close_unread(keep=generation.name)
                return generation

    def _opened(self, current: str) -> Generation:
        """The generation `current`; when it was made with another model, the latest before it that was made
        with ours: whoever has changed the setting restarts the service, which answers until then."""
        if current in self._open:
            self._last.is_older = False
            return self._open[current]
        made_with = self.folders.manifest(current).embedding_model
        self._last.is_older = made_with != self._model
        if not self._last.is_older:
            return self._open.setdefault(current, Generation(self.folders, current, self._chroma_url))
        if self._last.name in self._open:
            return self._open[self._last.name]
        for name in self.folders.line():
            if self.folders.manifest(name).embedding_model == self._model:
                return self._open.setdefault(name, Generation(self.folders, name, self._chroma_url))
        raise OtherModel(made_with, self._model)

    def _release(self, generation: Generation) -> None:
        with self._lock:
            self._readers[generation.name] -= 1
            self._close_unread(keep=self._last.name if self._last.is_older else self.folders.current_name())

    def _close_unread(self, keep: str | None) -> None:
        for name in [n for n in self._open if n != keep and not self._readers.get(n)]:
            self._open.pop(name).close()
            self._readers.pop(name, None)


def publish(folders: Folders, name: str) -> None:
    """Make `name` the current generation: one atomic replacement, on disk when this returns."""
    aside = folders.current.with_suffix(".new")
    with aside.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, folders.current)
    sync_folder(folders.data)


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
