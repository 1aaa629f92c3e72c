"""A log line for each request, with its status and time. Neither questions nor ids are logged."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request


def place() -> str:
    """Return the route of this request, without the ids in its address: whoever has a conversation's may read it."""
    return request.url_rule.rule if request.url_rule else "none"


def register(app: Flask) -> None:
    """Log each request with its status and time."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        started = g.get("started", time.perf_counter())
        structlog.get_logger().info(
            "request",
            method=request.method,
            path=place(),
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - started), 1),
        )
        return response
