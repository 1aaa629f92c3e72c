"""Brings a database up to date: one process at a time, entirely or not at all, with a copy of the old one beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from index import locks
from index.errors import BadBackup, IndexMismatch, StoreUnavailable
from index.store.backup import copy
from index.store.database import sqlite_file
from index.store.migrations import HEAD

_UNVERSIONED = 1
"""``about.schema_version`` in all versions that had no migrations: revision 0001, or a little less."""
_ADVISORY_LOCK = 0x6E657773  # "news": what migrators of one PostgreSQL database wait for


def upgrade(engine: sa.Engine) -> None:
    """Run the revisions that the database has not seen, in one transaction.

    An SQLite file that is not empty is first copied beside itself, with ``.before-`` and the revision appended.

    :raises IndexMismatch: if a newer version of Newsquote made it; the message names both revisions.
    :raises StoreUnavailable: if it cannot be copied or changed.
    """
    try:
        with _alone(engine), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            _upgrade(connection)
    except (BadBackup, OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        name = engine.url.render_as_string()  # without its password
        raise StoreUnavailable(f"The database {name} cannot be brought up to date: {why}") from error


def _upgrade(connection: sa.Connection) -> None:
    scripts = ScriptDirectory(str(Path(__file__).parent))
    context = MigrationContext.configure(
        connection, opts={"fn": lambda revision, _: scripts._upgrade_revs(HEAD, revision)}
    )
    revision = context.get_current_revision()
    if revision == HEAD:  # another process was first
        return
    known = {script.revision for script in scripts.walk_revisions()}
    is_new = not sa.inspect(connection).has_table("about")
    if revision not in known and not is_new:
        _check_unversioned(connection, revision)
    if not is_new and (path := sqlite_file(connection.engine.url)):
        copy(path, path.with_name(f"{path.name}.before-{HEAD}"))
    if connection.dialect.name == "sqlite":  # rewritten content leaves nothing behind in the file
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    with Operations.context(context):
        context.run_migrations()


def _check_unversioned(connection: sa.Connection, revision: str | None) -> None:
    found = revision or str(connection.scalar(sa.text("SELECT schema_version FROM about")))
    if revision is not None or found != str(_UNVERSIONED):
        raise IndexMismatch(
            f"The database has schema {found}, but this version of Newsquote knows schemas only up to {HEAD}. "
            "Use the version that made it, or another NEWSQUOTE_DATA_DIR."
        )


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Wait until no other process is migrating this SQLite file; on PostgreSQL the transaction itself waits.

    :raises LockHeld: if that takes too long.
    """
    path = sqlite_file(engine.url)
    if path is None:
        yield
        return
    with locks.held(path.with_name(f"{path.name}.lock")):
        yield
