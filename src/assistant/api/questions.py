"""Questions to begin with, and to go on with: made of the documents, and answered by them."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from assistant.api import problems
from assistant.api.dependencies import TheAssistant
from assistant.api.description import PROBLEMS
from assistant.suggestions import STARTERS, Ahead, Known, Suggestions
from assistant.types import Language

router = APIRouter(prefix="/api/v1", tags=["ask"], responses=PROBLEMS)


class Suggested(BaseModel):
    """A question and the document that answers it."""

    text: str
    document_id: str


class Questions(BaseModel):
    """`complete` is false while more are being found; who shows them may ask again in a second."""

    questions: list[Suggested]
    complete: bool = True


@router.get("/questions")
def questions(
    assistant: TheAssistant,
    request: Request,
    document: Annotated[list[str], Query(max_length=20, description="About these documents, by id.")] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=20)] = STARTERS,
    language: Language | None = None,
) -> Questions:
    """Questions that the documents answer, in `language`: about those named, else of the newest, each of
    another. Documents that do not exist have none. Those to begin with are given at once, as far as they are known."""
    suggestions = cast("Suggestions", request.app.state.suggestions)
    wanted = language or problems.language_of(request)
    if document:
        known = Known(suggestions.about(assistant, document, limit, wanted), complete=True)
    else:
        known = suggestions.known(assistant, limit, wanted)
    if not known.complete:
        cast("Ahead", request.app.state.ahead).want(assistant, limit, wanted)
    found = [Suggested(text=one.text, document_id=one.document_id) for one in known.questions]
    return Questions(questions=found, complete=known.complete)
