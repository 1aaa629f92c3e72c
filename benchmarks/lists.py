"""How fast the archive's pages are: a page of 50, its counts, a search, an export. Needs ``../shared/datasets``.

    python -m benchmarks.lists [COUNT]  # 10,000 by default

The articles are real ones (news-text), varied by a line of their own if there are not enough; the publisher is the host
of the address. They are not embedded: lists ask no model.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import numpy as np

from benchmarks import report
from index.articles import Article, Filters
from index.embedding.embedder import Vectors
from index.store.articles import Sort
from service import logs
from service.application.archive import Wanted
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components

TEXTS = Path(__file__).parents[2] / "shared" / "datasets" / "news-text.jsonl"
TIMES = 40
COLLECTIONS = 10


class Nothing:
    """Gives every text the same vector."""

    model = "nothing"
    dim = 4

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        found: Vectors = np.full((len(texts), self.dim), 0.5, dtype=np.float32)
        return found

    def embed_query(self, question: str) -> Vectors:
        """Return the vector."""
        found: Vectors = self.embed_passages([question])[0]
        return found


def articles(count: int) -> Iterator[Article]:
    """Yield so many articles, each of them another."""
    rows = [json.loads(line) for line in TEXTS.open(encoding="utf-8")]
    for number, row in enumerate(islice(cycle(rows), count)):
        text = row["text"] if number < len(rows) else f"{row['text']}\n\nThis is copy {number}."
        host = urlsplit(row["url"]).hostname or ""
        day = date.fromisoformat(row["published"][:10]) if row["published"] else None
        found = Article(text, row["title"], host.removeprefix("www."), published=day)
        yield replace(found, collections=(f"Collection {number % COLLECTIONS}",) if number % 2 else ())


def timed(name: str, call: Callable[[], object]) -> list[str]:
    """Return the median and the 95th percentile of what the call takes, and the median of its processor time."""
    took, worked = [], []
    for _ in range(TIMES):
        started, begun = time.perf_counter(), time.process_time()
        call()
        worked.append(1000 * (time.process_time() - begun))
        took.append(1000 * (time.perf_counter() - started))
    return [name, f"{median(took):.0f}", f"{quantiles(took, n=20)[-1]:.0f}", f"{median(worked):.0f}"]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    logs.configure("WARNING")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with TemporaryDirectory() as folder:
        settings = Settings.checked(data_dir=folder, questions_per_minute=0)
        newsquote = Newsquote(Components(settings, Nothing()))
        list(newsquote.add(articles(count)))
        newsquote.upkeep.catch_up()
        client, archive = create_app(newsquote).test_client(), newsquote.archive
        cnn = Filters(publishers=("cnn.com",))
        inside = Filters(collections=(newsquote.collections.every()[0].id,))
        calls: dict[str, Callable[[], object]] = {
            "page of 50, newest": lambda: archive.page(Wanted(), 0, 50),
            "page of 50, the last": lambda: archive.page(Wanted(), count - 50, 50),
            "page of 50 of a publisher": lambda: archive.page(Wanted(filters=cnn), 0, 50),
            "page of 50 of a collection": lambda: archive.page(Wanted(filters=inside), 0, 50),
            "three words, best match": lambda: archive.page(Wanted("supreme court ruling"), 0, 50),
            "a common word, newest": lambda: archive.page(Wanted("president", sort=Sort.NEWEST), 0, 50),
            "counts": lambda: archive.facets(Wanted()),
            "counts of a common word": lambda: archive.facets(Wanted("president")),
            "the whole page": lambda: client.get("/articles"),
            "the whole page, three words": lambda: client.get("/articles?q=supreme+court+ruling"),
            "GET /api/articles": lambda: client.get("/api/articles"),
        }
        rows = [timed(name, call) for name, call in calls.items()]
        started = time.perf_counter()
        size = sum(len(line.encode()) for line in archive.export(Wanted()))
        took = time.perf_counter() - started
        table = report.table(["", "p50 ms", "p95 ms", "processor, p50 ms"], rows)
        text = f"{archive.page(Wanted(), 0, 0).total:,} articles.\n\n{table}\n\n"
        report.write(
            "lists", "Lists of articles", f"{text}Export: {size / 1e6:.0f} MB in {took:.1f} s.", {"rows": rows}
        )


if __name__ == "__main__":
    main()
