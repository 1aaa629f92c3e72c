"""What articles were read from: who read it, and the original itself, where that is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from index.articles import Article, Origin
from index.store import schema
from index.store.database import Database
from index.store.records import RECORDS, Record

_ORIGINS, _ORIGINALS, _ARTICLES = schema.origins.c, schema.originals.c, schema.articles.c


@dataclass(frozen=True, slots=True)
class Original:
    """A file that articles were read from."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A current article whose original is kept."""

    article: Article
    content: bytes


class Origins:
    """The origins in a database; safe to use from several threads and several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def original(self, sha256: str) -> Original | None:
        """Return the original with this SHA-256; None if it is not kept."""
        query = sa.select(_ORIGINALS.content, _ORIGINS.media_type).join(
            schema.origins, _ORIGINS.sha256 == _ORIGINALS.sha256
        )
        with self._database.read() as connection:
            row = connection.execute(query.where(_ORIGINALS.sha256 == sha256).limit(1)).one_or_none()
            return Original(row.content, row.media_type) if row else None

    def outdated(self, versions: Mapping[str, str]) -> list[str]:
        """Return the ids of the current articles whose original is kept, and was read by another version than these.

        :param versions: today's version of each extractor.
        """
        today = [(_ORIGINS.extractor == name) & (_ORIGINS.version == version) for name, version in versions.items()]
        query = (
            sa.select(_ARTICLES.id)
            .join(schema.origins, _ORIGINS.article_key == _ARTICLES.key)
            .join(schema.originals, _ORIGINALS.sha256 == _ORIGINS.sha256)
            .where(schema.CURRENT, ~sa.or_(sa.false(), *today))
            .order_by(_ARTICLES.key)
        )
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def kept(self, article_ids: Iterable[str]) -> Iterator[Kept]:
        """Yield those of the articles that are current and whose original is kept, one by one."""
        query = RECORDS.add_columns(_ORIGINALS.content).join(schema.originals, _ORIGINALS.sha256 == _ORIGINS.sha256)
        for article_id in article_ids:
            with self._database.read() as connection:
                row = connection.execute(query.where(_ARTICLES.id == article_id, schema.CURRENT)).one_or_none()
            if row is not None:
                yield Kept(Record.of(row).article, row.content)

    def replace(self, article_id: str, origin: Origin) -> None:
        """Write what read the article's original last, if it gave the same text."""
        with self._database.write() as connection:
            key = connection.scalar(sa.select(_ARTICLES.key).where(_ARTICLES.id == article_id, schema.KEPT))
            if key is not None:
                drop(connection, key, keep=origin.sha256)
                put(connection, key, origin)


def put(connection: sa.Connection, key: int, origin: Origin | None) -> None:
    """Write the origin, if it is known, of an article that has none yet, and the original, if that is to be kept."""
    if origin is None:
        return
    values = {
        "article_key": key,
        "places": json.dumps([[place.start, place.label] for place in origin.places]),
        **{name: getattr(origin, name) for name in _PLAIN},
    }
    connection.execute(schema.origins.insert().values(values))
    has = sa.select(_ORIGINALS.sha256).where(_ORIGINALS.sha256 == origin.sha256)
    if origin.content is not None and connection.scalar(has) is None:
        connection.execute(schema.originals.insert().values(sha256=origin.sha256, content=origin.content))


def complete(connection: sa.Connection, key: int, origin: Origin | None) -> None:
    """Do the same for an article that may have one, which then stays."""
    if origin and connection.scalar(sa.select(_ORIGINS.sha256).where(_ORIGINS.article_key == key)) is None:
        put(connection, key, origin)


def drop(connection: sa.Connection, key: int, keep: str | None = None) -> None:
    """Forget the origin of the article with this key, and the original, unless it is to ``keep`` or another's, too."""
    sha256 = connection.scalar(sa.select(_ORIGINS.sha256).where(_ORIGINS.article_key == key))
    if sha256 is None:
        return
    connection.execute(schema.origins.delete().where(_ORIGINS.article_key == key))
    is_others = connection.scalar(sa.select(_ORIGINS.article_key).where(_ORIGINS.sha256 == sha256).limit(1))
    if is_others is None and sha256 != keep:
        connection.execute(schema.originals.delete().where(_ORIGINALS.sha256 == sha256))


_PLAIN = ("sha256", "media_type", "extractor", "version", "encoding", "is_guess")
