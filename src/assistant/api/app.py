"""The application: what is loaded at the start, what stands around every request."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

import assistant
from assistant.access.keys import Keys
from assistant.answer import Assistant
from assistant.api import (
    ask,
    completions,
    conversations,
    documents,
    feedback,
    health,
    ingesting,
    metrics,
    overview,
    pages,
    problems,
    questions,
    scripts,
    session,
)
from assistant.api.agents import Agents
from assistant.api.answering import Answering
from assistant.api.caller import Callers
from assistant.api.description import describe
from assistant.api.gate import Allowance, Gate
from assistant.api.limits import Limits
from assistant.api.metrics import Metrics
from assistant.api.observe import Observe
from assistant.api.tracing import open_traces
from assistant.errors import ArchiveUnavailable, AssistantError
from assistant.feedback import FeedbackBox
from assistant.index import Folders
from assistant.job import Job
from assistant.jobstate import JobState
from assistant.open import open_assistant, open_overviews
from assistant.settings import Settings, as_environment, listed
from assistant.suggestions import STARTERS, Ahead, Suggestions
from assistant.types import LANGUAGES

log = logging.getLogger(__name__)

_HOUR = 3600
_BODY = 2_000_000
"""Bytes: a question with twenty turns of a conversation."""
_AROUND_A_FILE = 100_000
"""Bytes of an upload that are not the document."""
_THREADS = 20
_ARRIVAL, _TAKING = 120.0, 60.0
"""Seconds until a body is here, and until a client takes what is sent to it."""

_ROOMS = (
    ask,
    completions,
    conversations,
    documents,
    feedback,
    health,
    ingesting,
    metrics,
    overview,
    pages,
    questions,
    scripts,
    session,
)


def create_app(settings: Settings) -> FastAPI:
    """Opens the models; raises ModelUnavailable, ChatModelFailed, KeysFileOpen, KeysFileInvalid,
    TracesNotInstalled and TracesUnsupported."""
    opened = open_assistant(settings)
    told = Metrics()
    answering = Answering(told, settings.log_questions)
    agents = Agents(answering)
    suggestions = Suggestions()
    opened.narrower = suggestions.narrower
    ahead = Ahead(suggestions, answering.turns)

    def settled(state: JobState) -> None:
        told.settled(state)
        _begin_with(opened, ahead, settings)

    job = Job(as_environment(settings), Folders(settings.data_dir), settled)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Whoever is let in has a thread; those over are for pages and files.
        current_default_thread_limiter().total_tokens = settings.concurrent_requests + _THREADS
        await run_in_threadpool(_warm, opened)
        await run_in_threadpool(_forget, opened)
        _begin_with(opened, ahead, settings)
        forgetting = asyncio.create_task(_forget_hourly(opened))
        async with agents.running():
            yield
        forgetting.cancel()
        await run_in_threadpool(app.state.job.close)
        await run_in_threadpool(ahead.close)
        opened.index.close()
        if app.state.traces is not None:
            await run_in_threadpool(app.state.traces.close)

    app = FastAPI(
        title="Assistant",
        version=version("romerike-assistant"),
        description=assistant.__doc__ or "",
        lifespan=lifespan,
        openapi_url=None,  # `describe` gives it
        docs_url=None,  # both pages load their scripts from another host
        redoc_url=None,
        generate_unique_id_function=lambda route: "_".join((*map(str, route.tags[:1]), route.name)),
    )
    app.state.assistant = opened
    app.state.overviews = open_overviews(settings, opened)
    app.state.feedback = FeedbackBox(settings.data_dir / "feedback.sqlite", settings.feedback_days)
    app.state.settings, app.state.language = settings, settings.language
    app.state.origins = listed(settings.allowed_origins)
    app.state.suggestions, app.state.ahead = suggestions, ahead
    app.state.metrics, app.state.answering, app.state.job = told, answering, job
    app.state.readiness = health.Readiness()
    app.state.traces = open_traces(os.environ)
    problems.install(app)
    for module in _ROOMS:
        app.include_router(module.router)
    app.router.routes.append(Route("/mcp", agents, methods=["GET", "POST", "DELETE"], include_in_schema=False))
    app.mount("/static", StaticFiles(directory=Path(assistant.__file__).parent / "page"), name="static")
    describe(app, settings)
    _guard(app, settings, told)
    return app


def _guard(app: FastAPI, settings: Settings, told: Metrics) -> None:
    """What every request passes, the outermost last."""
    keys = Keys(settings.api_keys_file) if settings.api_keys_file is not None else None
    if keys is not None:
        keys.all()  # what is wrong with the file is told at the start
    groups = frozenset(listed(settings.anonymous_groups)) or None
    app.add_middleware(
        Gate,
        callers=Callers(keys, app.state.origins, settings.anonymous, groups),
        limits=Limits(settings.requests_per_minute, settings.concurrent_requests),
        allowance=Allowance(
            body=_BODY,
            upload=settings.max_file_mb * 1_000_000 + _AROUND_A_FILE,
            arrival=_ARRIVAL,
            reply=settings.request_seconds,
            taking=_TAKING,
        ),
    )
    app.add_middleware(Observe, metrics=told, origins=app.state.origins, traces=app.state.traces)


def _warm(opened: Assistant) -> None:
    """Open the index now rather than at the first question; what is wrong with it, every question says."""
    with suppress(AssistantError), opened.index.reading():
        pass


def _begin_with(opened: Assistant, ahead: Ahead, settings: Settings) -> None:
    """Find the questions that the page begins with, those in the service's own language first."""
    for language in sorted(LANGUAGES, key=lambda one: one == settings.language):
        ahead.want(opened, STARTERS, language)


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
