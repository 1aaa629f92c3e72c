"""Articles: taken in whole or not at all, corrected in what is said about them, and removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import sqlalchemy as sa

from index.articles import Article, Filters
from index.errors import VectorsMissing
from index.store import changes, schema, sentences, vectors, versions
from index.store.database import Database, Row, batches
from index.store.records import Record
from index.store.sentences import IndexedSentence

_ARTICLES = schema.articles.c
_SAID = ("title", "publisher", "agency", "author", "url", "published")
"""What is said about an article: what may be corrected, because its id does not come from it."""


class Outcome(StrEnum):
    """What came of an article that was given to the store."""

    NEW = "new"
    """It was not here, or not any more, or not current."""
    UPDATED = "updated"
    """It was here, and something else is said about it now."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records, and how many there are in all."""

    records: tuple[Record, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds that is searched."""

    articles: int
    sentences: int


class Articles:
    """The articles; what changes one is one transaction over it, its sentences, its versions and its change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __contains__(self, article_id: str) -> bool:
        """Whether the text of this article is here, current or superseded."""
        with self._database.read() as connection:
            return (
                connection.scalar(sa.select(_ARTICLES.key).where(_ARTICLES.id == article_id, schema.KEPT)) is not None
            )

    def add(self, article: Article, indexed: Sequence[IndexedSentence], model: str | None = None) -> Outcome:
        """Take the article in, whole or not at all; one that is here already is corrected.

        A current article with the same URL is superseded by this one, unless that is the later one.

        :raises VectorsMissing: if ``model`` is given and has no vector for a sentence: another process dropped it.
        """
        with self._database.write() as connection:
            row = connection.execute(sa.select(schema.articles).where(_ARTICLES.id == article.id)).one_or_none()
            if row is not None and row.text is not None:
                return _correct_known(connection, row, article)
            if model and vectors.missing(connection, model, {one.digest for one in indexed}):
                raise VectorsMissing(model)
            key = _put(connection, article, None if row is None else row.key)
            sentences.put(connection, key, indexed)
            changes.note(connection, [*versions.supersede(connection, article.id, is_added_now=True), key])
        return Outcome.NEW

    def correct(self, article: Article) -> Outcome:
        """Take in what else is said about an article that is here; of one that is not, or not any more, nothing.

        What is None is not said, and changes nothing. One that was superseded by what is gone is current again.
        """
        query = sa.select(schema.articles).where(_ARTICLES.id == article.id, schema.KEPT)
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            return Outcome.UNCHANGED if row is None else _correct_known(connection, row, article)

    def update(self, article_id: str, **said: str | date | None) -> Outcome:
        """Correct what is said about the article; None says that it is not known.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if there is none any more.
        :raises TypeError: if there is no such field, or it is not one that can be corrected.
        """
        if unknown := said.keys() - set(_SAID):
            raise TypeError(f"{sorted(unknown)} cannot be corrected: only {', '.join(_SAID)}")
        with self._database.write() as connection:
            changed = _correct(connection, versions.kept_row(connection, article_id), said)
            if changed:
                changes.note(connection, changed)
        return Outcome.UPDATED if changed else Outcome.UNCHANGED

    def remove(self, article_id: str) -> None:
        """Forget the article's text, sentences and fields; its publisher, date and place among its versions stay known.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed before.
        """
        with self._database.write() as connection:
            row = versions.kept_row(connection, article_id)
            sentences.drop(connection, row.key)
            gone = {"text": None, "title": None, "author": None, "url": None}
            connection.execute(schema.articles.update().where(_ARTICLES.key == row.key).values(gone))
            changes.note(connection, [row.key])

    def record(self, article_id: str) -> Record:
        """Return the article with this id, current or superseded.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if there is none any more.
        """
        with self._database.read() as connection:
            return Record.of(versions.kept_row(connection, article_id))

    def records(self, article_ids: Iterable[str]) -> dict[str, Record]:
        """Return the articles with these ids, current or superseded; one that is not here, or not any more, is not."""
        found: dict[str, Record] = {}
        with self._database.read() as connection:
            for batch in batches(sorted(set(article_ids))):
                query = sa.select(schema.articles).where(_ARTICLES.id.in_(batch), schema.KEPT)
                found.update((row.id, Record.of(row)) for row in connection.execute(query))
        return found

    def holds_other_than(self, article_ids: Collection[str]) -> bool:
        """Whether an article with another id is here, or ever was."""
        count = sa.select(sa.func.count()).select_from(schema.articles)
        with self._database.read() as connection:
            total = connection.scalar(count) or 0
            these = [
                connection.scalar(count.where(_ARTICLES.id.in_(batch))) or 0
                for batch in batches(sorted(set(article_ids)))
            ]
        return total > sum(these)

    def page(self, offset: int, limit: int) -> Page:
        """Return the current articles, newest first; those without a date come last, latest added first."""
        order = (_ARTICLES.published.desc().nulls_last(), _ARTICLES.key.desc())
        query = sa.select(schema.articles).where(schema.CURRENT).order_by(*order).offset(offset).limit(limit)
        with self._database.read() as connection:
            records = tuple(Record.of(row) for row in connection.execute(query))
            total = connection.scalar(sa.select(sa.func.count()).select_from(schema.articles).where(schema.CURRENT))
        return Page(records, total or 0)

    def publishers(self, limit: int) -> list[str]:
        """Return the publishers with most current articles, by name."""
        name = _ARTICLES.publisher
        query = sa.select(name).where(schema.CURRENT, name.is_not(None)).group_by(name)
        query = query.order_by(sa.func.count().desc(), name).limit(limit)
        with self._database.read() as connection:
            return sorted(connection.scalars(query))

    def counts(self) -> Counts:
        """Return how many current articles and searched sentences there are."""
        spans = sa.select(sa.func.count()).select_from(schema.sentences).join(schema.articles).where(schema.CURRENT)
        articles = sa.select(sa.func.count()).select_from(schema.articles).where(schema.CURRENT)
        with self._database.read() as connection:
            return Counts(connection.scalar(articles) or 0, connection.scalar(spans) or 0)

    def matching_keys(self, filters: Filters) -> list[int]:
        """Return the keys of the current articles that pass the filters, ascending."""
        conditions: list[sa.ColumnElement[bool]] = [schema.CURRENT]
        if filters.published_from:
            conditions.append(_ARTICLES.published >= filters.published_from)
        if filters.published_to:
            conditions.append(_ARTICLES.published <= filters.published_to)
        if filters.publishers:
            conditions.append(_ARTICLES.publisher.in_(filters.publishers))
        if filters.article_ids:
            conditions.append(_ARTICLES.id.in_(filters.article_ids))
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(_ARTICLES.key).where(*conditions).order_by(_ARTICLES.key)))


def _correct_known(connection: sa.Connection, row: Row, article: Article) -> Outcome:
    said = {name: value for name in _SAID if (value := getattr(article, name)) is not None}
    changed = _correct(connection, row, said)
    is_back = versions.revive(connection, versions.kept_row(connection, row.id) if changed else row)
    if changed or is_back:
        changes.note(connection, {*changed, row.key})
    return Outcome.NEW if is_back else Outcome.UPDATED if changed else Outcome.UNCHANGED


def _correct(connection: sa.Connection, row: Row, said: Mapping[str, object]) -> set[int]:
    """Write what is said otherwise than it was, and return the keys of the articles that change with it."""
    differs = {name: value for name, value in said.items() if getattr(row, name) != value}
    if not differs:
        return set()
    keys = {row.key}
    # One that was superseded by what is gone stays so until it is given again, whatever its day.
    in_line = row.superseded_by is None or versions.has_current(connection, row.url)
    is_placed_anew = "url" in differs or ("published" in differs and in_line)
    if is_placed_anew:
        keys.update(versions.withdraw(connection, row))
    connection.execute(schema.articles.update().where(_ARTICLES.key == row.key).values({"url": row.url} | differs))
    if is_placed_anew:
        keys.update(versions.supersede(connection, row.id))
    return keys


def _put(connection: sa.Connection, article: Article, removed_key: int | None) -> int:
    values = {
        **{name: getattr(article, name) for name in ("id", "sha256", "text", "body_start", *_SAID)},
        "added_at": datetime.now(UTC).replace(tzinfo=None),
        "superseded_by": None,
    }
    if removed_key is not None:
        connection.execute(schema.articles.update().where(_ARTICLES.key == removed_key).values(values))
        return removed_key
    key = connection.scalar(schema.articles.insert().values(values).returning(_ARTICLES.key))
    assert key is not None
    return int(key)
