"""Articles in, and what became of them; a stream of JSON lines also reports progress, or why it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from flask import Response, request, stream_with_context
from pydantic import BaseModel

from index.ingest import Added
from service.newsquote import Batch
from service.schemas.articles import ArticleInfo, Upload, UploadProgress
from service.web.errors import problem
from service.web.requests import newsquote

NDJSON = "application/x-ndjson"
Describe = Callable[[Batch, Sequence[Added]], BaseModel]


def describe_article(_: Batch, added: Sequence[Added]) -> ArticleInfo:
    """Describe the one article that was sent."""
    (item,) = added
    return ArticleInfo.of_record(newsquote().article(item.article.id))


def describe_upload(batch: Batch, added: Sequence[Added]) -> Upload:
    """Say what became of each article that was sent."""
    new = [item.article.id for item in added if item.is_new]
    known = [item.article.id for item in added if not item.is_new]
    return Upload.of(newsquote().records(new), newsquote().records(known), batch.left_out)


def is_wanted() -> bool:
    """Whether the client asks for a stream, by ``Accept``; one that takes anything does not."""
    return request.accept_mimetypes.best_match(["application/json", "text/html", NDJSON]) == NDJSON


def stream(batch: Batch, describe: Describe) -> Response:
    """Take the articles in as the lines are read, and end with what ``describe`` says about them.

    The status is sent before the work begins, so later failures are reported as a line too. When the client goes away,
    the server closes the stream, which stops the work between two articles.
    """
    response = Response(stream_with_context(_lines(batch, describe)), content_type=NDJSON)
    response.headers["X-Accel-Buffering"] = "no"  # or nginx keeps the lines until there are many
    return response


def _lines(batch: Batch, describe: Describe) -> Iterator[str]:
    added: list[Added] = []
    total = len(batch.articles)
    yield _line("progress", UploadProgress(done=0, total=total))
    try:
        for item in newsquote().add(batch.articles):
            added.append(item)
            yield _line("progress", UploadProgress(done=len(added), total=total))
        yield _line("result", describe(batch, added))
    except Exception as error:
        told = problem(error)
        stays = f"{told.detail} {len(added):,} of {total:,} articles have been stored and stay."
        yield _line("problem", told.model_copy(update={"detail": stays}))


def _line(event: str, body: BaseModel) -> str:
    return json.dumps({"event": event} | body.model_dump(mode="json"), ensure_ascii=False) + "\n"
