"""Keep what people say is wrong with an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite autoincrements only INTEGER keys


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "complaints",
        sa.Column("number", _KEY, primary_key=True),
        sa.Column("turn_id", sa.String(22), sa.ForeignKey("turns.id"), index=True),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("said_at", sa.DateTime, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
