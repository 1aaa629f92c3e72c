from __future__ import annotations

import pytest

from index.articles import Article, Span
from service.english.amounts import Amount, amount


def read(sentence: str, answer: str) -> Amount | None:
    article = Article(sentence)
    start = sentence.index(answer)
    return amount(Span(article, start, start + len(answer)), Span(article, 0, len(sentence)))


def written(sentence: str, number: str, value: float, unit: str, at_least: bool = False) -> Amount:
    start = sentence.index(number)
    return Amount(Span(Article(sentence), start, start + len(number)), value, unit, at_least)


@pytest.mark.parametrize(
    ("sentence", "answer", "number", "value", "unit"),
    [
        ("About 8,000 soldiers came.", "About 8,000", "8,000", 8_000, ""),
        ("Twenty-five people were ill.", "Twenty-five", "Twenty-five", 25, ""),
        ("It costs $1.2 billion a year.", "$1.2 billion", "$1.2 billion", 1.2e9, "$"),
        ("It was 1.5bn in all.", "1.5bn", "1.5bn", 1.5e9, ""),
        ("Prices rose by 5 per cent.", "5 per cent", "5", 5, "%"),
        ("Prices rose by 5.25% in May.", "5.25%", "5.25", 5.25, "%"),
        ("They lost 30 in December.", "30", "30", 30, ""),
        ("Kyiv held 800 square kilometres.", "800", "800", 800, "squar kilometr"),
        ("It comes with 11 million Swedish kronor.", "11 million", "11 million", 11e6, "kronor"),
    ],
)
def test_amounts_are_read_with_scale_and_unit(sentence: str, answer: str, number: str, value: float, unit: str) -> None:
    assert read(sentence, answer) == written(sentence, number, value, unit)


@pytest.mark.parametrize(
    ("sentence", "answer", "number", "value"),
    [
        ("They sent 10,000 or more.", "10,000 or more", "10,000", 10_000),
        ("They sent 10,000 men or more.", "10,000 men or more", "10,000", 10_000),
        ("More than two million people left.", "More than two million people", "two million", 2e6),
        ("Well over 30 were killed.", "Well over 30", "30", 30),
        ("At least about 30 were killed.", "At least about 30", "30", 30),
        ("No fewer than 30 came.", "No fewer than 30", "30", 30),
        ("Some 300+ homes burnt.", "Some 300", "300", 300),
    ],
)
def test_lower_bound_is_seen_to_be_one(sentence: str, answer: str, number: str, value: float) -> None:
    assert read(sentence, answer) == written(sentence, number, value, "", at_least=True)


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("No more than 30 came.", "No more than 30"),
        ("Up to 30 came.", "Up to 30"),
        ("Fewer than 30 came.", "Fewer than 30"),
        ("Nearly 30 came.", "Nearly 30"),
        ("It was 30 or more than that in bad years.", "30"),
        ("Of more than 50 who were asked, 30 came.", "30"),
    ],
)
def test_other_hedges_are_no_lower_bounds(sentence: str, answer: str) -> None:
    assert read(sentence, answer) == written(sentence, "30", 30, "")


def test_amount_has_the_offsets_of_its_own_words() -> None:
    found = read("On Monday at least $3 billion was paid.", "at least $3 billion")
    assert found is not None
    assert (found.span.start, found.span.end, found.text) == (19, 29, "$3 billion")


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
