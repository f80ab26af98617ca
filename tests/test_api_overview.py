"""Complete overviews over HTTP: streamed, stopped, gone on with, exported."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import anyio
import openpyxl
import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from assistant.answer import Assistant
from assistant.index import in_use
from assistant.overview import Overviews
from assistant.overview.runs import Runs
from tests.fakes import Workshop

_COST = "Gå gjennom alle dokumentene og finn hva prosjektet koster"
_BASE = "/api/v1/overview"
_STREAM = {"Accept": "text/event-stream"}

Json = dict[str, object]


@pytest.fixture(autouse=True)
def _runs_of_ones_own(app: FastAPI, tmp_path: Path) -> Iterator[None]:
    """The index is shared between tests; what is made of it is not."""
    app.state.overviews = Overviews(app.state.assistant, Runs(tmp_path / "overviews.sqlite", 30), 0.0)
    yield


def _events(text: str) -> list[tuple[str, Json]]:
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if fields:
            found.append((fields["event"], cast("Json", json.loads(fields["data"]))))
    return found


def _streamed(response: Response) -> list[tuple[str, Json]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    return _events(response.text)


def _made(client: TestClient, **body: object) -> Json:
    response = client.post(_BASE, json={"question": _COST, **body})
    assert response.status_code == 200, response.text
    return cast("Json", response.json())


def _half(app: FastAPI) -> str:
    """The id of an overview that stopped after two documents."""
    from assistant.answer import Question
    from assistant.overview import Progress

    overviews = cast("Overviews", app.state.overviews)
    id = overviews.start(Question(_COST))
    events = overviews.go(id)
    through = 0
    while through < 2:
        through += isinstance(next(events), Progress)
    events.close()
    return id


def _problem(response: Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["code"] == code


# --- made ---------------------------------------------------------------------------------------


def test_an_overview_is_a_table_with_its_coverage(client: TestClient) -> None:
    made = _made(client)
    assert made.keys() >= {
        "id", "status", "question", "asked", "language", "text", "coverage", "findings", "citations", "documents",
        "generation", "created", "updated",
    }  # fmt: skip
    coverage = cast("Json", made["coverage"])
    assert (made["status"], coverage["reviewed"], coverage["total"]) == ("done", 4, 4)
    assert made["text"] == f"4 av 4 dokumenter gjennomgått, {coverage['with_findings']} med funn."
    citations = cast("list[Json]", made["citations"])
    assert "Prosjektet koster 4,2 millioner kroner." in [one["quote"] for one in citations]
    for citation in citations:
        text = client.get(f"/api/v1/documents/{citation['document_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert client.get(str(citation["url"])).status_code == 200
    assert client.get(f"{_BASE}/{made['id']}").json() == made


def test_a_stream_tells_how_far_it_has_come_and_ends_with_the_overview(client: TestClient) -> None:
    events = _streamed(client.post(_BASE, json={"question": _COST}, headers=_STREAM))
    names = [name for name, _ in events]
    assert (names[0], names[-1], names.count("overview")) == ("status", "overview", 1)
    assert set(names) == {"status", "progress", "finding", "overview"}
    status, made = events[0][1], events[-1][1]
    assert (status["id"], status["done"], status["total"], status["renewed"]) == (made["id"], 0, 4, 0)
    progress = [data for name, data in events if name == "progress"]
    assert [(one["done"], one["total"]) for one in progress] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for finding in (data for name, data in events if name == "finding"):
        assert [one["number"] for one in finding["citations"]] == finding["finding"]["citations"]  # type: ignore[attr-defined,index]
    assert client.get(f"{_BASE}/{made['id']}").json() == made


def test_filters_and_the_most_findings_bound_it(client: TestClient) -> None:
    made = _made(client, filters={"kinds": ["reisenotat"]}, most_findings=1, language="en")
    coverage = cast("Json", made["coverage"])
    assert (coverage["total"], coverage["corpus"]) == (1, 4)
    assert made["text"] == "1 of 1 documents reviewed, 1 with findings."
    assert len(cast("list[Json]", made["findings"])) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"question": "?"}, "question_empty"),
        ({"question": "x" * 20_000}, "question_too_long"),
        ({"question": _COST, "most_findings": 0}, "request_invalid"),
        ({"question": _COST, "filters": {"date_from": "i fjor"}}, "request_invalid"),
        ({"question": _COST, "filters": {"kinds": ["brev"]}}, "no_documents_to_review"),
        ({}, "request_invalid"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_is_wrong_is_told_by_the_status(client: TestClient, body: Json, code: str, accept: str) -> None:
    _problem(client.post(_BASE, json=body, headers={"Accept": accept}), 422, code)


# --- stopped and gone on with -------------------------------------------------------------------


def test_an_overview_goes_on_where_it_stopped(app: FastAPI, client: TestClient) -> None:
    id = _half(app)
    half = client.get(f"{_BASE}/{id}").json()
    assert (half["status"], half["coverage"]["waiting"]) == ("stopped", 2)
    events = _streamed(client.post(f"{_BASE}/{id}/resume", headers=_STREAM))
    assert events[0][1]["done"] == 2
    assert events[-1][1]["status"] == "done"
    assert client.post(f"{_BASE}/{id}/resume").json() == events[-1][1], "what is done stays as it is"


def test_a_client_that_goes_away_stops_it(app: FastAPI, library: Workshop) -> None:
    for accept in ("text/event-stream", "application/json"):
        _visit(app, accept, leave_after=2 if accept == "text/event-stream" else 0)
    kept = TestClient(app).get(_BASE).json()["overviews"]
    assert [one["status"] for one in kept] == ["stopped", "stopped"]
    index = cast("Assistant", app.state.assistant).index
    index.close()
    assert not in_use(library.folders, library.folders.current_name() or "")


def _visit(app: FastAPI, accept: str, leave_after: int) -> None:
    """A POST by a client that leaves after so many pieces of the reply."""
    body = json.dumps({"question": _COST}).encode()

    async def visit() -> None:
        left = anyio.Event()
        sent = pieces = 0

        async def receive() -> Message:
            nonlocal sent
            sent += 1
            if sent == 1:
                if not leave_after:
                    left.set()
                return {"type": "http.request", "body": body, "more_body": False}
            if not left.is_set():  # a server knows at once that a client is gone, without waiting
                await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal pieces
            if message["type"] == "http.response.body":
                pieces += 1
                if pieces == leave_after:
                    left.set()
                    await anyio.sleep(0.01)

        headers = [(b"accept", accept.encode()), (b"content-type", b"application/json"), (b"host", b"127.0.0.1:8000")]
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": _BASE, "raw_path": _BASE.encode(), "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        await cast("Callable[..., Awaitable[None]]", app)(scope, receive, send)

    with ThreadPoolExecutor(1) as elsewhere:  # the browser tests keep a loop running in this thread
        elsewhere.submit(anyio.run, visit).result()


def test_it_is_stopped_listed_and_deleted(app: FastAPI, client: TestClient) -> None:
    id = _half(app)
    (listed,) = client.get(_BASE).json()["overviews"]
    assert (listed["id"], listed["status"], listed["question"]) == (id, "stopped", _COST)
    assert client.post(f"{_BASE}/{id}/stop").json()["id"] == id
    assert client.delete(f"{_BASE}/{id}").status_code == 204
    assert client.get(_BASE).json() == {"overviews": []}


def test_one_that_is_being_made_is_not_made_twice(app: FastAPI, client: TestClient) -> None:
    id = _half(app)
    cast("Overviews", app.state.overviews)._runs.claim(id)
    for headers in ({}, _STREAM):
        _problem(client.post(f"{_BASE}/{id}/resume", headers=headers), 409, "overview_running")
    assert client.get(f"{_BASE}/{id}").json()["status"] == "running"
    assert client.post(f"{_BASE}/{id}/stop").json()["status"] == "stopped"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", "/resume"), ("POST", "/stop"), ("DELETE", ""), ("GET", "/export?format=csv")],
)
def test_one_that_is_not_there_is_named(client: TestClient, method: str, path: str) -> None:
    _problem(client.request(method, f"{_BASE}/nowhere{path}"), 404, "overview_not_found")


def test_a_run_deleted_meanwhile_ends_its_stream_with_that(app: FastAPI, client: TestClient) -> None:
    id = _half(app)
    overviews = cast("Overviews", app.state.overviews)
    read_one = overviews._read_one
    deleted: list[str] = []

    def read(*given: object) -> object:
        if not deleted:
            overviews.delete(id)
            deleted.append(id)
        return read_one(*given)  # type: ignore[arg-type]

    overviews._read_one = read  # type: ignore[method-assign,assignment]
    name, problem = _streamed(client.post(f"{_BASE}/{id}/resume", headers=_STREAM))[-1]
    assert (name, problem["code"]) == ("error", "overview_not_found")


# --- exported -----------------------------------------------------------------------------------


def test_it_is_exported_as_csv_and_xlsx(client: TestClient, tmp_path: Path) -> None:
    made = _made(client)
    citations = cast("list[Json]", made["citations"])
    response = client.get(f"{_BASE}/{made['id']}/export", params={"format": "csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''oversikt-hva-prosjektet-koster-" in response.headers["content-disposition"]
    assert response.content.startswith(b"\xef\xbb\xbfDokument;Dato;Funn;Sitat;Side;")
    assert f"http://127.0.0.1:8000{citations[0]['url']}" in response.content.decode()
    response = client.get(f"{_BASE}/{made['id']}/export", params={"format": "xlsx"})
    (tmp_path / "o.xlsx").write_bytes(response.content)
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert [row[3] for row in book["Funn"].iter_rows(min_row=2, values_only=True)] == [c["quote"] for c in citations]
    assert len(list(book["Dokumenter"].iter_rows())) == 5
    _problem(client.get(f"{_BASE}/{made['id']}/export", params={"format": "pdf"}), 422, "request_invalid")
