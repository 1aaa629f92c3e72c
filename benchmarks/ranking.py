"""How many candidates are taken, and how they are weighted by date: ``python -m benchmarks.ranking [WEEK ...]``.

Changes one setting at a time from its default, and reports what the retriever alone and the whole service find.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Week, weeks
from benchmarks.quality import DEPTHS, asked, recall, retrieved
from index.embedding.embedder import DEFAULT_MODEL, Embedder
from index.embedding.transformer import SentenceTransformerEmbedder

CHANGES: tuple[dict[str, float], ...] = (
    {},
    {"candidates": 50},
    {"candidates": 200},
    {"recency_weight": 0.0, "recency_weight_now": 0.0},
    {"recency_weight": 0.0},
    {"recency_weight": 3.0, "recency_weight_now": 3.0},
    {"recency_weight_now": 1.0},
    {"recency_days": 7.0},
    {"recency_days": 60.0},
    {"read_passages": 8},
    {"read_passages": 10},
    {"read_passages": 16},
    {"read_passages": 24},
)


HEAD = [f"{way} {k}" for way in ("retriever", "service") for k in DEPTHS]


def found_by(chosen: Sequence[Week], embedder: Embedder, **change: float) -> list[str]:
    """Return the shares named in ``HEAD``, with these settings."""
    hits: tuple[list[int], list[int]] = ([], [])
    for week in chosen:
        parts = open_archive(week, embedder, **change)
        for question in week.answerable:
            hits[0].append(retrieved(parts, question))
            hits[1].append(asked(parts, question).first_hit)
        parts.close()
    return [f"{share.mean:.1%}" for way in hits for share in recall(way)]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    chosen = list(weeks(sys.argv[1:]))
    rows = []
    for change in CHANGES:
        name = ", ".join(f"`{key}` {value:g}" for key, value in change.items()) or "defaults"
        rows.append([name, *found_by(chosen, embedder, **change)])
    questions = sum(len(week.answerable) for week in chosen)
    text = f"{questions} questions; the answer stands in the first k.\n\n" + report.table(["change", *HEAD], rows)
    report.write("ranking", "Ranking", text, {"rows": rows})


if __name__ == "__main__":
    main()
