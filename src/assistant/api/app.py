"""The application: what is loaded at the start, what stands around every request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

import assistant
from assistant.answer import Assistant
from assistant.api import ask, conversations, documents, health, overview, pages, problems, questions, scripts
from assistant.errors import ArchiveUnavailable, AssistantError
from assistant.open import open_assistant, open_overviews
from assistant.settings import Settings
from assistant.suggestions import Suggestions

log = logging.getLogger(__name__)

_HOUR = 3600
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(settings: Settings) -> FastAPI:
    """Opens the models; raises ModelUnavailable and ChatModelFailed."""
    opened = open_assistant(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(_warm, opened)
        await run_in_threadpool(_forget, opened)
        forgetting = asyncio.create_task(_forget_hourly(opened))
        yield
        forgetting.cancel()
        opened.index.close()

    app = FastAPI(
        title="Assistant",
        version=version("romerike-assistant"),
        description=assistant.__doc__ or "",
        lifespan=lifespan,
        docs_url=None,  # both pages load their scripts from another host
        redoc_url=None,
    )
    app.state.assistant = opened
    app.state.overviews = open_overviews(settings, opened)
    app.state.language = settings.language
    app.state.suggestions = Suggestions(settings.answer_threshold)
    origins = [origin.strip() for origin in settings.allowed_origins.split(",") if origin.strip()]
    app.state.origins = origins
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=origins, allow_methods=["GET", "POST"], allow_headers=["*"]
        )

    @app.middleware("http")
    async def headers(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await proceed(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    problems.install(app)
    for module in (ask, conversations, documents, health, overview, pages, questions, scripts):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=Path(assistant.__file__).parent / "page"), name="static")
    return app


def _warm(opened: Assistant) -> None:
    """Open the index now rather than at the first question; what is wrong with it, every question says."""
    with suppress(AssistantError), opened.index.reading():
        pass


def _forget(opened: Assistant) -> None:
    """Delete conversations that have become too old, also where nobody asks anything."""
    try:
        opened.archive.forget_expired()
    except ArchiveUnavailable as error:  # the next question is told; the service itself goes on
        log.warning("%s", error)


async def _forget_hourly(opened: Assistant) -> None:
    while True:
        await asyncio.sleep(_HOUR)
        await run_in_threadpool(_forget, opened)
