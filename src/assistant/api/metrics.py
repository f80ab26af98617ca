"""What Prometheus is told. prometheus_client is used here alone."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant import lastrun, moments, phrases
from assistant.answer import Assistant, Event
from assistant.errors import AssistantError
from assistant.jobstate import JobState
from assistant.lastrun import LastRun
from assistant.types import Answer

router = APIRouter(include_in_schema=False)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

_LAST_RUN = {
    "last_run_timestamp_seconds": "When the last run of the job ended, wherever it was started; 0 before the first.",
    "last_run_success": "Whether it went well: 1, or 0 where it published nothing.",
    "last_run_duration_seconds": "How long it took.",
    "failed_files": "Files that it could not read.",
    "added_documents": "Documents that it took in for the first time.",
    "changed_documents": "Documents that it read anew.",
    "removed_documents": "Documents that it took out.",
    "embedded_passages": "Passages that it embedded.",
}


class Metrics:
    """The figures of one application. Safe to use from many threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests, by address, method and status.", "route", "method", "status"
        )
        self._seconds = self._histogram("request_seconds", "Seconds from a request to the end of its reply.", "route")
        self._under_way = self._gauge("requests_under_way", "Requests that are not done.")
        self._stages = self._histogram("stage_seconds", "Seconds of a stage of an answer.", "stage")
        self._answers = self._counter("answers", "Answers, by status and language.", "status", "language")
        self._dropped = self._counter("dropped_sentences", "Drafted sentences that no document bore.")
        self._fallbacks = self._counter("model_fallbacks", "Answers in which a language model failed.")
        self._ratings = self._counter("feedback", "Thumbs, by rating.", "rating")
        self._runs = self._counter("ingest_runs", "Runs of the job that the service started.", "status")
        self._run = {name: self._gauge(f"ingest_{name}", about) for name, about in _LAST_RUN.items()}
        self._documents = self._gauge("documents", "Documents in the generation in use.")
        self._passages = self._gauge("passages", "Passages in the generation in use.")
        self._unread = self._gauge("unread_documents", "Documents of which an earlier version answers.")
        self._published = self._gauge("generation_created_timestamp_seconds", "When the generation in use was made.")
        self._generation = self._gauge("generation_info", "The generation in use.", "generation")

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"assistant_{name}", about, labels, registry=self._registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"assistant_{name}", about, labels, registry=self._registry)

    def _histogram(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(f"assistant_{name}", about, labels, buckets=_SECONDS, registry=self._registry)

    def begun(self) -> None:
        self._under_way.inc()

    def done(self, route: str, method: str, status: int, seconds: float) -> None:
        """`route` is the address with its parameters' names, so that there are few of them."""
        known = method if method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS") else "other"
        self._under_way.dec()
        self._requests.labels(route or "other", known, str(status)).inc()
        self._seconds.labels(route or "other").observe(seconds)

    def observed(self, events: Iterator[Event]) -> Generator[Event, None, None]:
        """The events of an answer, which is counted when it is there. Closing it closes `events`."""
        try:
            for event in events:
                if isinstance(event, Answer):
                    self.answered(event)
                yield event
        finally:
            if isinstance(events, Generator):
                events.close()

    def answered(self, answer: Answer) -> None:
        self._answers.labels(answer.status, answer.language).inc()
        self._dropped.inc(len(answer.dropped))
        if answer.notice not in (None, phrases.not_kept(answer.language)):
            self._fallbacks.inc()
        for stage, milliseconds in answer.milliseconds.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def rated(self, rating: int) -> None:
        self._ratings.labels("up" if rating > 0 else "down").inc()

    def settled(self, state: JobState) -> None:
        self._runs.labels(state.status).inc()

    def written(self, assistant: Assistant) -> bytes:
        """In Prometheus's text format."""
        self._generation.clear()
        self._tell_of(lastrun.get(assistant.index.folders.data))
        try:
            with assistant.index.reading() as generation:
                self._documents.set(len(generation.sources))
                self._passages.set(generation.manifest.passages)
                self._unread.set(generation.manifest.unread)
                self._published.set(moments.timestamp(generation.manifest.created))
                self._generation.labels(generation.name).set(1)
        except AssistantError:  # /readyz tells what is wrong
            self._documents.set(0)
            self._passages.set(0)
        return generate_latest(self._registry)

    def _tell_of(self, run: LastRun | None) -> None:
        """The last run of the job, whoever started it: the service, a timer, or one that watches."""
        if run is not None:
            self._run["last_run_timestamp_seconds"].set(run.timestamp)
            self._run["last_run_success"].set(not run.error)
            self._run["last_run_duration_seconds"].set(run.seconds)
            self._run["failed_files"].set(run.failed)
            self._run["added_documents"].set(run.added)
            self._run["changed_documents"].set(run.changed)
            self._run["removed_documents"].set(run.removed)
            self._run["embedded_passages"].set(run.embedded)


def _metrics(request: Request) -> Metrics:
    return cast("Metrics", request.app.state.metrics)


TheMetrics = Annotated[Metrics, Depends(_metrics)]


@router.get("/metrics")
def metrics(request: Request, metrics: TheMetrics) -> Response:
    """Of all documents: for whoever runs the service."""
    return Response(metrics.written(cast("Assistant", request.app.state.assistant)), media_type=CONTENT_TYPE_LATEST)
