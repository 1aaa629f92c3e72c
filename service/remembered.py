"""What is computed from the whole archive, and remembered until the archive changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Overview:
    """How many articles the archive holds, and the publishers with the most of them, by name."""

    articles: int
    publishers: tuple[str, ...]


class UntilChanged(Generic[T]):
    """A value that is computed when first asked for, and again only after the archive has changed."""

    def __init__(self, last_change: Callable[[], int], compute: Callable[[], T]) -> None:
        self._last_change, self._compute = last_change, compute
        self._lock, self._held = Lock(), list[tuple[int, T]]()

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
