"""What a feed says: the addresses of its articles, and how often it is worth asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from index.errors import Unfetchable
from index.sources.addresses import Address, without_tracking

MAX_TITLE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed names: where it is, and what the feed says of it.

    ``changed`` is when it was changed last, to the hour: some feeds say "now" whenever they are asked.
    """

    url: str
    title: str | None = None
    published: date | None = None
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and its entries in its own order; ``interval_s`` is how often it wants to be read."""

    title: str | None
    entries: tuple[Entry, ...]
    interval_s: int | None = None


def entry(
    base: str, link: object, title: object = None, published: date | None = None, changed: datetime | None = None
) -> Entry | None:
    """Return the entry that ``link`` in the feed at ``base`` stands for; None if it leads to no web page."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        url = without_tracking(str(Address.of(base).joined(link)))
        return Entry(url, line(title), published, changed.strftime("%Y-%m-%dT%H") if changed else None)
    except Unfetchable:
        return None


def moment(said: object) -> datetime | None:
    """Return the moment that is written as ISO 8601; None if none is."""
    try:
        return datetime.fromisoformat(said.strip()) if isinstance(said, str) else None
    except ValueError:
        return None


def distinct(found: Iterable[Entry | None], most: int) -> tuple[Entry, ...]:
    """Return the first ``most`` entries, each address once."""
    by_url: dict[str, Entry] = {}
    for one in found:
        if len(by_url) == most:
            break
        if one:
            by_url.setdefault(one.url, one)
    return tuple(by_url.values())


def line(text: object) -> str | None:
    """Return the text in one line, and no longer than a title may be; None if there is nothing to see."""
    if not isinstance(text, str):
        return None
    shown = "".join(c if not "\ud800" <= c <= "\udfff" and c != "\0" else " " for c in text[: 4 * MAX_TITLE_CHARS])
    return " ".join(shown.split())[:MAX_TITLE_CHARS] or None
