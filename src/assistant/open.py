"""From settings to an assistant: the one place that opens the models and the index together."""

from __future__ import annotations

from assistant.answer import Assistant
from assistant.crossencoder import CrossEncoder
from assistant.embedding import BUNDLED, open_queries
from assistant.fitted import PLAIN, TRAINED
from assistant.index import Index
from assistant.model import open_chat_model
from assistant.reader import Reader
from assistant.settings import Settings


def open_assistant(settings: Settings) -> Assistant:
    """Raises ModelUnavailable and ChatModelFailed. A missing index is told by the first question."""
    network = _network(settings)
    return Assistant(
        index=Index(settings.data_dir, settings.embedding_model, settings.chroma_url),
        queries=open_queries(settings.embedding_model),
        network=network,
        reader=Reader(TRAINED if network else PLAIN),
        chat=open_chat_model(
            settings.chat_model, settings.chat_base_url, settings.chat_api_key_file, settings.chat_timeout
        ),
        answer_threshold=settings.answer_threshold,
        max_question_chars=settings.max_question_chars,
    )


def _network(settings: Settings) -> CrossEncoder | None:
    """The trained reader builds on the bundled model's vectors; with another model the plain one reads."""
    if settings.reader == "trained" and settings.embedding_model == BUNDLED:
        return CrossEncoder()
    return None
