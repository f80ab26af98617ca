"""What the ingestion job stands, and what it costs, with an embedder that takes no time.

    python -m benchmarks.ingesting WORKDIR rounds [--full 50] [--small 500]     disk and memory over many runs
    python -m benchmarks.ingesting WORKDIR large [--files 10000]  full, unchanged and one changed
    python -m benchmarks.ingesting WORKDIR ray [--files 60]       on Ray with one worker, with two, and with two killed

Each run is a process of its own, `python -m benchmarks.ingesting WORKDIR job`, which is the job with a stand-in for
the embedding model: a text's vector is drawn from its hash. With `ray` it is the bundled model, which is what the
workers' time goes to. WORKDIR is emptied first."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from assistant.catalogue import Catalogue
from assistant.embedding import BUNDLED, Embedded, Floats, Passages, Progress, open_passages
from assistant.errors import AssistantError
from assistant.index import Index
from assistant.types import Passage, sentences_of
from ingest.job import Options, Step, run
from ingest.read import isolated

MODEL = "stand-in"
DIMENSION = 384
DOCUMENTS = 40
SEED = 7


class StandIn:
    def vector(self, text: str) -> Floats:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
        found = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
        return np.asarray(found / np.linalg.norm(found), np.float32)

    def passages(self, passages: Sequence[Passage], progress: Progress) -> list[Embedded]:
        progress(len(passages))
        return [
            Embedded(self.vector(p.indexed_text), np.stack([self.vector(text) for text in sentences_of(p)]))
            for p in passages
        ]


def work(root: Path, model: str) -> None:
    """The job; prints what it did, and the greatest memory in MB of its process and of the one that reads."""

    def opened(name: str) -> Passages:
        return StandIn() if name == MODEL else open_passages(name)

    options = Options(root / "corpus", root / "data", model, "", max_file_mb=50, keep_generations=2)
    try:
        with patch("ingest.job.open_passages", opened):
            outcome = run(options, lambda step: None)
    except AssistantError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    isolated.stop()
    told = {
        "documents": outcome.documents,
        "passages": outcome.passages,
        "embedded": outcome.embedded,
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "reading_megabytes": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000),
    }
    print(json.dumps(told))


def start(root: Path, model: str = MODEL) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.ingesting", str(root), "job", "--model", model]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def whole(root: Path, model: str = MODEL) -> tuple[float, dict[str, int]]:
    """Seconds, with the interpreter's start, and what the run printed."""
    started = time.perf_counter()
    process = start(root, model)
    printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the job ended with {process.returncode}")
    result: dict[str, int] = json.loads(printed)
    return time.perf_counter() - started, result


def write(root: Path, number: int, edition: int) -> None:
    """Document `number`; each paragraph says its edition."""
    rest = " ".join(f"Setning {at} sier noe mer om saken, som utvalget tar opp igjen til høsten." for at in range(9))
    text = "\n\n".join(f"Avsnitt {at} i dokument {number}, utgave {edition}. {rest}" for at in range(4))
    file = root / "corpus" / f"{number // 1000}" / f"{number}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# Dokument {number}\n\n{text}\n", encoding="utf-8")


@dataclass(slots=True)
class Pace:
    """Passages a second, from the first that are embedded to the last: without the cluster's start and the model's."""

    begun: tuple[float, int] | None = None
    ended: tuple[float, int] = (0.0, 0)

    def step(self, step: Step) -> None:
        if step.stage == "embed" and step.passages:
            self.ended = time.perf_counter(), step.passages
            self.begun = self.begun or self.ended

    def rate(self) -> float:
        since, done = self.begun or (0.0, 0)
        return (self.ended[1] - done) / max(self.ended[0] - since, 1e-9)


def work_on_ray(root: Path, workers: int) -> None:
    """The job on a cluster of its own with so many workers, 0 for none; prints its pace and what it made."""
    options = Options(root / "corpus", root / "data", BUNDLED, "", max_file_mb=50, keep_generations=2)
    pace = Pace()
    with patch("ingest.cluster._cores", lambda: workers):
        outcome = run(replace(options, ray="local" if workers else ""), pace.step)
    with closing(Catalogue.open(root / "data" / "generations" / str(outcome.generation) / "catalogue.sqlite")) as made:
        ids = sorted(id for source in made.sources() for id in made.passage_ids(source.id))
    digest = hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]
    told = {"documents": outcome.documents, "failed": len(outcome.failed), "passages": len(ids), "ids": digest}
    print(json.dumps(told | {"seconds": round(outcome.seconds, 1), "rate": pace.rate()}))


# --- on Ray -------------------------------------------------------------------------------------


def on_ray(root: Path, files: int) -> None:
    for number in range(files):
        write(root, number, 0)
    results: dict[str, dict[str, float | str]] = {}
    for name, workers, kills in (("without", 0, 0), ("1 worker", 1, 0), ("2 workers", 2, 0), ("2, killed", 2, 3)):
        shutil.rmtree(root / "data", ignore_errors=True)
        token = secrets.token_hex(16)
        environment = os.environ | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}
        command = [sys.executable, "-m", "benchmarks.ingesting", str(root), "ray-job", "--workers", str(workers)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        killed = _kill_workers(process, token, kills)
        printed, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"the job ended with {process.returncode}")
        results[name] = json.loads(printed.strip().splitlines()[-1])  # Ray tells of the killed on the same stream
        print(f"{name}: {results[name]}" + (f", {killed} workers killed" if kills else ""), flush=True)
    one, two = (float(results[name]["rate"]) for name in ("1 worker", "2 workers"))
    print(f"two workers embed {two / one:.2f} times as fast as one")
    told = ("documents", "failed", "passages", "ids")
    same = {json.dumps([result[key] for key in told]) for result in results.values()}
    print("each run made the same passages" if len(same) == 1 else f"THE RUNS DIFFER: {same}")


def _kill_workers(process: subprocess.Popen[str], token: str, kills: int) -> int:
    """Kills workers that embed, one at a time, each another process."""
    killed: set[int] = set()
    while len(killed) < kills and process.poll() is None:
        for folder in Path("/proc").glob("[0-9]*"):
            pid = int(folder.name)
            with suppress(OSError):
                embeds = (folder / "cmdline").read_bytes().startswith(b"ray::_embed")
                if embeds and pid not in killed and token.encode() in (folder / "environ").read_bytes():
                    os.kill(pid, signal.SIGKILL)
                    killed.add(pid)
                    break
        time.sleep(1)
    return len(killed)


# --- many runs, and large ones ------------------------------------------------------------------


def rounds(root: Path, full: int, small: int) -> None:
    for number in range(DOCUMENTS):
        write(root, number, 0)
    index = Index(root / "data", MODEL)
    whole(root)
    for edition in range(1, full + small + 1):
        for number in range(DOCUMENTS if edition <= full else 1):
            write(root, number, edition)
        seconds, result = whole(root)
        with index.reading() as generation:
            generation.vectors.query(StandIn().vector("?"), 5)
        if edition in (1, full, full + 1, full + small) or edition % 50 == 0:
            kind = "full" if edition <= full else "small"
            print(
                f"{kind} {edition}: {seconds:.1f} s, disk {_disk(root):.1f} MB, "
                f"job {result['megabytes']} MB, reader {_resident():.0f} MB"
            )
    index.close()


def large(root: Path, files: int) -> None:
    for number in range(files):
        write(root, number, 0)
    for name in ("full", "unchanged", "unchanged again"):
        seconds, result = whole(root)
        print(f"{name}: {seconds:.1f} s, {result['megabytes']} MB, {result['embedded']} passages embedded")
    write(root, files // 2, 1)
    seconds, result = whole(root)
    print(f"one changed: {seconds:.1f} s, {result['megabytes']} MB, {result['embedded']} passages embedded")
    print(f"disk {_disk(root):.0f} MB")


def _disk(root: Path) -> float:
    return sum(path.stat().st_size for path in (root / "data").rglob("*") if path.is_file()) / 1e6


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the ingestion job.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("what", choices=("job", "rounds", "large", "ray", "ray-job"))
    parser.add_argument("--full", type=int, default=50)
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--model", default=MODEL, help="of the job")
    given = parser.parse_args()
    if given.what == "job":
        work(given.root, given.model)
        return
    if given.what == "ray-job":
        work_on_ray(given.root, given.workers)
        return
    for part in ("corpus", "data"):
        shutil.rmtree(given.root / part, ignore_errors=True)
    if given.what == "rounds":
        rounds(given.root, given.full, given.small)
    elif given.what == "ray":
        on_ray(given.root, given.files or 60)
    else:
        large(given.root, given.files or 10_000)


if __name__ == "__main__":
    main()
