"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import json
from datetime import date, datetime

from index.errors import NoFeed
from index.sources.feed import Feed, distinct, entry, line

_VERSION = "https://jsonfeed.org/version/"


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the feed that lies at ``url``, with ``most`` entries at most.

    :raises NoFeed: if it is none.
    """
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoFeed("is broken JSON") from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not str(found.get("version", "")).startswith(_VERSION):
        raise NoFeed("is JSON, but not a JSON Feed")
    entries = (
        entry(url, one.get("url") or one.get("external_url"), one.get("title"), _day(one.get("date_published")))
        for one in items
        if isinstance(one, dict)
    )
    return Feed(line(found.get("title")), distinct(entries, most))


def _day(said: object) -> date | None:
    try:
        return datetime.fromisoformat(said).date() if isinstance(said, str) else None
    except ValueError:
        return None
