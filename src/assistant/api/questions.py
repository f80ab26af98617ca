"""Questions to begin with, and to go on with: made of the documents, and answered by them."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from assistant.api import problems
from assistant.api.dependencies import TheAssistant
from assistant.api.description import PROBLEMS
from assistant.suggestions import Suggestions
from assistant.types import Language

router = APIRouter(prefix="/api/v1", tags=["ask"], responses=PROBLEMS)


class Suggested(BaseModel):
    """A question and the document that answers it."""

    text: str
    document_id: str


class Questions(BaseModel):
    questions: list[Suggested]


@router.get("/questions")
def questions(
    assistant: TheAssistant,
    request: Request,
    document: Annotated[list[str], Query(max_length=20, description="About these documents, by id.")] = [],  # noqa: B006
    limit: Annotated[int, Query(ge=1, le=20)] = 4,
    language: Language | None = None,
) -> Questions:
    """Questions that the documents answer, in `language`: about those named, else of the newest, each of
    another. Documents that do not exist have none."""
    suggestions = cast("Suggestions", request.app.state.suggestions)
    wanted = language or problems.language_of(request)
    if document:
        found = suggestions.about(assistant, document, limit, wanted)
    else:
        found = suggestions.starters(assistant, limit, wanted)
    return Questions(questions=[Suggested(text=one.text, document_id=one.document_id) for one in found])
