"""What the routes share: the assistant, and filters in a query string."""

from __future__ import annotations

import copy
from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request

from assistant.access import Principal
from assistant.answer import Assistant
from assistant.api.description import ISO_DATE
from assistant.overview import Overviews
from assistant.types import Filters


def principal_of(request: Request) -> Principal:
    """Whoever the gate let in."""
    return cast("Principal", request.state.principal)


def seen_by(assistant: Assistant, principal: Principal) -> Assistant:
    """The assistant with the documents and the conversations of one principal. The routes get no other."""
    seen = copy.copy(assistant)
    seen.index = assistant.index.seen_by(principal.groups)
    seen.archive = assistant.archive.of(principal)
    return seen


def assistant_of(request: Request) -> Assistant:
    return seen_by(cast("Assistant", request.app.state.assistant), principal_of(request))


Accept = Annotated[str, Header(include_in_schema=False)]
"""Described by what a route answers with: in OpenAPI a parameter of this name says nothing."""

ThePrincipal = Annotated[Principal, Depends(principal_of)]
TheAssistant = Annotated[Assistant, Depends(assistant_of)]


def _overviews(request: Request, assistant: TheAssistant, principal: ThePrincipal) -> Overviews:
    return cast("Overviews", request.app.state.overviews).of(principal, assistant)


def _filters(
    documents: Annotated[list[str], Query(description="Document ids.")] = [],  # noqa: B006
    kind: Annotated[list[str], Query(description="Kinds, such as 'reisenotat'.")] = [],  # noqa: B006
    publisher: Annotated[list[str], Query()] = [],  # noqa: B006
    document_language: Annotated[list[str], Query(description="Such as nb, nn, en.")] = [],  # noqa: B006
    date_from: Annotated[str | None, Query(pattern=ISO_DATE)] = None,
    date_to: Annotated[str | None, Query(pattern=ISO_DATE)] = None,
    without: Annotated[list[str], Query(description="Ids of documents to leave out.")] = [],  # noqa: B006
) -> Filters:
    return Filters(
        documents=tuple(documents),
        kinds=tuple(kind),
        publishers=tuple(publisher),
        languages=tuple(document_language),
        date_from=date_from,
        date_to=date_to,
        without=tuple(without),
    )


TheOverviews = Annotated[Overviews, Depends(_overviews)]
TheFilters = Annotated[Filters, Depends(_filters)]
