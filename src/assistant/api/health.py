"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from assistant.answer import Assistant
from assistant.api.dependencies import TheAssistant
from assistant.api.description import PROBLEMS, told
from assistant.errors import AssistantError
from assistant.index import Index

router = APIRouter(tags=["health"])

_HOLDS = 1.0
"""Seconds that what was found holds."""


class Alive(BaseModel):
    status: str = "ok"


class Ready(BaseModel):
    """What is being served: of documents and passages, those that whoever asks may see. It may be a second old."""

    status: str = "ready"
    generation: str
    embedding_model: str
    documents: int
    passages: int


class Readiness:
    """Looks whether the service can answer. Whoever likes may ask, as often as it likes: so one looks at a time, what
    it finds holds a second, and who waits for it has no thread meanwhile."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._looking = asyncio.Lock()
        self._found: dict[object, tuple[float, Ready | AssistantError]] = {}

    async def of(self, assistant: Assistant) -> Ready:
        """Raises what `Index.reading` raises, and VectorStoreUnavailable."""
        # By generation: what is published is seen at once.
        about = assistant.index.groups, await run_in_threadpool(assistant.index.folders.current_name)
        async with self._looking:
            self._found = {key: one for key, one in self._found.items() if self._now() - one[0] < _HOLDS}
            if about not in self._found:
                found = await run_in_threadpool(_looked, assistant.index)
                self._found[about] = self._now(), found
            found = self._found[about][1]
        if isinstance(found, AssistantError):
            raise found.with_traceback(None)
        return found


def _looked(index: Index) -> Ready | AssistantError:
    try:
        with index.reading() as generation:
            generation.vectors.check()
            sources = generation.sources.values()
            return Ready(
                generation=generation.manifest.name,
                embedding_model=generation.manifest.embedding_model,
                documents=len(sources),
                passages=sum(source.passages for source in sources),
            )
    except AssistantError as error:
        return error


def _readiness(request: Request) -> Readiness:
    return cast("Readiness", request.app.state.readiness)


@router.get("/healthz", responses=told(400, 403))
async def healthz() -> Alive:
    """The process answers, also when every thread is busy."""
    return Alive()


@router.get("/readyz", responses=PROBLEMS)
async def readyz(assistant: TheAssistant, readiness: Annotated[Readiness, Depends(_readiness)]) -> Ready:
    """The index is open and its vectors are there; otherwise a problem with the reason."""
    return await readiness.of(assistant)
