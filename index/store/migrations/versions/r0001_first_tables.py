"""The tables of the first versions, which had no migrations; in their databases, only the missing ones are created."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite autoincrements only INTEGER keys

_metadata = sa.MetaData()
_about = sa.Table(
    "about",
    _metadata,
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("identity", sa.String(32), nullable=False),
    sa.Column("is_seeded", sa.Boolean, nullable=False),
)
sa.Table(
    "articles",
    _metadata,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("id", sa.String(16), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("publisher", sa.Text, index=True),
    sa.Column("agency", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("url", sa.Text, index=True),
    sa.Column("published", sa.Date, index=True),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("superseded_by", sa.String(16), index=True),
    sqlite_autoincrement=True,
)
sa.Table(
    "sentences",
    _metadata,
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(16), nullable=False, index=True),
    sqlite_with_rowid=False,
)
sa.Table(
    "vectors",
    _metadata,
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
sa.Table(
    "changes",
    _metadata,
    sa.Column("seq", _KEY, primary_key=True),
    sa.Column("article_key", sa.BigInteger, nullable=False),
    sa.Column("token", sa.String(32), nullable=False),
    sqlite_autoincrement=True,
)
sa.Table(
    "conversations",
    _metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("visitor", sa.String(22), index=True),
    sa.Column("changed_at", sa.DateTime, nullable=False, index=True),
)
sa.Table(
    "turns",
    _metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(22), nullable=False, unique=True),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)


def upgrade() -> None:
    """Create the missing tables and indexes; some were added after the first of these versions."""
    connection = op.get_bind()
    _metadata.create_all(connection)
    for table in _metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if connection.execute(sa.select(_about)).first() is None:
        values = {"schema_version": 1, "identity": uuid4().hex, "is_seeded": False}
        connection.execute(_about.insert().values(values))
