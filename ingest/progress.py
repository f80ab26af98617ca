"""What a run tells while it goes on: a bar on a terminal, plain lines in a log, or JSON lines."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol, TextIO

from assistant.types import Language
from ingest.outcome import Step
from ingest.texts import TEXTS

_WIDTH = 24
_EVERY = 10.0  # seconds between two lines in a log
_REDRAW = 0.1
_SOME = 3.0  # seconds of embedding before a rate says anything

Clock = Callable[[], float]


class Progress(Protocol):
    def step(self, step: Step) -> None: ...

    def finish(self) -> None:
        """The run is over: leaves the terminal ready for a line, and the next step begins another run."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`share` of the run that is behind it, 0 to 1: a document counts half when it is read and half when its passages
    are embedded. `rate` is passages embedded a second, `seconds_left` how long all the rest takes; None while too
    little is known."""

    share: float
    rate: float | None = None
    seconds_left: float | None = None


class Reckoning:
    """How fast a run is and how far, from all its steps.

    What was embedded before costs no time, and counts for neither. The model is asked batch by batch, and between two
    batches the index is written and files are waited for: the rate is over the time spent embedding, the time left over
    all the time since the model began. The files that are not read yet are taken to need it as often as those read."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._last = Step("embed")
        self._through = Step("embed")  # where the batches before ended
        self._since: float | None = None  # when the step before was, if it was of embedding too
        self._begun: float | None = None
        self._made, self._spent = 0, 0.0
        self._needed, self._needing = 0, 0  # passages for the model, in so many documents

    def take(self, step: Step) -> Reckoned:
        now = self._clock()
        if step.stage == "embed":
            self._embedding(step, now)
        else:
            self._since = None
        rate = self._rate() if step.stage in ("read", "embed") else None
        return Reckoned(self._share(step), rate, None if rate is None else self._left(step.documents_total, now))

    def _embedding(self, step: Step, now: float) -> None:
        last = self._last
        if step.documents != last.documents:  # another batch; what of it was embedded before is there at once
            self._through = last
            if step.passages < step.passages_total:
                self._needed += step.passages_total - step.passages
                self._needing += step.documents - last.documents
        elif self._begun is None:
            if step.passages > last.passages:  # until then the model was opened
                self._begun = now
        elif self._since is not None:
            self._made += step.passages - last.passages
            self._spent += now - self._since
        self._last, self._since = step, now

    def _rate(self) -> float | None:
        return self._made / self._spent if self._spent >= _SOME and self._made else None

    def _left(self, documents_total: int, now: float) -> float | None:
        if self._begun is None:
            return None
        last = self._last
        unread = (documents_total - last.documents) * self._needed / self._needing
        return (last.passages_total - last.passages + unread) * (now - self._begun) / self._made

    def _share(self, step: Step) -> float:
        if step.stage == "publish":
            return 1.0
        if not step.documents_total:
            return 0.0
        last, through = self._last, self._through
        passages = last.passages_total - through.passages_total
        part = (last.passages - through.passages_total) / passages if passages else 1.0
        embedded = through.documents + (last.documents - through.documents) * part
        return (step.documents + embedded) / (2 * step.documents_total)


class Lines:
    """Plain lines for a log: each stage's beginning and end, and now and then between."""

    def __init__(self, stream: TextIO, language: Language, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._texts = TEXTS[language]
        self._clock = clock
        self._reckoning = Reckoning(clock)
        self._stages: set[str] = set()
        self._told = 0.0

    def step(self, step: Step) -> None:
        told = said(step, self._reckoning.take(step), self._texts)
        now = self._clock()
        through = step.documents == step.documents_total and step.passages == step.passages_total
        if step.stage not in self._stages or through or now - self._told >= _EVERY:
            self._stream.write(f"{told}\n")
            self._stream.flush()
            self._stages.add(step.stage)
            self._told = now

    def finish(self) -> None:
        self._reckoning = Reckoning(self._clock)
        self._stages.clear()


class Bar:
    """One line that is drawn again and again."""

    def __init__(self, stream: TextIO, language: Language, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._texts = TEXTS[language]
        self._clock = clock
        self._reckoning = Reckoning(clock)
        self._drawn: tuple[str, float] | None = None

    def step(self, step: Step) -> None:
        reckoned = self._reckoning.take(step)
        now = self._clock()
        if self._drawn is not None and self._drawn[0] == step.stage and now - self._drawn[1] < _REDRAW:
            return
        filled = round(_WIDTH * reckoned.share)
        line = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {said(step, reckoned, self._texts)}"
        self._stream.write(f"\r\033[K{line[: shutil.get_terminal_size().columns - 1]}")
        self._stream.flush()
        self._drawn = step.stage, now

    def finish(self) -> None:
        if self._drawn is not None:
            self._stream.write("\r\033[K")
            self._stream.flush()
        self._reckoning = Reckoning(self._clock)
        self._drawn = None


class JsonLines:
    """One JSON object a line, for programs: {"event": "progress", "stage", "done", "total", "documents",
    "documents_total", "passages", "passages_total", "share", "rate", "seconds_left"}. `done` and `total` are the
    stage's own; the last two are null while they are not known."""

    def __init__(self, stream: TextIO, clock: Clock = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._reckoning = Reckoning(clock)

    def step(self, step: Step) -> None:
        reckoned = self._reckoning.take(step)
        own = {"read": (step.documents, step.documents_total), "embed": (step.passages, step.passages_total)}
        done, total = own.get(step.stage, (0, 1))
        rate, left = reckoned.rate, reckoned.seconds_left
        self.event(
            "progress",
            {
                **asdict(step),
                "done": done,
                "total": total,
                "share": round(reckoned.share, 4),
                "rate": None if rate is None else round(rate, 2),
                "seconds_left": None if left is None else round(left, 1),
            },
        )

    def event(self, name: str, values: Mapping[str, object]) -> None:
        self._stream.write(json.dumps({"event": name, **values}, ensure_ascii=False) + "\n")
        self._stream.flush()

    def finish(self) -> None:
        self._reckoning = Reckoning(self._clock)


def said(step: Step, reckoned: Reckoned, texts: Mapping[str, str]) -> str:
    """A step in words."""
    text = texts[step.stage].format_map(asdict(step))
    if step.stage != "embed" or reckoned.rate is None or reckoned.seconds_left is None:
        return text
    return text + texts["rate"].format(rate=reckoned.rate, left=_duration(reckoned.seconds_left, texts))


def _duration(seconds: float, texts: Mapping[str, str]) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    text = texts["hours" if hours else "minutes" if minutes else "seconds"]
    return text.format(hours=hours, minutes=minutes, seconds=rest)
