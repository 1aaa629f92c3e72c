from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.english.coordination import items


def read(sentence: str, span: str) -> list[str]:
    start = sentence.index(span)
    return [sentence[first:last] for first, last in items(sentence, start, start + len(span))]


STATES = "At least four states – California, Michigan, Kentucky and Vermont – will have similar questions."
LISTS = [
    (STATES, ["California", "Michigan", "Kentucky", "Vermont"]),
    (
        "Symptoms include fatigue, fever, headache, body aches and rash.",
        ["fatigue", "fever", "headache", "body aches", "rash"],
    ),
    (
        "They built churches, a hair salon, a bookshop and even a pool room.",
        ["churches", "a hair salon", "a bookshop", "a pool room"],
    ),
    (
        "It killed 2,800 sea otters, 300 harbor seals and billions of fish eggs.",
        ["2,800 sea otters", "300 harbor seals", "billions of fish eggs"],
    ),
    (
        "The storm hit Guyana, Trinidad and Tobago, and Barbados on Monday.",
        ["Guyana", "Trinidad and Tobago", "Barbados"],
    ),
    ("It was bought by Kwik, Marks and Spencer and Tesco.", ["Kwik", "Marks and Spencer", "Tesco"]),
    ("They met Ann Lee (a lawyer), Bo Ek and Cy Orr.", ["Ann Lee", "Bo Ek", "Cy Orr"]),
    ("Her songs are “One, Two,” “Live” and “Best Song.”", ["One, Two", "Live", "Best Song"]),
]


@pytest.mark.parametrize(("sentence", "expected"), LISTS)
def test_every_item_leads_to_all_of_them(sentence: str, expected: list[str]) -> None:
    whole = sentence[sentence.index(expected[0]) : sentence.index(expected[-1]) + len(expected[-1])]
    assert read(sentence, whole) == expected
    for item in expected[1:]:
        assert read(sentence, item) == expected, item


@pytest.mark.parametrize(
    ("sentence", "span"),
    [
        ("It happened in Trinidad and Tobago.", "Trinidad and Tobago"),
        ("He bought Marks and Spencer.", "Marks and Spencer"),
        ("Some two and a half million people fled.", "two and a half million"),
        ("Between 10 and 20 were hurt.", "Between 10 and 20"),
        ("The Department of Health and Human Services said so.", "Department of Health and Human Services"),
        (
            "The National Oceanic and Atmospheric Administration said so.",
            "National Oceanic and Atmospheric Administration",
        ),
        ("The Food and Trade Commission said so.", "Food and Trade Commission"),
        ("It struck Uvalde, Texas, and moved on.", "Uvalde, Texas"),
        ("Biden met Scholz in Berlin, and Macron said he would come.", "Berlin"),
        ("Kim Yong Chol, a former spy chief, entered the White House.", "Kim Yong Chol"),
    ],
)
def test_what_is_one_is_not_split(sentence: str, span: str) -> None:
    assert read(sentence, span) == [span]


@given(st.text(alphabet="Ab, and“”()\n.1é", max_size=60), st.integers(0, 60), st.integers(1, 20))
def test_items_lie_in_the_sentence_in_order_whatever_it_is(text: str, start: int, length: int) -> None:
    sentence = f"x{text}"
    start = min(start, len(sentence) - 1)
    found = items(sentence, start, min(len(sentence), start + length))
    assert found
    assert all(0 <= first <= last <= len(sentence) for first, last in found)
    assert found == sorted(found)


def test_long_sentence_costs_no_more_than_its_length() -> None:
    sentence = "A, " * 200_000 + "and B"
    started = time.process_time()
    assert items(sentence, 0, 1) == [(0, 1)]
    assert time.process_time() - started < 1
