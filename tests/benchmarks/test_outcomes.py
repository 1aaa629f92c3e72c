from __future__ import annotations

import pytest

from benchmarks.calibrate import Case, Verdict
from benchmarks.outcomes import WORDS, halves, rows, thresholds, worded


def verdict(p_answerable: float, confidence: float, first_hit: int, week: str = "1") -> Verdict:
    """Return the verdict on a question that is answerable if a quote holds the answer."""
    return Verdict(Case(week, first_hit > 0, (), (), ()), p_answerable, confidence, first_hit, ())


def test_halves_keep_weeks_that_share_questions_together() -> None:
    first, second = halves([verdict(0.5, 0.5, 0, week) for week in "12345678"])
    assert ["".join(v.case.week for v in half) for half in (first, second)] == ["1357", "2468"]


def test_uncertain_is_between_the_thresholds_and_sure_from_high_confidence_on() -> None:
    given = [verdict(0.9, 0.95, 1), verdict(0.8, 0.6, 2), verdict(0.5, 0.2, 3), verdict(0.3, 0.9, 0)]
    said = list(worded(given, 0.7, 0.5))
    assert [word for word, _ in said] == list(WORDS)
    assert [row[1] for row in rows(said)] == ["1", "1", "1", "1"]
    assert [row[4].partition("%")[0] for row in rows(said)] == ["100.0", "100.0", "100.0", "0.0"]


@pytest.mark.parametrize(("hits", "least"), [((0, 1, 1, 1), 0.3), ((0, 1, 0, 0), 0.5), ((0, 0, 0, 0), 0.6)])
def test_lower_threshold_is_where_half_of_those_in_between_are_found(hits: tuple[int, ...], least: float) -> None:
    answered = [verdict(0.9, 0.9, 1), verdict(0.6, 0.9, 1)]
    below = [verdict(p, 0.1, hit) for p, hit in zip((0.55, 0.5, 0.4, 0.3), hits, strict=True)]
    assert thresholds([*answered, *below], 1.0) == (0.6, least)
