"""What `/openapi.json` says beside the routes' own types: the errors of each, its events, who may call it, and the
limits that are settings.

tests/test_openapi.py holds it against what the service does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Literal, cast

from fastapi import FastAPI
from pydantic.json_schema import JsonSchemaValue, models_json_schema
from starlette.responses import Response

from assistant.api.problems import OpenAIProblem, Problem
from assistant.api.rights import NEEDS, OPEN
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

_KEY = "Key"
_KEYS = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that `assistant keys make` made. Where none is needed, see the settings, it may be left out.",
}
_BEGIN = ("/api/v1/session", "post")
"""Takes a key although it is open: it puts it into a cookie."""
_TELLING = (("/api/v1/session", "get"), ("/readyz", "get"))
"""Open, and tells more to who has a key."""


def told(*statuses: int, shape: type[Problem] = Problem) -> Responses:
    """Problems with these statuses, for a route's `responses`."""
    content = {"application/problem+json": {"schema": ref(shape.__name__)}}
    return {status: _described(status, content) for status in statuses}


def _described(status: int, content: Mapping[str, object]) -> dict[str, object]:
    said: dict[str, object] = {"description": HTTPStatus(status).phrase, "content": content}
    if status in _HEADERS:
        name, about = _HEADERS[status]
        said["headers"] = {name: {"description": about, "schema": {"type": "string"}}}
    return said


def ref(name: str) -> dict[str, object]:
    """The schema that the routes' types have."""
    return {"$ref": f"#/components/schemas/{name}"}


def having(**fields: dict[str, object]) -> dict[str, object]:
    """The schema of an object with these fields."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def events(**told: dict[str, object]) -> Responses:
    """For the `responses` of a route that answers with events where `Accept` says so: the schema of what each of them
    tells, by its name. OpenAPI 3.1 has no word for a stream; as is the custom, the schema is that of one event."""
    each = [having(event={"const": name}, data=_written_as(schema)) for name, schema in told.items()]
    return {200: {"content": {"text/event-stream": {"schema": {"oneOf": each}}}}}


def _written_as(schema: dict[str, object]) -> dict[str, object]:
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


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
            _send_whole(description)
            _lock(description)
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


def _send_whole(description: JsonSchemaValue) -> None:
    """What is sent has all its fields, also those that need not be given where it is made here."""
    operations = [operation for path in description["paths"].values() for operation in path.values()]
    taken = _named([(one.get("parameters"), one.get("requestBody")) for one in operations], description)
    for name, schema in description["components"]["schemas"].items():
        if name not in taken and "properties" in schema:
            schema["required"] = list(schema["properties"])


def _named(part: object, description: JsonSchemaValue) -> set[str]:
    """The schemas that a part of the description is made of."""
    found: set[str] = set()
    left = [part]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                left.append(description["components"]["schemas"][name])
            left += one.values()
        elif isinstance(one, list | tuple):
            left += one
    return found


def _lock(description: JsonSchemaValue) -> None:
    """Which operations take a key, and which may be had without, as the table of rights says."""
    description["components"]["securitySchemes"] = {_KEY: _KEYS}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            needs = NEEDS[path][method.upper()]
            if needs == "edit" or (path, method) == _BEGIN:
                operation["security"] = [{_KEY: []}]
            elif needs is not OPEN or (path, method) in _TELLING:
                operation["security"] = [{_KEY: []}, {}]


def _shapes() -> dict[str, object]:
    _, described = models_json_schema(_SHAPES, ref_template="#/components/schemas/{model}")
    return cast("dict[str, object]", described["$defs"])


PROBLEMS = told(*_ANY)
"""For a router's `responses`."""

OPENAI_PROBLEMS = told(*_ANY, shape=OpenAIProblem)

EVENTS: Responses = {200: {"content": {"text/event-stream": {"schema": having(data={"type": "string"})}}}}
"""For a route that can answer with the events of another protocol."""
