"""Turns at a host: one request at a time, whatever thread it comes from, and a pause after each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from index.errors import Unfetchable

_MOST_HOSTS = 1_000
"""Hosts that are remembered: when there are more, those that nobody waits for any longer are forgotten."""


@dataclass(slots=True)
class _Host:
    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0
    users: int = 0


class Turns:
    """Gives out turns; ``wait`` waits so many seconds, and returns whether there is any point in going on."""

    def __init__(self, patience_s: float, wait: Callable[[float], bool]) -> None:
        self._patience_s, self._wait = patience_s, wait
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def at(self, name: str, pause_s: float) -> Iterator[None]:
        """Hold the turn at a host, and leave it alone for a while afterwards.

        :raises Unfetchable: if others have it for too long, or everything is to end.
        """
        host = self._entered(name)
        try:
            if not host.lock.acquire(timeout=self._patience_s):
                why = f"other requests to this host took longer than {self._patience_s:g} seconds"
                raise Unfetchable(name, why, may_pass=True)
            try:
                if not self._wait(max(0.0, host.free_at - time.monotonic())):
                    raise Unfetchable(name, "this server is stopping", may_pass=True)
                yield
            finally:
                host.free_at = time.monotonic() + pause_s
                host.lock.release()
        finally:
            self._left(host)

    def _entered(self, name: str) -> _Host:
        with self._lock:
            if len(self._hosts) >= _MOST_HOSTS:
                now = time.monotonic()
                self._hosts = {key: one for key, one in self._hosts.items() if one.users or one.free_at > now}
            host = self._hosts.setdefault(name, _Host())
            host.users += 1
            return host

    def _left(self, host: _Host) -> None:
        with self._lock:
            host.users -= 1
