"""Server-sent events from an iterator of ours: what happens is sent while it happens, and whatever becomes
of the client, the iterator is closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import TypeVar

import anyio
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from assistant.api import problems
from assistant.errors import AssistantError
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


async def _encoded(first: Named, events: Events, language: Language) -> AsyncIterator[bytes]:
    event: Named | None = first
    while event is not None:
        name, data = event
        yield format_sse_event(event=name, data_str=data)
        event = None if name == "error" else await run_in_threadpool(_next, events, language)


def _next(events: Events, language: Language) -> Named | None:
    try:
        return next(events, None)
    except AssistantError as error:
        problem = problems.of_error(error, language)
    except Exception as error:  # noqa: BLE001  the stream has begun: no handler further out can tell the client
        problem = problems.of_unexpected(error, language)
    return "error", problem.model_dump_json()
