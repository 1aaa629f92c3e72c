"""Vectors, kept as float16 under the model that made them and the digest of the text they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from index.errors import VectorsMissing
from index.store import changes, schema
from index.store.database import Database, batches
from index.store.ids import Ids, sentence_id

_SENTENCES, _VECTORS = schema.sentences.c, schema.vectors.c


class Vectors:
    """The vectors of sentences; a text that occurs in several articles has one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def missing(self, model: str, digests: Iterable[bytes]) -> set[bytes]:
        """Return those of ``digests`` that have no vector of ``model`` here."""
        lacking = set(digests)
        with self._database.read() as connection:
            for batch in batches(sorted(lacking)):
                query = sa.select(_VECTORS.digest).where(_VECTORS.model == model, _VECTORS.digest.in_(batch))
                lacking.difference_update(connection.scalars(query))
        return lacking

    def add(self, model: str, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Keep the vector of each digest, as float16; one that is already there stays.

        What is already searched by words alone, for want of these vectors, is noted as changed: engines take it in.
        """
        rows = [
            {"model": model, "digest": key, "vector": vector.astype("<f2").tobytes()} for key, vector in vectors.items()
        ]
        if rows:
            with self._database.write() as connection:
                insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
                connection.execute(insert(schema.vectors).on_conflict_do_nothing(), rows)
                if keys := _holding(connection, vectors):
                    changes.note(connection, keys)

    def prune(self, model: str) -> int:
        """Delete the vectors that no search uses, and those of models other than ``model``; return how many."""
        is_used = sa.exists().where(_SENTENCES.digest == _VECTORS.digest, ~_SENTENCES.is_furniture)
        with self._database.write() as connection:
            return connection.execute(schema.vectors.delete().where((_VECTORS.model != model) | ~is_used)).rowcount

    def of_digests(self, model: str, digests: Sequence[bytes], dim: int) -> NDArray[np.float16]:
        """Return the vectors of ``model``, float16 (len(digests), dim); every text must have one."""
        found: dict[bytes, bytes] = {}
        with self._database.read() as connection:
            for batch in batches(sorted(set(digests))):
                query = sa.select(schema.vectors).where(_VECTORS.model == model, _VECTORS.digest.in_(batch))
                found.update((row.digest, row.vector) for row in connection.execute(query))
        return np.frombuffer(b"".join(found[key] for key in digests), dtype="<f2").reshape(len(digests), dim)

    def of_articles(self, model: str, keys: Sequence[int], dim: int) -> tuple[Ids, NDArray[np.float16]]:
        """Return sentence ids (n,) and vectors, float16 (n, dim), of those of the articles ``keys`` that are current.

        Furniture has neither, and a sentence that has no vector of ``model`` yet is left out.

        :raises VectorsMissing: if a vector has a different length.
        """
        ids: list[int] = []
        blobs: list[bytes] = []
        for batch in batches(keys):
            query = _with_vectors(model, _SENTENCES.article_key, _SENTENCES.ordinal, _VECTORS.vector)
            with self._database.read() as connection:
                for key, ordinal, vector in connection.execute(query.where(_SENTENCES.article_key.in_(batch))):
                    if vector is None:
                        continue
                    if len(vector) != 2 * dim:
                        raise VectorsMissing(model)
                    ids.append(sentence_id(key, ordinal))
                    blobs.append(vector)
        return np.array(ids, dtype=np.int64), np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(ids), dim)

    def count(self, model: str) -> int:
        """Return how many searched sentences of current articles have a vector of ``model``."""
        query = _with_vectors(model, _SENTENCES.ordinal).where(_VECTORS.digest.is_not(None))
        with self._database.read() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0

    def unembedded_keys(self, model: str) -> list[int]:
        """Return the keys of the current articles that have a searched sentence without a vector of ``model``."""
        query = _with_vectors(model, _SENTENCES.article_key).where(_VECTORS.digest.is_(None)).distinct()
        with self._database.read() as connection:
            return sorted(connection.scalars(query))


def _holding(connection: sa.Connection, digests: Iterable[bytes]) -> list[int]:
    """Return the keys of the current articles in which one of these texts is searched."""
    found: set[int] = set()
    for batch in batches(sorted(digests)):
        query = sa.select(_SENTENCES.article_key).join(schema.articles, schema.articles.c.key == _SENTENCES.article_key)
        is_searched = _SENTENCES.digest.in_(batch) & ~_SENTENCES.is_furniture & schema.CURRENT
        found.update(connection.scalars(query.where(is_searched)))
    return sorted(found)


def lack(connection: sa.Connection, model: str, keys: Sequence[int]) -> bool:
    """Whether a searched sentence of one of these articles, if they are current, has no vector of ``model`` here."""
    query = _with_vectors(model, _SENTENCES.ordinal).where(_VECTORS.digest.is_(None)).limit(1)
    return any(
        connection.execute(query.where(_SENTENCES.article_key.in_(batch))).first() is not None
        for batch in batches(keys)
    )


def _with_vectors(model: str, *columns: sa.ColumnElement[object]) -> sa.Select[*tuple[Any, ...]]:
    """Return a query for the searched sentences of current articles, each with its vector of ``model``, if any."""
    has_one = (_VECTORS.model == model) & (_VECTORS.digest == _SENTENCES.digest)
    return (
        sa.select(*columns)
        .select_from(schema.sentences)
        .join(schema.articles, (schema.articles.c.key == _SENTENCES.article_key) & schema.CURRENT)
        .outerjoin(schema.vectors, has_one)
        .where(~_SENTENCES.is_furniture)
    )
