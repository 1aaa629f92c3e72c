"""Complaints in SQL: what people said is wrong, each with a copy of the turn's document that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from index.errors import FullFeedback, UnknownConversation
from index.store import schema
from index.store.conversations import check_id
from index.store.database import Database

MOST = 10_000
"""Complaints kept at a time: some 50 MB. Whoever runs the server exports and clears them."""
_BATCH = 100

_COMPLAINTS = schema.complaints.c


@dataclass(frozen=True, slots=True)
class KeptComplaint:
    """A complaint as it was written: ``number`` counts from 1 and is never used again, times are UTC."""

    number: int
    asked_at: datetime
    said_at: datetime
    note: str
    document: str


class Complaints:
    """The complaints in a database; safe to use from several threads and several processes.

    One about a kept turn is deleted with its conversation; any other is forgotten when one more is added over
    ``keep_days`` later.
    """

    def __init__(self, database: Database, keep_days: int) -> None:
        self._database, self._keep_days = database, keep_days

    def add_on_turn(self, turn_id: str, note: str) -> None:
        """Keep a complaint about a turn; saying the same about it again adds nothing.

        :raises UnknownConversation: if there is no such turn; ``FullFeedback`` if no more can be kept.
        """
        check_id(turn_id)
        # The lock keeps PostgreSQL from deleting the turn meanwhile; SQLite has one writer anyway.
        query = sa.select(schema.turns).where(schema.turns.c.id == turn_id).with_for_update(read=True)
        said = sa.select(_COMPLAINTS.number).where(_COMPLAINTS.turn_id == turn_id, _COMPLAINTS.note == note)
        with self._database.write() as connection:
            turn = connection.execute(query).one_or_none()
            if turn is None:
                raise UnknownConversation
            if connection.execute(said).first() is None:
                self._add(connection, turn_id=turn_id, asked_at=turn.asked_at, note=note, document=turn.document)

    def add(self, document: str, note: str) -> None:
        """Keep a complaint about a turn that was not kept, given as its document.

        :raises FullFeedback: if no more can be kept.
        """
        with self._database.write() as connection:
            self._add(connection, turn_id=None, asked_at=_now(), note=note, document=document)

    def _add(self, connection: sa.Connection, **values: object) -> None:
        old = _COMPLAINTS.said_at < _now() - timedelta(days=self._keep_days)
        connection.execute(schema.complaints.delete().where(_COMPLAINTS.turn_id.is_(None), old))
        if (connection.scalar(sa.select(sa.func.count()).select_from(schema.complaints)) or 0) >= MOST:
            raise FullFeedback(MOST)
        connection.execute(schema.complaints.insert().values(said_at=_now(), **values))

    def every(self) -> Iterator[list[KeptComplaint]]:
        """Yield all complaints in batches, oldest first."""
        last = 0
        while batch := self._after(last):
            yield batch
            last = batch[-1].number

    def _after(self, number: int) -> list[KeptComplaint]:
        query = sa.select(schema.complaints).where(_COMPLAINTS.number > number).order_by(_COMPLAINTS.number)
        with self._database.read() as connection:
            rows = connection.execute(query.limit(_BATCH)).all()
        return [KeptComplaint(row.number, row.asked_at, row.said_at, row.note, row.document) for row in rows]

    def delete(self, last: int) -> int:
        """Delete the complaints up to the number ``last``, and return how many there were."""
        with self._database.write() as connection:
            return connection.execute(schema.complaints.delete().where(_COMPLAINTS.number <= last)).rowcount


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
