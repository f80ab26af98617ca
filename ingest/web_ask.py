"""Ask the web for one source, within limits. The only module that knows an HTTP client.

Only public addresses are asked, also after a redirect: a name is resolved once, each address it has is checked, and
the connection goes to the one that was. `robots.txt` is obeyed wherever a redirect leads."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from assistant.errors import WebSourceFailed

AGENT = "romerike-assistant"
OK, NOT_MODIFIED = 200, 304
_MOVED = (301, 302, 303, 307, 308)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_REDIRECTS = 5
_MOST_ROBOTS = 512_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` is for one source with its redirects and robots.txt."""

    megabytes: int
    seconds: float = 60.0


Allowed = Callable[[str], bool]
"""Whether an IP address may be connected to."""


def is_public(address: str) -> bool:
    """No address of this machine, of a private network, or of several machines."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def parts_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return None
    return parts.scheme, parts.hostname, port


@contextmanager
def asking(limits: Limits, allowed: Allowed) -> Iterator[Guard]:
    """For one source, without a proxy: connections are not shared, as two hosts may have one address."""
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    with httpx.Client(trust_env=False, follow_redirects=False, headers=headers) as client:
        yield Guard(client, limits, allowed)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    content: bytes


class Guard:
    """Asks for one source within its limits."""

    def __init__(self, client: httpx.Client, limits: Limits, allowed: Allowed) -> None:
        self._client = client
        self._most = limits.megabytes * 1_000_000
        self._until = time.monotonic() + limits.seconds
        self._allowed = allowed

    def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Follows redirects. Raises WebSourceFailed."""
        start = url
        for _ in range(_REDIRECTS + 1):
            self._obey_robots(start, url)
            reply = self._once(start, url, headers, self._most)
            if reply.status not in _MOVED:
                return reply
            url = urljoin(url, reply.headers.get("location", ""))
        raise WebSourceFailed(start, f"more than {_REDIRECTS} redirects")

    def _obey_robots(self, start: str, url: str) -> None:
        parts = urlsplit(url)
        robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
        for _ in range(_REDIRECTS + 1):
            reply = self._once(start, robots, {}, _MOST_ROBOTS)
            if reply.status not in _MOVED:
                break
            robots = urljoin(robots, reply.headers.get("location", ""))
        # RFC 9309: without a file all is allowed, with a server that fails nothing is.
        if reply.status >= _SERVER_ERROR:
            raise WebSourceFailed(start, f"robots.txt: HTTP {reply.status}")
        if reply.status >= _CLIENT_ERROR:
            return
        rules = RobotFileParser()
        rules.parse(reply.content.decode("utf-8", "replace").splitlines())
        if not rules.can_fetch(AGENT, url):
            raise WebSourceFailed(start, "robots.txt does not allow it")

    def _once(self, start: str, url: str, headers: Mapping[str, str], most: int) -> Reply:
        with self._mapped(start):
            host, address = self._resolved(start, url)
            asked = httpx.URL(url)
            there = asked.copy_with(host=address)
            sent = {**headers, "Host": asked.netloc.decode("ascii")}
            timeout = max(0.1, self._until - time.monotonic())
            # The name is what the certificate is checked for; the connection goes to the address that was checked.
            with self._client.stream(
                "GET", there, headers=sent, timeout=timeout, extensions={"sni_hostname": host}
            ) as response:
                content = bytearray()
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > most:
                        raise WebSourceFailed(start, f"larger than {most // 1_000_000} MB")
                    if time.monotonic() > self._until:
                        raise WebSourceFailed(start, "it takes too long")
                return Reply(response.status_code, response.headers, bytes(content))

    def _resolved(self, start: str, url: str) -> tuple[str, str]:
        """The host's name, and an address of it; all that it has must be allowed."""
        parts = parts_of(url)
        if parts is None:
            raise WebSourceFailed(start, f"it leads to {url!r}, which is no address of the web")
        _, host, port = parts
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        for address in found:
            if not self._allowed(address):
                raise WebSourceFailed(start, f"{host} is {address}, which is no public address")
        return host, found[0]

    @contextmanager
    def _mapped(self, start: str) -> Iterator[None]:
        if time.monotonic() > self._until:
            raise WebSourceFailed(start, "it takes too long")
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise WebSourceFailed(start, str(error) or type(error).__name__) from error
