"""What computes the vectors: ``python -m benchmarks.embedding [WEEK ...]``.

Compares the plain model in torch with the eight-bit one in onnxruntime: sentences per second against a plain
``SentenceTransformer.encode`` in the same run, milliseconds per question, how close the vectors are, and what the
service finds with each. The plain model's vectors of the weeks are computed once: some two minutes a week.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Week, rows, weeks
from benchmarks.quality import DEPTHS, asked, recall, retrieved
from index.embedding.embedder import DEFAULT_MODEL, PLAIN_MODEL, Embedder
from index.embedding.transformer import SentenceTransformerEmbedder, default_folder
from index.formats import fields
from index.text import sentences

SENTENCES = 2_000
WEEKS = ("20230908", "20230915", "20240308")
ROUNDS = 4
BASE = "plain `encode`"

HEAD = [f"{way} {k}" for way in ("retriever", "service") for k in DEPTHS]


def texts() -> list[str]:
    """Return sentences from all parts of ``news-text``."""
    found: list[str] = []
    for row in islice(rows("news-text"), 0, None, 100):
        found += [s.text for s in sentences.prose(fields.article(row["text"], {}))]
    return found[:: max(1, len(found) // SENTENCES)][:SENTENCES]


def rates(ways: Mapping[str, Callable[[list[str]], object]], given: list[str]) -> dict[str, float]:
    """Return each method's sentences per second, the best of ``ROUNDS``: other load on the machine only slows it down.

    The methods take turns, so that a slow minute slows all of them.
    """
    took_s: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, embed in ways.items():
            started = time.perf_counter()
            embed(given)
            took_s[name].append(time.perf_counter() - started)
    return {name: len(given) / min(took) for name, took in took_s.items()}


def query_ms(embedder: Embedder, questions: Sequence[str]) -> float:
    """Return the median milliseconds for one question."""
    took_ms = []
    for question in questions:
        started = time.perf_counter()
        embedder.embed_query(question)
        took_ms.append(1000 * (time.perf_counter() - started))
    return statistics.median(took_ms)


def found_by(chosen: Sequence[Week], embedder: Embedder) -> list[str]:
    """Return the shares named in ``HEAD``."""
    hits: tuple[list[int], list[int]] = ([], [])
    for week in chosen:
        parts = open_archive(week, embedder)
        for question in week.answerable:
            hits[0].append(retrieved(parts, question))
            hits[1].append(asked(parts, question).first_hit)
        parts.close()
    return [f"{share.mean:.1%}" for way in hits for share in recall(way)]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    given = texts()
    plain, quantized = (SentenceTransformerEmbedder.load(name) for name in (PLAIN_MODEL, DEFAULT_MODEL))
    model = SentenceTransformer(str(default_folder()), device="cpu")
    chosen = list(weeks(sys.argv[1:] or WEEKS))
    questions = [q.text for week in chosen for q in week.questions]
    ways = {f"`{PLAIN_MODEL}`": plain, f"`{DEFAULT_MODEL}`": quantized}
    fast = rates(
        {BASE: lambda some: model.encode(some, show_progress_bar=False)}
        | {name: embedder.embed_passages for name, embedder in ways.items()},
        given,
    )
    cosines = np.sum(plain.embed_passages(given) * quantized.embed_passages(given), axis=1)
    speed = [[name, f"{fast[name]:.0f}", f"{fast[name] / fast[BASE]:.2f}"] for name in fast]
    for line, embedder in zip(speed[1:], ways.values(), strict=True):
        line.append(f"{query_ms(embedder, questions):.1f}")
    speed[0].append("")
    found = [[name, *found_by(chosen, embedder)] for name, embedder in ways.items()]
    lines = [
        f"{len(given)} sentences; the median of {len(questions)} questions.",
        report.table(["", "sentences/s", "times plain", "question, ms"], speed),
        f"Cosine of the two vectors of a sentence: mean {cosines.mean():.4f}, least {cosines.min():.4f}.",
        f"The answer in the first k, {', '.join(week.name for week in chosen)}:",
        report.table(["", *HEAD], found),
    ]
    report.write("embedding", "Embedding", "\n\n".join(lines), {"speed": speed, "found": found})


if __name__ == "__main__":
    main()
