"""Language models, through LangChain. The only module that knows it.

    none            no model: the reader answers
    ollama:NAME     an Ollama server (ASSISTANT_CHAT_BASE_URL, else its default on this machine)
    openai:NAME     any OpenAI-compatible server (ASSISTANT_CHAT_BASE_URL, else api.openai.com)
    gguf:PATH       a GGUF file, run in this process by llama.cpp"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from assistant.errors import ChatModelFailed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_TOKENS = 400
_CONTEXT_TOKENS = 8192
_STOP = ["<|im_end|>", "<|im_start|>", "<end_of_turn>"]
"""Ends of turn that a model without a chat template of its own writes as text, and then goes on."""


class ChatModel:
    """One language model. `name` is the setting's value."""

    def __init__(self, name: str, model: BaseChatModel) -> None:
        self.name = name
        self._model = model

    def stream(self, instructions: str, request: str) -> Iterator[str]:
        """The reply, piece by piece. Raises ChatModelFailed, before or in the midst of it."""
        import httpx
        import ollama
        import openai
        from langchain_core.exceptions import LangChainException

        messages = [("system", instructions), ("human", request)]
        try:
            for chunk in self._model.stream(messages, stop=_STOP):
                if piece := chunk.text:
                    yield str(piece)
        except (LangChainException, openai.OpenAIError, ollama.ResponseError, httpx.HTTPError, OSError) as error:
            raise ChatModelFailed(self.name, _plain(error)) from error


def open_chat_model(name: str, base_url: str, api_key_file: Path | None, timeout: float) -> ChatModel | None:
    """None for `none`. A GGUF file is loaded at once; a server is first asked when a question comes."""
    if name in ("", "none"):
        return None
    # Questions and documents stay here: LangChain's tracing is off whatever the environment says.
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    provider, _, model = name.partition(":")
    if provider == "ollama" and model:
        return ChatModel(name, _ollama(model, base_url, timeout))
    if provider == "openai" and model:
        return ChatModel(name, _openai(model, base_url, _key(name, api_key_file), timeout))
    if provider == "gguf" and model:
        return ChatModel(name, _gguf(name, Path(model).expanduser(), timeout))
    raise ChatModelFailed(name, "it is none of none, ollama:NAME, openai:NAME, gguf:PATH")


def _ollama(model: str, base_url: str, timeout: float) -> BaseChatModel:
    from langchain_ollama import ChatOllama

    return ChatOllama(
        model=model,
        base_url=base_url or None,
        temperature=0,
        num_predict=MOST_TOKENS,
        num_ctx=_CONTEXT_TOKENS,
        client_kwargs={"timeout": timeout},
    )


def _openai(model: str, base_url: str, key: str, timeout: float) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=model,
        base_url=base_url or None,
        api_key=SecretStr(key),
        temperature=0,
        max_completion_tokens=MOST_TOKENS,
        timeout=timeout,
        max_retries=2,
    )


def _gguf(name: str, path: Path, timeout: float) -> BaseChatModel:
    """llama.cpp's own server, on a free port of the loopback interface and behind a random key."""
    if not path.is_file():
        raise ChatModelFailed(name, f"there is no file {str(path)!r}")
    try:
        import xllamacpp
    except ImportError as error:
        raise ChatModelFailed(name, "it needs xllamacpp: pip install -e '.[gguf]'") from error
    key = secrets.token_urlsafe(32)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.offline = True
    parameters.n_ctx = _CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.verbosity = 1  # errors only
    try:
        server = xllamacpp.Server(parameters)
    except (RuntimeError, ValueError) as error:
        raise ChatModelFailed(name, _plain(error)) from error
    model = _openai(path.stem, f"{server.listening_address}/v1", key, timeout)
    _running.append(server)
    return model


_running: list[object] = []
"""llama.cpp's servers: each stops when nothing refers to it."""


def _key(name: str, file: Path | None) -> str:
    if file is None:
        return os.environ.get("OPENAI_API_KEY", "") or "none"
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ChatModelFailed(name, f"the key file {str(file)!r} cannot be read") from error


def _plain(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
