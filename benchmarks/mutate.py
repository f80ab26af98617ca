"""Feeds the isolated reader files that somebody made to break it, and counts what became of them.

    python -m benchmarks.mutate [--count 2000] [--seed 1] [--keep FOLDER]

Every file must come to one of two ends: a document, or an error that names the file. Crashes of the reader's
process are counted apart: they cost no more than any other error, but each is a fault of a parser."""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from itertools import chain
from pathlib import Path

from assistant.errors import FileCrashed, FileError
from ingest.read import isolated
from ingest.read.isolated import IsolatedReader
from tests.mutants import every_hostile, mutants


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--memory-mb", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="a folder for the files that crashed the reader or hung it")
    given = parser.parse_args()
    reader = IsolatedReader(given.seconds, given.memory_mb)
    ends: Counter[str] = Counter()
    unnamed: list[str] = []
    times: list[tuple[float, str]] = []
    for name, data in chain(every_hostile(), mutants(given.count, given.seed)):
        started = time.monotonic()
        try:
            reader.read(data, name, None, 50)
            ends["read"] += 1
        except FileError as error:
            ends[type(error).__name__] += 1
            if name not in str(error):
                unnamed.append(name)
            if isinstance(error, FileCrashed) or error.code in {"file_too_slow", "file_too_heavy"}:
                print(f"{name}: {error}")
                if given.keep:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    (given.keep / name).write_bytes(data)
        times.append((time.monotonic() - started, name))
    isolated.stop()
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"{sum(ends.values())} files: " + ", ".join(f"{end} {count}" for end, count in ends.most_common()))
    print(f"errors that do not name their file: {len(unnamed)} {unnamed[:5]}")
    print(f"seconds: median {times[len(times) // 2][0]:.3f}, total {sum(t for t, _ in times):.0f}, longest:")
    for seconds, name in times[:-6:-1]:
        print(f"  {seconds:6.2f} {name}")
    print(f"most memory of a reading process: {peak:.0f} MB, of this one: {_own():.0f} MB")


def _own() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
