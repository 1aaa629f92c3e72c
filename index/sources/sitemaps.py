"""Sitemaps (sitemaps.org), those of news among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

from index.errors import NoFeed
from index.sources.feed import Entry, Feed, distinct, entry, moment

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_MAX_DEPTH = 20
_MOST_NAMED = 3


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the sitemap that lies at ``url``, with ``most`` entries at most; the latest first, if it has dates.

    :raises NoFeed: if it is none, or lists only other sitemaps.
    """
    found = list(_entries(body, url))
    dated = sorted((one for one in found if one.published), key=lambda one: one.published or date.min, reverse=True)
    undated = [one for one in found if not one.published]
    return Feed(None, distinct([*dated, *undated], most))


def _entries(body: bytes, url: str) -> Iterator[Entry]:
    """Yield the entries; of each nothing is kept once it was read.

    Entities that grow are expat's to refuse, which does (since 2.4.1); what is elsewhere is never read.
    """
    depth, others = 0, []
    try:
        for event, element in ET.iterparse(BytesIO(body), events=("start", "end")):  # noqa: S314  # see above
            depth += 1 if event == "start" else -1
            if depth > _MAX_DEPTH or (event == "start" and depth == 1 and not element.tag.startswith(_SITEMAP)):
                raise NoFeed("XML, but not a sitemap")
            if event == "end" and element.tag == f"{_SITEMAP}sitemap":
                others.append(element.findtext(f"{_SITEMAP}loc") or "")
            if event == "end" and depth == 1:
                if element.tag == f"{_SITEMAP}url" and (one := _entry(element, url)):
                    yield one
                element.clear()
    except ET.ParseError as error:
        raise NoFeed(f"broken XML: {error}") from error
    if others:
        raise NoFeed(f"it lists other sitemaps; add one of those: {', '.join(others[:_MOST_NAMED])}")


def _entry(element: ET.Element, url: str) -> Entry | None:
    news = element.find(f"{_NEWS}news")
    title = None if news is None else news.findtext(f"{_NEWS}title")
    published = None if news is None else moment(news.findtext(f"{_NEWS}publication_date"))
    changed = moment(element.findtext(f"{_SITEMAP}lastmod"))
    return entry(url, element.findtext(f"{_SITEMAP}loc"), title, published.date() if published else None, changed)
