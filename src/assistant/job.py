"""The ingestion job, started from the service: a process of its own (`python -m ingest`), one at a time.

What embeds passages takes half a gigabyte that serving does without, and a document that brings its reader down
must not bring the service down. Only the job's command line is relied on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import IO

from assistant import lastrun, moments
from assistant.errors import AlreadyRunning, JobFailed
from assistant.index import Folders
from assistant.jobstate import Counts, JobError, JobProgress, JobState, failure, told_in

COMMAND = (sys.executable, "-m", "ingest")

_LINES = 50
_LOWER = 10
"""How much the job steps back for questions ("niceness")."""
_ROLLBACK_SECONDS = 60.0
_FAILED = 2
"""The exit code for "nothing was published"."""
_OFTEN = 0.2
"""Seconds between two steps of a stage that those who wait are told of."""


@dataclass(slots=True)
class Job:
    """Safe to use from many threads. `settled` is told of each run when it has ended. Where a run that was started
    elsewhere is at work, one of ours waits until that is over."""

    environment: Mapping[str, str]
    folders: Folders
    settled: Callable[[JobState], None] = lambda state: None
    command: Sequence[str] = COMMAND
    _state: JobState = field(default_factory=JobState)
    _lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LINES))
    _said: int = 0
    _told: float = 0.0
    _process: subprocess.Popen[str] | None = None
    _closed: bool = False
    _emptied: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def state(self) -> JobState:
        with self._changed:
            state = replace(self._state, lines=tuple(self._lines), generation=self.folders.current_name())
        return replace(state, last_run=lastrun.get(self.folders.data)) if state.over else state

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
        """End the run under way, for good; what it had not published is not there."""
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
                    [*self.command, "--json-lines", "--wait", *allowed],
                    env=self._whole_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    errors="replace",
                    process_group=0,  # Ctrl-C reaches us, who end it in order
                )
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _LOWER)
            assert process.stdout is not None and process.stderr is not None
            with process.stdout, process.stderr:
                listening = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
                listening.start()
                counts, error = self._follow(process.stdout)
                code = process.wait()
                listening.join()
            self._end(code, counts, error)
        except OSError as error:
            with self._changed:
                self._lines.append(str(error))
            self._end(_FAILED, None, None)

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            if line.strip():
                with self._changed:
                    self._lines.append(line.strip())
                    self._tell()

    def _follow(self, stream: IO[str]) -> tuple[Counts | None, JobError | None]:
        """What the run came to, and why it did not."""
        counts: Counts | None = None
        error: JobError | None = None
        for line in stream:
            match told_in(line):
                case JobProgress() as progress:
                    self._go_on(progress)
                case Counts() as counts:
                    pass
                case JobError() as error:
                    pass
        return counts, error

    def _go_on(self, progress: JobProgress) -> None:
        with self._changed:
            before, now = self._state.progress, time.monotonic()
            self._state = replace(self._state, progress=progress)
            if before is None or before.stage != progress.stage or now - self._told >= _OFTEN:
                self._told = now
                self._tell()

    def _end(self, code: int, counts: Counts | None, error: JobError | None) -> None:
        with self._changed:
            self._process = None
            again = self._state.again and not self._closed
            self._emptied = self._emptied and again
            ended = replace(self._state, again=again, finished=moments.now(), exit_code=code, result=counts)
            if code in (0, 1) and counts is not None:
                self._state = replace(ended, status="done")
            else:
                said = _last(self._lines) or f"exit {code}"
                why = error or failure(said)
                self._state = replace(ended, status="failed", error=said, code=why.code, texts=why.texts)
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


def _last(lines: Sequence[str]) -> str:
    return next((line.strip().rstrip(".") for line in reversed(lines) if line.strip()), "")
