"""Language models, through LangChain. With providers.py the only module that knows it.

What a model's server does wrong becomes one of the errors below ChatModelFailed. What passes by itself is
tried again, as long as nothing was shown; what takes too long is given up."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, cast

from assistant.errors import (
    ChatKeyRefused,
    ChatModelBusy,
    ChatModelFailed,
    ChatModelSlow,
    ChatModelUnknown,
    ChatModelUnreachable,
    ChatReplyCut,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

MOST_TOKENS = 400
"""Of a reply. The prompt leaves room for it."""
_MOST_CHARACTERS = 8 * MOST_TOKENS
"""A server that does not keep to that is cut off here."""
_AT_THE_LIMIT = {"length", "max_tokens"}
"""How the servers say that a reply ended because it had all of its tokens."""
_BACKOFF = 0.5
"""Seconds before the second try; doubled for each further one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`context` is how many tokens prompt and reply may have together. `first_token` and `whole` are
    seconds from the question: to the reply's first piece, through all tries, and to its end."""

    context: int = 4096
    first_token: float = 60.0
    whole: float = 120.0
    retries: int = 2


@dataclass(frozen=True, slots=True)
class _Failure:
    """`passing`: another try may succeed, not before `after` seconds where the server says so."""

    error: ChatModelFailed
    passing: bool = False
    after: float | None = None


class ChatModel:
    """One language model. `name` is the setting's value. Safe to use from many threads.

    `end` is the key in LangChain's metadata that the last piece of a whole reply has: the libraries take a
    reply for whole when a proxy in between ends it. None where there is no such mark."""

    def __init__(self, name: str, model: BaseChatModel, limits: Limits | None = None, end: str | None = None) -> None:
        self.name = name
        self.limits = limits or Limits()
        self._model = model
        self._end = end

    @property
    def room(self) -> int:
        """Tokens that a prompt may have."""
        return self.limits.context - MOST_TOKENS

    def stream(self, instructions: str, request: str) -> Iterator[str]:
        """The reply, piece by piece. Raises ChatModelFailed, before or in the midst of it."""
        began = time.monotonic()
        tried = 0
        while True:
            shown = 0
            for got in self._reply(instructions, request, began):
                if isinstance(got, _Failure):
                    break
                yield got
                shown += len(got)
                if shown >= _MOST_CHARACTERS:
                    raise ChatReplyCut(self.name, MOST_TOKENS)
            else:
                return
            wait = got.after if got.after is not None else _BACKOFF * 2**tried * random.uniform(0.75, 1.0)
            tried += 1
            in_time = time.monotonic() - began + wait < self.limits.first_token
            if shown or not got.passing or tried > self.limits.retries or not in_time:
                raise got.error
            time.sleep(wait)

    def _reply(self, instructions: str, request: str, began: float) -> Generator[str | _Failure, None, None]:
        """One try. A thread of its own reads: a server may keep a connection alive for ever without a word
        of the reply, and no library's time-out sees that. It ends with the connection's next sign of life."""
        said: SimpleQueue[str | _Failure | None] = SimpleQueue()
        over = threading.Event()
        threading.Thread(target=self._read, args=(instructions, request, said, over), daemon=True).start()
        limit = self.limits.first_token
        try:
            while True:
                try:
                    got = said.get(timeout=max(0.0, began + limit - time.monotonic()))
                except Empty:
                    got = _Failure(ChatModelSlow(self.name, limit))
                if got is None:
                    return
                yield got
                if isinstance(got, _Failure):
                    return
                limit = self.limits.whole
        finally:
            over.set()

    def _read(
        self, instructions: str, request: str, said: SimpleQueue[str | _Failure | None], over: threading.Event
    ) -> None:
        from langsmith.run_helpers import tracing_context

        messages = [("system", instructions), ("human", request)]
        try:
            # Questions and documents stay here: nothing is traced, whatever the environment says.
            with tracing_context(enabled=False):
                chunks = cast("Generator[AIMessageChunk]", self._model.stream(messages))
                whole, cut = self._end is None, False
                with closing(chunks):
                    for chunk in chunks:
                        if over.is_set():
                            return
                        if piece := str(chunk.text):
                            said.put(piece)
                        whole = whole or self._end in chunk.response_metadata
                        cut = cut or any(value in _AT_THE_LIMIT for value in chunk.response_metadata.values())
            if not whole:
                said.put(_Failure(ChatModelFailed(self.name, "the reply has no end"), True))
            else:
                said.put(_Failure(ChatReplyCut(self.name, MOST_TOKENS)) if cut else None)
        except Exception as error:  # noqa: BLE001  a garbled reply breaks the libraries in any place and way
            said.put(_failure(self.name, error, self.limits.whole))


# --- what went wrong ----------------------------------------------------------------------------


def _failure(name: str, error: Exception, seconds: float) -> _Failure:
    """What a library raised, in our words; `seconds` is how long it was to wait for a sign of life."""
    status = _status(error)
    if status in (401, 403):
        return _Failure(ChatKeyRefused(name, f"status {status}"))
    if status == 404:
        return _Failure(ChatModelUnknown(name, _plain(error)))
    if status in (429, 503, 529):
        return _Failure(ChatModelBusy(name, f"status {status}"), True, _retry_after(error))
    if status is not None:
        passing = status == 408 or status >= 500
        return _Failure(ChatModelFailed(name, f"status {status}: {_plain(error)}"), passing, _retry_after(error))
    kinds = {kind.__name__ for one in _chain(error) for kind in type(one).__mro__}
    if kinds & {"ConnectError", "ConnectTimeout"} or type(error) is ConnectionError:  # the last is Ollama's
        return _Failure(ChatModelUnreachable(name, _plain(error)), True)
    if kinds & {"TimeoutException", "TimeoutError"}:
        return _Failure(ChatModelSlow(name, seconds))
    if kinds & {"TransportError", "APIConnectionError", "ConnectionError"}:
        return _Failure(ChatModelFailed(name, f"the reply was cut off: {_plain(error)}"), True)
    return _Failure(ChatModelFailed(name, f"{type(error).__name__}: {_plain(error)}"))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of, also where the library hides that."""
    seen: set[int] = set()
    left: BaseException | None = error
    while left is not None and id(left) not in seen:
        seen.add(id(left))
        yield left
        left = left.__cause__ or left.__context__


def _status(error: Exception) -> int | None:
    """The HTTP status, from 400: of OpenAI's and Anthropic's errors, and of Ollama's."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _retry_after(error: Exception) -> float | None:
    """Seconds of the header `Retry-After`; a date in it is passed over."""
    for one in _chain(error):
        value = getattr(getattr(one, "response", None), "headers", {}).get("retry-after", "")
        if value.isascii() and value.isdigit():
            return float(value)
    return None


def _plain(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
