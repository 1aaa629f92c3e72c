"""What size costs: ``python -m benchmarks.scale --vectors FOLDER [--sizes 10000,100000,all,1000000]``.

The whole service over archives of real news; at 1,000,000 sentences, half of it has its words swapped and noise added
to its vectors (``benchmarks.enlarged``). ``FOLDER`` is the data folder of an archive into which all of ``news-dev`` and
``news-text`` was added; it lends its vectors. Each archive is made once and kept in ``benchmarks/.cache``. What was
measured at other sizes before stays in the table. Then ``python -m benchmarks.plot`` draws it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import report
from benchmarks.archive import CACHE
from benchmarks.enlarged import fill
from benchmarks.load import latencies, percentiles, serving
from benchmarks.news import Question, rows, weeks
from index.articles import Filters
from index.embedding.embedder import DEFAULT_MODEL, Embedder, Vectors
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.retriever import Query
from index.store.store import Store
from index.text import words
from service.settings import Settings
from service.wiring import Components

SIZES = "10000,100000,all,1000000"
RETRIEVED = 200
"""Retrievals that are timed."""
ANSWERED = 120
"""Answers over HTTP that are timed."""
RECALLED = 200
"""Questions whose nearest sentences are compared with those of an exact search."""
CHANGED = 1_000
TIE = 1e-4
"""Scores that differ by no more are equal: a sentence as near as the last of the nearest counts as one of them."""

Figures = dict[str, object]


@contextmanager
def opened(folder: Path, embedder: Embedder) -> Iterator[Components]:
    """Open an archive, as the server does."""
    components = Components(Settings.checked(data_dir=folder), embedder)
    try:
        yield components
    finally:
        components.close()


def questions() -> list[Question]:
    """Return the questions of news quizzes."""
    return [question for week in weeks() for question in week.questions]


def recall(components: Components, among: Sequence[int]) -> dict[str, float]:
    """Return for each k ``among`` these the share of the k nearest sentences, by exact search, that the engine finds.

    Means of ``RECALLED`` questions of ``asked-dev``.
    """
    asked = [str(row["question"]) for row in islice(rows("asked-dev"), RECALLED)]
    queries = np.stack([components.embedder.embed_query(question) for question in asked])
    nearest = _exact(components, queries, max(among))
    shares: dict[str, list[float]] = {f"recall@{k}": [] for k in among}
    for question, query, scores in zip(asked, queries, nearest, strict=True):
        found = components.engine.search(query, words.analyze(question), max(among), Filters()).dense
        for k in among:
            shares[f"recall@{k}"].append(sum(one.score >= scores[k - 1] - TIE for one in found[:k]) / k)
    return {name: round(float(np.mean(values)), 4) for name, values in shares.items()}


def _exact(components: Components, queries: Vectors, k: int) -> Vectors:
    """Return the scores of the ``k`` nearest of the stored vectors, for each query, best first."""
    store, model, dim = components.store, components.embedder.model, components.embedder.dim
    keys = store.changes.keys(0, store.changes.last().number)
    best = np.full((len(queries), k), -2.0, dtype=np.float32)
    for first in range(0, len(keys), 500):
        _, vectors = store.vectors.of_articles(model, keys[first : first + 500], dim)
        scores = np.concatenate([best, queries @ vectors.astype(np.float32).T], axis=1)
        best = np.partition(scores, -k, axis=1)[:, -k:]
    found: Vectors = -np.sort(-best, axis=1)
    return found


def retrieval(components: Components, filters: Filters, threads: int) -> tuple[float, float]:
    """Return p50 and p95 of the milliseconds that retrieving takes, the question's vector included."""
    k = components.settings.read_passages

    def one(question: Question) -> float:
        started = time.perf_counter()
        components.retriever.retrieve(Query(question.text, question.asked, filters), k)
        return 1000 * (time.perf_counter() - started)

    asked = list(islice(cycle(questions()), RETRIEVED))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, asked[:20]))
        return percentiles(list(pool.map(one, asked)))[:2]


def filtered(components: Components) -> dict[str, Filters]:
    """Return filters by what they leave: the publisher and the month with the most articles, and ten articles."""
    records = [one.article for one in components.store.articles.page(0, 10**9).records]
    publisher = Counter(article.publisher for article in records).most_common(1)[0][0] or ""
    month = Counter(article.published.replace(day=1) for article in records if article.published).most_common(1)[0][0]
    return {
        "one publisher": Filters(publishers=(publisher,)),
        "one month": Filters(month, _end(month)),
        "ten articles": Filters(article_ids=tuple(article.id for article in records[:10])),
    }


def _end(month: date) -> date:
    after = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return date.fromordinal(after.toordinal() - 1)


def catching_up(components: Components) -> float:
    """Return the seconds in which the engine takes in a change to ``CHANGED`` articles."""
    records = components.store.articles.page(0, CHANGED).records
    for record in records:
        agency = "Agency" if record.article.agency != "Agency" else "Another agency"
        components.store.articles.correct(replace(record.article, agency=agency))
    started = time.perf_counter()
    components.engine.catch_up()
    return time.perf_counter() - started


def served(folder: Path) -> Figures:
    """Return what starting and asking the real server takes, and its private memory afterwards."""
    with serving(folder):
        pass  # reads the files into the system's cache, as they are on a machine that is in use
    with serving(folder) as server:
        started = _private_mb(server.pid)
        latencies(server.port, questions()[:20], 1)
        took = {clients: _http(server.port, clients) for clients in (1, 16)}
        return {
            "start, s": round(server.start_s, 2),
            "private memory after the start, MB": started,
            "private memory, MB": _private_mb(server.pid),
            "answer, 1 client, ms": took[1],
            "answer, 16 clients, ms": took[16],
        }


def _http(port: int, clients: int) -> list[int]:
    return [round(value) for value in percentiles(latencies(port, questions(), clients, ANSWERED))[:2]]


def _private_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024 / 1e6)


def _disk_mb(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


def measure(folder: Path, total: int | None, vectors: Store, embedder: Embedder) -> Figures:
    """Make the archive, if it is not there yet, and return its figures."""
    with opened(folder, embedder) as components:
        filled = fill(components, total, vectors)
        noted = folder / "filled.json"
        if filled.sentences:
            noted.write_text(json.dumps(round(1e6 * filled.seconds / filled.sentences)))
    with opened(folder, embedder) as components:
        counts = components.store.articles.counts()
        figures: Figures = {
            "sentences": counts.sentences,
            "articles": counts.articles,
            "adding, embedding aside, µs of processor time a sentence": json.loads(noted.read_text()),
            "database, MB": _disk_mb(folder) - _disk_mb(components.settings.engine_dir),
            "search engine, MB": _disk_mb(components.settings.engine_dir),
            **recall(components, (10, 100)),
            "retrieval, ms": _ms(retrieval(components, Filters(), 1)),
            "retrieval, 16 threads, ms": _ms(retrieval(components, Filters(), 16)),
        }
        for name, filters in filtered(components).items():
            figures[f"retrieval, {name}, ms"] = _ms(retrieval(components, filters, 1))
    figures |= served(folder)
    with opened(folder, embedder) as components:
        components.engine.catch_up()
        figures[f"catching up with {CHANGED:,} changed articles, s"] = round(catching_up(components), 1)
        components.engine.maintain()
    return figures


def _ms(found: Sequence[float]) -> list[float]:
    return [round(value, 1) for value in found]


def start_of_an_empty_archive() -> float:
    """Return how many seconds that takes."""
    with TemporaryDirectory() as folder:
        with serving(Path(folder)):  # takes the starter articles in
            pass
        with serving(Path(folder)) as server:
            return round(server.start_s, 2)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--sizes", default=SIZES)
    given = parser.parse_args()
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    vectors = Store.open(Settings.checked(data_dir=given.vectors).store_url)
    found: dict[str, Figures] = {}
    with suppress(OSError, KeyError):
        found = json.loads((report.RESULTS / "scale.json").read_text())["sizes"]
    found["empty"] = {"start, s": start_of_an_empty_archive()}
    for name in given.sizes.split(","):
        total = None if name == "all" else int(name)
        found[name] = measure(CACHE / f"scale-{name}", total, vectors, embedder)
        sizes = sorted((one for one in found if one != "empty"), key=lambda one: int(str(found[one]["sentences"])))
        report.write("scale", "Scale", _table(found, sizes), {"sizes": found}, "python -m benchmarks.scale")


def _table(found: dict[str, Figures], sizes: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for size in sizes for name in found[size]))
    lines = [[name, *(_cell(found[size].get(name)) for size in sizes)] for name in names]
    empty = f"The server of an empty archive starts in {found['empty']['start, s']} s."
    return f"{report.table(['', *sizes], lines)}\n\nMilliseconds are p50 / p95. {empty}"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " / ".join(f"{one:,}" for one in value)
    return f"{value:,}" if isinstance(value, int | float) else "-"


if __name__ == "__main__":
    main()
