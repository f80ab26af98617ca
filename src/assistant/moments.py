"""Times as they are told: ISO 8601, UTC, to the second. Pure, but for the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    return written_time(time.time())


def written_time(seconds: float) -> str:
    """Of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def timestamp(written: str) -> float:
    """Seconds since 1970 of a time with its zone."""
    return datetime.fromisoformat(written).timestamp()
