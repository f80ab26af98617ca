"""Wait for changes in the folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path


def watch(corpus: Path, settle_seconds: float, check_seconds: float, poll_seconds: float) -> Iterator[bool]:
    """Yields when something has changed and then lain still for `settle_seconds`: a file is often written in
    several goes. And every `check_seconds` all the same: no watch sees everything. What is yielded says whether it
    is time for such a check, in which nothing that is remembered of a file counts. With `poll_seconds` above 0 the
    folder is looked through that often instead of waiting for the system to tell, which it does not for a network
    share. A folder that goes away, as a share does, is waited for."""
    from watchfiles import watch as watchfiles  # only who watches waits for its import

    due = time.monotonic() + check_seconds

    def is_due() -> bool:
        nonlocal due
        now = time.monotonic()
        if now < due:
            return False
        due = now + check_seconds
        return True

    while True:
        place = _place(corpus)
        if place is not None:
            for _ in watchfiles(
                corpus,
                debounce=max(1, round(settle_seconds * 1000)),
                step=max(1, min(200, round(settle_seconds * 500))),
                rust_timeout=round(check_seconds * 1000),
                yield_on_timeout=True,
                force_polling=poll_seconds > 0 or None,
                poll_delay_ms=max(1, round(poll_seconds * 1000)),
            ):
                yield is_due()
                if _place(corpus) != place:
                    break  # another folder lies there now, or none: the watch is on one that is gone
        else:
            time.sleep(min(check_seconds, 5.0))
        yield is_due()


def _place(folder: Path) -> tuple[int, int] | None:
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
