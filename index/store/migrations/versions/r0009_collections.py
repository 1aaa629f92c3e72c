"""Make room for collections, and list the current articles without reading their texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and the indexes."""
    op.create_table(
        "collections",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "collection_articles",
        sa.Column("collection_id", sa.String(22), sa.ForeignKey("collections.id"), primary_key=True),
        sa.Column("article_key", _KEY, sa.ForeignKey("articles.key"), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    superseded = sa.text("superseded_by IS NOT NULL")
    op.drop_index("ix_articles_superseded_by", "articles", if_exists=True)
    op.create_index(
        "ix_articles_superseded_by",
        "articles",
        ["superseded_by"],
        sqlite_where=superseded,
        postgresql_where=superseded,
    )
    current = sa.text("text IS NOT NULL AND superseded_by IS NULL")
    for name in ("published", "added_at"):
        op.create_index(
            f"ix_articles_current_{name}",
            "articles",
            [name, "key", "publisher"],
            sqlite_where=current,
            postgresql_where=current,
        )
