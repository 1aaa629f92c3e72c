"""Several processes that serve on one socket, as Python computes on one core at a time for much of an answer.

They are forked from a process that has loaded the models and has computed nothing with them: threads, which would begin
then, are not forked. So all share one copy of the models. A process that ends is replaced; when the parent ends, they
do, even if it was killed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from threading import Thread

import structlog

from index.errors import NewsquoteError
from service.visible import visible

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
_HEALTHY_S = 5.0
"""A process that ended sooner, by itself, could not begin its work; another one could not either."""


class Workers:
    """Runs ``work`` in ``count`` processes, each with its number, until a signal ends them."""

    def __init__(self, count: int, work: Callable[[int], None]) -> None:
        self._count, self._work = count, work
        self._running: dict[int, tuple[int, float]] = {}
        self._is_over = False
        self._failed = False

    def run(self) -> bool:
        """Return once all have ended: whether that is because they were told to."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._alive, self._ours = os.pipe()
        for number in range(self._count):
            self._start(number)
        while self._running:
            if signal.sigwait(_SIGNALS) == signal.SIGCHLD:
                self._reap()
            else:
                self._stop()
        return not self._failed

    def _start(self, number: int) -> None:
        def work() -> int:
            os.close(self._ours)
            return _worked(self._work, number, self._alive)

        self._running[_forked(work)] = (number, time.monotonic())

    def _reap(self) -> None:
        """Replace those that have ended, unless they were told to, or could not begin."""
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            number, started = self._running.pop(pid)
            if self._is_over:
                continue
            code = os.waitstatus_to_exitcode(status)
            structlog.get_logger().error("worker ended", number=number, code=code)
            if code >= 0 and time.monotonic() - started < _HEALTHY_S:  # below 0, a signal killed it
                self._failed = True
                self._stop()
            else:
                self._start(number)

    def _stop(self) -> None:
        self._is_over = True
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)


def apart(work: Callable[[], None]) -> bool:
    """Do the work in a process of its own, and return whether it was done."""
    _, status = os.waitpid(_forked(lambda: _ended(work)), 0)
    return os.waitstatus_to_exitcode(status) == 0


def _forked(work: Callable[[], int]) -> int:
    """Begin a process that does the work and ends with the status that it returns; return the process's id."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        os._exit(work())
    return pid


def _worked(work: Callable[[int], None], number: int, alive: int) -> int:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    return _ended(lambda: work(number))


def _end_with_parent(alive: int) -> None:
    os.read(alive, 1)  # nothing is ever written: it returns when the other end is closed
    os.kill(os.getpid(), signal.SIGTERM)


def _ended(work: Callable[[], None]) -> int:
    """Return the exit status of a process that has done the work."""
    try:
        work()
    except NewsquoteError as error:
        sys.stderr.write(f"Error: {visible(str(error))}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BaseException as error:
        structlog.get_logger().error("worker failed", exc_info=error)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
