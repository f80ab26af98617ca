"""Work that runs ahead of whoever uses what it makes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Makes `items` in a thread of its own, in their order, until what waits, with the one in use, is as large as
    `room`; beside one that is larger no other waits. What the thread raises is raised where its item would have come.
    Left early, it calls `interrupt`, which should end the making of the item under way, and waits for the thread."""

    def __init__(
        self, items: Iterator[T], size: Callable[[T], int], room: int, interrupt: Callable[[], None]
    ) -> None:
        self._items = items
        self._size = size
        self._room = room
        self._interrupt = interrupt
        self._waiting: deque[T] = deque()
        self._held = 0
        self._over = self._left = False
        self._raised: BaseException | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._make, name="ahead", daemon=True)

    def __enter__(self) -> Ahead[T]:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._left = True
            self._changed.notify_all()
        if not self._over:
            self._interrupt()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._over)
                if not self._waiting:
                    break
                item = self._waiting.popleft()
            yield item
            with self._changed:
                self._held -= self._size(item)
                self._changed.notify_all()
        if self._raised is not None:
            raise self._raised

    def has_more_ready(self) -> bool:
        """Whether the next item need not be waited for."""
        with self._changed:
            return bool(self._waiting)

    def _make(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001  (raised again where the items are used)
            self._raised = error
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _put(self, item: T) -> bool:
        """False when nobody wants it any more."""
        size = self._size(item)
        with self._changed:
            self._changed.wait_for(lambda: self._left or not self._held or self._held + size <= self._room)
            if not self._left:
                self._waiting.append(item)
                self._held += size
                self._changed.notify_all()
            return not self._left
