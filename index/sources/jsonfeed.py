"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import json

from index.errors import NoFeed
from index.sources.feed import Entry, Feed, distinct, entry, line, moment

_VERSION = "https://jsonfeed.org/version/"


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the feed that lies at ``url``, with ``most`` entries at most.

    :raises NoFeed: if it is none.
    """
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoFeed("broken JSON") from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not str(found.get("version", "")).startswith(_VERSION):
        raise NoFeed("JSON, but not a JSON Feed")
    entries = (_entry(one, url) for one in items if isinstance(one, dict))
    return Feed(line(found.get("title")), distinct(entries, most))


def _entry(item: dict[str, object], url: str) -> Entry | None:
    published, changed = moment(item.get("date_published")), moment(item.get("date_modified"))
    day = published.date() if published else None
    return entry(url, item.get("url") or item.get("external_url"), item.get("title"), day, changed)
