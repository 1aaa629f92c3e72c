"""Who may do what: the admin token, keys with scopes, and browsers that have signed in with one."""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus
from typing import Any

from flask import Flask, abort, current_app, redirect, request, session, url_for
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from service.application.keys import Scope, allows
from service.settings import Settings
from service.web.guards import proxies
from service.web.guards.costs import FROM_ANYWHERE
from service.web.guards.wrong_keys import noticed_wrong_token, refuse_guessing
from service.web.requests import is_api, newsquote

Scopes = frozenset[str]

KEY = "key"
"""In the session: the id of the key that this browser has signed in with."""
FIELD = "admin_token"
"""In a form: a key, or the admin token."""
_EVERYTHING: Scopes = frozenset(Scope)
_NEEDS = {
    Scope.ASK: "Asking and reading require a key here.",
    Scope.ADD: "Adding articles requires a key or the admin token.",
    Scope.ADMIN: "Changing or removing anything requires an admin key or the admin token.",
}
_OPEN = {"/healthz", "/readyz", "/sign-in", "/sign-out", "/api/docs", "/api/openapi.json"}
_OPEN_ENDPOINTS = {"static", "theme.choose", "watching.feed", *FROM_ANYWHERE}
"""A watched question's feed has a secret address of its own: programs that read feeds can show no key."""
_READS = {"GET", "HEAD", "OPTIONS"}


def register(app: Flask, settings: Settings) -> None:
    """Let nobody ask or read without a key, if the settings want one; health and the API's description stay open."""
    if settings.ask_needs_key:
        app.before_request(_sign_in_first)
        app.after_request(_keep_nowhere)
    app.jinja_env.globals |= {
        "is_signed_in": lambda: session.get(KEY) is not None,
        "must_show_key": must_show_key,
    }


def _sign_in_first() -> Response | None:
    if request.path in _OPEN or request.endpoint in _OPEN_ENDPOINTS or request.method == "OPTIONS":
        return None
    is_page = request.method == "GET" and not is_api()
    if is_page and request.headers.get("Sec-Fetch-Dest", "document") == "document" and not _shown():
        if not allows(signed_in(), Scope.ASK):
            where = request.full_path.rstrip("?")
            return redirect(url_for("signing_in.page", next=where if where != "/" else None), HTTPStatus.SEE_OTHER)
        return None
    require(Scope.ASK)
    return None


def _keep_nowhere(response: Response) -> Response:
    """Keep what only some may read out of the caches on the way, and of a browser that somebody else uses next."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def needs_token(settings: Settings) -> bool:
    """Whether changes need a key or the token: unless only this machine can ask, without a key and not by a proxy."""
    is_local = settings.is_local and not proxies.was_forwarded()
    return settings.admin_token is not None or settings.ask_needs_key or not is_local


def must_show_key(scope: Scope) -> bool:
    """Whether this needs a key or the token that the browser has not signed in with."""
    return needs_token(newsquote().settings) and not allows(signed_in(), scope)


def elsewhere(scope: Scope) -> Response | None:
    """Return the way to where this browser signs in, if it must to see a page; None if it may see it.

    :raises Forbidden: as ``require`` does, for whoever has signed in, or shows a key, that does not allow it.
    """
    if not _shown() and must_show_key(scope):
        return redirect(url_for("signing_in.page", next=request.path), HTTPStatus.SEE_OTHER)
    require(scope)
    return None


def require(scope: Scope) -> None:
    """Refuse a request that may not do this: 401 without a key or token, 403 with a wrong one or if there is none.

    It is sent as ``Authorization: Bearer ...`` or in a form's field; a browser that is signed in need not send it.
    """
    settings = newsquote().settings
    if not (settings.ask_needs_key if scope is Scope.ASK else needs_token(settings)):
        return
    shown = _shown()
    scopes = scopes_of(shown) if shown else signed_in()
    if scopes is None:
        noticed_wrong_token()
        raise _Refused(HTTPStatus.FORBIDDEN, "This is neither a valid key nor the admin token.", error="invalid_token")
    if allows(scopes, scope):
        return
    if scopes:
        said = f"{_NEEDS[scope]} Yours allows: {', '.join(sorted(scopes))}."
        raise _Refused(HTTPStatus.FORBIDDEN, said, error="insufficient_scope", scope=scope.value)
    if scope is not Scope.ASK and settings.admin_token is None and not newsquote().keys.every():
        abort(
            HTTPStatus.FORBIDDEN,
            f"{_NEEDS[scope]} This server has neither yet: see NEWSQUOTE_ADMIN_TOKEN and `keys add`.",
        )
    raise _Refused(HTTPStatus.UNAUTHORIZED, _NEEDS[scope], scope=scope.value)


def scopes_of(shown: str) -> Scopes | None:
    """Return what this key or token allows; None if it is neither.

    :raises TooMany: if this client has shown too many that were neither.
    """
    refuse_guessing()
    return newsquote().keys.scopes_of(shown)


def signed_in() -> Scopes:
    """Return what the key allows that this browser has signed in with; nothing once it was revoked or has expired.

    Over the API, where forms carry no token against other sites' pages, it allows only reading.
    """
    mark = session.get(KEY)
    if not isinstance(mark, str) or (is_api() and request.method not in _READS):
        return frozenset()
    if hmac.compare_digest(mark, _mark_of_the_token() or ""):
        return _EVERYTHING
    key = newsquote().keys.with_id(mark)
    return key.scopes if key else frozenset()


def sign_in(shown: str) -> str:
    """Keep in the session that this browser has shown a key; return what is wrong with it, nothing if it counts."""
    scopes = scopes_of(shown)
    if scopes is None:
        noticed_wrong_token()
        return "This key does not work here. It may be mistyped, revoked or expired."
    if newsquote().settings.ask_needs_key and not allows(scopes, Scope.ASK):
        return "This key does not allow asking and reading, so it opens no pages."
    key = newsquote().keys.find(shown)
    session.pop("csrf_token", None)  # somebody may have planted the session as it was
    session[KEY] = key.id if key else _mark_of_the_token()
    return ""


def _mark_of_the_token() -> str | None:
    """Return what stands for the admin token in a session: who reads it cannot find the token by trying."""
    token = newsquote().settings.admin_token
    if token is None:
        return None
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, token.get_secret_value().encode(), hashlib.sha256).hexdigest()


def _shown() -> str:
    """Return the key or token that the request shows, empty if none; another scheme is for a proxy before us."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")  # werkzeug takes "a=b" for a parameter
    is_bearer = scheme.casefold() == "bearer"
    return (given.strip() if is_bearer else "") or request.form.get(FIELD, "")


class _Refused(HTTPException):
    """An error that says which kind of key is wanted, as RFC 6750 does."""

    def __init__(self, status: HTTPStatus, text: str, **told: str) -> None:
        super().__init__(text)
        self.code, self._wanted = status, WWWAuthenticate("bearer", {"realm": "Newsquote", **told})

    def get_headers(
        self, environ: dict[str, Any] | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the response."""
        return [*super().get_headers(environ, scope), ("WWW-Authenticate", str(self._wanted))]
