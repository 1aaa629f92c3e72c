"""Bytes to a feed, whatever kind it is of; a page to the feeds that it names."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from index.errors import Unfetchable
from index.sources import jsonfeed, sitemaps, syndication
from index.sources.addresses import Address
from index.sources.feed import Feed

_HEAD_CHARS = 500_000
"""Of a page, that is looked through for its feeds: they are named at its beginning."""
_MOST_NAMED = 20
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_OPENING_BYTES = 4_000


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the feed that lies at ``url``, with ``most`` entries at most.

    :raises NoFeed: if it is none.
    """
    opening = body[:_OPENING_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if opening.startswith((b"{", b"[")):
        return jsonfeed.read(body, url, most)
    if _SITEMAP.search(opening):
        return sitemaps.read(body, url, most)
    return syndication.read(body, url, most)


def named_in(page: str, url: str) -> list[str]:
    """Return the addresses of the feeds that the page at ``url`` names, in its order."""
    links = _Links()
    links.feed(page[:_HEAD_CHARS])
    found: list[str] = []
    for href in links.found[:_MOST_NAMED]:
        try:
            found.append(str(Address.of(url).joined(href)))
        except Unfetchable:
            continue
    return list(dict.fromkeys(found))


class _Links(HTMLParser):
    """Collects ``<link rel=alternate>`` of feeds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        media_type = (said.get("type") or "").partition(";")[0].strip().lower()
        is_alternate = "alternate" in (said.get("rel") or "").lower().split()
        if tag == "link" and is_alternate and media_type in _FEED_TYPES and (href := said.get("href")):
            self.found.append(href)
