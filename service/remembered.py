"""What is computed from the whole archive, and remembered until the archive changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class UntilChanged(Generic[T]):
    """A value that is computed when first asked for, and again only after the archive has changed."""

    def __init__(self, last_change: Callable[[], Hashable], compute: Callable[[], T]) -> None:
        self._last_change, self._compute = last_change, compute
        self._lock, self._held = Lock(), list[tuple[Hashable, T]]()

    def known(self) -> T | None:
        """Return the value if it is already computed, else None."""
        change = self._last_change()
        return next((value for at, value in self._held if at == change), None)

    def value(self) -> T:
        """Return the value."""
        with self._lock:
            change = self._last_change()
            if [at for at, _ in self._held] != [change]:
                self._held = [(change, self._compute())]
            return self._held[0][1]


class RememberedCalls(Generic[P, T]):
    """A function whose ``most`` recently used results are remembered until the archive changes; 0: none of them.

    What it is given must be hashable, and what it returns must not be changed. Threads that ask for the same at once
    each compute it: none waits for another's.
    """

    def __init__(self, last_change: Callable[[], Hashable], compute: Callable[P, T], most: int) -> None:
        self._last_change, self._compute, self._most = last_change, compute, most
        self._change: Hashable = None
        self._lock, self._held = Lock(), OrderedDict[Hashable, T]()

    def __call__(self, *given: P.args, **named: P.kwargs) -> T:
        """Return what the function returns."""
        if not self._most:
            return self._compute(*given, **named)
        # Asked before computing: a result that sees a later change is then at worst forgotten too soon.
        change, key = self._last_change(), (given, *named.items())
        with self._lock:
            self._forget_before(change)
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        found = self._compute(*given, **named)
        self._keep(change, key, found)
        return found

    def forget(self) -> None:
        """Forget all results."""
        with self._lock:
            self._held.clear()

    def _forget_before(self, change: Hashable) -> None:
        if change != self._change:
            self._held.clear()
            self._change = change

    def _keep(self, change: Hashable, key: Hashable, found: T) -> None:
        with self._lock:
            if change == self._change:
                self._held[key] = found
                if len(self._held) > self._most:
                    self._held.popitem(last=False)
