"""What the ingestion job stands, and what it costs, with an embedder that takes no time.

    python -m benchmarks.ingesting WORKDIR rounds [--full 50] [--small 500]     disk and memory over many runs
    python -m benchmarks.ingesting WORKDIR large [--files 10000]  full, unchanged and one changed
    python -m benchmarks.ingesting WORKDIR ray [--files 60]       on Ray with one core, two, and workers killed

Each run is a process of its own, the job of `benchmarks.stand_in`. With `rounds` a service answers all the while: it
is asked after each run and must tell of the edition just published; it is its memory that is printed. With `ray` the
model is the bundled one, which is what the workers' time goes to. WORKDIR is emptied first."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import httpx

from assistant.catalogue import Catalogue
from assistant.embedding import BUNDLED
from benchmarks.serving import megabytes, serving
from benchmarks.stand_in import SERVE, environment, whole
from ingest.job import Options, Step, run

DOCUMENTS = 40


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


def work_on_ray(root: Path, cores: int) -> None:
    """The job on a cluster of its own with so many cores, 0 for none; prints its pace and what it made."""
    options = Options(root / "corpus", root / "data", BUNDLED, "", max_file_mb=50, keep_generations=2)
    pace = Pace()
    with patch("ingest.cluster._cores", lambda: cores):
        outcome = run(replace(options, ray="local" if cores else ""), pace.step)
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
    for name, cores, kills in (("without", 0, 0), ("one core", 1, 0), ("two cores", 2, 0), ("killed", 2, 3)):
        shutil.rmtree(root / "data", ignore_errors=True)
        token = secrets.token_hex(16)
        environment = os.environ | {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}
        command = [sys.executable, "-m", "benchmarks.ingesting", str(root), "ray-job", "--cores", str(cores)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        killed = _kill_workers(process, token, kills)
        printed, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"the job ended with {process.returncode}")
        results[name] = json.loads(printed.strip().splitlines()[-1])  # Ray tells of the killed on the same stream
        print(f"{name}: {results[name]}" + (f", {killed} workers killed" if kills else ""), flush=True)
    one, two = (float(results[name]["rate"]) for name in ("one core", "two cores"))
    print(f"two cores embed {two / one:.2f} times as fast as one")
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
    place = environment(root)
    whole(place)
    with serving(place, SERVE, root / "service.log") as (client, pid):
        for edition in range(full + small + 1):
            for number in range(DOCUMENTS if edition <= full else 1):
                write(root, number, edition)
            seconds, result = whole(place)
            _ask(client, edition)
            if edition in (0, 1, full, full + 1, full + small) or edition % 50 == 0:
                kind = "full" if edition <= full else "small"
                print(
                    f"{kind} {edition}: {seconds:.1f} s, disk {_disk(root):.1f} MB, job {result['megabytes']} MB, "
                    f"service {megabytes(pid):.0f} MB, {len(os.listdir(f'/proc/{pid}/fd'))} open files",
                    flush=True,
                )


def _ask(client: httpx.Client, edition: int) -> None:
    """An answer, and what is found of the document that each run changes: nothing but its last edition."""
    question = "Hva tar utvalget opp i avsnitt 2 i dokument 0?"
    answer = client.post("/api/v1/ask", json={"question": question}).raise_for_status().json()
    found = client.get("/api/v1/search", params={"q": question, "limit": 50}).raise_for_status().json()
    editions = {int(told) for hit in found["hits"] for told in re.findall(r"dokument 0, utgave (\d+)", hit["text"])}
    if answer["status"] != "answered" or editions != {edition}:
        raise SystemExit(f"{answer['status']}, of the editions {editions}, after {edition} was published")


def large(root: Path, files: int) -> None:
    for number in range(files):
        write(root, number, 0)
    place = environment(root)
    for name in ("full", "unchanged", "unchanged again"):
        seconds, result = whole(place)
        print(f"{name}: {seconds:.1f} s, {result['megabytes']} MB, {result['embedded']} passages embedded")
    write(root, files // 2, 1)
    seconds, result = whole(place)
    print(f"one changed: {seconds:.1f} s, {result['megabytes']} MB, {result['embedded']} passages embedded")
    print(f"disk {_disk(root):.0f} MB")


def _disk(root: Path) -> float:
    return sum(path.stat().st_size for path in (root / "data").rglob("*") if path.is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the ingestion job.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("what", choices=("rounds", "large", "ray", "ray-job"))
    parser.add_argument("--full", type=int, default=50)
    parser.add_argument("--small", type=int, default=500)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--cores", type=int, default=0)
    given = parser.parse_args()
    if given.what == "ray-job":
        work_on_ray(given.root, given.cores)
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
