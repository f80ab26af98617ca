"""Traces, where OpenTelemetry's own variables ask for them: a request is a span, the stages of an answer are spans
in it. Neither an address nor a word of what is asked or answered is in them.

The only module that knows OpenTelemetry, which is imported when it is asked for. The tracer is ours alone: what other
libraries would tell of themselves, texts among it, is not sent."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.errors import TracesNotInstalled, TracesUnsupported

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

_NAME = "romerike-assistant"
_ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"
_STAGES = {"draft": "say", "verify": "say"}
"""What an answer is said by, with a language model and without, under the one name that the stage has."""


def open_traces(environment: Mapping[str, str]) -> Traces | None:
    """None where the environment asks for none. Raises TracesNotInstalled and TracesUnsupported."""
    wanted = _wanted(environment)
    if wanted is None:
        return None
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=_resource(environment), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_exporter(wanted)))
    return Traces(provider)


class Traces:
    """Safe to use from many threads."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer(_NAME, version(_NAME))
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, headers: Mapping[str, str]) -> TracedRequest:
        """A request, in the trace that its `traceparent` names, else in one of its own."""
        from opentelemetry.trace import SpanKind

        parent = self._propagator.extract(headers)
        return TracedRequest(self, self._tracer.start_span("request", parent, SpanKind.SERVER))

    def stage(self, request: Span, name: str, began: int, ended: int) -> None:
        from opentelemetry.trace import set_span_in_context

        span = self._tracer.start_span(_STAGES.get(name, name), set_span_in_context(request), start_time=began)
        span.end(ended)

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()


class TracedRequest:
    """A span on its way."""

    def __init__(self, traces: Traces, span: Span) -> None:
        self._traces = traces
        self._span = span

    def stage(self, name: str, began: int, ended: int) -> None:
        """A `stages.Listener`."""
        self._traces.stage(self._span, name, began, ended)

    def end(self, method: str, route: str, status: int, id: str) -> None:
        """`route` is the address with its parameters' names."""
        from opentelemetry.trace import StatusCode

        self._span.update_name(f"{method} {route}")
        self._span.set_attributes(
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
                "assistant.request_id": id,
            }
        )
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


def _wanted(environment: Mapping[str, str]) -> str | None:
    """"otlp", "console" or None, as OpenTelemetry's specification reads the variables, but for one thing: without any
    of them nothing is sent."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip()
    if not exporter:
        exporter = "otlp" if any(environment.get(name) for name in _ADDRESSES) else "none"
    if exporter not in ("otlp", "console", "none"):
        raise TracesUnsupported("OTEL_TRACES_EXPORTER", exporter, "otlp, console, none")
    if exporter == "otlp":
        for name in _PROTOCOLS:
            if environment.get(name, _PROTOCOL) != _PROTOCOL:
                raise TracesUnsupported(name, environment[name], _PROTOCOL)
    return None if exporter == "none" else exporter


def _exporter(wanted: str) -> SpanExporter:
    if wanted == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise TracesNotInstalled from error
    return OTLPSpanExporter()


def _resource(environment: Mapping[str, str]) -> Resource:
    """What the variables say of this service; its name where they do not."""
    from opentelemetry.sdk.resources import Resource

    named = environment.get("OTEL_SERVICE_NAME") or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    about = {"service.version": version(_NAME)}
    return Resource.create(about if named else about | {"service.name": _NAME})
