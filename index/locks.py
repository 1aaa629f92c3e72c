"""Locks between processes, each a file. The only file that names ``filelock``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LockHeld, Unwritable

PATIENT_S = 60.0
"""How long work that nobody waits for in front of a screen waits: as long as a writer waits for SQLite's lock."""


@contextmanager
def held(path: Path, timeout_s: float = PATIENT_S) -> Iterator[None]:
    """Hold the lock in the file ``path``; its folder is made if it is missing. The system drops a dead process's lock.

    :raises LockHeld: if another process holds it for longer than ``timeout_s``.
    :raises Unwritable: if the file cannot be made, as in a folder that may only be read.
    """
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=timeout_s)
    except Timeout:
        raise LockHeld(path, timeout_s) from None
    except OSError as error:
        raise Unwritable(path, error.strerror or str(error)) from error
    try:
        yield
    finally:
        lock.release()
