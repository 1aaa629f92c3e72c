"""How well, and how fast, vectors are searched in lists: ``python -m benchmarks.dense DATA_FOLDER [SENTENCES]...``

The folder is that of an archive, with its database: its vectors, in order of their articles, make archives of 10,000,
100,000, 450,000 and 1,000,000 sentences. Where there are too few, they are there again, with noise of ``NOISE`` times
their length added, so that their cosine with the real ones is 0.96. The questions are those of asked-dev. What is
found is compared with an exact search: a sentence counts as found if it is as near as the last that should be there.

Times of searches are the processor's, as other programs may run; those of writing and opening are the clock's.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from benchmarks import report
from benchmarks.news import rows
from index.embedding.embedder import DEFAULT_MODEL, Embedder, Vectors
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.embedded import growing
from index.search.embedded.dense import Flat, Lists
from index.search.embedded.generation import Generation, Halves, Manifest
from index.search.embedded.segments import Part, Scope, Segments
from index.search.embedded.vectors import Sizes
from index.search.engine import Match
from index.store.changes import Change
from index.store.ids import ORDINAL_BITS, Ids
from index.store.store import Store

SIZES = (10_000, 100_000, 450_000, 1_000_000)
SHARES = (0.05, 0.1, 0.2, 0.3)
KEPT = Sizes(exact_up_to=1)
SHARE = KEPT.share
PASSING = (0.5, 0.2, 0.05, 0.001)
NOISE, QUESTIONS, MOST, THREADS = 0.3, 100, 100, 16
_BLOCK = 50_000

Figures = dict[str, float]


class Held(NamedTuple):
    """Sentences with their vectors."""

    ids: Ids
    vectors: Halves

    def grown(self, count: int) -> Held:
        """Return so many: the first, or all and then again with noise, under keys of their own."""
        places = np.arange(count) % len(self.ids)
        again = np.arange(count) // len(self.ids)
        ids = self.ids[places] + again * (((int(self.ids[-1]) >> ORDINAL_BITS) + 1) << ORDINAL_BITS)
        vectors, dice = self.vectors[places], np.random.default_rng(1)
        for first in range(len(self.ids), count, _BLOCK):
            block = slice(first, min(first + _BLOCK, count))
            noise = dice.standard_normal(vectors[block].shape, dtype=np.float32)
            noisy = vectors[block] + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
            vectors[block] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return Held(ids, vectors)


def stored(folder: Path, embedder: Embedder, most: int) -> Held:
    """Return the vectors of an archive, in order of their articles, at most so many."""
    store = Store.open(f"sqlite:///{folder / 'newsquote.db'}")
    keys, ids, vectors, count = store.changes.keys(0, store.changes.last().number), [], [], 0
    for first in range(0, len(keys), 200):
        found = store.vectors.of_articles(embedder.model, keys[first : first + 200], embedder.dim)
        order = np.argsort(found[0])
        ids.append(found[0][order])
        vectors.append(found[1][order])
        count += len(order)
        report.progress("Reading vectors", min(count, most), most)
        if count >= most:
            break
    store.close()
    return Held(np.concatenate(ids)[:most], np.concatenate(vectors)[:most])


def write(folder: Path, held: Held, exact_up_to: int) -> tuple[Manifest, float]:
    """Write a file, as the engine does, and return how many seconds that took."""
    folder.mkdir()
    segments = Segments(held.vectors.shape[1], (Part(Flat(held.ids, held.vectors)),))
    started = time.perf_counter()
    manifest = growing.write(folder, DEFAULT_MODEL, Change(1, "one"), segments, exact_up_to, lambda _done, _total: None)
    return manifest, time.perf_counter() - started


def opened(folder: Path, manifest: Manifest) -> Segments:
    """Open a file, as the engine does, and read it all, which searches do bit by bit."""
    generation = Generation(folder, manifest)
    generation.parts.verify_all()
    return Segments(manifest.dim, (Part(Lists(generation)),))


def timed(search: Callable[[Vectors], list[Match]], queries: Vectors) -> tuple[list[list[Match]], Figures]:
    """Return what is found, and the milliseconds that it takes."""
    search(queries[-1])
    found, took_ms = [], []
    for query in queries:
        started = time.thread_time()
        found.append(search(query))
        took_ms.append(1000 * (time.thread_time() - started))
    return found, {"p50_ms": float(np.percentile(took_ms, 50)), "p95_ms": float(np.percentile(took_ms, 95))}


def recall(found: Sequence[Sequence[Match]], exact: Sequence[Sequence[Match]], k: int) -> float:
    """Return the share of the ``k`` nearest sentences that were found; of equally near ones, any counts."""
    shares = []
    for matches, best in zip(found, exact, strict=True):
        wanted = best[:k]
        near = sum(match.score >= wanted[-1].score - 1e-6 for match in matches[:k])
        shares.append(near / len(wanted))
    return float(np.mean(shares))


def by_share(lists: Segments, one: Segments, queries: Vectors) -> Iterator[Figures]:
    """Yield the figures of an exact search, and of each share of the lists."""
    every = one.scope(None)
    exact, figures = timed(lambda query: one.search(query, MOST, every, 1.0), queries)
    yield {"share": 1.0, "recall@10": 1.0, "recall@100": 1.0, **figures}
    for share in SHARES:
        found, figures = timed(lambda query, part=share: lists.search(query, MOST, every, part), queries)  # type: ignore[misc]
        yield {
            "share": share,
            "recall@10": recall(found, exact, 10),
            "recall@100": recall(found, exact, 100),
            **figures,
        }


def by_filter(lists: Segments, queries: Vectors) -> Iterator[Figures]:
    """Yield the figures of searches of a part of the articles, drawn at random."""
    keys = np.unique(lists.ids() >> ORDINAL_BITS)
    for passing in PASSING:
        drawn = np.sort(np.random.default_rng(2).choice(keys, max(10, int(passing * len(keys))), replace=False))
        started = time.thread_time()
        scope: Scope = lists.scope(drawn)
        made_ms = 1000 * (time.thread_time() - started)
        share = KEPT.share_for(len(lists), scope.count)
        exact, _ = timed(lambda query, scope=scope: lists.search(query, MOST, scope, 1.0), queries)  # type: ignore[misc]
        found, figures = timed(
            lambda query, scope=scope, share=share: lists.search(query, MOST, scope, share),  # type: ignore[misc]
            queries,
        )
        yield {"passing": passing, "scope_ms": made_ms, "recall@100": recall(found, exact, MOST), **figures}


def at_once(lists: Segments, queries: Vectors) -> float:
    """Return the processor's milliseconds for a search where many threads search."""
    every = lists.scope(None)
    with ThreadPoolExecutor(THREADS) as pool:
        started = time.process_time()
        list(pool.map(lambda query: lists.search(query, MOST, every, SHARE), [*queries] * 4))
    return 1000 * (time.process_time() - started) / (4 * len(queries))


def _fresh(folder: Path, manifest: Manifest, queries: Vectors, told: multiprocessing.Queue[Figures]) -> None:
    before, started = _own_mb(), time.perf_counter()
    lists = Segments(manifest.dim, (Part(Lists(Generation(folder, manifest))),))
    every, figures = lists.scope(None), {"open_ms": 1000 * (time.perf_counter() - started)}
    figures["opened_mb"] = _own_mb() - before
    started = time.perf_counter()
    lists.search(queries[0], MOST, every, SHARE)
    figures["first_ms"] = 1000 * (time.perf_counter() - started)
    for query in queries:
        lists.search(query, MOST, every, SHARE)
    told.put(figures | {"own_mb": _own_mb() - before})


def _own_mb() -> float:
    """Return the memory that is neither a file's nor shared, in MB."""
    told = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(one) for one in re.findall(r"^Anonymous: +(\d+) kB", told, re.MULTILINE)) / 1000


def fresh(folder: Path, manifest: Manifest, queries: Vectors) -> Figures:
    """Return what opening and searching costs a process that has only just begun."""
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[Figures] = context.Queue()
    process = context.Process(target=_fresh, args=(folder, manifest, queries, told))
    process.start()
    found = told.get()
    process.join()
    return found


def measured(held: Held, count: int, queries: Vectors, folder: Path) -> dict[str, object]:
    """Return all figures of an archive of so many sentences."""
    inside, grown = folder / str(count), held.grown(count)
    inside.mkdir()
    one, one_s = write(inside / "one", grown, count)
    many, many_s = write(inside / "many", grown, 1)
    lists = opened(inside / "many", many)
    found: dict[str, object] = {
        "sentences": count,
        "lists": many.lists,
        "file_mb": (inside / "many" / many.file).stat().st_size / 1e6,
        "write_s": one_s,
        "train_and_write_s": many_s,
        **fresh(inside / "many", many, queries),
        "shares": list(by_share(lists, opened(inside / "one", one), queries)),
        "filters": list(by_filter(lists, queries)),
        "at_once_ms": at_once(lists, queries),
    }
    report.progress("Sentences", count, count)
    return found


def main() -> None:
    """Measure every size, and report."""
    folder, sizes = Path(sys.argv[1]), [int(size) for size in sys.argv[2:]] or SIZES
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL, 1)
    questions = [str(row["question"]) for row in rows("asked-dev")][:QUESTIONS]
    queries = np.stack([embedder.embed_query(question) for question in questions])
    held = stored(folder, embedder, max(sizes))
    with TemporaryDirectory() as place:
        found = [measured(held, count, queries, Path(place)) for count in sizes]
    told = "\n\n".join(_told(figures) for figures in found)
    text = f"{len(held.ids):,} vectors are real, the others these with noise of {NOISE}. {len(questions)} questions."
    content = {"real": len(held.ids), "questions": len(questions), "sizes": found}
    command = "python -m benchmarks.dense DATA_FOLDER"
    report.write("dense", "Vectors in lists", f"{text}\n\n{told}", content, command)


def _told(figures: dict[str, Any]) -> str:
    shares, filters = figures["shares"], figures["filters"]
    ways = [
        [
            "all, exact" if one["share"] == 1 else f"{one['share']:.0%} of the lists",
            *(f"{one[name]:.4f}" for name in ("recall@10", "recall@100")),
            *(f"{one[name]:.1f}" for name in ("p50_ms", "p95_ms")),
        ]
        for one in shares
    ]
    narrowed = [
        [f"{one['passing']:.1%} pass", f"{one['scope_ms']:.1f}", f"{one['recall@100']:.4f}"]
        + [f"{one[name]:.1f}" for name in ("p50_ms", "p95_ms")]
        for one in filters
    ]
    head = (
        "{sentences:,} sentences in {lists:,} lists, {file_mb:,.0f} MB: written in {write_s:.1f} s as one list, "
        "in {train_and_write_s:.0f} s with training. Opened in {open_ms:.0f} ms, with {opened_mb:.0f} MB of memory of "
        "its own, {own_mb:.0f} MB after all questions; the first, which verifies what it reads, took "
        "{first_ms:.0f} ms. With 16 threads, a search takes {at_once_ms:.1f} ms of processor time."
    ).format(**figures)
    return "\n\n".join(
        [
            f"## {figures['sentences']:,} sentences",
            head,
            report.table(["read", "recall@10", "recall@100", "p50, ms", "p95, ms"], ways),
            report.table(["articles", "rows found, ms", "recall@100", "p50, ms", "p95, ms"], narrowed),
        ]
    )


if __name__ == "__main__":
    main()
