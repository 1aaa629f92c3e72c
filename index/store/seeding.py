"""Whether the starter articles have been taken in."""

from __future__ import annotations

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database


class Seeding:
    """Remembers that a new store has been given the starter articles, so that this happens once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_done(self) -> bool:
        """Whether all the starter articles have been taken in."""
        with self._database.read() as connection:
            return bool(connection.scalar(sa.select(schema.about.c.is_seeded)))

    def note_done(self) -> None:
        """Remember that the starter articles have been taken in."""
        with self._database.write() as connection:
            connection.execute(schema.about.update().values(is_seeded=True))
