"""Fits the reader's calibration: ``python -m benchmarks.calibrate [--keep]``; ``--keep`` writes it to the reader.

Uses the questions of ``news-dev``, each asked of its own week's articles and of another week's that do not answer it.
There are three logistic models, of features that ``service/answering/ranker.py`` describes: which extracted answer is
right (a softmax over each question's), whether the articles answer at all, and whether the first quote does. Each week
is judged by a fit on weeks that share no question with it; the reader keeps a fit on all weeks, with the curve of the
weeks judged this way.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp
from sklearn.linear_model import LogisticRegression

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Question, weeks
from benchmarks.quality import DEPTHS, calibration_error, recall, strangers
from index.articles import Span
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.network import MANIFEST
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.retriever import Query
from service.answering.ranker import MIN_CONFIDENCE, features
from service.english.dates import speaks_of_now
from service.readers.calibration import Calibration, Weights
from service.readers.extractive import DEFAULT_FOLDER
from service.wiring import Components

RANKING = ("margin", "similarity", "recency", "own", "votes")
ANSWERABLE = ("relevance", "margin", "similarity", "overlap", "own", "votes")
CONFIDENCE = ANSWERABLE
NAMES = sorted({*RANKING, *ANSWERABLE, *CONFIDENCE})
PENALTY = 0.05
PROMISED = 0.9
PRECISIONS = (0.8, 0.85, PROMISED, 0.95)
SHOWN = 5
NEAREST = 3
"""Quotes among which the answer to an uncertain question should be."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question's extracted answers: the features and sentence of each, and whether the sentence has the answer."""

    week: str
    is_answerable: bool
    features: tuple[dict[str, float], ...]
    sentences: tuple[Span, ...]
    right: tuple[bool, ...]

    def ranked(self, ranking: Weights) -> list[int]:
        """Return the indices of the extracted answers, best first, one per sentence."""
        best: dict[Span, int] = {}
        for place in sorted(range(len(self.features)), key=lambda n: -ranking.log_odds(self.features[n])):
            best.setdefault(self.sentences[place], place)
        return list(best.values())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a fit on other weeks makes of a case: two probabilities, and the rank of the first right quote, or 0.

    ``further`` has, for each quote after the first, the probability that it answers, and whether it does.
    """

    case: Case
    p_answerable: float
    confidence: float
    first_hit: int
    further: tuple[tuple[float, bool], ...]


def case(components: Components, week: str, question: Question, *, is_answerable: bool) -> Case:
    """Return the case of a question, after retrieving and reading."""
    query = Query(question.text, question.asked, speaks_of_now=speaks_of_now(question.text))
    extracted = components.answerer.extract(query)
    return Case(
        week,
        is_answerable,
        tuple(features(query.text, extracted)),
        tuple(one.sentence.span for one in extracted),
        tuple(is_answerable and question.is_in(one.sentence.text) for one in extracted),
    )


def cases() -> Iterator[Case]:
    """Yield the cases of all weeks."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    for week, foreign in strangers(list(weeks())):
        components = open_archive(week, embedder)
        yield from (case(components, week.name, question, is_answerable=True) for question in week.answerable)
        yield from (case(components, week.name, question, is_answerable=False) for question in foreign)


def fit_ranking(given: Sequence[Case]) -> Weights:
    """Return the weights that put the most of each question's softmax on the sentences with its answer."""
    useful = [c for c in given if any(c.right) and not all(c.right)]
    matrices = [np.array([[row[name] for name in RANKING] for row in c.features]) for c in useful]
    scale = np.concatenate(matrices).std(axis=0) + 1e-6
    right = [np.array(c.right) for c in useful]

    def loss(weights: np.ndarray) -> float:
        losses = [
            -logsumexp(log_softmax(matrix / scale @ weights)[truth])
            for matrix, truth in zip(matrices, right, strict=True)
        ]
        return float(np.mean(losses) + PENALTY * (weights**2).sum())

    best = minimize(loss, np.zeros(len(RANKING)), method="L-BFGS-B").x / scale
    return Weights(0.0, {name: round(float(weight), 4) for name, weight in zip(RANKING, best, strict=True)})


def fit_probability(rows: Sequence[dict[str, float]], truths: Sequence[bool], names: Sequence[str]) -> Weights:
    """Return the logistic regression of ``truths`` on the features ``names``."""
    matrix = np.array([[row[name] for name in names] for row in rows])
    mean, scale = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=1_000).fit((matrix - mean) / scale, truths)
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ mean)
    return Weights(round(bias, 4), {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)})


def fit(given: Sequence[Case]) -> Calibration:
    """Fit the three models."""
    ranking = fit_ranking(given)
    firsts = [c.ranked(ranking)[0] for c in given]
    rows = [c.features[first] for c, first in zip(given, firsts, strict=True)]
    right = [c.right[first] for c, first in zip(given, firsts, strict=True)]
    answerable = [c.is_answerable for c in given]
    return Calibration(ranking, fit_probability(rows, answerable, ANSWERABLE), fit_probability(rows, right, CONFIDENCE))


def judged(given: Sequence[Case], fitted: Calibration) -> Iterator[Verdict]:
    """Yield what the fit makes of the cases."""
    for c in given:
        order = c.ranked(fitted.ranking)
        first_hit = next((rank for rank, place in enumerate(order, start=1) if c.right[place]), 0)
        shown = order[1:SHOWN]
        further = tuple((fitted.probabilities(c.features[place])[1], c.right[place]) for place in shown)
        yield Verdict(c, *fitted.probabilities(c.features[order[0]]), first_hit, further)


def judged_apart(given: Sequence[Case]) -> list[Verdict]:
    """Return what fits on other weeks make of each week's cases; weeks that share questions stay together."""
    names = sorted({c.week for c in given})
    half = len(names) // 2
    verdicts: list[Verdict] = []
    for fold in zip(names[:half], names[half:], strict=True):
        fitted = fit([c for c in given if c.week not in fold])
        verdicts += judged([c for c in given if c.week in fold], fitted)
    return verdicts


def curve(verdicts: Sequence[Verdict], truth: Callable[[Verdict], bool]) -> list[tuple[float, float, float]]:
    """Return the curve of answering from each probability on: the probability, the share of true ones, that of all."""
    by_probability = sorted(verdicts, key=lambda v: -v.p_answerable)
    true = np.cumsum([truth(v) for v in by_probability])
    points = {  # the last of equal probabilities wins: all of them are answered, or none
        round(v.p_answerable, 4): (round(float(true[n] / (n + 1)), 4), round((n + 1) / len(verdicts), 4))
        for n, v in enumerate(by_probability)
    }
    return [(probability, *point) for probability, point in points.items()]


def least_probability(points: Sequence[tuple[float, float, float]], precision: float) -> float:
    """Return the lowest probability at which the curve reaches this precision; 1 if it never does."""
    return min((probability for probability, reached, _ in points if reached >= precision), default=1.0)


def sweep(verdicts: Sequence[Verdict]) -> list[list[str]]:
    """Return what is refused at each wanted precision."""
    points = curve(verdicts, lambda v: v.case.is_answerable)
    lines = []
    for precision in PRECISIONS:
        least = least_probability(points, precision)
        groups = (
            [v for v in verdicts if not v.case.is_answerable],
            [v for v in verdicts if v.case.is_answerable],
            [v for v in verdicts if v.first_hit == 1],
        )
        refused = [report.share([v.p_answerable < least for v in group]) for group in groups]
        lines.append([f"{precision:.0%}", f"{least:.2f}", *map(str, refused)])
    return lines


def further(verdicts: Sequence[Verdict]) -> list[list[str]]:
    """Return, by confidence, how many quotes after the first answered questions have, and how many of those answer."""
    least = least_probability(curve(verdicts, lambda v: v.case.is_answerable), PROMISED)
    given = [quote for v in verdicts if v.p_answerable >= least for quote in v.further]
    lines = []
    for low, high in itertools.pairwise((0.0, 0.2, 0.4, MIN_CONFIDENCE, 1.0)):
        right = [is_right for confidence, is_right in given if low <= confidence < high]
        lines.append([f"{low} to {high}", str(len(right)), str(report.share(right))])
    return lines


def models(fitted: Calibration) -> dict[str, Weights]:
    """Return the three models by name."""
    return {"ranking": fitted.ranking, "answerable": fitted.p_answerable, "confidence": fitted.confidence}


def keep(fitted: Calibration, points: Sequence[tuple[float, ...]], folder: Path = DEFAULT_FOLDER) -> None:
    """Write the calibration into the reader's manifest, with the curve's points as ``CurvePoint`` has them."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"] = {name: {"bias": w.bias, "of": dict(w.of)} for name, w in models(fitted).items()}
    manifest["calibration"]["curve"] = points
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, judge, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    found = list(cases())
    fitted, verdicts = fit(found), judged_apart(found)
    own = [v for v in verdicts if v.case.is_answerable]
    points = curve(verdicts, lambda v: v.case.is_answerable)
    errors = {
        "answerable": calibration_error([v.p_answerable for v in verdicts], [v.case.is_answerable for v in verdicts]),
        "confidence": calibration_error([v.confidence for v in verdicts], [v.first_hit == 1 for v in verdicts]),
    }
    if given.keep:
        found = curve(verdicts, lambda v: 0 < v.first_hit <= NEAREST)
        keep(fitted, [(*point, share) for point, (_, share, _) in zip(points, found, strict=True)])
    weights = [
        [name, *(f"{m.of[name]:.2f}" if name in m.of else "" for m in models(fitted).values())] for name in NAMES
    ]
    text = "\n\n".join(
        [
            f"{len(own)} questions asked of their own week's articles, {len(verdicts) - len(own)} of another week's. "
            "Each week judged by a fit on weeks that share no question with it:",
            report.table(
                ["", *(f"first {k}" for k in DEPTHS)], [["answer", *map(str, recall([v.first_hit for v in own]))]]
            ),
            report.table(
                [
                    "wanted precision",
                    "least probability",
                    "strangers refused",
                    "answerable refused",
                    "right first refused",
                ],
                sweep(verdicts),
            ),
            f"The quotes after the first, to the {SHOWN}th, of the questions answered:",
            report.table(["confidence", "quotes", "hold the answer"], further(verdicts)),
            f"Calibration error: {errors['answerable']:.3f} of answerable, {errors['confidence']:.3f} of confidence.",
            "Weights of the fit on all weeks:",
            report.table(["feature", *models(fitted)], weights),
        ]
    )
    quotes = curve(verdicts, lambda v: v.first_hit == 1)
    report.write("calibrate", "The reader's calibration", text, {"curve": points, "right first": quotes, **errors})


if __name__ == "__main__":
    main()
