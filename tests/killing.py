"""Runs of the job within this process, and how they end in the middle, as by kill -9."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import segments, vectors
from assistant.catalogue import Catalogue
from assistant.index import Folders
from assistant.keywords import KeywordsWriter
from assistant.types import Document
from assistant.vectors import Vectors
from ingest import publish as publishing
from ingest.journal import Journal
from ingest.read import read_document


class InProcess:
    """Reads without a process of its own: what is tried here is not the parsers."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        pass

    def read(
        self, data: bytes, path: str, sidecar: bytes | None, max_mb: int
    ) -> tuple[Document, tuple[str, ...]]:
        return read_document(data, path, sidecar, max_mb)

    def close(self) -> None:
        pass


class Killed(BaseException):
    pass


class Killer:
    """Ends a run at the nth place where it touches the disk or the vector store: nothing is tidied up after."""

    PLACES: tuple[tuple[object, str], ...] = (
        (Catalogue, "add"), (Catalogue, "add_passages"), (Catalogue, "remove"), (Catalogue, "gather"),
        (Catalogue, "commit"), (Catalogue, "mark_unread"), (segments, "link"),
        (Vectors, "create"), (Vectors, "add"), (Vectors, "remove"), (vectors, "drop"),
        (KeywordsWriter, "add"), (KeywordsWriter, "commit"),
        (Folders, "write_manifest"), (Journal, "put"), (Journal, "discard"), (publishing, "_sync"),
        (publishing, "publish"), (publishing, "withdraw"), (os, "replace"), (shutil, "copyfile"),
        (shutil, "copytree"), (shutil, "rmtree"), (Path, "unlink"),
    )  # fmt: skip
    TIDYING: tuple[tuple[object, str], ...] = ((publishing, "_remove_generation"), (vectors, "drop"))
    """What a run that fails tidies up by, and one that is killed does not come to."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        self.dead = False
        for owner, name in self.PLACES:
            patch.setattr(owner, name, self._counted(name, getattr(owner, name)))
        for owner, name in self.TIDYING:
            patch.setattr(owner, name, self._alive(getattr(owner, name)))

    def _alive(self, real: Callable[..., object]) -> Callable[..., object]:
        return lambda *arguments: None if self.dead else real(*arguments)

    def _counted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            if self.dead:
                return real(*arguments, **named)
            self._tick()
            if name == "rmtree" and self.left == 0:
                for file in sorted(Path(str(arguments[0])).rglob("*"))[::2]:
                    if file.is_file():
                        os.unlink(file)
            result = real(*arguments, **named) if name != "rmtree" or self.left else None
            self._tick()
            return result

        return counted

    def _tick(self) -> None:
        if self.left == 0:
            self.dead = True
            raise Killed
        self.left -= 1
