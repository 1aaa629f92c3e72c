"""Versions: the latest of the articles at one URL is current, and each of the others names the one that replaced it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from index.articles import is_article_id
from index.errors import RemovedArticle, UnknownArticle
from index.store import collections, schema
from index.store.database import Database, Row, batches

_ARTICLES = schema.articles.c
_VERSIONS = sa.select(
    _ARTICLES.key,
    _ARTICLES.id,
    _ARTICLES.title,
    _ARTICLES.published,
    _ARTICLES.added_at,
    _ARTICLES.superseded_by,
    _ARTICLES.text.is_(None).label("is_removed"),
)

BY_ID = sa.select(schema.articles).where(_ARTICLES.id == sa.bindparam("id"))
"""The article with an id, removed or not: prepared once, as it is asked for with each that is added."""
_OTHERS_AT = sa.select(schema.articles).where(
    _ARTICLES.url == sa.bindparam("url"), _ARTICLES.id != sa.bindparam("id"), schema.CURRENT
)


class State(StrEnum):
    """What became of an article."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    """A newer one has its URL; it still opens."""
    REMOVED = "removed"
    """Its text is gone, or was never here."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of the articles that replaced one another; the title of a removed one is no longer known."""

    id: str
    title: str | None
    published: date | None
    added_at: datetime
    state: State


class Versions:
    """What became of articles, and which came before and after."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def history(self, article_id: str) -> list[Version]:
        """Return the versions of this article, oldest first, the current one last.

        They are the articles at its URL, and removed ones that replaced one of them or were replaced by one. An
        undated article is placed by the day on which it was added.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed.
        """
        found: dict[str, Row] = {}
        with self._database.read() as connection:
            url = sa.literal(kept_row(connection, article_id).url, sa.Text)
            fresh = connection.execute(_VERSIONS.where((_ARTICLES.id == article_id) | (_ARTICLES.url == url))).all()
            while fresh:
                found.update((row.id, row) for row in fresh)
                fresh = [row for row in _neighbours(connection, fresh) if row.id not in found]
        return [_version(row) for row in sorted(found.values(), key=_age)]

    def states(self, article_ids: Iterable[str]) -> dict[str, State]:
        """Return what became of each article."""
        wanted = sorted(set(article_ids))
        found = dict.fromkeys(wanted, State.REMOVED)
        with self._database.read() as connection:
            for batch in batches(wanted):
                query = sa.select(_ARTICLES.id, _ARTICLES.superseded_by).where(_ARTICLES.id.in_(batch), schema.KEPT)
                for article_id, newer in connection.execute(query):
                    found[article_id] = State.CURRENT if newer is None else State.SUPERSEDED
        return found


def kept_row(connection: sa.Connection, article_id: str) -> Row:
    """Return the row of the article with this id.

    :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed.
    """
    if not is_article_id(article_id):  # some databases fail when asked for invalid text
        raise UnknownArticle(article_id)
    row = connection.execute(BY_ID, {"id": article_id}).one_or_none()
    if row is None:
        raise UnknownArticle(article_id)
    if row.text is None:
        raise RemovedArticle(article_id)
    return row


def supersede(connection: sa.Connection, article_id: str, *, is_added_now: bool = False) -> list[int]:
    """Leave only the latest article at this one's URL current, by publication or, if undated, by when it was added.

    One that ``is_added_now`` is the latest added, whatever the clocks of several machines say. What stays current
    is in the collections of the others, too. Return the keys of the other articles that this changes.
    """
    mine = kept_row(connection, article_id)
    if mine.url is None:
        return []
    older: list[int] = []
    for other in connection.execute(_OTHERS_AT, {"url": mine.url, "id": mine.id}).all():
        if _is_later(other, mine, or_else=not is_added_now and _was_added_after(other, mine)):
            _set_successor(connection, [mine.key], other.id)
            return [other.key] if collections.inherit(connection, [mine.key], other.key) else []
        older.append(other.key)
    if older:
        _set_successor(connection, older, mine.id)
        collections.inherit(connection, older, mine.key)
    return older


def replace(connection: sa.Connection, article_id: str, by: str) -> list[int]:
    """Let one article, if it is current, be superseded by another, whatever their URLs; return the keys changed."""
    query = sa.select(_ARTICLES.key).where(_ARTICLES.id == article_id, _ARTICLES.id != by, schema.CURRENT)
    keys = list(connection.scalars(query))
    _set_successor(connection, keys, by)
    return keys


def withdraw(connection: sa.Connection, row: Row) -> list[int]:
    """Take the article out of its line of versions, and return the keys of the articles that this changes.

    Those that it superseded pass to the one that superseded it; if there is none, the latest of them is current again.
    """
    # Without a URL, one article replaces another because it was read from the same original, and goes on doing so.
    earlier = (_ARTICLES.superseded_by == row.id) & _ARTICLES.url.is_not(None)
    passed_on = connection.execute(sa.select(_ARTICLES.key, _ARTICLES.id).where(earlier, schema.KEPT)).all()
    connection.execute(schema.articles.update().where(earlier).values(superseded_by=row.superseded_by))
    # The caller writes its URL again: until then, those that stay are compared without it.
    mine = schema.articles.update().where(_ARTICLES.key == row.key)
    connection.execute(mine.values(superseded_by=None, url=None))
    if row.superseded_by is not None:
        return []
    for _, article_id in passed_on:
        supersede(connection, article_id)
    return [key for key, _ in passed_on]


def revive(connection: sa.Connection, row: Row) -> bool:
    """Make a superseded article current again if what superseded it is gone; return whether that was so."""
    if row.superseded_by is None or _is_still_replaced(connection, row):
        return False
    _set_successor(connection, [row.key], None)
    return True


def _is_still_replaced(connection: sa.Connection, row: Row) -> bool:
    if row.url is not None:
        return has_current(connection, row.url)
    successor = sa.select(_ARTICLES.key).where(_ARTICLES.id == row.superseded_by, schema.KEPT)
    return connection.scalar(successor) is not None


def has_current(connection: sa.Connection, url: str | None) -> bool:
    """Whether an article at this URL is current."""
    return connection.scalar(sa.select(_ARTICLES.key).where(_ARTICLES.url == url, schema.CURRENT)) is not None


def _set_successor(connection: sa.Connection, keys: Sequence[int], article_id: str | None) -> None:
    if keys:
        connection.execute(schema.articles.update().where(_ARTICLES.key.in_(keys)).values(superseded_by=article_id))


def _is_later(one: Row, other: Row, *, or_else: bool) -> bool:
    """Whether the one was published after the other; ``or_else`` if a date is missing or both are the same."""
    if one.published and other.published and one.published != other.published:
        return bool(one.published > other.published)
    return or_else


def _was_added_after(one: Row, other: Row) -> bool:
    return bool((one.added_at, one.key) > (other.added_at, other.key))


def _neighbours(connection: sa.Connection, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the articles that superseded one of the ``rows``, or were superseded by one."""
    for batch in batches(rows):
        later = [row.superseded_by for row in batch if row.superseded_by]
        near = _ARTICLES.id.in_(later) | _ARTICLES.superseded_by.in_([row.id for row in batch])
        yield from connection.execute(_VERSIONS.where(near))


def _age(row: Row) -> tuple[bool, date, datetime, int]:
    is_current = not row.is_removed and row.superseded_by is None
    return is_current, row.published or row.added_at.date(), row.added_at, row.key


def _version(row: Row) -> Version:
    kept = State.CURRENT if row.superseded_by is None else State.SUPERSEDED
    return Version(row.id, row.title, row.published, row.added_at, State.REMOVED if row.is_removed else kept)
