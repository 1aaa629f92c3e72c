"""Conversations in SQL: turns in their order, each a document that is never changed.

An id is 128 random bits: whoever has it may read and go on with the conversation, and nobody finds it by guessing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from index import schema
from index.errors import FullConversation, UnknownConversation
from index.store import Store

_TURNS, _CONVERSATIONS = schema.turns.c, schema.conversations.c


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as it was written: ``number`` counts from 1, ``asked_at`` is UTC."""

    id: str
    conversation_id: str
    number: int
    asked_at: datetime
    document: str


class Conversations:
    """The conversations in a store's database; safe to use from several threads and several processes.

    ``keep_days`` after its last turn a conversation is forgotten, when another one begins.
    """

    def __init__(self, store: Store, max_turns: int, keep_days: int) -> None:
        self._store, self._max_turns, self._keep_days = store, max_turns, keep_days

    def begin(self, visitor: str | None = None) -> str:
        """Begin a conversation, and return its id; ``visitor`` is whose list it is on."""
        conversation_id, now = new_id(), _now()
        with self._store.write() as connection:
            _delete(connection, _CONVERSATIONS.changed_at < now - timedelta(days=self._keep_days))
            values = {"id": conversation_id, "visitor": visitor, "changed_at": now}
            connection.execute(schema.conversations.insert().values(values))
        return conversation_id

    def add(self, conversation_id: str, document: str) -> Turn:
        """Add a turn at the end, whoever else adds one meanwhile.

        :raises UnknownConversation: if it is not there; ``FullConversation`` if it takes no more.
        """
        with self._store.write() as connection:
            mine = sa.select(schema.conversations).where(_CONVERSATIONS.id == conversation_id)
            if connection.execute(mine.with_for_update()).one_or_none() is None:
                raise UnknownConversation
            last = sa.select(sa.func.max(_TURNS.number)).where(_TURNS.conversation_id == conversation_id)
            turn = Turn(new_id(), conversation_id, (connection.scalar(last) or 0) + 1, _now(), document)
            if turn.number > self._max_turns:
                raise FullConversation(self._max_turns)
            connection.execute(
                schema.turns.insert().values(
                    id=turn.id,
                    conversation_id=conversation_id,
                    number=turn.number,
                    asked_at=turn.asked_at,
                    document=document,
                )
            )
            changed = schema.conversations.update().where(_CONVERSATIONS.id == conversation_id)
            connection.execute(changed.values(changed_at=turn.asked_at))
        return turn

    def turns(self, conversation_id: str, last: int | None = None) -> list[Turn]:
        """Return the turns in their order, or the ``last`` so many.

        :raises UnknownConversation: if it is not there.
        """
        query = sa.select(schema.turns).where(_TURNS.conversation_id == conversation_id).order_by(_TURNS.number.desc())
        exists = sa.select(_CONVERSATIONS.id).where(_CONVERSATIONS.id == conversation_id)
        with self._store.read() as connection:
            if connection.scalar(exists) is None:
                raise UnknownConversation
            return [_turn(row) for row in connection.execute(query.limit(last))][::-1]

    def turn(self, turn_id: str) -> Turn:
        """Return the turn with this id.

        :raises UnknownConversation: if it is not there.
        """
        with self._store.read() as connection:
            row = connection.execute(sa.select(schema.turns).where(_TURNS.id == turn_id)).one_or_none()
        if row is None:
            raise UnknownConversation
        return _turn(row)

    def begun_by(self, visitor: str) -> list[Turn]:
        """Return the first turns of this visitor's conversations, the one changed last first."""
        query = (
            sa.select(schema.turns)
            .join(schema.conversations, _CONVERSATIONS.id == _TURNS.conversation_id)
            .where(_CONVERSATIONS.visitor == visitor, _TURNS.number == 1)
            .order_by(_CONVERSATIONS.changed_at.desc())
        )
        with self._store.read() as connection:
            return [_turn(row) for row in connection.execute(query)]

    def belongs_to(self, conversation_id: str, visitor: str) -> bool:
        """Whether this visitor began the conversation."""
        query = sa.select(_CONVERSATIONS.visitor).where(_CONVERSATIONS.id == conversation_id)
        with self._store.read() as connection:
            return connection.scalar(query) == visitor

    def delete(self, conversation_id: str) -> None:
        """Forget the conversation.

        :raises UnknownConversation: if it is not there.
        """
        with self._store.write() as connection:
            if not _delete(connection, _CONVERSATIONS.id == conversation_id):
                raise UnknownConversation

    def delete_all(self, visitor: str) -> int:
        """Forget all conversations of this visitor, and return how many there were."""
        with self._store.write() as connection:
            return _delete(connection, _CONVERSATIONS.visitor == visitor)


def new_id() -> str:
    """Return 128 random bits as 22 characters that an address may have."""
    return secrets.token_urlsafe(16)


def _delete(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    of_these = _TURNS.conversation_id.in_(sa.select(_CONVERSATIONS.id).where(which))
    connection.execute(schema.turns.delete().where(of_these))
    return connection.execute(schema.conversations.delete().where(which)).rowcount


def _turn(row: sa.Row[tuple[object, ...]]) -> Turn:
    return Turn(row.id, row.conversation_id, row.number, row.asked_at, row.document)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
