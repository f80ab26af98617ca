"""What `/openapi.json` says beside the routes' own types: the errors of each, and the limits that are settings.

tests/test_openapi.py holds it against what the service does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Literal, cast

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from assistant.api.problems import OpenAIProblem, Problem
from assistant.settings import Settings

Responses = dict[int | str, dict[str, object]]
"""A route's `responses`."""

ISO_DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
"""A year, a month or a day."""

_ANY = (400, 401, 403, 408, 413, 422, 429, 500, 503, 504)
"""Of every route: Host, key, role, origin, limits, body, what is asked for, the index, and time."""

_HEADERS: dict[int, tuple[str, str]] = {
    401: ("WWW-Authenticate", "`Bearer`."),
    429: ("Retry-After", "Seconds."),
}
_SHAPES: tuple[tuple[type[Problem], Literal["serialization"]], ...] = (
    (Problem, "serialization"),
    (OpenAIProblem, "serialization"),
)
_QUESTIONS = (("Ask", "question"), ("AskAll", "question"))


def told(*statuses: int, shape: type[Problem] = Problem) -> Responses:
    """Problems with these statuses, for a route's `responses`."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {status: _described(status, {"application/problem+json": {"schema": schema}}) for status in statuses}


def _described(status: int, content: Mapping[str, object]) -> dict[str, object]:
    said: dict[str, object] = {"description": HTTPStatus(status).phrase, "content": content}
    if status in _HEADERS:
        name, about = _HEADERS[status]
        said["headers"] = {name: {"description": about, "schema": {"type": "string"}}}
    return said


def describe(app: FastAPI, settings: Settings) -> None:
    """Complete the application's description, and give it at `/openapi.json`. It is made and written when it is first
    asked for: everybody may have it, as often as it likes."""
    made = app.openapi

    def completed() -> dict[str, object]:
        if app.openapi_schema is None:
            description = made()
            schemas = description["components"]["schemas"]
            schemas |= _shapes()
            for name, field in _QUESTIONS:
                schemas[name]["properties"][field] |= question(settings.max_question_chars)
            (q,) = (one for one in description["paths"]["/api/v1/search"]["get"]["parameters"] if one["name"] == "q")
            q["schema"] |= question(settings.max_question_chars)
        return cast("dict[str, object]", app.openapi_schema)

    app.openapi = completed  # type: ignore[method-assign]

    @cache
    def written() -> bytes:
        return json.dumps(app.openapi(), ensure_ascii=False).encode()

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        return Response(written(), media_type="application/json")


def question(most: int) -> dict[str, object]:
    """Something to search for, with a letter or a figure of any script in it, which no pattern says that all engines
    read alike. What is refused is told in better words than a schema's, so the routes take any."""
    return {"minLength": 1, "maxLength": most, "pattern": r"\S"}


def _shapes() -> dict[str, object]:
    _, described = models_json_schema(_SHAPES, ref_template="#/components/schemas/{model}")
    return cast("dict[str, object]", described["$defs"])


PROBLEMS = told(*_ANY)
"""For a router's `responses`."""

OPENAI_PROBLEMS = told(*_ANY, shape=OpenAIProblem)

EVENTS: Responses = {200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}}
"""For a route that answers with events where `Accept` says so."""
