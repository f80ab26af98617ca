"""What a pipeline's process hands back to `peers`. Imports next to nothing: its memory is measured."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

LIMIT = 20
"""Passages that every pipeline is asked for."""


class Place(NamedTuple):
    """A passage: `[start, end)` in the text of a document, which is named by its path in the corpus."""

    document: str
    start: int
    end: int


Search = Callable[[str], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Asked:
    """`ready` is when the first question was answered, on the machine's monotonic clock in seconds, and
    `megabytes` the most that was resident. `milliseconds` and `hits` are one a question, hits best first."""

    ready: float
    megabytes: float
    milliseconds: tuple[float, ...]
    hits: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`passages` are all that the pipeline has; their offsets, and the hits', count in `texts`, by path."""

    asked: Asked
    passages: tuple[Place, ...]
    texts: Mapping[str, str]


def ask_all(search: Search, questions: Sequence[str]) -> Asked:
    """Ask every question once, one at a time, after the first one has opened what is opened late."""
    search(questions[0])
    ready = time.monotonic()
    hits, spent = [], []
    for question in questions:
        started = time.perf_counter()
        found = search(question)
        spent.append((time.perf_counter() - started) * 1000)
        hits.append(tuple(found))
    return Asked(ready, _most_megabytes(), tuple(spent), tuple(hits))


def _most_megabytes() -> float:
    """This process's peak, from Linux's /proc; getrusage would count the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / 1e6


def save(found: Found, path: Path) -> None:
    path.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")


def load(path: Path) -> Found:
    content = json.loads(path.read_text(encoding="utf-8"))
    asked = content["asked"]
    return Found(
        asked=Asked(
            ready=asked["ready"],
            megabytes=asked["megabytes"],
            milliseconds=tuple(asked["milliseconds"]),
            hits=tuple(_places(hits) for hits in asked["hits"]),
        ),
        passages=_places(content["passages"]),
        texts=content["texts"],
    )


def _places(rows: Sequence[tuple[str, int, int]]) -> tuple[Place, ...]:
    return tuple(Place(*row) for row in rows)
