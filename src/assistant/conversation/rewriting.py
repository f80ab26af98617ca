"""A follow-up made whole, by rules alone or with a language model's help."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import conversation
from assistant.chat import prompt
from assistant.chat.model import ChatModel
from assistant.errors import ChatModelFailed
from assistant.text import language_of
from assistant.types import Turn


def made_whole(asked: str, history: Sequence[Turn], chat: ChatModel | None) -> str:
    """The question as it can be searched for. A model is asked only where the rules see a follow-up, and
    what it writes is taken only where it can be vouched for."""
    ruled = conversation.whole(asked, history)
    if ruled == asked or chat is None:
        return ruled
    language = language_of(asked, language_of(ruled))
    try:
        pieces = chat.stream(prompt.rewriting(language), prompt.follow_up(language, asked, history))
        rewritten = "".join(pieces)
    except ChatModelFailed:  # the draft asks the same model next, and tells
        return ruled
    return conversation.vouched(rewritten, asked, history) or ruled
