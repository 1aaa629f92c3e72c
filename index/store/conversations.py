"""Conversations in SQL: turns in order, each a document that is never changed; what is said of them goes with them.

An id is 128 random bits: whoever has it may read and continue the conversation, and nobody can guess it. So is the key
of its owner, which is another one: whoever has that may list, name, pin and delete what was begun with it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from index.errors import FullConversation, UnknownConversation
from index.store import schema
from index.store.database import Database

_TURNS, _CONVERSATIONS = schema.turns.c, schema.conversations.c
_ORDER = (_CONVERSATIONS.is_pinned.desc(), _CONVERSATIONS.changed_at.desc(), _CONVERSATIONS.id)
"""Of a list: pinned ones first, then the one changed last; of those changed at once, always the same first."""
_ID = re.compile(r"[A-Za-z0-9_-]{22}")

Owners = tuple[str, ...]
"""Keys of whoever asks; a browser has several."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it was written: ``number`` counts from 1, ``asked_at`` is UTC."""

    id: str
    conversation_id: str
    number: int
    asked_at: datetime
    document: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation as its owner's list has it: what it is called, if not by its ``first`` turn, of so many."""

    first: KeptTurn
    turns: int
    name: str | None
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the conversations of a list, and how many there are in all."""

    begun: tuple[Begun, ...]
    total: int


class Conversations:
    """The conversations in a database; safe to use from several threads and several processes.

    A conversation is forgotten when another begins more than ``keep_days`` after its last turn.
    """

    def __init__(self, database: Database, max_turns: int, keep_days: int) -> None:
        self._database, self._max_turns, self._keep_days = database, max_turns, keep_days

    def add(self, document: str, conversation_id: str | None = None, owner: str | None = None) -> KeptTurn:
        """Append a turn to the conversation, safely beside others that do; without an id, begin one, with this owner.

        :raises UnknownConversation: if there is no such conversation; ``FullConversation`` if it cannot take more.
        """
        if conversation_id is not None:
            check_id(conversation_id)
        now = _now()
        with self._database.write() as connection:
            if conversation_id is None:
                number, conversation_id = 1, self._begin(connection, owner, now)
            else:
                number = self._next_number(connection, conversation_id, now)
            turn = KeptTurn(new_id(), conversation_id, number, now, document)
            connection.execute(schema.turns.insert().values(asdict(turn)))
        return turn

    def _begin(self, connection: sa.Connection, owner: str | None, now: datetime) -> str:
        conversation_id = new_id()
        _delete(connection, _CONVERSATIONS.changed_at < now - timedelta(days=self._keep_days))
        values = {"id": conversation_id, "visitor": owner, "changed_at": now}
        connection.execute(schema.conversations.insert().values(values))
        return conversation_id

    def _next_number(self, connection: sa.Connection, conversation_id: str, now: datetime) -> int:
        # The update locks the conversation's row on PostgreSQL too, so that two turns do not get one number.
        mine = schema.conversations.update().where(_CONVERSATIONS.id == conversation_id)
        if not connection.execute(mine.values(changed_at=now)).rowcount:
            raise UnknownConversation
        last = sa.select(sa.func.max(_TURNS.number)).where(_TURNS.conversation_id == conversation_id)
        number = (connection.scalar(last) or 0) + 1
        if number > self._max_turns:
            raise FullConversation(self._max_turns)
        return number

    def turns(self, conversation_id: str, last: int | None = None) -> list[KeptTurn]:
        """Return the turns in order, or only the ``last`` ones.

        :raises UnknownConversation: if there are none: every conversation has a turn.
        """
        query = sa.select(schema.turns).where(_TURNS.conversation_id == conversation_id).order_by(_TURNS.number.desc())
        check_id(conversation_id)
        with self._database.read() as connection:
            found = [_turn(row) for row in connection.execute(query.limit(last))][::-1]
        if not found:
            raise UnknownConversation
        return found

    def turn(self, turn_id: str) -> KeptTurn:
        """Return the turn with this id.

        :raises UnknownConversation: if there is no such turn.
        """
        check_id(turn_id)
        with self._database.read() as connection:
            row = connection.execute(sa.select(schema.turns).where(_TURNS.id == turn_id)).one_or_none()
        if row is None:
            raise UnknownConversation
        return _turn(row)

    def begun_by(self, owners: Owners) -> list[Begun]:
        """Return the conversations of these owners: pinned ones first, and the one changed last first."""
        with self._database.read() as connection:
            return _begun(connection, _CONVERSATIONS.visitor.in_(owners))

    def page(self, owners: Owners, offset: int, limit: int) -> Page:
        """Return a page of the conversations of these owners, in the same order."""
        mine = _CONVERSATIONS.visitor.in_(owners)
        ids = sa.select(_CONVERSATIONS.id).where(mine).order_by(*_ORDER).offset(offset).limit(limit).correlate(None)
        with self._database.read() as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(schema.conversations).where(mine)) or 0
            begun = _begun(connection, _CONVERSATIONS.id.in_(ids))
        return Page(tuple(begun), total)

    def one(self, conversation_id: str) -> Begun:
        """Return the conversation as its owner's list has it.

        :raises UnknownConversation: if there is no such conversation.
        """
        check_id(conversation_id)
        with self._database.read() as connection:
            for begun in _begun(connection, _CONVERSATIONS.id == conversation_id):
                return begun
        raise UnknownConversation

    def latest_turns(self, owners: Owners, most: int) -> list[KeptTurn]:
        """Return the turns of all conversations of these owners, the latest first, at most so many."""
        query = _joined(schema.turns).where(_CONVERSATIONS.visitor.in_(owners))
        order = _TURNS.asked_at.desc(), _TURNS.number.desc(), _TURNS.id
        with self._database.read() as connection:
            return [_turn(row) for row in connection.execute(query.order_by(*order).limit(most))]

    def name(self, conversation_id: str, owners: Owners) -> str | None:
        """Return what these owners call the conversation; None if it is not theirs, or has no name.

        :raises UnknownConversation: if no conversation could have this id.
        """
        check_id(conversation_id)
        query = sa.select(_CONVERSATIONS.name).where(_CONVERSATIONS.id == conversation_id)
        with self._database.read() as connection:
            return connection.scalar(query.where(_CONVERSATIONS.visitor.in_(owners)))

    def rename(self, conversation_id: str, name: str | None) -> None:
        """Call the conversation by a name or, with None, by its first question again.

        :raises UnknownConversation: if there is no such conversation.
        """
        self._set(conversation_id, name=name)

    def pin(self, conversation_id: str, *, is_pinned: bool) -> None:
        """Let the conversation be among the first of its owner's list, or no longer.

        :raises UnknownConversation: if there is no such conversation.
        """
        self._set(conversation_id, is_pinned=is_pinned)

    def _set(self, conversation_id: str, **values: str | bool | None) -> None:
        check_id(conversation_id)
        mine = schema.conversations.update().where(_CONVERSATIONS.id == conversation_id)
        with self._database.write() as connection:
            if not connection.execute(mine.values(values)).rowcount:
                raise UnknownConversation

    def belongs_to(self, conversation_id: str, owners: Owners) -> bool:
        """Whether one of these owners began the conversation.

        :raises UnknownConversation: if no conversation could have this id.
        """
        check_id(conversation_id)
        query = sa.select(_CONVERSATIONS.visitor).where(_CONVERSATIONS.id == conversation_id)
        with self._database.read() as connection:
            return connection.scalar(query) in owners

    def merge(self, owners: Owners, into: str) -> None:
        """Give all conversations of these owners to one."""
        mine = schema.conversations.update().where(_CONVERSATIONS.visitor.in_(owners))
        with self._database.write() as connection:
            connection.execute(mine.values(visitor=into))

    def delete(self, conversation_id: str) -> None:
        """Forget the conversation.

        :raises UnknownConversation: if there is no such conversation.
        """
        check_id(conversation_id)
        with self._database.write() as connection:
            if not _delete(connection, _CONVERSATIONS.id == conversation_id):
                raise UnknownConversation

    def delete_all(self, owners: Owners) -> int:
        """Forget all conversations of these owners, and return how many there were."""
        with self._database.write() as connection:
            return _delete(connection, _CONVERSATIONS.visitor.in_(owners))


def new_id() -> str:
    """Return 128 random bits, less a few hundredths of one, as 22 characters that are safe in a URL.

    The first is no dash: a command line would take it for an option.
    """
    while (made := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return made


def check_id(text: str) -> None:
    """Refuse what cannot be an id: some databases fail when asked for invalid text."""
    if not _ID.fullmatch(text):
        raise UnknownConversation


def _joined(*columns: Any) -> sa.Select[Any]:
    """Return what selects turns with their conversations."""
    joined = schema.turns.join(schema.conversations, _CONVERSATIONS.id == _TURNS.conversation_id)
    return sa.select(*columns).select_from(joined)


def _begun(connection: sa.Connection, which: sa.ColumnElement[bool]) -> list[Begun]:
    """Return these conversations in the order of a list."""
    every = schema.turns.alias()
    count = sa.select(sa.func.count()).where(every.c.conversation_id == _CONVERSATIONS.id).scalar_subquery()
    query = _joined(schema.turns, _CONVERSATIONS.name, _CONVERSATIONS.is_pinned, count.label("turns"))
    rows = connection.execute(query.where(which, _TURNS.number == 1).order_by(*_ORDER))
    return [Begun(_turn(row), row.turns, row.name, row.is_pinned) for row in rows]


def _delete(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    of_these = _TURNS.conversation_id.in_(sa.select(_CONVERSATIONS.id).where(which))
    said_of_them = schema.complaints.c.turn_id.in_(sa.select(_TURNS.id).where(of_these))
    connection.execute(schema.complaints.delete().where(said_of_them))
    connection.execute(schema.turns.delete().where(of_these))
    return connection.execute(schema.conversations.delete().where(which)).rowcount


def _turn(row: sa.Row[tuple[object, ...]]) -> KeptTurn:
    return KeptTurn(row.id, row.conversation_id, row.number, row.asked_at, row.document)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
