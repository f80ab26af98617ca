"""What every request passes before anything of it is read: origin, key, role, limits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access import NOBODY, Principal
from assistant.api import problems
from assistant.api.caller import Callers, address_of
from assistant.api.limits import Limits, client_of, network_of
from assistant.api.rights import UPLOAD, Row, row_of
from assistant.errors import (
    AssistantError,
    BodyTooLarge,
    BodyTooSlow,
    KeyRequired,
    KeyUnknown,
    NotPermitted,
    RequestTooSlow,
)

_ROLE = {"read": "reader", "edit": "editor", "operate": "admin"}
_METHODS = "GET, POST, DELETE"
_HEADERS = (
    "Accept, Accept-Language, Authorization, Content-Type, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id, "
    "X-Request-ID"
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bytes of a body, and seconds: until it is all here, until a reply begins (the wait for its turn included), until
    what was sent is taken."""

    body: int
    upload: int
    arrival: float
    reply: float
    taking: float


class Gate:
    """Middleware that leaves the Principal in the request's state."""

    def __init__(self, app: ASGIApp, callers: Callers, limits: Limits, allowance: Allowance) -> None:
        self._app = app
        self._callers = callers
        self._limits = limits
        self._allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        scope["route_path"] = row_of(request.method, scope["path"]).path
        try:
            origin = self._callers.foreign_origin(request)
            if origin is not None:
                send = _told_to(origin, send)
            if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
                await _preflight()(scope, receive, send)
                return
            with suppress(ClientDisconnect):  # gone before its turn came
                await self._let_in(request, origin is not None, receive, send)
        except AssistantError as error:
            await problems.refusal(request, error)(scope, receive, send)

    async def _let_in(self, request: Request, foreign: bool, receive: Receive, send: Send) -> None:
        path = str(request.scope["path"])  # not of `request.url`, which is made of the Host too
        row = row_of(request.method, path)
        principal = self._principal(request, foreign, row)
        request.state.principal = principal
        passing = _Passing(self._allowance, row.path == UPLOAD, request, receive, send)
        if row.needs is None:
            await passing.through(self._app)
            return
        if row.needs not in principal.may:
            if not principal.keyed:
                raise KeyRequired
            raise NotPermitted(request.method, path[:200], _ROLE[row.needs])
        client = client_of(principal, address_of(request))
        if principal.limited:
            self._limits.count(client)
        await passing.wait(self._limits, client, principal.limited)
        try:
            await passing.through(self._app)
        finally:
            self._limits.leave(client)

    def _principal(self, request: Request, foreign: bool, row: Row) -> Principal:
        try:
            return self._callers.principal(request, foreign)
        except KeyUnknown:
            self._limits.count(network_of(address_of(request)))  # who guesses is not let guess for long
            if row.needs is None:
                return NOBODY  # a browser's key that was revoked must not keep its page from coming
            raise


class _Passing:
    """One request on its way through: its body is counted and waited for, its reply must begin and be taken in
    time. What goes wrong there is told instead of the reply, where that has not begun."""

    def __init__(self, allowance: Allowance, upload: bool, request: Request, receive: Receive, send: Send) -> None:
        self._allowance = allowance
        self._most = allowance.upload if upload else allowance.body
        self._request = request
        self._receive_next = receive
        self._send_on = send
        self._received = 0
        self._arrived = False
        self._began = asyncio.get_running_loop().time()
        self._until = 0.0
        self._held: Message | None = None
        self._begun = False
        self._instead: AssistantError | None = None

    async def wait(self, limits: Limits, client: str, limited: bool) -> None:
        """For its turn; a client that goes away meanwhile waits no longer: ClientDisconnect. Raises as `enter`."""
        entering = limits.enter(client, limited, self._allowance.reply)
        if limits.is_free(client, limited):
            await entering
            return
        turn, left = asyncio.ensure_future(entering), asyncio.ensure_future(self._left())
        try:
            await asyncio.wait({turn, left}, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                raise ClientDisconnect
            turn.result()
        finally:
            turn.cancel()
            left.cancel()

    async def _left(self) -> None:
        """Until the client is gone. What it sends meanwhile is kept; of a long body no more than its beginning is
        taken, and it is not noticed."""
        self._held = await self._receive_next()
        if self._held.get("more_body", False):
            await asyncio.Event().wait()
        elif self._held["type"] == "http.request":
            await self._receive_next()

    async def through(self, app: ASGIApp) -> None:
        announced = self._request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._most:
            raise BodyTooLarge(self._most / 1_000_000)
        self._until = asyncio.get_running_loop().time() + self._allowance.arrival
        waiting = asyncio.create_task(self._overdue())
        try:
            await app(self._request.scope, self._receive, self._send)
        except ClientDisconnect:
            pass  # nobody is there to be told
        except Exception:
            if self._instead is None:
                raise
        finally:
            waiting.cancel()
        if self._instead is not None and not self._begun:
            await self._tell(self._instead)

    async def _receive(self) -> Message:
        if self._arrived:
            return await self._receive_next()
        try:
            async with asyncio.timeout_at(self._until):
                message, self._held = self._held or await self._receive_next(), None
        except TimeoutError as error:
            raise self._refused(BodyTooSlow(self._allowance.arrival)) from error
        self._received += len(message.get("body", b""))
        self._arrived = message["type"] != "http.request" or not message.get("more_body", False)
        if self._received > self._most:
            raise self._refused(BodyTooLarge(self._most / 1_000_000))
        return message

    def _refused(self, error: AssistantError) -> AssistantError:
        self._instead = error
        return error

    async def _send(self, message: Message) -> None:
        if self._instead is not None:
            return
        self._begun = True
        try:
            async with asyncio.timeout(self._allowance.taking):
                await self._send_on(message)
        except TimeoutError as error:
            raise ClientDisconnect from error  # it reads no more: as good as gone

    async def _overdue(self) -> None:
        """A thread cannot be stopped, but whoever waits for it is told."""
        await asyncio.sleep(self._began + self._allowance.reply - asyncio.get_running_loop().time())
        if not self._begun and self._instead is None:
            await self._tell(self._refused(RequestTooSlow(self._allowance.reply)))

    async def _tell(self, error: AssistantError) -> None:
        self._begun = True
        await problems.refusal(self._request, error)(self._request.scope, self._receive_next, self._send_on)


def _told_to(origin: str, send: Send) -> Send:
    """The page of another site may read the reply."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Content-Disposition, Retry-After, X-Request-ID"
            headers.add_vary_header("Origin")
        await send(message)

    return told


def _preflight() -> Response:
    headers = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Allow-Headers": _HEADERS}
    return Response(status_code=204, headers=headers | {"Access-Control-Max-Age": "600"})
