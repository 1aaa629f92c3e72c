from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pytest
from flask import abort
from flask_openapi3 import OpenAPI
from structlog.testing import capture_logs

from index import errors as index_errors
from index.errors import (
    BadArticle,
    BadSpan,
    BrokenQuote,
    BusySource,
    DamagedArticle,
    DamagedIndex,
    EmptyQuestion,
    EngineUnavailable,
    FullCollections,
    FullConversation,
    FullFeedback,
    FullWatches,
    IndexMismatch,
    LockHeld,
    ModelError,
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
    UnreadableArticle,
    UnsupportedEngine,
    Unwritable,
    VectorsMissing,
)
from service.errors import BadField, NothingReadable, Overloaded, TooMany
from service.web.errors import FRAGMENT_HEADER, STATUS, BadJson

CASES: list[tuple[NewsquoteError, int, list[str]]] = [
    (EmptyQuestion(), 422, ["question"]),
    (BadField("top_k", "is 99, more than 20"), 422, ["top_k"]),
    (BadJson("is nested more than 8 deep"), 400, ["body"]),
    (BadArticle("url", "is not a web address"), 422, ["url"]),
    (
        NothingReadable([UnreadableArticle("a.txt", "empty"), UnreadableArticle("b.jsonl", "no", 2)]),
        422,
        ["a.txt", "b.jsonl, line 2"],
    ),
    (BadSpan(5, 3, 9), 422, []),
    (UnknownArticle("0" * 16), 404, []),
    (RemovedArticle("0" * 16), 410, []),
    (NoEarlierVersion("0" * 16), 404, []),
    (NoOriginal(), 404, []),
    (UnknownConversation(), 404, []),
    (UnknownCollection("a" * 22), 404, []),
    (FullCollections(1_000), 409, []),
    (FullConversation(200), 409, []),
    (FullFeedback(10_000), 503, []),
    (UnknownWatch(), 404, []),
    (FullWatches(50), 409, []),
    (BrokenQuote("It does not read so."), 500, []),
    (IndexMismatch("Run rebuild."), 503, []),
    (VectorsMissing("a model"), 503, []),
    (StoreUnavailable("It is locked."), 503, []),
    (TookTooLong(30.0), 503, []),
    (Overloaded(10.0), 503, []),
    (TooMany("questions", 7), 429, []),
    (NoFeed("neither RSS nor Atom"), 422, []),
    (UnknownSource(7), 404, []),
    (BusySource("https://example.org/feed"), 409, []),
    (Unfetchable("https://example.org/", "it took too long"), 422, ["url"]),
    (LockHeld(Path("lexical.lock"), 2.0), 503, []),
    (Unwritable(Path("lexical"), "No space left on device"), 503, []),
    (DamagedIndex(Path("a.idx"), "is damaged"), 503, []),
    (EngineUnavailable("Milvus cannot be reached."), 503, []),
    (UnsupportedEngine("Milvus is too old."), 503, []),
    (DamagedArticle("0" * 16), 500, []),
    (ModelError("It is damaged."), 500, []),
]


@pytest.mark.parametrize(("error", "status", "fields"), CASES, ids=lambda case: type(case).__name__)
def test_each_error_has_its_status_and_names_its_fields(
    app: OpenAPI, error: NewsquoteError, status: int, fields: list[str]
) -> None:
    @app.get("/api/raise")
    def fail() -> str:
        raise error

    response = app.test_client().get("/api/raise")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    told = response.get_json(force=True)
    assert (told["status"], told["title"], told["detail"]) == (status, HTTPStatus(status).phrase, str(error))
    assert [named["field"] for named in told["errors"]] == fields


def test_every_error_of_the_index_is_tried_above_or_never_reaches_a_client() -> None:
    tried = {type(error) for error, *_ in CASES}
    known = {e for e in vars(index_errors).values() if isinstance(e, type) and issubclass(e, NewsquoteError)}
    assert {kind.__name__ for kind in known - tried} == {
        "NewsquoteError",
        "UnreadableArticle",
        "SettingsError",
        "BadBackup",
    }
    assert STATUS[NewsquoteError] == HTTPStatus.INTERNAL_SERVER_ERROR  # what has no line of its own


@pytest.mark.parametrize(
    ("error", "status", "seconds"), [(TooMany("questions", 7), 429, "7"), (TookTooLong(30.0), 503, "30")]
)
def test_client_is_told_when_to_come_back(app: OpenAPI, error: Exception, status: int, seconds: str) -> None:
    @app.get("/busy")
    def fail() -> str:
        raise error

    response = app.test_client().get("/busy")
    assert (response.status_code, response.headers["Retry-After"]) == (status, seconds)
    assert f" {seconds} s" in response.text


def test_error_of_ours_is_logged_and_a_mistake_of_the_client_is_not(app: OpenAPI) -> None:
    @app.get("/api/broken")
    def broken() -> str:
        raise BrokenQuote("It does not read so.")

    client = app.test_client()
    with capture_logs() as logs:
        client.get("/api/broken")
        client.get("/api/articles?limit=x")
    failed = [entry for entry in logs if entry["event"] == "request failed"]
    assert [(entry["path"], entry["error"]) for entry in failed] == [("/api/broken", "BrokenQuote")]


def test_page_gets_a_page_and_a_script_a_part_of_one(app: OpenAPI) -> None:
    @app.get("/raise")
    def fail() -> str:
        raise BadField("q", "<b>is bold</b>")

    client = app.test_client()
    page, part = client.get("/raise"), client.get("/raise", headers={FRAGMENT_HEADER: "1"})
    assert page.text.startswith("<!doctype html>")
    assert part.text.startswith('<div class="problem"')
    for shown in (page.text, part.text):
        assert "<b>is bold" not in shown
        assert "&lt;b&gt;is bold" in shown


def test_http_errors_keep_the_headers_that_say_what_would_do(app: OpenAPI) -> None:
    @app.get("/api/gone")
    def gone() -> str:
        abort(410, "It was here.")

    client = app.test_client()
    assert client.get("/api/gone").get_json(force=True)["detail"] == "It was here."
    refused = client.put("/api/query")
    assert (refused.status_code, set(refused.headers["Allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "OPTIONS", "POST"},
    )
