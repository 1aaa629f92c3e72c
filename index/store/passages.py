"""What a search needs: the passages around the sentences found, and their dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from index.articles import Article, Passage, Sentence
from index.store import schema
from index.store.database import Database, batches
from index.store.ids import key_of, ordinal_of, sentence_id
from index.store.records import RECORDS, Record, Soundness
from index.store.sentences import sentence_of

_SENTENCES, _ARTICLES = schema.sentences.c, schema.articles.c


class Passages:
    """The current articles, as sentences with their neighbours."""

    def __init__(self, database: Database, soundness: Soundness) -> None:
        self._database, self._soundness = database, soundness

    def around(self, ids: Sequence[int], neighbours: int) -> dict[int, Passage]:
        """Return the passage around each sentence: itself and ``neighbours`` on either side.

        Sentences that no longer exist, or whose article is no longer current, are left out, and so is what is damaged.
        """
        near = {i: range(i - min(neighbours, ordinal_of(i)), i + neighbours + 1) for i in ids}
        with self._database.read() as connection:
            sentences = self._sentences(connection, sorted({other for around in near.values() for other in around}))
        return {
            i: Passage(sentences[i], tuple(sentences[other] for other in near[i] if other in sentences))
            for i in ids
            if i in sentences
        }

    def published(self, ids: Sequence[int]) -> dict[int, date | None]:
        """Return the day on which each sentence's article was published; those no longer current are left out."""
        days: dict[int, date | None] = {}
        with self._database.read() as connection:
            for batch in batches(sorted({key_of(i) for i in ids})):
                query = sa.select(_ARTICLES.key, _ARTICLES.published).where(_ARTICLES.key.in_(batch), schema.CURRENT)
                days.update((key, day) for key, day in connection.execute(query))
        return {i: days[key_of(i)] for i in ids if key_of(i) in days}

    def _sentences(self, connection: sa.Connection, ids: Sequence[int]) -> dict[int, Sentence]:
        """Return the sentences with these ids, those of current articles only."""
        articles = self._articles(connection, sorted({key_of(i) for i in ids}))
        place = sa.tuple_(_SENTENCES.article_key, _SENTENCES.ordinal)
        found = {}
        for batch in batches(ids):
            keys = sorted({key_of(i) for i in batch})  # given only the pairs, SQLite would scan the whole table
            places = [(key_of(i), ordinal_of(i)) for i in batch]
            query = sa.select(schema.sentences).where(_SENTENCES.article_key.in_(keys), place.in_(places))
            for row in connection.execute(query):
                if (article := articles.get(row.article_key)) and 0 <= row.start < row.end <= len(article.text):
                    found[sentence_id(row.article_key, row.ordinal)] = sentence_of(article, row)
        return found

    def _articles(self, connection: sa.Connection, keys: Sequence[int]) -> dict[int, Article]:
        """Return those of the articles that are current and whole, by key."""
        articles: dict[int, Article] = {}
        for batch in batches(keys):
            query = RECORDS.where(_ARTICLES.key.in_(batch), schema.CURRENT)
            rows = self._soundness.sound(connection.execute(query))
            articles.update((row.key, Record.of(row).article) for row in rows)
        return articles
