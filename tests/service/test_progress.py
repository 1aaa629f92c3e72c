from __future__ import annotations

import pytest

from service.progress import Lines, Pace, lasting


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.2, "1 second"),
        (1.4, "1 second"),
        (119.4, "119 seconds"),
        (120, "2 minutes"),
        (1_920, "32 minutes"),
        (7_199, "120 minutes"),
        (7_200, "2 hours"),
        (100_000, "28 hours"),
    ],
)
def test_time_is_said_in_the_largest_unit_of_which_there_are_two(seconds: float, expected: str) -> None:
    assert lasting(seconds) == expected


def test_pace_says_the_rate_and_what_remains_once_the_models_are_loaded(clock: Clock) -> None:
    pace = Pace(clock)
    assert list(pace.said()) == []
    clock.now += 60
    pace.note(1, 10_000, 30)
    clock.now += 10
    pace.note(101, 10_000, 2_100)
    assert list(pace.said()) == ["210 sentences a second", "16 minutes left"]


def test_pace_says_nothing_in_the_first_second_and_nothing_that_is_not_known(clock: Clock) -> None:
    pace = Pace(clock)
    pace.note(0, 10_000, 0)
    clock.now += 0.9
    pace.note(100, 10_000, 2_100)
    assert list(pace.said()) == []
    clock.now += 9.1
    pace.note(200, 0, 0)
    assert list(pace.said()) == ["210 sentences a second"]
    slow = Pace(clock)
    slow.note(0, 100, 0)
    clock.now += 2
    slow.note(50, 100, 2)
    assert list(slow.said()) == ["1 sentence a second", "2 seconds left"]
    only_known = Pace(clock)
    only_known.note(0, 100, 0)
    clock.now += 2
    only_known.note(50, 100, 0)
    assert list(only_known.said()) == ["2 seconds left"]


def test_articles_that_were_known_do_not_make_the_rest_seem_fast(clock: Clock) -> None:
    pace = Pace(clock)
    pace.note(1, 10_000, 0)
    clock.now += 1
    pace.note(9_000, 10_000, 0)  # a run that goes on where another was killed
    for second in range(1, 121):
        clock.now += 1
        pace.note(9_000 + second, 10_000, 30)
    assert list(pace.said()) == ["30 sentences a second", "15 minutes left"]


def test_each_stage_goes_at_its_own_pace(clock: Clock) -> None:
    pace = Pace(clock)
    for done, total in ((0, 11_474), (6_400, 11_474), (11_474, 11_474), (0, 597_074), (100_000, 597_074)):
        pace.note(done, total, 0)
        clock.now += 10
    assert list(pace.said()) == ["50 seconds left"]


@pytest.mark.parametrize(("unit", "of"), [("articles", "1,200 of 10,057 articles"), ("", "1,200 of 10,057")])
def test_line_says_how_far_work_is_and_how_fast(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, unit: str, of: str
) -> None:
    monkeypatch.setattr("service.progress.time.monotonic", clock)
    lines = Lines("Reading and embedding", unit)
    monkeypatch.setattr(lines, "_pace", Pace(clock))
    for done in (0, 600, 1_200):
        clock.now += 4
        lines(done, 10_057, 840)
    assert capsys.readouterr().err == f"Reading and embedding: {of}, 210 sentences a second, 59 seconds left\n"
