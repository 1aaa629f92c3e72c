from __future__ import annotations

import pytest

from benchmarks.asking import Kind
from benchmarks.cases import Case, Stage
from benchmarks.fitting import MIX, NAMES, curve, curve_points, fit, fold, judged, outcomes_apart, shares_of
from index.articles import Article, Span
from service.answering.answer import Outcome
from service.answering.answerer import ENOUGH


def stage(name: str, margins: tuple[float, ...], right: tuple[bool, ...]) -> Stage:
    article = Article(f"{name} said so and so and so.")
    zero = dict.fromkeys(NAMES, 0.0)
    return Stage(
        len(margins),
        tuple(zero | {"margin": margin} for margin in margins),
        tuple(Span(article, n, n + 1) for n in range(len(margins))),
        right,
        right,
        tuple(map(float, right)),
    )


def case(number: int, margin: float, kind: Kind = Kind.ANSWERABLE) -> Case:
    is_right = kind is Kind.ANSWERABLE
    first = stage(str(number), (margin - 1,), (False,))
    second = stage(str(number), (margin, margin - 2), (is_right, is_right and number % 8 == 3))
    return Case("windows", str(number), kind, "facts", (first, second))


def cases() -> list[Case]:
    kinds = [Kind.NEAR_MISS, Kind.STRANGER, Kind.ANSWERABLE, Kind.ANSWERABLE]
    return [case(n, n / 40 - (0 if kinds[n % 4] is Kind.ANSWERABLE else 4), kinds[n % 4]) for n in range(200)]


def test_fit_learns_what_tells_right_from_wrong() -> None:
    fitted = fit(cases())
    assert fitted.ranking.of["margin"] > 0
    assert fitted.confidence.of["margin"] > 0
    assert fitted.further.of["margin"] > 0


def test_quote_after_the_first_is_judged_by_how_often_such_quotes_answer() -> None:
    (verdict,) = judged([case(2, 0.0)], fit(cases()))
    ((confidence, is_right),) = verdict.further
    assert (confidence < verdict.confidence, is_right) == (True, False)


def test_cases_count_as_the_mix_has_them() -> None:
    given = cases()
    shares = shares_of(given)
    for kind, part in MIX.items():
        assert sum(share for share, c in zip(shares, given, strict=True) if c.kind is kind) == pytest.approx(part)


def test_curve_answers_more_and_more_until_all() -> None:
    given = cases()
    points = curve(list(judged(given, fit(given))), lambda verdict: verdict.is_right)
    assert [coverage for _, _, coverage in points] == sorted(coverage for _, _, coverage in points)
    assert points[-1][2] == pytest.approx(1.0)


def test_reading_stops_where_it_is_confident_enough() -> None:
    fitted = fit(cases())
    (sure,) = judged([case(1, 30.0)], fitted)
    (unsure,) = judged([case(2, 0.0)], fitted)
    assert (sure.confidence >= ENOUGH, sure.first_hit) == (True, 0)  # the first stage, whose one quote is not right
    assert (unsure.confidence < ENOUGH, unsure.first_hit) == (True, 1)


def test_questions_about_one_article_are_in_one_fold() -> None:
    assert fold(case(7, 0.0)) == fold(case(7, 3.0, Kind.NEAR_MISS))


def test_outcome_is_by_thresholds_of_other_folds() -> None:
    verdicts = list(judged(cases(), fit(cases())))
    assert curve_points(verdicts)[0].precision == 1.0
    by_outcome = dict.fromkeys(Outcome, 0)
    for verdict, outcome in outcomes_apart(verdicts, 0.9):
        by_outcome[outcome] += verdict.is_right
    assert by_outcome[Outcome.ANSWERED] > by_outcome[Outcome.NOT_IN_ARTICLES]
