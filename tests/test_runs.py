"""Overviews on disk: one runner at a time, what it gave is kept, and old ones go."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.errors import OverviewNotFound, OverviewRunning, OverviewsUnavailable
from assistant.overview import runs
from assistant.overview.runs import About, Found, Row, Runs
from assistant.types import Box, Citation, Filters

_ABOUT = About("Hva er målet?", "Hva er målet?", "nb", Filters(kinds=("plan",), date_from="2020"), 5, "g1", 9)
_BOXES = (Box(3, 0.1, 0.2, 0.3, 0.4),)
_CITATION = Citation(1, "p", "d1", "Tittel", "2020", 3, ("A", "B"), "Målet er å «vinne».", 7, 26, _BOXES, "/source/d1")
_ROWS = (Row("d1", "Tittel", "2020", "f1"), Row("d2", "Uten dato", None, "f2"))
_READ = Row("d1", "Tittel", "2020", "f1", "read", (Found("Målet er å «vinne».", 0.75, (_CITATION,)),), 2, "Side 4.")


@pytest.fixture
def kept(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "data" / "overviews.sqlite", keep_days=30)


def test_what_is_kept_comes_back_as_it_was(kept: Runs) -> None:
    id = kept.create(_ABOUT, _ROWS)
    token = kept.claim(id)
    assert kept.put(id, token, 0, _READ)
    kept.release(id, token, "stopped")
    run = kept.run(id)
    assert (run.about, run.rows, run.status) == (_ABOUT, (_READ, _ROWS[1]), "stopped")
    assert abs(run.created - time.time()) < 60


def test_a_run_has_one_runner(kept: Runs, tmp_path: Path) -> None:
    id = kept.create(_ABOUT, _ROWS)
    token = kept.claim(id)
    elsewhere = Runs(tmp_path / "data" / "overviews.sqlite", keep_days=30)
    with pytest.raises(OverviewRunning, match=id):
        elsewhere.claim(id)
    kept.release(id, token, "done")
    assert elsewhere.run(id).status == "done"
    assert elsewhere.claim(id) != token


def test_a_runner_that_was_killed_is_followed_by_another(kept: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    id = kept.create(_ABOUT, _ROWS)
    dead = kept.claim(id)
    assert kept.run(id).status == "running"
    monkeypatch.setattr(runs, "SILENT", -1.0)
    assert kept.run(id).status == "stopped"
    alive = kept.claim(id)
    assert not kept.put(id, dead, 0, _READ), "the dead one came back and wrote"
    kept.release(id, dead, "done")
    assert kept.put(id, alive, 1, _READ)
    assert kept.run(id).rows == (_ROWS[0], _READ)


@pytest.mark.parametrize("how", ["stop", "delete"])
def test_whoever_runs_a_run_that_is_stopped_or_deleted_learns_it(kept: Runs, how: str) -> None:
    id = kept.create(_ABOUT, _ROWS)
    token = kept.claim(id)
    (kept.stop if how == "stop" else kept.delete)(id)
    assert not kept.put(id, token, 0, _READ)
    assert not kept.begin(id, token, _ABOUT, ())
    kept.release(id, token, "done")
    if how == "stop":
        assert (kept.run(id).status, kept.run(id).rows) == ("stopped", _ROWS)


def test_begin_puts_other_documents_in_their_place(kept: Runs) -> None:
    id = kept.create(_ABOUT, _ROWS)
    other = About("Hva er målet?", "Hva er målet?", "nb", Filters(), 5, "g2", 3)
    assert kept.begin(id, kept.claim(id), other, (_READ,))
    assert (kept.run(id).about, kept.run(id).rows) == (other, (_READ,))


def test_the_latest_is_listed_first_and_without_its_rows(kept: Runs) -> None:
    ids = [kept.create(_ABOUT, _ROWS) for _ in range(3)]
    assert [(run.id, run.rows) for run in kept.all()] == [(id, ()) for id in reversed(ids)]


def test_an_old_run_is_forgotten_unless_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Runs(tmp_path / "o.sqlite", keep_days=2)
    old, running = kept.create(_ABOUT, _ROWS), kept.create(_ABOUT, _ROWS)
    now = time.time()
    monkeypatch.setattr("assistant.overview.runs.time.time", lambda: now + 1.9 * 86400)
    assert {run.id for run in kept.all()} == {old, running}
    kept.claim(running)
    assert [run.id for run in Runs(tmp_path / "o.sqlite", keep_days=1).all()] == [running]


def test_with_no_days_a_run_is_kept_long_enough_to_be_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Runs(tmp_path / "o.sqlite", keep_days=0)
    id = kept.create(_ABOUT, _ROWS)
    now = time.time()
    monkeypatch.setattr("assistant.overview.runs.time.time", lambda: now + 600)
    assert kept.run(id).id == id
    monkeypatch.setattr("assistant.overview.runs.time.time", lambda: now + 7200)
    with pytest.raises(OverviewNotFound, match=id):
        kept.run(id)


def test_what_is_not_there_is_named(kept: Runs) -> None:
    for call in (kept.run, kept.claim, kept.stop, kept.delete):
        with pytest.raises(OverviewNotFound, match="'nowhere'"):
            call("nowhere")


def test_a_file_that_is_no_database_is_an_error_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "o.sqlite"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(OverviewsUnavailable, match=r"o\.sqlite"):
        Runs(file, 1).all()
    with pytest.raises(OverviewsUnavailable, match="file"):
        Runs(file / "under-a-file" / "o.sqlite", 1).create(_ABOUT, _ROWS)


def test_others_on_the_machine_cannot_read_the_questions(kept: Runs, tmp_path: Path) -> None:
    kept.create(_ABOUT, _ROWS)
    assert (tmp_path / "data" / "overviews.sqlite").stat().st_mode & 0o077 == 0
