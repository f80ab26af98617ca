"""Language models through LangChain, against a small server of our own; and what the setting may say."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import ChatModelFailed
from assistant.model import ChatModel, open_chat_model


@dataclass
class _Server:
    """Says `pieces` as an OpenAI-compatible or an Ollama server does; `status` and `cut` make it fail."""

    pieces: list[str] = field(default_factory=lambda: ["Sju ", "kommuner [1]."])
    status: int = 200
    cut: bool = False
    asked: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def server() -> Iterator[_Server]:
    state = _Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            state.keys.append(self.headers.get("Authorization", ""))
            openai = self.path.endswith("/chat/completions")
            self.send_response(state.status)
            self.send_header("Content-Type", "text/event-stream" if openai else "application/x-ndjson")
            if state.cut:
                self.send_header("Content-Length", "100000")
            self.end_headers()
            for piece in state.pieces:
                self.wfile.write(_openai(piece) if openai else _ollama(piece))
            if not state.cut:
                self.wfile.write(b"data: [DONE]\n\n" if openai else _ollama("", done=True))

        def log_message(self, format: str, *values: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        state.address = f"http://127.0.0.1:{http.server_address[1]}"
        yield state
        http.shutdown()
        thread.join()


def _openai(piece: str) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _ollama(piece: str, done: bool = False) -> bytes:
    message = {"role": "assistant", "content": piece}
    chunk = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "done": done, "message": message}
    return json.dumps(chunk).encode() + b"\n"


def _opened(name: str, url: str, key: Path | None = None) -> ChatModel:
    model = open_chat_model(name, url, key, 5.0)
    assert model is not None
    assert model.name == name
    return model


def _url(server: _Server, name: str) -> str:
    return server.address + ("/v1" if name.startswith("openai") else "")


_BOTH = pytest.mark.parametrize("name", ["openai:m", "ollama:m"])


@_BOTH
def test_a_reply_comes_in_pieces(server: _Server, name: str) -> None:
    pieces = list(_opened(name, _url(server, name)).stream("Vær kort.", "Hvor mange?"))
    assert pieces == ["Sju ", "kommuner [1]."]
    (asked,) = server.asked
    assert [m["role"] for m in asked["messages"]] == ["system", "user"]  # type: ignore[attr-defined]
    assert [m["content"] for m in asked["messages"]] == ["Vær kort.", "Hvor mange?"]  # type: ignore[attr-defined]
    assert asked["model"] == "m"
    assert asked["stream"] is True


@_BOTH
def test_a_refusal_of_the_server_is_told_with_the_models_name(server: _Server, name: str) -> None:
    server.status = 404
    with pytest.raises(ChatModelFailed, match=f"'{name}'"):
        list(_opened(name, _url(server, name)).stream("a", "b"))


@_BOTH
def test_a_connection_cut_in_the_midst_is_told_too(server: _Server, name: str) -> None:
    server.cut = True
    stream = _opened(name, _url(server, name)).stream("a", "b")
    assert next(stream) == "Sju "
    with pytest.raises(ChatModelFailed, match=f"'{name}'"):
        list(stream)


@_BOTH
def test_a_server_that_is_not_there_is_told(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(ChatModelFailed, match=f"'{name}'.*ASSISTANT_CHAT_MODEL"):
        list(_opened(name, url).stream("a", "b"))


def test_the_key_is_read_from_its_file(server: _Server, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret-key\n")
    list(_opened("openai:m", _url(server, "openai"), tmp_path / "key").stream("a", "b"))
    assert server.keys == ["Bearer secret-key"]


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChatModelFailed, match="nokey"):
        open_chat_model("openai:m", "", tmp_path / "nokey", 5.0)


@pytest.mark.parametrize("name", ["", "none"])
def test_no_model(name: str) -> None:
    assert open_chat_model(name, "", None, 5.0) is None


@pytest.mark.parametrize("name", ["gpt-4", "openai:", "ollama:", "gguf:", "openai", "anthropic:x", "None", "ollama"])
def test_a_setting_that_names_no_model_is_told_with_its_value(name: str) -> None:
    with pytest.raises(ChatModelFailed) as raised:
        open_chat_model(name, "", None, 5.0)
    assert repr(name) in str(raised.value)
    assert "ollama:NAME" in str(raised.value)


def test_a_gguf_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChatModelFailed, match=r"nothing\.gguf"):
        open_chat_model(f"gguf:{tmp_path}/nothing.gguf", "", None, 5.0)


def test_tracing_is_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch, server: _Server) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    _opened("ollama:m", server.address)
    assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
