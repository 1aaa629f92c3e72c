"""Runs jobs now and then, in one process of several: the one that holds the lease."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import structlog

from index.errors import NewsquoteError
from index.store.conversations import new_id
from index.store.leases import Leases

LEASE = "keeper"
LEASE_S = 30.0
"""How long nothing is done after the process that did it was killed."""
_RENEWALS = 3
"""In the time of one lease, so that a slow one costs nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work done every ``every_s`` seconds, while nobody else does it.

    ``run`` looks at ``Keeper.goes_on`` between two steps, if it takes long. It may be killed at any moment, and begun
    again in another process.
    """

    name: str
    every_s: float
    run: Callable[[], None]


class Keeper:
    """Runs the jobs in a thread of its own, one after the other. One that fails is logged, and run again later."""

    def __init__(self, leases: Leases, lease_s: float = LEASE_S) -> None:
        self._leases, self._lease_s = leases, lease_s
        self._holder = new_id()
        self._is_over = Event()
        self._held_until = 0.0
        self._due: dict[str, float] = {}

    def goes_on(self) -> bool:
        """Whether this process is still the one that does it, and is not stopping."""
        return not self._is_over.is_set() and time.monotonic() < self._held_until

    @contextmanager
    def working(self, jobs: Sequence[Job], stop: Callable[[], None], patience_s: float) -> Iterator[None]:
        """Run the jobs meanwhile.

        At the end, ``stop`` breaks off what waits for others, and the work is given ``patience_s`` to come to an end:
        what it leaves undone then is done by whoever is next, as after a kill.
        """
        threads = [Thread(target=self._work, args=(jobs,), name="keeper", daemon=True)]
        threads += [Thread(target=self._renew, name="keeper's lease", daemon=True)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            stop()
            ends = time.monotonic() + patience_s
            for thread in threads:
                thread.join(max(0.0, ends - time.monotonic()))
            if not any(thread.is_alive() for thread in threads):
                self._give_back()

    def _renew(self) -> None:
        """Hold the lease, or try to, until the end: in a thread of its own, as a job may take longer than a lease."""
        said = ""
        while not self._is_over.is_set():
            now = time.monotonic()
            try:
                if self._leases.take(LEASE, self._holder, self._lease_s):
                    self._held_until = now + self._lease_s
                said = ""
            except NewsquoteError as error:  # on a disk that may only be read, for ever: it is said once
                if str(error) != said:
                    said = str(error)
                    structlog.get_logger().error("lease", detail=said)
            self._is_over.wait(self._lease_s / _RENEWALS)

    def _give_back(self) -> None:
        try:
            self._leases.give_back(LEASE, self._holder)
        except NewsquoteError as error:
            structlog.get_logger().error("lease", detail=str(error))

    def _work(self, jobs: Sequence[Job]) -> None:
        shortest_s = min((job.every_s for job in jobs), default=self._lease_s)
        while not self._is_over.wait(min(shortest_s, self._lease_s / _RENEWALS) / 2):
            for job in jobs:
                if self.goes_on() and time.monotonic() >= self._due.get(job.name, 0.0):
                    self._run(job)
                    self._due[job.name] = time.monotonic() + job.every_s

    @staticmethod
    def _run(job: Job) -> None:
        try:
            job.run()
        except NewsquoteError as error:
            structlog.get_logger().error("job failed", job=job.name, detail=str(error))
        except Exception as error:
            structlog.get_logger().error("job failed", job=job.name, exc_info=error)
