"""The factory and its blueprints."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from flask import jsonify, request
from flask_openapi3 import Info, OpenAPI

from index.formats.fields import MAX_CHARS
from index.formats.registry import FORMATS
from index.text.sentences import heading
from service import VERSION, places
from service.application.chats import MAX_NAME_CHARS, SEARCHED_TURNS
from service.application.feedback import MAX_NOTE_CHARS
from service.citing.links import text_fragment
from service.english.dates import written, written_month, written_short
from service.newsquote import Newsquote
from service.schemas.problems import Problem
from service.schemas.quotes import ReportBody
from service.visible import visible
from service.web import errors, openapi
from service.web.api import articles, feeds, questions
from service.web.api import collections as collections_api
from service.web.api import watches as watches_api
from service.web.api.docs import docs
from service.web.guards import access, bodies, cors, proxies, rates, security, waiting
from service.web.pages import adding, archive, chat, collections, signing_in, sources, theme, verify, watches
from service.web.pages.arranging import Arrangement
from service.web.pages.figures import Chart
from service.web.pages.marking import quote_pieces, word_pieces
from service.web.serving import compression, health, logs, metrics


def create_app(newsquote: Newsquote | None = None) -> OpenAPI:
    """Return the web application, by default for a Newsquote with the environment's settings."""
    newsquote = newsquote or Newsquote.open()
    app = OpenAPI(
        __name__,
        info=Info(title="Newsquote", version=VERSION, description="Answers questions about news by quoting it."),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        template_folder=str(places.TEMPLATES),
        doc_ui=False,
        validation_error_callback=errors.invalid,
        validation_error_model=Problem,
    )
    app.extensions["newsquote"] = newsquote
    proxies.register(app, newsquote.settings)
    logs.register(app, newsquote)
    waiting.register(app, newsquote.settings)
    bodies.register(app, newsquote.settings)
    cors.register(app, newsquote.settings)
    compression.register(app)
    security.register(app, newsquote.settings)
    rates.register(app, newsquote.settings, lambda: newsquote.counters)
    access.register(app, newsquote.settings)
    errors.register(app)
    health.register(app, newsquote)
    metrics.register(app, newsquote)
    for operations in (questions.bp, articles.bp, collections_api.bp, feeds.bp, watches_api.bp, health.bp):
        app.register_api(operations)
    for pages in (chat, archive, adding, collections, sources, verify, watches, signing_in):
        app.register_blueprint(pages.bp)
    theme.register(app)
    documents = cache(partial(openapi.document, app, newsquote.settings))

    def described() -> dict[str, Any]:
        needs_token = access.needs_token(newsquote.settings)
        return documents(needs_token) | {"servers": [{"url": request.script_root or "/"}]}

    app.add_url_rule("/api/openapi.json", view_func=lambda: jsonify(described()), endpoint="openapi_json")
    app.add_url_rule("/api/docs", view_func=lambda: docs(described()), endpoint="api_docs")
    _prepare_templates(app, newsquote)
    return app


def _prepare_templates(app: OpenAPI, newsquote: Newsquote) -> None:
    app.jinja_env.filters |= {
        "day": written,
        "short_day": written_short,
        "month": written_month,
        "report": ReportBody.of,
        "arranged": Arrangement.of,
        "pieces": quote_pieces,
        "word_pieces": word_pieces,
        "heading": heading,
        "visible": visible,
        "text_fragment": text_fragment,
        "chart": Chart.of,
    }
    app.jinja_env.globals |= {
        "settings": newsquote.settings,
        "max_name_chars": MAX_NAME_CHARS,
        "max_note_chars": MAX_NOTE_CHARS,
        "searched_turns": SEARCHED_TURNS,
        "max_chars": MAX_CHARS,
        "formats": FORMATS,
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
