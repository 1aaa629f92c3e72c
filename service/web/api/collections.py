"""Collections: made, renamed, deleted, and what is in them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response
from flask_openapi3 import Tag

from service.application.keys import Scope
from service.schemas.collections import CollectionBody, CollectionInfo, CollectionList, CollectionPath, InsidePath
from service.web.api.blueprint import ADMIN, blueprint, respond
from service.web.guards.access import require
from service.web.requests import newsquote

_COLLECTIONS = Tag(name="Collections")

bp = blueprint("collections_api")


@bp.get("/api/collections", tags=[_COLLECTIONS], responses={200: CollectionList})
def list_collections() -> Response:
    """List all collections, by name"""
    every = newsquote().collections.every()
    return respond(CollectionList(collections=[CollectionInfo.of(collection) for collection in every]))


@bp.post("/api/collections", tags=[_COLLECTIONS], responses={201: CollectionInfo}, security=ADMIN)
def make_collection(body: CollectionBody) -> tuple[Response, int]:
    """Create an empty collection"""
    require(Scope.ADMIN)
    return respond(CollectionInfo.of(newsquote().collections.make(body.name))), HTTPStatus.CREATED


@bp.get("/api/collections/<collection_id>", tags=[_COLLECTIONS], responses={200: CollectionInfo})
def get_collection(path: CollectionPath) -> Response:
    """Describe a collection; `GET /api/articles?collection=` lists its articles"""
    return respond(CollectionInfo.of(newsquote().collections.one(path.collection_id)))


@bp.patch("/api/collections/<collection_id>", tags=[_COLLECTIONS], responses={200: CollectionInfo}, security=ADMIN)
def rename_collection(path: CollectionPath, body: CollectionBody) -> Response:
    """Rename a collection"""
    require(Scope.ADMIN)
    return respond(CollectionInfo.of(newsquote().collections.rename(path.collection_id, body.name)))


@bp.delete("/api/collections/<collection_id>", tags=[_COLLECTIONS], responses={204: None}, security=ADMIN)
def delete_collection(path: CollectionPath) -> tuple[str, int]:
    """Delete a collection; its articles stay"""
    require(Scope.ADMIN)
    newsquote().collections.delete(path.collection_id)
    return "", HTTPStatus.NO_CONTENT


_INSIDE = "/api/collections/<collection_id>/articles/<article_id>"


@bp.put(_INSIDE, tags=[_COLLECTIONS], responses={204: None}, security=ADMIN)
def put_article(path: InsidePath) -> tuple[str, int]:
    """Add an article to a collection; it stays in the others

    If the article has been superseded, the newer version is added instead.
    """
    require(Scope.ADMIN)
    newsquote().collections.put(path.collection_id, [path.article_id])
    return "", HTTPStatus.NO_CONTENT


@bp.delete(_INSIDE, tags=[_COLLECTIONS], responses={204: None}, security=ADMIN)
def take_article_out(path: InsidePath) -> tuple[str, int]:
    """Take an article out of a collection; it stays in the archive"""
    require(Scope.ADMIN)
    newsquote().collections.take_out(path.collection_id, [path.article_id])
    return "", HTTPStatus.NO_CONTENT
