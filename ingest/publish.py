"""Build a new generation aside, check it, make it the current one, and clear away old ones."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from assistant import vectors as vector_store
from assistant.catalogue import Catalogue
from assistant.embedding import Floats
from assistant.errors import AlreadyRunning, IndexDamaged, NothingToRollBack
from assistant.index import Folders, Manifest, in_use, publish, sync_folder
from assistant.keywords import Keywords, KeywordsWriter
from assistant.types import Document, Passage
from assistant.vectors import Vectors
from ingest.replaced import resolve

_NAME = re.compile(r"(\d{8}T\d{6}Z)-(\d+)")


@contextmanager
def only_writer(folders: Folders) -> Iterator[None]:
    """One ingestion job at a time a data folder."""
    folders.data.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folders.lock, timeout=0):
            yield
    except Timeout as error:
        raise AlreadyRunning(str(folders.data)) from error


class Draft:
    """A generation that nobody reads yet: the one before, copied, to be changed and then published."""

    def __init__(self, folders: Folders, before: Manifest | None, chroma_url: str) -> None:
        self.name = _new_name(folders)
        self._folders = folders
        self._chroma_url = chroma_url
        self._folder = folders.generation(self.name)
        self._folder.mkdir(parents=True)
        if before is None:
            (self._folder / "keywords").mkdir()
            self._catalogue = Catalogue.create(self._folder / "catalogue.sqlite")
            self._vectors = Vectors.create(self._folder / "vectors", chroma_url, self.name)
        else:
            self._copy(before)
        self._keywords = KeywordsWriter(self._folder / "keywords", new=before is None)

    def _copy(self, before: Manifest) -> None:
        old = self._folders.generation(before.name)
        shutil.copyfile(old / "catalogue.sqlite", self._folder / "catalogue.sqlite")
        shutil.copytree(old / "keywords", self._folder / "keywords")
        self._catalogue = Catalogue.extend(self._folder / "catalogue.sqlite")
        if not self._chroma_url:
            shutil.copytree(old / "vectors", self._folder / "vectors")
            self._vectors = Vectors.open(self._folder / "vectors", "", self.name)
            return
        self._vectors = Vectors.create(self._folder / "vectors", self._chroma_url, self.name)
        earlier = Vectors.open(old / "vectors", self._chroma_url, before.name)
        for source in self._catalogue.sources():
            kept = earlier.get(self._catalogue.passage_ids(source.id))
            if kept:
                self._vectors.add(list(kept), [source.id] * len(kept), np.array(list(kept.values())))
        earlier.close()

    def add(
        self,
        document: Document,
        sidecar_sha256: str,
        passages: Sequence[Passage],
        vectors: Floats,
        sentence_vectors: Sequence[Floats],
    ) -> None:
        """Put a document in, in place of an earlier version. `vectors` has the shape (len(passages),
        dimension), `sentence_vectors` one array of (sentences, dimension) a passage."""
        self.remove(document.source.id)
        self._catalogue.add(document, sidecar_sha256, passages, sentence_vectors)
        self._vectors.add([p.id for p in passages], [p.document_id for p in passages], vectors)
        for passage in passages:
            self._keywords.add(passage.id, passage.document_id, passage.indexed_text)

    def remove(self, document_id: str) -> None:
        earlier = self._catalogue.passage_ids(document_id)
        if earlier:
            self._vectors.remove(earlier)
            self._keywords.remove(document_id)
        self._catalogue.remove(document_id)

    def keep_original(self, sha256: str, data: bytes) -> None:
        self._folders.originals.mkdir(parents=True, exist_ok=True)
        target = self._folders.original(sha256)
        if target.exists():
            return
        aside = target.with_suffix(".new")
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)

    def publish(self, embedding_model: str, dimension: int, recipe: str) -> Manifest:
        """Finish, check, and make current."""
        self._catalogue.supersede(resolve(self._catalogue.sources(), self._catalogue.replacements()).successors)
        self._catalogue.commit()
        self._keywords.commit()
        documents, passages = self._catalogue.counts()
        self._check(passages)
        self._vectors.close()
        self._catalogue.close()
        manifest = Manifest(
            name=self.name,
            created=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            embedding_model=embedding_model,
            dimension=dimension,
            recipe=recipe,
            documents=documents,
            passages=passages,
        )
        self._folders.write_manifest(manifest)
        _sync(self._folder)
        publish(self._folders, self.name)
        return manifest

    def _check(self, passages: int) -> None:
        """Every part must hold the same passages, and a passage must be found by its own vector."""
        keywords = Keywords.open(self._folder / "keywords")
        counts = {"catalogue": passages, "vectors": self._vectors.count(), "keywords": keywords.count()}
        if len(set(counts.values())) > 1:
            raise IndexDamaged(self.name, f"the parts differ: {counts}")
        sources = self._catalogue.sources()
        probes = self._catalogue.passage_ids(sources[0].id)[:1] if sources else []
        for id, vector in self._vectors.get(probes).items():
            nearest = self._vectors.query(vector, 1)
            if not nearest or nearest[0][1] < 0.999:
                raise IndexDamaged(self.name, f"the passage {id} is not found by its own vector")

    def discard(self) -> None:
        """Leave nothing behind of a generation that will not be published."""
        self._vectors.close()
        self._catalogue.close()
        self._keywords.close()
        if self._folders.current_name() == self.name:
            return  # interrupted after the swap: it is in use
        _remove_generation(self._folders, self.name, self._chroma_url)


def generations(folders: Folders) -> list[str]:
    """The names of the finished generations, oldest first."""
    if not folders.generations.is_dir():
        return []
    return sorted(p.parent.name for p in folders.generations.glob("*/generation.json"))


def roll_back(folders: Folders) -> str:
    """Make the generation before the current one current; returns its name."""
    current = folders.current_name()
    earlier = [name for name in generations(folders) if current is not None and name < current]
    if not earlier:
        raise NothingToRollBack(str(folders.data))
    publish(folders, earlier[-1])
    return earlier[-1]


def clear_away(folders: Folders, keep: int, chroma_url: str) -> None:
    """Remove all but the newest `keep` generations, the current one and those that are being read,
    drafts that were never finished, and files that no generation left refers to."""
    finished = generations(folders)
    kept = {*finished[-keep:], folders.current_name()}
    present = [path.name for path in folders.generations.iterdir()] if folders.generations.is_dir() else []
    for name in present:
        if name not in kept and not in_use(folders, name):
            _remove_generation(folders, name, chroma_url)
    referred: set[str] = set()
    for name in generations(folders):
        try:
            catalogue = Catalogue.open(folders.generation(name) / "catalogue.sqlite")
            referred.update(source.sha256 for source in catalogue.sources())
            catalogue.close()
        except IndexDamaged:
            return  # an earlier one, and what it refers to cannot be known
    for file in folders.originals.glob("*"):
        if file.name not in referred:
            file.unlink()


def _remove_generation(folders: Folders, name: str, chroma_url: str) -> None:
    if chroma_url:
        vector_store.drop(chroma_url, name)
    shutil.rmtree(folders.generation(name), ignore_errors=True)


def _new_name(folders: Folders) -> str:
    """A UTC time, so that names sort by age; a counter where two fall in one second."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    taken = [found for path in folders.generations.glob("*") if (found := _NAME.fullmatch(path.name))]
    newest, number = max(((found[1], int(found[2])) for found in taken), default=("", 0))
    if newest < stamp:
        return f"{stamp}-001"
    return f"{newest}-{number + 1:03}"  # never a name again that a reader may still hold


def _sync(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


