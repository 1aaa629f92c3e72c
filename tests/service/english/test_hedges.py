from __future__ import annotations

import pytest

from index.articles import Article, Span
from service.english.hedges import Hedge, hedge, hedge_of


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("at least ", " people", Hedge.AT_LEAST),
        ("more than ", "", Hedge.AT_LEAST),
        ("no fewer than ", "", Hedge.AT_LEAST),
        ("", "+ people", Hedge.AT_LEAST),
        ("about ", " people or more", Hedge.AT_LEAST),
        ("up to ", " people", Hedge.AT_MOST),
        ("at most ", "", Hedge.AT_MOST),
        ("no more than ", "", Hedge.AT_MOST),
        ("fewer than ", "", Hedge.AT_MOST),
        ("as many as ", "", Hedge.AT_MOST),
        ("", " or fewer", Hedge.AT_MOST),
        ("about ", "", Hedge.ABOUT),
        ("Nearly ", "", Hedge.ABOUT),
        ("an estimated ", "", Hedge.ABOUT),
        ("", " or so", Hedge.ABOUT),
        ("only ", "", None),
        ("", " people or more than one dog", None),
        ("", "", None),
    ],
)
def test_words_around_an_amount_say_on_which_side_of_it_the_number_lies(
    before: str, after: str, expected: Hedge | None
) -> None:
    assert hedge(before, after) is expected


def test_words_before_the_answer_are_not_its_hedge() -> None:
    article = Article("About this, up to 50 people or so spoke.")
    answer = Span(article, 12, 20)
    assert hedge_of(Span(article, 18, 20), answer, Span(article, 0, len(article.text))) is Hedge.AT_MOST
