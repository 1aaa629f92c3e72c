"""Leases in SQL: who, of several processes, does what only one should; taken over when one does not renew its own."""

from __future__ import annotations

import time

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database

_LEASES = schema.leases.c


class Leases:
    """The leases in a database; safe to use from several threads and several processes.

    Machines that share the database must agree on the time to within a few seconds.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, holder: str, seconds: float) -> bool:
        """Take the lease, or renew one's own, for so many seconds; return whether ``holder`` has it now."""
        with self._database.read() as connection:  # most often somebody has it, and will for a while
            if self._is_taken(connection, name, holder):
                return False
        mine = {"holder": holder, "ends": time.time() + seconds}
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":  # elsewhere there is one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE leases IN EXCLUSIVE MODE"))
            if self._is_taken(connection, name, holder):
                return False
            connection.execute(schema.leases.delete().where(_LEASES.name == name))
            connection.execute(schema.leases.insert().values(name=name, **mine))
        return True

    def give_back(self, name: str, holder: str) -> None:
        """End the lease now, if ``holder`` has it."""
        with self._database.write() as connection:
            connection.execute(schema.leases.delete().where(_LEASES.name == name, _LEASES.holder == holder))

    @staticmethod
    def _is_taken(connection: sa.Connection, name: str, holder: str) -> bool:
        row = connection.execute(sa.select(schema.leases).where(_LEASES.name == name)).one_or_none()
        return row is not None and row.holder != holder and bool(row.ends > time.time())
