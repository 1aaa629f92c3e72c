"""Locks that all processes on a database share: what only one of them does at a time takes one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from index import locks
from index.errors import LockHeld
from index.store.database import Database

_POLL_S = 0.05


class Locks:
    """The locks of a database: beside an SQLite file, files; in PostgreSQL its own, for processes on any machine.

    Either is dropped with the process that holds it. One process must not take the same twice at a time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def held(self, name: str, timeout_s: float = locks.PATIENT_S) -> Iterator[None]:
        """Hold the lock of this name.

        :raises LockHeld: if another process holds it for longer than ``timeout_s``.
        :raises Unwritable: if its file cannot be made.
        """
        path = self._database.path
        if path is not None:
            with locks.held(path.with_name(f"{path.name}.{name}.lock"), timeout_s):
                yield
        elif self._database.is_postgresql:
            with self._database.unbound() as connection, _advisory(connection, name, timeout_s):
                yield
        else:
            yield  # a database in memory is one process's


@contextmanager
def _advisory(connection: sa.Connection, name: str, timeout_s: float) -> Iterator[None]:
    key = {"key": int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1}
    until = time.monotonic() + timeout_s
    while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key):
        if time.monotonic() >= until:
            raise LockHeld(f"the database's lock {name!r}", timeout_s)
        time.sleep(_POLL_S)
    try:
        yield
    finally:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)
