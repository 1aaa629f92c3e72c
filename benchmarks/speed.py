"""How fast the service is: ``python -m benchmarks.speed [SENTENCES]``, 100,000 by default.

Fills an archive with that many sentences of ``news-dev`` (once, as embedding them takes some ten minutes on two cores),
then starts the real server on it and asks it the questions of all weeks over HTTP, from this process on the same
machine.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks import report
from benchmarks.archive import CACHE, open_archive
from benchmarks.news import Question, weeks
from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder
from index.embedding.transformer import SentenceTransformerEmbedder
from index.ingest import embedded_text
from index.store.ids import digest
from index.store.store import Store
from index.text import sentences
from service.settings import Settings
from service.wiring import Components

CLIENTS = (1, 4, 16)
REQUESTS = 400
INGESTED = 3_000
"""Sentences embedded to measure the rate of taking them in: half a minute."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, and how long it took to be ready."""

    port: int
    start_s: float


def take(total: int) -> Iterator[Article]:
    """Yield articles of ``news-dev``, one per URL, until they have ``total`` sentences."""
    held, seen = 0, set()
    for week in weeks():
        for article in week.articles:
            if held >= total:
                return
            if article.url not in seen:
                seen.add(article.url)
                held += len(sentences.prose(article))
                yield article


def fill(total: int, components: Components) -> None:
    """Take the articles in, reusing vectors that the other benchmarks have computed."""
    missing = [article for article in take(total) if article.id not in components.store.articles]
    if missing:
        texts = [embedded_text(sentence) for article in missing for sentence in sentences.prose(article)]
        for week in weeks():
            _copy_vectors(open_archive(week, components.embedder).store, components.store, components.embedder, texts)
    for done, _ in enumerate(components.ingester.add(missing), start=1):
        report.progress(f"{total} sentences, articles embedded", done, len(missing))
    components.engine.catch_up()


def _copy_vectors(source: Store, target: Store, embedder: Embedder, texts: Sequence[str]) -> None:
    digests = {digest(text) for text in texts}
    known = sorted(digests - source.vectors.missing(embedder.model, digests))
    vectors = source.vectors.of_digests(embedder.model, known, embedder.dim).astype(np.float32)
    target.vectors.add(embedder.model, dict(zip(known, vectors, strict=True)))


def ingest_rate(components: Components) -> float:
    """Return how many sentences per second a new archive takes in: split, embed, store, index."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Components(Settings.checked(data_dir=Path(folder)), components.embedder)
        articles = list(take(INGESTED))
        started = time.perf_counter()
        list(fresh.ingester.add(articles))
        fresh.engine.catch_up()
        took_s = time.perf_counter() - started
        count = fresh.store.articles.counts().sentences
        fresh.close()
    return count / took_s


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Start ``python -m service serve`` on the folder, and stop it at the end."""
    env = os.environ | {"NEWSQUOTE_DATA_DIR": str(folder), "NEWSQUOTE_LOG_LEVEL": "ERROR"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"], env=env, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    port = next(int(found[1]) for line in lines if (found := re.search(r"is listening on http://\S+:(\d+)", line)))
    try:
        yield Server(port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def latencies(port: int, questions: Sequence[Question], clients: int) -> list[float]:
    """Return the milliseconds that each of ``REQUESTS`` questions took, asked by this many clients at once."""
    asked = list(islice(cycle(questions), REQUESTS))
    with ThreadPoolExecutor(clients) as pool:
        components = pool.map(lambda first: _client(port, asked[first::clients]), range(clients))
    return [took_ms for part in components for took_ms in part]


def _client(port: int, questions: Sequence[Question]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took: list[float] = []
    for question in questions:
        body = json.dumps({"question": question.text, "as_of": question.asked.isoformat()})
        started = time.perf_counter()
        connection.request("POST", "/api/query", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        took.append(1000 * (time.perf_counter() - started))
        assert response.status == http.client.OK, content
    connection.close()
    return took


def percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = CACHE / f"speed-{total}"
    components = Components(Settings.checked(data_dir=folder), SentenceTransformerEmbedder.load(DEFAULT_MODEL))
    fill(total, components)
    counts = components.store.articles.counts()
    rate = ingest_rate(components)
    components.close()
    questions = [question for week in weeks() for question in week.questions]
    with serving(folder) as server:
        latencies(server.port, questions[:20], 1)
        found = {clients: percentiles(latencies(server.port, questions, clients)) for clients in CLIENTS}
    figures = {
        "sentences": counts.sentences,
        "articles": counts.articles,
        "ingest, sentences/s": round(rate, 1),
        "start, s": round(server.start_s, 1),
        "peak memory, MiB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,  # of the server, on Linux
        "latency, ms": {clients: [round(value, 1) for value in values] for clients, values in found.items()},
    }
    rows = [[f"{name}", f"{value:,}"] for name, value in figures.items() if not isinstance(value, dict)]
    rows += [  # over all clients
        [
            f"POST /api/query, {clients} client{'s' if clients > 1 else ''}: p50 / p95 / p99, ms",
            " / ".join(f"{v:.0f}" for v in values),
        ]
        for clients, values in found.items()
    ]
    report.write("speed", "Speed", report.table(["", "measured"], rows), figures)


if __name__ == "__main__":
    main()
