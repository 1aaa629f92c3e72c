"""Watched questions in SQL: each with the turn that it begins with, how far it has seen the archive, and its entries.

Entries are written in the transaction that moves the watch on, and only if nobody else has moved it: whatever is
killed, no article is passed over, and none is told of twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from index.errors import FullWatches, UnknownWatch
from index.store import schema
from index.store.changes import Change
from index.store.conversations import new_id
from index.store.database import Database

_WATCHES, _ENTRIES = schema.watches.c, schema.watch_entries.c
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that entries are posted to, and the secret that signs them."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """A watch as it was written; ``feed_key`` opens its feed without anything else, times are UTC."""

    id: str
    made_at: datetime
    checked_at: datetime | None
    document: str
    seen: Change
    feed_key: str
    webhook: Webhook | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written; one with an id that is already there adds nothing."""

    id: str
    kind: str
    document: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it was written, and what became of posting it.

    ``due_at`` is when it is posted next; None with no ``posted_at`` and a ``problem`` means that this was given up.
    """

    number: int
    id: str
    watch_id: str
    made_at: datetime
    kind: str
    document: str
    is_quiet: bool
    attempts: int
    due_at: datetime | None
    posted_at: datetime | None
    problem: str | None


class Watches:
    """The watches in a database; safe to use from several threads and several processes."""

    def __init__(self, database: Database, most: int, most_entries: int) -> None:
        self._database, self._most, self._most_entries = database, most, most_entries

    def check_room(self) -> None:
        """Do nothing if one more can be watched.

        :raises FullWatches: if not.
        """
        with self._database.read() as connection:
            self._check_room(connection)

    def _check_room(self, connection: sa.Connection) -> None:
        if (connection.scalar(sa.select(sa.func.count()).select_from(schema.watches)) or 0) >= self._most:
            raise FullWatches(self._most)

    def add(self, document: str, seen: Change, webhook: Webhook | None) -> KeptWatch:
        """Keep a watch that has seen the archive up to this change.

        :raises FullWatches: if there are as many as there may be.
        """
        made = KeptWatch(new_id(), _now(), None, document, seen, secrets.token_urlsafe(_KEY_BYTES), webhook)
        with self._database.write() as connection:
            self._check_room(connection)
            connection.execute(schema.watches.insert().values(_values(made)))
        return made

    def every(self) -> list[KeptWatch]:
        """Return all watches, oldest first."""
        with self._database.read() as connection:
            query = sa.select(schema.watches).order_by(_WATCHES.made_at, _WATCHES.id)
            return [_watch(row) for row in connection.execute(query)]

    def one(self, watch_id: str) -> KeptWatch:
        """Return the watch with this id.

        :raises UnknownWatch: if there is none.
        """
        return self._one(_WATCHES.id, watch_id)

    def with_feed_key(self, key: str) -> KeptWatch:
        """Return the watch whose feed this key opens.

        :raises UnknownWatch: if there is none.
        """
        return self._one(_WATCHES.feed_key, key)

    def _one(self, column: sa.Column[str], value: str) -> KeptWatch:
        if not value.isascii() or "\0" in value:  # some databases fail when asked for invalid text
            raise UnknownWatch
        with self._database.read() as connection:
            row = connection.execute(sa.select(schema.watches).where(column == value)).one_or_none()
        if row is None:
            raise UnknownWatch
        return _watch(row)

    def delete(self, watch_id: str) -> None:
        """Forget the watch and its entries.

        :raises UnknownWatch: if there is none with this id.
        """
        kept = self.one(watch_id)
        with self._database.write() as connection:
            connection.execute(schema.watch_entries.delete().where(_ENTRIES.watch_id == kept.id))
            if not connection.execute(schema.watches.delete().where(_WATCHES.id == kept.id)).rowcount:
                raise UnknownWatch

    def entries(self, watch_id: str) -> list[KeptEntry]:
        """Return the entries of a watch, latest first."""
        query = sa.select(schema.watch_entries).where(_ENTRIES.watch_id == watch_id).order_by(_ENTRIES.number.desc())
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Return how many entries each watch has that has any."""
        query = sa.select(_ENTRIES.watch_id, sa.func.count()).group_by(_ENTRIES.watch_id)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def move(self, watch: KeptWatch, seen: Change, entries: Sequence[NewEntry]) -> bool:
        """Write the entries and that the watch has seen so far; return False, and do nothing, if it moved since.

        Only the latest entries are kept.
        """
        here = (_WATCHES.id == watch.id) & (_WATCHES.seen_seq == watch.seen.number)
        here &= _WATCHES.seen_token == watch.seen.token
        moved = {"seen_seq": seen.number, "seen_token": seen.token, "checked_at": _now()}
        with self._database.write() as connection:
            if not connection.execute(schema.watches.update().where(here).values(moved)).rowcount:
                return False
            for entry in entries:
                self._put(connection, watch, entry)
            if entries:
                self._prune(connection, watch.id)
        return True

    def _put(self, connection: sa.Connection, watch: KeptWatch, entry: NewEntry) -> None:
        if connection.scalar(sa.select(_ENTRIES.number).where(_ENTRIES.id == entry.id)):
            return
        due = _now() if watch.webhook and not entry.is_quiet else None
        values = {"id": entry.id, "watch_id": watch.id, "made_at": _now(), "kind": entry.kind}
        values |= {"document": entry.document, "is_quiet": entry.is_quiet, "attempts": 0, "due_at": due}
        connection.execute(schema.watch_entries.insert().values(values))

    def _prune(self, connection: sa.Connection, watch_id: str) -> None:
        latest = sa.select(_ENTRIES.number).where(_ENTRIES.watch_id == watch_id).order_by(_ENTRIES.number.desc())
        oldest = connection.scalar(latest.offset(self._most_entries - 1).limit(1))
        if oldest is not None:
            old = (_ENTRIES.watch_id == watch_id) & (_ENTRIES.number < oldest)
            connection.execute(schema.watch_entries.delete().where(old))

    def note_checked(self, watch_id: str) -> None:
        """Keep that the watch was looked at just now, and has seen everything."""
        with self._database.write() as connection:
            query = schema.watches.update().where(_WATCHES.id == watch_id)
            connection.execute(query.values(checked_at=_now()))

    # What is posted

    def due(self, now: datetime, most: int) -> list[KeptEntry]:
        """Return the entries that are to be posted by ``now`` (UTC), those due first."""
        query = sa.select(schema.watch_entries).where(_ENTRIES.due_at <= now)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_ENTRIES.due_at, _ENTRIES.number).limit(most))
            return [_entry(row) for row in rows]

    def take(self, entry: KeptEntry, again_at: datetime | None) -> bool:
        """Count an attempt to post the entry, which is made ``again_at`` unless it succeeds; whether nobody else has.

        Written before the attempt, so that a process that dies in it leaves an entry that is posted once more.
        """
        mine = (_ENTRIES.number == entry.number) & (_ENTRIES.attempts == entry.attempts) & _ENTRIES.posted_at.is_(None)
        values = {"attempts": entry.attempts + 1, "due_at": again_at}
        with self._database.write() as connection:
            return connection.execute(schema.watch_entries.update().where(mine).values(values)).rowcount > 0

    def note_posted(self, entry: KeptEntry, problem: str | None, *, is_final: bool = False) -> None:
        """Keep that the entry was taken or, with a problem, why not; if that ``is_final``, it is not tried again."""
        posted = {"due_at": None, "posted_at": _now(), "problem": None}
        values = posted if problem is None else {"problem": problem} | ({"due_at": None} if is_final else {})
        with self._database.write() as connection:
            connection.execute(schema.watch_entries.update().where(_ENTRIES.number == entry.number).values(values))


def _values(watch: KeptWatch) -> dict[str, object]:
    return {
        "id": watch.id,
        "made_at": watch.made_at,
        "document": watch.document,
        "seen_seq": watch.seen.number,
        "seen_token": watch.seen.token,
        "feed_key": watch.feed_key,
        "webhook": watch.webhook and watch.webhook.url,
        "secret": watch.webhook and watch.webhook.secret,
    }


def _watch(row: sa.Row[tuple[object, ...]]) -> KeptWatch:
    webhook = Webhook(row.webhook, row.secret) if row.webhook else None
    seen = Change(row.seen_seq, row.seen_token)
    return KeptWatch(row.id, row.made_at, row.checked_at, row.document, seen, row.feed_key, webhook)


def _entry(row: sa.Row[tuple[object, ...]]) -> KeptEntry:
    return KeptEntry(
        row.number,
        row.id,
        row.watch_id,
        row.made_at,
        row.kind,
        row.document,
        row.is_quiet,
        row.attempts,
        row.due_at,
        row.posted_at,
        row.problem,
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
