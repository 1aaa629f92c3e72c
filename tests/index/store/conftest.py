"""A store in a real database, and how it goes about what it is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.articles import Article
from index.store.articles import Outcome, Prepared
from index.store.sentences import IndexedSentence
from index.store.store import Store
from index.text import sentences


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'inner' / 'news.db'}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(url_in(tmp_path))
    yield opened
    opened.close()


def add(store: Store, article: Article) -> Outcome:
    return store.articles.add([prepared(article)])[0]


def prepared(article: Article) -> Prepared:
    """Return the article with its sentences."""
    return Prepared(article, [IndexedSentence(s, s.text) for s in sentences.prose(article)])


def explained(ask: Callable[[], object]) -> list[str]:
    """Return how SQLite goes about what is asked."""
    plans: list[str] = []

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def explain(_: object, cursor: sqlite3.Cursor, statement: str, parameters: tuple[object, ...], *__: object) -> None:
        rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        plans.extend(str(row[3]) for row in rows)

    try:
        assert ask()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", explain)
    return plans


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are run meanwhile."""
    statements: list[str] = []

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
