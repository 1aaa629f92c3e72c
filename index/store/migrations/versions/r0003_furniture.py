"""Room for which sentences are furniture, and for which version of the rules said so: none so far.

The marks are not made here. They follow from the text by rules that may change again, so an archive is marked by
``Ingester.mark_furniture``, now as after any change of the rules.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("articles", sa.Column("furniture_rules", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sentences", sa.Column("is_furniture", sa.Boolean, nullable=False, server_default=sa.false()))
