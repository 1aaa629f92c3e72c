"""The factory and its blueprints."""

from __future__ import annotations

from flask import jsonify
from flask_openapi3 import Info, OpenAPI

from index.text.sentences import heading
from service import VERSION, places
from service.citing.links import text_fragment
from service.english.dates import written, written_short
from service.feedback import MAX_NOTE_CHARS
from service.newsquote import Newsquote
from service.schemas.problems import Problem
from service.web import api, archive, bodies, chat, errors, logs, security, verify
from service.web.marking import quote_pieces
from service.web.timeline import Timeline


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
    logs.register(app)
    bodies.register(app, newsquote.settings)
    security.register(app, newsquote.settings)
    errors.register(app)
    app.register_api(api.bp)
    for blueprint in (chat.bp, archive.bp, verify.bp):
        app.register_blueprint(blueprint)
    app.add_url_rule("/api/openapi.json", view_func=lambda: jsonify(api.document(app)), endpoint="openapi_json")
    app.add_url_rule("/api/docs", view_func=lambda: api.docs(api.document(app)), endpoint="api_docs")
    _prepare_templates(app, newsquote)
    return app


def _prepare_templates(app: OpenAPI, newsquote: Newsquote) -> None:
    app.jinja_env.filters |= {
        "day": written,
        "short_day": written_short,
        "pieces": quote_pieces,
        "heading": heading,
        "text_fragment": text_fragment,
        "timeline": Timeline.of,
    }
    app.jinja_env.globals |= {"settings": newsquote.settings, "max_note_chars": MAX_NOTE_CHARS}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
