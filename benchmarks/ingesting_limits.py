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
from benchmarks.ingesting import DOCUMENTS, write
from benchmarks.ingesting_kills import Asker, edition_of, watching
from benchmarks.serving import serving
from benchmarks.stand_in import MODEL, SERVE, environment, start, whole
from ingest.files import read_file
from ingest.folder import scan
from ingest.read.isolated import IsolatedReader

PER_DOCUMENT = 100


def rate(root: Path, files: int) -> None:
    """Passages a second by the whole job, and by the embedding alone over the same passages, which are read and cut
    beforehand. What each does once however much there is, starting, opening and compiling the model, is taken from a
    run over a single file, and the pace without it is told apart."""
    place = environment(root, BUNDLED)
    write(root, 0, 0)
    once, first = whole(place)
    _emptied(root)
    for number in range(files):
        write(root, number, 0)
    passages = _read(root)
    started = time.perf_counter()
    engine = open_passages(BUNDLED)
    engine.passages(passages[: first["embedded"]], lambda count: None)
    opened = time.perf_counter()
    engine.passages(passages[first["embedded"] :], lambda count: None)
    done = time.perf_counter()
    seconds, result = whole(place)
    assert result["embedded"] == len(passages)
    alone, rest = done - started, len(passages) - first["embedded"]
    print(
        f"{len(passages)} passages: {len(passages) / alone:.1f}/s embedded alone, {len(passages) / seconds:.1f}/s "
        f"by the whole job, {alone / seconds:.2f} of it; {result['megabytes']} MB"
    )
    print(
        f"a job over one file {once:.1f} s, opening the model {opened - started:.1f} s; beyond that "
        f"{rest / (done - opened):.1f}/s embedded alone, {rest / (seconds - once):.1f}/s by the whole job, "
        f"{(done - opened) / (seconds - once):.2f} of it"
    )


def _read(root: Path) -> list[Passage]:
    reader = IsolatedReader(60.0, 2000)
    return [p for found in scan(root / "corpus") for p in read_file(found, reader, 50, 0.0)[0].passages]


def memory(root: Path, passages: int) -> None:
    """The greatest memory of the job's process, by how much it has to do."""
    place = environment(root)
    for share in (8, 2, 1):
        _emptied(root)
        for number in range(passages // share // PER_DOCUMENT):
            _write_long(root, number)
        seconds, result = whole(place)
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
    """A run that meets a full or a read-only disk publishes nothing, names the disk, and the index in use answers, also
    over HTTP all the while; when there is room again, the next run does what was to be done."""
    place = environment(root)
    with _small_disk(root / "data", megabytes):
        _edit(root, 0)
        whole(place)
        edition = _on_a_full_disk(root, place)
        _edit(root, edition + 1)
        _mount("-o", "remount,ro", str(root / "data"))
        with _served(root, place, edition) as asker:  # started there, too
            _refused(root, place, edition)
            print(f"read-only: the run is refused, edition {_answers(root)} answers")
        print(f"meanwhile {asker.asked} questions to a service started there, {asker.wrong.total()} wrong")
        _mount("-o", "remount,rw", str(root / "data"))
        whole(place)
        assert _answers(root) == edition + 1
        print(f"and then edition {_answers(root)}")


def _on_a_full_disk(root: Path, place: dict[str, str]) -> int:
    """Returns the edition that is published at last."""
    filler = root / "data" / "filler"
    edition = 0
    with _served(root, place, edition) as asker:
        for left in (0, 100, 500, 2000, 5000):  # kB
            _edit(root, edition + 1)
            _fill(filler, left)
            _refused(root, place, edition)
            print(f"{left} kB left: the run is refused, edition {edition} answers")
            filler.unlink()
            whole(place)
            edition += 1
            asker.published = edition
            assert _answers(root) == edition
    print(f"meanwhile {asker.asked} questions to the service, {asker.wrong.total()} wrong")
    return edition


@contextmanager
def _served(root: Path, place: dict[str, str], edition: int) -> Iterator[Asker]:
    """A service, and who asks it all the while; no reply may be wrong."""
    with serving(place, SERVE, root / "service.log") as (client, _pid):
        asker = Asker(str(client.base_url))
        asker.published = edition
        with watching([asker]):
            yield asker
    assert asker.asked and not asker.wrong, asker.wrong


def _refused(root: Path, place: dict[str, str], edition: int) -> None:
    """The real command's exit code and its message; and what answers then, to who opens it then."""
    process = start(place)
    _, said = process.communicate()
    last = said.splitlines()[-1] if said else ""
    named = f"The index in {str(root / 'data')!r} cannot be written" in last and "disk" in last
    assert process.returncode == 2 and named and "Traceback" not in said, f"{process.returncode}: {said}"
    assert _answers(root) == edition
    print(f"  {last}")


def _edit(root: Path, edition: int) -> None:
    for number in range(DOCUMENTS):
        write(root, number, edition)


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
