"""The page on which a browser signs in with a key, and the way out."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from service.web.guards import access
from service.web.requests import own_path

bp = Blueprint("signing_in", __name__)


@bp.get("/sign-in")
def page() -> str:
    """Show the form for a key."""
    return render_template("signing_in/page.html", problem="", target=own_path(request.args.get("next", "")))


@bp.post("/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Keep the key's id in the session, and go to where the browser wanted to go."""
    target = own_path(request.form.get("next", ""))
    if problem := access.sign_in(request.form.get("key", "").strip()):
        return render_template("signing_in/page.html", problem=problem, target=target), HTTPStatus.FORBIDDEN
    return redirect(request.script_root + target, HTTPStatus.SEE_OTHER)


@bp.post("/sign-out")
def sign_out() -> Response:
    """Forget the key, and which conversations this browser began: somebody else may use it next."""
    session.clear()
    return redirect(url_for("signing_in.page"), HTTPStatus.SEE_OTHER)
