from __future__ import annotations

import pytest

from index.articles import Article, Span
from service.amounts import Amount, amount


def read(sentence: str, answer: str) -> Amount | None:
    article = Article(sentence)
    start = sentence.index(answer)
    return amount(Span(article, start, start + len(answer)), Span(article, 0, len(sentence)))


@pytest.mark.parametrize(
    ("sentence", "answer", "expected"),
    [
        ("About 8,000 soldiers came.", "About 8,000", Amount("8,000", 8_000, "")),
        ("They sent 10,000 or more.", "10,000 or more", Amount("10,000", 10_000, "")),
        ("Twenty-five people were ill.", "Twenty-five", Amount("Twenty-five", 25, "")),
        ("More than two million people left.", "More than two million people", Amount("two million", 2e6, "")),
        ("It costs $1.2 billion a year.", "$1.2 billion", Amount("$1.2 billion", 1.2e9, "$")),
        ("It was 1.5bn in all.", "1.5bn", Amount("1.5bn", 1.5e9, "")),
        ("Prices rose by 5 per cent.", "5 per cent", Amount("5", 5, "%")),
        ("Prices rose by 5.25% in May.", "5.25%", Amount("5.25", 5.25, "%")),
        ("They lost 30 in December.", "30", Amount("30", 30, "")),
        ("Kyiv held 800 square kilometres.", "800", Amount("800", 800, "squar kilometr")),
        ("It comes with 11 million Swedish kronor.", "11 million", Amount("11 million", 11e6, "kronor")),
    ],
)
def test_amounts_are_read_with_scale_and_unit(sentence: str, answer: str, expected: Amount) -> None:
    assert read(sentence, answer) == expected


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("It will be held in 2028.", "2028"),
        ("The losses fell on 14 and 15 December.", "14 and 15 December"),
        ("They came from the 94th brigade.", "94th"),
        ("Several hundred men were lost.", "Several hundred"),
        ("He bought three dozen eggs.", "three dozen"),
        ("None of them fought.", "None"),
        ("Gukesh won the title.", "Gukesh"),
    ],
)
def test_dates_ranks_and_vague_words_are_no_amounts(sentence: str, answer: str) -> None:
    assert read(sentence, answer) is None


def test_number_far_greater_than_any_is_read() -> None:
    digits = "9" * 400
    assert read(f"There were {digits} of them.", digits) is None
