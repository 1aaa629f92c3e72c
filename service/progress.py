"""Progress of long work, for people: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import NamedTuple, Protocol

import click

SECONDS_A_LINE = 10.0
"""How often progress is reported when output is redirected."""

_MARK_S = 1.0
_MARKS = 60
"""How fast work goes is said of the last minute: what is known already goes faster than what is embedded."""


class Step(Protocol):
    """Takes note of how much is done, of how much, and how many sentences were taken in since last time."""

    def __call__(self, done: int, total: int, sentences: int = 0) -> None:
        """Take note of it; ``total`` is 0 where nobody knows. If less is done than before, the next stage has begun."""


@contextmanager
def progress(label: str, total: int | None = None, unit: str = "articles") -> Iterator[Step]:
    """Report progress: on a terminal with a bar, elsewhere with a line now and then that names the ``unit``."""
    if not sys.stderr.isatty():
        yield Lines(label, unit)
        return
    pace = Pace()
    with click.progressbar(
        repeat(0),
        length=total,
        label=label,
        show_pos=True,
        show_eta=False,
        item_show_func=lambda _: ", ".join(pace.said()),
        file=sys.stderr,
    ) as bar:

        def step(done: int, total: int, sentences: int = 0) -> None:
            pace.note(done, total, sentences)
            bar.length = total or None
            bar.update(done - bar.pos)

        yield step


class Lines:
    """Writes progress, at most one line every ``SECONDS_A_LINE``; nothing for short work."""

    def __init__(self, label: str, unit: str = "articles") -> None:
        self._label, self._unit = label, unit
        self._due, self._pace = time.monotonic() + SECONDS_A_LINE, Pace()

    def __call__(self, done: int, total: int, sentences: int = 0) -> None:
        """Write how far the work is, unless that was written a moment ago."""
        self._pace.note(done, total, sentences)
        if time.monotonic() >= self._due:
            of = f" of {total:,}" if total else ""
            far = f"{self._label}: {done:,}{of} {self._unit}".rstrip()
            click.echo(", ".join([far, *self._pace.said()]), err=True)
            self._due = time.monotonic() + SECONDS_A_LINE


class _Mark(NamedTuple):
    at: float
    done: int
    total: int
    sentences: int


class Pace:
    """How fast work goes from the first article on, before which models are loaded, and how long the rest will take.

    Of work in several stages, it is said of each by itself.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._sentences = clock, 0
        self._marks: deque[_Mark] = deque(maxlen=_MARKS)
        self._last = _Mark(0.0, 0, 0, 0)

    def note(self, done: int, total: int, sentences: int) -> None:
        """Take note of how much is done, of how much, and how many sentences were taken in since last time.

        :param total: 0 where nobody knows.
        """
        self._sentences += sentences
        if done < self._last.done:
            self._marks.clear()
        self._last = _Mark(self._clock(), done, total, self._sentences)
        if not self._marks or self._last.at - self._marks[-1].at >= _MARK_S:
            self._marks.append(self._last)

    def said(self) -> Iterator[str]:
        """Yield how many sentences a second are taken in, and how long the rest will take, where that is known.

        In the first second nothing is.
        """
        if not self._marks:
            return
        first, last = self._marks[0], self._last
        took, done = last.at - first.at, last.done - first.done
        if took < _MARK_S:
            return
        if sentences := last.sentences - first.sentences:
            rate = max(1, round(sentences / took))
            yield f"{rate:,} sentence{'' if rate == 1 else 's'} a second"
        if done and last.total > last.done:
            yield f"{lasting((last.total - last.done) * took / done)} left"


def lasting(seconds: float) -> str:
    """Return how long that is, as people say it: in the largest unit of which there are at least two."""
    for unit, size in (("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    whole = max(1, round(seconds))
    return f"{whole} second{'' if whole == 1 else 's'}"
