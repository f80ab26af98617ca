"""The process that reads files: it has the parsers imported, and forks a child for each file.

The child may crash, hang or eat memory; this process watches it, ends it at its limits, and says what
became of it. It ends itself when nobody has asked for a while, or when the job is gone.
`ingest.read.isolated` is the other end."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import pickle
import select
import selectors
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.errors import FileError
from assistant.types import Document
from ingest.read.wire import Reply, Request, framed, pack, receive, refused, send, to_plain, unframed

Read = Callable[[bytes, str, bytes | None, int, float], tuple[Document, tuple[str, ...]]]
"""`read_document`: file, path, sidecar, largest size in MB, seconds that text recognition may take."""

CAN_FORK = hasattr(os, "fork")
_IDLE_SECONDS = 15.0
_GLANCE = 0.05  # seconds between two looks at a child's memory
_MOST_COMPLAINTS = 4000  # bytes kept of what a child says before it dies
_OCR_SHARE = 0.75  # of the time limit: the rest is for everything else
_MB = 1_000_000


def main() -> None:
    """Reads files until standard input ends."""
    from ingest.read.documents import read  # here, as a platform without fork imports this module often
    from ingest.read.language import language_of

    language_of(None, "varm")  # loads the model once instead of once a file
    serve(read)


def serve(read: Read, forks: bool = CAN_FORK) -> None:
    """Answers requests on standard input. What parsers print goes to standard error."""
    replies = os.dup(1)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the job, which then lets go of us
    gc.collect()
    gc.freeze()  # or the first collection in a child would copy all of the memory it shares with us
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone, and nobody else wants to know
        _reply(replies, read, forks)


def _reply(replies: int, read: Read, forks: bool) -> None:
    send(replies, b"forks" if forks else b"alone")
    while _is_asked() if forks else True:
        asked = receive(0)
        if asked is None:
            return
        request: Request = pickle.loads(asked)
        del asked
        send(replies, _supervised(read, request) if forks else _answer(read, request))
        del request


def _is_asked() -> bool:
    return bool(select.select([0], [], [], _IDLE_SECONDS)[0])


def _answer(read: Read, request: Request) -> bytes:
    data, path, sidecar, max_mb, seconds, _ = request
    try:
        return pack(("read", to_plain(*read(data, path, sidecar, max_mb, seconds * _OCR_SHARE))))
    except FileError as error:
        return refused(error)
    except MemoryError:
        return pack(("heavy", None))


@dataclass(slots=True)
class _Watched:
    """A child at work. `most` is the resident memory in bytes that it may have."""

    pid: int
    results: int
    complaints: int
    most: int
    result: bytearray = field(default_factory=bytearray)
    said: bytearray = field(default_factory=bytearray)


def _supervised(read: Read, request: Request) -> bytes:
    """The reply of a child of its own, or what became of it instead."""
    seconds, memory = request[4], request[5] * _MB
    results, result_end = os.pipe()
    complaints, complaint_end = os.pipe()
    most = memory + _resident(os.getpid())
    pid = os.fork()
    if pid == 0:
        # Outside of every `try`: what goes wrong here ends the child with a traceback, which we hear.
        _work(read, request, result_end, complaint_end)
    os.close(result_end)
    os.close(complaint_end)
    child = _Watched(pid, results, complaints, most)
    ended = _watch(child, time.monotonic() + seconds)
    _kill(pid)
    _, status, used = os.wait4(pid, 0)
    whole = unframed(bytes(child.result)) if ended is None else None
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    reply = whole if whole is not None else pack(ended or _verdict(status, peak, child))
    os.close(results)
    os.close(complaints)
    return reply


def _kill(pid: int) -> None:
    """A child and whatever it has started. It may be gone already, or have no group of its own yet."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _work(read: Read, request: Request, result_end: int, complaint_end: int) -> None:
    os.setpgid(0, 0)
    os.dup2(complaint_end, 1)
    os.dup2(complaint_end, 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    _limit(request[4], request[5] * _MB)
    view = memoryview(framed(_answer(read, request)))
    while view:
        view = view[os.write(result_end, view) :]
    os._exit(0)


def _limit(seconds: float, memory: int) -> None:
    import resource  # not on every platform; where there is fork there is this

    cpu = math.ceil(seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    address_space = _memory(os.getpid(), 0)
    if address_space:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (address_space + memory, address_space + memory))


def _watch(child: _Watched, deadline: float) -> Reply | None:
    """Gathers what the child sends until it is done. Not None: the limit that it went over."""
    with selectors.DefaultSelector() as selector:
        for handle in (0, child.results, child.complaints):
            selector.register(handle, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return ("slow", None)
            for key, _ in selector.select(min(left, _GLANCE)):
                if key.fd == 0:  # the job never asks twice: this is its end
                    _kill(child.pid)
                    os._exit(1)
                piece = os.read(key.fd, 1 << 20)
                if key.fd == child.results:
                    if not piece:
                        return None
                    child.result += piece
                elif piece:
                    child.said = (child.said + piece)[-_MOST_COMPLAINTS:]
                else:
                    selector.unregister(key.fd)
            if _resident(child.pid) > child.most or len(child.result) > child.most:
                return ("heavy", None)


def _verdict(status: int, peak: int, child: _Watched) -> Reply:
    """Why a child died without a result."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return ("slow", None)
    if peak > 0.9 * child.most:
        return ("heavy", None)
    with contextlib.suppress(BlockingIOError):
        os.set_blocking(child.complaints, False)
        child.said += os.read(child.complaints, _MOST_COMPLAINTS)
    lines = child.said.decode("utf-8", "replace").strip().splitlines()
    if number:
        return ("crashed", signal.Signals(number).name)
    return ("crashed", lines[-1].strip()[:200] if lines else f"exit {os.waitstatus_to_exitcode(status)}")


def _resident(pid: int) -> int:
    return _memory(pid, 1)


def _memory(pid: int, column: int) -> int:
    """Bytes of address space (0) or resident (1); 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:
            return int(statm.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
