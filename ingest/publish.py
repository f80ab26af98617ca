"""Build a new generation aside, check it, make it the current one, and clear away old ones."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant import moments, segments
from assistant import vectors as vector_store
from assistant.catalogue import Catalogue
from assistant.embedding import Floats
from assistant.errors import AlreadyRunning, IndexDamaged, IndexNotWritten, NothingToRollBack
from assistant.index import Folders, Manifest, publish, sync_folder, withdraw
from assistant.keywords import Keywords, KeywordsWriter
from assistant.types import Document, Passage
from assistant.vectors import Vectors
from ingest.replaced import replacements

_MANY = 1000
"""Passages that go to the vector store together."""
_PROBED = 20
"""Documents of which a passage is looked for before a generation is published."""
_MISSED = 0.1
"""The share of these that may not be found by their own vectors: neighbours are found approximately, by a graph, which
suffers from what is taken out of it. Where more are missed, it is built anew."""
_ITSELF = 0.999
"""The cosine from which two vectors are the same, but for rounding."""

_NAME = re.compile(r"(\d{8}T\d{6}Z)-(\d+)")


@contextmanager
def only_writer(
    folders: Folders, wait: float = 0.0, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """One ingestion job at a time a data folder; another one may `wait` so many seconds, below 0 for as long as
    it takes, and is told that it has to: `waiting`. Raises AlreadyRunning, IndexNotWritten."""
    try:
        folders.data.mkdir(parents=True, exist_ok=True)
        with _taken(FileLock(folders.lock), wait, waiting):
            yield
    except Timeout as error:
        raise AlreadyRunning(str(folders.data)) from error
    except OSError as error:  # a full disk, a folder that may not be written to
        raise IndexNotWritten(str(folders.data), error.strerror or str(error)) from error


def _taken(lock: FileLock, wait: float, waiting: Callable[[], None]) -> AbstractContextManager[object]:
    try:
        return lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise
    waiting()
    return lock.acquire(timeout=wait)


class Draft:
    """A generation that nobody reads yet: the one before, copied, to be changed and then published."""

    def __init__(self, folders: Folders, before: Path | None, chroma_url: str, after: str = "") -> None:
        """`before` is the folder of the generation to copy. The new one's name sorts after `after`, too."""
        self.name = _new_name(folders, after)
        self._folders = folders
        self._chroma_url = chroma_url
        self._folder = folders.generation(self.name)
        self._gone: set[str] = set()
        self._come: list[tuple[Sequence[Passage], Floats]] = []
        self._awaited = 0
        self._folder.mkdir(parents=True)
        with ExitStack() as opened:  # leaves nothing behind when a part cannot be made
            opened.callback(_remove_generation, folders, self.name, "")
            if before is not None:
                self._copy(before)
                self._catalogue = Catalogue.extend(self._folder / "catalogue.sqlite")
            else:
                (self._folder / "keywords").mkdir()
                self._catalogue = Catalogue.create(self._folder / "catalogue.sqlite")
            opened.callback(self._catalogue.close)
            self._catalogue.gather()
            self._vectors, empty = self._open_vectors()
            opened.callback(self._drop_vectors)
            if empty:
                self._refill()
            self._keywords = KeywordsWriter(self._folder / "keywords", new=before is None)
            opened.pop_all()

    def _copy(self, old: Path) -> None:
        shutil.copyfile(old / "catalogue.sqlite", self._folder / "catalogue.sqlite")
        segments.link(old / "segments", self._folder / "segments")
        shutil.copytree(old / "keywords", self._folder / "keywords")
        if not self._chroma_url and (old / "vectors").is_dir():
            vector_store.copy(old / "vectors", self._folder / "vectors")

    def _open_vectors(self) -> tuple[Vectors, bool]:
        """The vectors, and whether they have to be put in."""
        folder = self._folder / "vectors"
        if folder.is_dir():
            return Vectors.open(folder, "", self.name), False
        return Vectors.create(folder, self._chroma_url, self.name), True

    def _drop_vectors(self) -> None:
        self._vectors.close()
        if self._chroma_url:
            vector_store.drop(self._chroma_url, self.name)

    def _refill(self) -> None:
        """On a server, or imported: from what the segments keep."""
        sources = self._catalogue.sources()
        owners = ((id, source.id) for source in sources for id in self._catalogue.passage_ids(source.id))
        while some := dict(islice(owners, _MANY)):
            kept = self._catalogue.vectors(list(some))
            self._vectors.add(list(kept), [some[id] for id in kept], np.array(list(kept.values())))

    def add(self, document: Document, sidecar_sha256: str, passages: int) -> None:
        """Put a document in, in place of an earlier version; its so many passages follow, in any number of goes."""
        self.remove(document.source.id)
        self._catalogue.add(document, sidecar_sha256, passages)
        self._awaited = passages

    def add_passages(self, passages: Sequence[Passage], vectors: Floats, sentence_vectors: Sequence[Floats]) -> None:
        """Of the document put in last. `vectors` has the shape (len(passages), dimension), `sentence_vectors` one
        array of (sentences, dimension) a passage."""
        self._catalogue.add_passages(passages, vectors, sentence_vectors)
        self._come.append((passages, vectors))
        for passage in passages:
            self._keywords.add(passage.id, passage.document_id, passage.indexed_text)
            self._gone.discard(passage.id)
        self._awaited -= len(passages)
        if sum(len(some) for some, _ in self._come) >= _MANY:
            self._send()

    def remove(self, document_id: str) -> None:
        earlier = self._catalogue.passage_ids(document_id)
        if earlier:
            if any(some[0].document_id == document_id for some, _ in self._come):
                self._send()
            self._gone.update(earlier)
            self._keywords.remove(document_id)
        self._catalogue.remove(document_id)

    def _send(self) -> None:
        """To the vector store, many at a time: each call costs it as much as seven passages. What is gone goes last,
        and of a document only when all its passages have come: the graph that finds neighbours joins what comes to
        what is there, and where nothing is left, to nothing."""
        passages = [passage for some, _ in self._come for passage in some]
        if passages:
            vectors = np.concatenate([rows for _, rows in self._come])
            self._vectors.add([p.id for p in passages], [p.document_id for p in passages], vectors)
            self._come = []
        if self._gone and not self._awaited:
            self._vectors.remove(sorted(self._gone))
            self._gone = set()

    def mark_unread(self, codes: Mapping[str, str]) -> None:
        """`codes` has `Source.unread` by the ids of the documents that are last good versions."""
        self._catalogue.mark_unread(codes)

    def publish(self, embedding_model: str, dimension: int, recipe: str) -> Manifest:
        """Finish, check, and make current."""
        self._send()
        self._catalogue.supersede(replacements(self._catalogue).successors)
        self._catalogue.commit()
        self._keywords.commit()
        documents, passages = self._catalogue.counts()
        self._check(passages)
        unread = sum(known.unread is not None for known in self._catalogue.known().values())
        self._vectors.close()
        self._catalogue.close()
        manifest = Manifest(
            name=self.name,
            created=moments.now(),
            embedding_model=embedding_model,
            dimension=dimension,
            recipe=recipe,
            documents=documents,
            passages=passages,
            follows=self._folders.current_name() or "",
            unread=unread,
        )
        self._folders.write_manifest(manifest)
        _sync(self._folder)
        for folder in (self._folders.generations, self._folders.originals):
            if folder.is_dir():
                sync_folder(folder)  # the names of what is in them
        publish(self._folders, self.name)
        return manifest

    def _check(self, passages: int) -> None:
        """Every part must hold the same passages, and passages must be found by their own vectors."""
        keywords = Keywords.open(self._folder / "keywords")
        counts = {"catalogue": passages, "vectors": self._vectors.count(), "keywords": keywords.count()}
        if len(set(counts.values())) > 1:
            raise IndexDamaged(self.name, f"the parts differ: {counts}")
        self._catalogue.check_vectors()
        if self._missed() > _MISSED:
            self._build_anew()
            missed = self._missed()
            if missed > _MISSED:
                raise IndexDamaged(self.name, f"{missed:.0%} of its passages are not found by their own vectors")

    def _missed(self) -> float:
        """The share of some passages that their own vectors do not find."""
        probes = self._catalogue.vectors(self._probes())
        found = [self._vectors.query(vector, 1) for vector in probes.values()]
        return sum(not nearest or nearest[0][1] < _ITSELF for nearest in found) / max(len(found), 1)

    def _probes(self) -> list[str]:
        """A passage of each of some documents, spread over all."""
        sources = self._catalogue.sources()
        some = sources[:: max(1, len(sources) // _PROBED)][:_PROBED]
        return [id for source in some for id in self._catalogue.passage_ids(source.id)[:1]]

    def _build_anew(self) -> None:
        self._drop_vectors()
        shutil.rmtree(self._folder / "vectors", ignore_errors=True)
        self._vectors, _ = self._open_vectors()
        self._refill()

    def discard(self) -> None:
        """Leave nothing behind of a generation that will not be published."""
        self._vectors.close()
        self._catalogue.close()
        with suppress(IndexNotWritten):  # its thread has died of what brought us here
            self._keywords.close()
        if self._folders.current_name() == self.name:
            return  # interrupted after the swap: it is in use
        _remove_generation(self._folders, self.name, self._chroma_url)


def keep_original(folders: Folders, sha256: str, data: bytes) -> None:
    """Put a file's content where generations look for it. On disk when this returns."""
    folders.originals.mkdir(parents=True, exist_ok=True)
    target = folders.original(sha256)
    if target.exists():
        return
    aside = target.with_suffix(".new")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, target)


def generations(folders: Folders) -> list[str]:
    """The names of the finished generations, oldest first."""
    if not folders.generations.is_dir():
        return []
    return sorted(p.parent.name for p in folders.generations.glob("*/generation.json"))


def roll_back(folders: Folders) -> str:
    """Make the generation that the current one followed current; returns its name."""
    current = folders.current_name()
    earlier = [name for name in folders.line() if name != current]
    if not earlier:
        raise NothingToRollBack(str(folders.data))
    publish(folders, earlier[0])
    return earlier[0]


def clear_away(folders: Folders, keep: int, chroma_url: str) -> None:
    """Remove all but the current generation, the `keep - 1` that it followed and those that are being read: older
    ones, those that were rolled away from, drafts that were never finished or never published. And files that no
    generation left refers to."""
    kept = set(islice(folders.line(), keep))
    present = [path.name for path in folders.generations.iterdir()] if folders.generations.is_dir() else []
    for name in present:
        if name not in kept:
            _remove_generation(folders, name, chroma_url)
    referred: set[str] = set()
    for name in generations(folders):
        try:
            catalogue = Catalogue.open(folders.generation(name) / "catalogue.sqlite")
            referred.update(known.sha256 for known in catalogue.known().values())
            catalogue.close()
        except IndexDamaged:
            return  # an earlier one, and what it refers to cannot be known
    shutil.rmtree(folders.data / "import.new", ignore_errors=True)
    for file in folders.originals.glob("*"):
        if file.name not in referred:
            file.unlink()


def has_leftovers(folders: Folders) -> bool:
    """Whether a run that was killed left a generation that was never finished, or finished and never published."""
    if not folders.generations.is_dir():
        return False
    line = set(folders.line())
    return any(path.name not in line for path in folders.generations.iterdir())


def _remove_generation(folders: Folders, name: str, chroma_url: str) -> None:
    if not withdraw(folders, name):
        return
    if chroma_url:
        vector_store.drop(chroma_url, name)
    shutil.rmtree(folders.generation(name), ignore_errors=True)


def newest(folders: Folders) -> str:
    """The last of the names in use, also of drafts; "" where there is none."""
    return max((path.name for path in folders.generations.glob("*") if _NAME.fullmatch(path.name)), default="")


def _new_name(folders: Folders, after: str) -> str:
    """A UTC time, so that names sort by age; a counter where two fall in one second."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    last = _NAME.fullmatch(max(newest(folders), after))
    if last is None or last[1] < stamp:
        return f"{stamp}-001"
    return f"{last[1]}-{int(last[2]) + 1:03}"  # never a name again that a reader may still hold


def _sync(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


