"""How often and how much at once: counted by key, or by address where there is none. Kept in memory."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.access import Principal
from assistant.errors import ServiceBusy, TooManyAtOnce, TooOften

_REMEMBERED = 10_000
_SHARE = 5
"""One client may have a fifth of what the service takes at once."""


class Limits:
    """Safe to use from many threads."""

    def __init__(self, a_minute: int, at_once: int, now: Callable[[], float] = time.monotonic) -> None:
        """`a_minute` requests of one client, 0 for any number; `at_once` of all together."""
        self._a_minute = a_minute
        self._at_once = at_once
        self._share = max(1, at_once // _SHARE)
        self._now = now
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._under_way: dict[str, int] = {}
        self._total = 0

    def count(self, client: str) -> None:
        """One request more. Raises TooOften: a minute's worth may come at once, and grows back steadily."""
        if not self._a_minute:
            return
        with self._lock:
            now = self._now()
            left, then = self._left.pop(client, (float(self._a_minute), now))
            left = min(float(self._a_minute), left + (now - then) * self._a_minute / 60)
            self._left[client] = (max(left - 1, 0.0) if left >= 1 else left, now)
            while len(self._left) > _REMEMBERED:
                self._left.popitem(last=False)
        if left < 1:
            raise TooOften(self._a_minute, math.ceil((1 - left) * 60 / self._a_minute))

    @contextmanager
    def under_way(self, client: str, limited: bool) -> Iterator[None]:
        """As long as a request is. Raises TooManyAtOnce and ServiceBusy."""
        with self._lock:
            mine = self._under_way.get(client, 0)
            if limited and mine >= self._share:
                raise TooManyAtOnce(self._share)
            if self._total >= self._at_once:
                raise ServiceBusy(self._at_once)
            self._under_way[client] = mine + 1
            self._total += 1
        try:
            yield
        finally:
            with self._lock:
                self._total -= 1
                if self._under_way[client] == 1:
                    del self._under_way[client]
                else:
                    self._under_way[client] -= 1


def client_of(principal: Principal, address: str) -> str:
    """Whose requests are counted together."""
    return principal.owner if principal.keyed else network_of(address)


def network_of(address: str) -> str:
    """An address as one client has it: of IPv6 whoever has one has at least a /64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
