"""Complete overviews: made, stopped, gone on with, exported."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from assistant.api import problems
from assistant.api.ask import Ask
from assistant.api.dependencies import Accept, TheOverviews
from assistant.api.description import PROBLEMS, events, having, ref, told
from assistant.api.stream import EventStream, Named, named
from assistant.moments import written_time
from assistant.overview import MOST_FINDINGS, Begun, Event, FoundRow, Overviews, Progress
from assistant.overview.export import MEDIA_TYPES, Format, exported, file_name
from assistant.overview.runs import Run
from assistant.types import Overview, RunStatus

router = APIRouter(prefix="/api/v1/overview", tags=["overview"], responses=PROBLEMS)

_TEXT: dict[str, object] = {"type": "string"}
_COUNT: dict[str, object] = {"type": "integer"}
_EVENTS = events(
    status=having(stage=_TEXT, id=_TEXT, asked=_TEXT, generation=_TEXT, done=_COUNT, total=_COUNT, renewed=_COUNT),
    finding=having(finding=ref("Finding"), citations={"type": "array", "items": ref("Citation")}),
    progress=having(done=_COUNT, total=_COUNT, document=ref("Reviewed"), coverage=ref("OverviewCoverage")),
    overview=ref("Overview"),
    error=ref("Problem"),
)
_EXPORTED = {
    "text/csv": {"schema": {"type": "string"}},
    MEDIA_TYPES["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
}


def _whole(value: object) -> object:
    """To JSON 5.0 is as much of an integer as 5; "5" and true are none."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class AskAll(Ask):
    """A question to every document, or to those that the filters let through."""

    most_findings: Annotated[int, BeforeValidator(_whole)] = Field(
        MOST_FINDINGS,
        strict=True,
        ge=1,
        le=100,
        description="Findings of one document that are listed; the rest are counted.",
    )


class Kept(BaseModel):
    """An overview in the list of those that are kept."""

    id: str
    status: RunStatus
    question: str
    created: str
    updated: str

    @classmethod
    def of(cls, run: Run) -> Kept:
        return cls(
            id=run.id,
            status=run.status,
            question=run.about.question,
            created=written_time(run.created),
            updated=written_time(run.updated),
        )


class KeptOverviews(BaseModel):
    overviews: list[Kept]


@router.post("", response_model=Overview, responses=_EVENTS | told(404))
async def make(body: AskAll, overviews: TheOverviews, request: Request, accept: Accept = "") -> Response | Overview:
    """What every document says about a question, as a table with its coverage.

    With `Accept: text/event-stream` the events are `status` (with the overview's id), `finding`, `progress`,
    and last `overview` or `error`. It stops when the client goes away, and can be resumed."""
    id = await run_in_threadpool(overviews.start, body.as_question(), body.most_findings)
    return await _made(overviews, id, request, accept)


@router.post("/{id}/resume", response_model=Overview, responses=_EVENTS | told(404, 409))
async def resume(id: str, overviews: TheOverviews, request: Request, accept: Accept = "") -> Response | Overview:
    """Go on where an overview stopped, like `POST /overview`. When the index has changed since, documents
    that are new or changed are read anew; `status` says how many."""
    return await _made(overviews, id, request, accept)


@router.get("")
def kept(overviews: TheOverviews) -> KeptOverviews:
    """The overviews that are kept, the latest first."""
    return KeptOverviews(overviews=[Kept.of(one) for one in overviews.kept()])


@router.get("/{id}", responses=told(404))
def get(id: str, overviews: TheOverviews) -> Overview:
    """An overview as far as it has come."""
    return overviews.overview(id)


@router.post("/{id}/stop", responses=told(404))
def stop(id: str, overviews: TheOverviews) -> Overview:
    """Let it end after the document at hand; it is kept and can be resumed."""
    overviews.stop(id)
    return overviews.overview(id)


@router.delete("/{id}", status_code=204, responses=told(404))
def delete(id: str, overviews: TheOverviews) -> None:
    """Stop it and forget it."""
    overviews.delete(id)


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={200: {"content": _EXPORTED}, **told(404)},
)
def export(
    id: str,
    overviews: TheOverviews,
    request: Request,
    format: Annotated[Format, Query(description="`csv`: semicolons and UTF-8 with a mark, as Excel wants it.")],
) -> Response:
    """The table as a file, as far as it has come."""
    found = overviews.overview(id)
    name = quote(file_name(found, format))
    return Response(
        exported(found, format, str(request.base_url).rstrip("/")),
        media_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"},
    )


async def _made(overviews: Overviews, id: str, request: Request, accept: str) -> Response | Overview:
    made = overviews.go(id)
    if "text/event-stream" in accept:
        sent = named(made, _named)
        first = await run_in_threadpool(next, sent)  # what is wrong is told by the status code
        return EventStream(first, sent, problems.language_of(request))
    left = asyncio.create_task(_left(request))
    try:
        event: Event | None = None
        while not isinstance(event, Overview):
            if left.done():
                return Response(status_code=499)  # to nobody
            event = await run_in_threadpool(next, made)
        return event
    finally:
        left.cancel()
        await run_in_threadpool(made.close)


async def _left(request: Request) -> None:
    """Until the client is gone. `Request.is_disconnected` does not see it through the application's
    middleware."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _named(event: Event) -> Named:
    match event:
        case Begun():
            return "status", _json({"stage": "read"} | asdict(event))
        case FoundRow():
            return "finding", _json(asdict(event))
        case Progress(_, coverage):
            done = coverage.total - coverage.waiting
            return "progress", _json({"done": done, "total": coverage.total} | asdict(event))
        case Overview():
            return "overview", _json(asdict(event))


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
