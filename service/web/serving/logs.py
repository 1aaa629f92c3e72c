"""A log line for each request, with its status and time, under an id that an error shows as well.

Neither ids are logged nor, unless a setting wants them, questions.
"""

from __future__ import annotations

import secrets
import time
from functools import partial

import structlog
from flask import Flask, Response, g, request

from index import timing
from service.conversing.turn import Turn
from service.newsquote import Newsquote

REQUEST_ID = "X-Request-Id"


def place() -> str:
    """Return the route of this request, without the ids in its address: whoever has a conversation's may read it."""
    return request.url_rule.rule if request.url_rule else "none"


def request_id() -> str:
    """Return what the log calls this request."""
    found: str = g.get("request_id", "")
    return found


def seconds() -> dict[str, float]:
    """Return how long each stage of this request has taken so far."""
    found: dict[str, float] = g.get("stages", {})
    return found


def took_s() -> float:
    """Return how long this request has taken so far."""
    return time.perf_counter() - float(g.get("started", time.perf_counter()))


def register(app: Flask, service: Newsquote) -> None:
    """Log each request with its status and time, and how each question was answered."""
    service.watch(partial(_answered, service.settings.log_questions))

    @app.before_request
    def start() -> None:
        g.started, g.stages, g.request_id = time.perf_counter(), timing.begin(), secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[REQUEST_ID] = request_id()
        stages = {f"{name}_ms": round(1000 * spent, 1) for name, spent in seconds().items()}
        structlog.get_logger().info(
            "request",
            method=request.method,
            path=place(),
            status=response.status_code,
            ms=round(1000 * took_s(), 1),
            **stages,
        )
        return response


def _answered(with_question: bool, turn: Turn) -> None:
    said = {"question": turn.question.text} if with_question else {}
    structlog.get_logger().info("answered", outcome=turn.answer.outcome.value, ms=turn.took_ms, **said)
