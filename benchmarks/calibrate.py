"""Fits the reader's logistic regression: ``python -m benchmarks.calibrate [WEEK ...]``.

On the first quote of each question of ``news-dev``: 1 if the question is asked of its own week's articles and they hold
the answer, 0 if of another week's that do not. Both kinds count alike, so that a confidence of 0.5 is where an answer
is as likely as not. The reader's two features keep the ratio that ranks best; bias and scale are fitted. Each week is
judged by a fit on the others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Question, weeks
from benchmarks.quality import strangers
from index.embedder import DEFAULT_MODEL
from index.retriever import Query
from index.transformer import SentenceTransformerEmbedder
from service.reader import logit, sigmoid
from service.wiring import Parts

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Row:
    """A first quote: its week, the reader's unscaled feature, and whether it could and did hold the answer."""

    week: str
    feature: float
    answerable: bool
    right: bool


def row(parts: Parts, week: str, question: Question, answerable: bool) -> Row:
    """Ask the question."""
    answer = parts.answerer.answer(Query(question.text, question.asked), 1)
    settings = parts.settings
    feature = (logit(answer.confidence) - settings.reader_bias) / settings.reader_similarity
    return Row(week, feature, answerable, answerable and question.is_in(answer.quotes[0].span.text))


def fit(rows: Sequence[Row]) -> tuple[float, float]:
    """Return bias and scale of the balanced logistic regression."""
    model = LogisticRegression(class_weight="balanced", C=100.0)
    model.fit(np.array([[r.feature] for r in rows]), [r.answerable for r in rows])
    return float(model.intercept_[0]), float(model.coef_[0, 0])


def held_out(rows: Sequence[Row]) -> list[tuple[Row, float]]:
    """Return each row with the confidence that a fit on the other weeks gives it."""
    judged = []
    for week in sorted({r.week for r in rows}):
        bias, scale = fit([r for r in rows if r.week != week])
        judged += [(r, sigmoid(bias + scale * r.feature)) for r in rows if r.week == week]
    return judged


def sweep(judged: Sequence[tuple[Row, float]]) -> list[list[str]]:
    """Return for each threshold the shares that are refused: of strangers, of answerable questions, of right quotes."""
    kinds = (lambda r: not r.answerable, lambda r: r.answerable, lambda r: r.right)
    lines = []
    for threshold in THRESHOLDS:
        refused = [[confidence < threshold for r, confidence in judged if kind(r)] for kind in kinds]
        lines.append([f"{threshold}", *(f"{sum(them) / len(them):.1%}" for them in refused)])
    return lines


def main() -> None:
    """Fit, judge, print, and write to ``results/``."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    rows: list[Row] = []
    for week, foreign in strangers(list(weeks(sys.argv[1:]))):
        parts = open_archive(week, embedder)
        rows += [row(parts, week.name, q, answerable=True) for q in week.questions if q.in_articles]
        rows += [row(parts, week.name, q, answerable=False) for q in foreign]
    bias, scale = fit(rows)
    ratio = parts.settings.reader_overlap / parts.settings.reader_similarity
    found = {"reader_bias": bias, "reader_similarity": scale, "reader_overlap": ratio * scale}
    lines = sweep(held_out(rows))
    head = ["min_confidence", "strangers refused", "answerable refused", "right first quotes refused"]
    text = report.table(["setting", "fitted"], [[name, f"{value:.2f}"] for name, value in found.items()])
    text += "\n\nEach week judged by a fit on the others:\n\n" + report.table(head, lines)
    report.write("calibrate", "The reader's fit", text, {"settings": found, "sweep": lines, "questions": len(rows)})


if __name__ == "__main__":
    main()
