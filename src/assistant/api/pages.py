"""What a person opens in a browser: the page to ask on, and a document with a quote marked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

import assistant as package
from assistant import viewer
from assistant.api import problems
from assistant.api.dependencies import TheAssistant
from assistant.api.documents import PDF
from assistant.types import Language, in_force
from assistant.viewer.look import Look

router = APIRouter(include_in_schema=False)

_INDEX = Path(package.__file__).parent / "page" / "index.html"

# As the application's; the page's own search may be sent, and who may call us may show it beside an answer.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-ancestors {framers}; base-uri 'none'; form-action 'self'"
)


def _look(
    start: int | None = None,
    end: int | None = None,
    page: int | None = None,
    quote: Annotated[str, Query(max_length=4000)] = "",
    find: Annotated[str, Query(max_length=1000)] = "",
    hit: int | None = None,
) -> Look:
    return Look(start, end, page, quote, find, hit)


@router.get("/")
def index() -> FileResponse:
    return FileResponse(_INDEX, media_type="text/html", headers={"Cache-Control": "no-cache"})


@router.get("/source/{id}")
def source(
    request: Request,
    assistant: TheAssistant,
    id: str,
    look: Annotated[Look, Depends(_look)],
    language: Language | None = None,
) -> HTMLResponse:
    """A document, with the text from `start` to `end`, or else `quote`, marked and in view, or the hits of
    a search."""
    with assistant.index.reading() as generation:
        document = generation.document(id)
        newer = in_force(document.source, generation.sources)
    has_pages = document.source.media_type == PDF
    return HTMLResponse(
        viewer.source_page(document, look, language or problems.language_of(request), has_pages, newer),
        headers={"Content-Security-Policy": _POLICY.format(framers=" ".join(("'self'", *request.app.state.origins)))},
    )
