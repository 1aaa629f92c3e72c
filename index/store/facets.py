"""How many articles a list has of each publisher, month, collection and source; and how many there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

import sqlalchemy as sa

from index.articles import Filters
from index.store import schema
from index.store.collections import Named
from index.store.database import Database
from index.store.filtering import passing

MAX_VALUES = 100
"""Values of one kind that are counted: those with the most articles, but for months, the latest."""

_ARTICLES, _COLLECTIONS, _INSIDE = schema.articles.c, schema.collections.c, schema.collection_articles.c
_SOURCES, _BROUGHT = schema.sources.c, schema.brought.c
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Counted(Generic[V]):
    """A value, and how many articles have it."""

    value: V
    articles: int


@dataclass(frozen=True, slots=True)
class NumberedSource:
    """A feed or folder that brings articles, by its title or, without one, its address."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles would be left if one value were chosen: the filters of the same kind are left aside.

    Publishers, collections and sources come with the most articles first, months, like ``2024-12``, latest first.
    """

    publishers: tuple[Counted[str], ...]
    months: tuple[Counted[str], ...]
    collections: tuple[Counted[Named], ...]
    sources: tuple[Counted[NumberedSource], ...] = ()

    @classmethod
    def of(cls, database: Database, filters: Filters, keys: Sequence[int] | None = None) -> Facets:
        """Count the current articles that pass the filters and, if ``keys`` are given, have one of them."""
        ends = replace(filters, published_from=None, published_to=None)
        with database.read() as connection:
            return cls(
                _publishers(connection, passing(replace(filters, publishers=()), keys)),
                _months(connection, passing(ends, keys)),
                _collections(connection, passing(replace(filters, collections=()), keys)),
                _sources(connection, passing(replace(filters, sources=()), keys)),
            )


@dataclass(frozen=True, slots=True)
class Totals:
    """How many current articles there are, from when to when, and how many of each publisher, the most first."""

    articles: int
    publishers: tuple[Counted[str], ...]
    first: date | None
    last: date | None

    @classmethod
    def of(cls, database: Database) -> Totals:
        """Count everything in one pass over an index that holds all of this, and no text."""
        # Of the bare column, SQLite would take the index of publishers, and then look up each article beside it.
        name, day, count = sa.func.coalesce(_ARTICLES.publisher, ""), _ARTICLES.published, sa.func.count()
        by_name = sa.select(name, count).where(schema.CURRENT).group_by(name).order_by(count.desc(), name)
        first, last = (sa.select(end(day)).where(schema.CURRENT) for end in (sa.func.min, sa.func.max))
        with database.read() as connection:
            counted = [Counted(*row) for row in connection.execute(by_name)]
            days = connection.scalar(first), connection.scalar(last)
        return cls(sum(one.articles for one in counted), tuple(one for one in counted if one.value), *days)


def _publishers(connection: sa.Connection, which: list[sa.ColumnElement[bool]]) -> tuple[Counted[str], ...]:
    name, count = _ARTICLES.publisher, sa.func.count()
    query = sa.select(name, count).where(name.is_not(None), *which).group_by(name)
    return tuple(Counted(*row) for row in connection.execute(query.order_by(count.desc(), name).limit(MAX_VALUES)))


def _months(connection: sa.Connection, which: list[sa.ColumnElement[bool]]) -> tuple[Counted[str], ...]:
    year, month = (sa.extract(part, _ARTICLES.published).label(part) for part in ("year", "month"))
    query = sa.select(year, month, sa.func.count()).where(_ARTICLES.published.is_not(None), *which)
    latest = query.group_by(year, month).order_by(year.desc(), month.desc()).limit(MAX_VALUES)
    return tuple(Counted(f"{int(row[0]):04d}-{int(row[1]):02d}", row[2]) for row in connection.execute(latest))


def _collections(connection: sa.Connection, which: list[sa.ColumnElement[bool]]) -> tuple[Counted[Named], ...]:
    count = sa.func.count()
    joined = schema.collection_articles.join(schema.collections).join(schema.articles)
    query = sa.select(_COLLECTIONS.id, _COLLECTIONS.name, count).select_from(joined).where(*which)
    most = query.group_by(_COLLECTIONS.id, _COLLECTIONS.name).order_by(count.desc(), _COLLECTIONS.name)
    return tuple(Counted(Named(*row[:2]), row[2]) for row in connection.execute(most.limit(MAX_VALUES)))


def _sources(connection: sa.Connection, which: list[sa.ColumnElement[bool]]) -> tuple[Counted[NumberedSource], ...]:
    count, name = sa.func.count(), sa.func.coalesce(_SOURCES.title, _SOURCES.address)
    joined = schema.brought.join(schema.sources).join(schema.articles, _BROUGHT.article_id == _ARTICLES.id)
    query = sa.select(_SOURCES.number, name, count).select_from(joined).where(*which)
    most = query.group_by(_SOURCES.number, name).order_by(count.desc(), name, _SOURCES.number)
    return tuple(Counted(NumberedSource(*row[:2]), row[2]) for row in connection.execute(most.limit(MAX_VALUES)))
