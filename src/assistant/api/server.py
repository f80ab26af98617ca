"""The server: uvicorn, which lets go of connections on which nothing happens any more."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Protocol, cast

import uvicorn

from assistant.api.problems import Problem

PATIENCE = 30.0
"""Seconds for the head of a request to be there, and for what is left of a reply to be taken once it is closed."""

_TICKS = 10
"""Of uvicorn's, which come ten a second."""


class _Cycle(Protocol):
    response_complete: bool


class _Connection(Protocol):
    """What uvicorn's protocols, by whichever parser, have in common."""

    transport: asyncio.Transport
    cycle: _Cycle | None


class Server(uvicorn.Server):
    """uvicorn waits for ever for the rest of a request's head, and for a client to take what lies in a closed
    connection's buffer. Each holds a file handle, and whoever likes may open as many as there are."""

    def __init__(
        self, config: uvicorn.Config, patience: float = PATIENCE, ending: Callable[[], None] = lambda: None
    ) -> None:
        """`ending` is called when the server is to end: it may end what replies that have begun are waiting for."""
        if not config.loaded:
            config.load()
        config.http_protocol_class = _telling(config.http_protocol_class)
        super().__init__(config)
        self._patience = patience
        self._ending = ending
        self._still: dict[_Connection, tuple[object, float]] = {}

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._ending)
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS == 0:
            self._let_go(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _let_go(self, now: float) -> None:
        still: dict[_Connection, tuple[object, float]] = {}
        for connection in cast("set[_Connection]", set(self.server_state.connections)):
            waits_for = _waits_for(connection)
            if waits_for is None:
                continue
            before, since = self._still.get(connection, (None, now))
            still[connection] = waits_for, since if before == waits_for else now
            if now - still[connection][1] >= self._patience:
                connection.transport.abort()
        self._still = still


def _telling(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """A protocol of uvicorn's that tells of what is no HTTP, which no application sees, as the application would."""

    class Telling(protocol):  # type: ignore[misc, valid-type]
        transport: asyncio.Transport

        def send_400_response(self, msg: str) -> None:
            problem = Problem(title="Bad Request", status=400, detail=msg, code="http").model_dump_json().encode()
            head = (
                "HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n"
                f"Content-Length: {len(problem)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + problem)
            self.transport.close()

    return Telling


def _waits_for(connection: _Connection) -> object:
    """What the client has still to do, another object each time; None while a request is being answered."""
    if connection.transport.is_closing():
        return "to take the rest"
    if connection.cycle is None:
        return "to ask"
    return connection.cycle if connection.cycle.response_complete else None
