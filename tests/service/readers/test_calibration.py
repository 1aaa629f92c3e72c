from __future__ import annotations

from dataclasses import replace

import pytest

from index.errors import ModelError, SettingsError
from service.readers.calibration import Calibration, CurvePoint, Weights, sigmoid

RELEVANCE = Calibration(Weights(0, {"relevance": 1}), Weights(0, {"relevance": 2}), Weights(-1, {"relevance": 1}), ())


def test_log_odds_are_the_weighted_sum_of_the_features_that_have_a_weight() -> None:
    weights = Weights(-1.0, {"relevance": 2.0, "margin": 0.5})
    assert weights.log_odds({"relevance": 1.5, "margin": 4.0, "recency": 9.0}) == 4.0


def test_probability_of_the_quote_is_never_above_that_of_the_archive() -> None:
    calibration = Calibration(Weights(0, {}), Weights(0, {"relevance": 1}), Weights(5, {"relevance": 1}))
    answerable, confidence = calibration.probabilities({"relevance": 0.0})
    assert (answerable, confidence) == (0.5, 0.5)


@pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0), (2.0, 0.8808)])
def test_sigmoid_holds_for_any_log_odds(log_odds: float, expected: float) -> None:
    assert sigmoid(log_odds) == pytest.approx(expected, abs=1e-4)


def test_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    curve = (CurvePoint(0.9, 1.0, 0.1), CurvePoint(0.6, 0.92, 0.4), CurvePoint(0.3, 0.7, 1.0))
    calibration = replace(RELEVANCE, curve=curve)
    assert calibration.threshold(0.9) == 0.6
    assert calibration.threshold(0.95) == 0.9
    assert calibration.threshold(0.5) == 0.3


def test_precision_that_was_never_reached_stops_the_start() -> None:
    calibration = replace(RELEVANCE, curve=(CurvePoint(0.9, 0.8, 0.1),))
    with pytest.raises(SettingsError, match=r"NEWSQUOTE_PRECISION='0.9': this reader reached 0.80 at most"):
        calibration.threshold(0.9)


def test_reader_without_calibration_is_taken_at_its_word() -> None:
    calibration = Calibration.of({})
    assert calibration.threshold(0.9) == 0.9
    assert calibration.confidence.log_odds({"margin": 2.0, "relevance": 9.0}) == 2.0


@pytest.mark.parametrize("given", [{}, {"ranking": {}}, [], {"ranking": 1, "answerable": 1, "confidence": 1}])
def test_calibration_that_is_not_whole_is_refused(given: object) -> None:
    with pytest.raises(ModelError, match="calibration is incomplete"):
        Calibration.of({"calibration": given})
