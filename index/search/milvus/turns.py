"""One thread at a time asks a server what all have to know; the others wait for it, and share what it finds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from index.errors import EngineUnavailable, LockHeld


class Turns:
    """A lock within this process. A thread that has its turn may take another within it."""

    def __init__(self, name: str) -> None:
        self._name, self._lock = name, RLock()
        self._failed: tuple[type[EngineUnavailable], str] = EngineUnavailable, ""
        self._failed_at = 0.0

    @contextmanager
    def one(self, timeout_s: float) -> Iterator[None]:
        """Wait for one's turn.

        :raises LockHeld: if it does not come within ``timeout_s``.
        :raises EngineUnavailable: if the thread that was waited for found the server away: eight that ask a server that
            does not answer, one after the other, would wait eight times as long.
        """
        asked_at = time.monotonic()
        if not self._lock.acquire(timeout=timeout_s):
            raise LockHeld(self._name, timeout_s)
        try:
            if asked_at < self._failed_at:
                kind, why = self._failed
                raise kind(why)
            yield
        except EngineUnavailable as error:
            self._failed, self._failed_at = (type(error), str(error)), time.monotonic()
            raise
        finally:
            self._lock.release()
