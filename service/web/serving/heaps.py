"""How many heaps the C library keeps for the threads of this process."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""From glibc's malloc.h."""
_MOST = 2
"""With 8 clients at once, a process had 667 MB to itself after 700 answers; without this, 1,067."""


def share() -> None:
    """Let all threads that begin from now on share a few heaps.

    By default, each gets one of its own, up to eight for each core, and what it once needed is not given back. Only
    GNU's C library is known to do so; with another, nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _MOST)
