"""Error class to status, in one table, and the one body that all errors share."""

from __future__ import annotations

import json
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from index.errors import (
    BadArticle,
    BadSpan,
    BrokenQuote,
    DamagedArticle,
    EmptyQuestion,
    FullConversation,
    FullFeedback,
    IndexMismatch,
    LockHeld,
    NewsquoteError,
    NoEarlierVersion,
    RemovedArticle,
    StoreUnavailable,
    UnknownArticle,
    UnknownConversation,
    Unwritable,
)
from service.errors import BadField, NothingReadable
from service.schemas.problems import FieldError, Problem
from service.web import logs

STATUS: dict[type[NewsquoteError], HTTPStatus] = {
    EmptyQuestion: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadField: HTTPStatus.UNPROCESSABLE_ENTITY,
    NothingReadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadArticle: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadSpan: HTTPStatus.UNPROCESSABLE_ENTITY,
    RemovedArticle: HTTPStatus.GONE,
    UnknownArticle: HTTPStatus.NOT_FOUND,
    DamagedArticle: HTTPStatus.INTERNAL_SERVER_ERROR,
    NoEarlierVersion: HTTPStatus.NOT_FOUND,
    UnknownConversation: HTTPStatus.NOT_FOUND,
    FullConversation: HTTPStatus.CONFLICT,
    FullFeedback: HTTPStatus.SERVICE_UNAVAILABLE,
    BrokenQuote: HTTPStatus.INTERNAL_SERVER_ERROR,
    IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    LockHeld: HTTPStatus.SERVICE_UNAVAILABLE,
    Unwritable: HTTPStatus.SERVICE_UNAVAILABLE,
    NewsquoteError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
MAX_NAMED = 20
"""Fields that one problem names."""
MAX_NAME_CHARS = 100
"""Characters of a field's name, which may be anything where the field is unknown."""
FRAGMENT_HEADER = "X-Newsquote-Fragment"
"""Sent by a page's script, which inserts the response into the page, even if it is an error."""


class BadJson(BadField):
    """A request body that is not a JSON object in UTF-8."""

    def __init__(self, detail: str) -> None:
        super().__init__("body", detail)


STATUS[BadJson] = HTTPStatus.BAD_REQUEST


def register(app: Flask) -> None:
    """Give every error its page or its JSON."""
    app.register_error_handler(ValidationError, invalid)
    app.register_error_handler(HTTPException, _http_exception)
    app.register_error_handler(Exception, lambda error: _respond(problem(error)))


def invalid(error: ValidationError) -> Response:
    """Answer a request whose fields are invalid, naming at most ``MAX_NAMED`` of them."""
    found = error.errors(include_input=False, include_context=False, include_url=False)
    fields = [FieldError(field=_name(e["loc"]), detail=e["msg"]) for e in found[:MAX_NAMED]]
    more = [f"and {len(found) - len(fields)} more"] if len(found) > len(fields) else []
    detail = "; ".join([*(f"{f.field}: {f.detail}" for f in fields), *more])
    return _respond(_problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, fields))


def _name(place: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in place) or "body"
    return name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"


def problem(error: Exception) -> Problem:
    """Return what the client is told; what is not the client's fault is logged, and no traceback is shown."""
    if isinstance(error, NewsquoteError):
        return _newsquote_error(error)
    structlog.get_logger().error("request failed", path=logs.place(), exc_info=error)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here. It has been logged.")


def _newsquote_error(error: NewsquoteError) -> Problem:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, NothingReadable):
        fields = [FieldError(field=str(e.field), detail=e.message) for e in error.left_out]
        return _problem(status, str(error), fields)
    if isinstance(error, EmptyQuestion):
        return _problem(status, str(error), [FieldError(field="question", detail=str(error))])
    if isinstance(error, BadField):
        return _problem(status, str(error), [FieldError(field=error.field, detail=error.detail)])
    if isinstance(error, BadArticle):
        return _problem(status, str(error), [FieldError(field=error.field, detail=error.message)])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        structlog.get_logger().error("request failed", path=logs.place(), error=type(error).__name__, detail=str(error))
    return _problem(status, str(error))


def _http_exception(error: HTTPException) -> Response:
    if error.response is not None:  # made by a view or a library, complete
        return make_response(error.response)
    response = _respond(_problem(HTTPStatus(error.code or 500), error.description or ""))
    for name, value in error.get_headers():
        if name in {"Allow", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _problem(status: HTTPStatus, detail: str, fields: list[FieldError] | None = None) -> Problem:
    return Problem(type="about:blank", title=status.phrase, status=status, detail=detail, errors=fields or [])


def _respond(told: Problem) -> Response:
    if request.path.startswith("/api/") or request.path in {"/healthz", "/readyz"}:
        body = json.dumps(told.model_dump())
        return Response(body, told.status, content_type="application/problem+json")
    template = "chat/_error.html" if request.headers.get(FRAGMENT_HEADER) else "error.html"
    return make_response(render_template(template, problem=told), told.status)
