"""Who asks, as far as a browser reveals: its signed session cookie holds the keys of the conversations that it began.

Each conversation gets a key of its own. Whoever plants a copy of his own cookie in somebody else's browser would see
what is asked there if there were one key for all: as it is, his copy never learns of the keys that come later.
"""

from __future__ import annotations

from flask import session

from index.store.conversations import Owners
from service.web.requests import newsquote

KEY = "visitor"
MOST_KEYS = 32
"""Keys in one cookie: some 1 kB, sent with each request, where browsers take 4."""


def owners() -> Owners:
    """Return the keys of what this browser began; none if it has asked nothing yet."""
    found: str | list[str] = session.get(KEY, [])
    return (found,) if isinstance(found, str) else tuple(found)  # earlier versions had a single one


def remember(owner: str) -> None:
    """Keep one more key in the browser, and join the older half if these are too many.

    They become one of them, so that a cookie sent at the same time by another tab loses nothing; and the latest of
    them, so that an older copy of this cookie knows it only if it knew them all.
    """
    keys = [*owners(), owner]
    if len(keys) > MOST_KEYS:
        old = keys[: MOST_KEYS // 2]
        newsquote().merge_owners(tuple(old), old[-1])
        keys = keys[len(old) - 1 :]
    session.permanent = True
    session[KEY] = keys
