"""By when the work that a thread does must be done: long work checks now and then, and stops when it is too late."""

from __future__ import annotations

import time
from contextvars import ContextVar

from index.errors import TookTooLong

_deadline: ContextVar[tuple[float, float] | None] = ContextVar("deadline", default=None)


def start(seconds: float) -> None:
    """Give what this thread does from now on so many seconds, whatever it was given before."""
    _deadline.set((time.monotonic() + seconds, seconds))


def stop() -> None:
    """Let what this thread does from now on take as long as it takes."""
    _deadline.set(None)


def remaining(most: float) -> float:
    """Return the seconds that are left, ``most`` at most: for a call that cannot check on its own.

    :raises TookTooLong: if it is too late.
    """
    check()
    found = _deadline.get()
    return min(most, found[0] - time.monotonic()) if found else most


def check() -> None:
    """Do nothing while there is time, or where no deadline was set.

    :raises TookTooLong: if it is too late.
    """
    found = _deadline.get()
    if found and time.monotonic() >= found[0]:
        raise TookTooLong(found[1])
