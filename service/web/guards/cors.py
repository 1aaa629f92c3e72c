"""Pages on other sites that may use the API: those whose origin a setting names, and without cookies.

Flask-CORS would do it too, but takes an origin such as ``http://[::1]:3000`` for a regular expression, and leaves the
checks of ``security.py`` to be kept in step with its own rules; what is needed here is one comparison.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from flask import Flask, Response, request

from service.settings import Settings

_REQUEST_HEADERS = "Accept, Authorization, Content-Type, Owner-Key"
_RESPONSE_HEADERS = "Allow, Content-Disposition, Retry-After, WWW-Authenticate"
_SECONDS = "600"
"""For which a browser remembers what it may send."""


def register(app: Flask, settings: Settings) -> None:
    """Tell browsers which pages on other sites may read the API's responses."""
    if settings.cors_origins:
        app.after_request(partial(_allow, frozenset(settings.cors_origins)))


def is_allowed(origins: Collection[str]) -> bool:
    """Whether this is a request to the API by a page of one of the origins."""
    return request.path.startswith("/api/") and request.headers.get("Origin") in origins


def _allow(origins: Collection[str], response: Response) -> Response:
    if not request.path.startswith("/api/"):
        return response
    response.vary.add("Origin")
    if is_allowed(origins):
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        response.headers["Access-Control-Expose-Headers"] = _RESPONSE_HEADERS
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow))
            response.headers["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
            response.headers["Access-Control-Max-Age"] = _SECONDS
    return response
