"""Web sources, from a server on the loopback address: fetched when changed, within limits, never from a private one."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant import moments
from assistant.answer import Question
from assistant.errors import BadSources
from assistant.viewer import source_page
from assistant.viewer.look import Look
from ingest import web
from ingest.web import Unfetched, WebSource, fetch, listed
from ingest.web_ask import Limits, is_public
from tests.fakes import Workshop

Page = tuple[int, dict[str, str], bytes]
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_PLAN = b'<html lang="nb"><title>Plan</title><p>Prosjektet koster 4,2 millioner kroner.</p></html>'


@dataclass
class Site:
    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    slow: float = 0.0

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, headers, content = made.pages.get(self.path, (404, {}, b""))
            asked = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
            if asked == (headers.get("ETag"), headers.get("Last-Modified")) != (None, None):
                status, content = 304, b""
            made.answered.append(status)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for at in range(0, len(content), 1000):
                time.sleep(made.slow)
                try:
                    self.wfile.write(content[at : at + 1000])
                except OSError:
                    return

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def _fetch(site: Site, folder: Path, *paths: str, megabytes: int = 1, seconds: float = 10.0) -> list[Unfetched]:
    sources = [WebSource(site.url + path, title="Tittel", kind="nettside") for path in paths]
    return fetch(sources, folder, Limits(megabytes, seconds), lambda address: True)


def _copies(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".fetched.json" and not path.name.endswith(".yaml")
    }


def test_a_page_is_kept_with_what_is_said_of_it_and_when_it_was_fetched(site: Site, tmp_path: Path) -> None:
    site.pages["/om/oss"] = (200, _HTML, b"<p>Om oss.</p>")
    assert _fetch(site, tmp_path, "/om/oss") == []
    ((name, content),) = _copies(tmp_path).items()
    assert name.startswith("om-oss-") and name.endswith(".html")
    assert content == b"<p>Om oss.</p>"
    (kept,) = json.loads((tmp_path / ".fetched.json").read_text()).values()
    assert kept["fetched"].endswith("Z")
    sidecar = (tmp_path / (kept["file"] + ".yaml")).read_text()
    assert "title: Tittel" in sidecar
    assert f"url: {site.url}/om/oss" in sidecar
    assert f"fetched: '{kept['fetched'][:10]}'" in sidecar


def test_only_what_has_changed_is_sent_again(site: Site, tmp_path: Path) -> None:
    site.pages["/a"] = (200, _HTML | {"ETag": '"1"', "Last-Modified": "Tue, 01 Oct 2024 10:00:00 GMT"}, b"En.")
    _fetch(site, tmp_path, "/a")
    (first,) = json.loads((tmp_path / ".fetched.json").read_text()).values()
    assert _fetch(site, tmp_path, "/a") == []
    assert list(_copies(tmp_path).values()) == [b"En."]
    headers = site.asked[-1][1]
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Tue, 01 Oct 2024 10:00:00 GMT"
    (second,) = json.loads((tmp_path / ".fetched.json").read_text()).values()
    assert second["fetched"] == first["fetched"]
    site.pages["/a"] = (200, _HTML | {"ETag": '"2"'}, b"To.")
    _fetch(site, tmp_path, "/a")
    assert list(_copies(tmp_path).values()) == [b"To."]


def test_from_the_list_to_an_answer_that_says_where_it_is_from_and_of_which_day(
    site: Site, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "fetch", partial(fetch, allowed=lambda address: True))
    monkeypatch.setattr(moments, "now", lambda: "2024-05-03T10:00:00Z")
    site.pages["/plan"] = (200, _HTML | {"Last-Modified": "Tue, 01 Oct 2024 10:00:00 GMT"}, _PLAN)
    workshop.put("sources.yaml", f"- url: {site.url}/plan\n  title: Vannplan\n  publisher: Kommunen\n")
    workshop.options = replace(workshop.options, web_sources=True)
    first = workshop.run()
    assert (first.added, first.failed) == (1, [])
    with workshop.assistant() as assistant:
        answer = assistant.answer(Question("Hva koster prosjektet?"))
        with assistant.index.reading() as generation:
            document = generation.document(answer.citations[0].document_id)
    assert answer.citations[0].quote == "Prosjektet koster 4,2 millioner kroner."
    assert (document.source.url, document.source.fetched) == (f"{site.url}/plan", "2024-05-03")
    assert answer.references == (f"Kommunen. (u.å.). *Vannplan*. Hentet 3. mai 2024 fra {site.url}/plan",)
    assert "Kommunen · hentet 3. mai 2024" in source_page(document, Look(), "nb", has_pages=False)

    monkeypatch.setattr(moments, "now", lambda: "2024-06-01T10:00:00Z")
    assert workshop.run().generation == first.generation
    assert (site.answered[-1], "if-none-match" in site.asked[-1][1]) == (304, False)
    site.pages["/plan"] = (200, _HTML, _PLAN.replace(b"4,2", b"4,3"))
    assert workshop.run().changed == 1
    with workshop.reading() as generation:
        assert [source.fetched for source in generation.sources.values()] == ["2024-06-01"]


def test_a_copy_outlives_a_failure_and_not_the_list(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/a": (200, _HTML, b"A."), "/b": (200, _HTML, b"B.")}
    _fetch(site, tmp_path, "/a", "/b")
    site.pages["/a"] = (500, {}, b"")
    (failed,) = _fetch(site, tmp_path, "/a", "/b", "/c")[:1]
    assert (failed.url, failed.kept, failed.error.code) == (f"{site.url}/a", True, "web_source_failed")
    assert sorted(_copies(tmp_path).values()) == [b"A.", b"B."]
    _fetch(site, tmp_path, "/b")
    assert list(_copies(tmp_path).values()) == [b"B."]
    assert len(list(tmp_path.rglob("*.yaml"))) == 1


@pytest.mark.parametrize(("rules", "fetched"), [(b"User-agent: *\nDisallow: /lukket", 1), (b"", 2)])
def test_robots_are_obeyed(site: Site, tmp_path: Path, rules: bytes, fetched: int) -> None:
    site.pages |= {"/robots.txt": (200, {}, rules), "/lukket/a": (200, _HTML, b"A."), "/b": (200, _HTML, b"B.")}
    failed = _fetch(site, tmp_path, "/lukket/a", "/b")
    assert len(_copies(tmp_path)) == fetched == len(site.paths())
    assert ["robots" in str(one.error) for one in failed] == [True] * (2 - fetched)
    assert site.asked[0][1]["user-agent"] == "romerike-assistant"


def test_where_robots_cannot_be_asked_for_nothing_is(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/robots.txt": (503, {}, b""), "/a": (200, _HTML, b"A.")}
    assert len(_fetch(site, tmp_path, "/a")) == 1
    assert site.paths() == []


def test_redirects_are_followed_so_far_and_obey_robots_where_they_lead(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /lukket"),
        "/gammel": (301, {"Location": "/ny"}, b""),
        "/ny": (200, _HTML, b"Ny."),
        "/rundt": (302, {"Location": "/rundt"}, b""),
        "/inn": (302, {"Location": "/lukket"}, b""),
        "/lukket": (200, _HTML, b"Lukket."),
        "/fil": (302, {"Location": "file:///etc/passwd"}, b""),
    }
    failed = _fetch(site, tmp_path, "/gammel", "/rundt", "/inn", "/fil")
    assert list(_copies(tmp_path).values()) == [b"Ny."]
    assert [one.url.removeprefix(site.url) for one in failed] == ["/rundt", "/inn", "/fil"]
    assert "no address of the web" in str(failed[2].error)


def test_limits_on_size_time_and_type(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/stor": (200, _HTML, b"x" * 1_100_000),
        "/bilde": (200, {"Content-Type": "image/png"}, b"x"),
        "/rapport.pdf": (200, {"Content-Type": "application/octet-stream"}, b"%PDF-"),
    }
    failed = _fetch(site, tmp_path, "/stor", "/bilde", "/rapport.pdf")
    assert ["larger than 1 MB" in str(failed[0].error), "image/png" in str(failed[1].error)] == [True, True]
    assert [name.rpartition(".")[2] for name in _copies(tmp_path)] == ["pdf"]
    site.pages["/treg"] = (200, _HTML, b"x" * 100_000)
    site.slow = 0.05
    started = time.monotonic()
    (slow,) = _fetch(site, tmp_path, "/treg", seconds=0.5)
    assert "too long" in str(slow.error)
    assert time.monotonic() - started < 4


def test_private_addresses_are_refused_also_by_name_and_after_a_redirect(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/a"] = (200, _HTML, b"A.")
    for url in (f"{site.url}/a", site.url.replace("127.0.0.1", "localhost") + "/a"):
        (failed,) = fetch([WebSource(url)], tmp_path, Limits(1))
        assert "no public address" in str(failed.error)
    assert site.asked == []

    names = {"outside.example": "127.0.0.1", "inside.example": "10.0.0.1"}
    port = int(site.url.rpartition(":")[2])

    def resolved(host: str, *more: object, **named: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names.get(host, host), port))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.web_ask.socket.getaddrinfo", lambda host, *more, **named: resolved(host))
        site.pages["/inn"] = (302, {"Location": f"http://inside.example:{port}/hemmelig"}, b"")
        source = WebSource(f"http://outside.example:{port}/inn")
        (failed,) = fetch([source], tmp_path, Limits(1), lambda address: address != "10.0.0.1")
    assert "inside.example is 10.0.0.1" in str(failed.error)
    assert site.asked[0][1]["host"] == f"outside.example:{port}", "the name is sent, the checked address connected to"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True), ("2001:4860:4860::8888", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "content",
    ["url: https://a.example", "- title: uten adresse", "- url: ftp://a.example", "- url: https://u:p@a.example",
     "- url: https://a.example\n  tittel: x", "- [", "- url: 'http://['"],
)  # fmt: skip
def test_a_wrong_list_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "sources.yaml").write_text(content)
    with pytest.raises(BadSources, match=r"sources\.yaml"):
        listed(tmp_path)


def test_a_list_and_none(tmp_path: Path) -> None:
    assert listed(tmp_path) == ()
    text = "- url: https://a.example/x\n  title: X\n  date: 2024-01-02\n- url: https://b.example\n"
    (tmp_path / "sources.yaml").write_text(text)
    assert listed(tmp_path) == (
        WebSource("https://a.example/x", "X", date="2024-01-02"),
        WebSource("https://b.example"),
    )
