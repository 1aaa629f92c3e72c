"""How many connections each of several processes has, so that one that has fewer takes the next."""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass

_COUNT = struct.Struct("i")
_PATIENCE_S = 0.02
"""How long the others are waited for: one of them may be busy, or have been killed."""
_LOOK_S = 0.001


class Balance:
    """Counts in memory that a process shares with those forked from it."""

    def __init__(self, processes: int) -> None:
        self._counts = mmap.mmap(-1, _COUNT.size * processes)

    def of(self, number: int) -> Share:
        """Return what the process with this number knows of it."""
        return Share(self, number)

    def note(self, number: int, count: int) -> None:
        """Let the others know how many connections a process has."""
        _COUNT.pack_into(self._counts, _COUNT.size * number, count)

    def least(self, but: int) -> int:
        """Return the fewest connections that any other process has."""
        counts: list[int] = [count for (count,) in _COUNT.iter_unpack(self._counts[:])]
        return min(count for number, count in enumerate(counts) if number != but)


@dataclass(frozen=True, slots=True)
class Share:
    """One process's part."""

    balance: Balance
    number: int

    def note(self, count: int) -> None:
        """Say how many connections this process has."""
        self.balance.note(self.number, count)

    def let_others_go_first(self, count: int) -> None:
        """Wait, a moment at most, while another process has fewer connections."""
        self.note(count)
        until = time.monotonic() + _PATIENCE_S
        while self.balance.least(self.number) < count and time.monotonic() < until:
            time.sleep(_LOOK_S)
