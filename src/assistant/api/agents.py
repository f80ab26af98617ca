"""MCP, where other assistants ask, search and read here as tools: the endpoint, with its package or without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.answering import Answering
from assistant.errors import AgentsUnavailable


class Agents:
    """An ASGI application that answers while `running` is entered, where the package is installed."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._endpoint: ASGIApp | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        if find_spec("mcp") is None:
            yield
            return
        from assistant.api.tools import endpoint

        async with endpoint(self._answering) as opened:
            self._endpoint = opened
            try:
                yield
            finally:
                self._endpoint = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint is None:
            raise AgentsUnavailable
        await self._endpoint(scope, receive, send)
