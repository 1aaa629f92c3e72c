"""Watch questions, and find at once which changes an article has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite autoincrements only INTEGER keys


def upgrade() -> None:
    """Add the tables and the index."""
    op.create_index("ix_changes_article_key", "changes", ["article_key"])
    op.create_table(
        "watches",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("checked_at", sa.DateTime),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("seen_seq", sa.BigInteger, nullable=False),
        sa.Column("seen_token", sa.String(32), nullable=False),
        sa.Column("feed_key", sa.String(43), nullable=False, unique=True),
        sa.Column("webhook", sa.Text),
        sa.Column("secret", sa.String(60)),
    )
    op.create_table(
        "watch_entries",
        sa.Column("number", _KEY, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("watch_id", sa.String(22), sa.ForeignKey("watches.id"), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("is_quiet", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, index=True),
        sa.Column("posted_at", sa.DateTime),
        sa.Column("problem", sa.Text),
        sqlite_autoincrement=True,
    )
