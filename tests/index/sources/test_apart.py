from __future__ import annotations

import pytest

from index.errors import NoFeed
from index.sources import apart, feeds
from tests.index.sources.test_feeds import ATOM, JSON, NEWS, RDF, RSS, URL


@pytest.mark.parametrize("body", [RSS, ATOM, RDF, NEWS, JSON], ids=["RSS", "Atom", "RDF", "news sitemap", "JSON Feed"])
def test_feed_that_is_parsed_apart_is_the_same(body: bytes) -> None:
    assert apart.read(body, URL, 100) == feeds.read(body, URL, 100)


def test_what_is_no_feed_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSQUOTE_ADMIN_TOKEN", "s3cret")
    with pytest.raises(NoFeed, match="neither RSS nor Atom"):
        apart.read(b"<html>A page.\xff</html>", URL, 100)


def test_page_that_is_parsed_apart_names_its_feeds() -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/rß">'.encode()
    assert apart.named_in(page, URL) == ["https://news.example/r%C3%9F"]
    assert apart.named_in(b"", URL) == []


def test_feed_that_takes_too_long_or_too_much_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b'<rss version="2.0"><channel>' + b"<item>" * 200_000
    for limits in ({"PROCESSOR_S": 1}, {"MEMORY_BYTES": 60_000_000}):
        for name, value in limits.items():
            monkeypatch.setattr(apart, name, value)
        with pytest.raises(NoFeed, match="takes more time or memory than a feed may"):
            apart.read(deep, URL, 100)
        monkeypatch.undo()
