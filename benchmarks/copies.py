"""From which similarity on two articles are copies, and what grouping costs: ``python -m benchmarks.copies``.

Needs ``../shared/datasets``. The pairs of ``labels/copies.jsonl`` are up to nine for each twentieth of similarity from
0.28 to 0.75, drawn by chance from all pairs in news-dev and news-text, and all above. They were judged by titles, days
and what they share, the doubtful ones by reading. A pair is a copy if both are one report: the same article, though it
was given another headline, cut, extended or updated.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import report
from index.articles import Article, Sentence
from index.text import sentences, signatures

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"
LABELS = Path(__file__).with_name("labels") / "copies.jsonl"
THRESHOLDS = (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
TIMED = 300


def texts() -> Iterator[Article]:
    """Yield the articles of both datasets."""
    for path in (*sorted(DATASETS.glob("news-dev/*/articles.jsonl")), DATASETS / "news-text.jsonl"):
        with path.open(encoding="utf-8") as file:
            yield from (Article(json.loads(line)["text"]) for line in file)


def likeness(one: bytes, other: bytes) -> float:
    """Return the similarity that two signatures estimate."""
    return float((np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")).mean())


def timed(split: list[list[Sentence]]) -> float:
    """Return the median of what a signature takes, in milliseconds."""
    took = []
    for found in split:
        started = time.perf_counter()
        signatures.signature(found)
        took.append(1000 * (time.perf_counter() - started))
    return median(took)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    labels = [json.loads(line) for line in LABELS.open(encoding="utf-8")]
    wanted = {label[name] for label in labels for name in ("one", "other")}
    split = {article.id: list(sentences.prose(article)) for article in texts() if article.id in wanted}
    made = {key: signatures.signature(found) or b"" for key, found in split.items()}
    pairs = [(likeness(made[one["one"]], made[one["other"]]), one["is_copy"]) for one in labels]
    copies = sum(is_copy for _, is_copy in pairs)
    rows = []
    for least in THRESHOLDS:
        taken = [is_copy for alike, is_copy in pairs if alike >= least]
        rows.append([f"{least:.2f}", len(taken), f"{sum(taken) / len(taken):.0%}", f"{sum(taken) / copies:.0%}"])
    cost = timed(list(split.values())[:TIMED])
    text = f"{len(pairs)} pairs, {copies} of them copies.\n\n"
    text += report.table(["copies from", "taken for copies", "of these right", "of the copies found"], rows)
    text += f"\n\nA signature takes {cost:.2f} ms (median of {TIMED} articles)."
    report.write("copies", "Copies of articles", text, {"rows": rows, "ms": cost})


if __name__ == "__main__":
    main()
