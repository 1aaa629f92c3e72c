"""Counters in SQL that begin anew after a while, for all processes that share the database."""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from index.store import schema
from index.store.database import Database

_COUNTERS = schema.counters.c


class Counters:
    """Counters by name; safe to use from several threads and several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, amount: int, seconds: int) -> int:
        """Add ``amount`` to a counter, which begins at 0 every so many seconds, and return what it is then."""
        now = int(time.time())
        with self._database.write() as connection:
            connection.execute(schema.counters.delete().where(_COUNTERS.ends <= now))
            is_postgresql = connection.dialect.name == "postgresql"
            insert = postgresql.insert(schema.counters) if is_postgresql else sqlite.insert(schema.counters)
            new = insert.values(name=name, value=amount, ends=now + seconds)
            more = {"value": _COUNTERS.value + amount}
            added = new.on_conflict_do_update(index_elements=[_COUNTERS.name], set_=more).returning(_COUNTERS.value)
            return int(connection.execute(added).scalar_one())

    def get(self, name: str) -> int:
        """Return what a counter is."""
        return self._row(name)[0]

    def ends(self, name: str) -> int:
        """Return when a counter begins anew, in seconds since 1970; now, if it is 0."""
        return self._row(name)[1]

    def _row(self, name: str) -> tuple[int, int]:
        now = int(time.time())
        query = sa.select(_COUNTERS.value, _COUNTERS.ends).where(_COUNTERS.name == name, _COUNTERS.ends > now)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return (row.value, row.ends) if row else (0, now)

    def delete(self, name: str | None = None) -> int:
        """Forget a counter, or all of them, and return how many there were."""
        of = schema.counters.delete()
        with self._database.write() as connection:
            return connection.execute(of if name is None else of.where(_COUNTERS.name == name)).rowcount
