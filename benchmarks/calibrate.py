"""Fits the reader's logistic regression: ``python -m benchmarks.calibrate [WEEK ...]``.

On the first quote of each question of ``news-dev``: 1 if the question is asked of its own week's articles and they hold
the answer, 0 if of another week's that do not. Both kinds count alike, so that a confidence of 0.5 is where an answer
is as likely as not. The reader's two features keep the ratio that ranks best; bias and scale are fitted. Each week is
judged by a fit on the others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Question, weeks
from benchmarks.quality import strangers
from index.embedder import DEFAULT_MODEL
from index.retriever import Query
from index.transformer import SentenceTransformerEmbedder
from service.reader import logit
from service.wiring import Parts


def feature(parts: Parts, question: Question) -> float:
    """Return the first quote's cosine + overlap * ratio, unscaled."""
    answer = parts.answerer.answer(Query(question.text, question.asked), 1)
    settings = parts.settings
    return (logit(answer.confidence) - settings.reader_bias) / settings.reader_similarity


def fit(x: Sequence[float], y: Sequence[int]) -> tuple[float, float]:
    """Return bias and scale of the balanced logistic regression."""
    model = LogisticRegression(class_weight="balanced", C=100.0).fit(np.array(x)[:, None], y)
    return float(model.intercept_[0]), float(model.coef_[0, 0])


def main() -> None:
    """Fit, judge, print, and write to ``results/``."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    chosen = list(weeks(sys.argv[1:]))
    rows: list[tuple[str, float, int]] = []
    for week, foreign in strangers(chosen):
        parts = open_archive(week, embedder)
        rows += [(week.name, feature(parts, q), 1) for q in week.questions if q.in_articles]
        rows += [(week.name, feature(parts, q), 0) for q in foreign]
    right = {0: 0, 1: 0}
    for week in chosen:
        bias, scale = fit(
            [x for name, x, _ in rows if name != week.name], [y for name, _, y in rows if name != week.name]
        )
        for name, x, y in rows:
            right[y] += name == week.name and (bias + scale * x >= 0) == bool(y)
    bias, scale = fit([x for _, x, _ in rows], [y for _, _, y in rows])
    totals = {kind: sum(y == kind for _, _, y in rows) for kind in (0, 1)}
    settings = parts.settings
    ratio = settings.reader_overlap / settings.reader_similarity
    found = {"reader_bias": bias, "reader_similarity": scale, "reader_overlap": ratio * scale}
    held_out = {"refused": right[0] / totals[0], "answerable answered": right[1] / totals[1]}
    text = report.table(["setting", "fitted"], [[name, f"{value:.2f}"] for name, value in found.items()])
    text += "\n\nEach week judged by the others, at a confidence of 0.5:\n\n"
    text += report.table(["", "share"], [[name, f"{value:.1%}"] for name, value in held_out.items()])
    report.write(
        "calibrate", "The reader's fit", text, {"settings": found, "held out": held_out, "questions": len(rows)}
    )


if __name__ == "__main__":
    main()
