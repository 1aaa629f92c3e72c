"""Articles: listed, added, corrected, removed."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request, stream_with_context
from flask_openapi3 import RawModel, Tag

from index.formats.registry import by_media_type
from index.store.articles import Sort
from service.application.archive import Wanted
from service.application.keys import Scope
from service.newsquote import Batch
from service.schemas.articles import (
    AddressBody,
    ArticleBody,
    ArticleCounts,
    ArticleInfo,
    ArticleList,
    ArticlePath,
    FieldsBody,
    History,
    ListString,
    NarrowedString,
    OriginalPath,
    VersionInfo,
)
from service.web.api.blueprint import ADMIN, blueprint, respond
from service.web.guards.access import require
from service.web.requests import newsquote, uploaded, wanted_encoding
from service.web.streaming import NDJSON, Describe, describe_article, describe_upload, is_wanted, stream

_ARTICLES = Tag(name="Articles")

bp = blueprint("articles")


class UploadRequest(RawModel):
    """One article as JSON, or files in ``files``."""

    mimetypes = ["application/json", "multipart/form-data"]  # noqa: RUF012  # as the library expects it


@bp.get("/api/articles", tags=[_ARTICLES], responses={200: ArticleList})
def list_articles(query: ListString) -> Response:
    """List the current articles, or those with all the words of `q` that pass the filters

    `total` counts them all; with words to search for, at most the 10,000 best matches.
    """
    page = newsquote().archive.page(_wanted(query, query.sort), query.offset, query.limit)
    infos = [ArticleInfo.of_record(record) for record in page.records]
    return respond(ArticleList(articles=infos, total=page.total, offset=query.offset, limit=query.limit))


@bp.get("/api/articles/counts", tags=[_ARTICLES], responses={200: ArticleCounts})
def count_articles(query: NarrowedString) -> Response:
    """Count the articles with all the words of `q` that pass the filters, by publisher, month, collection and source"""
    wanted = _wanted(query)
    facets = newsquote().archive.facets(wanted)
    return respond(ArticleCounts.of(newsquote().archive.page(wanted, 0, 0).total, facets))


@bp.get("/api/articles/export", tags=[_ARTICLES])
def export_articles(query: NarrowedString) -> Response:
    """Export the articles with all the words of `q` that pass the filters, as JSON Lines

    Each line is an article with its text, its fields and the names of its collections, in the order in which it was
    added. Adding the file to this or another archive loses nothing.
    """
    lines = newsquote().archive.export(_wanted(query))
    response = Response(stream_with_context(lines), content_type=NDJSON)
    response.headers["Content-Disposition"] = 'attachment; filename="newsquote-articles.jsonl"'
    response.headers["X-Accel-Buffering"] = "no"  # or nginx keeps the lines until there are many
    return response


@bp.after_request
def _allow_only_reading(response: Response) -> Response:
    """Say what is allowed with lists: where an article's id stands in their place, there is more."""
    if request.method == "OPTIONS" and request.endpoint in {"articles.count_articles", "articles.export_articles"}:
        response.allow.clear()
        response.allow.update(("GET", "HEAD", "OPTIONS"))
    return response


def _wanted(query: NarrowedString, sort: Sort | None = None) -> Wanted:
    return Wanted(query.q, query.filters(), sort)


@bp.post("/api/articles", tags=[_ARTICLES], responses={201: ArticleInfo, 200: ArticleInfo}, security=ADMIN)
def add_articles(raw: UploadRequest) -> Response | tuple[Response, int]:
    """Add one article as JSON, the page at an address, or files of articles: 201 if any is new, 200 if none is

    If an article is already here, fields that differ are corrected.

    With `{"url": "https://..."}` alone, this server fetches the page.

    Send files as multipart/form-data in the field `files` (text, pages, PDFs and more: docs/adding.md). Two more fields
    are optional: `encoding`, that of text, and `collection`, the name of a collection to add the articles to, which may
    be repeated. The response is then
    `{"added": [...], "known": [...], "left_out": [{"name", "line", "detail"}]}`.

    With `Accept: application/x-ndjson`, JSON Lines report progress and the status is 200. After each article comes
    `{"event": "progress", "done": 120, "total": 5000}`. The last line is the response with `"event": "result"`, or a
    problem with `"event": "problem"`; articles stored before it stay. Disconnecting stops the work, and sending the
    same again resumes it.
    """
    require(Scope.ADD)
    batch, describe = _sent(raw)
    if is_wanted():
        return stream(batch, describe)
    added = list(newsquote().add(batch.articles))
    status = HTTPStatus.CREATED if any(item.is_new for item in added) else HTTPStatus.OK
    return respond(describe(batch, added)), status


def _sent(raw: UploadRequest) -> tuple[Batch, Describe]:
    if raw.mimetype == "multipart/form-data":
        batch = newsquote().read_files(uploaded(), wanted_encoding())
        return batch.put_in(request.form.getlist("collection")), describe_upload
    given = request.get_json()
    if given.keys() == {"url"}:
        batch = newsquote().read_address(AddressBody.model_validate(given).url)
        is_alone = len(batch.articles) == 1 and not batch.left_out
        return batch, describe_article if is_alone else describe_upload
    body = ArticleBody.model_validate(given)
    article = newsquote().article_from(body.text, body.model_dump(exclude={"text"}))
    return Batch((article,)), describe_article


@bp.get("/api/articles/<article_id>", tags=[_ARTICLES], responses={200: ArticleInfo})
def get_article(path: ArticlePath) -> Response:
    """Describe an article"""
    return respond(ArticleInfo.of_record(newsquote().article(path.article_id)))


@bp.patch("/api/articles/<article_id>", tags=[_ARTICLES], responses={200: ArticleInfo}, security=ADMIN)
def correct_article(path: ArticlePath, body: FieldsBody) -> Response:
    """Correct an article's fields, but not its text; null clears a field"""
    require(Scope.ADMIN)
    given = body.model_dump(exclude_unset=True)
    return respond(ArticleInfo.of_record(newsquote().correct(path.article_id, given)))


@bp.delete("/api/articles/<article_id>", tags=[_ARTICLES], responses={204: None}, security=ADMIN)
def remove_article(path: ArticlePath) -> tuple[str, int]:
    """Remove an article from the archive and from every answer"""
    require(Scope.ADMIN)
    newsquote().remove(path.article_id)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/articles/<article_id>/text", tags=[_ARTICLES])
def get_text(path: ArticlePath) -> Response:
    """Return an article's exact text, to which all offsets refer"""
    return Response(newsquote().article(path.article_id).article.text, content_type="text/plain; charset=utf-8")


@bp.get("/api/originals/<sha256>", tags=[_ARTICLES])
def get_original(path: OriginalPath) -> Response:
    """Download the original that articles were read from, if it is kept

    Its SHA-256 is in an article's `origin`.
    """
    found = newsquote().originals.original(path.sha256)
    kind = by_media_type(found.media_type)
    response = Response(found.content, content_type="application/octet-stream")
    name = f"{path.sha256[:16]}{kind.suffixes[0] if kind else ''}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/api/articles/<article_id>/history", tags=[_ARTICLES], responses={200: History})
def get_history(path: ArticlePath) -> Response:
    """List the versions of an article, oldest first, including removed ones"""
    return respond(History(versions=[VersionInfo.of(version) for version in newsquote().history(path.article_id)]))
