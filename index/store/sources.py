"""Sources in SQL: feeds and folders, what they named, what became of it, which articles are here because of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from index.errors import UnknownSource
from index.store import schema
from index.store.database import Database, Row, batches
from index.store.ids import digest as digest_of

_SOURCES, _ENTRIES, _BROUGHT, _ARTICLES = schema.sources.c, schema.entries.c, schema.brought.c, schema.articles.c
_FORGOTTEN_DAYS = 180
"""A feed that named an article and has not for so long will hardly name it again: what became of it is forgotten."""


class SourceKind(StrEnum):
    """What a source is."""

    FEED = "feed"
    FOLDER = "folder"


class State(StrEnum):
    """What became of something that a source named."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How often whoever added a source wants it to be read, and what is kept of it; None: what the settings say.

    Of ``keep_days`` and ``keep_articles``, 0 means that there is no limit.
    """

    interval_s: int | None = None
    keep_days: int | None = None
    keep_articles: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source, and how it fares; times are UTC.

    ``articles`` are those here because of it, ``removed`` those that were and are no longer kept; ``waiting`` and
    ``failed`` count what it named. ``error`` is that of the last try, None if it succeeded.
    """

    number: int
    kind: SourceKind
    address: str
    title: str | None
    added_at: datetime
    wishes: Wishes
    said_interval_s: int | None
    next_at: datetime | None
    succeeded_at: datetime | None
    error: str | None
    failures: int
    etag: str | None
    last_modified: str | None
    removed: int
    articles: int
    waiting: int
    failed: int

    @property
    def name(self) -> str:
        """What it calls itself, else where it is."""
        return self.title or self.address

    @property
    def brought(self) -> int:
        """How many articles it has brought."""
        return self.articles + self.removed


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a source names: an address or a file; ``mark`` changes when there is something new there."""

    name: str
    said: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a source named, and what became of it."""

    source: int
    name: str
    said: Mapping[str, str]
    state: State
    error: str | None
    tries: int
    seen_at: datetime

    @property
    def digest(self) -> bytes:
        """By which it is found."""
        return digest_of(self.name)


class Sources:
    """The sources in a database; safe to use from several threads and several processes.

    What a feed named is kept in the same transaction as what the feed is asked for the next time, so that a process
    killed in between loses nothing. What waits is done by whoever is next.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # Sources

    def add(self, kind: SourceKind, address: str, title: str | None, wishes: Wishes) -> int:
        """Keep a source, and return its number; one that is here takes the wishes over."""
        values = {"interval_s": wishes.interval_s, "keep_days": wishes.keep_days, "keep_articles": wishes.keep_articles}
        with self._database.write() as connection:
            number = connection.scalar(sa.select(_SOURCES.number).where(_SOURCES.address == address))
            if number is not None:
                connection.execute(schema.sources.update().where(_SOURCES.number == number).values(values))
                return int(number)
            new = schema.sources.insert().values(
                kind=kind.value, address=address, title=title, added_at=now(), **values
            )
            return int(connection.execute(new.returning(_SOURCES.number)).scalar_one())

    def every(self) -> list[Source]:
        """Return all sources, in the order in which they were added."""
        with self._database.read() as connection:
            return [_source(row) for row in connection.execute(_counted().order_by(_SOURCES.number))]

    def one(self, number: int) -> Source:
        """Return the source with this number.

        :raises UnknownSource: if there is none.
        """
        with self._database.read() as connection:
            row = connection.execute(_counted().where(_SOURCES.number == number)).one_or_none()
        if row is None:
            raise UnknownSource(number)
        return _source(row)

    def at(self, address: str) -> Source | None:
        """Return the source at this address; None if there is none."""
        with self._database.read() as connection:
            row = connection.execute(_counted().where(_SOURCES.address == address)).one_or_none()
        return _source(row) if row else None

    def count(self) -> int:
        """Return how many sources there are."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(schema.sources)) or 0

    def delete(self, number: int) -> None:
        """Forget a source and what it named; the articles that it brought stay.

        :raises UnknownSource: if there is none with this number.
        """
        with self._database.write() as connection:
            connection.execute(schema.brought.delete().where(_BROUGHT.source == number))
            connection.execute(schema.entries.delete().where(_ENTRIES.source == number))
            if not connection.execute(schema.sources.delete().where(_SOURCES.number == number)).rowcount:
                raise UnknownSource(number)

    def due(self) -> list[int]:
        """Return the numbers of the feeds that are to be read, or have named what is to be fetched, now."""
        waits = sa.exists().where(_ENTRIES.source == _SOURCES.number, *_ready())
        query = sa.select(_SOURCES.number).where(
            _SOURCES.kind == SourceKind.FEED.value, (_SOURCES.next_at <= now()) | waits
        )
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(_SOURCES.next_at, _SOURCES.number)))

    def note_due(self, number: int | None = None) -> int:
        """Let a feed, or all of them, be read as soon as possible; return how many that are."""
        feeds = schema.sources.update().where(_SOURCES.kind == SourceKind.FEED.value)
        of = feeds if number is None else feeds.where(_SOURCES.number == number)
        with self._database.write() as connection:
            return connection.execute(of.values(next_at=now())).rowcount

    def note_success(
        self,
        number: int,
        named: Sequence[Named],
        next_at: datetime | None = None,
        *,
        title: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        said_interval_s: int | None = None,
    ) -> int:
        """Keep that a source was read, and what it named; return how much of that is new."""
        said = {"title": title} if title else {}
        told = {"etag": etag, "last_modified": last_modified, "said_interval_s": said_interval_s}
        times = {"next_at": next_at, "succeeded_at": now()}
        with self._database.write() as connection:
            new = self._put(connection, number, named)
            at = schema.sources.update().where(_SOURCES.number == number)
            connection.execute(at.values(**told, **times, **said, error=None, failures=0))
            old = _ENTRIES.seen_at < now() - timedelta(days=_FORGOTTEN_DAYS)
            connection.execute(schema.entries.delete().where(_ENTRIES.source == number, old, _is_over()))
        return new

    def note_unchanged(self, number: int, next_at: datetime) -> None:
        """Keep that a source was asked, and had nothing new."""
        values = {"next_at": next_at, "succeeded_at": now(), "error": None, "failures": 0}
        with self._database.write() as connection:
            connection.execute(schema.sources.update().where(_SOURCES.number == number).values(values))

    def note_failure(self, number: int, error: str, next_at: datetime | None) -> None:
        """Keep that a source could not be read, and when it is tried again."""
        values = {"error": error, "next_at": next_at, "failures": _SOURCES.failures + 1}
        with self._database.write() as connection:
            connection.execute(schema.sources.update().where(_SOURCES.number == number).values(values))

    # What they named

    def name(self, number: int, named: Sequence[Named]) -> int:
        """Keep what a source named; return how much of that is new, and waits now."""
        with self._database.write() as connection:
            return self._put(connection, number, named)

    @staticmethod
    def _put(connection: sa.Connection, number: int, named: Sequence[Named]) -> int:
        """Write down what is not known, and what has something new there."""
        by_digest = {digest_of(one.name): one for one in named}
        known: dict[bytes, str] = {}
        mine = _ENTRIES.source == number
        for batch in batches(list(by_digest)):
            query = sa.select(_ENTRIES.digest, _ENTRIES.mark).where(mine, _ENTRIES.digest.in_(batch))
            known.update((bytes(row.digest), row.mark) for row in connection.execute(query))
            connection.execute(schema.entries.update().where(mine, _ENTRIES.digest.in_(batch)).values(seen_at=now()))
        changed = [digest for digest, mark in known.items() if mark != by_digest[digest].mark]
        for digest in changed:
            connection.execute(schema.entries.delete().where(mine, _ENTRIES.digest == digest))
        fresh = [digest for digest in by_digest if digest not in known or digest in set(changed)]
        if fresh:
            moment, each = now(), timedelta(microseconds=1)  # what is named first is the latest, and is read last
            rows = [_waiting(number, by_digest[digest], moment - place * each) for place, digest in enumerate(fresh)]
            connection.execute(schema.entries.insert(), rows)
        return len(fresh)

    def waiting(self, number: int, limit: int) -> list[Entry]:
        """Return some of what is to be fetched now, in the order in which it was named."""
        query = sa.select(schema.entries).where(_ENTRIES.source == number, *_ready())
        query = query.order_by(_ENTRIES.next_at, _ENTRIES.name).limit(limit)
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def failed(self, number: int | None, limit: int) -> list[Entry]:
        """Return what could not be read, by this source or all of them, last named first."""
        query = sa.select(schema.entries).where(_ENTRIES.state == State.FAILED.value)
        if number is not None:
            query = query.where(_ENTRIES.source == number)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_ENTRIES.seen_at.desc(), _ENTRIES.name).limit(limit))
            return [_entry(row) for row in rows]

    def retry(self, number: int) -> int:
        """Let what failed be tried again, and what waits for another try not wait; return how much that is."""
        again = _ENTRIES.state.in_([State.FAILED.value, State.WAITING.value])
        of = schema.entries.update().where(_ENTRIES.source == number, again, _ENTRIES.tries > 0)
        with self._database.write() as connection:
            return connection.execute(of.values(state=State.WAITING.value, tries=0, next_at=now())).rowcount

    def note_done(self, entry: Entry, error: str | None = None) -> None:
        """Keep that it was taken in; ``error`` says what was left out."""
        self._update(entry, state=State.DONE.value, error=error)

    def note_failed(self, entry: Entry, error: str, next_at: datetime | None) -> None:
        """Keep that it could not be read; it is tried again at ``next_at``, or only when somebody wants it to be."""
        state = State.FAILED if next_at is None else State.WAITING
        self._update(entry, state=state.value, error=error, tries=entry.tries + 1, next_at=next_at or now())

    def _update(self, entry: Entry, **values: Any) -> None:
        of = schema.entries.update().where(_ENTRIES.source == entry.source, _ENTRIES.digest == entry.digest)
        with self._database.write() as connection:
            connection.execute(of.values(**values))

    # Whose articles are

    def known(self, entry: Entry) -> list[str]:
        """Return the ids of the articles here that were read at this address, by whomever."""
        theirs = sa.select(_BROUGHT.article_id).where(_BROUGHT.entry == entry.digest)
        query = sa.select(_ARTICLES.id).where(schema.KEPT, _ARTICLES.id.in_(theirs) | _is_current_at(entry.name))
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def has_brought(self, entry: Entry) -> bool:
        """Whether this source brought an article from this address before: then it says that it has changed since."""
        mine = (_BROUGHT.source == entry.source) & (_BROUGHT.entry == entry.digest)
        with self._database.read() as connection:
            return connection.scalar(sa.select(_BROUGHT.article_id).where(mine).limit(1)) is not None

    def note_bringing(self, entry: Entry, article_ids: Collection[str]) -> None:
        """Keep, before they are taken in, that these articles are here because of this source.

        Those that are here already, and not because of any source, are somebody's.
        """
        with self._database.write() as connection:
            for article_id in article_ids:
                sources = set(connection.scalars(sa.select(_BROUGHT.source).where(_BROUGHT.article_id == article_id)))
                if entry.source in sources:
                    continue
                is_here = connection.scalar(sa.select(_ARTICLES.key).where(_ARTICLES.id == article_id, schema.KEPT))
                row = {"source": entry.source, "article_id": article_id, "entry": entry.digest, "brought_at": now()}
                connection.execute(
                    schema.brought.insert().values(row | {"is_shared": is_here is not None and not sources})
                )

    def pass_on(self, article_id: str, successor_id: str) -> None:
        """Let an article that was read again be here because of the sources of the one that it came from."""
        mine = _BROUGHT.article_id == article_id
        known = sa.select(_BROUGHT.source).where(_BROUGHT.article_id == successor_id).scalar_subquery()
        of = schema.brought.update().where(mine, _BROUGHT.source.not_in(known))
        with self._database.write() as connection:
            connection.execute(of.values(article_id=successor_id))

    def share(self, article_ids: Iterable[str]) -> None:
        """Keep that these articles are somebody's, too, who is no source."""
        unshared = _BROUGHT.article_id.in_(list(article_ids)) & ~_BROUGHT.is_shared
        with self._database.read() as connection:
            if connection.execute(sa.select(_BROUGHT.source).where(unshared).limit(1)).first() is None:
                return
        with self._database.write() as connection:
            connection.execute(schema.brought.update().where(unshared).values(is_shared=True))


def now() -> datetime:
    """Return the present moment, as it is kept."""
    return datetime.now(UTC).replace(tzinfo=None)


def _ready() -> tuple[sa.ColumnElement[bool], ...]:
    return _ENTRIES.state == State.WAITING.value, _ENTRIES.next_at <= now()


def _is_over() -> sa.ColumnElement[bool]:
    return _ENTRIES.state != State.WAITING.value


def _is_current_at(url: str) -> sa.ColumnElement[bool]:
    return (_ARTICLES.url == url) & schema.CURRENT


def _waiting(number: int, named: Named, next_at: datetime) -> dict[str, object]:
    return {
        "source": number,
        "digest": digest_of(named.name),
        "name": named.name,
        "said": json.dumps(dict(named.said), ensure_ascii=False),
        "mark": named.mark,
        "state": State.WAITING.value,
        "next_at": next_at,
        "seen_at": now(),
    }


def _counted() -> sa.Select[Any]:
    def count(*conditions: sa.ColumnElement[bool], of: sa.Table) -> sa.ScalarSelect[Any]:
        mine = of.c.source == _SOURCES.number
        return sa.select(sa.func.count()).select_from(of).where(mine, *conditions).scalar_subquery()

    return sa.select(
        schema.sources,
        count(of=schema.brought).label("articles"),
        count(_ENTRIES.state == State.WAITING.value, of=schema.entries).label("waiting"),
        count(_ENTRIES.state == State.FAILED.value, of=schema.entries).label("failed"),
    )


def _source(row: Row) -> Source:
    return Source(
        number=row.number,
        kind=SourceKind(row.kind),
        address=row.address,
        title=row.title,
        added_at=row.added_at,
        wishes=Wishes(row.interval_s, row.keep_days, row.keep_articles),
        said_interval_s=row.said_interval_s,
        next_at=row.next_at,
        succeeded_at=row.succeeded_at,
        error=row.error,
        failures=row.failures,
        etag=row.etag,
        last_modified=row.last_modified,
        removed=row.removed,
        articles=row.articles,
        waiting=row.waiting,
        failed=row.failed,
    )


def _entry(row: Row) -> Entry:
    return Entry(row.source, row.name, json.loads(row.said), State(row.state), row.error, row.tries, row.seen_at)
