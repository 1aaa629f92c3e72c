"""What all of the API shares: its blueprint, how its bodies are read, and how its answers are written."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, jsonify, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from service.schemas.problems import Problem
from service.web.guards import bodies
from service.web.guards.costs import WITHOUT_BODY
from service.web.guards.security import csrf

ADMIN: list[dict[str, list[str]]] = [{"token": []}]
"""What the document says of an operation that needs a key or token."""


def blueprint(name: str) -> APIBlueprint:
    """Return an empty blueprint of the API."""
    bp = APIBlueprint(name, __name__, abp_responses={"4XX": Problem, "5XX": Problem})
    csrf.exempt(bp)  # no change depends on a cookie here, and other sites' pages are refused
    bp.before_request(_refuse_bad_json)
    bp.after_request(_keep_nowhere)
    return bp


def _keep_nowhere(response: Response) -> Response:
    """Keep answers, which name their conversation, out of the caches on the way."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _refuse_bad_json() -> None:
    """Say what is wrong with a body that is not JSON; otherwise its fields would just be reported missing."""
    if request.method not in {"POST", "PATCH"} or request.mimetype == "multipart/form-data":
        return
    if request.endpoint in WITHOUT_BODY:
        return
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body's Content-Type must be application/json.")
    bodies.parsed(request.get_data())


def respond(body: BaseModel) -> Response:
    """Write a body as JSON, with addresses as this request's proxy has them."""
    return jsonify(body.model_dump(mode="json", context={"root": request.script_root}))
