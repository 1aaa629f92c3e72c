from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters, Span
from index.errors import BadSpan


def test_id_comes_from_the_text_alone() -> None:
    assert Article("one", title="A").id == Article("one", title="B").id == Article("one").sha256[:16]
    assert Article("one").id != Article("two").id


def test_articles_of_the_same_text_are_equal_whatever_else_is_said_of_them() -> None:
    one = Article("one", "A", "The Daily", "AFP", "Ann", "https://x.org", date(2024, 12, 16), 1)
    assert one == Article("one")
    assert hash(one) == hash(Article("one"))
    assert one != replace(one, text="two")


def test_span_cuts_its_text_from_the_article() -> None:
    assert Span(Article("abcdef"), 2, 4).text == "cd"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 7)])
def test_checked_span_refuses_offsets_outside_the_text(start: int, end: int) -> None:
    with pytest.raises(BadSpan, match=f"Characters {start} to {end} are not part of this article, which has 6"):
        Span.checked(Article("abcdef"), start, end)


def test_span_holds_what_lies_inside() -> None:
    article = Article("abcdef")
    assert Span(article, 1, 5).holds(Span(article, 1, 3))
    assert not Span(article, 1, 5).holds(Span(article, 4, 6))
    assert not Span(article, 1, 5).holds(Span(Article("uvwxyz"), 2, 3))


def test_filters_are_false_when_they_limit_nothing() -> None:
    assert not Filters()
    assert Filters(publishers=("The Daily",))
