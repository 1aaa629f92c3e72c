"""How long the stages of this thread's work take, for whoever asks: nothing is measured where nobody does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seconds: ContextVar[dict[str, float] | None] = ContextVar("seconds", default=None)


def begin() -> dict[str, float]:
    """Measure what this thread does from now on: the seconds of each stage are added up in what this returns."""
    seconds: dict[str, float] = {}
    _seconds.set(seconds)
    return seconds


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure what is done inside as a part of the stage ``name``."""
    seconds = _seconds.get()
    if seconds is None:
        yield
        return
    started = time.perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
