"""Documents put in and taken out over HTTP, and the job as a process of its own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.errors import AlreadyRunning, JobFailed
from assistant.index import Folders
from assistant.job import Job
from assistant.settings import as_environment
from assistant.types import LANGUAGES
from ingest.publish import only_writer
from tests.fakes import Workshop, job_command, settings_over

Json = dict[str, object]


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    return job_command(tmp_path)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


@pytest.fixture
def client(workshop: Workshop, keys: Keys, tmp_path: Path, command: tuple[str, ...]) -> Iterator[TestClient]:
    """An editor's, from elsewhere."""
    settings = settings_over(workshop).model_copy(
        update={"api_keys_file": tmp_path / "keys.json", "max_file_mb": 1, "requests_per_minute": 100_000}
    )
    app = create_app(settings)
    job = cast("Job", app.state.job)
    app.state.job = Job(job.environment, job.folders, job.settled, command)
    headers = {"Authorization": f"Bearer {keys.make('editor', 'editor', None)[1]}"}
    with TestClient(app, client=("192.0.2.1", 1), headers=headers) as opened:
        yield opened


def _settled(client: TestClient) -> Json:
    """The state when no run is under way."""
    for _ in range(1200):
        state = cast("Json", client.get("/api/v1/ingest").json())
        if state["status"] != "running":
            return state
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def _sent(client: TestClient, name: str, data: bytes, **form: str) -> Response:
    return client.post("/api/v1/documents", files={"file": (name, data)}, data=form)


def _code(response: Response) -> tuple[int, str]:
    return response.status_code, str(response.json().get("code"))


def _paths(client: TestClient) -> dict[str, str]:
    return {one["path"]: one["id"] for one in client.get("/api/v1/documents").json()["documents"]}


def test_a_document_is_sent_read_asked_about_and_taken_out(client: TestClient, workshop: Workshop) -> None:
    assert client.get("/api/v1/ingest").json()["status"] == "idle"
    sent = _sent(client, "vann.md", b"# Vann\n\nVannverket koster 7 millioner kroner.", folder="teknisk")
    assert sent.status_code == 201
    assert (sent.json()["path"], sent.json()["replaced"]) == ("teknisk/vann.md", False)
    assert sent.json()["ingest"]["status"] == "running"
    state = _settled(client)
    assert state["status"] == "done"
    assert cast("Json", state["result"])["added"] == 1
    assert state["generation"] == workshop.folders.current_name()
    answer = client.post("/api/v1/ask", json={"question": "Hva koster vannverket?"}).json()
    assert "7 millioner" in answer["text"]

    id = _paths(client)["teknisk/vann.md"]
    _sent(client, "plan.md", b"# Plan\n\nPlanen er ferdig i mai.")
    _settled(client)
    gone = client.delete(f"/api/v1/documents/{id}")
    assert (gone.status_code, gone.json()["path"]) == (202, "teknisk/vann.md")
    assert not (workshop.corpus / "teknisk/vann.md").exists()
    assert _settled(client)["status"] == "done"
    assert set(_paths(client)) == {"plan.md"}
    assert client.get(f"/api/v1/documents/{id}").status_code == 404

    back = client.post("/api/v1/ingest/rollback")
    assert back.status_code == 200
    assert back.json() == {"generation": workshop.folders.current_name()}
    assert set(_paths(client)) == {"plan.md", "teknisk/vann.md"}
    assert _code(client.post("/api/v1/ingest/rollback")) == (409, "ingest_failed")


def test_the_last_document_taken_out_is_gone_but_a_folder_that_is_found_empty_is_not_believed(
    client: TestClient, workshop: Workshop
) -> None:
    for name in ("a.md", "b.md"):
        _sent(client, name, b"# A\n\nEn setning.")
        _settled(client)
    ids = _paths(client)
    client.delete(f"/api/v1/documents/{ids['a.md']}")
    _settled(client)
    (workshop.corpus / "b.md").rename(workshop.corpus / ".b.md")
    client.post("/api/v1/ingest")
    state = _settled(client)
    assert (state["status"], "--allow-empty" in str(state["error"])) == ("failed", True)
    assert (state["code"], "tømd med vilje" in str(cast("Json", state["texts"])["nn"])) == ("corpus_emptied", True)
    assert set(_paths(client)) == {"b.md"}
    (workshop.corpus / ".b.md").rename(workshop.corpus / "b.md")
    with only_writer(workshop.folders):  # a run that was started elsewhere
        client.delete(f"/api/v1/documents/{ids['b.md']}")
        while (state := client.get("/api/v1/ingest").json())["progress"] is None:
            time.sleep(0.05)
        assert (state["status"], state["progress"]["stage"]) == ("running", "wait")
    assert _settled(client)["status"] == "done"
    assert _paths(client) == {}


def test_what_failed_is_named_with_its_reason(client: TestClient) -> None:
    _sent(client, "god.md", b"# God\n\nDenne kan leses.", folder="a", ingest="false")
    assert client.get("/api/v1/ingest").json()["status"] == "idle"
    _sent(client, "skadet.pdf", b"%PDF-1.7\nnothing more", folder="b", ingest="false")
    started = client.post("/api/v1/ingest")
    assert (started.status_code, started.json()["status"]) == (202, "running")
    state = _settled(client)
    assert state["status"] == "done"
    (failed,) = cast("list[Json]", cast("Json", state["result"])["failed"])
    assert failed["path"] == "b/skadet.pdf"
    assert failed["error"] and failed["code"]
    texts = cast("dict[str, str]", failed["texts"])
    assert texts["en"] == failed["error"]
    assert len({texts[language] for language in LANGUAGES}) == 3
    assert any("b/skadet.pdf" in line for line in cast("list[str]", state["lines"]))


def test_an_editor_of_one_group_stays_in_it(client: TestClient, keys: Keys, workshop: Workshop) -> None:
    _sent(client, "a.md", b"# A\n\nEn setning om A.", folder="a", ingest="false")
    _sent(client, "skadet.pdf", b"%PDF-1.7\n", folder="b", ingest="false")
    client.post("/api/v1/ingest")
    _settled(client)
    client.headers["Authorization"] = f"Bearer {keys.make('a', 'editor', ['a'])[1]}"
    assert _code(_sent(client, "x.md", b"# X\n\nEn setning.", folder="b")) == (403, "group_not_permitted")
    assert _code(_sent(client, "x.md", b"# X\n\nEn setning.")) == (403, "group_not_permitted")
    assert _code(client.post("/api/v1/ingest/rollback")) == (403, "all_groups_required")
    state = client.get("/api/v1/ingest").json()
    assert (state["result"]["failed"], state["lines"]) == ([], [])
    assert "skadet" not in json.dumps(state)
    assert (state["progress"]["documents_total"], state["last_run"]["failed"]) == (2, 1)
    assert _sent(client, "x.md", b"# X\n\nEn setning.", folder="a", ingest="false").status_code == 201
    client.headers["Authorization"] = f"Bearer {keys.make('b', 'editor', ['b'])[1]}"
    with workshop.reading() as generation:
        other = next(iter(generation.sources))
    assert _code(client.delete(f"/api/v1/documents/{other}")) == (404, "document_not_found")
    assert (workshop.corpus / "a/a.md").exists()


@pytest.mark.parametrize(
    ("name", "data", "form", "expected"),
    [
        ("a.md", b"%PDF-1.7", {}, (415, "upload_content_mismatch")),
        ("a.exe", b"MZ", {}, (415, "file_unsupported")),
        ("../a.md", b"# A", {}, (422, "upload_name_invalid")),
        ("a.md", b"# A", {"folder": "../.."}, (422, "upload_name_invalid")),
        ("a.md", b"", {}, (422, "file_empty")),
        ("a.md", b"x" * 1_050_000, {}, (413, "file_too_large")),
        ("a.md", b"x" * 1_200_000, {}, (413, "body_too_large")),
        ("a.md", b"# A", {"replace": "perhaps"}, (422, "request_invalid")),
    ],
)
def test_what_is_not_to_be_put_in_is_refused(
    client: TestClient, workshop: Workshop, name: str, data: bytes, form: dict[str, str], expected: tuple[int, str]
) -> None:
    assert _code(_sent(client, name, data, **form)) == expected
    assert list(workshop.corpus.rglob("*")) == []


def test_a_body_that_is_no_upload_is_refused(client: TestClient) -> None:
    assert _code(client.post("/api/v1/documents", json={"file": "a"})) == (422, "request_invalid")


def test_nothing_is_replaced_unasked(client: TestClient, workshop: Workshop) -> None:
    for text, form, status in ((b"# En", {}, 201), (b"# To", {}, 409), (b"# Tre", {"replace": "true"}, 201)):
        assert _sent(client, "a.md", text, ingest="false", **form).status_code == status
    assert (workshop.corpus / "a.md").read_bytes() == b"# Tre"


def test_progress_is_streamed_until_the_job_is_done(client: TestClient) -> None:
    _sent(client, "a.md", b"# A\n\nEn setning om A.")
    response = client.get("/api/v1/ingest", headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    states = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: ")]
    assert states[-1]["status"] == "done"
    assert states[-1]["result"]["added"] == 1
    progress = states[-1]["progress"]
    assert (progress["stage"], progress["share"]) == ("publish", 1)
    assert [progress[name] for name in ("documents", "documents_total", "passages", "passages_total")] == [1] * 4
    assert all(state["status"] == "running" for state in states[:-1])


# --- the job itself -----------------------------------------------------------------------------

_SLOW = "import sys, time; print('Leser', file=sys.stderr, flush=True); time.sleep(30)"


def _job(folder: Path, code: str) -> Job:
    folder.mkdir(exist_ok=True)
    return Job({}, Folders(folder), command=(sys.executable, "-c", code))


def _until(job: Job, status: str) -> None:
    said = -1
    for _ in range(200):
        said = job.wait(said, 0.5)
        if job.state().status == status:
            return
    raise AssertionError(job.state())


def test_one_run_at_a_time_and_the_service_takes_it_along_when_it_ends(tmp_path: Path) -> None:
    job = _job(tmp_path / "data", _SLOW)
    job.start()
    with pytest.raises(AlreadyRunning):
        job.start()
    with pytest.raises(AlreadyRunning):
        job.roll_back()
    while not job.state().lines:
        job.wait(job.wait(-1, 0), 5)
    assert job.state().lines == ("Leser",)
    job.close()
    _until(job, "failed")


def test_what_changes_during_a_run_is_read_by_another(tmp_path: Path) -> None:
    mark = tmp_path / "runs"
    result = json.dumps({"event": "result", "generation": "g"})
    code = f"import time; open({str(mark)!r}, 'a').write('x'); time.sleep(0.5); print({result!r})"
    job = _job(tmp_path / "data", code)
    job.soon()
    assert job.soon().again
    job.soon()
    for _ in range(400):
        if mark.exists() and mark.read_text() == "xx" and job.state().status == "done":
            break
        time.sleep(0.05)
    assert mark.read_text() == "xx"
    assert not job.state().again


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import sys; print('Fant ingen mappe.', file=sys.stderr); sys.exit(2)", "Fant ingen mappe"),
        ("import os; os.kill(os.getpid(), 9)", "exit -9"),
        ("print('no object')", "exit 0"),
        ("print('{\"event\": \"result\", \"generation\": null}'); raise SystemExit(2)", "exit 2"),
    ],
)
def test_a_run_that_fails_says_why(tmp_path: Path, code: str, error: str) -> None:
    settled: list[str] = []
    job = _job(tmp_path / "data", code)
    job.settled = lambda state: settled.append(state.status)
    job.start()
    _until(job, "failed")
    assert job.state().error == error
    for _ in range(100):
        time.sleep(0 if settled else 0.05)
    assert settled == ["failed"]


def test_a_job_that_is_not_there_is_told(tmp_path: Path) -> None:
    job = Job({}, Folders(tmp_path), command=(str(tmp_path / "nothing"),))
    job.start()
    _until(job, "failed")
    assert "nothing" in str(job.state().error)
    with pytest.raises(JobFailed):
        job.roll_back()


def test_the_job_reads_the_settings_that_the_service_has(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.settings import Settings

    settings = settings_over(workshop).model_copy(update={"log_questions": True, "read_seconds": 7.5})
    for name, value in as_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings
