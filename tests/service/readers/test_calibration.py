from __future__ import annotations

from dataclasses import replace

import pytest

from index.errors import ModelError, SettingsError
from service.readers.calibration import POSSIBLE, Calibration, CurvePoint, Weights, sigmoid

WHOLE = {name: {"bias": 0.0, "of": {}} for name in ("ranking", "confidence", "further")}
RELEVANCE = Calibration(Weights(0, {"relevance": 1}), Weights(-1, {"relevance": 1}), Weights(-2, {"relevance": 1}))


def test_log_odds_are_the_weighted_sum_of_the_features_that_have_a_weight() -> None:
    weights = Weights(-1.0, {"relevance": 2.0, "margin": 0.5})
    assert weights.log_odds({"relevance": 1.5, "margin": 4.0, "recency": 9.0}) == 4.0


def test_probability_is_what_the_log_odds_of_the_features_say() -> None:
    assert RELEVANCE.probability({"relevance": 1.0}) == 0.5
    assert RELEVANCE.further_probability({"relevance": 2.0}) == 0.5


@pytest.mark.parametrize(("log_odds", "expected"), [(0.0, 0.5), (1e9, 1.0), (-1e9, 0.0), (2.0, 0.8808)])
def test_sigmoid_holds_for_any_log_odds(log_odds: float, expected: float) -> None:
    assert sigmoid(log_odds) == pytest.approx(expected, abs=1e-4)


def test_threshold_is_the_lowest_that_keeps_the_promise() -> None:
    curve = (CurvePoint(0.9, 1.0, 0.1, 0.9), CurvePoint(0.6, 0.92, 0.4, 0.8), CurvePoint(0.3, 0.7, 1.0, 0.6))
    calibration = replace(RELEVANCE, curve=curve)
    assert calibration.threshold(0.9) == 0.6
    assert calibration.threshold(0.95) == 0.9
    assert calibration.threshold(0.5) == 0.3


@pytest.mark.parametrize(
    ("found", "least"),
    [
        ((0.8, 0.72, 0.65), 0.2),  # of all below 0.6, (0.65 * 1 - 0.8 * 0.4) / 0.6 = 0.55
        ((0.8, 0.72, 0.6), 0.4),  # of all, 0.47; of those down to 0.4, (0.72 * 0.6 - 0.8 * 0.4) / 0.2 = 0.56
        ((0.8, 0.6, 0.5), 0.6),  # of all, 0.3; of those down to 0.4, 0.2: nothing is uncertain
    ],
)
def test_uncertain_is_what_holds_an_answer_as_often_as_not(found: tuple[float, float, float], least: float) -> None:
    curve = (
        CurvePoint(0.9, 1.0, 0.1, 0.9),
        CurvePoint(0.6, 0.92, 0.4, found[0]),
        CurvePoint(0.4, 0.8, 0.6, found[1]),
        CurvePoint(0.2, 0.7, 1.0, found[2]),
    )
    assert replace(RELEVANCE, curve=curve).least(0.9) == least


def test_precision_that_was_never_reached_stops_the_start() -> None:
    calibration = replace(RELEVANCE, curve=(CurvePoint(0.9, 0.8, 0.1, 0.8),))
    with pytest.raises(SettingsError, match=r"NEWSQUOTE_PRECISION='0.9': this reader reached 0.80 at most"):
        calibration.threshold(0.9)


def test_reader_without_calibration_is_taken_at_its_word() -> None:
    calibration = Calibration.of({})
    assert calibration.threshold(0.9) == 0.9
    assert (calibration.least(0.9), calibration.least(0.4)) == (POSSIBLE, 0.4)
    assert calibration.confidence.log_odds({"margin": 2.0, "relevance": 9.0}) == 2.0


@pytest.mark.parametrize("given", [{}, {"ranking": {}}, [], {"ranking": 1, "confidence": 1}, WHOLE | {"curve": [[1]]}])
def test_calibration_that_is_not_whole_is_refused(given: object) -> None:
    with pytest.raises(ModelError, match="calibration is incomplete"):
        Calibration.of({"calibration": given})
