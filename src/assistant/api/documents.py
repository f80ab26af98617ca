"""The documents: the list, one of them, its original file, its pages as pictures."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.responses import Response

from assistant.api.dependencies import TheAssistant, TheFilters
from assistant.api.description import PROBLEMS, told
from assistant.errors import DocumentNotFound, PageNotFound
from assistant.filters import passes
from assistant.index import Generation
from assistant.places import boxes_on, find_quote
from assistant.types import Filters, Source, Span
from assistant.viewer.find import hits as hits_of
from assistant.viewer.picture import page_png

router = APIRouter(prefix="/api/v1/documents", tags=["documents"], responses=PROBLEMS)

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = (
    PDF,
    "text/markdown",
    "text/plain",
    "text/html",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.presentationml.presentation",
    f"{_OFFICE}.spreadsheetml.sheet",
    "text/csv",
    "text/tab-separated-values",
    "message/rfc822",
)
"""Of the formats that are read."""
_PICTURE_WIDTH = 1200
_FILE = {"type": "string", "format": "binary"}

_INLINE = frozenset({PDF, "text/plain"})
"""Types a browser may show in our origin; HTML and the rest are only handed over to be saved."""


def _described(media_type: str) -> dict[str, str]:
    return {"type": "string"} if media_type.startswith("text/") else _FILE


class DocumentList(BaseModel):
    """`ingested` says by document id when the file, as it is, was first read; ISO 8601 UTC."""

    documents: list[Source]
    ingested: dict[str, str]

    @classmethod
    def of(cls, generation: Generation, filters: Filters) -> DocumentList:
        """Those that `filters` lets through, by path."""
        found = [source for source in generation.sources.values() if passes(source, filters)]
        return cls(documents=found, ingested={source.id: generation.ingested(source) for source in found})


class DocumentText(BaseModel):
    """A document and its normalised text, into which citations' `start` and `end` count."""

    document: Source
    text: str


@router.get("")
def list_documents(assistant: TheAssistant, filters: TheFilters) -> DocumentList:
    """Every document, by path."""
    with assistant.index.reading() as generation:
        return DocumentList.of(generation, filters)


@router.get("/{id}", responses=told(404))
def get_document(assistant: TheAssistant, id: str) -> DocumentText:
    with assistant.index.reading() as generation:
        document = generation.document(id)
        return DocumentText(document=document.source, text=document.text)


@router.get(
    "/{id}/file",
    response_class=FileResponse,
    responses={200: {"content": {media: {"schema": _described(media)} for media in MEDIA_TYPES}}, **told(404)},
)
def get_file(assistant: TheAssistant, id: str) -> FileResponse:
    """The original, as it was when it was read."""
    with assistant.index.reading() as generation:
        source = source_of(generation, id)
        name = quote(source.path.rpartition("/")[2])
        disposition = "inline" if source.media_type in _INLINE else "attachment"
        return FileResponse(
            generation.original(source),
            media_type=source.media_type,
            headers={
                "Content-Disposition": f"{disposition}; filename*=UTF-8''{name}",
                "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
            },
        )


@router.get(
    "/{id}/pages/{page}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {"schema": _FILE}}}, **told(404)},
)
def get_page(
    assistant: TheAssistant,
    id: str,
    page: Annotated[int, Path(ge=1)],
    start: Annotated[int | None, Query(ge=0)] = None,
    end: Annotated[int | None, Query(ge=0)] = None,
    highlight: Annotated[str, Query(max_length=2000, description="A citation, by its quote.")] = "",
    find: Annotated[str, Query(max_length=1000)] = "",
    hit: int | None = None,
) -> Response:
    """A page of a PDF as it looks, with the text from `start` to `end`, or else `highlight`, marked, and the hits of
    a search for `find`, of which the `hit`th (from 1) in the document is the one looked at."""
    with assistant.index.reading() as generation:
        source = source_of(generation, id)
        if source.media_type != PDF:
            raise PageNotFound(page)
        document = generation.document(id)
        place = (start, end) if start is not None and end is not None else find_quote(document, highlight, page)
        quoted = [Span(*place)] if place else []
        hits = hits_of(document.text, find)
        current = hits[hit - 1 : hit] if hit and hit > 0 else ()
        picture = page_png(
            generation.original(source).read_bytes(),
            page,
            boxes_on(document, quoted, page),
            _PICTURE_WIDTH,
            boxes_on(document, hits, page),
            boxes_on(document, current, page),
        )
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=60"})


def source_of(generation: Generation, id: str) -> Source:
    """Raises DocumentNotFound."""
    source = generation.sources.get(id)
    if source is None:
        raise DocumentNotFound(id)
    return source
