from __future__ import annotations

import pytest

from service.citing.axis import Axis, written


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([30, 100], (0, 25, 50, 75, 100)),
        ([8_000, 11_000], (0, 5_000, 10_000, 15_000)),
        ([7, 7], (0, 2, 4, 6, 8)),  # whole values have whole steps
        ([0.5, 0.7], (0, 0.2, 0.4, 0.6, 0.8)),
        ([0, 0], (0, 1)),
        ([], (0, 1)),
        ([0, 1_000_000], (0, 250_000, 500_000, 750_000, 1_000_000)),
        ([-40, 60], (-50, 0, 50, 100)),
        ([-100, -99], (-100, -75, -50, -25, 0)),
    ],
)
def test_axis_begins_at_0_and_has_round_steps(values: list[float], ticks: tuple[float, ...]) -> None:
    assert Axis.of(values) == Axis(ticks)
    assert Axis.of(values).note == ""


def test_values_close_together_are_told_apart_by_an_axis_that_says_so() -> None:
    axis = Axis.of([50.1, 50.3])
    assert axis.ticks == (50.1, 50.15, 50.2, 50.25, 50.3)
    assert axis.note == "The scale does not begin at 0."


def test_values_far_apart_are_told_apart_by_steps_that_multiply() -> None:
    axis = Axis.of([30, 10, 20_000_000])
    assert axis.is_logarithmic
    assert axis.ticks == (10, 1_000, 100_000, 10_000_000, 1_000_000_000)
    assert axis.place(1_000) == 0.25
    assert axis.note == "Each line stands for 100 times as much as the one before it."


def test_equal_values_that_only_floats_tell_apart_are_equal() -> None:
    assert Axis.of([1e18, 1e18 - 200]).ticks[0] == 0


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0, "", "0"),
        (12_000, "", "12,000"),
        (1_500_000, "", "1.5 million"),
        (2e9, "$", "$2 billion"),
        (1e18, "", "1 quintillion"),
        (-20, "€", "−€20"),
        (12.5, "%", "12.5%"),
        (0.0001, "", "0.0001"),
        (40, "kilomet", "40"),  # the stem of a measure is no word
    ],
)
def test_values_are_written_as_newspapers_do(value: float, unit: str, shown: str) -> None:
    assert written(value, unit) == shown
