"""Which sentences are furniture: marked when an article is taken in, and again when the rules have changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from index.articles import Sentence
from index.store import changes, schema
from index.store.database import Database
from index.store.records import Record
from index.store.sentences import StoredArticle, with_sentences

_ARTICLES, _SENTENCES = schema.articles.c, schema.sentences.c


@dataclass(frozen=True, slots=True)
class Judged:
    """An article and its sentences as they are marked now."""

    stored: StoredArticle
    sentences: Sequence[Sentence]

    @property
    def differing(self) -> list[Sentence]:
        """The sentences that were marked otherwise."""
        pairs = zip(self.stored.sentences, self.sentences, strict=True)
        return [now for before, now in pairs if before.is_furniture != now.is_furniture]


class Furniture:
    """The marks of the articles, current and superseded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outdated(self, rules: int, most: int) -> list[StoredArticle]:
        """Return at most so many articles that were marked by rules older than ``rules``, or by none."""
        query = sa.select(schema.articles).where(schema.KEPT, _ARTICLES.furniture_rules < rules)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_ARTICLES.key).limit(most)).all()
            return with_sentences(connection, {row.key: Record.of(row).article for row in rows})

    def mark(self, judged: Iterable[Judged], rules: int) -> None:
        """Keep the marks, and that ``rules`` made them; one transaction, after which engines take in what changed."""
        with self._database.write() as connection:
            changed = []
            for one in judged:
                key = one.stored.key
                mine = schema.articles.update().where(_ARTICLES.key == key, _ARTICLES.furniture_rules < rules)
                if not connection.execute(mine.values(furniture_rules=rules)).rowcount:
                    continue  # another process was first
                for sentence in one.differing:
                    place = (_SENTENCES.article_key == key) & (_SENTENCES.ordinal == sentence.ordinal)
                    values = {"is_furniture": sentence.is_furniture}
                    connection.execute(schema.sentences.update().where(place).values(values))
                if one.differing:
                    changed.append(key)
            if changed:
                changes.note(connection, changed)
