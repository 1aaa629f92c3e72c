from __future__ import annotations

from io import BytesIO

from flask_openapi3 import OpenAPI

from service.newsquote import Newsquote
from service.web.requests import newsquote as current
from service.web.requests import uploaded


def test_request_is_served_by_the_app_s_own_application(app: OpenAPI, newsquote: Newsquote) -> None:
    with app.test_request_context():
        assert current() is newsquote


def test_uploads_come_with_their_names(app: OpenAPI) -> None:
    data = {"files": [(BytesIO(b"one"), "a.txt"), (BytesIO(b"two"), "../b.jsonl")]}
    with app.test_request_context("/articles", method="POST", data=data):
        assert [(name, file.read()) for name, file in uploaded()] == [("a.txt", b"one"), ("../b.jsonl", b"two")]
