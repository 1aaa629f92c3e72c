"""Call conversations by a name, and pin them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns: no conversation has a name so far, and none is pinned."""
    op.add_column("conversations", sa.Column("name", sa.String(100)))
    op.add_column("conversations", sa.Column("is_pinned", sa.Boolean, nullable=False, server_default=sa.false()))
