"""How often and how much at once: counted by key, or by address where there is none. Kept in memory."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assistant.access import Principal
from assistant.errors import AssistantError, ServiceBusy, TooManyAtOnce, TooOften

_REMEMBERED = 10_000
_SHARE = 5
"""One client may have a fifth of what the service takes at once."""
_LINE = 10
"""So many times as many may wait as are under way; one client as many as are under way."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A request that waits; `turn` is done when it has its place."""

    client: str
    limited: bool
    turn: asyncio.Future[None]

    def told(self) -> None:
        """From any thread."""
        self.turn.get_loop().call_soon_threadsafe(self._now)

    def _now(self) -> None:
        if not self.turn.done():
            self.turn.set_result(None)


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
        self._under_way: Counter[str] = Counter()
        self._line: list[_Waiting] = []

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

    def leave(self, client: str) -> None:
        with self._lock:
            self._give_back(client)

    def is_free(self, client: str, limited: bool) -> bool:
        """Whether there is a place at once."""
        with self._lock:
            return self._refusal(client, limited) is None

    async def enter(self, client: str, limited: bool, seconds: float) -> None:
        """Take a place among the requests under way, to be given back by `leave`; it is waited for up to `seconds`.
        First come, first served, but who has its share lets others pass. Raises TooManyAtOnce and ServiceBusy."""
        waiting = _Waiting(client, limited, asyncio.get_running_loop().create_future())
        with self._lock:
            refusal = self._refusal(client, limited)
            if refusal is None:  # nobody in the line could take it: a place is given away as soon as it is free
                self._under_way[client] += 1
                return
            of_client = sum(other.client == client for other in self._line)
            if len(self._line) >= _LINE * self._at_once or (limited and of_client >= self._at_once):
                raise refusal
            self._line.append(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting.turn
        except BaseException as error:
            with self._lock:
                if waiting in self._line:
                    self._line.remove(waiting)
                else:
                    self._give_back(client)
            if isinstance(error, TimeoutError):
                raise refusal from error
            raise

    def _refusal(self, client: str, limited: bool) -> AssistantError | None:
        """Why there is no place; under the lock, as the next."""
        if limited and self._under_way.get(client, 0) >= self._share:
            return TooManyAtOnce(self._share)
        return ServiceBusy(self._at_once) if self._under_way.total() >= self._at_once else None

    def _give_back(self, client: str) -> None:
        self._under_way[client] -= 1
        if not self._under_way[client]:
            del self._under_way[client]
        for waiting in self._line:
            if self._refusal(waiting.client, waiting.limited) is None:
                self._line.remove(waiting)
                self._under_way[waiting.client] += 1
                waiting.told()
                return


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
