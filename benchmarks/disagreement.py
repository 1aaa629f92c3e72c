"""Whether two figures count the same: ``python -m benchmarks.disagreement [--keep]``.

Fits the ``Judge`` of ``service/answering/same_count.py`` on the choosing half of the labelled pairs
(``benchmarks/figures.py``), finds from which probability on it is right there, each question judged by a fit on others,
and measures it on the other half. ``--keep`` writes it beside that file.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks import report
from benchmarks.figures import HALVES, Pair, pairs
from benchmarks.report import Share
from service.answering.same_count import MODEL, SUPPORTING, Asked, Judge, features
from service.readers.calibration import Weights

PRECISION = 0.95
PENALTY = 10.0
"""Of the squared weights, for features with mean 0 and deviation 1. 1 and 3 do as well."""
FOLDS = 10
_SAMPLES = 2_000
_DIGITS = 4

Numbers = NDArray[np.float64]


@dataclass(frozen=True)  # without slots, so that what is computed can be cached
class Half:
    """The labelled pairs of one half."""

    pairs: Sequence[Pair]

    @cached_property
    def equal(self) -> Half:
        """The pairs with equal amounts in one unit: they alone are weighed, the others judged by rules."""
        return Half([p for p in self.pairs if not p.differs and p.one.amount.unit == p.other.amount.unit])

    def probabilities(self, weights: Weights) -> list[float]:
        """Return the probability of each pair."""
        judge = Judge(weights, 0.0)
        return [judge.probability(Asked.of(pair.question), pair.one, pair.other) for pair in self.pairs]

    def by_others(self) -> list[float]:
        """Return the probability of each pair by a fit on those of other questions."""
        fold = {name: place % FOLDS for place, name in enumerate(dict.fromkeys(pair.id for pair in self.pairs))}
        found: dict[int, float] = {}
        for left_out in range(FOLDS):
            rest = Half([pair for pair in self.pairs if fold[pair.id] != left_out])
            here = Half([pair for pair in self.pairs if fold[pair.id] == left_out])
            found |= dict(zip(map(id, here.pairs), here.probabilities(rest.fit()), strict=True))
        return [found[id(pair)] for pair in self.pairs]

    def fit(self) -> Weights:
        """Return the logistic model for these pairs."""
        weighed = self.equal.pairs
        given = [features(Asked.of(pair.question), pair.one, pair.other) for pair in weighed]
        return fit(given, [pair.same for pair in weighed])


def fit(given: Sequence[Mapping[str, float]], same: Sequence[bool]) -> Weights:
    """Return the logistic model in which nothing that speaks against a pair counts for it, or the other way round."""
    names = list(given[0])
    matrix = np.array([[of[name] for name in names] for of in given])
    mean, deviation = matrix.mean(axis=0), matrix.std(axis=0)
    deviation[deviation == 0] = 1.0
    scaled = np.column_stack([np.ones(len(matrix)), (matrix - mean) / deviation])
    labels = np.array(same, dtype=float)

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        odds = scaled @ weights
        penalized = PENALTY * np.concatenate([[0.0], weights[1:]])
        value = (np.logaddexp(0, odds) - labels * odds).sum() + penalized @ weights / 2
        return float(value), scaled.T @ (1 / (1 + np.exp(-odds)) - labels) + penalized

    bounds = [(None, None), *((0, None) if name in SUPPORTING else (None, 0) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    own = found[1:] / deviation
    kept = {name: round(float(w), _DIGITS) for name, w in zip(names, own, strict=True) if round(float(w), _DIGITS)}
    return Weights(round(float(found[0] - own @ mean), _DIGITS), kept)


def least(probabilities: Sequence[float], same: Sequence[bool]) -> float:
    """Return the least probability, in hundredths, from which on ``PRECISION`` of the pairs are the same; at most 1."""
    ranked = sorted(zip(probabilities, same, strict=True), key=lambda of: -of[0])
    precision = np.cumsum([is_same for _, is_same in ranked]) / np.arange(1, len(ranked) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return math.ceil(ranked[enough[-1]][0] * 100) / 100 if enough.size else 1.0


@dataclass(frozen=True, slots=True)
class Measure:
    """How many pairs there are, are the same and are taken for it; with 95% intervals over the questions."""

    pairs: int
    same: int
    taken: int
    precision: Share
    recall: Share

    @classmethod
    def of(cls, judged: Sequence[tuple[Pair, bool]]) -> Measure:
        """Compare what was taken for the same with the labels."""
        same, taken = [pair.same for pair, _ in judged], [took for _, took in judged]
        right, ids = [is_same and took for is_same, took in zip(same, taken, strict=True)], [p.id for p, _ in judged]
        return cls(len(judged), sum(same), sum(taken), ratio(right, taken, ids), ratio(right, same, ids))

    @property
    def row(self) -> list[object]:
        """The cells of a table's row."""
        return [self.pairs, self.same, self.taken, self.precision if self.taken else "", self.recall]


def ratio(part: Sequence[bool], whole: Sequence[bool], clusters: Sequence[str]) -> Share:
    """Return the sum of ``part`` over that of ``whole``, with the 95% interval of the bootstrap over whole clusters.

    Without any ``whole``, all three are 0.
    """
    names = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros((len(names), 2))
    np.add.at(sums, [names[name] for name in clusters], np.array([part, whole], dtype=float).T)
    if not sums[:, 1].any():
        return Share(0.0, 0.0, 0.0)
    drawn = np.random.default_rng(0).integers(0, len(sums), (_SAMPLES, len(sums)))
    above, below = sums[drawn].sum(axis=1).T
    low, high = np.percentile(above[below > 0] / below[below > 0], [2.5, 97.5])
    return Share(*(round(float(value), _DIGITS) for value in (sums[:, 0].sum() / sums[:, 1].sum(), low, high)))


def measures(half: Half, probabilities: Sequence[float], threshold: float) -> dict[str, Measure]:
    """Return the measures of all pairs, of those with different amounts, and of those with equal ones."""
    judged = [(pair, p >= threshold) for pair, p in zip(half.pairs, probabilities, strict=True)]
    return {
        "all": Measure.of(judged),
        "different amounts": Measure.of([(pair, took) for pair, took in judged if pair.differs]),
        "equal amounts": Measure.of([(pair, took) for pair, took in judged if not pair.differs]),
    }


def main() -> None:
    """Fit, measure, print, and write to ``results/``."""
    choosing, measuring = (Half(list(pairs(half))) for half in HALVES)
    weights, chosen = choosing.fit(), choosing.by_others()
    threshold = least(chosen, [pair.same for pair in choosing.pairs])
    if "--keep" in sys.argv:
        kept = {"least": threshold, "bias": weights.bias, "of": weights.of}
        MODEL.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    found = {
        "choosing": measures(choosing, chosen, threshold),
        "measuring": measures(measuring, measuring.probabilities(weights), threshold),
    }
    rows = [[f"{half}, {name}", *of.row] for half, named in found.items() for name, of in named.items()]
    head = ["pairs", "number", "same", "taken for the same", "precision", "recall"]
    text = (
        f"Taken for the same from a probability of {threshold} on. Choosing: each question judged by a fit on others. "
        f"In brackets: 95% intervals of the bootstrap over the questions.\n\n{report.table(head, rows)}"
    )
    report.write("disagreement", "Figures that count the same", text, {"rows": rows, "least": threshold})


if __name__ == "__main__":
    main()
