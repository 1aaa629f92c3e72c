"""Adds articles one after another, lets Milvus take each in, and says so: a process that a test kills."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from index.articles import Article
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder


def main(folder: str, uri: str) -> None:
    """Never end by itself."""
    settings = Settings.checked(data_dir=Path(folder), engine="milvus", milvus_uri=uri, milvus_timeout_s=60)
    components = Components(settings, CountingEmbedder())
    for number in count():
        articles = [
            Article(f"Report {number}.{part} is on the moon. It was sent {number} days ago.") for part in range(5)
        ]
        list(components.ingester.add(articles))
        components.engine.catch_up()
        print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
