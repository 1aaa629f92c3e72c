"""The tables of the store, and how a database is opened. Only this file and those over its tables name SQLAlchemy."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from index.errors import StoreUnavailable

VERSION = 1
_BUSY_TIMEOUT_MS = 60_000
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # only an INTEGER key counts up by itself in SQLite

metadata = sa.MetaData()
about = sa.Table(
    "about",
    metadata,
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("identity", sa.String(32), nullable=False),
    sa.Column("is_seeded", sa.Boolean, nullable=False),
)
articles = sa.Table(
    "articles",
    metadata,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("id", sa.String(16), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("text", sa.Text),  # null once removed: of a removed article only the fact remains
    sa.Column("title", sa.Text),
    sa.Column("publisher", sa.Text, index=True),
    sa.Column("agency", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("url", sa.Text, index=True),
    sa.Column("published", sa.Date, index=True),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("superseded_by", sa.String(16), index=True),
    sqlite_autoincrement=True,
)
sentences = sa.Table(
    "sentences",
    metadata,
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(16), nullable=False, index=True),  # of the text that is embedded for it
    sqlite_with_rowid=False,
)
vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float16, little-endian
    sqlite_with_rowid=False,
)
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", _KEY, primary_key=True),
    sa.Column("article_key", sa.BigInteger, nullable=False),
    sa.Column("token", sa.String(32), nullable=False),
    sqlite_autoincrement=True,
)
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("visitor", sa.String(22), index=True),  # null where it did not begin in a browser
    sa.Column("changed_at", sa.DateTime, nullable=False, index=True),
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(22), nullable=False, unique=True),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)


def open_engine(url: str) -> sa.Engine:
    """Return the engine for the SQLAlchemy ``url``; the folder of an SQLite file is made where it is missing.

    :raises StoreUnavailable: if the URL is none, its driver is not installed, or the database does not open.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreUnavailable("The database URL is none: expected one like sqlite:///data/newsquote.db") from None
    try:
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            _tune_sqlite(engine)
        engine.connect().close()
    except (OSError, ImportError, sa.exc.SQLAlchemyError) as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreUnavailable(f"The database {parsed.render_as_string()} cannot be opened: {why}") from error
    return engine


def _tune_sqlite(engine: sa.Engine) -> None:
    """Readers beside one writer, commits that survive a power cut, and transactions that begin where we say."""

    @sa.event.listens_for(engine, "connect")
    def connect(connection: object, _: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3 must not begin on its own
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
