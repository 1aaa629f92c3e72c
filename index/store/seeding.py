"""Whether the first articles have been taken in."""

from __future__ import annotations

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database


class Seeding:
    """Remembers that a new store has been given its first articles, so that it happens once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_done(self) -> bool:
        """Whether the first articles have been taken in, all of them."""
        with self._database.read() as connection:
            return bool(connection.scalar(sa.select(schema.about.c.is_seeded)))

    def note_done(self) -> None:
        """Remember that the first articles have been taken in."""
        with self._database.write() as connection:
            connection.execute(schema.about.update().values(is_seeded=True))
