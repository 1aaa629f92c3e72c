from __future__ import annotations

import pytest

from benchmarks.disagreement import Measure, fit, least, ratio
from benchmarks.figures import HALVES, pairs
from benchmarks.news import NEWS_DEV


def test_ratio_is_that_of_the_sums_with_an_interval_over_clusters() -> None:
    found = ratio([True, True, False, True], [True] * 4, ["a", "a", "b", "b"])
    assert (found.mean, found.low, found.high) == (0.75, 0.5, 1.0)
    assert ratio([False], [False], ["a"]) == (0.0, 0.0, 0.0)


def test_least_probability_keeps_the_wanted_precision() -> None:
    assert least([0.9, 0.805, 0.7], [True, True, False]) == 0.81
    assert least([0.9, 0.8], [False, True]) == 1.0


def test_fit_turns_no_sign_round() -> None:
    given = [
        {"shared words": 1.0, "fate": 1.0},
        {"shared words": 0.0, "fate": 1.0},
        {"shared words": 1.0, "fate": 0.0},
    ] * 20
    weights = fit(given, [of["shared words"] == 1.0 for of in given])
    assert weights.of["shared words"] > 0
    assert weights.of.get("fate", 0.0) <= 0
    assert weights.log_odds(given[0]) > 0 > weights.log_odds(given[1])


@pytest.mark.skipif(not NEWS_DEV.is_dir(), reason="needs the data sets")
def test_labels_are_of_sentences_and_share_no_article_pair_between_the_halves() -> None:
    halves = [list(pairs(half)) for half in HALVES]
    for found in halves:
        same = sum(pair.same for pair in found)
        assert same >= 150
        assert len(found) - same >= same
    spans = [{frozenset((p.one.amount.span, p.other.amount.span)) for p in found if p.same} for found in halves]
    assert spans[0].isdisjoint(spans[1])


@pytest.mark.skipif(not NEWS_DEV.is_dir(), reason="needs the data sets")
def test_measure_of_the_labels_themselves_is_perfect() -> None:
    found = [(pair, pair.same) for pair in pairs("measuring")][:50]
    assert Measure.of(found).precision.mean == Measure.of(found).recall.mean == 1.0
