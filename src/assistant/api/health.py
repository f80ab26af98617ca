"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from assistant.api.dependencies import TheAssistant
from assistant.api.description import PROBLEMS, told

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    status: str = "ok"


class Ready(BaseModel):
    """What is being served: of documents and passages, those that whoever asks may see."""

    status: str = "ready"
    generation: str
    embedding_model: str
    documents: int
    passages: int


@router.get("/healthz", responses=told(400, 403))
async def healthz() -> Alive:
    """The process answers, also when every thread is busy."""
    return Alive()


@router.get("/readyz", responses=PROBLEMS)
def readyz(assistant: TheAssistant) -> Ready:
    """The index is open and its vectors are there; otherwise a problem with the reason."""
    with assistant.index.reading() as generation:
        generation.vectors.check()
        manifest = generation.manifest
        sources = generation.sources.values()
        return Ready(
            generation=manifest.name,
            embedding_model=manifest.embedding_model,
            documents=len(sources),
            passages=sum(source.passages for source in sources),
        )
