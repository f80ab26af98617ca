"""The commands of the product over a folder of one's own, with an embedder that takes no time.

    python -m benchmarks.stand_in ingest [ARGUMENTS]    `python -m ingest --json`, then a line of its memory
    python -m benchmarks.stand_in serve                 `assistant serve`

Nothing else of them is replaced: settings, messages and exit codes are the product's. A text's vector is drawn from
its hash. With any other model than "stand-in" it is that one which embeds."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict
from unittest.mock import patch

import numpy as np

from assistant import cli
from assistant.embedding import Embedded, Floats, Passages, Progress, Queries, open_passages, open_queries
from assistant.types import Passage, sentences_of
from ingest.__main__ import main as ingest
from ingest.read import isolated

MODEL = "stand-in"
DIMENSION = 384
SERVE = (sys.executable, "-m", "benchmarks.stand_in", "serve")


class StandIn:
    def query(self, text: str) -> Floats:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
        found = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
        return np.asarray(found / np.linalg.norm(found), np.float32)

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        progress(len(passages))
        return [
            Embedded(self.query(p.indexed_text), np.stack([self.query(text) for text in sentences_of(p)]))
            for p in passages
        ]


class Ingested(TypedDict):
    """What a run printed. `megabytes` is the greatest memory of its process, `reading_megabytes` of the one that
    reads."""

    documents: int
    passages: int
    embedded: int
    megabytes: int
    reading_megabytes: int


def environment(root: Path, model: str = MODEL, chroma_url: str = "") -> dict[str, str]:
    """The settings of the commands over `root`/corpus and `root`/data. Everything is answered."""
    ours = {
        "CORPUS_DIR": str(root / "corpus"),
        "DATA_DIR": str(root / "data"),
        "EMBEDDING_MODEL": model,
        "CHROMA_URL": chroma_url,
        "LANGUAGE": "en",
        "SETTLE_SECONDS": "0",
        "ANSWER_THRESHOLD": "0",
        "REQUESTS_PER_MINUTE": "0",
        "CONVERSATION_DAYS": "0",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return others | {f"ASSISTANT_{name}": value for name, value in ours.items()}


def start(place: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    """A run of the job with these settings."""
    command = [sys.executable, "-m", "benchmarks.stand_in", "ingest", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=place)


def whole(place: Mapping[str, str]) -> tuple[float, Ingested]:
    """Seconds, with the interpreter's start, and what the run printed."""
    started = time.perf_counter()
    process = start(place)
    printed, said = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"the job ended with {process.returncode}: {said}")
    outcome, memory = printed.splitlines()
    result: Ingested = json.loads(outcome) | json.loads(memory)
    return seconds, result


def _ingest(arguments: Sequence[str]) -> int:
    def opened(model: str, threads: int = 0) -> Passages:
        return StandIn() if model == MODEL else open_passages(model, threads)

    with patch("ingest.job.open_passages", opened):
        code = ingest(["--json", *arguments])
    isolated.stop()  # its memory is known once it has ended
    used = {"megabytes": resource.RUSAGE_SELF, "reading_megabytes": resource.RUSAGE_CHILDREN}
    print(json.dumps({name: round(resource.getrusage(who).ru_maxrss / 1000) for name, who in used.items()}))
    return code


def _serve() -> None:
    def opened(model: str) -> Queries:
        return StandIn() if model == MODEL else open_queries(model)

    with patch("assistant.open.open_queries", opened):
        cli.main()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve()
    else:
        sys.exit(_ingest(sys.argv[2:]))
