"""Error class to status, in one table, and the one body that all errors share."""

from __future__ import annotations

import json
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from index.errors import (
    BadArticle,
    BadSpan,
    BrokenQuote,
    BusySource,
    DamagedArticle,
    EmptyQuestion,
    EngineUnavailable,
    FullCollections,
    FullConversation,
    FullFeedback,
    FullWatches,
    IndexMismatch,
    LockHeld,
    NewsquoteError,
    NoEarlierVersion,
    NoFeed,
    NoOriginal,
    RemovedArticle,
    StoreUnavailable,
    TookTooLong,
    Unfetchable,
    UnknownArticle,
    UnknownCollection,
    UnknownConversation,
    UnknownSource,
    UnknownWatch,
    Unwritable,
)
from service.errors import BadField, NothingReadable, Overloaded, TooMany
from service.schemas.problems import FieldError, Problem
from service.web.serving import logs

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
    UnknownCollection: HTTPStatus.NOT_FOUND,
    FullCollections: HTTPStatus.CONFLICT,
    NoOriginal: HTTPStatus.NOT_FOUND,
    UnknownConversation: HTTPStatus.NOT_FOUND,
    FullConversation: HTTPStatus.CONFLICT,
    FullFeedback: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownWatch: HTTPStatus.NOT_FOUND,
    FullWatches: HTTPStatus.CONFLICT,
    BrokenQuote: HTTPStatus.INTERNAL_SERVER_ERROR,
    IndexMismatch: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    NoFeed: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownSource: HTTPStatus.NOT_FOUND,
    BusySource: HTTPStatus.CONFLICT,
    Unfetchable: HTTPStatus.UNPROCESSABLE_ENTITY,
    TookTooLong: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    LockHeld: HTTPStatus.SERVICE_UNAVAILABLE,
    Unwritable: HTTPStatus.SERVICE_UNAVAILABLE,
    NewsquoteError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
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
    app.register_error_handler(Exception, _any)


def _any(error: Exception) -> Response:
    response = _respond(problem(error))
    if seconds := getattr(error, "retry_after_s", None):
        response.headers["Retry-After"] = str(seconds)
    return response


def invalid(error: ValidationError) -> Response:
    """Answer a request whose fields are invalid, naming some of them."""
    return _respond(_named(Problem.invalid(error)))


def problem(error: Exception) -> Problem:
    """Return what the client is told; what is not the client's fault is logged, and no traceback is shown."""
    if isinstance(error, NewsquoteError):
        return _named(_newsquote_error(error))
    structlog.get_logger().error("request failed", path=logs.place(), exc_info=error)
    return _named(Problem.of(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here. It has been logged."))


def _named(told: Problem) -> Problem:
    return told.model_copy(update={"request_id": logs.request_id()})


def _newsquote_error(error: NewsquoteError) -> Problem:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if isinstance(error, NothingReadable):
        fields = [FieldError(field=str(e.field), detail=e.message) for e in error.left_out]
        return Problem.of(status, str(error), fields)
    if isinstance(error, EmptyQuestion):
        return Problem.of(status, str(error), [FieldError(field="question", detail=str(error))])
    if isinstance(error, BadField):
        return Problem.of(status, str(error), [FieldError(field=error.field, detail=error.detail)])
    if isinstance(error, BadArticle):
        return Problem.of(status, str(error), [FieldError(field=error.field, detail=error.message)])
    if isinstance(error, Unfetchable):
        return Problem.of(status, str(error), [FieldError(field="url", detail=error.why)])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        structlog.get_logger().error("request failed", path=logs.place(), error=type(error).__name__, detail=str(error))
    return Problem.of(status, str(error))


def _http_exception(error: HTTPException) -> Response:
    if error.response is not None:  # made by a view or a library, complete
        return make_response(error.response)
    response = _respond(_named(Problem.of(HTTPStatus(error.code or 500), _detail(error))))
    for name, value in error.get_headers():
        if name in {"Allow", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _detail(error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge) and request.max_content_length:
        return f"This request is too large: its body may have at most {request.max_content_length:,} bytes."
    return error.description or ""


def _respond(told: Problem) -> Response:
    if request.path.startswith("/api/") or request.path in {"/healthz", "/readyz"}:
        body = json.dumps(told.model_dump())
        return Response(body, told.status, content_type="application/problem+json")
    template = "chat/_error.html" if request.headers.get(FRAGMENT_HEADER) else "error.html"
    return make_response(render_template(template, problem=told), told.status)
