"""The factory and its blueprints."""

from __future__ import annotations

from flask import jsonify
from flask_openapi3 import Info, OpenAPI

from index.sentences import heading
from service import api, archive, chat, checking, errors, security
from service.bodies import Problem
from service.citations import text_fragment, written
from service.guarantee import Guarantee
from service.marking import quote_pieces
from service.settings import Settings
from service.timeline import Timeline, short
from service.wiring import Parts

VERSION = "0.1.0"


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> OpenAPI:
    """Return the app; a test hands in both, ``python -m service serve`` neither."""
    settings = settings or Settings.from_env()
    app = OpenAPI(
        __name__,
        info=Info(title="Newsquote", version=VERSION, description="Answers questions about news by quoting it."),
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        template_folder="../templates",
        doc_ui=False,
        validation_error_callback=errors.invalid,
        validation_error_model=Problem,
    )
    app.extensions["newsquote"] = parts or Parts(settings)
    app.extensions["guarantee"] = Guarantee(app.extensions["newsquote"].store)
    security.register(app, settings)
    errors.register(app)
    app.register_api(api.bp)
    app.register_blueprint(chat.bp)
    app.register_blueprint(archive.bp)
    app.register_blueprint(checking.bp)
    app.add_url_rule("/api/openapi.json", view_func=lambda: jsonify(api.document(app)), endpoint="openapi_json")
    app.add_url_rule("/api/docs", view_func=lambda: api.docs(api.document(app)), endpoint="api_docs")
    app.jinja_env.filters["day"] = written
    app.jinja_env.filters["short_day"] = short
    app.jinja_env.filters["pieces"] = quote_pieces
    app.jinja_env.filters["heading"] = heading
    app.jinja_env.filters["text_fragment"] = text_fragment
    app.jinja_env.filters["timeline"] = Timeline.of
    app.jinja_env.globals["settings"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app
