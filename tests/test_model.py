"""Language models through LangChain, against a small server of our own that can fail in every way."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langsmith import utils as langsmith_utils

from assistant.chat.model import ChatModel, Limits
from assistant.chat.providers import Access, open_chat_model
from assistant.errors import (
    ChatKeyRefused,
    ChatModelBusy,
    ChatModelFailed,
    ChatModelSlow,
    ChatModelUnknown,
    ChatModelUnreachable,
    ChatModelUnusable,
    ChatReplyCut,
)
from tests.chat_server import ChatServer, Trouble, chat_server
from tests.fakes import wait_for

NAMES = ["openai:m", "ollama:m", "anthropic:m", "azure:m"]
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
_ADDRESSES = (
    "OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL", "AZURE_OPENAI_ENDPOINT",
    "OLLAMA_HOST", "LANGSMITH_GATEWAY",
)  # fmt: skip
every = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in _KEYS.values():
        monkeypatch.setenv(variable, "secret-key")
    # What would send a request elsewhere must not: the addresses are those of the settings.
    for variable in _ADDRESSES:
        monkeypatch.setenv(variable, "http://192.0.2.1:1")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as state:
        yield state


def _opened(server: ChatServer, name: str, limits: Limits | None = None) -> ChatModel:
    url = server.address + ("/v1" if name.startswith("openai") else "")
    model = open_chat_model(name, Access(base_url=url), limits or Limits(first_token=5, whole=10, retries=0))
    assert model is not None
    assert model.name == name
    return model


def _said(model: ChatModel) -> str:
    return "".join(model.stream("Vær kort.", "Hvor mange?"))


# --- a reply ------------------------------------------------------------------------------------


@every
def test_a_reply_comes_in_pieces(server: ChatServer, name: str) -> None:
    assert list(_opened(server, name).stream("Vær kort.", "Hvor mange?")) == ["Sju ", "kommuner [1]."]
    (asked,) = server.asked
    if name.startswith("anthropic"):
        assert asked["system"] == "Vær kort."
        messages = [("user", "Hvor mange?")]
    else:
        messages = [("system", "Vær kort."), ("user", "Hvor mange?")]
    assert [(m["role"], m["content"]) for m in asked["messages"]] == messages  # type: ignore[attr-defined]
    assert asked.get("model") == (None if name.startswith("azure") else "m")  # Azure has it in the path
    assert asked["stream"] is True


@every
def test_the_first_piece_is_handed_on_while_the_rest_is_written(server: ChatServer, name: str) -> None:
    server.pause = 0.4
    began = time.monotonic()
    reply = _opened(server, name).stream("a", "b")
    assert next(reply) == "Sju "
    first = time.monotonic() - began
    assert list(reply) == ["kommuner [1]."]
    assert time.monotonic() - began >= first + 0.3


def test_what_each_server_is_told(server: ChatServer) -> None:
    for name in NAMES:
        assert _said(_opened(server, name)) == "Sju kommuner [1]."
    openai, ollama, anthropic, azure = server.asked
    assert ollama["options"] == {"num_ctx": 4096, "num_predict": 400, "temperature": 0}
    assert ollama["think"] is False
    assert (openai["max_completion_tokens"], azure["max_completion_tokens"], anthropic["max_tokens"]) == (400, 400, 400)
    assert openai["temperature"] == azure["temperature"] == 0
    assert server.paths[3] == "/openai/deployments/m/chat/completions?api-version=2024-10-21"
    assert ["secret-key" in " ".join(headers.values()) for headers in server.headers] == [True, False, True, True]


def test_a_reply_without_end_is_cut(server: ChatServer) -> None:
    server.pieces = ["ord " * 500] * 20
    reply = _opened(server, "openai:m").stream("a", "b")
    assert len(next(reply) + next(reply)) == 4000
    with pytest.raises(ChatReplyCut, match=r"'openai:m'.* 400 tokens"):
        next(reply)


@every
def test_a_reply_that_ends_at_its_limit_is_not_whole(server: ChatServer, name: str) -> None:
    server.trouble = "limit"
    reply = _opened(server, name, Limits(first_token=5, whole=10, retries=2)).stream("a", "b")
    assert [next(reply), next(reply)] == ["Sju ", "kommuner [1]."]
    with pytest.raises(ChatReplyCut):
        next(reply)
    assert len(server.asked) == 1


@every
def test_breaking_off_lets_the_connection_go(server: ChatServer, name: str) -> None:
    server.pieces, server.pause = ["Sju "] * 1000, 0.02
    reply = _opened(server, name).stream("a", "b")
    next(reply)
    reply.close()  # type: ignore[attr-defined]
    wait_for(lambda: not _readers(), seconds=5)
    assert _readers() == []


def _readers() -> list[str]:
    import threading

    return [thread.name for thread in threading.enumerate() if "_read" in thread.name]


# --- what goes wrong ----------------------------------------------------------------------------


@every
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ChatModelFailed),
        (401, ChatKeyRefused),
        (403, ChatKeyRefused),
        (404, ChatModelUnknown),
        (429, ChatModelBusy),
        (500, ChatModelFailed),
        (502, ChatModelFailed),
        (503, ChatModelBusy),
    ],
)
def test_a_refusal_is_told_as_what_it_is(
    server: ChatServer, name: str, status: int, error: type[ChatModelFailed]
) -> None:
    server.refusals = [(status, {})]
    with pytest.raises(ChatModelFailed, match=f"'{name}'") as raised:
        _said(_opened(server, name))
    assert type(raised.value) is error
    assert "secret-key" not in str(raised.value)


@every
@pytest.mark.parametrize("trouble", ["cut", "no end", "garbage", "error event"])
def test_a_reply_that_breaks_in_the_midst_is_told(server: ChatServer, name: str, trouble: Trouble) -> None:
    server.trouble = trouble
    reply = _opened(server, name, Limits(first_token=5, whole=10, retries=2)).stream("a", "b")
    assert next(reply) == "Sju "
    with pytest.raises(ChatModelFailed, match=f"'{name}'") as raised:
        list(reply)
    assert type(raised.value) is ChatModelFailed
    assert len(server.asked) == 1  # what was shown cannot be said anew


@every
@pytest.mark.parametrize("trouble", ["silent", "pings"])
def test_a_server_that_says_nothing_is_given_up(server: ChatServer, name: str, trouble: Trouble) -> None:
    server.pieces, server.trouble = [], trouble
    began = time.monotonic()
    with pytest.raises(ChatModelSlow, match=r"0\.4 seconds"):
        _said(_opened(server, name, Limits(first_token=0.4, whole=9, retries=2)))
    assert time.monotonic() - began < 2
    assert len(server.asked) == 1


@every
def test_a_reply_that_never_ends_is_given_up(server: ChatServer, name: str) -> None:
    server.trouble = "silent"
    reply = _opened(server, name, Limits(first_token=0.5, whole=0.8)).stream("a", "b")
    assert next(reply) == "Sju "
    with pytest.raises(ChatModelSlow, match=r"0\.8 seconds"):
        list(reply)


@every
def test_a_server_that_is_not_there_is_told(server: ChatServer, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(ChatModelUnreachable, match=f"'{name}'.*ASSISTANT_CHAT_BASE_URL"):
        _said(_opened(server, name))


def test_what_no_library_foresaw_is_told_too(server: ChatServer) -> None:
    model = ChatModel("fake:chat", GenericFakeChatModel(messages=iter([])))  # raises StopIteration
    with pytest.raises(ChatModelFailed, match="'fake:chat'"):
        _said(model)


# --- trying again -------------------------------------------------------------------------------


@every
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_again_until_it_has(server: ChatServer, name: str, status: int) -> None:
    server.refusals = [(status, {}), (status, {})]
    assert _said(_opened(server, name, Limits(retries=2))) == "Sju kommuner [1]."
    first, second, third = server.times
    assert 0.3 < second - first < third - second  # it waits longer each time


@every
def test_the_tries_have_a_number(server: ChatServer, name: str) -> None:
    server.refusals = [(503, {})] * 5
    with pytest.raises(ChatModelBusy):
        _said(_opened(server, name, Limits(retries=1)))
    assert len(server.asked) == 2


@every
@pytest.mark.parametrize("status", [400, 401, 404])
def test_what_does_not_pass_is_not_tried_again(server: ChatServer, name: str, status: int) -> None:
    server.refusals = [(status, {})]
    with pytest.raises(ChatModelFailed):
        _said(_opened(server, name, Limits(retries=2)))
    assert len(server.asked) == 1


@every
def test_a_server_that_says_when_is_asked_then(server: ChatServer, name: str) -> None:
    server.refusals = [(429, {"Retry-After": "1"})]
    assert _said(_opened(server, name, Limits(retries=1))) == "Sju kommuner [1]."
    assert 1.0 <= server.times[1] - server.times[0] < 2.0


@every
def test_nobody_waits_longer_than_for_the_first_token(server: ChatServer, name: str) -> None:
    server.refusals = [(429, {"Retry-After": "3600"})]
    began = time.monotonic()
    with pytest.raises(ChatModelBusy):
        _said(_opened(server, name, Limits(first_token=30, retries=2)))
    assert time.monotonic() - began < 5


def test_a_connection_cut_before_the_first_piece_is_tried_again(server: ChatServer) -> None:
    server.pieces, server.trouble = [], "cut"
    with pytest.raises(ChatModelFailed, match="cut off"):
        _said(_opened(server, "openai:m", Limits(retries=1)))
    assert len(server.asked) == 2


# --- the setting --------------------------------------------------------------------------------


def test_the_key_is_read_from_its_file(server: ChatServer, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("another-key\n")
    model = open_chat_model("openai:m", Access(f"{server.address}/v1", tmp_path / "key"), Limits())
    assert model is not None
    _said(model)
    assert server.headers[0]["authorization"] == "Bearer another-key"


@pytest.mark.parametrize("content", [None, b"", b"two keys", b"\xff\xfe", "nøkkel".encode()])
def test_a_key_file_without_a_key_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "nokey").write_bytes(content)
    with pytest.raises(ChatModelUnusable, match="nokey"):
        open_chat_model("openai:m", Access(api_key_file=tmp_path / "nokey"), Limits())


@pytest.mark.parametrize("provider", ["openai", "anthropic", "azure"])
def test_a_missing_key_is_told_before_the_first_question(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.delenv(_KEYS[provider])
    base_url = "http://127.0.0.1:1" if provider == "azure" else ""
    with pytest.raises(ChatModelUnusable, match=f"ASSISTANT_CHAT_API_KEY_FILE, or {_KEYS[provider]}"):
        open_chat_model(f"{provider}:m", Access(base_url), Limits())


def test_a_server_of_ones_own_needs_no_key(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert _said(_opened(server, "openai:m")) == "Sju kommuner [1]."


def test_azure_needs_its_endpoint() -> None:
    with pytest.raises(ChatModelUnusable, match="ASSISTANT_CHAT_BASE_URL"):
        open_chat_model("azure:m", Access(), Limits())


@pytest.mark.parametrize(
    ("name", "module", "line"),
    [("anthropic:m", "langchain_anthropic", "[anthropic]"), ("gguf:{}", "xllamacpp", "[gguf]")],
)
def test_a_missing_package_is_named_with_the_line_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, module: str, line: str
) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ChatModelUnusable) as raised:
        open_chat_model(name.format(tmp_path / "m.gguf"), Access(), Limits())
    assert f"pip install -e '.{line}'" in str(raised.value)


@pytest.mark.parametrize("name", ["", "none"])
def test_no_model(name: str) -> None:
    assert open_chat_model(name, Access(), Limits()) is None


@pytest.mark.parametrize("name", ["gpt-4", "openai:", "ollama:", "gguf:", "openai", "gemini:x", "None", "ollama"])
def test_a_setting_that_names_no_model_is_told_with_its_value(name: str) -> None:
    with pytest.raises(ChatModelUnusable) as raised:
        open_chat_model(name, Access(), Limits())
    assert repr(name) in str(raised.value)
    assert "ollama:NAME" in str(raised.value)


def test_a_gguf_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChatModelUnusable, match=r"nothing\.gguf"):
        open_chat_model(f"gguf:{tmp_path}/nothing.gguf", Access(), Limits())


# --- nothing leaves the house -------------------------------------------------------------------


@every
def test_nothing_is_traced_whatever_the_environment_says(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with chat_server() as collector:
        for prefix in ("LANGSMITH", "LANGCHAIN"):
            for variable in ("TRACING", "TRACING_V2", "HANDLER"):
                monkeypatch.setenv(f"{prefix}_{variable}", "true")
            monkeypatch.setenv(f"{prefix}_API_KEY", "k")
            monkeypatch.setenv(f"{prefix}_ENDPOINT", collector.address)
        langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]  # it remembers the environment
        try:
            assert langsmith_utils.tracing_is_enabled()
            assert _said(_opened(server, name)) == "Sju kommuner [1]."
            assert collector.paths == []
        finally:
            langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
    assert len(server.asked) == 1


def test_what_would_be_traced_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: LangChain alone, in that environment, does send its trace."""
    with chat_server() as collector:
        for variable in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(variable, "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "k")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", collector.address)
        langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
        try:
            list(GenericFakeChatModel(messages=iter([AIMessage("Hei")])).stream("Hvor mange?"))
            wait_for(lambda: bool(collector.paths), seconds=10)
        finally:
            langsmith_utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
        assert collector.paths
    assert os.environ["LANGSMITH_TRACING"] == "true"
