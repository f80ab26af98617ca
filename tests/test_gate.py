"""Who is let in, from where, and how much of it: the gate before every request."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.access.keys import Keys
from assistant.answer import Assistant
from assistant.api import logs
from assistant.api.app import create_app
from assistant.api.caller import COOKIE
from assistant.api.health import Readiness
from assistant.api.limits import Limits
from assistant.errors import AssistantError, KeysFileOpen, VectorStoreUnavailable
from assistant.settings import Settings
from assistant.vectors import Vectors
from tests.fakes import Workshop, settings_over
from tests.serving import served

_ASK = {"question": "Hva koster prosjektet?"}


def _settings(library: Workshop, **changes: object) -> Settings:
    return settings_over(library).model_copy(update=changes)


Serve = Callable[..., TestClient]


@pytest.fixture
def serve(library: Workshop, fake_model: None) -> Iterator[Serve]:
    """The application over the library with these settings, for a client at `address`; closed afterwards."""
    with ExitStack() as opened:

        def over(address: str = "127.0.0.1", base: str = "http://127.0.0.1:8000", **changes: object) -> TestClient:
            app = create_app(settings_over(library).model_copy(update=changes))
            client = TestClient(app, base_url=base, client=(address, 50000), raise_server_exceptions=False)
            return opened.enter_context(client)

        yield over


def _code(response: object) -> tuple[int, str]:
    from httpx2 import Response

    assert isinstance(response, Response)
    return response.status_code, str(response.json().get("code"))


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


@pytest.fixture
def guarded(serve: Serve, keys: Keys, tmp_path: Path) -> TestClient:
    keys.make("first", "reader", None)
    return serve(api_keys_file=tmp_path / "keys.json", anonymous="none")


# --- where it comes from ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "evil.example:8000"}, 401),  # a name that a site lets point at this machine
        ({"Host": "127.0.0.1.evil.example"}, 401),
        ({"Host": "["}, 400),
        ({"X-Forwarded-For": "127.0.0.1"}, 401),
        ({"Forwarded": "for=127.0.0.1"}, 401),
        ({"X-Real-IP": "127.0.0.1"}, 401),
        ({"Via": "1.1 proxy"}, 401),
    ],
)
def test_what_counts_as_this_machine(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.get("/api/v1/documents", headers=headers).status_code == status


def test_from_elsewhere_nothing_is_open_but_what_tells_nothing(serve: Serve) -> None:
    far = serve("192.0.2.1", "http://assistant.example")
    response = far.post("/api/v1/ask", json=_ASK, headers={"Accept-Language": "en"})
    assert _code(response) == (401, "key_required")
    assert response.headers["www-authenticate"] == "Bearer"
    assert far.get("/healthz").status_code == 200
    assert far.get("/readyz").json()["documents"] == 0
    assert far.get("/nothing").status_code == 401


def test_anonymous_readers_see_the_groups_that_are_theirs(serve: Serve) -> None:
    far = serve("192.0.2.1", anonymous="reader", anonymous_groups="reiser")
    paths = [one["path"] for one in far.get("/api/v1/documents").json()["documents"]]
    assert paths == ["reiser/københavn.md"]
    assert far.post("/api/v1/ingest").status_code == 401


# --- keys ---------------------------------------------------------------------------------------


def test_a_key_is_asked_for_and_a_wrong_one_refused(guarded: TestClient, keys: Keys) -> None:
    client = guarded
    assert _code(client.post("/api/v1/ask", json=_ASK)) == (401, "key_required")
    key, text = keys.make("Kari", "reader", None)
    right = {"Authorization": f"Bearer {text}"}
    assert client.post("/api/v1/ask", json=_ASK, headers=right).status_code == 200
    for wrong in ("Bearer x", f"bearer {text}x", "Bearer ra_00000000_abc"):
        response = client.post("/api/v1/ask", json=_ASK, headers={"Authorization": wrong})
        assert _code(response) == (401, "key_unknown")
        assert text not in response.text
    assert _code(client.post("/api/v1/ask", json=_ASK, headers={"Authorization": "Basic abc"})) == (401, "key_required")
    keys.revoke(key.id)
    assert _code(client.post("/api/v1/ask", json=_ASK, headers=right)) == (401, "key_unknown")


def test_where_there_are_no_keys_one_that_is_sent_says_nothing(client: TestClient) -> None:
    response = client.post("/api/v1/ask", json=_ASK, headers={"Authorization": "Bearer none"})
    assert response.status_code == 200


def test_a_browser_sends_its_key_once(guarded: TestClient, keys: Keys) -> None:
    client = guarded
    assert client.get("/api/v1/session").json() == {"may": [], "groups": [], "keyed": False}
    assert _code(client.post("/api/v1/session")) == (401, "key_required")
    assert _code(client.post("/api/v1/session", headers={"Authorization": "Bearer x"})) == (401, "key_unknown")
    key, text = keys.make("Kari", "editor", ["reiser"])
    begun = client.post("/api/v1/session", headers={"Authorization": f"Bearer {text}"})
    assert begun.status_code == 204
    cookie = begun.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert client.get("/api/v1/session").json() == {"may": ["edit", "read"], "groups": ["reiser"], "keyed": True}
    (document,) = client.get("/api/v1/documents").json()["documents"]
    assert client.get(f"/source/{document['id']}").status_code == 200
    keys.revoke(key.id)
    assert _code(client.get("/api/v1/documents")) == (401, "key_unknown")
    assert client.get("/").status_code == 200, "the page must still come, to ask for a new key"
    client.delete("/api/v1/session")
    assert COOKIE not in client.cookies


def test_a_cookie_is_not_taken_from_another_sites_page(serve: Serve, keys: Keys, tmp_path: Path) -> None:
    _, text = keys.make("Kari", "reader", None)
    client = serve(api_keys_file=tmp_path / "keys.json", allowed_origins="https://site.example", anonymous="none")
    client.cookies.set(COOKIE, text)
    assert client.get("/api/v1/documents").status_code == 200
    headers = {"Origin": "https://site.example"}
    assert _code(client.get("/api/v1/documents", headers=headers)) == (401, "key_required")


def test_a_file_of_keys_that_others_reach_is_told_at_the_start(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"keys": []}')
    (tmp_path / "keys.json").chmod(0o644)
    with pytest.raises(KeysFileOpen):
        serve(api_keys_file=tmp_path / "keys.json")


def test_each_has_its_own_conversations_and_overviews(serve: Serve, keys: Keys, tmp_path: Path) -> None:
    from assistant.conversation.archive import Archive
    from assistant.overview import Overviews
    from assistant.overview.runs import Runs

    keys.make("first", "reader", None)
    far = serve("192.0.2.1", api_keys_file=tmp_path / "keys.json", anonymous="reader")
    state = cast("FastAPI", far.app).state
    opened = cast("Assistant", state.assistant)
    opened.archive = Archive(tmp_path / "conversations.sqlite", 30)
    state.overviews = Overviews(opened, Runs(tmp_path / "overviews.sqlite", 30), 0.0)
    people = [{"Authorization": f"Bearer {keys.make(name, 'reader', None)[1]}"} for name in "ab"]
    for headers in ({}, *people):
        answer = far.post("/api/v1/ask", json=_ASK | {"conversation_id": "turen"}, headers=headers).json()
        assert answer["conversation_id"] == "turen"
    made = far.post("/api/v1/overview", json={"question": "List opp alt om kostnader"}, headers=people[0]).json()
    for headers, turns, overviews in (({}, [], []), (people[0], [1], [made["id"]]), (people[1], [1], [])):
        listed = far.get("/api/v1/conversations", headers=headers).json()["conversations"]
        assert [one["turns"] for one in listed] == turns
        assert [one["id"] for one in listed] == ["turen"] * len(turns)
        found = far.get("/api/v1/overview", headers=headers).json()["overviews"]
        assert [one["id"] for one in found] == overviews
    for verb, path in (("GET", ""), ("POST", "/resume"), ("POST", "/stop"), ("DELETE", ""), ("GET", "/export")):
        query = {"format": "csv"} if path == "/export" else None
        response = far.request(verb, f"/api/v1/overview/{made['id']}{path}", headers=people[1], params=query)
        assert _code(response) == (404, "overview_not_found")
    assert far.get(f"/api/v1/overview/{made['id']}", headers=people[0]).json() == made
    assert far.get("/api/v1/conversations/turen", headers=people[0]).status_code == 200
    assert far.delete("/api/v1/conversations/turen", headers=people[0]).status_code == 204
    assert far.get("/api/v1/conversations/turen", headers=people[1]).status_code == 200
    assert far.get("/api/v1/conversations/turen").status_code == 200, "who knows its id is whose it is"


# --- origins ------------------------------------------------------------------------------------


def test_a_page_of_a_site_that_is_let_in(serve: Serve) -> None:
    far = serve("192.0.2.1", allowed_origins="https://site.example", anonymous="reader")
    asked = {"Origin": "https://site.example", "Access-Control-Request-Method": "POST"}
    before = far.options("/api/v1/ask", headers=asked)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == "https://site.example"
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in before.headers
    answer = far.post("/api/v1/ask", json=_ASK, headers={"Origin": "https://site.example"})
    assert (answer.status_code, answer.headers["vary"]) == (200, "Origin")
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    (document, *_) = far.get("/api/v1/documents").json()["documents"]
    policy = far.get(f"/source/{document['id']}").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://site.example;" in policy
    assert "frame-ancestors 'self';" in far.get("/").headers["content-security-policy"]


def test_a_site_is_let_in_for_reading_alone_also_from_this_machine(serve: Serve) -> None:
    client = serve(allowed_origins="https://site.example")
    headers = {"Origin": "https://site.example"}
    assert client.get("/api/v1/documents", headers=headers).status_code == 200
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers=headers).status_code == 401
    far = TestClient(client.app, client=("192.0.2.1", 1))
    assert far.get("/api/v1/documents", headers=headers).status_code == 401


@pytest.mark.parametrize("origins", ["*", "site.example", "https://site.example/path", "https://*", "ftp://site.example"])
def test_an_origin_that_is_none_is_told_at_the_start(origins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ALLOWED_ORIGINS", f"https://site.example, {origins}")
    with pytest.raises(ValueError, match="not an origin"):
        Settings()


# --- limits -------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_back(serve: Serve) -> None:
    one = serve("192.0.2.1", anonymous="reader", requests_per_minute=2)
    other, near = TestClient(one.app, client=("192.0.2.2", 1)), TestClient(one.app)
    assert [one.get("/api/v1/documents").status_code for _ in range(3)] == [200, 200, 429]
    refused = one.get("/v1/models")
    assert _code(refused) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["error"]["code"] == "too_many_requests"
    assert other.get("/api/v1/documents").status_code == 200
    assert one.get("/healthz").status_code == 200
    assert {near.get("/api/v1/documents").status_code for _ in range(5)} == {200}


def test_who_guesses_keys_is_stopped(serve: Serve, tmp_path: Path) -> None:
    client = serve("192.0.2.1", api_keys_file=tmp_path / "keys.json", requests_per_minute=3)
    codes = [client.get("/api/v1/documents", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(5)]
    assert codes == [401, 401, 401, 429, 429]


def test_however_many_ask_whether_it_is_ready_it_looks_once_a_second(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, enough, now = list[object](), threading.Event(), [0.0]

    def check(vectors: object) -> None:
        looked.append(vectors)
        assert enough.wait(20)
        if len(looked) == 3:
            raise VectorStoreUnavailable("http://chroma:8000", "gone")

    monkeypatch.setattr(Vectors, "check", check)
    client = serve(concurrent_requests=1)
    cast("FastAPI", client.app).state.readiness = Readiness(lambda: now[0])
    with ThreadPoolExecutor(40) as many:
        asked = [many.submit(client.get, "/readyz") for _ in range(40)]
        while not looked:
            time.sleep(0.01)
        # Fewer threads there are than wait for it, and one is left for who asks something else.
        assert client.get("/api/v1/documents").status_code == 200
        enough.set()
        assert {one.result().json()["documents"] for one in asked} == {4}
    assert len(looked) == 1
    now[0] = 1.5
    assert [client.get("/readyz").status_code for _ in range(3)] == [200] * 3
    assert len(looked) == 2
    now[0] = 3.0
    assert [_code(client.get("/readyz")) for _ in range(3)] == [(503, "vector_store_unavailable")] * 3
    assert len(looked) == 3
    now[0] = 4.5
    assert client.get("/readyz").status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    response = client.post("/api/v1/ask", content=b"x" * 2_000_001, headers={"Content-Type": "application/json"})
    assert _code(response) == (413, "body_too_large")


def test_a_body_that_grows_too_large_is_refused(client: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    response = client.post("/api/v1/ask", content=endless(), headers={"Content-Type": "application/json"})
    assert _code(response) == (413, "body_too_large")


def _slowly(*given: object) -> Iterator[object]:
    time.sleep(1.0)
    return iter([])


def test_a_reply_that_takes_too_long_is_given_up(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(_settings(library, request_seconds=0.2))
    monkeypatch.setattr(Assistant, "ask", _slowly)
    with served(app) as address:
        import httpx

        response = httpx.post(f"{address}/api/v1/ask", json=_ASK, timeout=60)
        assert response.status_code == 504
        assert response.json()["code"] == "request_too_slow"
        assert httpx.get(f"{address}/healthz", timeout=60).status_code == 200


def test_a_body_that_does_not_come_is_not_waited_for(
    library: Workshop, fake_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.api.app._ARRIVAL", 0.3)
    head = "POST /api/v1/ask HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", "Content-Length: 50"
    with (
        served(create_app(_settings(library))) as address,
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=60) as slow,
    ):
        slow.sendall("\r\n".join([*head, "", "{"]).encode())
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")


class _Held:
    """Every question is held until `enough` is set; `going` says that one is being answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.going, self.enough = threading.Semaphore(0), threading.Event()
        self._ask = Assistant.ask
        monkeypatch.setattr(Assistant, "ask", lambda *given: self._held(*given))

    def _held(self, *given: object) -> Iterator[object]:
        self.going.release()
        self.enough.wait(20)
        yield from self._ask(*given)  # type: ignore[arg-type]


def test_who_asks_so_much_at_once_waits_and_is_told_when_it_takes_too_long(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve("192.0.2.1", anonymous="reader", concurrent_requests=5, request_seconds=0.3)
    held = _Held(monkeypatch)
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(client.post, "/api/v1/ask", json=_ASK)
        assert held.going.acquire(timeout=20)
        refused = client.get("/api/v1/documents")
        assert _code(refused) == (429, "too_many_at_once")
        assert refused.headers["retry-after"] == "5"
        assert client.get("/healthz").status_code == 200
        held.enough.set()
        asked.result()
    assert client.get("/api/v1/documents").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.1"])
def test_fifty_at_once_wait_for_their_turn(serve: Serve, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    client = serve(address, anonymous="reader", concurrent_requests=10, requests_per_minute=0)
    held = _Held(monkeypatch)
    with ThreadPoolExecutor(10) as elsewhere:
        asked = [elsewhere.submit(client.post, "/api/v1/ask", json=_ASK) for _ in range(50)]
        assert held.going.acquire(timeout=20)
        held.enough.set()
        assert {one.result().status_code for one in asked} == {200}


def test_a_place_goes_to_whoever_came_first_and_may_have_it() -> None:
    async def arrive() -> list[str]:
        limits, came = Limits(0, 10), list[str]()

        async def enter(name: str, client: str) -> None:
            await limits.enter(client, True, 20)
            came.append(name)

        waiting = [asyncio.create_task(enter(f"a{number}", "a")) for number in range(4)]
        waiting.append(asyncio.create_task(enter("b", "b")))
        for _ in range(3):
            await asyncio.sleep(0)
        assert came == ["a0", "a1", "b"], "two of ten are one client's share"
        waiting[2].cancel()
        await asyncio.wait({waiting[2]})
        limits.leave("a")
        await waiting[3]
        for client in ("a", "a", "b"):
            limits.leave(client)
        assert all(limits.is_free(client, True) for client in "ab")
        return came

    with ThreadPoolExecutor(1) as elsewhere:  # the browser tests keep a loop running in this thread
        assert elsewhere.submit(asyncio.run, arrive()).result() == ["a0", "a1", "b", "a3"]


def test_no_line_is_endless() -> None:
    async def arrive() -> list[str]:
        limits, refused = Limits(0, 5), list[str]()

        async def enter(client: str) -> None:
            try:
                await limits.enter(client, True, 20)
            except AssistantError as error:
                refused.append(error.code)

        tasks = [asyncio.create_task(enter("a")) for _ in range(8)]  # one in, five in the line
        tasks += [asyncio.create_task(enter(f"b{number}")) for number in range(52)]  # four in, 45 in the line
        for _ in range(3):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        return refused

    with ThreadPoolExecutor(1) as elsewhere:
        refused = elsewhere.submit(asyncio.run, arrive()).result()
    assert refused == ["too_many_at_once"] * 2 + ["service_busy"] * 3


# --- headers, logs ------------------------------------------------------------------------------


def test_headers_keep_a_browser_careful(client: TestClient) -> None:
    for path in ("/", "/api/v1/documents", "/nothing", "/static/page.js"):
        headers = client.get(path).headers
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers
    assert client.get("/api/v1/documents").headers["cache-control"] == "no-store"
    secure = TestClient(client.app, base_url="https://127.0.0.1:8000")
    assert "max-age" in secure.get("/").headers["strict-transport-security"]


def test_documents_html_is_handed_over_and_never_shown(client: TestClient) -> None:
    documents = client.get("/api/v1/documents").json()["documents"]
    id = next(one["id"] for one in documents if one["path"] == "export.html")
    headers = client.get(f"/api/v1/documents/{id}/file").headers
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-security-policy"].startswith("sandbox;")
    assert headers["x-content-type-options"] == "nosniff"


def test_a_request_has_an_id(client: TestClient) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "mine-12345"}).headers["x-request-id"]
    assert given == "mine-12345"
    for unfit in ("a", "x" * 65, "a b c d e f", "<script>alert</script>"):
        own = client.get("/healthz", headers={"X-Request-ID": unfit}).headers["x-request-id"]
        assert own != unfit and len(own) == 32


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Path]:
    root, ours = logging.getLogger(), logging.getLogger("assistant")
    kept = root.handlers[:], root.level, ours.level
    with (tmp_path / "log").open("w") as stream:
        logs.begin("json", stream)
        yield tmp_path / "log"
    root.handlers[:], root.level, ours.level = kept[0], kept[1], kept[2]


@pytest.mark.parametrize("told", [False, True])
def test_the_log_tells_of_requests_and_of_questions_only_when_it_may(
    serve: Serve, lines: Path, told: bool
) -> None:
    client = serve(log_questions=told)
    client.post("/api/v1/ask", json=_ASK, headers={"X-Request-ID": "request-1"})
    client.get("/api/v1/search", params={"q": "Hva koster prosjektet?"})
    client.get("/api/v1/documents/hemmelig-id")
    written = lines.read_text()
    entries = [json.loads(line) for line in written.splitlines()]
    asked = next(one for one in entries if one.get("route") == "/api/v1/ask")
    assert (asked["status"], asked["who"], asked["request_id"]) == (200, "local", "request-1")
    assert asked["milliseconds"] > 0
    assert ("prosjektet" in written) is told
    assert "hemmelig-id" not in written
    if told:
        question = next(one for one in entries if "question" in one)
        assert (question["question"], question["request_id"]) == (_ASK["question"], "request-1")


def test_what_is_unforeseen_is_logged_with_its_request(
    serve: Serve, lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve()
    monkeypatch.setattr(Assistant, "ask", lambda *given: 1 / 0)
    response = client.post("/api/v1/ask", json=_ASK)
    assert _code(response) == (500, "unexpected")
    entries = [json.loads(line) for line in lines.read_text().splitlines()]
    (entry,) = [one for one in entries if "exception" in one]
    assert "ZeroDivisionError" in entry["exception"]
    assert entry["request_id"] == response.headers["x-request-id"]


# --- figures ------------------------------------------------------------------------------------


def test_metrics_count_what_happens(client: TestClient) -> None:
    client.post("/api/v1/ask", json=_ASK)
    client.post("/api/v1/ask", json=_ASK, headers={"Accept": "text/event-stream"})
    client.post("/api/v1/feedback", json={"answer_id": "a1", "rating": -1, "comment": "hemmelig"})
    client.get("/nothing/at/all")
    text = client.get("/metrics").text
    assert 'assistant_answers_total{language="nb",status="answered"} 2.0' in text
    assert 'assistant_requests_total{method="POST",route="/api/v1/ask",status="200"} 2.0' in text
    assert 'assistant_requests_total{method="GET",route="other",status="404"} 1.0' in text
    assert 'assistant_feedback_total{rating="down"} 1.0' in text
    assert 'assistant_stage_seconds_count{stage="search"} 2.0' in text
    assert "assistant_documents 4.0" in text
    assert "assistant_dropped_sentences_total 0.0" in text
    assert "assistant_generation_info{" in text
    assert "hemmelig" not in text and "prosjektet" not in text


def test_metrics_without_an_index(workshop: Workshop) -> None:
    client = TestClient(create_app(settings_over(workshop)))
    assert "assistant_documents 0.0" in client.get("/metrics").text


# --- feedback -----------------------------------------------------------------------------------


def test_feedback_is_kept_and_the_last_word_counts(workshop: Workshop) -> None:
    client = TestClient(create_app(settings_over(workshop)))
    assert client.get("/api/v1/feedback").json() == {"feedback": []}
    for rating, comment in ((1, "bra"), (-1, "feil årstall")):
        body = {"answer_id": "a1", "rating": rating, "comment": comment}
        assert client.post("/api/v1/feedback", json=body).status_code == 204
    (kept,) = client.get("/api/v1/feedback").json()["feedback"]
    assert (kept["answer_id"], kept["rating"], kept["comment"], kept["owner"]) == ("a1", -1, "feil årstall", "")
    assert (workshop.data / "feedback.sqlite").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "body", [{}, {"answer_id": "a"}, {"answer_id": "a", "rating": 0}, {"answer_id": "", "rating": 1},
             {"answer_id": "a", "rating": 1, "comment": "x" * 4001}, {"answer_id": "../a", "rating": 1}]
)  # fmt: skip
def test_feedback_that_is_none_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert _code(client.post("/api/v1/feedback", json=body)) == (422, "request_invalid")


def test_feedback_that_cannot_be_kept_is_told(workshop: Workshop) -> None:
    (workshop.data / "feedback.sqlite").mkdir(parents=True)
    client = TestClient(create_app(settings_over(workshop)))
    response = client.post("/api/v1/feedback", json={"answer_id": "a1", "rating": 1})
    assert _code(response) == (503, "feedback_unavailable")


def test_feedback_is_forgotten_in_time_or_never_kept(tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from assistant.feedback import FeedbackBox

    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    box = FeedbackBox(tmp_path / "f.sqlite", 10, lambda: now[0])
    box.put("a1", 1, "", "k")
    now[0] += timedelta(days=11)
    assert box.latest(10) == ()
    FeedbackBox(tmp_path / "none.sqlite", 0).put("a1", 1, "", "k")
    assert not (tmp_path / "none.sqlite").exists()
