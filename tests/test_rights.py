"""Every address x who asks x from which page x which groups: each cell is tried, and none tells of a document, a
conversation or an overview that is not to be seen. A new address without a row in `_ROWS` fails."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import ASGITransport, AsyncClient, Request, Response
from starlette.testclient import TestClient

from assistant.access import LOCAL, NOBODY, ROLES, Groups, Permission, Principal, anonymous, holder
from assistant.access.keys import Keys
from assistant.answer import Assistant, Question
from assistant.api.app import create_app
from assistant.api.caller import Anonymous
from assistant.api.dependencies import seen_by
from assistant.api.rights import NEEDS, row_of
from assistant.job import Job
from assistant.overview import Overviews
from assistant.types import Filters
from tests.fakes import Workshop, fake_weights, low_pdf, settings_over
from tests.test_archive import answer

_HOST = "127.0.0.1:8000"
_FAR = "203.0.113.7"
_ALLOWED = "https://kommune.example"
_ORIGINS = {None: True, f"http://{_HOST}": True, _ALLOWED: True, "https://evil.example": False, "null": False}
_TEXTS = {"hr/lonn.md": "kjempelønn", "teknisk/vann.md": "vannrørledning", "plan.md": "fellesplanen"}
_PDFS = {"hr/skjema.pdf": "permisjonsskjema", "kart.pdf": "reguleringskart"}
_WORDS = _TEXTS | _PDFS
_MAY: dict[str, set[Permission]] = {
    "nobody": set(),
    "anonymous": {"read"},
    "local": {"read", "operate"},
    "reader": {"read"},
    "editor": {"read", "edit"},
    "admin": {"read", "edit", "operate"},
}

Of = Literal["", "text", "page", "conversation", "overview", "model", "folder", "everything", "key"]


def _not_found(response: Response) -> bool:
    return response.status_code == 404


def _forbidden(response: Response) -> bool:
    return response.status_code == 403


def _keyless(response: Response) -> bool:
    return response.status_code == 401


def _no_questions(response: Response) -> bool:
    return cast("bool", response.json() == {"questions": [], "complete": True})


def _tool_failed(response: Response) -> bool:
    return cast("bool", response.json()["result"]["isError"])


@dataclass(frozen=True)
class Row:
    """One request to an address: `{id}` is that of what it is `of`. `ok` are the statuses for who may and sees it;
    else `hidden` must be so of the reply. With `everywhere` it is sent from every page."""

    ok: set[int]
    json: dict[str, object] | None = None
    query: str = ""
    of: Of = ""
    hidden: Callable[[Response], bool] = _not_found
    form: dict[str, str] = field(default_factory=dict)
    everywhere: bool = True


def _called(tool: str, **arguments: object) -> dict[str, object]:
    about = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": about}


_QUESTION = "Hva er kjempelønn, vannrørledning, fellesplanen, permisjonsskjema og reguleringskart?"
_CHAT = {"model": "romerike-assistant", "messages": [{"role": "user", "content": _QUESTION}]}
_FORM = {"folder": "{id}", "replace": "true", "ingest": "false"}
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
    ("POST", "/api/v1/session"): Row({204}, of="key", hidden=_keyless),
    ("DELETE", "/api/v1/session"): Row({204}),
    ("POST", "/api/v1/ask"): Row({200}, {"question": _QUESTION}),
    ("GET", "/api/v1/search"): Row({200}, query="?q=lønn+vann+plan&limit=50"),
    ("GET", "/api/v1/questions"): Row({200}),
    ("GET", "/api/v1/documents"): Row({200}),
    ("POST", "/api/v1/documents"): Row({201}, form=_FORM, of="folder", hidden=_forbidden),
    ("GET", "/api/v1/documents/{id}"): Row({200}, of="text"),
    ("DELETE", "/api/v1/documents/{id}"): Row({202}, of="text"),
    ("GET", "/api/v1/documents/{id}/file"): Row({200}, of="text"),
    ("GET", "/api/v1/documents/{id}/pages/{page}.png"): Row({200}, of="page"),
    ("GET", "/source/{id}"): Row({200}, of="text"),
    ("GET", "/api/v1/conversations"): Row({200}),
    ("GET", "/api/v1/conversations/{id}"): Row({200}, of="conversation"),
    ("GET", "/api/v1/conversations/{id}/export"): Row({200}, of="conversation"),
    ("DELETE", "/api/v1/conversations/{id}"): Row({204}, of="conversation"),
    ("GET", "/api/v1/overview"): Row({200}),
    ("POST", "/api/v1/overview"): Row({200}, {"question": "List opp alt om lønn, vann og planer"}),
    ("GET", "/api/v1/overview/{id}"): Row({200}, of="overview"),
    ("DELETE", "/api/v1/overview/{id}"): Row({204}, of="overview"),
    ("POST", "/api/v1/overview/{id}/resume"): Row({200}, of="overview"),
    ("POST", "/api/v1/overview/{id}/stop"): Row({200}, of="overview"),
    ("GET", "/api/v1/overview/{id}/export"): Row({200}, query="?format=csv", of="overview"),
    ("POST", "/api/v1/feedback"): Row({204}, {"answer_id": "a1", "rating": 1}),
    ("GET", "/api/v1/feedback"): Row({200}),
    ("GET", "/api/v1/ingest"): Row({200}),
    ("POST", "/api/v1/ingest"): Row({202, 409}),
    ("POST", "/api/v1/ingest/rollback"): Row({200, 409}, of="everything", hidden=_forbidden),
    ("GET", "/v1/models"): Row({200}),
    ("GET", "/v1/models/{id}"): Row({200}, of="model"),
    ("POST", "/v1/chat/completions"): Row({200}, dict(_CHAT)),
    ("GET", "/mcp"): Row({405}),
    ("POST", "/mcp"): Row({200}, _called("list_documents")),
    ("DELETE", "/mcp"): Row({405}),
}
_NAMED: list[tuple[str, str, Row]] = [
    ("POST", "/api/v1/ask", Row({200}, {"question": _QUESTION, "documents": ["{id}"]})),
    ("GET", "/api/v1/search", Row({200}, query="?q=lønn&documents={id}")),
    ("GET", "/api/v1/questions", Row({200}, query="?document={id}", hidden=_no_questions)),
    ("POST", "/mcp", Row({200}, _called("ask", question=_QUESTION, documents=["{id}"]), hidden=_tool_failed)),
    ("POST", "/mcp", Row({200}, _called("search", query=_QUESTION, documents=["{id}"]), hidden=_tool_failed)),
    ("POST", "/mcp", Row({200}, _called("read_document", document_id="{id}"), hidden=_tool_failed)),
]
"""A document that is named elsewhere than in the address."""
_CELLS = [(*key, row) for key, row in _ROWS.items()]
_CELLS += [(method, path, replace(row, of="text", everywhere=False)) for method, path, row in _NAMED]


@dataclass(frozen=True)
class Who:
    """Is `principal` where it asks by `client`, or `straight`."""

    name: str
    principal: Principal
    key: str | None
    client: TestClient
    straight: AsyncClient

    def sees(self, path: str) -> bool:
        return _is_in(path, self.principal.groups)


def _is_in(path: str, groups: Groups) -> bool:
    top = path.partition("/")[0] if "/" in path else "."
    return groups is None or top in groups


@dataclass(frozen=True)
class Kept:
    """A conversation and an overview of one principal, in which `word` stands and nowhere else."""

    whose: Principal
    word: str

    def is_seen_by(self, principal: Principal) -> bool:
        groups, wanted = principal.groups, self.whose.groups
        return principal.owner == self.whose.owner and (groups is None or (wanted is not None and wanted <= groups))


class Place:
    """What there is, and who asks for it."""

    def __init__(self, app: FastAPI, callers: list[Who], documents: dict[str, str]) -> None:
        self.callers = callers
        self.documents = documents
        self._assistant = cast("Assistant", app.state.assistant)
        self._overviews = cast("Overviews", app.state.overviews)
        whose = [who.principal for who in callers if who.name != "nobody"]
        # What was kept when a key saw more is there too.
        whose += [replace(one, groups=None) for one in whose if one.groups is not None and one.keyed]
        self.kept = [Kept(principal, f"hemmelig{number:02}x") for number, principal in enumerate(whose)]
        self._ids: dict[tuple[Of, Kept], str] = {}
        for one in self.kept:
            self.put("conversation", one)
            self.put("overview", one)

    def put(self, kind: Of, one: Kept) -> None:
        """Keep it, also once more when it was deleted."""
        seen, question = seen_by(self._assistant, one.whose), f"List opp alt om {one.word}"
        if kind == "conversation":
            seen.archive.add(replace(answer(question, conversation=one.word), citations=()), {})
            self._ids[kind, one] = one.word
        else:
            nearest = next(id for path, id in self.documents.items() if _is_in(path, one.whose.groups))
            begun = self._overviews.of(one.whose, seen).start(Question(question, Filters(documents=(nearest,))))
            self._ids[kind, one] = begun

    def targets(self, method: str, kind: Of, who: Who) -> Iterator[tuple[str, bool, Kept | None]]:
        """The ids to try, and whether `who` sees what has them."""
        whose = who.principal
        match kind:
            case "text" | "page":
                for path in _TEXTS if kind == "text" else _PDFS:
                    yield self.documents[path], who.sees(path), None
            case "conversation" | "overview":
                others = [one for one in self.kept if one.whose.owner != whose.owner][:1]
                for one in [one for one in self.kept if one.whose.owner == whose.owner] + others:
                    # What is one's own may be deleted also where it is not seen any more.
                    own = one.whose.owner == whose.owner and (method, kind) == ("DELETE", "conversation")
                    yield self._ids[kind, one], own or one.is_seen_by(whose), one
            case "model":
                yield "romerike-assistant", True, None
                yield "unknown", False, None
            case "folder":
                yield "hr", who.sees("hr/nytt.md"), None
                yield "", who.sees("nytt.md"), None
            case "everything":
                yield "", whose.groups is None, None
            case "key":
                yield "", whose.keyed, None
            case _:
                yield "unknown", True, None


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patch, ExitStack() as opened:
        fake_weights(patch)
        workshop = Workshop(root)
        for path, word in _WORDS.items():
            workshop.put(path, low_pdf(f"Notat om {word}", _said(word)) if path in _PDFS else _text(word))
        assert workshop.run().failed == []
        with workshop.reading() as generation:
            documents = {source.path: source.id for source in generation.sources.values()}
        keys = Keys(root / "keys.json")
        keys.make("first", "reader", None)

        def who(name: str, principal: Principal, key: str | None, app: FastAPI, address: str = _FAR) -> Who:
            straight = AsyncClient(transport=ASGITransport(app, False, client=(address, 50000)), trust_env=False)
            return Who(name, principal, key, clients[app], straight)

        near, far = _app(workshop, root / "keys.json", "local"), _app(workshop, root / "keys.json", "local")
        public, partly = (_app(workshop, root / "keys.json", "reader", groups) for groups in ("", "hr"))
        clients = {app: opened.enter_context(_from(_FAR, app)) for app in (far, public, partly)}
        clients[near] = opened.enter_context(_from("127.0.0.1", near))
        callers = [
            who("nobody", NOBODY, None, far),
            who("anonymous", anonymous(None), None, public),
            who("anonymous", anonymous(frozenset({"hr"})), None, partly),
            who("local", LOCAL, None, near, "127.0.0.1"),
        ]
        for role in ROLES:
            for groups in (None, ("hr",), ("teknisk", ".")):
                key, text = keys.make(role, role, groups)
                seen = None if groups is None else frozenset(groups)
                callers.append(who(role, holder(key.id, role, seen), text, far))
        yield Place(far, callers, documents)


def _said(word: str) -> str:
    return f"Det viktigste om {word} er at {word} koster 4 millioner kroner."


def _text(word: str) -> str:
    """Its second heading becomes a question that it answers."""
    return f"# Notat\n\n{_said(word)}\n\n## Kostnader til {word}\n\nSamlede kostnader til {word} er 7 millioner kroner."


def _app(workshop: Workshop, keys: Path, let_in: Anonymous, groups: str = "") -> FastAPI:
    settings = settings_over(workshop, days=30).model_copy(
        update={
            "api_keys_file": keys,
            "allowed_origins": _ALLOWED,
            "anonymous": let_in,
            "anonymous_groups": groups,
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


@pytest.mark.parametrize(("method", "path", "row"), _CELLS, ids=lambda part: "" if isinstance(part, Row) else part)
def test_each_cell(place: Place, method: str, path: str, row: Row) -> None:
    needs = NEEDS[path][method]
    outcomes: Counter[str] = Counter()
    for who in place.callers:
        for origin, is_let_in in _ORIGINS.items() if row.everywhere else [(None, True)]:
            if origin == f"http://{_HOST}" and who.name != "local":
                origin = "http://assistant.example"
            # A page of another site has of this machine no more than anybody.
            acting = replace(who, name="anonymous", principal=anonymous(None)) if _from_a_site(who, origin) else who
            permitted = needs is None or needs in _MAY[acting.name]
            targets = list(place.targets(method, row.of, acting))
            targets = targets if is_let_in and permitted else targets[:1]
            responses = _sent(who, [_request(who, origin, method, path, row, id) for id, _, _ in targets])
            for (_, sees, kept), response in zip(targets, responses, strict=True):
                where = f"{method} {path} by {who.name} {who.principal.groups} from {origin}: {response.text[:200]}"
                assert response.status_code < 500, where
                if not is_let_in:
                    outcome = "origin"
                    assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed"), where
                elif not permitted:
                    outcome = "role"
                    expected = (403, "not_permitted") if who.key else (401, "key_required")
                    assert (response.status_code, response.json()["code"]) == expected, where
                elif not sees:
                    outcome = "hidden"
                    assert row.hidden(response), where
                else:
                    outcome = "shown"
                    assert response.status_code in row.ok and not row.hidden(response), where
                let_in = response.headers.get("access-control-allow-origin")
                assert let_in == (_ALLOWED if origin == _ALLOWED else None), where
                _tells_nothing(place, response, acting if outcome in ("hidden", "shown") else None, where)
                if kept is not None and method == "DELETE" and outcome == "shown":
                    place.put(row.of, kept)
                outcomes[outcome] += 1
    assert outcomes["shown"] > 0
    assert (outcomes["hidden"] > 0) is bool(row.of), "a row of something must tell who sees it from who does not"
    assert outcomes["origin"] == (2 * len(place.callers) if row.everywhere else 0)


def _from_a_site(who: Who, origin: str | None) -> bool:
    return who.name == "local" and origin == _ALLOWED


def _request(who: Who, origin: str | None, method: str, path: str, row: Row, id: str) -> Request:
    address = path.replace("{page}", "1").replace("{path:path}", "desk.js") + row.query
    url = who.client.base_url.join(address.replace("{id}", id))
    headers = {"Authorization": f"Bearer {who.key}"} if who.key else {}
    headers |= {"Origin": origin} if origin else {}
    headers |= {"Accept": "application/json, text/event-stream"} if path == "/mcp" else {}
    if row.form:
        file = {"file": ("nytt.md", io.BytesIO(b"# Nytt\n\nNoe nytt."), "text/markdown")}
        form = {name: value.replace("{id}", id) for name, value in row.form.items()}
        return Request(method, url, headers=headers, data=form, files=file)
    body = None if row.json is None else json.dumps(row.json).replace("{id}", id)
    headers |= {"Content-Type": "application/json"} if body else {}
    return Request(method, url, headers=headers, content=body)


def _sent(who: Who, requests: list[Request]) -> list[Response]:
    """The replies, one after the other. Straight to the application in its own loop: the test client goes from one
    thread to another eight times a request, and these are thousands."""
    assert who.client.portal is not None

    async def sent() -> list[Response]:
        return [await who.straight.send(request) for request in requests]

    who.straight.cookies.clear()
    return who.client.portal.call(sent)


def _tells_nothing(place: Place, response: Response, who: Who | None, where: str) -> None:
    """Neither words nor titles of what is not to be seen; a problem that repeats an id tells nothing new."""
    if response.headers.get("content-type") == "image/png":
        return
    text = response.text.replace(_QUESTION, "")
    for path, word in _WORDS.items():
        if who is None or not who.sees(path):
            assert word not in text, where
            assert path not in text, where
    if response.status_code >= 400:
        return
    for one in place.kept:
        if who is None or not one.is_seen_by(who.principal):
            assert one.word not in text, where


@pytest.mark.parametrize("groups", [("hr",), ("teknisk", ".")])
def test_each_sees_its_groups_and_only_these(place: Place, groups: tuple[str, ...]) -> None:
    who = next(one for one in place.callers if one.name == "reader" and one.principal.groups == frozenset(groups))
    headers = {"Authorization": f"Bearer {who.key}"}
    listed = who.client.get("/api/v1/documents", headers=headers).json()["documents"]
    assert {one["path"] for one in listed} == {path for path in _WORDS if who.sees(path)}
    ready = who.client.get("/readyz", headers=headers).json()
    assert ready["documents"] == len(listed)
    for path, word in _WORDS.items():
        asked = {"question": f"Hva koster {word}?"}
        answer = who.client.post("/api/v1/ask", headers=headers, json=asked).json()
        cited = {one["document_id"] for one in answer["citations"]}
        assert (place.documents[path] in cited) == who.sees(path)
        assert answer["coverage"]["total"] == len(listed)
        hits = who.client.get("/api/v1/search", headers=headers, params={"q": word, "limit": 50}).json()["hits"]
        assert {hit["document_id"] for hit in hits} <= {one["id"] for one in listed}
    about = who.client.post("/api/v1/ask", headers=headers, json={"question": "Hvilke dokumenter har du?"}).json()
    assert about["about"] == "documents"
    assert {one["document_id"] for one in about["documents"]} == {one["id"] for one in listed}
    named = {"question": "Hva koster det?", "documents": [place.documents["hr/lonn.md"]]}
    told = who.client.post("/api/v1/ask", headers=headers, json=named)
    assert told.status_code == (200 if who.sees("hr/lonn.md") else 404)
