"""Clients that are slow, say half of what they want to, or go away: nothing of them is kept, and others are answered
meanwhile. Over a real port, since what is kept would be the server's."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from assistant.answer import Assistant
from assistant.api.app import create_app
from tests.fakes import Workshop, settings_over, wait_for
from tests.serving import served

_CLIENTS = 12
_PLACES = 8
_SECONDS = 30.0
_QUESTION = b'{"question": "Hva koster prosjektet?"}'
_HEAD = (
    b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Accept: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(_QUESTION)
)


@dataclass(frozen=True)
class Service:
    address: str
    large: str
    """The address of a reply that no socket's buffers hold."""

    def connect(self) -> socket.socket:
        connected = socket.create_connection(("127.0.0.1", int(self.address.rpartition(":")[2])), timeout=_SECONDS)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return connected


@pytest.fixture
def service(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr("assistant.api.app._ARRIVAL", 0.5)
    monkeypatch.setattr("assistant.api.app._TAKING", 0.5)
    workshop.put("plan.md", "# Plan\n\nProsjektet koster 4,2 millioner kroner.")
    workshop.put("stor.html", f"<p>Kommunen leverer vann.</p><!-- {'x' * 12_000_000} -->")
    workshop.options = replace(workshop.options, max_file_mb=20)
    workshop.run()
    with workshop.reading() as generation:
        large = next(source.id for source in generation.sources.values() if source.path == "stor.html")
    settings = settings_over(workshop).model_copy(update={"concurrent_requests": _PLACES})
    with served(create_app(settings), patience=1.0) as address:
        yield Service(address, f"/api/v1/documents/{large}/file")


def _sockets() -> int:
    count = 0
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # gone meanwhile
            count += os.readlink(handle).startswith("socket:")
    return count


def _under_way(service: Service) -> float:
    text = httpx.get(f"{service.address}/metrics", timeout=_SECONDS).text
    (line,) = [line for line in text.splitlines() if line.startswith("assistant_requests_under_way ")]
    return float(line.split()[1]) - 1  # without this one


def _nothing(client: socket.socket, service: Service) -> None:
    pass


def _half_a_head(client: socket.socket, service: Service) -> None:
    client.sendall(_HEAD[:60])


def _half_a_second_head(client: socket.socket, service: Service) -> None:
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert client.recv(4096).startswith(b"HTTP/1.1 200")
    client.sendall(_HEAD[:60])


def _half_a_body(client: socket.socket, service: Service) -> None:
    client.sendall(_HEAD + _QUESTION[:5])


def _asks_for_much_and_reads_nothing(client: socket.socket, service: Service) -> None:
    client.sendall(f"GET {service.large} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())


def _reads_the_beginning_of_a_stream(client: socket.socket, service: Service) -> None:
    client.sendall(_HEAD + _QUESTION)
    assert client.recv(20).startswith(b"HTTP/1.1 200")


_WAYS = [
    _nothing,
    _half_a_head,
    _half_a_second_head,
    _half_a_body,
    _asks_for_much_and_reads_nothing,
    _reads_the_beginning_of_a_stream,
]


@pytest.mark.parametrize("goes", [True, False], ids=["goes away", "stays"])
@pytest.mark.parametrize("way", _WAYS, ids=lambda way: way.__name__.strip("_"))
def test_nothing_is_kept_of_a_client(
    service: Service, way: Callable[[socket.socket, Service], None], goes: bool
) -> None:
    assert httpx.get(f"{service.address}/readyz", timeout=_SECONDS).status_code == 200
    wait_for(lambda: _under_way(service) == 0, _SECONDS, "the service is not quiet")
    before = _sockets()
    with ExitStack() as clients:
        for _ in range(_CLIENTS):
            client = service.connect()
            clients.callback(client.close)
            way(client, service)
        assert httpx.get(f"{service.address}/healthz", timeout=_SECONDS).json() == {"status": "ok"}
        if goes:
            clients.close()
        wait_for(lambda: _sockets() <= before + (0 if goes else _CLIENTS), _SECONDS, "connections are held")
        wait_for(lambda: _under_way(service) == 0, _SECONDS, "places are held")
        answered = httpx.post(f"{service.address}/api/v1/ask", json=json.loads(_QUESTION), timeout=_SECONDS)
        assert answered.status_code == 200
    wait_for(lambda: _sockets() <= before, _SECONDS, "connections are held")


@pytest.mark.parametrize("line", [b"GARBAGE", b"GET /" + b"x" * 70_000 + b" HTTP/1.1"], ids=["garbage", "long"])
def test_what_is_no_http_is_a_problem_too(service: Service, line: bytes) -> None:
    with service.connect() as client:
        client.sendall(line + b"\r\nHost: 127.0.0.1\r\n\r\n")
        told = b""
        while piece := client.recv(4096):
            told += piece
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and b"Content-Type: application/problem+json" in head
    assert (json.loads(body)["status"], json.loads(body)["code"]) == (400, "http")


def test_who_goes_while_waiting_waits_no_longer(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    enough, asked = threading.Event(), list[object]()

    def held(*given: object) -> Iterator[object]:
        asked.append(given)
        enough.wait(_SECONDS)
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(Assistant, "ask", held)
    with ExitStack() as clients:
        for _ in range(_PLACES):
            client = service.connect()
            clients.callback(client.close)
            client.sendall(_HEAD + _QUESTION)
        wait_for(lambda: len(asked) == _PLACES, _SECONDS, "not every question is under way")
        for _ in range(_CLIENTS):
            client = service.connect()
            client.sendall(_HEAD + _QUESTION)
            client.close()
        healthy = httpx.get(f"{service.address}/healthz", timeout=_SECONDS)
        assert healthy.json() == {"status": "ok"}
        enough.set()
        wait_for(lambda: _under_way(service) == 0, _SECONDS, "places are held")
    assert len(asked) == _PLACES, "what nobody waits for any more was asked all the same"


def test_it_is_healthy_also_when_every_thread_is_busy(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough, asked = threading.Event(), list[object]()

    def held(*given: object) -> Iterator[object]:
        asked.append(given)
        enough.wait(_SECONDS)
        raise ZeroDivisionError
        yield

    workshop.put("plan.md", "Prosjektet koster 4,2 millioner kroner.")
    workshop.run()
    monkeypatch.setattr(Assistant, "ask", held)
    most = 60
    app = create_app(settings_over(workshop).model_copy(update={"concurrent_requests": most}))
    with served(app) as address, ExitStack() as clients:
        port = int(address.rpartition(":")[2])
        for _ in range(most):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), timeout=_SECONDS))
            client.sendall(_HEAD.replace(b"text/event-stream", b"application/json") + _QUESTION)
        wait_for(lambda: len(asked) == most, _SECONDS, "as many as are let in are answered, each in a thread")
        assert httpx.get(f"{address}/healthz", timeout=_SECONDS).json() == {"status": "ok"}
        enough.set()
