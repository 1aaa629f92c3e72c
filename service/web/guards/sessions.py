"""The session: a signed cookie, sent to nobody else and taken from nobody else, as far as browsers can tell."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from service.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Keep the session as long as a conversation, from when it last changed."""
    app.config.update(
        SESSION_COOKIE_NAME="newsquote",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # or a page that loads meanwhile puts the session back as it was before
        PERMANENT_SESSION_LIFETIME=timedelta(days=max(1, settings.keep_conversations_days)),
    )
    app.session_interface = _Sessions()


class _Sessions(SecureCookieSessionInterface):
    """Sessions whose cookie comes back over HTTPS only, once it was set over HTTPS, and to our own path only.

    Browsers take a cookie named ``__Host-`` from this very host over HTTPS alone: no other subdomain, and nobody on the
    way, can plant one. It must be of the path ``/``, so below a prefix it can only be ``__Secure-``.
    """

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        if not request.is_secure:
            return name
        return f"__Secure-{name}" if request.script_root else f"__Host-{name}"

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root or super().get_cookie_path(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or super().get_cookie_secure(app)
