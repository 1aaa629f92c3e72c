"""How retrieval grows with the archive: ``python -m benchmarks.growth``, after ``benchmarks.scale`` has made both.

The smallest and the largest archive are asked the same questions in turns, round after round: a machine that is shared
may be half as fast an hour later, which would pass for growth.
"""

from __future__ import annotations

from contextlib import ExitStack
from statistics import median

from benchmarks import report
from benchmarks.archive import CACHE
from benchmarks.scale import RETRIEVED, opened, retrieval
from index.articles import Filters
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.transformer import SentenceTransformerEmbedder

SIZES = ("10000", "1000000")
ROUNDS = 7


def main() -> None:
    """Measure, print, and write to ``results/``."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    rounds: dict[str, list[tuple[float, float]]] = {size: [] for size in SIZES}
    with ExitStack() as stack:
        archives = {size: stack.enter_context(opened(CACHE / f"scale-{size}", embedder)) for size in SIZES}
        for _ in range(ROUNDS):
            for size, components in archives.items():
                rounds[size].append(retrieval(components, Filters(), 1))
    found = {size: [median(one[place] for one in of) for place in (0, 1)] for size, of in rounds.items()}
    small, large = (found[size] for size in SIZES)
    rows = [[f"{int(size):,}", *(f"{value:.1f}" for value in found[size])] for size in SIZES]
    rows.append(["growth", *(f"{b / a:.2f}" for a, b in zip(small, large, strict=True))])
    said = f"Medians of {ROUNDS} rounds of {RETRIEVED} retrievals, the question's vector included, in turns.\n\n"
    table = report.table(["sentences", "p50, ms", "p95, ms"], rows)
    report.write("growth", "How retrieval grows", said + table, {"rounds": rounds}, "python -m benchmarks.growth")


if __name__ == "__main__":
    main()
