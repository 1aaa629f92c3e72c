"""Sentences: the spans of an article that an engine takes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from index.articles import Article, Sentence, Span
from index.store import collections, schema
from index.store.database import Database, Row, batches
from index.store.ids import digest, sentence_id
from index.store.records import Record


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence with the text that is embedded for it, which ``index/ingest.py`` decides."""

    sentence: Sentence
    embedded: str

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for the embedded text."""
        return digest(self.embedded)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with its key and its sentences, the dateline aside: what an engine takes in.

    ``collections`` are the ids of those that it is in, where it was read for an engine, which filters by them.
    """

    key: int
    article: Article
    sentences: tuple[Sentence, ...]
    collections: tuple[str, ...] = ()

    @property
    def searched(self) -> list[Sentence]:
        """Its sentences that are not furniture."""
        return [sentence for sentence in self.sentences if not sentence.is_furniture]

    @property
    def sentence_ids(self) -> list[int]:
        """The ids of its searched sentences."""
        return [sentence_id(self.key, sentence.ordinal) for sentence in self.searched]

    @property
    def is_sound(self) -> bool:
        """Whether its sentences are spans of its text, in order, without overlaps."""
        edges = [edge for s in self.sentences for edge in (s.span.start, s.span.end)]
        return edges == sorted(edges) and all(s.text.strip() == s.text != "" for s in self.sentences)


class Sentences:
    """The sentences of the articles, their datelines aside."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stored(self, keys: Sequence[int]) -> Iterator[StoredArticle]:
        """Yield those of the articles ``keys`` that are current, with their sentences, by key."""
        for batch in batches(keys):
            with self._database.read() as connection:
                found = with_sentences(connection, _current_articles(connection, batch))
                inside = collections.named(connection, [stored.key for stored in found])
            for stored in found:
                yield replace(stored, collections=tuple(one.id for one in inside.get(stored.key, ())))


def _current_articles(connection: sa.Connection, keys: Sequence[int]) -> dict[int, Article]:
    """Return those of the articles that are current, by key; ``keys`` are one batch at most."""
    query = sa.select(schema.articles).where(schema.articles.c.key.in_(keys), schema.CURRENT)
    return {row.key: Record.of(row).article for row in connection.execute(query)}


def with_sentences(connection: sa.Connection, articles: Mapping[int, Article]) -> list[StoredArticle]:
    """Return the articles, a mapping from their keys, with their sentences, in order of key."""
    sentences: dict[int, list[Sentence]] = {key: [] for key in articles}
    query = (
        sa.select(schema.sentences)
        .where(schema.sentences.c.article_key.in_(list(articles)))
        .order_by(schema.sentences.c.article_key, schema.sentences.c.ordinal)
    )
    for row in connection.execute(query):
        sentences[row.article_key].append(sentence_of(articles[row.article_key], row))
    return [StoredArticle(key, articles[key], tuple(sentences[key])) for key in sorted(articles)]


def sentence_of(article: Article, row: Row) -> Sentence:
    """Return the article's sentence that the row describes."""
    return Sentence(Span(article, row.start, row.end), row.ordinal, row.is_furniture)


def put(connection: sa.Connection, key: int, sentences: Sequence[IndexedSentence]) -> None:
    """Write the sentences of the article with this key."""
    rows = [
        {
            "article_key": key,
            "ordinal": indexed.sentence.ordinal,
            "start": indexed.sentence.span.start,
            "end": indexed.sentence.span.end,
            "digest": indexed.digest,
            "is_furniture": indexed.sentence.is_furniture,
        }
        for indexed in sentences
    ]
    if rows:
        connection.execute(schema.sentences.insert(), rows)


def drop(connection: sa.Connection, key: int) -> None:
    """Forget the sentences of the article with this key."""
    connection.execute(schema.sentences.delete().where(schema.sentences.c.article_key == key))
