"""Articles, sentences and vectors in SQL: the source of truth.

A sentence's id says where it stands: ``article key << ORDINAL_BITS | ordinal``. Every article that comes, goes or is
superseded leaves a row in ``changes``; an engine that remembers the last row it has seen can catch up at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import uuid4

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from index import schema
from index.articles import Article, Filters, Passage, Sentence, Span
from index.errors import IndexMismatch, RemovedArticle, UnknownArticle, VectorsMissing

ORDINAL_BITS = 20
"""An article has at most 2 ** 20 sentences, a store 2 ** 43 articles."""

_ORDINAL = (1 << ORDINAL_BITS) - 1
_BATCH = 400  # bound parameters in one statement: SQLite's oldest limit is 999, and a place takes two

T = TypeVar("T")
Ids = NDArray[np.int64]
_Row = sa.Row[tuple[object, ...]]

_ARTICLES = schema.articles.c
_CURRENT = _ARTICLES.text.is_not(None) & _ARTICLES.superseded_by.is_(None)
_VERSIONS = sa.select(
    _ARTICLES.key,
    _ARTICLES.id,
    _ARTICLES.title,
    _ARTICLES.published,
    _ARTICLES.added_at,
    _ARTICLES.superseded_by,
    _ARTICLES.text.is_(None).label("is_removed"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is kept: when it came (UTC), and the id of the article that took its place, if one did."""

    article: Article
    added_at: datetime
    superseded_by: str | None


class State(StrEnum):
    """What became of an article."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    """A newer one has its URL; it still opens."""
    REMOVED = "removed"
    """Its text is gone, or it never was here."""


@dataclass(frozen=True, slots=True)
class Version:
    """An article among those that took each other's place; of a removed one, the title is no longer known."""

    id: str
    title: str | None
    published: date | None
    added_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence with the text that is embedded for it; made by ``index/ingest.py``, which decides what that is."""

    sentence: Sentence
    embedded: str

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for the embedded text."""
        return digest(self.embedded)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its key and its searched sentences: what an engine takes in."""

    key: int
    article: Article
    sentences: tuple[Sentence, ...]

    @property
    def sentence_ids(self) -> list[int]:
        """The ids of its sentences."""
        return [sentence_id(self.key, sentence.ordinal) for sentence in self.sentences]

    @property
    def is_sound(self) -> bool:
        """Whether its sentences are spans of its text, in order, none over another."""
        edges = [edge for s in self.sentences for edge in (s.span.start, s.span.end)]
        return edges == sorted(edges) and all(s.text.strip() == s.text != "" for s in self.sentences)


@dataclass(frozen=True, slots=True)
class Census:
    """What a check found: how many current articles, their sentences, and the ids of articles that are not sound."""

    articles: int
    sentence_ids: frozenset[int]
    broken: tuple[str, ...]


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


def sentence_id(article_key: int, ordinal: int) -> int:
    """Return the id of the sentence ``ordinal`` of the article with this key."""
    return article_key << ORDINAL_BITS | ordinal


def digest(text: str) -> bytes:
    """Return the 16 bytes under which the vector of ``text`` is kept."""
    return hashlib.sha256(text.encode()).digest()[:16]


class Store:
    """The articles, sentences and vectors; safe to use from several threads and several processes.

    ``identity`` tells this database from any other, so that nothing derived from another is taken for its own.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database at the SQLAlchemy ``url``, and make its tables where they are missing.

        :raises IndexMismatch: if another version of Newsquote made the tables.
        """
        store = cls(schema.open_engine(url))
        store._prepare()
        return store

    def _prepare(self) -> None:
        with self.write() as connection:
            schema.metadata.create_all(connection)
            for index in schema.articles.indexes:  # one that is newer than the table, which is left as it is
                index.create(connection, checkfirst=True)
            about = connection.execute(sa.select(schema.about)).one_or_none()
            if about is None:
                values = {"schema_version": schema.VERSION, "identity": uuid4().hex, "is_seeded": False}
                about = connection.execute(schema.about.insert().values(values).returning(schema.about)).one()
            if about.schema_version != schema.VERSION:
                raise IndexMismatch(
                    f"The database has schema {about.schema_version}, this Newsquote reads {schema.VERSION}: "
                    "use the version that made it, or another NEWSQUOTE_DATA_DIR."
                )
            self.identity: str = about.identity

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def read(self) -> sa.Connection:
        """Return a connection that only reads."""
        return self._engine.connect().execution_options(reads_only=True)

    def write(self) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction that holds SQLite's one write lock from its start, so it cannot fail half-way."""
        return self._engine.begin()

    def _write_change(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        if connection.dialect.name == "postgresql":
            # Numbers of changes become visible in their order, so that no follower skips one.
            connection.execute(sa.text("LOCK TABLE changes IN EXCLUSIVE MODE"))
        connection.execute(schema.changes.insert(), [{"article_key": key, "token": uuid4().hex} for key in keys])

    # Vectors

    def missing_digests(self, model: str, digests: Iterable[bytes]) -> set[bytes]:
        """Return those of ``digests`` for which ``model`` has no vector here."""
        with self.read() as connection:
            return _missing(connection, model, set(digests))

    def add_vectors(self, model: str, vectors: dict[bytes, NDArray[np.float32]]) -> None:
        """Keep the vector of each digest, as float16; one that is there already stays."""
        rows = [
            {"model": model, "digest": key, "vector": vector.astype("<f2").tobytes()} for key, vector in vectors.items()
        ]
        if rows:
            with self.write() as connection:
                connection.execute(self._insert(schema.vectors).on_conflict_do_nothing(), rows)

    def prune_vectors(self, model: str) -> int:
        """Delete the vectors that no sentence has and those of other models than ``model``; return how many."""
        is_used = sa.exists().where(schema.sentences.c.digest == schema.vectors.c.digest)
        with self.write() as connection:
            return connection.execute(
                schema.vectors.delete().where((schema.vectors.c.model != model) | ~is_used)
            ).rowcount

    def vectors_of(self, model: str, digests: Sequence[bytes], dim: int) -> NDArray[np.float16]:
        """Return the vectors, float16 (len(digests), dim), of texts that all have one of ``model``."""
        found: dict[bytes, bytes] = {}
        with self.read() as connection:
            for batch in _batches(sorted(set(digests))):
                query = sa.select(schema.vectors).where(
                    schema.vectors.c.model == model, schema.vectors.c.digest.in_(batch)
                )
                found.update((row.digest, row.vector) for row in connection.execute(query))
        return np.frombuffer(b"".join(found[key] for key in digests), dtype="<f2").reshape(len(digests), dim)

    def unembedded_keys(self, model: str) -> list[int]:
        """Return the keys of the current articles that have a sentence without a vector of ``model``."""
        missing = (
            sa.select(schema.sentences.c.article_key)
            .join(schema.articles, (schema.articles.c.key == schema.sentences.c.article_key) & _CURRENT)
            .outerjoin(
                schema.vectors,
                (schema.vectors.c.model == model) & (schema.vectors.c.digest == schema.sentences.c.digest),
            )
            .where(schema.vectors.c.digest.is_(None))
            .distinct()
        )
        with self.read() as connection:
            return sorted(connection.scalars(missing))

    # Articles

    def __contains__(self, article_id: str) -> bool:
        """Whether the text of this article is here, current or superseded."""
        query = sa.select(schema.articles.c.key).where(
            schema.articles.c.id == article_id, schema.articles.c.text.is_not(None)
        )
        with self.read() as connection:
            return connection.scalar(query) is not None

    def add(self, article: Article, sentences: Sequence[IndexedSentence], model: str | None = None) -> bool:
        """Take the article in, whole or not at all; False if it was here already and nothing was done.

        A current article with the same URL is superseded by this one.

        :raises VectorsMissing: if ``model`` is given and has no vector for a sentence: another process dropped it.
        """
        with self.write() as connection:
            row = connection.execute(sa.select(schema.articles).where(schema.articles.c.id == article.id)).one_or_none()
            if row is not None and row.text is not None:
                return False
            if model and _missing(connection, model, {indexed.digest for indexed in sentences}):
                raise VectorsMissing(model)
            key = self._put_article(connection, article, None if row is None else row.key)
            if sentences:
                rows = [_sentence_row(key, indexed) for indexed in sentences]
                connection.execute(schema.sentences.insert(), rows)
            self._write_change(connection, [*self._supersede(connection, article), key])
        return True

    def revive(self, article_id: str) -> bool:
        """Make a superseded article current again if what superseded it is gone; return whether anything changed."""
        with self.write() as connection:
            row = connection.execute(sa.select(schema.articles).where(schema.articles.c.id == article_id)).one_or_none()
            if row is None or row.text is None or row.superseded_by is None:
                return False
            at_url = sa.select(schema.articles.c.key).where(schema.articles.c.url == row.url, _CURRENT)
            if connection.scalar(at_url) is not None:
                return False
            mine = schema.articles.update().where(schema.articles.c.key == row.key)
            connection.execute(mine.values(superseded_by=None))
            self._write_change(connection, [row.key])
        return True

    def _put_article(self, connection: sa.Connection, article: Article, removed_key: int | None) -> int:
        values = {
            "id": article.id,
            "sha256": article.sha256,
            "text": article.text,
            "title": article.title,
            "publisher": article.publisher,
            "agency": article.agency,
            "author": article.author,
            "url": article.url,
            "published": article.published,
            "added_at": datetime.now(UTC).replace(tzinfo=None),
            "superseded_by": None,
        }
        if removed_key is not None:
            connection.execute(schema.articles.update().where(schema.articles.c.key == removed_key).values(values))
            return removed_key
        key = connection.scalar(schema.articles.insert().values(values).returning(schema.articles.c.key))
        assert key is not None
        return int(key)

    def _supersede(self, connection: sa.Connection, article: Article) -> list[int]:
        """Leave only the latest published article of a URL current; of undated ones, the latest added."""
        if article.url is None:
            return []
        same_url = (schema.articles.c.url == article.url) & (schema.articles.c.id != article.id) & _CURRENT
        older: list[int] = []
        for row in connection.execute(sa.select(schema.articles).where(same_url)).all():
            if article.published and row.published and article.published < row.published:
                mine = schema.articles.update().where(schema.articles.c.id == article.id)
                connection.execute(mine.values(superseded_by=row.id))
                return []
            older.append(row.key)
        superseded = schema.articles.update().where(schema.articles.c.key.in_(older))
        connection.execute(superseded.values(superseded_by=article.id))
        return older

    def remove(self, article_id: str) -> None:
        """Forget the article's text, sentences and fields; its publisher, date and place among its versions stay known.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if it was removed before.
        """
        with self.write() as connection:
            row = self._row(connection, article_id)
            connection.execute(schema.sentences.delete().where(schema.sentences.c.article_key == row.key))
            gone = {"text": None, "title": None, "author": None, "url": None}
            connection.execute(schema.articles.update().where(schema.articles.c.key == row.key).values(gone))
            self._write_change(connection, [row.key])

    def record(self, article_id: str) -> Record:
        """Return the article with this id, current or superseded.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if there is none any more.
        """
        with self.read() as connection:
            return _record(self._row(connection, article_id))

    def history(self, article_id: str) -> list[Version]:
        """Return the versions of this article, oldest first, the current one last.

        Those are the articles at its URL, and the removed ones that took the place of one of them or lost it to one.
        They are in the order of publication, or where no date is known, of being added.

        :raises UnknownArticle: if there is no such article; ``RemovedArticle`` if there is none any more.
        """
        found: dict[str, _Row] = {}
        with self.read() as connection:
            url = sa.literal(self._row(connection, article_id).url, sa.Text)
            fresh = connection.execute(_VERSIONS.where((_ARTICLES.id == article_id) | (_ARTICLES.url == url))).all()
            while fresh:
                found.update((row.id, row) for row in fresh)
                fresh = [row for row in _neighbours(connection, fresh) if row.id not in found]
        return [_version(row) for row in sorted(found.values(), key=_age)]

    def states(self, article_ids: Iterable[str]) -> dict[str, State]:
        """Return what became of each article."""
        wanted = sorted(set(article_ids))
        found = dict.fromkeys(wanted, State.REMOVED)
        with self.read() as connection:
            for batch in _batches(wanted):
                query = sa.select(schema.articles.c.id, schema.articles.c.superseded_by).where(
                    schema.articles.c.id.in_(batch), schema.articles.c.text.is_not(None)
                )
                for article_id, newer in connection.execute(query):
                    found[article_id] = State.CURRENT if newer is None else State.SUPERSEDED
        return found

    @staticmethod
    def _row(connection: sa.Connection, article_id: str) -> _Row:
        row = connection.execute(sa.select(schema.articles).where(schema.articles.c.id == article_id)).one_or_none()
        if row is None:
            raise UnknownArticle(article_id)
        if row.text is None:
            raise RemovedArticle(article_id)
        return row

    def page(self, offset: int, limit: int) -> Page:
        """Return the current articles, newest first; those without a date come last, latest added first."""
        order = (schema.articles.c.published.desc().nulls_last(), schema.articles.c.key.desc())
        query = sa.select(schema.articles).where(_CURRENT).order_by(*order).offset(offset).limit(limit)
        with self.read() as connection:
            records = tuple(_record(row) for row in connection.execute(query))
            total = connection.scalar(sa.select(sa.func.count()).select_from(schema.articles).where(_CURRENT))
        return Page(records, total or 0)

    def publishers(self, limit: int) -> list[str]:
        """Return the publishers with most current articles, by name."""
        name = schema.articles.c.publisher
        query = sa.select(name).where(_CURRENT, name.is_not(None)).group_by(name)
        query = query.order_by(sa.func.count().desc(), name).limit(limit)
        with self.read() as connection:
            return sorted(connection.scalars(query))

    def counts(self) -> Counts:
        """Return how many current articles and searched sentences there are."""
        sentences = sa.select(sa.func.count()).select_from(schema.sentences).join(schema.articles).where(_CURRENT)
        articles = sa.select(sa.func.count()).select_from(schema.articles).where(_CURRENT)
        with self.read() as connection:
            return Counts(connection.scalar(articles) or 0, connection.scalar(sentences) or 0)

    def check(self) -> Census:
        """Read every article and its sentences again, the superseded too."""
        kept = schema.articles.c.text.is_not(None)
        with self.read() as connection:
            rows = connection.execute(
                sa.select(schema.articles, _CURRENT.label("is_current")).where(kept).order_by(schema.articles.c.key)
            ).all()
        ids: set[int] = set()
        broken = []
        for batch in _batches(rows):
            articles = {row.key: _record(row).article for row in batch}
            for row, stored in zip(batch, self._with_sentences(articles), strict=True):
                if row.is_current:
                    ids.update(stored.sentence_ids)
                if stored.article.sha256 != row.sha256 or not stored.is_sound:
                    broken.append(row.id)
        return Census(sum(row.is_current for row in rows), frozenset(ids), tuple(broken))

    def is_seeded(self) -> bool:
        """Whether the first articles have been taken in, all of them."""
        with self.read() as connection:
            return bool(connection.scalar(sa.select(schema.about.c.is_seeded)))

    def note_seeded(self) -> None:
        """Remember that the first articles have been taken in."""
        with self.write() as connection:
            connection.execute(schema.about.update().values(is_seeded=True))

    # What an engine needs to follow

    def last_change(self) -> int:
        """Return the number of the latest change, 0 before the first."""
        with self.read() as connection:
            return connection.scalar(sa.select(sa.func.max(schema.changes.c.seq))) or 0

    def token(self, change: int) -> str | None:
        """Return what stands for the change and all before it; None if there is no such change here.

        A database that was restored from an older copy counts on from there: its numbers come again, its tokens do not.
        """
        with self.read() as connection:
            if change == 0:
                return self.identity
            return connection.scalar(sa.select(schema.changes.c.token).where(schema.changes.c.seq == change))

    def changed_keys(self, after: int, upto: int) -> list[int]:
        """Return the keys of the articles changed after the change ``after``, up to and including ``upto``."""
        query = (
            sa.select(schema.changes.c.article_key)
            .where(schema.changes.c.seq > after, schema.changes.c.seq <= upto)
            .distinct()
        )
        with self.read() as connection:
            return sorted(connection.scalars(query))

    def stored(self, keys: Sequence[int]) -> Iterator[StoredArticle]:
        """Yield those of the articles ``keys`` that are current, with their sentences, by key."""
        for batch in _batches(keys):
            yield from self._with_sentences(self._current_articles(batch))

    def _with_sentences(self, articles: dict[int, Article]) -> list[StoredArticle]:
        """Return the articles with their sentences, by key."""
        sentences: dict[int, list[Sentence]] = {key: [] for key in articles}
        query = (
            sa.select(schema.sentences)
            .where(schema.sentences.c.article_key.in_(list(articles)))
            .order_by(schema.sentences.c.article_key, schema.sentences.c.ordinal)
        )
        with self.read() as connection:
            for row in connection.execute(query):
                sentences[row.article_key].append(_sentence(articles[row.article_key], row))
        return [StoredArticle(key, articles[key], tuple(sentences[key])) for key in sorted(articles)]

    def vectors(self, model: str, keys: Sequence[int], dim: int) -> tuple[Ids, NDArray[np.float16]]:
        """Return sentence ids (n,) and vectors float16 (n, dim) of the current ones among the articles ``keys``.

        :raises VectorsMissing: if a sentence has no vector of ``model``, or one of another length.
        """
        ids: list[int] = []
        blobs: list[bytes] = []
        for batch in _batches(keys):
            query = (
                sa.select(schema.sentences.c.article_key, schema.sentences.c.ordinal, schema.vectors.c.vector)
                .join(schema.articles, (schema.articles.c.key == schema.sentences.c.article_key) & _CURRENT)
                .outerjoin(
                    schema.vectors,
                    (schema.vectors.c.model == model) & (schema.vectors.c.digest == schema.sentences.c.digest),
                )
                .where(schema.sentences.c.article_key.in_(batch))
            )
            with self.read() as connection:
                for key, ordinal, vector in connection.execute(query):
                    if vector is None or len(vector) != 2 * dim:
                        raise VectorsMissing(model)
                    ids.append(sentence_id(key, ordinal))
                    blobs.append(vector)
        return np.array(ids, dtype=np.int64), np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(ids), dim)

    # What a search needs

    def matching_keys(self, filters: Filters) -> list[int]:
        """Return the keys of the current articles that pass the filters, ascending."""
        conditions: list[sa.ColumnElement[bool]] = [_CURRENT]
        if filters.published_from:
            conditions.append(schema.articles.c.published >= filters.published_from)
        if filters.published_to:
            conditions.append(schema.articles.c.published <= filters.published_to)
        if filters.publishers:
            conditions.append(schema.articles.c.publisher.in_(filters.publishers))
        if filters.article_ids:
            conditions.append(schema.articles.c.id.in_(filters.article_ids))
        with self.read() as connection:
            return list(
                connection.scalars(sa.select(schema.articles.c.key).where(*conditions).order_by(schema.articles.c.key))
            )

    def published(self, ids: Sequence[int]) -> dict[int, date | None]:
        """Return the day on which each sentence's article was published; those no longer current are left out."""
        keys = {sentence >> ORDINAL_BITS for sentence in ids}
        days: dict[int, date | None] = {}
        with self.read() as connection:
            for batch in _batches(sorted(keys)):
                query = sa.select(schema.articles.c.key, schema.articles.c.published).where(
                    schema.articles.c.key.in_(batch), _CURRENT
                )
                days.update((key, day) for key, day in connection.execute(query))
        return {sentence: days[sentence >> ORDINAL_BITS] for sentence in ids if sentence >> ORDINAL_BITS in days}

    def passages(self, ids: Sequence[int], neighbours: int) -> dict[int, Passage]:
        """Return the passage around each sentence: itself and ``neighbours`` on either side.

        Ids of sentences that are no longer there, or whose article is no longer current, are left out.
        """
        near = {i: range(max(i - neighbours, i & ~_ORDINAL), i + neighbours + 1) for i in ids}
        sentences = self._sentences(sorted({other for around in near.values() for other in around}))
        return {
            i: Passage(sentences[i], tuple(sentences[other] for other in near[i] if other in sentences))
            for i in ids
            if i in sentences
        }

    def _sentences(self, ids: Sequence[int]) -> dict[int, Sentence]:
        """Return the sentences with these ids, those of current articles only."""
        articles = self._current_articles(sorted({i >> ORDINAL_BITS for i in ids}))
        key = schema.sentences.c.article_key
        place = sa.tuple_(key, schema.sentences.c.ordinal)
        found = {}
        with self.read() as connection:
            for batch in _batches(ids):
                places = [(i >> ORDINAL_BITS, i & _ORDINAL) for i in batch]
                keys = sorted({i >> ORDINAL_BITS for i in batch})  # SQLite scans the table for pairs alone
                query = sa.select(schema.sentences).where(key.in_(keys), place.in_(places))
                for row in connection.execute(query):
                    if article := articles.get(row.article_key):
                        found[sentence_id(row.article_key, row.ordinal)] = _sentence(article, row)
        return found

    def _current_articles(self, keys: Sequence[int]) -> dict[int, Article]:
        articles: dict[int, Article] = {}
        with self.read() as connection:
            for batch in _batches(keys):
                query = sa.select(schema.articles).where(schema.articles.c.key.in_(batch), _CURRENT)
                articles.update((row.key, _record(row).article) for row in connection.execute(query))
        return articles


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def _missing(connection: sa.Connection, model: str, digests: set[bytes]) -> set[bytes]:
    missing = set(digests)
    for batch in _batches(sorted(digests)):
        query = sa.select(schema.vectors.c.digest).where(
            schema.vectors.c.model == model, schema.vectors.c.digest.in_(batch)
        )
        missing.difference_update(connection.scalars(query))
    return missing


def _sentence_row(key: int, indexed: IndexedSentence) -> dict[str, object]:
    sentence = indexed.sentence
    return {
        "article_key": key,
        "ordinal": sentence.ordinal,
        "start": sentence.span.start,
        "end": sentence.span.end,
        "digest": indexed.digest,
    }


def _record(row: _Row) -> Record:
    article = Article(
        text=row.text,
        title=row.title,
        publisher=row.publisher,
        agency=row.agency,
        author=row.author,
        url=row.url,
        published=row.published,
    )
    return Record(article, row.added_at, row.superseded_by)


def _neighbours(connection: sa.Connection, rows: Sequence[_Row]) -> Iterator[_Row]:
    """Yield the articles that took the place of one of the ``rows``, or lost it to one."""
    for batch in _batches(rows):
        later = [row.superseded_by for row in batch if row.superseded_by]
        near = _ARTICLES.id.in_(later) | _ARTICLES.superseded_by.in_([row.id for row in batch])
        yield from connection.execute(_VERSIONS.where(near))


def _age(row: _Row) -> tuple[bool, date, datetime, int]:
    is_current = not row.is_removed and row.superseded_by is None
    return is_current, row.published or row.added_at.date(), row.added_at, row.key


def _version(row: _Row) -> Version:
    kept = State.CURRENT if row.superseded_by is None else State.SUPERSEDED
    return Version(row.id, row.title, row.published, row.added_at, State.REMOVED if row.is_removed else kept)


def _sentence(article: Article, row: _Row) -> Sentence:
    return Sentence(Span(article, row.start, row.end), row.ordinal)
