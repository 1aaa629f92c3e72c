"""The process that ``apart.py`` starts: reads a request and a feed on standard input, and writes what it is as JSON."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from index.errors import NoFeed
from index.sources import feeds


def main() -> None:
    """Answer the one request."""
    request = json.loads(sys.stdin.buffer.readline())
    for limit, name in ((resource.RLIMIT_CPU, "processor_s"), (resource.RLIMIT_AS, "memory_bytes")):
        resource.setrlimit(limit, (request[name], request[name]))
    sys.stdout.write(json.dumps(_answer(request, sys.stdin.buffer.read())))


def _answer(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    if request["act"] == "named_in":
        return {"named": feeds.named_in(body.decode(errors="replace"), request["url"])}
    try:
        found = feeds.read(body, request["url"], request["most"])
    except NoFeed as error:
        return {"refused": str(error)}
    entries = [
        asdict(one) | {"published": one.published.isoformat() if one.published else None} for one in found.entries
    ]
    return {"title": found.title, "interval_s": found.interval_s, "entries": entries}


if __name__ == "__main__":
    main()
