"""RSS and Atom. The only file that names feedparser."""

from __future__ import annotations

import html
import re
import time
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import feedparser

from index.errors import NoFeed
from index.sources.feed import Feed, distinct, entry, line

_LONGEST = 5_000
"""Characters of a title, tags and all, that are looked at."""
_TAG = re.compile(r"<[^<>]*>")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_PERIODS = {"hourly": _HOUR, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
"""Of the RSS module Syndication 1.0."""


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the feed that lies at ``url``, with ``most`` entries at most.

    :raises NoFeed: if it is none.
    """
    # Bytes in a file: a text could be taken for an address, and fetched.
    headers = {"content-location": url, "content-type": "application/xml"}
    try:
        found = feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except ValueError as error:  # which the library lets through; seen by the long run of tests/soak/test_feeds.py
        raise NoFeed("broken XML") from error
    if not found.get("version"):
        raise NoFeed("neither RSS nor Atom")
    entries = (
        entry(url, _link(one), _text(one.get("title")), _day(one), _moment(one, "updated_parsed"))
        for one in found.entries
    )
    return Feed(line(_text(found.feed.get("title"))), distinct(entries, most), _interval_s(found.feed))


def _link(one: Any) -> object:
    """Return where the article is: what a service in between counts clicks by is passed over."""
    return one.get("feedburner_origlink") or one.get("link")


def _text(markup: object) -> str | None:
    """Return a title without tags and entities: it may be HTML."""
    return html.unescape(_TAG.sub("", markup[:_LONGEST])) if isinstance(markup, str) else None


def _day(one: Any) -> date | None:
    found = _moment(one, "published_parsed")
    return found.date() if found else None


def _moment(one: Any, name: str) -> datetime | None:
    """Return a moment in UTC; an entry that names none of its change is not taken to have changed when it came out."""
    said = one.get(name) if name in one else None
    try:
        return datetime(*said[:6], tzinfo=UTC) if isinstance(said, time.struct_time) else None
    except ValueError:
        return None


def _interval_s(feed: Any) -> int | None:
    """Return how often the feed wants to be read: ``ttl`` in minutes, or a period and how often in it."""
    ttl = _number(feed.get("ttl"))
    if ttl:
        return ttl * _MINUTE
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    return max(1, period // (_number(feed.get("sy_updatefrequency")) or 1)) if period else None


def _number(said: object) -> int | None:
    text = str(said).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None  # noqa: PLR2004  # 19 years
