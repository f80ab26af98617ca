"""The conversations that are kept: the list, one of them, to take along, to delete. Each sees its own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, TypeAdapter

from assistant.api import problems
from assistant.api.dependencies import TheAssistant
from assistant.api.description import PROBLEMS, told
from assistant.conversation.transcript import as_markdown
from assistant.types import Conversation, ConversationEntry

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], responses=PROBLEMS)

_CONVERSATION = TypeAdapter(Conversation)


class ConversationList(BaseModel):
    conversations: list[ConversationEntry]


@router.get("")
def list_conversations(
    assistant: TheAssistant, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> ConversationList:
    """The latest first."""
    return ConversationList(conversations=list(assistant.archive.entries(limit)))


@router.get("/{id}", responses=told(404))
def get_conversation(assistant: TheAssistant, id: str) -> Conversation:
    """Every question with its answer, in order."""
    return assistant.archive.conversation(id)


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/markdown": {"schema": {"type": "string"}},
                "application/json": {"schema": {"$ref": "#/components/schemas/Conversation"}},
            }
        },
        **told(404),
    },
)
def export_conversation(
    assistant: TheAssistant, request: Request, id: str, format: Literal["md", "json"] = "md"
) -> Response:
    """A file to save: Markdown with sources and a reference list, or the same JSON as the conversation itself."""
    conversation = assistant.archive.conversation(id)
    if format == "md":
        content = as_markdown(conversation, problems.language_of(request)).encode()
        media_type = "text/markdown; charset=utf-8"
    else:
        content, media_type = _CONVERSATION.dump_json(conversation, indent=2), "application/json"
    name = f"{conversation.started[:10]}.{format}"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@router.delete("/{id}", status_code=204, responses=told(404))
def delete_conversation(assistant: TheAssistant, id: str) -> None:
    """For good: nothing of it is left in the file."""
    assistant.archive.delete(id)
