"""Remember sources of articles, what they brought, and who does what only one process does."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite autoincrements only INTEGER keys


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "sources",
        sa.Column("number", _KEY, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False, unique=True),
        sa.Column("title", sa.Text),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("interval_s", sa.Integer),
        sa.Column("said_interval_s", sa.Integer),
        sa.Column("keep_days", sa.Integer),
        sa.Column("keep_articles", sa.Integer),
        sa.Column("next_at", sa.DateTime, index=True),
        sa.Column("succeeded_at", sa.DateTime),
        sa.Column("error", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("removed", sa.Integer, nullable=False, server_default="0"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "entries",
        sa.Column("source", _KEY, sa.ForeignKey("sources.number"), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False, server_default="{}"),
        sa.Column("mark", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_entries_waiting", "entries", ["state", "next_at"])
    op.create_table(
        "brought",
        sa.Column("source", _KEY, sa.ForeignKey("sources.number"), primary_key=True, autoincrement=False),
        sa.Column("article_id", sa.String(16), primary_key=True, index=True),
        sa.Column("entry", sa.LargeBinary(16), nullable=False),
        sa.Column("brought_at", sa.DateTime, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("holder", sa.String(22), nullable=False),
        sa.Column("ends", sa.Float, nullable=False),
    )
