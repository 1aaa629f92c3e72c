"""How long a request may wait for its turn, and how long its answer may take."""

from __future__ import annotations

from functools import partial

from flask import Flask, request

from index import deadline
from service.errors import Overloaded
from service.settings import Settings
from service.web.guards.costs import WITH_ARTICLES

WAITED = "newsquote.waited_s"
"""Where the server notes in the WSGI environment how long a request has waited for a thread."""

WAITING = "newsquote.waiting"
"""Where it notes how many others wait."""


def register(app: Flask, settings: Settings) -> None:
    """Refuse what has waited too long already, and give everything else its time."""
    app.before_request(partial(_begin, settings))
    app.teardown_request(lambda _: deadline.stop())  # a streamed answer is over by then


def _begin(settings: Settings) -> None:
    if request.environ.get(WAITED, 0.0) > settings.max_wait_s:
        raise Overloaded(settings.max_wait_s)
    deadline.start(settings.add_timeout_s if request.endpoint in WITH_ARTICLES else settings.answer_timeout_s)
