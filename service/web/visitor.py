"""Who asks, as far as a browser reveals: a random id in its signed session cookie, set with the first question."""

from __future__ import annotations

from flask import session

from index.store.conversations import new_id

KEY = "visitor"


def visitor() -> str:
    """Return the id of this browser; empty, and nobody's, if it has asked nothing yet."""
    found: str = session.get(KEY, "")
    return found


def remembered() -> str:
    """Return the id of this browser, assigning one if it has none."""
    session.permanent = True
    found: str = session.setdefault(KEY, new_id())
    return found
