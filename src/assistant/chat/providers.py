"""The language models that ASSISTANT_CHAT_MODEL can name. Each is one of LangChain's.

    none                no model: the reader answers
    ollama:NAME         an Ollama server (ASSISTANT_CHAT_BASE_URL, else the one on this machine)
    openai:NAME         any OpenAI-compatible server (ASSISTANT_CHAT_BASE_URL, else OpenAI's own)
    anthropic:NAME      Anthropic
    azure:DEPLOYMENT    Azure OpenAI (ASSISTANT_CHAT_BASE_URL is the resource's endpoint)
    gguf:PATH           a GGUF file, run in this process by llama.cpp

Every address is given: the libraries would else look for one in variables of their own, among them a
gateway that records what passes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from assistant.chat.model import MOST_TOKENS, ChatModel, Limits
from assistant.errors import ChatModelUnusable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_OLLAMA = "http://127.0.0.1:11434"
_OPENAI = "https://api.openai.com/v1"
_ANTHROPIC = "https://api.anthropic.com"
_CONNECT = 5.0
"""Seconds to reach a server."""
_STOP = ["<|im_end|>", "<|im_start|>", "<end_of_turn>"]
"""Ends of turn that a model without a chat template of its own writes as text, and then goes on."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a server is reached. Without a file the key is looked for in the provider's own variable."""

    base_url: str = ""
    api_key_file: Path | None = None
    api_version: str = "2024-10-21"


def open_chat_model(name: str, access: Access, limits: Limits) -> ChatModel | None:
    """None for `none`. A GGUF file is loaded at once; a server is first asked when a question comes. Raises
    ChatModelUnusable."""
    if name in ("", "none"):
        return None
    provider, _, model = name.partition(":")
    if provider not in _PROVIDERS or not model:
        known = ", ".join(["none", *(f"{known}:{what}" for known, (what, _) in _PROVIDERS.items())])
        raise ChatModelUnusable(name, f"it is none of {known}")
    # LangChain fails where one of its oldest tracing's variables is set, as it no longer has that tracing.
    for variable in ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"):
        os.environ.pop(variable, None)
    opened = _PROVIDERS[provider][1](name, model, access, limits)
    return ChatModel(name, opened, limits, _ENDS.get(provider, "finish_reason"))


def _ollama(name: str, model: str, access: Access, limits: Limits) -> BaseChatModel:
    import httpx
    from langchain_ollama import ChatOllama

    return ChatOllama(
        model=model,
        base_url=access.base_url or _OLLAMA,
        temperature=0,
        num_predict=MOST_TOKENS,
        num_ctx=limits.context,
        reasoning=False,
        client_kwargs={"timeout": httpx.Timeout(limits.whole, connect=_CONNECT)},
    )


def _openai(name: str, model: str, access: Access, limits: Limits) -> BaseChatModel:
    key = _key(name, access.api_key_file, "OPENAI_API_KEY", required=not access.base_url)
    return _compatible(model, access.base_url, key, limits)


def _compatible(model: str, base_url: str, key: str, limits: Limits) -> BaseChatModel:
    import openai
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=model,
        base_url=base_url or _OPENAI,
        api_key=SecretStr(key),
        temperature=0,
        max_completion_tokens=MOST_TOKENS,
        stop_sequences=_STOP if base_url else None,  # OpenAI's newest refuse the parameter
        timeout=openai.Timeout(limits.whole, connect=_CONNECT),
        max_retries=0,
        use_responses_api=False,
    )


def _azure(name: str, model: str, access: Access, limits: Limits) -> BaseChatModel:
    import openai
    from langchain_openai import AzureChatOpenAI

    if not access.base_url:
        raise ChatModelUnusable(name, "it needs the resource's endpoint in ASSISTANT_CHAT_BASE_URL")
    return AzureChatOpenAI(
        azure_deployment=model,
        azure_endpoint=access.base_url,
        api_version=access.api_version,
        api_key=SecretStr(_key(name, access.api_key_file, "AZURE_OPENAI_API_KEY", required=True)),
        temperature=0,
        max_completion_tokens=MOST_TOKENS,
        timeout=openai.Timeout(limits.whole, connect=_CONNECT),
        max_retries=0,
        use_responses_api=False,
    )


def _anthropic(name: str, model: str, access: Access, limits: Limits) -> BaseChatModel:
    try:
        from langchain_anthropic import ChatAnthropic
    except ImportError as error:
        raise ChatModelUnusable(name, "it needs langchain-anthropic: pip install -e '.[anthropic]'") from error
    return ChatAnthropic(
        model_name=model,
        base_url=access.base_url or _ANTHROPIC,
        api_key=SecretStr(_key(name, access.api_key_file, "ANTHROPIC_API_KEY", required=True)),
        max_tokens_to_sample=MOST_TOKENS,
        timeout=limits.whole,
        max_retries=0,
        stop=None,
    )


def _gguf(name: str, model: str, access: Access, limits: Limits) -> BaseChatModel:
    """llama.cpp's own server, on a free port of the loopback interface and behind a random key."""
    path = Path(model).expanduser()
    if not path.is_file():
        raise ChatModelUnusable(name, f"there is no file {str(path)!r}")
    try:
        import xllamacpp
    except ImportError as error:
        raise ChatModelUnusable(name, "it needs xllamacpp: pip install -e '.[gguf]'") from error
    key = secrets.token_urlsafe(32)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.offline = True
    parameters.n_ctx = limits.context
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = _threads()
    parameters.enable_reasoning = 0
    parameters.verbosity = 1  # errors only
    try:
        server = xllamacpp.Server(parameters)
    except (RuntimeError, ValueError) as error:
        raise ChatModelUnusable(name, str(error).strip().split("\n")[0][:300]) from error
    _running.append(server)
    return _compatible(path.stem, f"{server.listening_address}/v1", key, limits)


def _threads() -> int:
    """All cores but one, which search and reader have: llama.cpp's threads wait for each other by spinning, and two
    of them on two cores that others use too took five times the processor time of one, and were slower."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


_running: list[object] = []
"""llama.cpp's servers: each stops when nothing refers to it."""

_PROVIDERS: dict[str, tuple[str, Callable[[str, str, Access, Limits], BaseChatModel]]] = {
    "ollama": ("NAME", _ollama),
    "openai": ("NAME", _openai),
    "anthropic": ("NAME", _anthropic),
    "azure": ("DEPLOYMENT", _azure),
    "gguf": ("PATH", _gguf),
}


_ENDS = {"ollama": "done", "anthropic": "stop_reason"}


def _key(name: str, file: Path | None, variable: str, required: bool) -> str:
    """A server of one's own may do without: it is sent "none"."""
    if file is None:
        key = os.environ.get(variable, "").strip()
        if required and not key:
            raise ChatModelUnusable(name, f"it needs a key: ASSISTANT_CHAT_API_KEY_FILE, or {variable}")
        return key or "none"
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ChatModelUnusable(name, f"the key file {str(file)!r} cannot be read") from error
    if not key.isascii() or len(key.split()) != 1:
        raise ChatModelUnusable(name, f"the key file {str(file)!r} does not hold one key")
    return key
