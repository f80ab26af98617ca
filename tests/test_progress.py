"""What a run tells while it goes on: how fast, how far, how long yet. No clock but one that is set by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence

import pytest

from assistant.types import LANGUAGES, Language
from ingest.outcome import Stage, Step
from ingest.progress import Bar, JsonLines, Lines, Reckoned, Reckoning

Timed = tuple[float, Step]


class Hands:
    """A clock's."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def _embedding(
    begun: float, documents: int, before: int, passages: int, rate: float, reused: int = 0
) -> Iterator[Timed]:
    """A batch in a run over 100 documents: it ends at `documents`, after the `before` passages of other batches."""
    for done in range(reused, passages + 1, 10):
        yield begun + (done - reused) / rate, Step("embed", documents, 100, before + done, before + passages)


def _step(stage: Stage, documents: int, passages: int) -> Step:
    return Step(stage, documents, 100, passages, passages)


def _reckoned(timed: Sequence[Timed]) -> list[Reckoned]:
    clock = Hands()
    reckoning = Reckoning(clock)
    found = []
    for clock.at, step in timed:
        found.append(reckoning.take(step))
    return found


def test_the_rate_is_of_embedding_alone_and_what_is_left_is_of_all_documents() -> None:
    """Two batches of the same size, ten passages a second; between them the index is written for ten seconds."""
    run = [*_embedding(0, 10, 0, 200, 10), (20.0, _step("read", 20, 200)), *_embedding(30, 20, 200, 200, 10)]
    found = _reckoned(run)
    first, last = found[20], found[-1]
    assert first.rate == pytest.approx(10)
    # 20 passages a document, 90 documents: 1,800 passages, as fast as these
    assert first.seconds_left == pytest.approx(180)
    assert last.rate == pytest.approx(10), "writing is no embedding"
    # 80 documents of 20 passages; 390 took the 49 seconds since the first ten were there
    assert last.seconds_left == pytest.approx(1600 * 49 / 390)
    assert [one.rate for one in found[23:]] == pytest.approx([10] * 20), "nothing begins anew with a batch"


def test_what_was_embedded_before_takes_no_time_and_promises_nothing() -> None:
    """A run that is taken up again: half of the documents are there at once."""
    known = [(float(at), Step("embed", 10 * at, 100, 200 * at, 200 * at)) for at in range(1, 6)]
    assert {one.rate for one in _reckoned(known)} == {None}
    found = _reckoned([*known, (6.0, _step("model", 60, 1000)), *_embedding(8, 60, 1000, 200, 10, reused=100)])
    assert found[-1].rate == pytest.approx(10)
    # the ten documents that needed the model needed it ten times each
    assert found[-1].seconds_left == pytest.approx(40 * 10 / 10)


def test_opening_the_model_is_not_counted() -> None:
    batch = list(_embedding(0, 10, 0, 200, 10))
    late = [(at + 60, step) for at, step in batch[1:]]
    found = _reckoned([batch[0], (0.0, Step("model", 10, 100, 0, 200)), *late])
    assert found[-1].rate == pytest.approx(10)
    assert found[-1].seconds_left == pytest.approx(180)


def test_nothing_is_said_before_something_is_known() -> None:
    found = _reckoned(list(_embedding(0, 10, 0, 200, 10)))
    assert [one.rate is None for one in found[:6]] == [True] * 4 + [False] * 2
    assert all((one.rate is None) == (one.seconds_left is None) for one in found)
    assert _reckoned([(0.0, Step("wait"))]) == [Reckoned(0.0)]


def test_the_share_grows_from_nothing_to_all() -> None:
    read = [(0.0, Step("read", at, 100, 0, 0)) for at in range(1, 51)]
    second = [*_embedding(30, 100, 200, 300, 10), (70.0, _step("publish", 100, 500))]
    shares = [one.share for one in _reckoned([*read, *_embedding(1, 50, 0, 200, 10), *second])]
    assert shares == sorted(shares)
    assert (shares[0], shares[49], shares[50 + 10], shares[50 + 20]) == (0.005, 0.25, 0.375, 0.5)
    assert shares[-2:] == [1.0, 1.0]


def test_a_bar_shows_documents_passages_rate_and_time_left_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    screen, clock = io.StringIO(), Hands()
    bar = Bar(screen, "nb", clock)
    for clock.at, step in [(0.0, Step("wait")), (0.5, Step("read", 10, 100)), *_embedding(1, 10, 0, 200, 10)]:
        bar.step(step)
    lines = screen.getvalue().split("\r\033[K")[1:]
    assert lines[0] == f"[{'.' * 24}] En annen innlesing er i gang. Venter til den er ferdig …"
    assert lines[1] == f"[#{'.' * 23}] Leser dokumenter: 10 av 100"
    assert lines[-1] == (
        f"[##{'.' * 22}] Embedder passasjer: 200 av 200 (dokumenter: 10 av 100), 10.0/s, 3 min 00 s igjen"
    )
    bar.finish()
    assert screen.getvalue().endswith("igjen\r\033[K"), "the line is empty again"
    bar.finish()
    assert screen.getvalue().count("\r\033[K") == len(lines) + 1


def test_a_bar_is_not_drawn_more_often_than_it_is_seen_nor_wider_than_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    screen, clock = io.StringIO(), Hands()
    bar = Bar(screen, "en", clock)
    for number in range(1000):
        clock.at = number / 1000
        bar.step(Step("read", number, 1000))
    lines = screen.getvalue().split("\r\033[K")[1:]
    assert len(lines) == 10
    assert {len(line) for line in lines} == {39}


def test_a_log_has_each_stage_and_a_line_now_and_then() -> None:
    log, clock = io.StringIO(), Hands()
    lines = Lines(log, "nn", clock)
    half = _embedding(1, 50, 0, 200, 10)
    whole = _embedding(30, 100, 200, 300, 10)
    between, last = (25.0, _step("read", 51, 200)), (61.0, _step("publish", 100, 500))
    run = [(0.0, _step("read", 1, 0)), *half, between, *whole, last]
    for clock.at, step in run:
        lines.step(step)
    first = log.getvalue().splitlines()
    assert first == [
        "Les dokument: 1 av 100",
        "Embeddar passasjar: 0 av 200 (dokument: 50 av 100)",
        "Embeddar passasjar: 100 av 200 (dokument: 50 av 100), 10.0/s, 30 s att",
        "Embeddar passasjar: 200 av 200 (dokument: 50 av 100), 10.0/s, 20 s att",
        "Embeddar passasjar: 210 av 500 (dokument: 100 av 100), 10.0/s, 42 s att",
        "Embeddar passasjar: 310 av 500 (dokument: 100 av 100), 10.0/s, 25 s att",
        "Embeddar passasjar: 410 av 500 (dokument: 100 av 100), 10.0/s, 11 s att",
        "Embeddar passasjar: 500 av 500 (dokument: 100 av 100), 10.0/s, 0 s att",
        "Kontrollerer og publiserer …",
    ]
    lines.finish()
    for clock.at, step in run[:2]:  # as a job that watches goes on
        lines.step(step)
    assert log.getvalue().splitlines()[len(first) :] == first[:2]


def test_programs_are_told_all_figures_and_another_run_begins_anew() -> None:
    out, clock = io.StringIO(), Hands()
    lines = JsonLines(out, clock)
    for _ in range(2):
        for clock.at, step in _embedding(1, 10, 0, 200, 10):
            lines.step(step)
        lines.finish()
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert told[:21] == told[21:]
    assert told[10] == {
        "event": "progress", "stage": "embed", "documents": 10, "documents_total": 100, "passages": 100,
        "passages_total": 200, "done": 100, "total": 200, "share": 0.075, "rate": 10.0, "seconds_left": 190.0,
    }  # fmt: skip
    assert (told[0]["rate"], told[0]["seconds_left"]) == (None, None)


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "2 t 46 min igjen"), ("nn", "2 t 46 min att"), ("en", "2 h 46 min left")]
)
def test_hours_are_told_in_the_language_set(language: Language, words: str) -> None:
    log, clock = io.StringIO(), Hands()
    lines = Lines(log, language, clock)
    for clock.at, step in _embedding(0, 1, 0, 1010, 10):
        lines.step(step)
    assert log.getvalue().splitlines()[-1].endswith(words)


def test_a_second_run_is_told_to_wait_in_every_language() -> None:
    said = set()
    for language in LANGUAGES:
        log = io.StringIO()
        Lines(log, language).step(Step("wait"))
        said.add(log.getvalue())
    assert len(said) == 3
