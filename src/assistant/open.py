"""From settings to an assistant: the one place that opens the models and the index together."""

from __future__ import annotations

from assistant.answer import Assistant
from assistant.chat.model import ChatModel, Limits
from assistant.chat.providers import Access, open_chat_model
from assistant.conversation.archive import Archive
from assistant.embedding import BUNDLED, open_queries
from assistant.index import Index
from assistant.overview import Overviews
from assistant.overview.runs import Runs
from assistant.reading.crossencoder import CrossEncoder
from assistant.reading.fitted import PLAIN, TRAINED
from assistant.reading.reader import Reader
from assistant.settings import Settings


def open_assistant(settings: Settings) -> Assistant:
    """Raises ModelUnavailable and ChatModelFailed. A missing index is told by the first question."""
    network = _network(settings)
    return Assistant(
        index=Index(settings.data_dir, settings.embedding_model, settings.chroma_url),
        queries=open_queries(settings.embedding_model),
        network=network,
        reader=Reader(TRAINED if network else PLAIN),
        chat=open_chat(settings),
        answer_threshold=settings.answer_threshold,
        max_question_chars=settings.max_question_chars,
        archive=open_archive(settings),
    )


def open_archive(settings: Settings) -> Archive:
    """Touches nothing until a conversation is kept or read."""
    return Archive(settings.data_dir / "conversations.sqlite", settings.conversation_days)


def open_overviews(settings: Settings, assistant: Assistant) -> Overviews:
    """Touches nothing until an overview is made or asked for."""
    runs = Runs(settings.data_dir / "overviews.sqlite", settings.overview_days)
    return Overviews(assistant, runs, settings.overview_threshold)


def open_chat(settings: Settings) -> ChatModel | None:
    """None where there is to be none. Raises ChatModelFailed."""
    access = Access(settings.chat_base_url, settings.chat_api_key_file, settings.chat_api_version)
    limits = Limits(
        context=settings.chat_context,
        first_token=min(settings.chat_first_token_timeout, settings.chat_timeout),
        whole=settings.chat_timeout,
        retries=settings.chat_retries,
    )
    return open_chat_model(settings.chat_model, access, limits)


def _network(settings: Settings) -> CrossEncoder | None:
    """The trained reader builds on the bundled model's vectors; with another model the plain one reads."""
    if settings.reader == "trained" and settings.embedding_model == BUNDLED:
        return CrossEncoder()
    return None
