"""The stages of an answer: what each took, and who is told when one ends. Nothing of what was asked is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Listener = Callable[[str, int, int], None]
"""Is told a stage's name, and when it began and ended: nanoseconds since 1970."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Every stage that ends in this context, or in a thread that was started from it, is told."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@dataclass(slots=True)
class Stage:
    """A context that adds the milliseconds it lasts to what its stage has taken so far."""

    name: str
    milliseconds: dict[str, float]
    _began: int = 0
    _clock: float = 0.0

    def __enter__(self) -> None:
        self._began, self._clock = time.time_ns(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        seconds = time.perf_counter() - self._clock
        self.milliseconds[self.name] = self.milliseconds.get(self.name, 0.0) + seconds * 1000
        listener = _listener.get()
        if listener is not None:
            listener(self.name, self._began, self._began + round(seconds * 1e9))
