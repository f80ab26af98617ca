"""A run of the job as the service follows it: how far it is, why it failed, what the last one came to."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from assistant import lastrun, moments
from assistant.access import Principal, holder
from assistant.api.server import Server
from assistant.index import Folders
from assistant.job import Job
from assistant.jobstate import Counts, JobError, JobProgress, JobState, told_in
from assistant.lastrun import MOST_FILES, FailedFile, LastRun
from assistant.types import LANGUAGES
from ingest.__main__ import main
from tests.fakes import Workshop

EVERYBODY = holder("all", "editor", None)
OF_A = holder("a", "editor", frozenset({"a"}))


def _job(folder: Path, code: str) -> Job:
    folder.mkdir(exist_ok=True)
    return Job({}, Folders(folder), command=(sys.executable, "-c", code))


def _states(job: Job) -> Iterator[JobState]:
    """At each change, until the run is over."""
    while True:
        said = job.wait(-1, 0)
        yield job.state()
        if job.state().over:
            return
        assert job.wait(said, 30) != said, "nothing happens"


def test_what_it_prints_is_understood_whatever_is_added() -> None:
    failed = {"path": "a", "error": "e", "kept": True}
    told = told_in(json.dumps({"event": "result", "generation": "g", "added": 2, "failed": [failed], "new": []}))
    assert isinstance(told, Counts)
    assert (told.generation, told.added, told.failed[0].path) == ("g", 2, "a")
    step = {"event": "progress", "stage": "embed", "passages": 3, "rate": None, "done": 3}
    assert told_in(json.dumps(step)) == JobProgress("embed", passages=3)
    error = {"event": "error", "code": "c", "error": "e", "texts": {"nb": "f"}}
    assert told_in(json.dumps(error)) == JobError("c", "e", {"nb": "f"})
    for line in ("", "noise", "[1]", "{}", '{"event": "other"}', '{"event": "progress"}', '{"event": "error"}'):
        assert told_in(line) is None


_STEPS = """
import json, pathlib, sys, time
for stage, passages in (("read", 0), ("embed", 10), ("publish", 20)):
    print(json.dumps({"event": "progress", "stage": stage, "documents": 1, "documents_total": 1, "passages": passages,
        "passages_total": 20, "share": passages / 20, "rate": 9.5, "seconds_left": 1}), flush=True)
    while not pathlib.Path({folder!r}, stage).exists():
        time.sleep(0.01)
print('{"event": "result", "generation": "g", "added": 1}')
"""


def test_how_far_it_is_is_told_while_it_goes_on(tmp_path: Path) -> None:
    job = _job(tmp_path, _STEPS.replace("{folder!r}", repr(str(tmp_path))))
    job.start()
    stages = []
    for state in _states(job):
        if state.progress is not None and state.status == "running":
            stages.append(state.progress.stage)
            (tmp_path / stages[-1]).touch()  # it may go on
    assert list(dict.fromkeys(stages)) == ["read", "embed", "publish"]
    assert (state.status, state.result) == ("done", Counts("g", added=1))
    assert state.progress == JobProgress("publish", 1, 1, 20, 20, 1.0, 9.5, 1.0)


_HIDES = """
import os, sys
print("No such file: 'b/hemmelig.pdf'", file=sys.stderr, flush=True)
os.kill(os.getpid(), 9)
"""


def test_who_sees_one_group_sees_the_figures_and_no_name_of_another(tmp_path: Path) -> None:
    job = _job(tmp_path, _HIDES)
    job.start()
    *_, state = _states(job)
    assert state.error == "No such file: 'b/hemmelig.pdf'"
    progress = JobProgress("read", 3, 40)
    files = (FailedFile("a/min.pdf", "x"), FailedFile("b/hemmelig.pdf", "y"))
    state = JobState(
        "failed", False, progress=progress, lines=("hemmelig",), result=Counts(failed=files), error=state.error,
        code=state.code, texts=state.texts, exit_code=state.exit_code, last_run=LastRun("", failed=2, files=files),
    )  # fmt: skip
    seen = state.seen_by(OF_A)
    assert "hemmelig" not in json.dumps(asdict(seen))
    assert seen.progress == progress
    assert seen.error == "exit -9"
    assert seen.texts["nb"] == "Innlesingen ble ikke gjennomført: exit -9."
    assert seen.result is not None and seen.last_run is not None
    assert seen.result.failed == seen.last_run.files == files[:1]
    assert state.seen_by(EVERYBODY) is state


# --- what the last run came to, wherever it was started -----------------------------------------


def _last_run(workshop: Workshop, principal: Principal = EVERYBODY) -> LastRun:
    state = Job({}, workshop.folders).state().seen_by(principal)
    assert (state.status, state.result) == ("idle", None), "this service has started nothing"
    assert state.last_run is not None
    return state.last_run


def test_files_that_failed_elsewhere_are_told_with_their_reasons(elsewhere: Workshop) -> None:
    assert Job({}, elsewhere.folders).state().last_run is None
    elsewhere.put("a/god.md", "Noe om vekst.")
    elsewhere.put("a/tom.md", "")
    elsewhere.put("b/skadet.pdf", "no pdf")
    assert main([]) == 1
    found = _last_run(elsewhere)
    assert (found.error, found.failed, found.added) == ("", 2, 1)
    failed = [(one.path, one.code) for one in found.files]
    assert failed == [("a/tom.md", "file_empty"), ("b/skadet.pdf", "file_damaged")]
    assert found.files[0].texts.keys() == set(LANGUAGES)
    assert found.files[0].texts["nn"] == "Fila 'a/tom.md' er tom (0 byte). Legg inn fila på nytt, eller fjern ho."
    assert [one.path for one in _last_run(elsewhere, OF_A).files] == ["a/tom.md"]
    elsewhere.corpus.rename(elsewhere.corpus.with_name("away"))
    assert main([]) == 2
    found = _last_run(elsewhere)
    assert (found.error, found.files) == ("corpus_missing", ())
    assert "finst ikkje" in found.texts["nn"]


def test_no_more_failed_files_are_kept_than_can_be_shown(tmp_path: Path) -> None:
    many = tuple(FailedFile(f"{number}.pdf", "e") for number in range(MOST_FILES + 1))
    lastrun.put(tmp_path, LastRun(moments.now(), failed=len(many), files=many))
    found = lastrun.get(tmp_path)
    assert found is not None
    assert (found.failed, found.files) == (MOST_FILES + 1, many[:MOST_FILES])


# --- the end ------------------------------------------------------------------------------------


def test_a_server_that_is_to_end_does_not_wait_for_the_run_that_somebody_follows(tmp_path: Path) -> None:
    job = _job(tmp_path, "import time; time.sleep(60)")

    def follow(request: Request) -> StreamingResponse:
        return StreamingResponse(state.status for state in _states(job))

    app = Starlette(routes=[Route("/", follow)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(uvicorn.Config(app, log_config=None, lifespan="off"), ending=job.close)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        job.start()
        with httpx.stream("GET", f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as response:
            told = response.iter_text()
            assert next(told) == "running"
            server.should_exit = True
            assert "".join(told).endswith("failed")
        thread.join(10)
        assert not thread.is_alive()
