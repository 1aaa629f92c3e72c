"""Fits a reader's calibration to cases, and judges each case by a fit on others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp
from sklearn.linear_model import LogisticRegression

from benchmarks.asking import Kind
from benchmarks.cases import QUIZ, Case, Stage
from service.answering.answer import Outcome
from service.answering.answerer import ENOUGH
from service.readers.calibration import Calibration, CurvePoint, Weights

RANKING = ("relevance", "margin", "similarity", "recency", "overlap", "elsewhen", "own", "votes")
CONFIDENCE = ("relevance", "margin", "similarity", "overlap", "elsewhen", "own")
"""Agreement, which helps to rank, is left out: with it, an answer that more articles give was called less likely."""
FURTHER = (*CONFIDENCE, "votes")
NAMES = sorted({*RANKING, *FURTHER})
PENALTY = 0.05
FOLDS = 5
MIX = {Kind.ANSWERABLE: 0.7, Kind.NEAR_MISS: 0.2, Kind.STRANGER: 0.1}
"""The questions that the promised precision is about."""
SHOWN = 5
NEAREST = 3
"""Quotes among which the answer to an uncertain question should be."""
_UNUSED = Weights(0.0, {})


@dataclass(frozen=True)  # without slots, so that what is computed is kept
class Verdict:
    """What a fit makes of a case: its first quote's confidence, and the rank of the first right quote, or 0.

    ``further`` has, for each quote after the first, the probability that it answers, and whether it does.
    """

    case: Case
    confidence: float
    first_hit: int
    exact: bool
    f1: float
    further: tuple[tuple[float, bool], ...]

    @cached_property
    def is_right(self) -> bool:
        """Whether the first quote answers."""
        return self.first_hit == 1


def fold(case: Case) -> int:
    """Return which part of the cases it is in; what is asked of one article stays together."""
    return crc32(case.group.encode()) % FOLDS


def fit(given: Sequence[Case]) -> Calibration:
    """Fit the three models: the confidences to the questions asked of news alone, since the quiz's labels are noisy."""
    ranking = fit_ranking([stage for case in given for stage in case.stages])
    asked = [(case, stage, stage.ranked(ranking)) for case in given if case.archive != QUIZ for stage in case.stages]
    firsts = [(case, stage, order[0]) for case, stage, order in asked]
    later = [(case, stage, place) for case, stage, order in asked for place in order[1:SHOWN]]
    return Calibration(ranking, _fit_confidence(firsts, CONFIDENCE), _fit_confidence(later, FURTHER))


def _fit_confidence(given: Sequence[tuple[Case, Stage, int]], names: Sequence[str]) -> Weights:
    """Return the probability that quotes answer, each at its place of the case's stage, by these features."""
    rows = np.array([[stage.features[n][name] for name in names] for _, stage, n in given])
    shares = shares_of([case for case, _, _ in given])
    return fit_probability(names, rows, [stage.right[n] for _, stage, n in given], shares)


def fit_ranking(stages: Sequence[Stage]) -> Weights:
    """Return the weights that put the most of each question's softmax on the sentences with its answer."""
    read = [(stage.features[: stage.read], stage.right[: stage.read]) for stage in stages]
    useful = [(rows, right) for rows, right in read if any(right) and not all(right)]
    matrices = [np.array([[row[name] for name in RANKING] for row in rows]) for rows, _ in useful]
    best = softmax_weights(matrices, [np.array(right) for _, right in useful], PENALTY)
    return Weights(0.0, {name: round(float(weight), 4) for name, weight in zip(RANKING, best, strict=True)})


def softmax_weights(
    matrices: Sequence[NDArray[np.float64]], right: Sequence[NDArray[np.bool_]], penalty: float
) -> NDArray[np.float64]:
    """Return the weights (features,) that put the most of each question's softmax on its ``right`` rows.

    :param matrices: for each question (rows, features); features are scaled alike before weights are penalized.
    """
    scale = np.concatenate(matrices).std(axis=0) + 1e-6

    def loss(weights: NDArray[np.float64]) -> float:
        losses = [
            -logsumexp(log_softmax(matrix / scale @ weights)[truth])
            for matrix, truth in zip(matrices, right, strict=True)
        ]
        return float(np.mean(losses) + penalty * (weights**2).sum())

    return np.asarray(minimize(loss, np.zeros(len(scale)), method="L-BFGS-B").x / scale)


def fit_probability(
    names: Sequence[str], rows: NDArray[np.float64], truths: Sequence[bool], shares: NDArray[np.float64]
) -> Weights:
    """Return the logistic regression of ``truths`` on features with these names, each case counting its share."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=1.0, max_iter=1_000).fit((rows - mean) / scale, truths, shares * len(rows))
    weights = model.coef_[0] / scale
    bias = float(model.intercept_[0] - weights @ mean)
    return Weights(round(bias, 4), {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)})


def shares_of(given: Sequence[Case]) -> NDArray[np.float64]:
    """Return what share of the mix each case is."""
    kinds = [case.kind for case in given]
    return np.array([MIX[kind] / kinds.count(kind) for kind in kinds])


def judged(given: Sequence[Case], fitted: Calibration) -> Iterator[Verdict]:
    """Yield what the fit makes of the cases, reading on only where the first passages leave it unsure."""
    for case in given:
        for stage in case.stages:
            order = stage.ranked(fitted.ranking)
            confidence = fitted.probability(stage.features[order[0]])
            if confidence >= ENOUGH:
                break
        right = [stage.right[place] for place in order]
        yield Verdict(
            case,
            confidence,
            next((rank for rank, is_right in enumerate(right, start=1) if is_right), 0),
            stage.exact[order[0]],
            stage.f1[order[0]],
            tuple((fitted.further_probability(stage.features[n]), stage.right[n]) for n in order[1:SHOWN]),
        )


def judged_apart(given: Sequence[Case]) -> list[Verdict]:
    """Return what fits on other folds make of each fold's cases."""
    verdicts: list[Verdict] = []
    for part in range(FOLDS):
        fitted = fit([case for case in given if fold(case) != part])
        verdicts += judged([case for case in given if fold(case) == part], fitted)
    return verdicts


def outcomes_apart(verdicts: Sequence[Verdict], precision: float) -> Iterator[tuple[Verdict, Outcome]]:
    """Yield what is said of each fold's questions by thresholds that are chosen on the other folds."""
    for part in range(FOLDS):
        others = curve_points([v for v in verdicts if fold(v.case) != part and v.case.archive != QUIZ])
        chosen = Calibration(_UNUSED, _UNUSED, _UNUSED, tuple(others))
        answered, uncertain = chosen.threshold(precision), chosen.least(precision)
        for v in verdicts:
            if fold(v.case) == part:
                is_near = Outcome.UNCERTAIN if v.confidence >= uncertain else Outcome.NOT_IN_ARTICLES
                yield v, Outcome.ANSWERED if v.confidence >= answered else is_near


def curve(verdicts: Sequence[Verdict], truth: Callable[[Verdict], bool]) -> list[tuple[float, float, float]]:
    """Return the curve of answering from each confidence on: the confidence, the share of true ones, that of all."""
    ordered = sorted(verdicts, key=lambda v: -v.confidence)
    shares = shares_of([v.case for v in ordered])
    true = np.cumsum(shares * [truth(v) for v in ordered])
    all_of = np.cumsum(shares)
    points = {  # the last of equal confidences wins: all of them are answered, or none
        round(v.confidence, 4): (round(float(true[n] / all_of[n]), 4), round(float(all_of[n]), 4))
        for n, v in enumerate(ordered)
    }
    return [(confidence, *point) for confidence, point in points.items()]


def curve_points(verdicts: Sequence[Verdict]) -> list[CurvePoint]:
    """Return the curve that is kept with the calibration."""
    right, near = curve(verdicts, lambda v: v.is_right), curve(verdicts, lambda v: 0 < v.first_hit <= NEAREST)
    return [CurvePoint(*point, found) for point, (_, found, _) in zip(right, near, strict=True)]
