"""How many articles of sources are kept, and which go first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database

_BROUGHT, _SOURCES = schema.brought.c, schema.sources.c


@dataclass(frozen=True, slots=True)
class Held:
    """An article that is here because of a source; ``is_alone``: of that one only, and nobody else's."""

    source: int
    article_id: str
    is_alone: bool


class Retention:
    """The articles of the sources in a database, from the oldest: the one that was brought first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beyond(self, source: int, most: int) -> list[Held]:
        """Return the articles of a source that are more than so many, without the latest of them."""
        mine = _BROUGHT.source == source
        latest = sa.select(_BROUGHT.article_id).where(mine).order_by(*_latest_first()).limit(most)
        return self._held(mine, _BROUGHT.article_id.not_in(latest.scalar_subquery()))

    def before(self, source: int, moment: datetime) -> list[Held]:
        """Return the articles of a source that were brought before a moment."""
        return self._held(_BROUGHT.source == source, _BROUGHT.brought_at < moment)

    def oldest(self, most: int) -> list[Held]:
        """Return the oldest articles that are one source's alone."""
        return self._held(_is_alone(), limit=most)

    def kept(self) -> int:
        """Return how many articles the archive keeps, superseded ones too."""
        count = sa.select(sa.func.count()).select_from(schema.articles).where(schema.KEPT)
        with self._database.read() as connection:
            return connection.scalar(count) or 0

    def release(self, held: Sequence[Held]) -> None:
        """Keep that the sources hold these articles no longer."""
        with self._database.write() as connection:
            for one in held:
                which = (_BROUGHT.source == one.source) & (_BROUGHT.article_id == one.article_id)
                if connection.execute(schema.brought.delete().where(which)).rowcount:
                    at = schema.sources.update().where(_SOURCES.number == one.source)
                    connection.execute(at.values(removed=_SOURCES.removed + 1))

    def _held(self, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[Held]:
        query = sa.select(_BROUGHT.source, _BROUGHT.article_id, _is_alone().label("is_alone")).where(*conditions)
        query = query.order_by(_BROUGHT.brought_at, _BROUGHT.article_id).limit(limit)
        with self._database.read() as connection:
            return [Held(row.source, row.article_id, bool(row.is_alone)) for row in connection.execute(query)]


def _latest_first() -> tuple[sa.ColumnElement[object], ...]:
    return _BROUGHT.brought_at.desc(), _BROUGHT.article_id.desc()


def _is_alone() -> sa.ColumnElement[bool]:
    other = schema.brought.alias()
    others = sa.exists().where(other.c.article_id == _BROUGHT.article_id, other.c.source != _BROUGHT.source)
    return ~_BROUGHT.is_shared & ~others
