"""Wait for changes in the folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from ingest.folder import is_passed_over

_LONGEST = 60.0
"""Seconds that a change waits while there are more: then what lies still is read, whoever writes on beside it."""
_STEP = 0.2
_AWAY = 5.0
"""Seconds between two looks for a folder that is not there."""


def watch(corpus: Path, settle_seconds: float, check_seconds: float, poll_seconds: float) -> Iterator[bool]:
    """Yields when something has changed, and then nothing for `settle_seconds`: a file is written in many goes. While
    changes go on, it yields after a minute all the same. So it does when the watch has begun, for what came before
    that, and every `check_seconds`, as no watch sees everything. What is yielded says whether it is time for such a
    check, in which nothing that is remembered of a file counts. With `poll_seconds` above 0 the folder is looked
    through that often instead of waiting for the system to tell, which it does not for a network share. A folder that
    goes away, as a share does, is waited for."""
    due = time.monotonic() + check_seconds
    quiet = settle_seconds + poll_seconds  # a look that finds nothing new speaks of the time before it

    def is_due() -> bool:
        nonlocal due
        now = time.monotonic()
        if now < due:
            return False
        due = now + check_seconds
        return True

    while True:
        place = _place(corpus)
        if place is None:
            time.sleep(min(check_seconds, _AWAY))
            continue
        last = time.monotonic()
        first: float | None = last
        for changed in _changes(corpus, settle_seconds, poll_seconds, max(quiet, _STEP)):
            if _place(corpus) != place:
                break  # another folder lies there now, or none: the watch is on one that is gone
            now = time.monotonic()
            if changed:
                first, last = (now if first is None else first), now
            if first is not None and (now - last >= quiet or now - first >= max(_LONGEST, quiet)):
                first = None
                yield is_due()
            elif first is None and now >= due:
                yield is_due()
        if _place(corpus) is None:
            yield is_due()  # so that it is told


def _changes(corpus: Path, settle_seconds: float, poll_seconds: float, every: float) -> Iterator[bool]:
    """Whether something has changed since it was last said: at once, and `every` so many seconds otherwise."""
    from watchfiles import watch as watchfiles  # only who watches waits for its import

    root = corpus.resolve()
    for changes in watchfiles(
        root,
        watch_filter=None,
        # It does not wait for quiet: a file that is written to again and again is one change to it.
        debounce=_milliseconds(settle_seconds),
        step=_milliseconds(min(_STEP, max(settle_seconds / 2, 0.01))),
        rust_timeout=_milliseconds(every),
        yield_on_timeout=True,
        force_polling=poll_seconds > 0 or None,
        poll_delay_ms=_milliseconds(poll_seconds),
    ):
        yield any(not is_passed_over(Path(path).relative_to(root), os.path.isdir(path)) for _, path in changes)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _place(folder: Path) -> tuple[int, int] | None:
    try:
        stat = folder.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
