"""Make room for signatures, by which near-identical articles are grouped.

They are made later, beside the questions: they are derived from the text, as marks of furniture are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("articles", sa.Column("copy_rules", sa.Integer, nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("report", sa.BigInteger))
    reported = sa.text("report IS NOT NULL")
    op.create_index("ix_articles_report", "articles", ["report"], sqlite_where=reported, postgresql_where=reported)
    op.create_table(
        "signatures",
        sa.Column("article_key", _KEY, sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "buckets",
        sa.Column("bucket", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("article_key", _KEY, sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
