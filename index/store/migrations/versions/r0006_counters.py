"""Count what clients do, so that none does too much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False, index=True),
    )
