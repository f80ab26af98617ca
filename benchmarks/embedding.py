"""The product's engine for passages against sentence-transformers in 32 bits, on the same weights.

    python -m benchmarks.embedding SQUAD.json [PASSAGES] [ROUNDS]

Each round runs both, one after the other, each in a process of its own, so that a busy machine slows
both down. Prints the medians of passages a second, of passages a second of CPU time, of the seconds
until the engine is ready and of peak memory; and the cosine between the two engines' vectors."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from assistant.embedding import BUNDLED, Embedded, SentenceTransformerModel, open_passages
from assistant.errors import BadEvaluationFile
from assistant.evaluation.questions import load
from assistant.types import Passage
from benchmarks.unpacked import unpack
from ingest.read import read_document
from ingest.split import split

ENGINES = ("sentence-transformers", "product")
FIGURES = ("ready", "passages/s", "passages/CPU s", "peak MB")


def main(file: Path, count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unpack(folder / BUNDLED)
        measured: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
        for number in range(rounds):
            for engine in ENGINES:
                command = [sys.executable, "-m", "benchmarks.embedding", str(file), str(count), "--one", engine, name]
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                measured[engine].append(json.loads(done.stdout.splitlines()[-1]))
                print(f"{number + 1} / {rounds} {engine}: {measured[engine][-1]}", flush=True)
        for engine in ENGINES:
            print(f"{engine}: {({figure: _median(measured[engine], figure) for figure in FIGURES})}")
        for figure in ("passages/s", "passages/CPU s"):
            ratios = [new[figure] / old[figure] for old, new in zip(*(measured[e] for e in ENGINES), strict=True)]
            print(f"ratio of {figure}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
        _compare(*(np.load(folder / f"{engine}.npz") for engine in ENGINES))


def _median(runs: Sequence[dict[str, float]], figure: str) -> float:
    return round(median(run[figure] for run in runs), 2)


def _compare(old: dict[str, np.ndarray], new: dict[str, np.ndarray]) -> None:
    for kind in ("passages", "sentences"):
        cosines = (old[kind] * new[kind]).sum(axis=1)
        print(f"cosine of {len(cosines)} {kind}: mean {cosines.mean():.5f}, lowest {cosines.min():.5f}")


def one(engine: str, file: Path, count: int, folder: Path) -> None:
    """Measure one engine in this process; its vectors are left in `folder`."""
    passages = _passages(file, count)
    started = time.perf_counter()
    ours = engine == "product"
    model = open_passages(BUNDLED) if ours else SentenceTransformerModel(BUNDLED, str(folder / BUNDLED))
    ready, cpu = time.perf_counter(), time.process_time()
    embedded = model.passages(passages, lambda number: None)
    seconds, cpu_seconds = time.perf_counter() - ready, time.process_time() - cpu
    _keep(embedded, folder / f"{engine}.npz")
    figures = (ready - started, len(passages) / seconds, len(passages) / cpu_seconds, _peak_megabytes())
    print(json.dumps(dict(zip(FIGURES, (round(figure, 2) for figure in figures), strict=True))))


def _passages(file: Path, count: int) -> list[Passage]:
    """`count` of the passages that a SQuAD file's articles are split into, evenly from all of them."""
    articles = load(file).articles
    if articles is None:
        raise BadEvaluationFile(str(file), "it is not a SQuAD file")
    found: list[Passage] = []
    for article in articles:
        sidecar = json.dumps({"title": article.title}).encode()
        document, _ = read_document(article.text.encode(), article.path, sidecar, max_mb=50)
        found += split(document)
    return found[:: max(len(found) // count, 1)][:count]


def _keep(embedded: Sequence[Embedded], file: Path) -> None:
    np.savez(
        file,
        passages=np.stack([one.passage for one in embedded]),
        sentences=np.concatenate([one.sentences for one in embedded]),
    )


def _peak_megabytes() -> float:
    """Of this process, from Linux's /proc."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("passages", type=int, nargs="?", default=200)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "FOLDER"), help="what a round runs")
    given = parser.parse_args()
    if given.one:
        one(given.one[0], given.file, given.passages, Path(given.one[1]))
    else:
        main(given.file, given.passages, given.rounds)
