"""What changes in a folder. The only file that names watchfiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch

TICK_MS = 1_000


def changes(folder: Path, is_over: Event) -> Iterator[bool]:
    """Yield whether something in or below the folder has changed: when it has, and once a second, until it is over.

    :raises OSError: if the folder cannot be watched.
    """
    for found in watch(
        folder, stop_event=is_over, rust_timeout=TICK_MS, yield_on_timeout=True, raise_interrupt=False, step=100
    ):
        yield bool(found)
