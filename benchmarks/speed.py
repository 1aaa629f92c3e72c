"""How fast the service is: ``python -m benchmarks.speed [SENTENCES] [--against CHECKOUT]``, 100,000 by default.

Fills an archive with that many sentences of ``news-dev`` (once, as embedding them takes some ten minutes on two cores),
then starts the real server on it and asks it the questions of all weeks over HTTP, from this process on the same
machine. Nothing is remembered from one question to the next, except in the last row.

``--against`` measures the server of another checkout too, on the archive that its own ``benchmarks.speed`` has filled,
in turns with this one: what else the machine does then slows both.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks import report
from benchmarks.archive import CACHE, open_archive
from benchmarks.load import ROOT, Load, latencies, load, measure, serving
from benchmarks.news import Question, weeks
from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, Embedder, embedded_text
from index.embedding.transformer import SentenceTransformerEmbedder
from index.store.ids import digest
from index.store.store import Store
from index.text import sentences
from service.settings import Settings
from service.wiring import Components

INGESTED = 3_000
"""Sentences embedded to measure the rate of taking them in: half a minute."""
AGAIN = 20
"""Questions asked again and again, to measure answers that are remembered."""

Figures = dict[str, float]
Loads = dict[int, list[Load]]


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


def archive_figures(total: int, folder: Path) -> Figures:
    """Fill the archive, and return its size and how fast one takes articles in."""
    components = Components(Settings.checked(data_dir=folder), SentenceTransformerEmbedder.load(DEFAULT_MODEL))
    fill(total, components)
    counts = components.store.articles.counts()
    rate = ingest_rate(components)
    components.close()
    return {"sentences": counts.sentences, "articles": counts.articles, "ingest, sentences/s": round(rate, 1)}


def server_figures(folder: Path, against: Path | None, questions: Sequence[Question]) -> tuple[Figures, Loads]:
    """Return how long this checkout's server takes to start, and what answers cost, of it and of ``against``."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(folder))]
        if against:
            theirs = against / folder.relative_to(ROOT)
            servers.append(stack.enter_context(serving(theirs, against)))
        return {"start, s": round(servers[0].start_s, 1)}, measure(servers, questions)


def asked_again(folder: Path, questions: Sequence[Question]) -> Load:
    """Return what answers cost that the server remembers."""
    few = questions[:AGAIN]
    with serving(folder, remembered=AGAIN) as server:
        latencies(server.port, few, 1)
        return load(server, few, 1)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sentences", nargs="?", type=int, default=100_000)
    parser.add_argument("--against", type=lambda path: Path(path).resolve(), metavar="CHECKOUT")
    given = parser.parse_args()
    folder = CACHE / f"speed-{given.sentences}"
    questions = [question for week in weeks() for question in week.questions]
    figures = archive_figures(given.sentences, folder)
    started, found = server_figures(folder, given.against, questions)
    again = asked_again(folder, questions)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # of the largest server, on Linux
    figures |= started | {"peak memory, MiB": peak}

    blank = [""] if given.against else []
    rows = [[name, f"{value:,}", *blank] for name, value in figures.items()]
    rows += [[_asking(clients), *(one.cell for one in each)] for clients, each in found.items()]
    rows.append([f"{_asking(1)}, asked again", again.cell, *blank])
    loads = {clients: [one.figures for one in each] for clients, each in found.items()}
    report.write(
        "speed",
        "Speed",
        report.table(["", "measured", *(["against"] if given.against else [])], rows),
        figures | {"p50, p95, p99 and processor time, ms": loads, "asked again, ms": again.figures},
        f"python -m benchmarks.speed {given.sentences}" + (" --against CHECKOUT" if given.against else ""),
    )


def _asking(clients: int) -> str:
    return f"POST /api/query, {clients} client{'s' if clients > 1 else ''}: p50 / p95 / p99 / processor, ms"


if __name__ == "__main__":
    main()
