"""Who a request comes from: its key or cookie, its address, and the page that sent it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request

from assistant.access import LOCAL, NOBODY, Groups, Principal, anonymous
from assistant.access.keys import Keys
from assistant.errors import BadHost, KeyUnknown, OriginNotAllowed

Anonymous = Literal["none", "local", "reader"]

COOKIE = "assistant_key"
"""The key of a person at a browser, which sends no header for a picture or a link."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Callers:
    """`anonymous` is what is allowed without a key, `groups` what is seen then. `keys` is None where no file of
    keys is set: then a key says nothing."""

    keys: Keys | None
    origins: Collection[str]
    anonymous: Anonymous
    groups: Groups

    def foreign_origin(self, request: Request) -> str | None:
        """The other site whose page sends the request; None where it is ours or no page at all. Raises
        OriginNotAllowed, and BadHost for an address that is none."""
        origin, host = request.headers.get("origin"), request.headers.get("host", "")
        if host and not _host(host):
            raise BadHost(host)
        if origin is None or _same(origin, host):
            return None
        if origin not in self.origins:
            raise OriginNotAllowed(origin)
        return origin

    def principal(self, request: Request, foreign: bool) -> Principal:
        """Raises KeyUnknown and what `Keys.principal` raises. A page of another site never has our cookie,
        nor what is allowed on this machine: of that, reading is left to the sites that may call us."""
        key = None if self.keys is None else key_of(request, cookies=not foreign)
        if key is not None and self.keys is not None:
            held = self.keys.principal(key)
            if held is None:
                raise KeyUnknown
            return held
        local = self.anonymous != "none" and is_local(request)
        if local and not foreign:
            return LOCAL
        return anonymous(self.groups) if local or self.anonymous == "reader" else NOBODY


def key_of(request: Request, cookies: bool) -> str | None:
    """The key that is sent along; an empty one is none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return (request.cookies.get(COOKIE) or None) if cookies else None


def address_of(request: Request) -> str:
    """Where it comes from; behind a proxy on this machine, what the proxy says."""
    return request.client.host if request.client else ""


def is_local(request: Request) -> bool:
    """Whether it comes from this machine, is meant for it (a name that a site lets point here is not ours), and
    no proxy handed it on."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    return is_loopback(address_of(request)) and is_loopback(_host(request.headers.get("host", "")))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _same(origin: str, host: str) -> bool:
    """Whether a page's origin is the host that it asks. A proxy that ends TLS changes the scheme alone."""
    scheme, _, rest = origin.partition("://")
    return scheme in ("http", "https") and bool(rest) and rest.lower() == host.lower()


def _host(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""
