"""Turns a reader's scores into ranks and probabilities: three logistic models, fitted on dev data and kept with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.errors import ModelError, SettingsError

MAX_LOG_ODDS = 30.0
POSSIBLE = 0.5
"""Of the questions called uncertain, the least share that hold an answer in one of the first three quotes: three quotes
are read in a minute, and whoever is sent to read them should find the answer as often as not.
"""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: the log-odds are ``bias`` plus the sum of each feature times its weight."""

    bias: float
    of: Mapping[str, float]

    def log_odds(self, features: Mapping[str, float]) -> float:
        """Return the log-odds; a feature without a weight does not count."""
        return self.bias + sum(weight * features[name] for name, weight in self.of.items())


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of the risk-coverage curve, for answering every question with at least this ``confidence``.

    ``precision`` is the share of those questions whose first quote has the answer, ``coverage`` their share of all
    questions, and ``found`` the share of those that have the answer in one of the first three quotes.
    """

    confidence: float
    precision: float
    coverage: float
    found: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a reader's scores are worth.

    ``ranking`` orders extracted answers, ``confidence`` gives the probability that a quote answers if it is the first,
    and ``further`` if it comes after the first. ``curve`` is how that of the first quote did on the dev data.
    """

    ranking: Weights
    confidence: Weights
    further: Weights
    curve: tuple[CurvePoint, ...] = ()

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Calibration:
        """Read the calibration from a reader's manifest; if there is none, the reader's margin is taken as log-odds.

        :raises ModelError: if it is incomplete.
        """
        given = manifest.get("calibration")
        if given is None:
            margin = Weights(0.0, {"margin": 1.0})
            return cls(margin, margin, margin)
        try:
            ranking, confidence, further = (
                Weights(given[name]["bias"], given[name]["of"]) for name in ("ranking", "confidence", "further")
            )
            return cls(ranking, confidence, further, tuple(CurvePoint(*point) for point in given["curve"]))
        except (KeyError, TypeError) as error:
            raise ModelError(f"The reader's calibration is incomplete: {error!r}") from error

    def probability(self, features: Mapping[str, float], more: float = 0.0) -> float:
        """Return the probability that the quote answers if it is the first; ``more`` log-odds were not fitted."""
        return sigmoid(self.confidence.log_odds(features) + more)

    def further_probability(self, features: Mapping[str, float], more: float = 0.0) -> float:
        """Return the probability that the quote answers if it comes after the first, likewise."""
        return sigmoid(self.further.log_odds(features) + more)

    def threshold(self, precision: float) -> float:
        """Return the confidence from which on to answer, for at least this precision.

        It is the lowest that reached this precision on the dev data; without a curve, it is ``precision`` itself.

        :raises SettingsError: if no threshold reached this precision.
        """
        if not self.curve:
            return precision
        enough = [point.confidence for point in self.curve if point.precision >= precision]
        if not enough:
            best = max(point.precision for point in self.curve)
            raise SettingsError("NEWSQUOTE_PRECISION", str(precision), f"this reader reached {best:.2f} at most")
        return min(enough)

    def least(self, precision: float) -> float:
        """Return the confidence from which on it is uncertain whether the articles answer.

        It is the lowest for which, of the dev questions between it and ``threshold(precision)``, the share ``POSSIBLE``
        has the answer in one of the first three quotes; if it never does, it is that threshold, and nothing is
        uncertain. Without a curve, it is ``POSSIBLE`` itself.
        """
        answered = self.threshold(precision)
        if not self.curve:
            return min(POSSIBLE, answered)
        above = next(point for point in self.curve if point.confidence == answered)
        below = [point for point in self.curve if point.confidence < answered]
        return min((point.confidence for point in below if _found_between(point, above) >= POSSIBLE), default=answered)


def _found_between(low: CurvePoint, high: CurvePoint) -> float:
    """Return the share found of the questions that are at ``low`` or above, but not at ``high``."""
    found = low.found * low.coverage - high.found * high.coverage
    return found / (low.coverage - high.coverage)


def sigmoid(log_odds: float) -> float:
    """Return the probability with these log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-MAX_LOG_ODDS, min(MAX_LOG_ODDS, log_odds))))
