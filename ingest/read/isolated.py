"""Reading in a process of its own: a hostile file costs one error, never the run.

The process is started at the first file, serves every job of this process, and ends itself when it has
had nothing to do for a while."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from typing import IO

from assistant.errors import FileCrashed, FileError, FileTooHeavy, FileTooSlow
from assistant.types import Document
from ingest.read.wire import Reply, Request, from_plain, receive, send, unpack

PROGRAM = "from ingest.read.worker import main; main()"
_GRACE = 20.0  # seconds on top of the limit before the worker itself is taken to hang
_START_SECONDS = 120.0


class _Gone(Exception):
    """The worker ended without an answer. `late` says that it was we who ended it."""

    def __init__(self, late: bool) -> None:
        super().__init__()
        self.late = late


class _Worker:
    """A running worker process."""

    def __init__(self, program: str) -> None:
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            # One thread: a process with several cannot be forked safely.
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
        )
        self.asked = False
        self._late = False
        hello = self._hear(_START_SECONDS)
        self.grace = _GRACE if hello == b"forks" else 0.0

    def ask(self, request: Request) -> Reply:
        """Raises _Gone."""
        self.asked = True
        try:
            send(_handle(self.process.stdin), pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            self.close()
            raise _Gone(late=False) from error
        return unpack(self._hear(request[4] + self.grace))

    def _hear(self, seconds: float) -> bytes:
        timer = threading.Timer(seconds, self._end)
        timer.start()
        try:
            heard = receive(_handle(self.process.stdout))
        finally:
            timer.cancel()
        if heard is None:
            self.close()
            raise _Gone(self._late)
        return heard

    def _end(self) -> None:
        self._late = True
        self.process.kill()

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.kill()
        self.process.wait()


def _handle(pipe: IO[bytes] | None) -> int:
    assert pipe is not None
    return pipe.fileno()


_workers: dict[tuple[int, str], _Worker] = {}
_one_at_a_time = threading.Lock()


class IsolatedReader:
    """Reads each file under a limit of `seconds` (wall clock) and of `memory_mb` MB that it may take.

    `program` is what the worker process runs; tests put readers there that misbehave."""

    def __init__(self, seconds: float, memory_mb: int, program: str = PROGRAM) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._program = program
        self._closed = False

    def close(self) -> None:
        """Ends what is being read, by another thread: that one's `read` and all later ones raise FileCrashed."""
        self._closed = True
        worker = _workers.get((os.getpid(), self._program))
        if worker is not None:
            worker.process.kill()

    def read(
        self, data: bytes, path: str, sidecar: bytes | None, max_mb: int
    ) -> tuple[Document, tuple[str, ...]]:
        """As `ingest.read.read_document`; raises FileTooSlow, FileTooHeavy and FileCrashed as well."""
        request: Request = (data, path, sidecar, max_mb, self._seconds, self._memory_mb)
        try:
            kind, content = self._ask(request)
            if kind == "read" and isinstance(content, tuple):
                return from_plain(content)
        except _Gone as gone:
            if gone.late:
                raise FileTooSlow(path, self._seconds) from gone
            raise FileCrashed(path, "the reading process ended") from gone
        except (pickle.UnpicklingError, TypeError, ValueError, EOFError) as error:
            raise FileCrashed(path, "its reader sent back no document") from error
        if kind == "slow":
            raise FileTooSlow(path, self._seconds)
        if kind == "heavy":
            raise FileTooHeavy(path, self._memory_mb)
        if isinstance(content, FileError):
            raise content
        raise FileCrashed(path, str(content))

    def _ask(self, request: Request) -> Reply:
        with _one_at_a_time:
            worker = self._worker()
            if self._closed:
                raise _Gone(late=False)
            reused = worker.asked
            try:
                return worker.ask(request)
            except _Gone as gone:
                self._forget()
                if gone.late or not reused or self._closed:
                    raise
            try:
                return self._worker().ask(request)  # it had ended itself, with nothing to do
            except _Gone:
                self._forget()
                raise

    def _worker(self) -> _Worker:
        key = (os.getpid(), self._program)
        if key not in _workers:
            if not _workers:
                atexit.register(stop)
            _workers[key] = _Worker(self._program)
        return _workers[key]

    def _forget(self) -> None:
        del _workers[os.getpid(), self._program]


def stop() -> None:
    """Ends the workers of this process."""
    while _workers:
        (pid, _), worker = _workers.popitem()
        if pid == os.getpid():
            worker.close()
