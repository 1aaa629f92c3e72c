"""Collections: articles that belong to one story or project; an article can be in several."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from index.errors import FullCollections, UnknownCollection
from index.store import changes, schema
from index.store.conversations import new_id
from index.store.database import Database, Row, batches

MAX_COLLECTIONS = 1_000
"""As many as a person can find one in, with the list at hand."""

_ARTICLES, _COLLECTIONS, _INSIDE = schema.articles.c, schema.collections.c, schema.collection_articles.c
_FOLLOWED = 100
"""Versions after an article, at most, that are followed to the current one."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection, and how many current articles are in it; ``made_at`` is UTC."""

    id: str
    name: str
    made_at: datetime
    articles: int


@dataclass(frozen=True, slots=True)
class Named:
    """A collection's id and name."""

    id: str
    name: str


class Collections:
    """The collections in a database. Every change to what is in one is noted as a change to the article."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, name: str) -> Collection | None:
        """Make an empty collection; None if its name is another's.

        :raises FullCollections: if there are ``MAX_COLLECTIONS``.
        """
        with self._database.write() as connection:
            if _id_of(connection, name):
                return None
            made = _make(connection, name)
        return self.one(made)

    def every(self) -> list[Collection]:
        """Return all collections, by name."""
        with self._database.read() as connection:
            rows = connection.execute(_counted().order_by(sa.func.lower(_COLLECTIONS.name), _COLLECTIONS.name))
            return [_collection(row) for row in rows]

    def one(self, collection_id: str) -> Collection:
        """Return the collection with this id.

        :raises UnknownCollection: if there is none.
        """
        with self._database.read() as connection:
            _check(connection, collection_id)
            return _collection(connection.execute(_counted().where(_COLLECTIONS.id == collection_id)).one())

    def ids(self, given: Iterable[str]) -> dict[str, str]:
        """Return the id of each collection that is given by its id or its name; unknown ones are left out."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for batch in batches(sorted(set(given))):
                is_given = _COLLECTIONS.id.in_(batch) | _COLLECTIONS.name.in_(batch)
                for row in connection.execute(sa.select(_COLLECTIONS.id, _COLLECTIONS.name).where(is_given)):
                    found |= {row.name: row.id, row.id: row.id}
        return found

    def rename(self, collection_id: str, name: str) -> bool:
        """Give the collection another name, and return whether that was free.

        :raises UnknownCollection: if there is none with this id.
        """
        with self._database.write() as connection:
            _check(connection, collection_id)
            if _id_of(connection, name) not in {None, collection_id}:
                return False
            mine = schema.collections.update().where(_COLLECTIONS.id == collection_id)
            connection.execute(mine.values(name=name))
        return True

    def delete(self, collection_id: str) -> None:
        """Forget the collection; its articles stay.

        No change is noted: nobody can ask within it any more, and no other collection gets its id.

        :raises UnknownCollection: if there is none with this id.
        """
        with self._database.write() as connection:
            _check(connection, collection_id)
            connection.execute(schema.collection_articles.delete().where(_INSIDE.collection_id == collection_id))
            connection.execute(schema.collections.delete().where(_COLLECTIONS.id == collection_id))

    def put(self, collection_id: str, article_ids: Iterable[str]) -> int:
        """Put the articles in the collection, and return how many were not in it; unknown ones are left out.

        In the place of an article that was superseded goes the one that superseded it.

        :raises UnknownCollection: if there is none with this id.
        """
        with self._database.write() as connection:
            _check(connection, collection_id)
            fresh = _outside(connection, collection_id, _current_keys(connection, article_ids))
            _insert(connection, collection_id, fresh)
            if fresh:
                changes.note(connection, fresh)
        return len(fresh)

    def take_out(self, collection_id: str, article_ids: Iterable[str]) -> int:
        """Take the articles out of the collection, and return how many were in it; unknown ones are left out.

        :raises UnknownCollection: if there is none with this id.
        """
        gone: list[int] = []
        with self._database.write() as connection:
            _check(connection, collection_id)
            for batch in batches(sorted(set(article_ids))):
                keys = sa.select(_ARTICLES.key).where(_ARTICLES.id.in_(batch))
                mine = (_INSIDE.collection_id == collection_id) & _INSIDE.article_key.in_(keys)
                gone += connection.scalars(sa.select(_INSIDE.article_key).where(mine))
                connection.execute(schema.collection_articles.delete().where(mine))
            if gone:
                changes.note(connection, gone)
        return len(gone)


def enlist(connection: sa.Connection, article_id: str, names: Sequence[str]) -> set[int]:
    """Put the article, or what superseded it, in the collections of these names; return the key if it was not in all.

    Those that there are not are made. The caller notes the change.

    :raises FullCollections: if one cannot be made.
    """
    fresh: set[int] = set()
    for name in dict.fromkeys(names):
        collection_id = _id_of(connection, name) or _make(connection, name)
        missing = _outside(connection, collection_id, _current_keys(connection, [article_id]))
        _insert(connection, collection_id, missing)
        fresh |= missing
    return fresh


def inherit(connection: sa.Connection, others: Several[int], key: int) -> bool:
    """Put an article in the collections of the others that it supersedes; return whether it was not in one of them."""
    mine = set(connection.scalars(sa.select(_INSIDE.collection_id).where(_INSIDE.article_key == key)))
    theirs: set[str] = set()
    for batch in batches(sorted(others)):
        theirs |= set(connection.scalars(sa.select(_INSIDE.collection_id).where(_INSIDE.article_key.in_(batch))))
    rows = [{"collection_id": missing, "article_key": key} for missing in sorted(theirs - mine)]
    if rows:
        connection.execute(schema.collection_articles.insert(), rows)
    return bool(rows)


def leave(connection: sa.Connection, key: int) -> None:
    """Take the article out of all collections, in the transaction that removes it."""
    connection.execute(schema.collection_articles.delete().where(_INSIDE.article_key == key))


def named(connection: sa.Connection, keys: Sequence[int]) -> dict[int, tuple[Named, ...]]:
    """Return which collections each of the articles is in, by name; an article that is in none is left out."""
    found: dict[int, tuple[Named, ...]] = {}
    for batch in batches(keys):
        query = sa.select(_INSIDE.article_key, _COLLECTIONS.id, _COLLECTIONS.name).join(schema.collections)
        for row in connection.execute(query.where(_INSIDE.article_key.in_(batch)).order_by(_COLLECTIONS.name)):
            found[row.article_key] = (*found.get(row.article_key, ()), Named(row.id, row.name))
    return found


def _counted() -> sa.Select[tuple[str, str, datetime, int]]:
    count = (
        sa.select(sa.func.count())
        .select_from(schema.collection_articles.join(schema.articles))
        .where(_INSIDE.collection_id == _COLLECTIONS.id, schema.CURRENT)
    )
    return sa.select(
        _COLLECTIONS.id, _COLLECTIONS.name, _COLLECTIONS.made_at, count.scalar_subquery().label("articles")
    )


def _collection(row: Row) -> Collection:
    return Collection(row.id, row.name, row.made_at, row.articles)


def _check(connection: sa.Connection, collection_id: str) -> None:
    is_text = collection_id.isascii() and collection_id.isprintable()  # some databases fail when asked for other
    if not is_text or not connection.scalar(sa.select(_COLLECTIONS.id).where(_COLLECTIONS.id == collection_id)):
        raise UnknownCollection(collection_id)


def _id_of(connection: sa.Connection, name: str) -> str | None:
    found: str | None = connection.scalar(sa.select(_COLLECTIONS.id).where(_COLLECTIONS.name == name))
    return found


def _make(connection: sa.Connection, name: str) -> str:
    if (connection.scalar(sa.select(sa.func.count()).select_from(schema.collections)) or 0) >= MAX_COLLECTIONS:
        raise FullCollections(MAX_COLLECTIONS)
    made = new_id()
    values = {"id": made, "name": name, "made_at": datetime.now(UTC).replace(tzinfo=None)}
    connection.execute(schema.collections.insert().values(values))
    return made


def _current_keys(connection: sa.Connection, article_ids: Iterable[str]) -> set[int]:
    """Return the keys of the articles, or of what superseded them."""
    keys: set[int] = set()
    wanted = set(article_ids)
    for _ in range(_FOLLOWED):
        later: set[str] = set()
        for batch in batches(sorted(wanted)):
            query = sa.select(_ARTICLES.key, _ARTICLES.superseded_by).where(_ARTICLES.id.in_(batch), schema.KEPT)
            for key, newer in connection.execute(query):
                later |= {newer} - {None}
                keys |= set() if newer else {key}
        if not later:
            break
        wanted = later
    return keys


def _outside(connection: sa.Connection, collection_id: str, keys: Several[int]) -> set[int]:
    """Return those of the articles that are not in the collection."""
    inside: set[int] = set()
    for batch in batches(sorted(keys)):
        mine = (_INSIDE.collection_id == collection_id) & _INSIDE.article_key.in_(batch)
        inside |= set(connection.scalars(sa.select(_INSIDE.article_key).where(mine)))
    return set(keys) - inside


def _insert(connection: sa.Connection, collection_id: str, keys: Several[int]) -> None:
    if keys:
        rows = [{"collection_id": collection_id, "article_key": key} for key in sorted(keys)]
        connection.execute(schema.collection_articles.insert(), rows)
