"""Who may ask for what: hosts, headers, forms, other sites, and the token for changes."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from service.settings import Settings
from service.web import cors

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers send our own forms with `Origin: null`
    "X-Content-Type-Options": "nosniff",
}
_SAFE = {"GET", "HEAD", "OPTIONS"}

csrf = CSRFProtect()


class _Sessions(SecureCookieSessionInterface):
    """Sessions whose cookie is sent over HTTPS only, once it was set over HTTPS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)


def register(app: Flask, settings: Settings) -> None:
    """Make the app safe to start."""
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_PARTS=settings.max_upload_files + 10,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="newsquote",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(partial(_refuse_other_hosts, {host.strip("[]").casefold() for host in settings.allowed_hosts}))
    app.before_request(partial(_refuse_other_sites, frozenset(settings.cors_origins)))
    app.session_interface = _Sessions()
    csrf.init_app(app)
    app.after_request(_set_headers)


def _secret_key(settings: Settings) -> str:
    """Return the key from the settings, or the one made on the first start, which only this user can read."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was first: use its key
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


def _refuse_other_hosts(allowed: Collection[str]) -> None:
    """Refuse a host name that someone else has pointed at this address.

    Werkzeug 3.1's own check does not know IPv6 addresses: it cuts ``[::1]`` at the first colon.
    """
    host = request.headers.get("Host", "")
    if not request.host or urlsplit(f"//{host}").hostname not in allowed:
        abort(HTTPStatus.BAD_REQUEST, "This server is not known by this name: see NEWSQUOTE_ALLOWED_HOSTS.")


def _refuse_other_sites(origins: Collection[str]) -> None:
    """Refuse changes that another site's page makes through this browser; forms also carry a token.

    Pages of the ``origins`` may use the API.
    """
    if request.method in _SAFE or cors.is_allowed(origins):
        return
    origin = request.headers.get("Origin")
    is_own = origin is None or origin.partition("://")[2] == request.host
    if not is_own or request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        abort(HTTPStatus.FORBIDDEN, "A page on another site may not change anything here.")


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def needs_token(settings: Settings) -> bool:
    """Whether adding and removing need the token."""
    return settings.admin_token is not None or not settings.is_local


def require_admin(settings: Settings) -> None:
    """Refuse a request that may not change anything: 401 without the token, 403 with a wrong one or if none is set.

    The token is sent as ``Authorization: Bearer ...`` or in a form's field ``admin_token``.
    """
    if not needs_token(settings):
        return
    if settings.admin_token is None:
        abort(HTTPStatus.FORBIDDEN, "Adding and removing are disabled: the server has no NEWSQUOTE_ADMIN_TOKEN.")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")  # werkzeug takes "a=b" for a parameter
    is_bearer = scheme.casefold() == "bearer"  # another scheme is for a proxy before us
    shown = (given.strip() if is_bearer else "") or request.form.get("admin_token", "")
    if not shown:
        bearer = WWWAuthenticate("bearer", {"realm": "Newsquote"})
        raise Unauthorized("Adding and removing need the admin token.", www_authenticate=bearer)
    if not hmac.compare_digest(shown.encode(), settings.admin_token.get_secret_value().encode()):
        abort(HTTPStatus.FORBIDDEN, "This is not the admin token.")
