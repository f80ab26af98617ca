"""Errors as RFC 9457 `application/problem+json`, in the language the client asks for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.api.rights import methods_of
from assistant.errors import AssistantError, BodyTooLarge, BodyTooSlow, TooOften
from assistant.types import Language

log = logging.getLogger(__name__)

_INVALID: dict[Language, str] = {
    "nb": "Forespørselen kan ikke brukes: {detail}.",
    "nn": "Førespurnaden kan ikkje brukast: {detail}.",
    "en": "The request cannot be used: {detail}.",
}
_HTTP: dict[int, dict[Language, str]] = {
    404: {
        "nb": "Adressen {path!r} finnes ikke.",
        "nn": "Adressa {path!r} finst ikkje.",
        "en": "The address {path!r} does not exist.",
    },
    405: {
        "nb": "Adressen {path!r} kan ikke brukes med {method}.",
        "nn": "Adressa {path!r} kan ikkje brukast med {method}.",
        "en": "The address {path!r} cannot be used with {method}.",
    },
}
_UNEXPECTED: dict[Language, str] = {
    "nb": "Noe gikk galt hos oss. Prøv igjen; skjer det på nytt, står årsaken i loggen til tjenesten.",
    "nn": "Noko gjekk gale hos oss. Prøv igjen; skjer det på nytt, står årsaka i loggen til tenesta.",
    "en": "Something went wrong on our side. Try again; if it recurs, the service's log holds the reason.",
}


class Problem(BaseModel):
    """What went wrong. `code` is stable, for programs; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str


class OpenAIError(BaseModel):
    message: str
    type: str
    code: str
    param: str | None = None


class OpenAIProblem(Problem):
    """A problem that clients of OpenAI's protocol find where they look for one."""

    error: OpenAIError


def of_error(error: AssistantError, language: Language) -> Problem:
    return _problem(error.status, error.code, error.message(language))


def of_any(error: Exception, language: Language) -> Problem:
    return of_error(error, language) if isinstance(error, AssistantError) else of_unexpected(error, language)


def of_unexpected(error: Exception, language: Language) -> Problem:
    """Logs the error: its text may hold what the client must not see."""
    log.error("unexpected error", exc_info=error)
    return _problem(500, "unexpected", _UNEXPECTED[language])


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(AssistantError)
    def known(request: Request, error: AssistantError) -> JSONResponse:
        return refusal(request, error)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        details = "; ".join(_described(cast("dict[str, object]", one)) for one in error.errors()[:3])
        detail = _INVALID[language_of(request)].format(detail=details)
        return response_of(request, _problem(422, "request_invalid", detail))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        language = language_of(request)
        text = _HTTP.get(error.status_code, _INVALID)[language]
        detail = text.format(path=request.scope["path"], method=request.method, detail=str(error.detail).rstrip("."))
        response = response_of(request, _problem(error.status_code, "http", detail))
        response.headers.update(error.headers or {})
        if error.status_code == 405 and (methods := methods_of(request.scope["path"])):
            response.headers["Allow"] = ", ".join(methods)  # of the address; the framework tells one route's
        return response

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        return response_of(request, of_unexpected(error, language_of(request)))


def language_of(request: Request) -> Language:
    """The language of Accept-Language that the client likes best of those the product speaks, else the
    setting's."""
    parts = request.headers.get("accept-language", "").lower().replace(" ", "").split(",")
    for part in sorted(parts, key=_weight, reverse=True):
        tag = part.split(";")[0].split("-")[0]
        if tag in ("nb", "nn", "en"):
            return cast("Language", tag)
        if tag == "no":
            return "nb"
    return cast("Language", request.app.state.language)


def _weight(part: str) -> float:
    """The `q` of one language in Accept-Language; 1 where it has none, 0 where it is no number."""
    _, given, value = part.partition(";q=")
    try:
        return float(value) if given else 1.0
    except ValueError:
        return 0.0


def _problem(status: int, code: str, detail: str) -> Problem:
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, code=code)


def refusal(request: Request, error: AssistantError) -> JSONResponse:
    """The error as it is sent, with the headers that belong to it."""
    response = response_of(request, of_error(error, language_of(request)))
    response.headers.update(_said_with(error))
    return response


def _said_with(error: AssistantError) -> Mapping[str, str]:
    match error:
        case TooOften():
            return {"Retry-After": str(error.values["seconds"])}
        case _ if error.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        case _ if error.status in (429, 503):
            return {"Retry-After": "5"}
        case BodyTooLarge() | BodyTooSlow():
            return {"Connection": "close"}
    return {}


def response_of(request: Request, problem: Problem) -> JSONResponse:
    """The problem as it is sent; to a client of OpenAI's protocol in that protocol's shape too."""
    content: dict[str, object] = problem.model_dump()
    if str(request.scope["path"]).startswith("/v1/"):
        kind = "server_error" if problem.status >= 500 else "invalid_request_error"
        content["error"] = {"message": problem.detail, "type": kind, "code": problem.code, "param": None}
    return JSONResponse(content, problem.status, media_type="application/problem+json")


def _described(error: dict[str, object]) -> str:
    place = ".".join(str(part) for part in cast("tuple[object, ...]", error["loc"])[1:]) or "body"
    value = repr(error.get("input"))
    shown = value if len(value) < 80 else value[:80] + "…"
    return f"{place} = {shown}: {error['msg']}"
