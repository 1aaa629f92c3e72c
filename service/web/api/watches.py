"""Watched questions: made, listed, looked at, removed."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from flask_openapi3 import Tag

from service.application.keys import Scope
from service.schemas.watches import CheckBody, NewWatch, WatchBody, WatchInfo, WatchList, WatchPath, WatchRequest
from service.web.api.blueprint import ADMIN, blueprint, respond
from service.web.guards.access import require
from service.web.requests import newsquote

_WATCHES = Tag(name="Watched questions")

bp = blueprint("watches")


@bp.get("/api/watches", tags=[_WATCHES], responses={200: WatchList}, security=ADMIN)
def list_watches() -> Response:
    """List the watched questions, oldest first"""
    require(Scope.ADMIN)
    return respond(WatchList(watches=[WatchInfo.of(watch) for watch in newsquote().watches.every()]))


@bp.post("/api/watches", tags=[_WATCHES], responses={201: NewWatch}, security=ADMIN)
def add_watch(body: WatchRequest) -> tuple[Response, int]:
    """Watch a question, which is asked again as articles arrive

    What is new goes to its timeline and its feed, and is posted to its webhook, if it has one, signed as in Standard
    Webhooks.
    """
    require(Scope.ADMIN)
    watches = newsquote().watches
    if body.answer_id is None:
        made = watches.add(body.asked(), body.webhook)
    else:
        made = watches.add_turn(body.answer_id, body.webhook)
    return respond(NewWatch.made(made.watch, made.secret)), HTTPStatus.CREATED


@bp.get("/api/watches/<watch_id>", tags=[_WATCHES], responses={200: WatchBody}, security=ADMIN)
def get_watch(path: WatchPath) -> Response:
    """Return a watched question and its timeline"""
    require(Scope.ADMIN)
    return respond(WatchBody.of(newsquote().watches.one(path.watch_id)))


@bp.delete("/api/watches/<watch_id>", tags=[_WATCHES], responses={204: None}, security=ADMIN)
def delete_watch(path: WatchPath) -> tuple[str, int]:
    """Stop watching a question, and delete its timeline"""
    require(Scope.ADMIN)
    newsquote().watches.remove(path.watch_id)
    return "", HTTPStatus.NO_CONTENT


@bp.post("/api/watches/<watch_id>/check", tags=[_WATCHES], responses={200: CheckBody}, security=ADMIN)
def check_watch(path: WatchPath) -> Response:
    """Check now what has been added since the last check"""
    require(Scope.ADMIN)
    return respond(CheckBody(entries=newsquote().watches.check(path.watch_id)))
