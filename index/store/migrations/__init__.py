"""How the tables came to be what they are: one file per revision, frozen once written, and what runs them."""

from __future__ import annotations

HEAD = "0012"
"""The latest revision. It stands here so that opening a database that is up to date needs no alembic, which is slow."""
