"""Whether the service is alive, and whether it is ready to answer: told at once, however busy it is."""

from __future__ import annotations

from http import HTTPStatus
from threading import Lock, Thread

import structlog
from flask import Flask, Response, current_app, jsonify
from flask_openapi3 import APIBlueprint, Tag

from index.errors import NewsquoteError
from service.newsquote import Newsquote
from service.schemas.problems import Health, Problem
from service.web.guards.security import csrf
from service.web.requests import newsquote

ALIVE, READY = "/healthz", "/readyz"
URGENT = frozenset((ALIVE, READY, "/metrics"))
"""What the server answers beside everything else."""
PATIENCE_S = 1.0
"""How long the store and the engine may take to say that they are ready."""

HEALTH = "Health"
_TAG = Tag(name=HEALTH)

bp = APIBlueprint("health", __name__, abp_responses={"4XX": Problem, "5XX": Problem})
csrf.exempt(bp)


class Readiness:
    """Asks whether the service is ready, one question at a time: a store that hangs holds up no request."""

    def __init__(self, service: Newsquote) -> None:
        self._service = service
        self._lock = Lock()
        self._asked = _Question(service)

    def state(self) -> str:
        """Return ``ready``, or why it is not, after ``PATIENCE_S`` at most."""
        with self._lock:
            if not self._asked.is_alive():
                self._asked = _Question(self._service)
                self._asked.start()
            asked = self._asked
        asked.join(PATIENCE_S)
        return asked.answer


class _Question(Thread):
    def __init__(self, service: Newsquote) -> None:
        super().__init__(name="readiness", daemon=True)
        self._service = service
        self.answer = "the store does not answer"

    def run(self) -> None:
        """Ask; what has changed is taken in meanwhile, as a proxy may send no question before this is ready."""
        try:
            if not self._service.upkeep.is_ready():
                self.answer = "catching up"
                self._service.upkeep.catch_up()
            self.answer = "ready" if self._service.upkeep.is_ready() else "catching up"
        except NewsquoteError as error:
            self.answer = str(error)
        except Exception as error:
            structlog.get_logger().error("readiness", exc_info=error)
            self.answer = "something went wrong here; it has been logged"


def register(app: Flask, service: Newsquote) -> None:
    """Let this app say how its service is."""
    app.extensions["readiness"] = Readiness(service)


@bp.get(ALIVE, tags=[_TAG], responses={200: Health})
def alive() -> Response:
    """Say that the service is alive"""
    return jsonify(Health(status="alive", broken_quotes=newsquote().broken_quotes).model_dump())


@bp.get(READY, tags=[_TAG], responses={200: Health})
def ready() -> tuple[Response, int]:
    """Say whether the models are loaded and the engine has caught up with the store"""
    state = current_app.extensions["readiness"].state()
    body = Health(status=state, broken_quotes=newsquote().broken_quotes)
    return jsonify(body.model_dump()), HTTPStatus.OK if state == "ready" else HTTPStatus.SERVICE_UNAVAILABLE
