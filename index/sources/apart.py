"""Feeds are parsed in a process of their own, with limits: one that takes too long or too much takes nothing along."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

from index import children
from index.errors import NoFeed
from index.sources.feed import Entry, Feed

PROCESSOR_S = 20
"""Some hundred times what a feed of a thousand entries takes."""
MEMORY_BYTES = 1_000_000_000
_PATIENCE_S = 90.0
"""On the clock, where other things are done, too."""
_MAX_ANSWER_BYTES = 100_000_000


def read(body: bytes, url: str, most: int) -> Feed:
    """Return the feed that lies at ``url``, with ``most`` entries at most.

    :raises NoFeed: if it is none, or cannot be read within the limits.
    """
    found = _asked({"act": "read", "url": url, "most": most}, body)
    if found is None:
        raise NoFeed("reading it takes more time or memory than a feed may")
    if "refused" in found:
        raise NoFeed(str(found["refused"]))
    entries = tuple(
        Entry(**one | {"published": date.fromisoformat(one["published"]) if one["published"] else None})
        for one in found["entries"]
    )
    return Feed(found["title"], entries, found["interval_s"])


def named_in(body: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that the page at ``url`` names; none if it cannot be read within the limits."""
    found = _asked({"act": "named_in", "url": url}, body) or {}
    return [str(one) for one in found.get("named", [])]


def _asked(request: dict[str, Any], body: bytes) -> dict[str, Any] | None:
    """Return what the parser says; None if it came to no end."""
    limits = {"processor_s": PROCESSOR_S, "memory_bytes": MEMORY_BYTES}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "index.sources.parser"],
            input=json.dumps(request | limits).encode() + b"\n" + body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            check=False,
            **children.surroundings(),
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode or len(done.stdout) > _MAX_ANSWER_BYTES:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
