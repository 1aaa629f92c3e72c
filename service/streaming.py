"""Articles in as a stream of JSON lines: how far it is, and then what came of it, or why it broke off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from flask import Response, request, stream_with_context
from pydantic import BaseModel

from index.ingest import Added
from service.bodies import UploadProgress
from service.errors import problem
from service.requests import Sent, parts

NDJSON = "application/x-ndjson"
Describe = Callable[[Sent, Sequence[Added]], BaseModel]


def is_wanted() -> bool:
    """Whether the client asks for a stream, by ``Accept``; one that takes anything does not."""
    return request.accept_mimetypes.best_match(["application/json", "text/html", NDJSON]) == NDJSON


def stream(sent: Sent, describe: Describe) -> Response:
    """Take the articles in as the lines are read, and end with what ``describe`` says of them.

    The status is on its way before the work begins, so what fails then is a line too. When the client goes away, the
    server closes the lines, and with them the work, between two articles.
    """
    response = Response(stream_with_context(_lines(sent, describe)), content_type=NDJSON)
    response.headers["X-Accel-Buffering"] = "no"  # or nginx keeps the lines until there are many
    return response


def _lines(sent: Sent, describe: Describe) -> Iterator[str]:
    added: list[Added] = []
    total = len(sent.articles)
    yield _line("progress", UploadProgress(done=0, total=total))
    try:
        for item in parts().ingester.add(sent.articles):
            added.append(item)
            yield _line("progress", UploadProgress(done=len(added), total=total))
        yield _line("result", describe(sent, added))
    except Exception as error:
        told = problem(error)
        stays = f"{told.detail} Of {total:,} articles {len(added):,} are stored, and stay."
        yield _line("problem", told.model_copy(update={"detail": stays}))


def _line(event: str, body: BaseModel) -> str:
    return json.dumps({"event": event} | body.model_dump(mode="json"), ensure_ascii=False) + "\n"
