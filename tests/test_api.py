"""HTTP: what the contract promises, and that every error is a problem in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import anyio
import jsonschema
import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from assistant.answer import Assistant
from assistant.api.app import create_app
from assistant.errors import ChatModelSlow, VectorStoreUnavailable
from assistant.index import Index, in_use
from assistant.settings import Settings
from tests.fakes import FAKE, Workshop, chat_model, settings_over

_COST = "Hva koster prosjektet?"
_PROBLEM = "application/problem+json"

Json = dict[str, object]


def _id(client: TestClient, path: str) -> str:
    documents = client.get("/api/v1/documents").json()["documents"]
    return str(next(one["id"] for one in documents if one["path"] == path))


def _problem(response: Response, status: int, code: str) -> Json:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith(_PROBLEM)
    body = cast("Json", response.json())
    assert body.keys() >= {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


def _events(text: str) -> list[tuple[str, Json]]:
    """The events of a stream, in order, as (name, data)."""
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if fields:
            found.append((fields["event"], cast("Json", json.loads(fields["data"]))))
    return found


def _streamed(client: TestClient, question: Json) -> list[tuple[str, Json]]:
    response = client.post("/api/v1/ask", json=question, headers={"Accept": "text/event-stream"})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    return _events(response.text)


# --- asking -------------------------------------------------------------------------------------


def test_ask_gives_the_answer_of_the_contract(client: TestClient) -> None:
    response = client.post("/api/v1/ask", json={"question": _COST, "conversation_id": "c1"})
    assert response.status_code == 200
    answer = response.json()
    assert answer.keys() >= {
        "id", "conversation_id", "status", "text", "language", "sentences", "citations", "dropped", "near", "coverage",
        "model", "generation", "milliseconds",
    }  # fmt: skip
    assert (answer["status"], answer["conversation_id"], answer["language"]) == ("answered", "c1", "nb")
    citation = answer["citations"][0]
    assert citation.keys() >= {
        "number", "document_id", "title", "page", "heading_path", "quote", "start", "end", "boxes", "url",
    }  # fmt: skip
    document = client.get(f"/api/v1/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["language"] == document["document"]["language"] == "nb"
    assert client.get(citation["url"]).status_code == 200


def test_a_stream_ends_with_the_same_answer(client: TestClient) -> None:
    events = _streamed(client, {"question": _COST})
    names = [name for name, _ in events]
    assert names[0] == "status"
    assert names[-1] == "answer"
    assert names.count("answer") == 1
    assert set(names) <= {"status", "sources", "token", "sentence", "answer"}
    whole = client.post("/api/v1/ask", json={"question": _COST}).json()
    last = events[-1][1]
    for field in ("status", "text", "sentences", "citations", "coverage", "generation"):
        assert last[field] == whole[field]
    assert [data for name, data in events if name == "sentence"] == whole["sentences"]


def test_a_language_models_tokens_are_streamed(app: FastAPI, library: Workshop) -> None:
    with library.assistant(chat_model("Sju kommuner deltar i prosjektet [1]. Det koster 99 kroner [1].")) as assistant:
        app.state.assistant = assistant
        events = _streamed(TestClient(app), {"question": _COST})
    assert "".join(str(data["text"]) for name, data in events if name == "token").startswith("Sju kommuner")
    answer = events[-1][1]
    assert answer["text"] == "Sju kommuner deltar i prosjektet. [1]"
    assert len(cast("list[Json]", answer["dropped"])) == 1


def test_a_model_that_fails_ends_the_stream_with_the_readers_answer(app: FastAPI, library: Workshop) -> None:
    with library.assistant(_Failing(ChatModelSlow("fake:chat", 60))) as assistant:  # type: ignore[arg-type]
        app.state.assistant = assistant
        events = _streamed(TestClient(app), {"question": _COST})
    name, answer = events[-1]
    assert (name, answer["model"]) == ("answer", "none")
    assert answer["notice"] == "Språkmodellen svarte ikke i tide. Svaret er derfor sitater fra dokumentene."
    assert [data for name, data in events if name == "sentence"] == answer["sentences"]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_what_fails_in_the_midst_ends_the_stream_with_an_error(app: FastAPI, library: Workshop, language: str) -> None:
    with library.assistant(_Failing(VectorStoreUnavailable("chroma", "cut off"))) as assistant:  # type: ignore[arg-type]
        app.state.assistant = assistant
        client = TestClient(app, raise_server_exceptions=False)
        events = _streamed(client, {"question": _COST, "language": language})
        response = client.post("/api/v1/ask", json={"question": _COST}, headers={"Accept-Language": language})
    name, problem = events[-1]
    assert name == "error"
    assert (problem["status"], problem["code"]) == (503, "vector_store_unavailable")
    assert "ASSISTANT_CHROMA_URL" in str(problem["detail"])
    assert _problem(response, 503, "vector_store_unavailable")["detail"] == problem["detail"]


class _Failing:
    name = "fake:chat"
    room = 1000

    def __init__(self, error: Exception) -> None:
        self._error = error

    def stream(self, instructions: str, request: str) -> Iterator[str]:
        yield "Prosjektet "
        raise self._error


def test_an_unexpected_error_in_a_stream_ends_it_without_its_text(app: FastAPI, library: Workshop) -> None:
    with library.assistant(_Failing(RuntimeError("secret detail"))) as assistant:  # type: ignore[arg-type]
        app.state.assistant = assistant
        events = _streamed(TestClient(app), {"question": _COST, "language": "en"})
    name, problem = events[-1]
    assert (name, problem["code"]) == ("error", "unexpected")
    assert "secret" not in json.dumps(events)


def test_a_client_that_goes_away_lets_its_generation_go(app: FastAPI, library: Workshop) -> None:
    body = json.dumps({"question": _COST}).encode()
    gone = anyio.Event

    async def visit() -> None:
        left = gone()
        sent = False

        async def receive() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": body, "more_body": False}
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                left.set()
                await anyio.sleep(0.01)

        headers = [(b"accept", b"text/event-stream"), (b"content-type", b"application/json"), (b"host", b"x")]
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/api/v1/ask", "raw_path": b"/api/v1/ask", "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        await app(scope, receive, send)

    with ThreadPoolExecutor(1) as elsewhere:  # the browser tests keep a loop running in this thread
        elsewhere.submit(anyio.run, visit).result()
    index = cast("Assistant", app.state.assistant).index
    index.close()
    assert not in_use(library.folders, library.folders.current_name() or "")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"question": ""}, "question_empty"),
        ({"question": "?"}, "question_empty"),
        ({"question": "x" * 20_000}, "question_too_long"),
        ({}, "request_invalid"),
        ({"question": None}, "request_invalid"),
        ({"question": 3}, "request_invalid"),
        ({"question": _COST, "language": "de"}, "request_invalid"),
        ({"question": _COST, "filters": {"date_from": "i fjor"}}, "request_invalid"),
        ({"question": _COST, "filters": []}, "request_invalid"),
        ({"question": _COST, "documents": "a"}, "request_invalid"),
        ({"question": _COST, "conversation_id": "x" * 65}, "request_invalid"),
        (["question"], "request_invalid"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_is_wrong_with_a_question_is_told_by_the_status(
    client: TestClient, body: object, code: str, accept: str
) -> None:
    details = set()
    for language in ("nb", "nn", "en"):
        headers = {"Accept": accept, "Accept-Language": f"{language}-NO,{language};q=0.9"}
        details.add(_problem(client.post("/api/v1/ask", json=body, headers=headers), 422, code)["detail"])
    assert len(details) == 3


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b'{"question": "\\ud800"}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/api/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"].startswith(_PROBLEM)


def test_filters_bound_the_answer(client: TestClient) -> None:
    trip = _id(client, "reiser/københavn.md")
    for body in ({"documents": [trip]}, {"filters": {"documents": [trip]}}, {"filters": {"kinds": ["reisenotat"]}}):
        answer = client.post("/api/v1/ask", json={"question": _COST, **body}).json()
        assert answer["coverage"] == {"searched": 1, "total": 4}
        assert {c["document_id"] for c in answer["citations"]} <= {trip}


# --- searching and documents --------------------------------------------------------------------


def test_search_gives_the_hits_of_the_contract(client: TestClient) -> None:
    hits = client.get("/api/v1/search", params={"q": _COST, "limit": 3}).json()["hits"]
    assert 0 < len(hits) <= 3
    assert hits[0].keys() >= {
        "passage_id", "document_id", "title", "page", "heading_path", "text", "start", "end", "score", "found_by",
    }  # fmt: skip
    text = client.get(f"/api/v1/documents/{hits[0]['document_id']}").json()["text"]
    assert text[hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]


@pytest.mark.parametrize(
    ("params", "paths"),
    [
        ({"kind": "reisenotat"}, ["reiser/københavn.md"]),
        ({"document_language": "en"}, ["export.html"]),
        ({"publisher": "Klyngen"}, ["plan.md", "reiser/københavn.md"]),
        ({"date_from": "2022", "date_to": "2022"}, ["export.html"]),
        ({"kind": "nothing"}, []),
        ({}, ["export.html", "plan.md", "reiser/københavn.md", "vann.txt"]),
    ],
)
def test_the_list_of_documents_is_filtered(client: TestClient, params: dict[str, str], paths: list[str]) -> None:
    assert [one["path"] for one in client.get("/api/v1/documents", params=params).json()["documents"]] == paths


@pytest.mark.parametrize(
    "params", [{"q": _COST, "limit": "0"}, {"q": _COST, "limit": "x"}, {}, {"q": _COST, "date_to": "8.2.2021"}]
)
def test_a_bad_search_is_a_problem(client: TestClient, params: dict[str, str]) -> None:
    _problem(client.get("/api/v1/search", params=params), 422, "request_invalid")


@pytest.mark.parametrize(
    ("path", "media_type", "disposition"),
    [
        ("plan.md", "text/markdown", "attachment"),
        ("export.html", "text/html", "attachment"),
        ("vann.txt", "text/plain", "inline"),
    ],
)
def test_the_original_is_served_so_that_it_cannot_act(
    client: TestClient, library: Workshop, path: str, media_type: str, disposition: str
) -> None:
    response = client.get(f"/api/v1/documents/{_id(client, path)}/file")
    assert response.content == (library.corpus / path).read_bytes()
    assert response.headers["content-type"].startswith(media_type)
    assert response.headers["content-disposition"].startswith(f"{disposition}; filename*=UTF-8''{path}")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_name_with_norwegian_letters_is_served(client: TestClient) -> None:
    response = client.get(f"/api/v1/documents/{_id(client, 'reiser/københavn.md')}/file")
    assert "k%C3%B8benhavn.md" in response.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/documents/nobody",
        "/api/v1/documents/nobody/file",
        "/api/v1/documents/nobody/pages/1.png",
        "/source/nobody",
    ],
)
def test_an_unknown_document_is_a_problem_in_three_languages(client: TestClient, path: str) -> None:
    details = [
        _problem(client.get(path, headers={"Accept-Language": language}), 404, "document_not_found")["detail"]
        for language in ("nb", "nn", "en")
    ]
    assert len(set(details)) == 3
    assert all("nobody" in str(detail) for detail in details)


@pytest.mark.parametrize("page", ["1", "0", "-1", "x", "9" * 30])
def test_a_page_that_is_not_there_is_a_problem(client: TestClient, page: str) -> None:
    address = f"/api/v1/documents/{_id(client, 'plan.md')}/pages/{page}.png"
    response = client.get(address, params={"start": 0, "end": 10**30})
    assert response.status_code in (404, 422)
    assert response.headers["content-type"].startswith(_PROBLEM)


@pytest.mark.parametrize(
    "query",
    [
        "start=-5&end=3",
        "start=9999999&end=99999999",
        "start=5&end=2",
        f"page={10**25}",
        "quote=finnes%20ikke",
        "quote=" + "x" * 4000,
        "start=3",
        "end=3",
        "page=-1",
    ],
)
def test_a_source_is_shown_whatever_place_is_asked_for(client: TestClient, query: str) -> None:
    response = client.get(f"/source/{_id(client, 'plan.md')}?{query}")
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert "Sju kommuner" in response.text


# --- what stands around every request -----------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("DELETE", "/api/v1/ask", 405),
        ("GET", "/api/v1/ask", 405),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/../app.py", 404),
        ("POST", "/healthz", 405),
    ],
)
def test_what_is_not_there_is_a_problem_in_three_languages(
    client: TestClient, method: str, path: str, status: int
) -> None:
    details = set()
    for language in ("nb", "nn", "en"):
        response = client.request(method, path, headers={"Accept-Language": language})
        details.add(_problem(response, status, "http")["detail"])
    assert len(details) == 3
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("no", "finnes ikke"),
        ("nn-NO,nb;q=0.8", "finst ikkje"),
        ("de,en;q=0.5", "There is no"),
        ("", "finnes ikke"),
        ("*", "finnes ikke"),
        ("en;q=0.2, nn;q=0.8", "finst ikkje"),
        (";;,=", "finnes ikke"),
    ],
)
def test_the_language_of_an_error_is_the_readers(client: TestClient, header: str, words: str) -> None:
    response = client.get("/api/v1/documents/nobody", headers={"Accept-Language": header})
    assert words in response.json()["detail"]


def test_every_page_carries_the_safe_headers(client: TestClient) -> None:
    for path in ("/", "/healthz", "/api/v1/documents", "/nothing", "/static/page.js"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_health_and_readiness(client: TestClient, library: Workshop) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["embedding_model"], ready["documents"]) == ("ready", FAKE, 4)
    assert ready["generation"] == library.folders.current_name()


def test_without_an_index_it_lives_but_is_not_ready(workshop: Workshop) -> None:
    with TestClient(create_app(settings_over(workshop))) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
        _problem(client.get("/readyz"), 503, "no_index")
        _problem(client.post("/api/v1/ask", json={"question": _COST}), 503, "no_index")
        workshop.put("a.md", "Prosjektet koster fire millioner kroner.")
        workshop.run()
        assert client.get("/readyz").json()["documents"] == 1
        assert client.post("/api/v1/ask", json={"question": _COST}).json()["status"] == "answered"


def test_an_index_of_another_model_is_told(library: Workshop, fake_model: None) -> None:
    settings = Settings(data_dir=library.data, embedding_model="other")
    with TestClient(create_app(settings)) as client:
        response = client.get("/readyz", headers={"Accept-Language": "en"})
    detail = _problem(response, 503, "index_of_other_model")["detail"]
    assert "'fake'" in str(detail)
    assert "'other'" in str(detail)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/readyz"),
        ("GET", "/api/v1/documents"),
        ("GET", "/api/v1/documents/x"),
        ("GET", "/api/v1/documents/x/file"),
        ("GET", "/api/v1/documents/x/pages/1.png"),
        ("GET", "/api/v1/search?q=hva"),
        ("GET", "/source/x"),
        ("POST", "/api/v1/ask"),
    ],
)
def test_an_unexpected_error_is_a_problem_without_its_text(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    def broken(self: Index) -> None:
        raise RuntimeError("secret detail")

    client = TestClient(app, raise_server_exceptions=False)
    monkeypatch.setattr(Index, "reading", broken)
    body = {"question": _COST} if method == "POST" else None
    response = client.request(method, path, json=body, headers={"Accept-Language": "nn"})
    assert "Noko gjekk gale" in str(_problem(response, 500, "unexpected")["detail"])
    assert "secret" not in response.text
    assert "secret detail" in caplog.text


def test_only_the_origins_set_are_let_in(library: Workshop, fake_model: None) -> None:
    def allowed(origins: str) -> str | None:
        settings = settings_over(library).model_copy(update={"allowed_origins": origins})
        client = TestClient(create_app(settings))
        response = client.get("/healthz", headers={"Origin": "https://evil.example"})
        return response.headers.get("access-control-allow-origin")

    assert allowed("") is None
    assert allowed("https://intranett.example") is None
    assert allowed("https://intranett.example, https://evil.example") == "https://evil.example"


# --- the description ----------------------------------------------------------------------------


@pytest.fixture
def description(client: TestClient) -> Json:
    return cast("Json", client.get("/openapi.json").json())


def test_the_descriptions_schemas_are_schemas(description: Json) -> None:
    assert str(description["openapi"]).startswith("3.1")
    components = cast("dict[str, dict[str, Json]]", description["components"])["schemas"]
    assert {"Answer", "SearchResult", "DocumentList"} <= set(components)
    for schema in components.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(description)
    assert "HTTPValidationError" not in text


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("get", "/healthz", "/healthz"),
        ("get", "/readyz", "/readyz"),
        ("get", "/api/v1/documents", "/api/v1/documents"),
        ("get", "/api/v1/documents/{plan}", "/api/v1/documents/{id}"),
        ("get", "/api/v1/documents/nobody", "/api/v1/documents/{id}"),
        ("get", "/api/v1/documents/nobody/file", "/api/v1/documents/{id}/file"),
        ("get", "/api/v1/documents/{plan}/pages/1.png", "/api/v1/documents/{id}/pages/{page}.png"),
        ("get", "/api/v1/search?q=kommuner", "/api/v1/search"),
        ("get", "/api/v1/search", "/api/v1/search"),
        ("post", "/api/v1/ask", "/api/v1/ask"),
    ],
)
def test_what_is_answered_is_what_is_described(
    client: TestClient, description: Json, method: str, path: str, route: str
) -> None:
    path = path.replace("{plan}", _id(client, "plan.md"))
    response = client.request(method, path, json={"question": _COST} if method == "post" else None)
    operation = cast("dict[str, dict[str, Json]]", description["paths"])[route][method]
    responses = cast("dict[str, Json]", operation["responses"])
    status = str(response.status_code)
    described = cast("dict[str, Json]", responses.get(status, responses.get(f"{status[0]}XX", {})).get("content"))
    media_type = response.headers["content-type"].split(";")[0]
    schema = described[media_type]["schema"]
    whole = {"allOf": [schema], "components": description["components"]}
    jsonschema.validate(response.json(), whole, cls=jsonschema.Draft202012Validator)
