"""Start the service over the index in use and measure it from outside.

    python -m benchmarks.serving [QUESTIONS.json] [ROUNDS]

Prints the seconds until it is ready, its resident memory before and after, and the median and 95th
percentile of `search` and `ask` over a golden file's questions, one client at a time."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

GOLDEN = Path(__file__).parent.parent / "tests" / "evals" / "golden.json"
COMMAND = (str(Path(sys.executable).with_name("assistant")), "serve")
MOST_SECONDS = 60


def main(golden: Path, rounds: int) -> None:
    questions = [one["question"] for one in json.loads(golden.read_text(encoding="utf-8"))["questions"]]
    started = time.perf_counter()
    with serving(dict(os.environ)) as (client, pid):
        print(f"ready after {time.perf_counter() - started:.2f} s, {megabytes(pid):.0f} MB resident")
        for name, call in _calls(client).items():
            call(questions[0])
            tell(name, [milliseconds(call, q) for _ in range(rounds) for q in questions])
        print(f"after {2 * rounds * len(questions)} requests {megabytes(pid):.0f} MB resident")


@contextmanager
def serving(
    environment: dict[str, str], command: Sequence[str] = COMMAND, log: Path | None = None
) -> Iterator[tuple[httpx.Client, int]]:
    """The service in a process of its own, ready: a client for it, and its process id. What it says goes to the end of
    `log`, or where ours goes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as opened:
        said = opened.enter_context(log.open("ab")) if log else None
        server = subprocess.Popen(command, env=environment | {"ASSISTANT_PORT": str(port)}, stderr=said)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client, server)
            yield client, server.pid
    finally:
        server.terminate()
        server.wait()


def _calls(client: httpx.Client) -> dict[str, Callable[[str], object]]:
    return {
        "search": lambda q: client.get("/api/v1/search", params={"q": q}).raise_for_status(),
        "ask": lambda q: client.post("/api/v1/ask", json={"question": q}).raise_for_status(),
    }


def _wait(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"the service was not ready within {MOST_SECONDS} s")


def megabytes(pid: int) -> float:
    """Resident memory, from Linux's /proc."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def milliseconds(call: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    call(question)
    return (time.perf_counter() - started) * 1000


def tell(name: str, spent: Sequence[float]) -> None:
    print(f"{name}: p50 {median(spent):.0f} ms, p95 {quantiles(spent, n=20)[-1]:.0f} ms, {len(spent)} requests")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else GOLDEN, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
