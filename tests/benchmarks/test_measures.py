from __future__ import annotations

import pytest

from benchmarks.quality import calibration_error
from benchmarks.reading import detokenized, hit
from benchmarks.report import share


def test_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = share([1, 0] * 10), share([1, 0] * 1_000)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert share([]) == (0.0, 0.0, 0.0)


def test_calibration_error_is_nought_where_confidence_is_the_share_of_right_ones() -> None:
    assert calibration_error([0.25] * 4 + [0.75] * 4, [True, False, False, False, True, True, True, False]) == 0.0
    assert calibration_error([0.9] * 4, [False] * 4) == pytest.approx(0.9)


def test_older_data_sets_are_detokenized() -> None:
    assert detokenized("`` it does n't -lrb- yet -rrb- work , '' he said .") == "“it doesn't (yet) work,” he said."


def test_text_is_read_as_one_sentence() -> None:
    found = hit("One. Two.")
    assert found.passage.text == found.passage.sentence.text == "One. Two."
