"""Where vectors lie: in the data folder, or on a Chroma server of the tests' own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import chromadb
import httpx
import pytest
from chromadb.api.client import Client
from chromadb.config import Settings

from assistant.vectors import _close

everywhere = pytest.mark.parametrize("store", ["embedded", "server"], indirect=True)
"""Runs a test that uses the fixture `store`, as `workshop` does, with either."""

_START_SECONDS = 60.0


class ChromaServer:
    """`chroma run` on the loopback address, over a folder that it finds again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(self._folder)]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        environment = os.environ | {"ANONYMIZED_TELEMETRY": "False"}
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=quiet, stderr=quiet)
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the Chroma server has ended"
            assert time.monotonic() < until, "the Chroma server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5, verify=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def clear(url: str) -> None:
    """Let the server hold nothing."""
    with _client(url) as client:
        for collection in client.list_collections():
            client.delete_collection(collection.name)


def collections(url: str) -> list[str]:
    """The names of what the server holds."""
    with _client(url) as client:
        return sorted(collection.name for collection in client.list_collections())


@contextmanager
def _client(url: str) -> Iterator[Client]:
    port = int(url.rpartition(":")[2])
    settings = Settings(anonymized_telemetry=False, chroma_server_ssl_verify=False)
    client = chromadb.HttpClient("127.0.0.1", port, settings=settings)
    try:
        yield cast("Client", client)
    finally:
        _close(cast("Client", client))
