"""What comes from elsewhere and is refused: other hosts and other sites' pages; headers, and the key that signs."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from service.settings import Settings
from service.web.guards import cors, proxies, sessions
from service.web.guards.costs import FROM_ANYWHERE

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
_OTHER_SITE = "A page on another site may not change anything here."
_BEHIND_A_PROXY = " If it is the same site, its proxy is not trusted yet: see NEWSQUOTE_TRUSTED_PROXIES."

csrf = CSRFProtect()


def register(app: Flask, settings: Settings) -> None:
    """Make the app safe to start."""
    app.config.update(
        SECRET_KEY=_secret_key(settings),
        MAX_FORM_PARTS=settings.max_upload_files + 10,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(partial(_refuse_other_hosts, {host.strip("[]").casefold() for host in settings.allowed_hosts}))
    app.before_request(partial(_refuse_other_sites, frozenset(settings.cors_origins)))
    sessions.register(app, settings)
    csrf.init_app(app)
    app.after_request(_set_headers)


def _secret_key(settings: Settings) -> str:
    """Return the key from the settings, or the one made on the first start, which only this user can read."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret_key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
        abort(HTTPStatus.BAD_REQUEST, "This server does not answer to this name: see NEWSQUOTE_ALLOWED_HOSTS.")


def _refuse_other_sites(origins: Collection[str]) -> None:
    """Refuse changes that another site's page makes through this browser; forms also carry a token.

    Pages of the ``origins`` may use the API.
    """
    if request.method in _SAFE or request.endpoint in FROM_ANYWHERE or cors.is_allowed(origins):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}".casefold():
        abort(HTTPStatus.FORBIDDEN, _OTHER_SITE + _BEHIND_A_PROXY * proxies.was_forwarded())
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        abort(HTTPStatus.FORBIDDEN, _OTHER_SITE)


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
