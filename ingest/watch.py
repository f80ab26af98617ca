"""Wait for changes in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch as watchfiles

_SETTLE_MS = 1600
"""How long the folder must have been quiet: a file is often written in several goes."""
_CHECK_MS = 300_000
"""A full check all the same this often: no watch sees everything, least of all on a network share."""


def watch(corpus: Path) -> Iterator[None]:
    """Yields when something has changed and settled, and now and then without."""
    for _ in watchfiles(
        corpus, debounce=_SETTLE_MS, step=200, rust_timeout=_CHECK_MS, yield_on_timeout=True
    ):
        yield
