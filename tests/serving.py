"""The application on a real port, for clients that are not ours."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette

from assistant.api.server import PATIENCE, Server


def free_port() -> int:
    """One that nothing listens on: for what must be known before it is served."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def served(app: FastAPI | Starlette, port: int = 0, patience: float = PATIENCE) -> Iterator[str]:
    """The address `app` is served at while the context lasts; with port 0 any that is free. `patience` is
    that of the service's server."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, log_config=None, log_level="warning", timeout_graceful_shutdown=1)
        server = Server(config, patience)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The server stopped while it was starting.")
            thread.join(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
