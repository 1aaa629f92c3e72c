"""What happens here, as Prometheus reads it. The only file that names prometheus_client.

With several processes, counts are kept in files that all of them add to: ``PROMETHEUS_MULTIPROC_DIR`` names their
folder before this is imported, as that library wants it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Lock

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.application.keys import Scope
from service.newsquote import Newsquote
from service.web.guards.access import require
from service.web.guards.waiting import WAITED, WAITING
from service.web.serving import logs

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30)

bp = Blueprint("metrics", __name__)


class Metrics:
    """What is counted and measured."""

    def __init__(self, service: Newsquote) -> None:
        counted = CollectorRegistry()
        self._requests = Counter(
            "newsquote_requests", "Requests answered.", ["method", "route", "status"], registry=counted
        )
        self._seconds = Histogram(
            "newsquote_request_seconds", "How long requests take.", ["route"], registry=counted, buckets=_SECONDS
        )
        self._waited = Histogram(
            "newsquote_wait_seconds", "How long requests wait for their turn.", registry=counted, buckets=_SECONDS
        )
        self._stages = Histogram(
            "newsquote_stage_seconds",
            "How long the stages of an answer take.",
            ["stage"],
            registry=counted,
            buckets=_SECONDS,
        )
        self._outcomes = Counter("newsquote_questions", "Questions answered.", ["outcome"], registry=counted)
        self._broken = Counter(
            "newsquote_broken_quotes", "Quotes refused as they were not their article's text.", registry=counted
        )
        self._counted, self._service = counted, service
        self._lock, self._known_broken = Lock(), 0
        service.watch(lambda turn: self._outcomes.labels(turn.answer.outcome.value).inc())

    def note(self, response: Response) -> Response:
        """Count this request."""
        self._requests.labels(request.method, logs.place(), response.status_code).inc()
        self._seconds.labels(logs.place()).observe(logs.took_s())
        self._waited.observe(request.environ.get(WAITED, 0.0))
        for stage, spent in logs.seconds().items():
            self._stages.labels(stage).observe(spent)
        self._note_broken(self._service.broken_quotes)
        return response

    def _note_broken(self, broken: int) -> None:
        with self._lock:
            self._broken.inc(max(0, broken - self._known_broken))
            self._known_broken = max(broken, self._known_broken)

    def text(self) -> bytes:
        """Return it all as text."""
        shown = CollectorRegistry()
        if FOLDER in os.environ:
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        else:
            shown.register(self._counted)
        shown.register(_Archive(self._service, request.environ.get(WAITING, 0)))
        return generate_latest(shown)


class _Archive(Collector):
    """What the archive holds, and how far the engine is behind it: asked when it is read."""

    def __init__(self, service: Newsquote, waiting: int) -> None:
        self._service, self._waiting = service, waiting

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self._service.upkeep.state()
        yield GaugeMetricFamily("newsquote_articles", "Current articles.", state.articles)
        yield GaugeMetricFamily("newsquote_sentences", "Sentences that are searched.", state.sentences)
        yield GaugeMetricFamily("newsquote_engine_lag", "Changes that the engine has not taken in yet.", state.lag)
        yield GaugeMetricFamily("newsquote_waiting_requests", "Requests that wait for this process.", self._waiting)


def register(app: Flask, service: Newsquote) -> None:
    """Count what this app answers."""
    metrics = app.extensions["metrics"] = Metrics(service)
    app.after_request(metrics.note)
    app.register_blueprint(bp)


@bp.get("/metrics")
def show() -> Response:
    """Return the metrics, to whoever may change things: they tell how much is asked here."""
    require(Scope.ADMIN)
    return Response(current_app.extensions["metrics"].text(), content_type=CONTENT_TYPE_LATEST)
