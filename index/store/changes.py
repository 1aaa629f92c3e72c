"""What changed, in order: an engine that remembers the last change it saw can catch up at any time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from index.store import database, schema
from index.store.database import Database

_CHANGES = schema.changes.c


@dataclass(frozen=True, slots=True)
class Change:
    """A change, by its number and by the token that stands for it and all before it.

    A database restored from an older copy counts on from there: it uses numbers again, but never tokens. 0 stands for
    an archive in which nothing has changed yet.
    """

    number: int
    token: str


NOWHERE = Change(0, "")
"""Before anything was taken in, from whatever database."""


@dataclass(frozen=True, slots=True)
class Window:
    """Changes one after another, up to ``upto``: the ids of the articles they are of, and of those first taken in."""

    upto: Change
    changed: frozenset[str]
    new: tuple[str, ...]


class Changes:
    """The changes to articles, numbered in ascending order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> Change:
        """Return the latest change."""
        latest = sa.select(_CHANGES.seq, _CHANGES.token).order_by(_CHANGES.seq.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(latest).one_or_none()
            return Change(row.seq, row.token) if row else Change(0, database.identity(connection))

    def nothing(self) -> Change:
        """Return what comes before the first change to this database."""
        with self._database.read() as connection:
            return Change(0, database.identity(connection))

    def holds(self, change: Change) -> bool:
        """Whether the change was made here, in this database as it is now."""
        token = sa.select(_CHANGES.token).where(_CHANGES.seq == change.number)
        with self._database.read() as connection:
            found = connection.scalar(token) if change.number else database.identity(connection)
        return found == change.token

    def keys(self, after: int, upto: int) -> list[int]:
        """Return the keys of the articles changed after the change ``after``, up to and including ``upto``."""
        query = sa.select(_CHANGES.article_key).where(_CHANGES.seq > after, _CHANGES.seq <= upto).distinct()
        with self._database.read() as connection:
            return sorted(connection.scalars(query))

    def window(self, after: Change, most: int) -> Window | None:
        """Return the changes after this one, at most so many; None if there are none.

        An article counts as new with its first change alone: not if it was corrected, marked anew, or removed and added
        again.
        """
        query = sa.select(schema.changes).where(_CHANGES.seq > after.number).order_by(_CHANGES.seq).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return None
            keys = list(dict.fromkeys(row.article_key for row in rows))
            earlier = _CHANGES.article_key.in_(keys) & (_CHANGES.seq <= after.number)
            known = set(connection.scalars(sa.select(_CHANGES.article_key).where(earlier).distinct()))
            named = sa.select(schema.articles.c.key, schema.articles.c.id).where(schema.articles.c.key.in_(keys))
            ids = {row.key: row.id for row in connection.execute(named)}
        new = tuple(ids[key] for key in keys if key in ids and key not in known)
        return Window(Change(rows[-1].seq, rows[-1].token), frozenset(ids.values()), new)


def queue(connection: sa.Connection) -> None:
    """Wait for those who note changes at this moment, and from now on see what they did, where several can write."""
    if connection.dialect.name == "postgresql":
        # The numbers of changes become visible in order, so that no follower skips one.
        connection.execute(sa.text("LOCK TABLE changes IN EXCLUSIVE MODE"))


def note(connection: sa.Connection, keys: Collection[int]) -> None:
    """Record that the articles with these keys have changed, in the transaction that changes them."""
    queue(connection)
    connection.execute(schema.changes.insert(), [{"article_key": key, "token": uuid4().hex} for key in keys])
