"""From settings to an assistant: the one place that opens the models and the index together."""

from __future__ import annotations

from assistant.answer import Assistant
from assistant.embedding import open_queries
from assistant.index import Index
from assistant.model import open_chat_model
from assistant.settings import Settings


def open_assistant(settings: Settings) -> Assistant:
    """Raises ModelUnavailable and ChatModelFailed. A missing index is told by the first question."""
    return Assistant(
        index=Index(settings.data_dir, settings.embedding_model, settings.chroma_url),
        queries=open_queries(settings.embedding_model),
        chat=open_chat_model(
            settings.chat_model, settings.chat_base_url, settings.chat_api_key_file, settings.chat_timeout
        ),
        answer_threshold=settings.answer_threshold,
        max_question_chars=settings.max_question_chars,
    )
