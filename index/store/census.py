"""A recount of the store, which reads every text and span again."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database, batches
from index.store.records import Record
from index.store.sentences import with_sentences

_KEY = schema.articles.c.key
_KEPT = sa.select(schema.articles, schema.CURRENT.label("is_current")).where(schema.KEPT)


@dataclass(frozen=True, slots=True)
class Census:
    """What a recount found: how many current articles and searched sentences, and the ids of damaged articles."""

    articles: int
    sentences: int
    broken: tuple[str, ...]

    @classmethod
    def take(cls, database: Database) -> Census:
        """Read every article and its sentences again, superseded ones too."""
        articles = sentences = 0
        broken = []
        with database.read() as connection:
            keys = connection.scalars(sa.select(_KEY).where(schema.KEPT).order_by(_KEY)).all()
            for batch in batches(keys):
                rows = connection.execute(_KEPT.where(_KEY.in_(batch)).order_by(_KEY)).all()
                kept = {row.key: Record.of(row).article for row in rows}
                for row, stored in zip(rows, with_sentences(connection, kept), strict=True):
                    if row.is_current:
                        articles += 1
                        sentences += len(stored.searched)
                    if stored.article.sha256 != row.sha256 or stored.article.id != row.id or not stored.is_sound:
                        broken.append(row.id)
        return cls(articles, sentences, tuple(broken))
