"""Keep where an article's prose begins, and keep turns by what they refer to, without the words they quote."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from alembic import op

from index.store.migrations.kept_turns import Past, Source, converted

revision = "0002"
down_revision = "0001"

_BATCH = 400
_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)")
_SOURCE = re.compile(r"\s*\(([^\s()\-–—][^()\-–—\n]{0,39}?)[ \t]*[-–—][ \t]+(?![a-z])([^()\n]{1,80}?)[ \t]*\)")

_about = sa.table("about", sa.column("schema_version"))
_articles = sa.table(
    "articles",
    sa.column("key", sa.Integer),
    sa.column("id", sa.String),
    sa.column("text", sa.Text),
    sa.column("title", sa.Text),
    sa.column("body_start", sa.Integer),
)
_turns = sa.table(
    "turns",
    sa.column("conversation_id", sa.String),
    sa.column("number", sa.Integer),
    sa.column("document", sa.Text),
)


def upgrade() -> None:
    """Add the column and fill it, rewrite the turns, and shut out versions from before there were revisions."""
    op.add_column("articles", sa.Column("body_start", sa.Integer, nullable=False, server_default="0"))
    connection = op.get_bind()
    _fill_body_start(connection)
    _rewrite_turns(connection)
    connection.execute(_about.update().values(schema_version=2))  # those accept only 1


def _fill_body_start(connection: sa.Connection) -> None:
    last = 0
    one = _articles.update().where(_articles.c.key == sa.bindparam("of"))
    query = sa.select(_articles.c.key, _articles.c.text).where(_articles.c.text.is_not(None))
    while rows := connection.execute(query.where(_articles.c.key > last).order_by(_articles.c.key).limit(_BATCH)).all():
        last = rows[-1].key
        if starts := [{"of": key, "start": start} for key, text in rows if (start := _body_start(text))]:
            connection.execute(one.values(body_start=sa.bindparam("start")), starts)


def _body_start(text: str) -> int:
    """Return where the prose begins: after the dateline that the text opens with, or 0."""
    end = 0
    if found := _DATE.match(text):
        try:
            date.fromisoformat(found[1])
        except ValueError:
            return 0
        end = found.end()
    source = _SOURCE.match(text, end)
    return source.end() if source else end


def _rewrite_turns(connection: sa.Connection) -> None:
    @lru_cache(maxsize=1_000)
    def source(article_id: str) -> Source:
        query = sa.select(_articles.c.text, _articles.c.title).where(_articles.c.id == article_id)
        row = connection.execute(query).one_or_none()
        return Source(row.text or "", row.title or "") if row else Source("", "")

    ids = sa.select(_turns.c.conversation_id).distinct().order_by(_turns.c.conversation_id)
    for conversation_id in connection.scalars(ids).all():
        mine = _turns.c.conversation_id == conversation_id
        past: list[Past] = []
        rows = connection.execute(sa.select(_turns.c.number, _turns.c.document).where(mine).order_by(_turns.c.number))
        for number, document in rows.all():
            kept, turn = converted(document, number, past, source)
            past.append(turn)
            connection.execute(_turns.update().where(mine, _turns.c.number == number).values(document=kept))
