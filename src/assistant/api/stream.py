"""Server-sent events from an iterator of ours: what happens is sent while it happens, and whatever becomes
of the client, the iterator is closed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import TypeVar

import anyio
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from assistant.api import problems
from assistant.types import Language

Event = TypeVar("Event")

Named = tuple[str, str]
"""An event's name and its data as JSON."""

Events = Generator[Named, None, None]


def named(events: Iterator[Event], name: Callable[[Event], Named]) -> Events:
    """The events as they are sent. Closing it, once begun, closes `events`."""
    try:
        for event in events:
            yield name(event)
    finally:
        if isinstance(events, Generator):
            events.close()


Streamed = str
"""What is sent as it is, encoded already."""


class TextStream(EventSourceResponse):
    """Events of another protocol, which have no names of ours. As `EventStream`; `last` is sent when all is
    well. What goes wrong on the way is sent as a problem under `error`."""

    def __init__(
        self, first: Streamed, events: Generator[Streamed, None, None], language: Language, last: Streamed
    ) -> None:
        self._events = events
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_texts(first, events, language, last), headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._events.close)


class EventStream(EventSourceResponse):
    """`first` was taken from `events` already, so that what is wrong with a request is told by its status.
    `events` is closed also when the client is gone before anything was sent, and the body never began."""

    def __init__(self, first: Named, events: Events, language: Language) -> None:
        self._events = events
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_encoded(first, events, language), headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._events.close)


async def _texts(
    first: Streamed, events: Iterator[Streamed], language: Language, last: Streamed
) -> AsyncIterator[bytes]:
    piece: Streamed | None = first
    while piece is not None:
        yield piece.encode()
        try:
            piece = await run_in_threadpool(next, events, None)
        except Exception as error:  # noqa: BLE001  as in `_next`
            problem = problems.of_any(error, language)
            told = {"error": {"message": problem.detail, "type": "server_error", "code": problem.code}}
            yield f"data: {json.dumps(told, ensure_ascii=False)}\n\n".encode()
            return
    yield last.encode()


async def _encoded(first: Named, events: Events, language: Language) -> AsyncIterator[bytes]:
    event: Named | None = first
    while event is not None:
        name, data = event
        yield format_sse_event(event=name, data_str=data)
        event = None if name == "error" else await run_in_threadpool(_next, events, language)


def _next(events: Events, language: Language) -> Named | None:
    try:
        return next(events, None)
    except Exception as error:  # noqa: BLE001  the stream has begun: no handler further out can tell the client
        return "error", problems.of_any(error, language).model_dump_json()
