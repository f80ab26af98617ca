"""MCP, where other assistants ask, search and read here as tools.

Its package is imported, and the endpoint made, at the first request: a service that nobody asks this way does
without both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.answering import Answering

_Endpoint = Callable[[Answering], AbstractAsyncContextManager[ASGIApp]]


class Agents:
    """An ASGI application that answers while `running` is entered."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._task: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._opened: asyncio.Future[ASGIApp] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._ended, self._opened, self._task = asyncio.Event(), None, None
        yield
        self._ended.set()
        if self._task is not None:
            await self._task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":  # no session is kept, so there is none to listen to or to end
            raise HTTPException(405, headers={"Allow": "POST"})
        if self._opened is None:
            self._opened = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run(self._opened))
        endpoint = await asyncio.shield(self._opened)
        await endpoint(scope, receive, send)

    async def _run(self, opened: asyncio.Future[ASGIApp]) -> None:
        """In a task of its own: what the endpoint starts must end where it began."""
        try:
            endpoint = await run_in_threadpool(_loaded)
            async with endpoint(self._answering) as application:
                opened.set_result(application)
                await self._ended.wait()
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)


def _loaded() -> _Endpoint:
    from assistant.api.tools import endpoint

    return endpoint
