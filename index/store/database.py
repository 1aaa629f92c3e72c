"""The database: how it is opened, read and written, and how it differs from any other."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store import schema
from index.store.migrations import HEAD

_BUSY_TIMEOUT_MS = 60_000
_BATCH = 400  # items in one statement: SQLite's oldest limit is 999 bound parameters, and a sentence's place takes two

T = TypeVar("T")
Row = sa.Row[tuple[object, ...]]


class Database:
    """Connections to read and to write; safe to use from several threads and several processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        _explain_failures(engine)

    @classmethod
    def open(cls, url: str) -> Database:
        """Open the database at the SQLAlchemy ``url``; an older one, or one without tables, is brought up to date.

        :raises StoreUnavailable: if it cannot be opened or brought up to date.
        :raises IndexMismatch: if a newer version of Newsquote made it.
        """
        engine = _engine(url)
        try:
            if _revision(engine) != HEAD:
                from index.store.migrations.upgrade import upgrade  # noqa: PLC0415  # alembic takes its time

                upgrade(engine)
            return cls(engine)
        except BaseException:
            engine.dispose()
            raise

    def read(self) -> sa.Connection:
        """Return a connection that only reads."""
        return self._engine.connect().execution_options(reads_only=True)

    def write(self) -> AbstractContextManager[sa.Connection]:
        """Begin a transaction that holds SQLite's one write lock from the start, so it cannot fail half-way."""
        return self._engine.begin()

    def unbound(self) -> sa.Connection:
        """Return a connection whose statements are no transaction, for what outlives each of them."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @property
    def path(self) -> Path | None:
        """Where the database is, if it is an SQLite file."""
        return sqlite_file(self._engine.url)

    @property
    def is_postgresql(self) -> bool:
        """Whether it is PostgreSQL, which processes on several machines can share."""
        return self._engine.dialect.name == "postgresql"

    def faults(self) -> list[str] | None:
        """Return what SQLite finds wrong with its file, a hundred things at most; None if it is another database.

        PostgreSQL has no such question that is cheap: its own checksums are verified as pages are read.
        """
        if self._engine.dialect.name != "sqlite":
            return None
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [] if found == ["ok"] else [line for one in found for line in one.splitlines()]

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _only_reading(url: sa.URL) -> dict[str, Callable[[], sqlite3.Connection]]:
    """Return how an SQLite file is opened in a folder that may only be read; nothing if that is not so.

    SQLite would make its log and index there. If nobody has left a log, the file itself holds everything.

    :raises StoreUnavailable: if there is a log that nobody has open, so that SQLite would have to take it in.
    """
    path = sqlite_file(url)
    if path is None or not path.exists() or os.access(path.parent, os.W_OK):
        return {}
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    has_log = log.exists() and log.stat().st_size > 0
    if has_log and not index.exists():
        raise StoreUnavailable(
            f"The database {path} cannot be opened: its folder is read-only, and {log.name} was left there by a "
            "process that was killed. Open it once with write access, or copy the folder."
        )
    address = f"{path.resolve().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
    return {"creator": lambda: sqlite3.connect(address, uri=True, check_same_thread=False)}


def _explain_failures(engine: sa.Engine) -> None:
    """Let a database that is full, locked, damaged or gone be one error of ours, whatever was being done."""

    @sa.event.listens_for(engine, "handle_error")
    def explain(context: sa.engine.ExceptionContext) -> StoreUnavailable | None:
        error = context.sqlalchemy_exception
        if context.is_pre_ping or not (
            isinstance(error, sa.exc.OperationalError) or type(error) is sa.exc.DatabaseError
        ):
            return None
        why = str(context.original_exception).splitlines()[0]
        name = engine.url.render_as_string()  # without its password
        return StoreUnavailable(f"The database {name} cannot be used: {why}")


def identity(connection: sa.Connection) -> str:
    """Return what tells this database from any other, so that nothing derived from another is taken for its own."""
    found: str = connection.execute(sa.select(schema.about.c.identity)).scalar_one()
    return found


def sqlite_file(url: sa.URL) -> Path | None:
    """Return the path of the database, if it is an SQLite file."""
    name = url.database
    is_file = url.get_backend_name() == "sqlite" and name and name != ":memory:" and not name.startswith("file:")
    return Path(name) if is_file and name else None


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the items in batches that one statement can take."""
    for first in range(0, len(items), _BATCH):
        yield items[first : first + _BATCH]


def _revision(engine: sa.Engine) -> str | None:
    """Return the revision of the tables; None if there are none, or they predate revisions."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def _engine(url: str) -> sa.Engine:
    """Return the engine for the SQLAlchemy ``url``; the folder of an SQLite file is created if it is missing.

    :raises StoreUnavailable: if the URL is invalid, its driver is not installed, or the database cannot be opened.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreUnavailable("The database URL is invalid: expected one like sqlite:///data/newsquote.db") from None
    try:
        if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
            _keep_private(Path(parsed.database))
        engine = sa.create_engine(parsed, pool_pre_ping=True, **_only_reading(parsed))
        if engine.dialect.name == "sqlite":
            _tune_sqlite(engine)
        engine.connect().close()
    except (OSError, ImportError, sa.exc.SQLAlchemyError) as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreUnavailable(f"The database {parsed.render_as_string()} cannot be opened: {why}") from error
    return engine


def _keep_private(path: Path) -> None:
    """Make the file and its folder, if they are not there, for this user alone: it holds what people asked.

    Files that SQLite writes beside it get its mode. One that an earlier version left open to everybody is closed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        with suppress(OSError):  # there is none, or it is somebody else's
            if (mode := stat.S_IMODE(file.stat().st_mode)) & stat.S_IRWXO:
                file.chmod(mode & ~stat.S_IRWXO)


def _decoded(content: bytes) -> str:
    """Return the text; a byte that was damaged costs its row, which is then found changed, and not every query."""
    return content.decode("utf-8", "replace")


def _number(engine: sa.Engine) -> int | None:
    """Return the number of the file that the database's name leads to now; None for one in memory."""
    path = sqlite_file(engine.url)
    try:
        return path.stat().st_ino if path else None
    except OSError:
        return None


def _tune_sqlite(engine: sa.Engine) -> None:
    """Allow readers beside one writer, make commits survive a power cut, and begin transactions explicitly."""

    @sa.event.listens_for(engine, "connect")
    def connect(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3 must not begin on its own
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.text_factory = _decoded  # type: ignore[attr-defined]

    @sa.event.listens_for(engine, "checkout")
    def checkout(_: object, record: sa.pool.ConnectionPoolEntry, __: object) -> None:
        """Let go of a file that another was put in the place of."""
        if record.info.setdefault("file", _number(engine)) != _number(engine):
            raise sa.exc.DisconnectionError("Another database was put in the place of this one.")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
