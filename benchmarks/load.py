"""Many users at once over a large index: errors, throughput, milliseconds, and whether memory grows.

    python -m benchmarks.load WORKDIR QUESTIONS.json [--passages 10000] [--users 50] [--seconds 180] [--questions 20000]

Starts the service over an index of `benchmarks.large`, which is kept in WORKDIR, with the settings that users have;
only requests by the minute are not limited. Each user asks the next question as soon as the last is answered, for so
many seconds, and then on until so many questions are asked in all. `/healthz` is looked at all the while. Those who
ask run on the same machine."""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.evaluation.questions import load
from benchmarks.large import build
from benchmarks.serving import megabytes, serving, tell

_PATIENCE = 600.0
"""Seconds that a user waits: as long as the service's own limit."""
_STEP = 1000
"""Questions between two looks at the memory."""
_GoesOn = Callable[[int], bool]
_WARM = 50
"""Questions after which everything is loaded that ever is, one user at a time."""


@dataclass(slots=True)
class Asked:
    """What came of the questions so far, by any number of threads."""

    pid: int
    milliseconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    memory: dict[int, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, outcome: str, milliseconds: float) -> None:
        with self._lock:
            self.outcomes[outcome] += 1
            self.milliseconds.append(milliseconds)
            if self.count % _STEP == 0:
                self.memory[self.count] = megabytes(self.pid)

    @property
    def count(self) -> int:
        return len(self.milliseconds)

    @property
    def errors(self) -> int:
        return self.count - self.outcomes["200"]


def main() -> None:
    given = _parser().parse_args()
    data = build(given.folder, given.questions_file, given.passages)
    questions = [question.text for question in load(given.questions_file).questions]
    environment = os.environ | {
        "ASSISTANT_DATA_DIR": str(data),
        "ASSISTANT_READER": given.reader,
        "ASSISTANT_REQUESTS_PER_MINUTE": "0",
    }
    with serving(environment) as (client, pid):
        print(f"{given.passages} passages, reader {given.reader}: {megabytes(pid):.0f} MB at the start")
        for question in questions[:_WARM]:
            _ask(client, question)
        before = megabytes(pid)
        print(f"{before:.0f} MB after {min(_WARM, len(questions))} questions, one at a time")
        address = str(client.base_url)
        with _watched(address) as healthy:
            until = time.monotonic() + given.seconds
            first = ask_all(address, pid, questions, given.users, lambda asked: time.monotonic() < until)
            report(f"{given.users} users for {given.seconds:.0f} s", first, given.seconds, before)
            if given.questions > first.count:
                left = given.questions - first.count
                began = time.monotonic()
                then = ask_all(address, pid, questions, given.users, lambda asked: asked < left)
                report(f"until {given.questions} questions", then, time.monotonic() - began, before)
        tell("healthz meanwhile", healthy)


def ask_all(address: str, pid: int, questions: Sequence[str], users: int, goes_on: _GoesOn) -> Asked:
    """As long as `goes_on` says so of the number of questions that were begun."""
    asked, numbers = Asked(pid), iter(range(10**9))

    def user(_: int) -> None:
        with httpx.Client(base_url=address, timeout=_PATIENCE) as client:
            while goes_on(number := next(numbers)):
                began = time.perf_counter()
                outcome = _ask(client, questions[number % len(questions)])
                asked.add(outcome, (time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(users) as crowd:
        list(crowd.map(user, range(users)))
    return asked


def _ask(client: httpx.Client, question: str) -> str:
    """The status, or what went wrong."""
    try:
        return str(client.post("/api/v1/ask", json={"question": question}).status_code)
    except httpx.TransportError as error:
        return type(error).__name__


@contextmanager
def _watched(address: str) -> Iterator[list[float]]:
    """The milliseconds that `/healthz` takes, once a second as long as the context lasts."""
    taken, over = list[float](), threading.Event()

    def look() -> None:
        with httpx.Client(base_url=address, timeout=_PATIENCE) as client:
            while not over.wait(1):
                began = time.perf_counter()
                client.get("/healthz").raise_for_status()
                taken.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(1) as watcher:
        watching = watcher.submit(look)
        try:
            yield taken
        finally:
            over.set()
        watching.result()


def report(title: str, asked: Asked, seconds: float, before: float) -> None:
    print(f"\n{title}: {asked.errors} errors of {asked.count} questions {dict(asked.outcomes)}")
    print(f"{asked.count / seconds:.1f} questions a second")
    if asked.count >= 2:
        tell("ask", asked.milliseconds)
    for count, size in asked.memory.items():
        print(f"{size:.0f} MB after {count}")
    after = megabytes(asked.pid)
    print(f"{before:.0f} MB before, {after:.0f} MB after: {(after / before - 1) * 100:+.1f} %")
    if len(asked.memory) > 1:
        settled = next(iter(asked.memory.values()))
        print(f"from the first {_STEP} of these on: {(after / settled - 1) * 100:+.1f} %")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Ask by many users at once.")
    parser.add_argument("folder", metavar="WORKDIR", type=Path)
    parser.add_argument("questions_file", metavar="QUESTIONS.json", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--questions", type=int, default=0, help="in all; 0 stops when the seconds are over")
    parser.add_argument("--reader", choices=("trained", "plain"), default="trained")
    return parser


if __name__ == "__main__":
    main()
