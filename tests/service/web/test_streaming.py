from __future__ import annotations

import json
import re
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from index.embedding.embedder import Vectors
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import TROOPS, CountingEmbedder, GatedEmbedder, is_in_step
from tests.service.web.serving.test_server import serving

STREAM = {"Accept": "application/x-ndjson"}
BATCH = 256


def long_articles(count: int) -> bytes:
    """Articles as JSON lines, each a batch of its own with one text to embed."""
    return b"".join(json.dumps({"text": f"Report {n} came. " * BATCH}).encode() + b"\n" for n in range(count))


def upload(*files: tuple[bytes, str]) -> dict[str, Any]:
    return {"files": [(BytesIO(content), name) for content, name in files]}


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_upload_tells_how_far_it_is_and_ends_with_the_normal_result(client: FlaskClient) -> None:
    files = (b'{"text": "One moon."}\n{\n{"text": "Two moons."}\n', "a.jsonl"), (TROOPS.text.encode(), "known.txt")
    response = client.post("/api/articles", data=upload(*files), headers=STREAM)
    assert (response.status_code, response.content_type) == (200, "application/x-ndjson")
    *progress, last = lines_of(response.text)
    assert progress == [{"event": "progress", "done": done, "total": 3} for done in range(4)]
    assert last.pop("event") == "result"
    again = client.post("/api/articles", data=upload(*files)).json
    assert again is not None
    assert [article["title"] for article in last["added"]] == ["One moon.", "Two moons."]
    assert again == {"added": [], "known": [*last["added"], *last["known"]], "left_out": last["left_out"]}


def test_single_article_streams_too(client: FlaskClient) -> None:
    *progress, last = lines_of(client.post("/api/articles", json={"text": "One moon."}, headers=STREAM).text)
    assert [line["done"] for line in progress] == [0, 1]
    assert last == {"event": "result"} | (client.get(f"/api/articles/{last['id']}").json or {})


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, application/x-ndjson;q=0.5"])
def test_stream_comes_to_those_only_who_ask_for_it(client: FlaskClient, accept: str | None) -> None:
    response = client.post("/api/articles", json={"text": "One moon."}, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.content_type) == (201, "application/json")


@pytest.mark.parametrize(
    ("files", "status"), [([], 422), ([(b"\xff", "a.txt")], 422), ([(b"A moon.", f"{n}.txt") for n in range(51)], 422)]
)
def test_what_is_wrong_before_the_work_begins_has_its_status(
    client: FlaskClient, files: list[tuple[bytes, str]], status: int
) -> None:
    response = client.post("/api/articles", data=upload(*files), headers=STREAM, content_type="multipart/form-data")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_token_is_asked_for_before_the_work_begins(settings: Settings, components: Components) -> None:
    components.settings = Settings.checked(**{**settings.model_dump(), "admin_token": "s3cret"})
    client = create_app(Newsquote(components)).test_client()
    assert client.post("/api/articles", json={"text": "One moon."}, headers=STREAM).status_code == 401


class Failing(CountingEmbedder):
    """Embeds two batches, and then no more."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if len(self.embedded) == 2:
            raise RuntimeError("/secret/path.py")
        return super().embed_passages(texts)


def test_error_in_mid_stream_is_the_last_line_and_what_was_stored_stays(settings: Settings, reader: Reader) -> None:
    components = Components(settings, Failing(), reader)
    client = create_app(Newsquote(components)).test_client()
    response = client.post("/api/articles", data=upload((long_articles(5), "a.jsonl")), headers=STREAM)
    *progress, last = lines_of(response.text)
    assert [line["done"] for line in progress] == [0, 1, 2]
    assert re.fullmatch("[0-9a-f]{16}", last.pop("request_id"))
    assert last == {
        "event": "problem",
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong here. It has been logged. 2 of 5 articles have been stored and stay.",
        "errors": [],
    }
    assert components.store.articles.counts().articles == 2
    components.close()


def post(server: Any, content: bytes) -> HTTPResponse:
    boundary, body = encode_multipart({"files": FileStorage(BytesIO(content), "a.jsonl")})
    connection = HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
    headers = STREAM | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    connection.request("POST", "/api/articles", body, headers)
    return connection.getresponse()


def test_client_that_goes_away_ends_the_work_between_two_articles(settings: Settings, reader: Reader) -> None:
    embedder = GatedEmbedder()
    components = Components(settings.model_copy(update={"port": 0}), embedder, reader)
    with serving(components) as server:
        response = post(server, long_articles(5))
        embedder.gate.release()
        seen = [json.loads(response.readline())["done"] for _ in range(2)]
        response.close()  # which alone holds the socket of an answer without a length
        while server.active_channels:  # the server has yet to notice; the second article waits at the gate
            pass
        embedder.gate.release(5)
        server.task_dispatcher.shutdown(timeout=60)  # waits for the work that has begun
    assert seen == [0, 1]
    assert components.store.articles.counts().articles == 2
    components.engine.catch_up()
    assert is_in_step(components.engine, components.store)
    again = create_app(Newsquote(components)).test_client()
    *_, last = lines_of(again.post("/api/articles", data=upload((long_articles(5), "a.jsonl")), headers=STREAM).text)
    assert (len(last["known"]), len(last["added"])) == (2, 3)
    assert len(embedder.embedded) == 5
    components.close()
