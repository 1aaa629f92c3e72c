"""Articles as they are kept, read from the rows of their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.articles import Article
from index.store import schema
from index.store.database import Row, batches


@dataclass(frozen=True, slots=True)
class Record:
    """An article as it is kept: when it was added (UTC), and the id of the article that superseded it, if any."""

    article: Article
    added_at: datetime
    superseded_by: str | None

    @classmethod
    def of(cls, row: Row) -> Record:
        """Return the record of a row whose text has not been removed."""
        article = Article(
            text=row.text,
            title=row.title,
            publisher=row.publisher,
            agency=row.agency,
            author=row.author,
            url=row.url,
            published=row.published,
            body_start=row.body_start,
        )
        return cls(article, row.added_at, row.superseded_by)


def current_articles(connection: sa.Connection, keys: Sequence[int]) -> dict[int, Article]:
    """Return those of the articles ``keys`` that are current, by key."""
    articles: dict[int, Article] = {}
    for batch in batches(keys):
        query = sa.select(schema.articles).where(schema.articles.c.key.in_(batch), schema.CURRENT)
        articles.update((row.key, Record.of(row).article) for row in connection.execute(query))
    return articles
