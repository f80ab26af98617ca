"""What a run tells while it goes on: a bar on a terminal, plain lines in a log, or JSON lines."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from assistant.types import Language
from ingest.job import Step
from ingest.texts import TEXTS

_WIDTH = 24
_EVERY = 10.0  # seconds between two lines in a log
_REDRAW = 0.1
_SOME = 3.0  # seconds of embedding before a rate says anything

Clock = Callable[[], float]


class Progress(Protocol):
    def step(self, step: Step) -> None: ...

    def finish(self) -> None:
        """Leaves the terminal ready for a line."""


class Rate:
    """Passages a second and how long the rest will take, from when the first were embedded: what was taken over
    from before costs no time."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._total = -1
        self._begun = 0.0
        self._first = 0

    def take(self, done: int, total: int) -> tuple[float, float] | None:
        """Passages a second and seconds left of this round of embedding; None while too little is known."""
        now = self._clock()
        if total != self._total or done < self._first:
            self._total, self._begun, self._first = total, now, done
        spent, made = now - self._begun, done - self._first
        if spent < _SOME or made <= 0:
            return None
        return made / spent, (total - done) * spent / made


class Lines:
    """Plain lines for a log: a stage's beginning and end, and now and then between."""

    def __init__(self, stream: TextIO, language: Language, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._texts = TEXTS[language]
        self._clock = clock
        self._rate = Rate(clock)
        self._stage = ""
        self._told = 0.0

    def step(self, step: Step) -> None:
        told = said(step, self._texts, self._rate)
        now = self._clock()
        if step.stage != self._stage or step.done == step.total or now - self._told >= _EVERY:
            self._stream.write(f"{told}\n")
            self._stream.flush()
            self._stage, self._told = step.stage, now

    def finish(self) -> None:
        pass


class Bar:
    """One line that is drawn again and again."""

    def __init__(self, stream: TextIO, language: Language, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._texts = TEXTS[language]
        self._clock = clock
        self._rate = Rate(clock)
        self._drawn = -1.0
        self._open = False

    def step(self, step: Step) -> None:
        told = said(step, self._texts, self._rate)
        now = self._clock()
        if step.done not in (0, step.total) and now - self._drawn < _REDRAW:
            return
        filled = round(_WIDTH * step.done / step.total) if step.total else 0
        line = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {told}"
        self._stream.write(f"\r\033[K{line[: shutil.get_terminal_size().columns - 1]}")
        self._stream.flush()
        self._drawn, self._open = now, True

    def finish(self) -> None:
        if self._open:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._open = False


class JsonLines:
    """One JSON object a line, for programs: {"event": "progress", "stage", "done", "total", "documents",
    "documents_total", "rate", "seconds_left"}, the last two null while they are not known."""

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._rate = Rate(clock)

    def step(self, step: Step) -> None:
        rate = self._rate.take(step.done, step.total) if step.stage == "embed" else None
        self.event(
            "progress",
            {
                "stage": step.stage,
                "done": step.done,
                "total": step.total,
                "documents": step.documents,
                "documents_total": step.documents_total,
                "rate": round(rate[0], 2) if rate else None,
                "seconds_left": round(rate[1], 1) if rate else None,
            },
        )

    def event(self, name: str, values: Mapping[str, object]) -> None:
        self._stream.write(json.dumps({"event": name, **values}, ensure_ascii=False) + "\n")
        self._stream.flush()

    def finish(self) -> None:
        pass


def said(step: Step, texts: Mapping[str, str], rate: Rate) -> str:
    """A step in words."""
    text = texts[step.stage].format(
        done=step.done, total=step.total, documents=step.documents, documents_total=step.documents_total
    )
    found = rate.take(step.done, step.total) if step.stage == "embed" else None
    return text if found is None else text + texts["rate"].format(rate=found[0], left=_duration(found[1]))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} t {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
