from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PLAIN, GZIP = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "br, gzip"}


def get(client: FlaskClient, path: str, headers: dict[str, str]) -> TestResponse:
    """Return the whole response, which then holds no file open."""
    return client.get(path, headers=headers, buffered=True)


@pytest.mark.parametrize("path", ["/static/style.css", "/static/page.js", "/static/icon.svg"])
def test_static_files_are_compressed_for_those_who_can_read_that(client: FlaskClient, path: str) -> None:
    plain, small = (get(client, path, headers) for headers in (PLAIN, GZIP))
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert gzip.decompress(small.data) == plain.data
    for response in (plain, small):
        assert "Accept-Encoding" in response.vary


@pytest.mark.parametrize("headers", [PLAIN, GZIP])
def test_browser_that_has_the_file_is_not_sent_it_again(client: FlaskClient, headers: dict[str, str]) -> None:
    etag = get(client, "/static/style.css", GZIP).headers["ETag"]
    again = get(client, "/static/style.css", headers | {"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/api/articles", "/static/nothing.css"])
def test_pages_and_answers_are_sent_as_they_are(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in get(client, path, GZIP).headers
