"""Around every request: its id, a line in the log, its figures, its span, the headers that keep a browser careful, and
an answer where something unforeseen went wrong."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Sequence
from contextlib import nullcontext

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access import Principal
from assistant.api import problems
from assistant.api.logs import request_id
from assistant.api.metrics import Metrics
from assistant.api.tracing import Traces
from assistant.stages import heard_by

log = logging.getLogger("assistant.requests")

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_PROBES = ("/healthz", "/readyz", "/metrics")
_PRIVATE = ("/api/", "/v1/", "/source/", "/mcp", "/metrics")


class Observe:
    """The outermost middleware."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, origins: Sequence[str], traces: Traces | None = None
    ) -> None:
        self._app = app
        self._traces = traces
        self._metrics = metrics
        self._headers = {
            "Content-Security-Policy": _POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            # Pages of the origins that may call us may show our pictures and take our scripts too.
            "Cross-Origin-Resource-Policy": "cross-origin" if origins else "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(id)
        sent = _Sent(request, id, self._headers, send)
        began = time.perf_counter()
        self._metrics.begun()
        traced = self._traces.begin(request.headers) if self._traces and scope["path"] not in _PROBES else None
        try:
            with heard_by(traced.stage) if traced else nullcontext():
                await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001  this is the last one that can tell the client
            problem = problems.of_unexpected(error, problems.language_of(request))
            if not sent.status:
                await problems.response_of(request, problem)(scope, receive, sent)
        finally:
            seconds = time.perf_counter() - began
            route = str(scope.get("route_path", ""))
            self._metrics.done(route, request.method, sent.status or 499, seconds)
            self._log(request, route, sent.status or 499, seconds)
            if traced is not None:
                traced.end(request.method, route or "other", sent.status or 499, id)
            request_id.reset(token)

    def _log(self, request: Request, route: str, status: int, seconds: float) -> None:
        """The address with its parameters' names and without its query: neither a question nor a document."""
        principal = getattr(request.state, "principal", None)
        who = principal.owner or "local" if isinstance(principal, Principal) else "nobody"
        about = {"method": request.method, "route": route or "other", "status": status, "who": who}
        line = f"{request.method} {route or 'other'} {status} {seconds * 1000:.0f} ms {who}"
        log.info(line, extra={"about": about | {"milliseconds": round(seconds * 1000, 1)}})


class _Sent:
    """Sends on, with the headers, and keeps the status."""

    def __init__(self, request: Request, id: str, headers: dict[str, str], send: Send) -> None:
        self.status = 0
        self._request = request
        self._id = id
        self._headers = headers
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._id
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            if str(self._request.scope["path"]).startswith(_PRIVATE):
                headers.setdefault("Cache-Control", "no-store")
            if self._request.scope["scheme"] == "https":
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await self._send(message)
