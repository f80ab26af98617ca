"""What bounds the ingestion job: the embedding, memory, the disk.

    python -m benchmarks.ingesting_limits WORKDIR rate [--files 300]           beside the embedding alone, same model
    python -m benchmarks.ingesting_limits WORKDIR memory [--passages 100000]   an embedder that takes no time
    python -m benchmarks.ingesting_limits WORKDIR disk [--megabytes 60]        full, and read-only; as root, on a tmpfs

WORKDIR is emptied first."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.embedding import BUNDLED, open_passages
from assistant.index import Index
from assistant.types import Passage
from benchmarks.ingesting import DOCUMENTS, MODEL, start, whole, write
from benchmarks.ingesting_kills import edition_of
from ingest.files import read_file
from ingest.folder import scan
from ingest.read.isolated import IsolatedReader

PER_DOCUMENT = 100


def rate(root: Path, files: int) -> None:
    """Passages a second by the whole job, and by the embedding alone over the same passages, which are read and cut
    beforehand. The job's first run of a model also compiles it; both do that within their time."""
    for number in range(files):
        write(root, number, 0)
    passages = _read(root)
    started = time.perf_counter()
    open_passages(BUNDLED).passages(passages, lambda count: None)
    alone = time.perf_counter() - started
    seconds, result = whole(root, BUNDLED)
    assert result["embedded"] == len(passages)
    print(
        f"{len(passages)} passages: {len(passages) / alone:.1f}/s embedded alone, {len(passages) / seconds:.1f}/s "
        f"by the whole job, {alone / seconds:.2f} of it; {result['megabytes']} MB"
    )


def _read(root: Path) -> list[Passage]:
    reader = IsolatedReader(60.0, 2000)
    return [p for found in scan(root / "corpus") for p in read_file(found, reader, 50, 0.0)[0].passages]


def memory(root: Path, passages: int) -> None:
    """The greatest memory of the job's process, by how much it has to do."""
    for share in (8, 2, 1):
        _emptied(root)
        for number in range(passages // share // PER_DOCUMENT):
            _write_long(root, number)
        seconds, result = whole(root)
        print(
            f"{result['passages']} passages, {result['documents']} documents: {seconds:.0f} s, "
            f"{result['megabytes']} MB, the reading process {result['reading_megabytes']} MB",
            flush=True,
        )


def _write_long(root: Path, number: int) -> None:
    """A document of some `PER_DOCUMENT` passages."""
    said = "Setning {at} i avsnitt {number} sier noe mer om saken, som utvalget tar opp igjen til høsten."
    paragraphs = (" ".join(said.format(at=at, number=part) for at in range(9)) for part in range(PER_DOCUMENT))
    file = root / "corpus" / f"{number // 1000}" / f"{number}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# Dokument {number}\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


# --- the disk -----------------------------------------------------------------------------------


def disk(root: Path, megabytes: int) -> None:
    """A run that meets a full or a read-only disk publishes nothing, and the index in use answers; when there is room
    again, the next run does what was to be done."""
    data = root / "data"
    edition = 0
    with _small_disk(data, megabytes):
        _edit(root, edition)
        whole(root)
        for left in (0, 100, 500, 2000, 5000):  # kB
            _edit(root, edition + 1)
            filler = data / "filler"
            _fill(filler, left)
            code = _ended(root)
            answers = _answers(root)
            filler.unlink()
            assert code == 0 or answers == edition, f"{answers} after a run that ended with {code}"
            print(f"{left} kB left: the run ended with {code}, edition {answers} answers")
            whole(root)
            edition += 1
            assert _answers(root) == edition
        _edit(root, edition + 1)
        _mount("-o", "remount,ro", str(data))
        print(f"read-only: the run ended with {_ended(root)}, edition {_answers(root)} answers")
        _mount("-o", "remount,rw", str(data))
        whole(root)
        assert _answers(root) == edition + 1
        print(f"and then edition {_answers(root)}")


def _edit(root: Path, edition: int) -> None:
    for number in range(DOCUMENTS):
        write(root, number, edition)


def _ended(root: Path) -> int:
    process = start(root)
    process.communicate()
    return process.returncode


def _answers(root: Path) -> int:
    index = Index(root / "data", MODEL)
    try:
        with index.reading() as generation:
            return edition_of(generation)
    finally:
        index.close()


def _fill(filler: Path, left: int) -> None:
    with filler.open("wb", buffering=0) as file:
        free = shutil.disk_usage(filler.parent).free - left * 1000
        for _ in range(max(0, free) // 4096):
            file.write(b"\0" * 4096)


@contextmanager
def _small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _emptied(root: Path) -> None:
    for part in ("corpus", "data"):
        shutil.rmtree(root / part, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what bounds the ingestion job.")
    parser.add_argument("root", metavar="WORKDIR", type=Path)
    parser.add_argument("what", choices=("rate", "memory", "disk"))
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=60)
    given = parser.parse_args()
    _emptied(given.root)
    if given.what == "rate":
        rate(given.root, given.files)
    elif given.what == "memory":
        memory(given.root, given.passages)
    else:
        disk(given.root, given.megabytes)


if __name__ == "__main__":
    main()
