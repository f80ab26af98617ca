"""A small server on the loopback interface that speaks the three protocols of language models, and can fail
in every way a real one does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Trouble = Literal["", "cut", "no end", "garbage", "silent", "pings", "error event", "limit"]


@dataclass
class ChatServer:
    """Says `pieces`, `pause` seconds apart. The first requests are answered with `refusals` (status and
    headers) instead. `trouble` is what happens after the pieces."""

    pieces: list[str] = field(default_factory=lambda: ["Sju ", "kommuner [1]."])
    pause: float = 0.0
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    trouble: Trouble = ""
    asked: list[dict[str, object]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    address: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    state = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.times.append(time.monotonic())
            state.paths.append(self.path)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if "json" not in self.headers["Content-Type"]:
                return self._refuse(200, {})
            state.asked.append(json.loads(body))
            if state.refusals:
                return self._refuse(*state.refusals.pop(0))
            with suppress(ConnectionError):  # the client may have had enough
                self._say()

        def do_GET(self) -> None:
            state.paths.append(self.path)
            self._refuse(200, {})

        def _refuse(self, status: int, headers: dict[str, str]) -> None:
            body = json.dumps({"error": {"message": f"no: {status}", "type": "t"}}).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _say(self) -> None:
            kind = protocol(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ndjson" if kind == "ollama" else "text/event-stream")
            if state.trouble == "cut":
                self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(_BEGIN[kind])
            for piece in state.pieces:
                self.wfile.write(_PIECE[kind](piece))
                self.wfile.flush()
                state.stopped.wait(state.pause)
            self._end(kind)

        def _end(self, kind: str) -> None:
            if state.trouble == "silent":
                state.stopped.wait(30)
            elif state.trouble == "pings":
                while not state.stopped.wait(0.05):
                    self.wfile.write(_ollama("") if kind == "ollama" else b": still here\n\n")
                    self.wfile.flush()
            elif state.trouble == "garbage":
                self.wfile.write(b"\x00<html>{]\n\n" if kind == "ollama" else b"data: <html>{]\n\n")
            elif state.trouble == "error event":
                self.wfile.write(_ERROR[kind])
            elif state.trouble == "limit":
                self.wfile.write(_ends(kind, "max_tokens" if kind == "anthropic" else "length"))
            elif not state.trouble:
                self.wfile.write(_ends(kind, "end_turn" if kind == "anthropic" else "stop"))

        def log_message(self, format: str, *values: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        state.address = f"http://127.0.0.1:{http.server_address[1]}"
        yield state
        state.stopped.set()
        http.shutdown()
        thread.join()


def protocol(path: str) -> str:
    return "ollama" if path.startswith("/api/") else "anthropic" if path.endswith("/messages") else "openai"


def _openai(piece: str, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": reason}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _ollama(piece: str, reason: str | None = None) -> bytes:
    message = {"role": "assistant", "content": piece}
    chunk = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "done": reason is not None, "message": message}
    if reason is not None:
        chunk["done_reason"] = reason
    return json.dumps(chunk).encode() + b"\n"


def _event(**data: object) -> bytes:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def _anthropic(piece: str) -> bytes:
    return _event(type="content_block_delta", index=0, delta={"type": "text_delta", "text": piece})


_MESSAGE: dict[str, object] = {
    "id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
    "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
}  # fmt: skip
_PIECE: dict[str, Callable[[str], bytes]] = {"openai": _openai, "ollama": _ollama, "anthropic": _anthropic}
_BEGIN = {
    "openai": b"",
    "ollama": b"",
    "anthropic": _event(type="message_start", message=_MESSAGE)
    + _event(type="content_block_start", index=0, content_block={"type": "text", "text": ""}),
}


def _ends(kind: str, reason: str) -> bytes:
    if kind == "openai":
        return _openai("", reason) + b"data: [DONE]\n\n"
    if kind == "ollama":
        return _ollama("", reason)
    delta = {"stop_reason": reason, "stop_sequence": None}
    return (
        _event(type="content_block_stop", index=0)
        + _event(type="message_delta", delta=delta, usage={"output_tokens": 2})
        + _event(type="message_stop")
    )


_ERROR = {
    "openai": b'data: {"error": {"message": "out of memory", "type": "server_error"}}\n\n',
    "ollama": b'{"error": "out of memory"}\n',
    "anthropic": _event(type="error", error={"type": "api_error", "message": "out of memory"}),
}
