"""Backups of an SQLite database, made and put back while other processes read and write it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from index import locks
from index.errors import BadBackup, LockHeld
from index.store.database import Database, sqlite_file
from index.store.migrations import HEAD

_COUNTED = ("articles", "sentences", "conversations")
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database, by the ends of their names."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows a database has, by table, and the revision of its tables; None before there were revisions."""

    rows: dict[str, int]
    revision: str | None

    def __str__(self) -> str:
        """The rows, as people say it."""
        return ", ".join(f"{count:,} {table}" for table, count in self.rows.items())


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where the database that it replaced is kept, if there was one."""

    contents: Contents
    kept: Path | None


def back_up(url: str, target: Path, *, overwrite: bool = False) -> Contents:
    """Copy the database at the SQLAlchemy ``url`` to the file ``target``, as it is at one moment; nobody has to wait.

    The file gets its name when it is complete, on disk and checked.

    :raises BadBackup: if the database is no SQLite file, ``target`` is there already, or either cannot be used.
    """
    path = _file(url)
    if target.exists() and (not overwrite or target.samefile(path)):
        raise BadBackup(f"{target} already exists. Choose another name, or add --overwrite.")
    with _fresh(target) as fresh:
        expected, found = _copied(path, fresh), contents(fresh)
        if found != expected:
            raise BadBackup(f"The copy holds {found} instead of {expected}. The disk may be failing.")
        _put(fresh, target)
    return found


def restore(url: str, source: Path) -> Restored:
    """Put the backup ``source`` in the place of the database at the SQLAlchemy ``url``, and keep that one beside it.

    Processes that have the database open go on with what is in it then; what they were writing is either in the
    database that is kept, or refused. A backup of an earlier version is brought up to date.

    :raises BadBackup: if ``source`` is no backup, is damaged, or was made by a newer version of Newsquote.
    :raises LockHeld: if another process writes all the time.
    """
    path = _file(url, is_needed=False)
    if path.exists() and source.exists() and source.samefile(path):
        raise BadBackup(f"{source} is the database itself.")
    with locks.held(path.with_name(f"{path.name}.lock")), _fresh(path) as fresh:
        _copied(source, fresh)
        _check_revision(source, contents(fresh))
        _bring_up_to_date(fresh)
        found = contents(fresh)
        return Restored(found, _replace(path, fresh))


def contents(path: Path) -> Contents:
    """Read the whole file, and return what it holds.

    :raises BadBackup: if it is no database of Newsquote's, or SQLite finds it damaged.
    """
    with _opened(path) as connection:
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if faults != ["ok"]:
            raise BadBackup(f"{path} is damaged: {faults[0].splitlines()[-1]}")
        return _contents(path, connection)


def copy(path: Path, target: Path) -> None:
    """Copy the database while others may read and write it; the copy gets its name only once it is complete."""
    with _fresh(target) as fresh:
        with _opened(path) as source:
            _copy_pages(source, fresh)
        _put(fresh, target)


def _file(url: str, *, is_needed: bool = True) -> Path:
    path = sqlite_file(sa.make_url(url))
    if path is None:
        raise BadBackup(
            "Only SQLite databases are backed up and restored here. For PostgreSQL use its own tools: "
            "`pg_dump --format=custom` and `pg_restore --clean --if-exists` (docs/operations.md)."
        )
    if is_needed and not path.exists():
        raise BadBackup(f"There is no database at {path}.")
    return path


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """Make an empty file beside ``target`` that only its owner may read, as it will hold what people asked.

    None is left behind.
    """
    path = target.with_name(f".{target.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        yield path
    except OSError as error:
        raise BadBackup(f"{error.filename or path} cannot be written: {error.strerror}") from error
    except sqlite3.OperationalError as error:
        raise BadBackup(f"{target} cannot be written: {error}") from error
    finally:
        for end in ("", ".lock", f".before-{HEAD}", "-journal", *_BESIDE):
            with suppress(OSError):
                path.with_name(path.name + end).unlink()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database only to read it.

    :raises BadBackup: if that fails, now or later.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BadBackup(f"{path} cannot be read: {error}") from error


def _copied(path: Path, fresh: Path) -> Contents:
    """Copy the database into an empty file, and return what the copy should hold."""
    with _opened(path) as source:
        source.execute("BEGIN")  # what is counted is what is copied
        expected = _contents(path, source)
        _copy_pages(source, fresh)
    return expected


def _copy_pages(source: sqlite3.Connection, fresh: Path) -> None:
    with closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, that can be carried about


def _contents(path: Path, connection: sqlite3.Connection) -> Contents:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"about", "articles", "changes"} <= tables:
        raise BadBackup(f"{path} is not a Newsquote database.")
    there = [name for name in _COUNTED if name in tables]
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in there}  # noqa: S608
    revision = None
    if "alembic_version" in tables:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return Contents(counts, revision)


def _check_revision(source: Path, found: Contents) -> None:
    if found.revision is not None and found.revision > HEAD:
        raise BadBackup(
            f"{source} was made by a newer version of Newsquote: it has schema {found.revision}, "
            f"and this version knows only those up to {HEAD}."
        )


def _bring_up_to_date(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _put(fresh: Path, target: Path) -> None:
    """Flush the file to disk, and give it its name."""
    for path in (fresh, fresh.parent):
        flushed = os.open(path, os.O_RDONLY)
        os.fsync(flushed)
        os.close(flushed)
    fresh.replace(target)


def _replace(path: Path, fresh: Path) -> Path | None:
    """Put the database ``fresh`` in the place of the one at ``path``, and return where that is kept."""
    if not path.exists():
        _put(fresh, path)
        return None
    aside = path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    if _is_database(path):
        _write_into(path, fresh, aside)
        return aside
    for end in ("", *_BESIDE):
        if (moved := path.with_name(path.name + end)).exists():
            moved.rename(aside.with_name(aside.name + end))
    _put(fresh, path)
    return aside


def _is_database(path: Path) -> bool:
    """Whether SQLite can open the file; if not, nobody can be using it."""
    try:
        with closing(sqlite3.connect(path, timeout=locks.PATIENT_S)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
    return True


def _write_into(path: Path, fresh: Path, aside: Path) -> None:
    """Write all pages of ``fresh`` into the open database, in one transaction, after copying that one ``aside``.

    Renaming would do harm: processes that have it open would go on with the old file, and its log would be taken for
    the new one's.
    """

    def keep(status: int, _remaining: int, _total: int) -> None:
        if status == sqlite3.SQLITE_BUSY:
            raise LockHeld(path, locks.PATIENT_S)
        if not aside.exists():  # after the first page: nobody else can write until the last
            copy(path, aside)

    with closing(sqlite3.connect(fresh)) as source, closing(sqlite3.connect(path, timeout=locks.PATIENT_S)) as live:
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("PRAGMA synchronous=FULL")
        source.backup(live, pages=1, progress=keep)
