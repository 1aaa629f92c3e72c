"""A process that searches as soon as it is told of a change: ``python -m tests.milvus.searching DATA URI``.

For each line, an article's key, it prints whether a sentence of the article is among those found, and the milliseconds.
"""

from __future__ import annotations

import json
import sys
import time

from index.articles import Filters
from index.store.ids import ORDINAL_BITS
from tests.conftest import CountingEmbedder
from tests.milvus.test_engine import opened


def main() -> None:
    """Search until there is nothing more to be told."""
    data, uri = sys.argv[1:]
    components = opened(data, uri, setattr)
    query = CountingEmbedder().embed_query("moon")
    for line in sys.stdin:
        started = time.perf_counter()
        found = components.engine.search(query, (), 100, Filters()).dense
        took_s = time.perf_counter() - started
        is_there = any(match.sentence_id >> ORDINAL_BITS == int(line) for match in found)
        print(json.dumps([is_there, 1000 * took_s]), flush=True)
    components.close()


if __name__ == "__main__":
    main()
