"""Progress of long work, for people: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat

import click

from index.search.engine import Progress

SECONDS_A_LINE = 10.0
"""How often progress is reported when output is redirected."""


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Progress]:
    """Report progress: on a terminal with a bar, elsewhere with a line now and then."""
    if not sys.stderr.isatty():
        yield Lines(label)
        return
    with click.progressbar(repeat(0), length=total, label=label, show_pos=True, file=sys.stderr) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total or None
            bar.update(done - bar.pos)

        yield step


class Lines:
    """Writes progress, at most one line every ``SECONDS_A_LINE``; nothing for short work."""

    def __init__(self, label: str) -> None:
        self._label, self._due = label, time.monotonic() + SECONDS_A_LINE

    def __call__(self, done: int, total: int) -> None:
        """Write how far the work is, unless that was written a moment ago."""
        if time.monotonic() >= self._due:
            of = f" of {total:,}" if total else ""
            click.echo(f"{self._label}: {done:,}{of}", err=True)
            self._due = time.monotonic() + SECONDS_A_LINE
