"""Feeds: added, listed, removed, read now, tried again. Addresses may hold secrets, so even reading needs the token."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from flask_openapi3 import Tag

from service.application.keys import Scope
from service.schemas.sources import (
    EmptyBody,
    FailedList,
    FeedBody,
    Retried,
    SourceInfo,
    SourceList,
    SourcePath,
)
from service.web.api.blueprint import ADMIN, blueprint, respond
from service.web.guards.access import require
from service.web.requests import newsquote

_FEEDS = Tag(name="Feeds")

bp = blueprint("feeds")


@bp.get("/api/feeds", tags=[_FEEDS], responses={200: SourceList}, security=ADMIN)
def list_feeds() -> Response:
    """List the feeds and watched folders, with the state of each"""
    require(Scope.ADMIN)
    return respond(SourceList(feeds=[SourceInfo.of(source) for source in newsquote().sources.every()]))


@bp.post("/api/feeds", tags=[_FEEDS], responses={201: SourceInfo}, security=ADMIN)
def add_feed(body: FeedBody) -> tuple[Response, int]:
    """Add a feed, or the first one that a page links to

    The server adds its articles, now and later, in the background. Adding the feed again changes its interval and how
    much of it is kept.
    """
    require(Scope.ADMIN)
    return respond(SourceInfo.of(newsquote().sources.add_feed(body.url, body.wishes))), HTTPStatus.CREATED


@bp.get("/api/feeds/<number>", tags=[_FEEDS], responses={200: SourceInfo}, security=ADMIN)
def get_feed(path: SourcePath) -> Response:
    """Return the state of a feed"""
    require(Scope.ADMIN)
    return respond(SourceInfo.of(newsquote().sources.one(path.number)))


@bp.delete("/api/feeds/<number>", tags=[_FEEDS], responses={204: None}, security=ADMIN)
def remove_feed(path: SourcePath) -> tuple[str, int]:
    """Remove a feed; the articles it added stay"""
    require(Scope.ADMIN)
    newsquote().sources.remove(path.number)
    return "", HTTPStatus.NO_CONTENT


@bp.post("/api/feeds/<number>/refresh", tags=[_FEEDS], responses={202: SourceInfo}, security=ADMIN)
def refresh_feed(path: SourcePath, body: EmptyBody) -> tuple[Response, int]:  # noqa: ARG001  # it is empty
    """Check a feed now, in the background"""
    require(Scope.ADMIN)
    return respond(SourceInfo.of(newsquote().sources.note_due(path.number))), HTTPStatus.ACCEPTED


@bp.get("/api/feeds/<number>/failed", tags=[_FEEDS], responses={200: FailedList}, security=ADMIN)
def list_failed(path: SourcePath) -> Response:
    """List what could not be read from a feed, and why"""
    require(Scope.ADMIN)
    return respond(FailedList.of(newsquote().sources.failed(path.number)))


@bp.post("/api/feeds/<number>/retry", tags=[_FEEDS], responses={202: Retried}, security=ADMIN)
def retry_failed(path: SourcePath, body: EmptyBody) -> tuple[Response, int]:  # noqa: ARG001  # it is empty
    """Try again, in the background, what could not be read"""
    require(Scope.ADMIN)
    return respond(Retried(retried=newsquote().sources.retry(path.number))), HTTPStatus.ACCEPTED
