"""Every address x who asks x from which page x which groups: each cell is tried, and none tells of a document
that is not to be seen. A new address without a row in `_ROWS` fails."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.access import Permission, Role
from assistant.access.keys import Keys
from assistant.api.app import create_app
from assistant.api.rights import NEEDS, row_of
from assistant.job import Job
from tests.fakes import Workshop, fake_weights, settings_over

_HOST = "127.0.0.1:8000"
_ALLOWED = "https://kommune.example"
_ORIGINS = {None: True, f"http://{_HOST}": True, _ALLOWED: True, "https://evil.example": False, "null": False}
_WORDS = {"hr/lonn.md": "kjempelønn", "teknisk/vann.md": "vannrørledning", "plan.md": "fellesplanen"}
_GROUPS = {"hr": "hr/lonn.md", "teknisk": "teknisk/vann.md", ".": "plan.md"}
_MAY: dict[str, set[Permission]] = {
    "nobody": set(),
    "anonymous": {"read"},
    "local": {"read", "operate"},
    "reader": {"read"},
    "editor": {"read", "edit"},
    "admin": {"read", "edit", "operate"},
}


@dataclass(frozen=True)
class Row:
    """One request to an address: `{id}` is a document's. `ok` are the statuses for who may."""

    ok: set[int]
    json: dict[str, object] | None = None
    query: str = ""
    of_document: bool = False
    form: dict[str, str] = field(default_factory=dict)


_QUESTION = "Hva er kjempelønn, vannrørledning og fellesplanen?"
_CHAT = {"model": "romerike-assistant", "messages": [{"role": "user", "content": _QUESTION}]}
_MCP = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_documents", "arguments": {}}}
_ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/"): Row({200}),
    ("GET", "/static/{path:path}"): Row({200}),
    ("GET", "/openapi.json"): Row({200}),
    ("GET", "/widget.js"): Row({200}),
    ("GET", "/desk.js"): Row({200}),
    ("GET", "/healthz"): Row({200}),
    ("GET", "/readyz"): Row({200}),
    ("GET", "/metrics"): Row({200}),
    ("GET", "/api/v1/session"): Row({200}),
    ("POST", "/api/v1/session"): Row({204, 401}),
    ("DELETE", "/api/v1/session"): Row({204}),
    ("POST", "/api/v1/ask"): Row({200}, {"question": _QUESTION}),
    ("GET", "/api/v1/search"): Row({200}, query="?q=lønn+vann+plan&limit=50"),
    ("GET", "/api/v1/questions"): Row({200}),
    ("GET", "/api/v1/documents"): Row({200}),
    ("POST", "/api/v1/documents"): Row({201, 403}, form={"folder": "hr", "replace": "true", "ingest": "false"}),
    ("GET", "/api/v1/documents/{id}"): Row({200}, of_document=True),
    ("DELETE", "/api/v1/documents/{id}"): Row({202}, of_document=True),
    ("GET", "/api/v1/documents/{id}/file"): Row({200}, of_document=True),
    ("GET", "/api/v1/documents/{id}/pages/{page}.png"): Row({404}, of_document=True),
    ("GET", "/source/{id}"): Row({200}, of_document=True),
    ("GET", "/api/v1/conversations"): Row({200}),
    ("GET", "/api/v1/conversations/{id}"): Row({404}),
    ("GET", "/api/v1/conversations/{id}/export"): Row({404}),
    ("DELETE", "/api/v1/conversations/{id}"): Row({404}),
    ("GET", "/api/v1/overview"): Row({200}),
    ("POST", "/api/v1/overview"): Row({200}, {"question": "List opp alt om lønn, vann og planer"}),
    ("GET", "/api/v1/overview/{id}"): Row({404}),
    ("DELETE", "/api/v1/overview/{id}"): Row({404}),
    ("POST", "/api/v1/overview/{id}/resume"): Row({404}),
    ("POST", "/api/v1/overview/{id}/stop"): Row({404}),
    ("GET", "/api/v1/overview/{id}/export"): Row({404}, query="?format=csv"),
    ("POST", "/api/v1/feedback"): Row({204}, {"answer_id": "a1", "rating": 1}),
    ("GET", "/api/v1/feedback"): Row({200}),
    ("GET", "/api/v1/ingest"): Row({200}),
    ("POST", "/api/v1/ingest"): Row({202, 409}),
    ("POST", "/api/v1/ingest/rollback"): Row({200, 403, 409}),
    ("GET", "/v1/models"): Row({200}),
    ("GET", "/v1/models/{id}"): Row({404}),
    ("POST", "/v1/chat/completions"): Row({200}, dict(_CHAT)),
    ("GET", "/mcp"): Row({405}),
    ("POST", "/mcp"): Row({200}, dict(_MCP)),
    ("DELETE", "/mcp"): Row({405}),
}


@dataclass(frozen=True)
class Who:
    """`groups` is None for all; `client` is where the request comes from."""

    name: str
    groups: tuple[str, ...] | None
    key: str | None
    client: TestClient

    def sees(self, path: str) -> bool:
        return any(path == _GROUPS[group] for group in (self.groups if self.groups is not None else _GROUPS))


@dataclass(frozen=True)
class Place:
    corpus: Workshop
    callers: list[Who]
    ids: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch:
        fake_weights(patch)
        workshop = Workshop(root)
        for path, word in _WORDS.items():
            workshop.put(path, f"# Notat om {word}\n\nDet viktigste om {word} er at {word} koster 4 millioner kroner.")
        workshop.run()
        with workshop.reading() as generation:
            ids = {source.path: source.id for source in generation.sources.values()}
        keys = Keys(root / "keys.json")
        keys.make("first", "reader", None)
        strict, loose = _app(workshop, root / "keys.json", "local"), _app(workshop, root / "keys.json", "reader")
        here = _app(workshop, root / "keys.json", "local")
        with (
            _from("203.0.113.7", strict) as far,
            _from("203.0.113.7", loose) as public,
            _from("127.0.0.1", here) as near,
        ):
            callers = [Who("nobody", (), None, far), Who("anonymous", None, None, public)]
            callers.append(Who("local", None, None, near))
            roles: tuple[Role, ...] = ("reader", "editor", "admin")
            for role in roles:
                for groups in (None, ("hr",), ("teknisk", ".")):
                    callers.append(Who(role, groups, keys.make(role, role, groups)[1], far))
            yield Place(workshop, callers, ids)


def _app(workshop: Workshop, keys: Path, anonymous: str) -> FastAPI:
    settings = settings_over(workshop, days=30).model_copy(
        update={
            "api_keys_file": keys,
            "allowed_origins": _ALLOWED,
            "anonymous": anonymous,
            "requests_per_minute": 0,
        }
    )
    app = create_app(settings)
    app.state.job = Job({}, workshop.folders, command=("true",))
    return app


def _from(address: str, app: FastAPI) -> TestClient:
    host = _HOST if address == "127.0.0.1" else "assistant.example"
    return TestClient(app, base_url=f"http://{host}", client=(address, 50000), raise_server_exceptions=False)


def _addresses(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        # A mount has no methods: what is below it is read.
        for method in route.methods or {"GET"}:
            if method != "HEAD":
                found.add((method, path if route.methods else f"{path}/{{path:path}}"))
    return found


def test_every_address_has_a_row_and_no_row_is_without_an_address(place: Place) -> None:
    app = place.callers[0].client.app
    assert isinstance(app, FastAPI)
    addresses = _addresses(app)
    assert addresses == set(_ROWS)
    assert addresses == {(method, path) for path, methods in NEEDS.items() for method in methods}


def test_an_address_without_a_row_would_fail_the_test_before(place: Place) -> None:
    app = place.callers[0].client.app
    assert isinstance(app, FastAPI)
    app.add_api_route("/api/v1/new", lambda: None)
    try:
        assert _addresses(app) - set(_ROWS) == {("GET", "/api/v1/new")}
    finally:
        app.router.routes.pop()


def test_what_is_not_in_the_table_is_not_open() -> None:
    assert row_of("GET", "/api/v1/nothing").needs == "read"
    assert row_of("PUT", "/healthz").needs == "operate"
    assert row_of("HEAD", "/api/v1/documents").needs == "read"
    assert row_of("POST", "/api/v1/documents/").needs == "read", "it is sent on, and asked again"


@pytest.mark.parametrize(("method", "path"), list(_ROWS), ids=lambda part: str(part))
def test_each_cell(place: Place, method: str, path: str) -> None:
    row, needs = _ROWS[method, path], NEEDS[path][method]
    cells = 0
    for who in place.callers:
        for origin, is_let_in in _ORIGINS.items():
            own = origin == f"http://{_HOST}"
            if own and who.name != "local":
                origin = "http://assistant.example"
            name = "anonymous" if who.name == "local" and origin == _ALLOWED else who.name
            permitted = needs is None or needs in _MAY[name]
            for document in _WORDS if row.of_document else (None,):
                response = _asked(place, who, origin, method, path, row, document)
                where = f"{method} {path} by {who.name} {who.groups} from {origin}: {response.text[:200]}"
                assert response.status_code < 500, where
                if not is_let_in:
                    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed"), where
                elif not permitted:
                    expected = (403, "not_permitted") if who.key else (401, "key_required")
                    assert (response.status_code, response.json()["code"]) == expected, where
                elif document is not None and not who.sees(document):
                    assert response.status_code == 404, where
                else:
                    assert response.status_code in row.ok, where
                let_in = response.headers.get("access-control-allow-origin")
                assert let_in == (_ALLOWED if origin == _ALLOWED else None), where
                _tells_nothing(response, who if permitted and is_let_in else None, where)
                cells += 1
    assert cells >= len(place.callers) * len(_ORIGINS)


def _asked(
    place: Place, who: Who, origin: str | None, method: str, path: str, row: Row, document: str | None
) -> Response:
    id = place.ids[document] if document else "unknown"
    address = path.replace("{id}", id).replace("{page}", "1").replace("{path:path}", "desk.js") + row.query
    headers = {"Authorization": f"Bearer {who.key}"} if who.key else {}
    headers |= {"Origin": origin} if origin else {}
    headers |= {"Accept": "application/json, text/event-stream"} if path == "/mcp" else {}
    if row.form:
        file = {"file": ("nytt.md", io.BytesIO(b"# Nytt\n\nNoe nytt."), "text/markdown")}
        return who.client.request(method, address, headers=headers, data=row.form, files=file)
    return who.client.request(method, address, headers=headers, json=row.json)


def _tells_nothing(response: Response, who: Who | None, where: str) -> None:
    """Neither words nor titles of what is not to be seen; a problem that repeats an id tells nothing new."""
    text = response.text.replace(_QUESTION, "")
    for path, word in _WORDS.items():
        if who is None or not who.sees(path):
            assert word not in text, where
            assert path not in text, where


@pytest.mark.parametrize("groups", [("hr",), ("teknisk", ".")])
def test_each_sees_its_groups_and_only_these(place: Place, groups: tuple[str, ...]) -> None:
    who = next(one for one in place.callers if one.name == "reader" and one.groups == groups)
    headers = {"Authorization": f"Bearer {who.key}"}
    listed = who.client.get("/api/v1/documents", headers=headers).json()["documents"]
    assert {one["path"] for one in listed} == {path for path in _WORDS if who.sees(path)}
    ready = who.client.get("/readyz", headers=headers).json()
    assert ready["documents"] == len(listed)
    for path, word in _WORDS.items():
        asked = {"question": f"Hva koster {word}?"}
        answer = who.client.post("/api/v1/ask", headers=headers, json=asked).json()
        cited = {one["document_id"] for one in answer["citations"]}
        assert (place.ids[path] in cited) == who.sees(path)
        assert answer["coverage"]["total"] == len(listed)
        hits = who.client.get("/api/v1/search", headers=headers, params={"q": word, "limit": 50}).json()["hits"]
        assert {hit["document_id"] for hit in hits} <= {one["id"] for one in listed}
    about = who.client.post("/api/v1/ask", headers=headers, json={"question": "Hvilke dokumenter har du?"}).json()
    assert about["about"] == "documents"
    assert {one["document_id"] for one in about["documents"]} == {one["id"] for one in listed}
    told = who.client.post(
        "/api/v1/ask", headers=headers, json={"question": "Hva koster det?", "documents": [place.ids["hr/lonn.md"]]}
    )
    assert told.status_code == (200 if who.sees("hr/lonn.md") else 404)
