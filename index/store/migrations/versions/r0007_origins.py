"""Keep what articles were read from, and by what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # as that of articles


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "origins",
        sa.Column("article_key", _KEY, sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("extractor", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("encoding", sa.String(40)),
        sa.Column("is_guess", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("places", sa.Text, nullable=False, server_default="[]"),
    )
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
