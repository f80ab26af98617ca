"""What users say of answers."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from assistant.api.dependencies import ThePrincipal
from assistant.api.description import PROBLEMS
from assistant.api.metrics import TheMetrics
from assistant.feedback import Feedback, FeedbackBox, Rating

router = APIRouter(prefix="/api/v1/feedback", tags=["feedback"], responses=PROBLEMS)


def _box(request: Request) -> FeedbackBox:
    return cast("FeedbackBox", request.app.state.feedback)


TheBox = Annotated[FeedbackBox, Depends(_box)]


class Given(BaseModel):
    """A thumb, and a comment where there is more to say."""

    answer_id: str = Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")
    rating: Rating
    comment: str = Field("", max_length=4000)


class FeedbackList(BaseModel):
    feedback: list[Feedback]


@router.post("", status_code=204)
def give(body: Given, box: TheBox, principal: ThePrincipal, metrics: TheMetrics) -> None:
    """What is said last of an answer replaces what the same one said before."""
    box.put(body.answer_id, body.rating, body.comment, principal.owner)
    metrics.rated(body.rating)


@router.get("")
def latest(box: TheBox, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> FeedbackList:
    """The latest first; for whoever runs the service."""
    return FeedbackList(feedback=list(box.latest(limit)))
