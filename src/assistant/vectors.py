"""Chroma: passage vectors by passage id. The only module that knows it.

Embedded, a collection lies in a directory with one owner; against a server (`url`) it is named after
its generation. Either way it holds no texts: those are in the catalogue, once."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from assistant.errors import VectorStoreUnavailable

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where

Floats = NDArray[np.float32]

_BATCH = 5000
"""Rows a call; Chroma refuses more than 5,461."""

_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
"""Of a server; what fills a collection takes longest."""

_DATABASE = "chroma.sqlite3"
_ROOM = 1_000_000
"""Bytes on its disk that Chroma may need to open a collection."""

_EMBEDDED_NAME = "passages"
"""A generation's own directory tells it apart; the name survives the copying."""

_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 200,
    "ef_search": 200,
    "max_neighbors": 16,
}


class Vectors:
    """One collection. Unit vectors in, cosines out."""

    def __init__(self, client: Client, collection: Collection, place: str, on_server: bool) -> None:
        self._client = client
        self._collection = collection
        self._place = place
        self._on_server = on_server
        self._copy = ExitStack()

    @classmethod
    def open(cls, folder: Path, url: str, name: str) -> Vectors:
        """The collection in `folder`, or the one called `name` on the server at `url` unless that is
        empty. A folder on a disk that is full or read-only is copied to the system's temporary one: Chroma cannot
        open what it cannot write to."""
        name = name if url else _EMBEDDED_NAME
        with ExitStack() as copied:
            if not url and folder.is_dir() and not _takes_writing(folder):
                try:
                    aside = copied.enter_context(TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True))
                    folder = copy(folder, Path(aside) / "vectors")
                except OSError as error:
                    raise VectorStoreUnavailable(str(folder), error.strerror or str(error)) from error
            opened = cls._with(folder, url, lambda client: client.get_collection(name, embedding_function=None))
            opened._copy = copied.pop_all()
            return opened

    @classmethod
    def create(cls, folder: Path, url: str, name: str) -> Vectors:
        """A new, empty collection in the same place."""
        name = name if url else _EMBEDDED_NAME
        return cls._with(
            folder,
            url,
            lambda client: client.create_collection(
                name,
                configuration={"hnsw": _HNSW},
                embedding_function=None,
            ),
        )

    @classmethod
    def _with(cls, folder: Path, url: str, find: Callable[[Client], Collection]) -> Vectors:
        place = url or str(folder)
        with _mapped(place):
            client = _client(folder, url)
            try:
                return cls(client, find(client), place, bool(url))
            except BaseException:
                _close(client)
                raise

    def close(self) -> None:
        """Frees the files and connections; the collection cannot be used afterwards."""
        _close(self._client)
        self._copy.close()

    def check(self) -> None:
        """Raises VectorStoreUnavailable where a server is gone, or has lost the collection; a folder is there as long
        as it is open."""
        if self._on_server:
            with _mapped(self._place):
                self._client.get_collection(self._collection.name, embedding_function=None)

    def query(self, vector: Floats, limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """The nearest passages as (id, cosine), best first; of `documents` alone unless it is empty."""
        with _mapped(self._place):
            found = self._collection.query(
                query_embeddings=vector[None],
                n_results=limit,
                where=cast("Where", {"document": {"$in": list(documents)}}) if documents else None,
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        return [(id, 1.0 - float(d)) for id, d in zip(found["ids"][0], distances[0], strict=True)]

    def add(self, ids: Sequence[str], documents: Sequence[str], vectors: Floats) -> None:
        """`vectors` has the shape (len(ids), dimension); `documents` are the ids of their documents."""
        with _mapped(self._place):
            for at in range(0, len(ids), _BATCH):
                self._collection.upsert(
                    ids=list(ids[at : at + _BATCH]),
                    embeddings=vectors[at : at + _BATCH],
                    metadatas=[{"document": document} for document in documents[at : at + _BATCH]],
                )

    def remove(self, ids: Sequence[str]) -> None:
        with _mapped(self._place):
            for at in range(0, len(ids), _BATCH):
                self._collection.delete(ids=list(ids[at : at + _BATCH]))

    def get(self, ids: Sequence[str]) -> dict[str, Floats]:
        """The vectors that exist of `ids`."""
        found: dict[str, Floats] = {}
        with _mapped(self._place):
            for at in range(0, len(ids), _BATCH):
                rows = self._collection.get(ids=list(ids[at : at + _BATCH]), include=["embeddings"])
                found.update(zip(rows["ids"], cast("Sequence[Floats]", rows["embeddings"]), strict=True))
        return found

    def count(self) -> int:
        with _mapped(self._place):
            return self._collection.count()


def _takes_writing(folder: Path) -> bool:
    return os.access(folder / _DATABASE, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM


def copy(old: Path, new: Path) -> Path:
    """Makes `new` a copy of a collection's directory while others read that, and returns it. Chroma writes a row to
    its database whenever one is opened, so a copy of the file alone could be of half a transaction. Raises OSError."""
    shutil.copytree(old, new, ignore=shutil.ignore_patterns(f"{_DATABASE}*"))
    source = f"{(old / _DATABASE).absolute().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(source, uri=True, timeout=_ANSWER_SECONDS)) as theirs,
            closing(sqlite3.connect(new / _DATABASE)) as ours,
        ):
            theirs.backup(ours)
    except sqlite3.Error as error:
        raise OSError(f"{new / _DATABASE}: {error}") from error
    return new


def rows(url: str, name: str) -> int:
    """How many rows a collection on the server has; 0 where it is not there."""
    from chromadb.errors import NotFoundError

    with _asking(url) as client:
        try:
            return client.get_collection(name, embedding_function=None).count()
        except NotFoundError:
            return 0


def drop(url: str, name: str) -> None:
    """Remove a collection from the server, if it is there."""
    from chromadb.errors import NotFoundError

    with _asking(url) as client, suppress(NotFoundError):
        client.delete_collection(name)


@contextmanager
def _asking(url: str) -> Iterator[Client]:
    with _mapped(url):
        client = _client(Path(), url)
        try:
            yield client
        finally:
            _close(client)


def _client(folder: Path, url: str) -> Client:
    # Importing chromadb takes 0.8 s; a run of the ingestion job that finds nothing new does without.
    import chromadb
    from chromadb.config import Settings

    if not url:
        settings = Settings(anonymized_telemetry=False)
        return cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))
    import httpx

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    # Without TLS there is nothing to verify, and reading the certificates takes 60 ms for each of three connections.
    settings = Settings(anonymized_telemetry=False, chroma_server_ssl_verify=None if secure else False)
    # Chroma's client waits without end for a server that does not answer, from its first question on.
    timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
    httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=timeout, verify=secure).raise_for_status()
    client = chromadb.HttpClient(
        host=parts.hostname or url,
        port=parts.port or (443 if secure else 8000),
        ssl=secure,
        settings=settings,
    )
    for session in _sessions(cast("Client", client)):
        session.timeout = timeout
    return cast("Client", client)


def _close(client: Client) -> None:
    """Chroma's own closing leaves the connections to a server open."""
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _sessions(client: Client) -> list[httpx.Client]:
    """What a client of a server asks through: one for collections, one for databases."""
    import httpx

    servers = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    found = [getattr(server, "_session", None) for server in servers]
    return [session for session in found if isinstance(session, httpx.Client)]


@contextmanager
def _mapped(place: str) -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError, ValueError, RuntimeError) as error:
        raise VectorStoreUnavailable(place, str(error) or type(error).__name__) from error
