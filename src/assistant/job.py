"""The ingestion job, started from the service: a process of its own (`python -m ingest`), one at a time.

What embeds passages takes half a gigabyte that serving does without, and a document that brings its reader down
must not bring the service down. Only the job's command line is relied on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO, Literal, cast

from assistant import moments
from assistant.access import Principal
from assistant.errors import AlreadyRunning, JobFailed
from assistant.index import Folders

COMMAND = (sys.executable, "-m", "ingest")

_LINES = 50
_LOWER = 10
"""How much the job steps back for questions ("niceness")."""
_ROLLBACK_SECONDS = 60.0
_FAILED = 2
"""The exit code for "nothing was published"."""

JobStatus = Literal["idle", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, and why: in English, and in each language of the product. `code` is that of the
    error."""

    path: str
    error: str
    code: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run came to, as `python -m ingest --json` tells it."""

    generation: str | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[FailedFile, ...] = ()
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class JobState:
    """The last run that the service started, or the one under way. `again` says that another follows, since
    something was changed meanwhile. `lines` are what it said last, `error` why nothing was published; times are
    ISO 8601 UTC; `generation` is the one in use."""

    status: JobStatus = "idle"
    again: bool = False
    started: str | None = None
    finished: str | None = None
    lines: tuple[str, ...] = ()
    result: Counts | None = None
    error: str | None = None
    generation: str | None = None

    def seen_by(self, principal: Principal) -> JobState:
        """Without the files of other groups: what the job said may name any."""
        if principal.groups is None:
            return self
        seen = self.result
        if seen is not None:
            seen = replace(seen, failed=tuple(one for one in seen.failed if principal.sees(one.path)))
        return replace(self, lines=(), result=seen)


@dataclass(slots=True)
class Job:
    """Safe to use from many threads. `settled` is told of each run when it has ended."""

    environment: Mapping[str, str]
    folders: Folders
    settled: Callable[[JobState], None] = lambda state: None
    command: Sequence[str] = COMMAND
    _state: JobState = field(default_factory=JobState)
    _lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    _said: int = 0
    _process: subprocess.Popen[str] | None = None
    _closed: bool = False
    _emptied: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def state(self) -> JobState:
        with self._changed:
            return replace(self._state, lines=tuple(self._lines), generation=self.folders.current_name())

    def start(self) -> JobState:
        """Raises AlreadyRunning."""
        with self._changed:
            if self._state.status == "running":
                raise AlreadyRunning(str(self.folders.data))
            self._begin()
        return self.state()

    def soon(self, emptied: bool = False) -> JobState:
        """Start it, or have it started once more when the run under way is over: that may have looked
        already. `emptied` says that the last document was just taken out of the folder, and on purpose."""
        with self._changed:
            self._emptied = emptied
            if self._state.status == "running":
                self._state = replace(self._state, again=True)
            else:
                self._begin()
        return self.state()

    def wait(self, said: int, seconds: float) -> int:
        """Until there is something new after the first `said` changes, or the time is over. Returns how many
        changes there were."""
        with self._changed:
            self._changed.wait_for(lambda: self._said != said, seconds)
            return self._said

    def roll_back(self) -> str:
        """The generation that is in use now. Raises JobFailed with what the job said."""
        with self._changed:
            if self._state.status == "running":
                raise AlreadyRunning(str(self.folders.data))
        try:
            done = subprocess.run(
                [*self.command, "--rollback"],
                env=self._whole_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_ROLLBACK_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise JobFailed(str(error)) from error
        name = self.folders.current_name()
        if done.returncode or name is None:
            raise JobFailed(_last(done.stderr.splitlines()))
        return name

    def close(self) -> None:
        """End the run under way; what it had not published is not there."""
        with self._changed:
            self._closed = True
            process = self._process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)

    # --- one run ---

    def _begin(self) -> None:
        """Under the lock."""
        self._lines.clear()
        self._state = JobState("running", started=moments.now())
        self._tell()
        threading.Thread(target=self._run, name="ingest", daemon=True).start()

    def _run(self) -> None:
        try:
            with self._changed:
                if self._closed:
                    return
                allowed = ["--allow-empty"] if self._emptied else []
                self._process = process = subprocess.Popen(
                    [*self.command, "--json", *allowed],
                    env=self._whole_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                )
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _LOWER)
            assert process.stdout is not None and process.stderr is not None
            listening = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
            listening.start()
            told = process.stdout.read()
            code = process.wait()
            listening.join()
            process.stdout.close()
            process.stderr.close()
            self._end(code, counts_of(told))
        except OSError as error:
            with self._changed:
                self._lines.append(str(error))
            self._end(_FAILED, None)

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            if line.strip():
                with self._changed:
                    self._lines.append(line.strip())
                    self._tell()

    def _end(self, code: int, counts: Counts | None) -> None:
        with self._changed:
            self._process = None
            self._emptied = self._emptied and self._state.again
            good = code in (0, 1) and counts is not None
            again, error = self._state.again, None if good else _last(self._lines) or f"exit {code}"
            status: JobStatus = "done" if good else "failed"
            self._state = replace(
                self._state, status=status, again=False, finished=moments.now(), result=counts, error=error
            )
            self._tell()
        self.settled(self.state())
        if again:
            with suppress(AlreadyRunning):
                self.start()

    def _tell(self) -> None:
        self._said += 1
        self._changed.notify_all()

    def _whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}


def counts_of(told: str) -> Counts | None:
    """What `--json` printed: the last line that is an object with a generation."""
    for line in reversed(told.splitlines()):
        try:
            read = json.loads(line)
        except ValueError:
            continue
        if isinstance(read, dict) and "generation" in read:
            return _counts(cast("dict[str, object]", read))
    return None


def _counts(read: Mapping[str, object]) -> Counts:
    failed = read.get("failed")
    files = [one for one in failed if isinstance(one, dict)] if isinstance(failed, list) else []
    generation, seconds = read.get("generation"), read.get("seconds")
    return Counts(
        generation=generation if isinstance(generation, str) else None,
        added=_number(read, "added"),
        changed=_number(read, "changed"),
        unchanged=_number(read, "unchanged"),
        removed=_number(read, "removed"),
        failed=tuple(map(_failed_file, files)),
        passages=_number(read, "passages"),
        embedded=_number(read, "embedded"),
        seconds=float(seconds) if isinstance(seconds, (int, float)) else 0.0,
    )


def _failed_file(read: Mapping[str, object]) -> FailedFile:
    texts = read.get("texts")
    said = {str(language): str(text) for language, text in texts.items()} if isinstance(texts, dict) else {}
    return FailedFile(str(read.get("path", "")), str(read.get("error", "")), str(read.get("code", "")), said)


def _number(read: Mapping[str, object], name: str) -> int:
    value = read.get(name)
    return value if isinstance(value, int) else 0


def _last(lines: Sequence[str]) -> str:
    return next((line.strip().rstrip(".") for line in reversed(lines) if line.strip()), "")
