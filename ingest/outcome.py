"""What a run of the job is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.errors import FileError


@dataclass(frozen=True, slots=True)
class Options:
    """`only` names files and folders in the corpus to look at; empty for all of it. A file must have lain still for
    `settle_seconds` to be read. `wait_seconds` is how long another job may take to finish; below 0 any time. With
    `full_check` every file's content is looked at, also of those that lie as before. `allow_empty` says that a folder
    that holds nothing any more is meant to. `ray` is the address of the cluster that reads and embeds; empty for this
    process alone."""

    corpus: Path
    data: Path
    embedding_model: str
    chroma_url: str
    max_file_mb: int
    keep_generations: int
    only: tuple[Path, ...] = ()
    read_seconds: float = 60.0
    read_memory_mb: int = 2000
    settle_seconds: float = 0.0
    wait_seconds: float = 0.0
    web_sources: bool = False
    ray: str = ""
    full_check: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """`read` says that the document is in the index all the same, and only something said of it is wrong; `kept`
    that an earlier version of it is."""

    path: str
    error: FileError
    read: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Warned:
    path: str
    warning: str


@dataclass(slots=True)
class Outcome:
    """What a run did. `generation` is None when there is nothing to publish and never was. `moved` of the added
    documents were there before under another name; `reused` passages of those added and changed were embedded
    before; `unread` is how many documents of the index are last good versions."""

    generation: str | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    moved: int = 0
    failed: list[Failure] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    reused: int = 0
    unread: int = 0
    seconds: float = 0.0


Stage = Literal["wait", "read", "model", "embed", "publish"]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run is: how many of the documents that it has to read have been read, and how many of the passages that
    these have so far have their vectors. In the stage "wait", another run is at work and this one has not begun."""

    stage: Stage
    documents: int = 0
    documents_total: int = 0
    passages: int = 0
    passages_total: int = 0


Report = Callable[[Step], None]
