"""API keys in SQL: never the key itself, but its SHA-256, by which it is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from index.store import schema
from index.store.conversations import new_id
from index.store.database import Database

_KEYS = schema.keys.c


@dataclass(frozen=True, slots=True)
class KeptKey:
    """What is known of a key; ``expires_on`` is the last day on which it counts, days are UTC."""

    id: str
    name: str
    scopes: frozenset[str]
    made_on: date
    expires_on: date | None = None
    used_on: date | None = None


class Keys:
    """The keys in a database; safe to use from several threads and several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, digest: bytes, scopes: frozenset[str], made_on: date, expires_on: date | None) -> bool:
        """Keep a key, and return whether its name was free."""
        values = {"id": new_id(), "name": name, "digest": digest, "scopes": " ".join(sorted(scopes))}
        days = {"made_on": made_on, "expires_on": expires_on}
        with self._database.write() as connection:
            if connection.scalar(sa.select(_KEYS.id).where(_KEYS.name == name)):
                return False
            connection.execute(schema.keys.insert().values(values | days))
        return True

    def every(self) -> list[KeptKey]:
        """Return all keys, by name."""
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(sa.select(schema.keys).order_by(_KEYS.name))]

    def with_digest(self, digest: bytes) -> KeptKey | None:
        """Return the key with this SHA-256; None if there is none."""
        return self._one(_KEYS.digest == digest)

    def with_id(self, key_id: str) -> KeptKey | None:
        """Return the key with this id; None if there is none."""
        return self._one(_KEYS.id == key_id)

    def _one(self, which: sa.ColumnElement[bool]) -> KeptKey | None:
        with self._database.read() as connection:
            row = connection.execute(sa.select(schema.keys).where(which)).one_or_none()
        return _key(row) if row else None

    def note_use(self, key_id: str, day: date) -> None:
        """Keep that the key was used on this day."""
        with self._database.write() as connection:
            connection.execute(schema.keys.update().where(_KEYS.id == key_id).values(used_on=day))

    def delete(self, name: str) -> bool:
        """Forget the key with this name, and return whether there was one."""
        with self._database.write() as connection:
            return connection.execute(schema.keys.delete().where(_KEYS.name == name)).rowcount > 0


def _key(row: sa.Row[tuple[object, ...]]) -> KeptKey:
    return KeptKey(row.id, row.name, frozenset(row.scopes.split()), row.made_on, row.expires_on, row.used_on)
