"""Which colours a browser wants, whatever its system says: a cookie, so that the first paint already has them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request
from werkzeug.exceptions import HTTPException

from service.errors import BadField
from service.web.errors import FRAGMENT_HEADER
from service.web.guards.security import csrf
from service.web.requests import own_path

bp = Blueprint("theme", __name__)

COOKIE = "newsquote_theme"
THEMES = ("light", "dark")
_KEPT_S = 400 * 24 * 60 * 60
"""As long as browsers keep any cookie: RFC 6265bis, section 5.5."""


def register(app: Flask) -> None:
    """Let every page know the theme."""
    app.register_blueprint(bp)
    app.jinja_env.globals["theme"] = chosen


def chosen() -> str:
    """Return the theme that this browser wants; empty: the system's."""
    found = request.cookies.get(COOKIE, "")
    return found if found in THEMES else ""


@bp.post("/theme")
def choose() -> Response:
    """Keep the theme in the browser, and go back to the page; its own script has changed that already."""
    wanted = request.form.get("theme", "")
    if wanted and wanted not in THEMES:
        raise BadField("theme", f"must be light, dark or empty, for the system's, not {wanted[:40]!r}")
    if request.headers.get(FRAGMENT_HEADER):
        response = make_response("", HTTPStatus.NO_CONTENT)
    else:
        response = make_response(redirect(_back(), HTTPStatus.SEE_OTHER))
    response.set_cookie(
        COOKIE,
        wanted,
        max_age=_KEPT_S if wanted else 0,
        path=request.script_root or "/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


# A token would begin a session on every page; other sites' forms are refused by where they are from.
csrf.exempt(choose)


def _back() -> str:
    """Return the address of the page that the form stood on; of the first one, if that was the answer to a form."""
    path = own_path(request.form.get("back", ""))
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None  # there is a request
    try:
        adapter.match(path.partition("?")[0], "GET")
    except HTTPException:
        path = "/"
    return request.script_root + path
