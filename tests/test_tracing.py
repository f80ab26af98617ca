"""Traces: sent only where OpenTelemetry's variables ask for them, to a collector on this machine here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.testclient import TestClient

from assistant.api.app import create_app
from assistant.api.tracing import open_traces
from assistant.errors import TracesNotInstalled, TracesUnsupported
from tests.fakes import Workshop, chat_model, settings_over

_ASK = {"question": "Hva koster prosjektet?"}
_STAGES = {"understand", "search", "rerank", "read", "say", "cite"}


class Collector:
    """Keeps what is sent to `address`."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def resources(self) -> dict[str, str]:
        (one, *_) = [request.resource_spans[0] for request in self._requests()]
        return {pair.key: pair.value.string_value for pair in one.resource.attributes}

    def spans(self) -> list[Span]:
        return [
            span
            for request in self._requests()
            for of_resource in request.resource_spans
            for scope in of_resource.scope_spans
            for span in scope.spans
        ]

    def _requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in self.bodies]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.address)
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _attributes(span: Span) -> dict[str, object]:
    return {
        pair.key: pair.value.int_value if pair.value.HasField("int_value") else pair.value.string_value
        for pair in span.attributes
    }


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("written", [False, True], ids=["quotes", "model"])
def test_a_question_is_a_trace_with_its_stages(
    library: Workshop, fake_model: None, collector: Collector, accept: str, written: bool
) -> None:
    app = create_app(settings_over(library))
    parent = "00-11111111111111111111111111111111-2222222222222222-01"
    chat = chat_model("Sju kommuner deltar i prosjektet [1].") if written else None
    with library.assistant(chat) as assistant, TestClient(app) as client:
        app.state.assistant = assistant
        client.get("/healthz")
        headers = {"Accept": accept, "traceparent": parent, "X-Request-ID": "request-1"}
        assert client.post("/api/v1/ask", json=_ASK, headers=headers).status_code == 200
    (request,) = [span for span in collector.spans() if span.name == "POST /api/v1/ask"]
    stages = [span for span in collector.spans() if span is not request and span.name in _STAGES]
    assert len(collector.spans()) == len(stages) + 1
    assert {span.name for span in stages} == _STAGES
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == ("1" * 32, "2" * 16)
    assert request.kind == Span.SPAN_KIND_SERVER
    assert _attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/api/v1/ask",
        "http.response.status_code": 200,
        "assistant.request_id": "request-1",
    }
    for span in stages:
        assert (span.trace_id, span.parent_span_id) == (request.trace_id, request.span_id)
        assert request.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= request.end_time_unix_nano + 1_000_000
    assert collector.resources()["service.name"] == "romerike-assistant"


def test_no_word_of_what_is_asked_or_answered_is_sent(
    library: Workshop, fake_model: None, collector: Collector
) -> None:
    with TestClient(create_app(settings_over(library))) as client:
        client.post("/api/v1/ask", json=_ASK)
        client.get("/api/v1/search", params={"q": "Hva koster prosjektet?", "kind": "reisenotat"})
        client.post("/api/v1/overview", json={"question": "List opp kostnader i prosjektet"})
        client.get("/api/v1/documents/hemmelig-id")
        client.get("/prosjektet")
        client.post("/api/v1/ask", json={"question": "Hva koster prosjektet?", "filters": {"kinds": ["hemmelig"]}})
    sent = b"".join(collector.bodies).lower()
    for word in ("koster", "prosjekt", "romerike:", "plan", "kommun", "reisenotat", "hemmelig", "kroner"):
        assert word.encode() not in sent
    names = {span.name for span in collector.spans()}
    assert {"GET /api/v1/documents/{id}", "GET other", "GET /api/v1/search"} <= names


def test_what_goes_wrong_is_told_without_its_text(
    library: Workshop, fake_model: None, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "kontoret")
    app = create_app(settings_over(library))
    with TestClient(app, raise_server_exceptions=False) as client:
        del app.state.suggestions
        assert client.get("/api/v1/questions").status_code == 500
    (span,) = collector.spans()
    assert span.status.code == span.status.STATUS_CODE_ERROR
    assert b"suggestions" not in b"".join(collector.bodies)
    assert collector.resources()["service.name"] == "kontoret"


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_SERVICE_NAME": "x"},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
        {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
    ],
)
def test_unasked_nothing_is_opened(environment: dict[str, str]) -> None:
    assert open_traces(environment) is None


def test_unasked_nothing_is_imported(tmp_path: Path) -> None:
    program = (
        "import json, sys\nfrom assistant.api.app import create_app\nfrom assistant.settings import Settings\n"
        "app = create_app(Settings())\n"
        "print(json.dumps([app.state.traces, [m for m in sys.modules if m.startswith('opentelemetry.exporter')]]))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [None, []]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "zipkin"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "grpc"),
    ],
)
def test_what_cannot_be_used_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(TracesUnsupported, match=named):
        open_traces(environment)


def test_without_the_package_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(TracesNotInstalled, match=r"\.\[otel\]"):
        open_traces({"OTEL_TRACES_EXPORTER": "otlp"})
