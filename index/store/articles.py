"""Articles: taken in whole or not at all, removed, and corrected in everything but their text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import sqlalchemy as sa

from index.articles import Article, Filters
from index.errors import DamagedArticle, VectorsMissing
from index.store import changes, collections, copies, origins, reports, schema, sentences, vectors, versions
from index.store.database import Database, Row, batches
from index.store.filtering import among, passing
from index.store.records import RECORDS, Record, Soundness
from index.store.sentences import IndexedSentence

_ARTICLES = schema.articles.c
_SAID = ("title", "publisher", "agency", "author", "url", "published")
"""What is said about an article: it can be corrected, because the id does not depend on it."""


class Outcome(StrEnum):
    """What became of an article that was given to the store."""

    NEW = "new"
    """It was not here, or was removed, or was not current."""
    UPDATED = "updated"
    """It was here, and what is said about it has changed."""
    UNCHANGED = "unchanged"


class Sort(StrEnum):
    """In which order articles are listed."""

    NEWEST = "newest"
    """By the day of publication; undated ones come last, and latest added first."""
    OLDEST = "oldest"
    """The same, oldest first."""
    ADDED = "added"
    """Latest added first."""
    BEST = "best"
    """Best match first."""


_ORDER: Mapping[Sort, tuple[sa.ColumnElement[object], ...]] = {
    Sort.NEWEST: (_ARTICLES.published.desc().nulls_last(), _ARTICLES.key.desc()),
    Sort.OLDEST: (_ARTICLES.published.asc().nulls_last(), _ARTICLES.key.asc()),
    Sort.ADDED: (_ARTICLES.added_at.desc(), _ARTICLES.key.desc()),
}
_KEPT_KEY = sa.select(_ARTICLES.key).where(_ARTICLES.id == sa.bindparam("id"), schema.KEPT)
_STREAMED = 100
"""Articles that are read at a time where all are."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the records, and how many there are in all."""

    records: tuple[Record, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article's copies are known by, None if it has no words; and the version of the rules that made it."""

    content: bytes | None
    rules: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its sentences, and what its copies are known by; None if that is to be made later."""

    article: Article
    indexed: Sequence[IndexedSentence]
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of what the store holds is searched."""

    articles: int
    sentences: int


class Articles:
    """The articles; each change is one transaction over the article, its sentences, its versions and the change log."""

    def __init__(self, database: Database, soundness: Soundness) -> None:
        self._database, self._soundness = database, soundness

    def __contains__(self, article_id: str) -> bool:
        """Whether the text of this article is here, current or superseded."""
        with self._database.read() as connection:
            return connection.scalar(_KEPT_KEY, {"id": article_id}) is not None

    def add(
        self,
        several: Sequence[Prepared],
        model: str | None = None,
        furniture_rules: int = 0,
        replaced: str | None = None,
    ) -> list[Outcome]:
        """Take the articles in, all of them or none; one that is already here is corrected.

        Each supersedes a current article with the same URL, unless that one is later, and the one with the id
        ``replaced``, if given: its original, read anew.

        :param furniture_rules: the version of the rules by which their furniture is marked.
        :raises VectorsMissing: if ``model`` is given and a searched sentence lacks its vector: another process
            dropped it.
        :raises FullCollections: if an article names a collection that cannot be made.
        """
        outcomes, changed, new = [], set[int](), list[int]()
        with self._database.write() as connection:
            changes.queue(connection)  # or two that take in the same articles could wait for each other for ever
            for one in several:
                row = connection.execute(versions.BY_ID, {"id": one.article.id}).one_or_none()
                if row is not None and row.text is not None:
                    corrected, outcome = _correct_known(connection, row, one.article)
                    changed |= corrected
                else:
                    new.append(_put(connection, one, furniture_rules, None if row is None else row.key))
                    changed |= {new[-1], *_supersede(connection, one.article, replaced)}
                    outcome = Outcome.NEW
                outcomes.append(outcome)
            if model and vectors.lack(connection, model, new):
                raise VectorsMissing(model)  # which undoes all of it
            _note(connection, changed)
        return outcomes

    def correct(self, article: Article) -> Outcome:
        """Take in what is now said about an article that is here; do nothing if it is not, or was removed.

        It is put in the collections that it names, and stays in the others.

        None changes nothing. An article superseded by one that is gone becomes current again.
        """
        query = sa.select(schema.articles).where(_ARTICLES.id == article.id, schema.KEPT)
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return Outcome.UNCHANGED
            changed, outcome = _correct_known(connection, row, article)
            _note(connection, changed)
        return outcome

    def update(self, article_id: str, **said: str | date | None) -> Outcome:
        """Correct what is said about the article; None means that it is not known.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed.
        :raises TypeError: if there is no such field, or it cannot be corrected.
        """
        if unknown := said.keys() - set(_SAID):
            raise TypeError(f"{sorted(unknown)} cannot be corrected: only {', '.join(_SAID)}")
        with self._database.write() as connection:
            changed = _correct(connection, versions.kept_row(connection, article_id), said)
            if changed:
                _note(connection, changed)
        return Outcome.UPDATED if changed else Outcome.UNCHANGED

    def remove(self, article_id: str) -> None:
        """Forget the article's text, sentences and fields, except its publisher, date and place among its versions.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was already removed.
        """
        with self._database.write() as connection:
            row = versions.kept_row(connection, article_id)
            sentences.drop(connection, row.key)
            collections.leave(connection, row.key)
            origins.drop(connection, row.key)
            gone = {"text": None, "title": None, "author": None, "url": None}
            connection.execute(schema.articles.update().where(_ARTICLES.key == row.key).values(gone))
            copies.drop(connection, row.key)
            _note(connection, [row.key])

    def record(self, article_id: str) -> Record:
        """Return the article with this id, current or superseded.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed, ``DamagedArticle`` if
            its text was changed from outside.
        """
        with self._database.read() as connection:
            key = versions.kept_row(connection, article_id).key
            for record in self._records(connection, _ARTICLES.key == key).values():
                return record
        raise DamagedArticle(article_id)

    def records(self, article_ids: Iterable[str]) -> dict[str, Record]:
        """Return the articles with these ids, current or superseded; unknown, removed and damaged ones are left out."""
        found: dict[str, Record] = {}
        with self._database.read() as connection:
            for batch in batches(sorted(set(article_ids))):
                records = self._records(connection, _ARTICLES.id.in_(batch))
                found.update((record.article.id, record) for record in records.values())
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

    def page(
        self,
        offset: int,
        limit: int,
        filters: Filters | None = None,
        sort: Sort = Sort.NEWEST,
        found: Sequence[int] | None = None,
    ) -> Page:
        """Return a page of the current articles that pass the filters. Damaged ones are left out.

        :param found: the keys of those to choose from, best match first; None: all, which have no best.
        """
        which = passing(filters or Filters(), found)
        with self._database.read() as connection:
            total = connection.scalar(sa.select(sa.func.count()).select_from(schema.articles).where(*which)) or 0
            if sort is Sort.BEST and found is not None:
                left = set(connection.scalars(sa.select(_ARTICLES.key).where(*which)))
                keys = [key for key in found if key in left][offset : offset + limit]
            else:
                order = _ORDER.get(sort, _ORDER[Sort.NEWEST])
                query = sa.select(_ARTICLES.key).where(*which).order_by(*order).offset(offset).limit(limit)
                keys = list(connection.scalars(query))
            records = self._records(connection, among(keys))
        return Page(tuple(records[key] for key in keys if key in records), total)

    def every(self, filters: Filters | None = None, found: Sequence[int] | None = None) -> Iterator[Record]:
        """Yield the current articles that pass the filters in the order in which they came, a few at a time.

        One that is added or removed meanwhile may be among them or not. Damaged ones are left out.
        """
        last = 0
        while True:
            which = (*passing(filters or Filters(), found), _ARTICLES.key > last)
            query = sa.select(_ARTICLES.key).where(*which).order_by(_ARTICLES.key).limit(_STREAMED)
            with self._database.read() as connection:
                keys = list(connection.scalars(query))
                if not keys:
                    return
                records = self._records(connection, among(keys))
            yield from (records[key] for key in keys if key in records)
            last = keys[-1]

    def _records(self, connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[int, Record]:
        """Return those of the articles that are here and whole, by key, with what belongs to them."""
        query = RECORDS.where(which, schema.KEPT)
        rows = list(self._soundness.sound(connection.execute(query)))
        named = collections.named(connection, [row.key for row in rows])
        found = reports.numbered(connection, {row.report for row in rows} - {None})
        return {row.key: Record.of(row, named.get(row.key, ()), found.get(row.report)) for row in rows}

    def counts(self) -> Counts:
        """Return how many current articles and searched sentences there are."""
        searched = schema.CURRENT, ~schema.sentences.c.is_furniture
        spans = sa.select(sa.func.count()).select_from(schema.sentences).join(schema.articles).where(*searched)
        articles = sa.select(sa.func.count()).select_from(schema.articles).where(schema.CURRENT)
        with self._database.read() as connection:
            return Counts(connection.scalar(articles) or 0, connection.scalar(spans) or 0)

    def drawn_keys(self, most: int) -> list[int]:
        """Return the keys of ``most`` current articles, drawn at random, or of all if there are fewer."""
        query = sa.select(_ARTICLES.key).where(schema.CURRENT).order_by(sa.func.random()).limit(most)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def ids_of(self, keys: Sequence[int]) -> dict[int, str]:
        """Return the ids of the articles with these keys, removed ones too; unknown keys are left out."""
        query = sa.select(_ARTICLES.key, _ARTICLES.id).where(among(keys))
        with self._database.read() as connection:
            return {row.key: row.id for row in connection.execute(query)}

    def matching_keys(self, filters: Filters) -> list[int]:
        """Return the keys of the current articles that pass the filters, ascending."""
        query = sa.select(_ARTICLES.key).where(*passing(filters)).order_by(_ARTICLES.key)
        with self._database.read() as connection:
            return list(connection.scalars(query))


def _correct_known(connection: sa.Connection, row: Row, article: Article) -> tuple[set[int], Outcome]:
    """Correct an article that is here, and return the keys of all articles that this changes, which are to be noted."""
    said = {name: value for name in _SAID if (value := getattr(article, name)) is not None}
    changed = _correct(connection, row, said)
    origins.complete(connection, row.key, article.origin)
    is_back = versions.revive(connection, versions.kept_row(connection, row.id) if changed else row)
    changed |= collections.enlist(connection, row.id, article.collections)
    if not (changed or is_back):
        return set(), Outcome.UNCHANGED
    return {*changed, row.key}, Outcome.NEW if is_back else Outcome.UPDATED


def _note(connection: sa.Connection, keys: Collection[int]) -> None:
    """Note the articles that have changed, if any have, and those whose copies have changed by that."""
    if keys:
        changes.note(connection, sorted({*keys, *copies.regroup(connection, keys)}))


def _correct(connection: sa.Connection, row: Row, said: Mapping[str, object]) -> set[int]:
    """Write the fields that differ, and return the keys of all articles that this changes."""
    differs = {name: value for name, value in said.items() if getattr(row, name) != value}
    if not differs:
        return set()
    keys = {row.key}
    # An article superseded by one that is gone stays superseded until it is given again, whatever its date.
    in_line = row.superseded_by is None or versions.has_current(connection, row.url)
    is_read_anew = row.url is None and row.superseded_by is not None  # its original: that needs no URL, and stays so
    is_placed_anew = not is_read_anew and ("url" in differs or ("published" in differs and in_line))
    if is_placed_anew:
        keys.update(versions.withdraw(connection, row))
    connection.execute(schema.articles.update().where(_ARTICLES.key == row.key).values({"url": row.url} | differs))
    if is_placed_anew:
        keys.update(versions.supersede(connection, row.id))
    return keys


def _put(connection: sa.Connection, one: Prepared, furniture_rules: int, removed_key: int | None) -> int:
    """Write an article that is not here, and return its key."""
    article, signature = one.article, one.signature
    key = _insert(connection, article, furniture_rules, signature.rules if signature else 0, removed_key)
    if signature:
        copies.put(connection, key, signature.content)
    sentences.put(connection, key, one.indexed)
    collections.enlist(connection, article.id, article.collections)
    origins.put(connection, key, article.origin)
    return key


def _supersede(connection: sa.Connection, article: Article, replaced: str | None) -> list[int]:
    """Let an article that is new take the place of what it supersedes, and return the keys of what this changes."""
    older = versions.supersede(connection, article.id, is_added_now=True) if article.url else []
    return older + (versions.replace(connection, replaced, article.id) if replaced else [])


def _insert(
    connection: sa.Connection, article: Article, furniture_rules: int, copy_rules: int, removed_key: int | None
) -> int:
    values = {
        **{name: getattr(article, name) for name in ("id", "sha256", "text", "body_start", *_SAID)},
        "furniture_rules": furniture_rules,
        "copy_rules": copy_rules,
        "added_at": datetime.now(UTC).replace(tzinfo=None),
        "superseded_by": None,
    }
    if removed_key is not None:
        connection.execute(schema.articles.update().where(_ARTICLES.key == removed_key).values(values))
        return removed_key
    key = connection.scalar(schema.articles.insert().values(values).returning(_ARTICLES.key))
    assert key is not None
    return int(key)
