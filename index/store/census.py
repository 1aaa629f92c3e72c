"""A recount of the store, which reads every text and span again."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from index.store import schema
from index.store.database import Database, batches
from index.store.records import Record
from index.store.sentences import with_sentences


@dataclass(frozen=True, slots=True)
class Census:
    """What a recount found: how many current articles, their sentences, and the ids of damaged articles."""

    articles: int
    sentence_ids: frozenset[int]
    broken: tuple[str, ...]

    @classmethod
    def take(cls, database: Database) -> Census:
        """Read every article and its sentences again, superseded ones too."""
        kept = sa.select(schema.articles, schema.CURRENT.label("is_current")).where(schema.KEPT)
        ids: set[int] = set()
        broken = []
        with database.read() as connection:
            rows = connection.execute(kept.order_by(schema.articles.c.key)).all()
            for batch in batches(rows):
                articles = {row.key: Record.of(row).article for row in batch}
                for row, stored in zip(batch, with_sentences(connection, articles), strict=True):
                    if row.is_current:
                        ids.update(stored.sentence_ids)
                    if stored.article.sha256 != row.sha256 or stored.article.id != row.id or not stored.is_sound:
                        broken.append(row.id)
        return cls(sum(row.is_current for row in rows), frozenset(ids), tuple(broken))
