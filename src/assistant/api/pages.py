"""What a person opens in a browser: the page to ask on, and a document with a quote marked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

import assistant as package
from assistant import viewer
from assistant.api import problems
from assistant.api.dependencies import TheAssistant
from assistant.api.documents import PDF
from assistant.places import find_quote
from assistant.types import Language

router = APIRouter(include_in_schema=False)

_INDEX = Path(package.__file__).parent / "page" / "index.html"


@router.get("/")
def index() -> FileResponse:
    return FileResponse(_INDEX, media_type="text/html", headers={"Cache-Control": "no-cache"})


@router.get("/source/{id}")
def source(
    request: Request,
    assistant: TheAssistant,
    id: str,
    start: int | None = None,
    end: int | None = None,
    page: int | None = None,
    quote: Annotated[str, Query(max_length=4000)] = "",
    language: Language | None = None,
) -> HTMLResponse:
    """A document, with the text from `start` to `end`, or else `quote`, marked and in view."""
    with assistant.index.reading() as generation:
        document = generation.document(id)
    if start is None and quote:
        start, end = find_quote(document, quote) or (None, None)
    return HTMLResponse(
        viewer.source_page(
            document,
            start,
            end,
            page,
            language or problems.language_of(request),
            document.source.media_type == PDF,
        )
    )
