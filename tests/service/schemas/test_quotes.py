from __future__ import annotations

from datetime import date

import pytest

from index.articles import Article
from service.schemas.quotes import Source

TEXT = "The Moon covered the Sun, “all of it”, NASA said."


@pytest.mark.parametrize(
    ("article", "beside"),
    [
        (Article(TEXT, title="The moon covered the Sun!"), None),
        (Article(TEXT, title=TEXT), None),
        (Article(TEXT + " It lasted."), None),  # its heading is its first sentence
        (Article("The Moon " * 30 + "rose."), "The Moon " * 10 + "…"),
        (Article(TEXT, title="The Moon covered the Sunset"), "The Moon covered the Sunset"),
        (Article(TEXT, title="Covered the Sun"), "Covered the Sun"),
    ],
)
def test_title_stands_beside_a_quote_unless_the_quote_begins_with_it(article: Article, beside: str | None) -> None:
    assert Source.of(article).title_beside(TEXT) == beside


def test_title_that_was_cut_is_left_out_beside_the_sentence_it_was_cut_from() -> None:
    long = Article("The Moon " * 30 + "rose.", published=date(2024, 4, 8))
    assert Source.of(long).title_beside(long.text) is None
