"""What filters mean in SQL: one place for lists, counts and searches."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from index.articles import Filters
from index.store import schema

_ARTICLES, _INSIDE, _BROUGHT = schema.articles.c, schema.collection_articles.c, schema.brought.c


def passing(filters: Filters, keys: Sequence[int] | None = None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a current article that passes the filters and, where keys are given, has one of them."""
    conditions: list[sa.ColumnElement[bool]] = [schema.CURRENT]
    if filters.published_from:
        conditions.append(_ARTICLES.published >= filters.published_from)
    if filters.published_to:
        conditions.append(_ARTICLES.published <= filters.published_to)
    if filters.publishers:
        conditions.append(_ARTICLES.publisher.in_(filters.publishers))
    if filters.article_ids:
        conditions.append(_ARTICLES.id.in_(filters.article_ids))
    if filters.collections:
        inside = sa.select(_INSIDE.article_key).where(_INSIDE.collection_id.in_(filters.collections))
        conditions.append(_ARTICLES.key.in_(inside))
    if filters.sources:
        brought = sa.select(_BROUGHT.article_id).where(_BROUGHT.source.in_(filters.sources))
        conditions.append(_ARTICLES.id.in_(brought))
    if keys is not None:
        conditions.append(among(keys))
    return conditions


def among(keys: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition of an article with one of the keys, written out, as a statement takes few parameters."""
    written: sa.BindParameter[int] = sa.bindparam(
        "keys", [int(key) for key in keys], expanding=True, literal_execute=True
    )
    return _ARTICLES.key.in_(written)
