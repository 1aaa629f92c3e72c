"""What changed, in order: an engine that remembers the last change it saw can catch up at any time."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database

_CHANGES = schema.changes.c


class Changes:
    """The changes to articles, numbered in ascending order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self) -> int:
        """Return the number of the latest change, 0 before the first."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.func.max(_CHANGES.seq))) or 0

    def token(self, change: int) -> str | None:
        """Return the token that stands for the change and all before it; None if there is no such change here.

        A database restored from an older copy counts on from there: it uses numbers again, but never tokens.
        """
        if change == 0:
            return self._database.identity
        with self._database.read() as connection:
            return connection.scalar(sa.select(_CHANGES.token).where(_CHANGES.seq == change))

    def keys(self, after: int, upto: int) -> list[int]:
        """Return the keys of the articles changed after the change ``after``, up to and including ``upto``."""
        query = sa.select(_CHANGES.article_key).where(_CHANGES.seq > after, _CHANGES.seq <= upto).distinct()
        with self._database.read() as connection:
            return sorted(connection.scalars(query))


def note(connection: sa.Connection, keys: Collection[int]) -> None:
    """Record that the articles with these keys have changed, in the transaction that changes them."""
    if connection.dialect.name == "postgresql":
        # The numbers of changes become visible in order, so that no follower skips one.
        connection.execute(sa.text("LOCK TABLE changes IN EXCLUSIVE MODE"))
    connection.execute(schema.changes.insert(), [{"article_key": key, "token": uuid4().hex} for key in keys])
