"""Documents put in and taken out over HTTP, and the job that reads them."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import asdict
from typing import Annotated, cast

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from pydantic import BaseModel

from assistant import uploads
from assistant.access import Principal, group_of
from assistant.api import problems
from assistant.api.dependencies import Accept, TheAssistant, ThePrincipal
from assistant.api.description import PROBLEMS, events, ref, told
from assistant.api.documents import source_of
from assistant.api.stream import EventStream, Named
from assistant.errors import GroupNotPermitted, WholeCorpusOnly
from assistant.job import Job
from assistant.jobstate import JobState
from assistant.settings import Settings

router = APIRouter(prefix="/api/v1", tags=["documents"], responses=PROBLEMS)

_HEARTBEAT = 15.0
"""Seconds after which a client that listens is told the state again: one that is gone is noticed by it."""


def _job(request: Request) -> Job:
    return cast("Job", request.app.state.job)


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


TheJob = Annotated[Job, Depends(_job)]
TheSettings = Annotated[Settings, Depends(_settings)]


class Uploaded(BaseModel):
    """Where a document lies now, relative to the documents' folder. `ingest` is the state of the job that is to
    read it; it has an id, and answers, when that is done."""

    path: str
    replaced: bool
    ingest: JobState


class Removed(BaseModel):
    """A document that was taken out of the folder. It answers until the job, whose state is `ingest`, is done."""

    path: str
    ingest: JobState


class RolledBack(BaseModel):
    """The generation in use now."""

    generation: str


@router.post("/documents", status_code=201, responses=told(409, 415))
def upload(
    principal: ThePrincipal,
    settings: TheSettings,
    job: TheJob,
    file: Annotated[
        UploadFile,
        # without the format, which OpenAPI 3.0 knew, clients that are generated send a text without a name
        File(json_schema_extra={"format": "binary"}, description="The document; its name says its format."),
    ],
    folder: Annotated[str, Form(max_length=1000, description="Such as `eksport/2024`; its top is the group.")] = "",
    replace: Annotated[bool, Form(description="Whether it may take the place of one of that name.")] = False,
    ingest: Annotated[bool, Form(description="Whether it is read now, or with the next run.")] = True,
) -> Uploaded:
    """Put a document into the folder. It is checked by what is in it, not by its name alone."""
    path = uploads.place_of(folder, file.filename or "")
    check_group(principal, path)
    data = file.file.read(settings.max_file_mb * 1_000_000 + 1)
    path, replaced = uploads.save(settings.corpus_dir, folder, file.filename or "", data, settings.max_file_mb, replace)
    state = job.soon() if ingest else job.state()
    return Uploaded(path=path, replaced=replaced, ingest=state.seen_by(principal))


@router.delete("/documents/{id}", status_code=202, responses=told(404))
def remove(id: str, principal: ThePrincipal, assistant: TheAssistant, settings: TheSettings, job: TheJob) -> Removed:
    """Take a document out of the folder, with its sidecar, and have the index made without it."""
    with assistant.index.reading() as generation:
        path = source_of(generation, id).path
    last = uploads.remove(settings.corpus_dir, path)
    return Removed(path=path, ingest=job.soon(emptied=last).seen_by(principal))


@router.post("/ingest", status_code=202, responses=told(409))
def start(principal: ThePrincipal, job: TheJob) -> JobState:
    """Read what is new in the folder; a problem where the job runs already."""
    return job.start().seen_by(principal)


@router.get("/ingest", response_model=JobState, responses=events(state=ref("JobState")))
def state(principal: ThePrincipal, job: TheJob, request: Request, accept: Accept = "") -> Response | JobState:
    """The run under way, or the last one that was started here, and what the last of all came to.

    With `Accept: text/event-stream` the event `state` is sent at every change, until no run is under way."""
    if "text/event-stream" not in accept:
        return job.state().seen_by(principal)
    states = _states(job, principal)
    return EventStream(next(states), states, problems.language_of(request))


@router.post("/ingest/rollback", responses=told(409))
def roll_back(principal: ThePrincipal, job: TheJob) -> RolledBack:
    """Go back to the generation before. That concerns all groups, so it takes a key for all."""
    if principal.groups is not None:
        raise WholeCorpusOnly(_listed(principal))
    return RolledBack(generation=job.roll_back())


def check_group(principal: Principal, path: str) -> None:
    """Raises GroupNotPermitted."""
    if not principal.sees(path):
        raise GroupNotPermitted(group_of(path), _listed(principal))


def _listed(principal: Principal) -> str:
    return ", ".join(sorted(principal.groups or ()))


def _states(job: Job, principal: Principal) -> Generator[Named, None, None]:
    while True:
        said = job.wait(-1, 0)
        now = job.state().seen_by(principal)
        yield "state", json.dumps(asdict(now), ensure_ascii=False)
        if now.over:
            return
        job.wait(said, _HEARTBEAT)
