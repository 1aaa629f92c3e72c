from __future__ import annotations

from datetime import date

import pytest

from service.english.dates import TIME, speaks_of_now, written, written_short


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2024, 12, 16), "16 December 2024", "16 Dec 2024"),
        (date(2024, 5, 1), "1 May 2024", "1 May 2024"),
        (date(987, 1, 2), "2 January 987", "2 Jan 987"),
    ],
)
def test_day_is_written_long_and_short(day: date, long: str, short: str) -> None:
    assert (written(day), written_short(day)) == (long, short)


@pytest.mark.parametrize(
    "question",
    [
        "Who won today?",
        "What is the latest count of troops?",
        "How many have been killed so far?",
        "What happened in Kursk last weekend?",
        "Who spoke this Monday?",
    ],
)
def test_question_for_the_latest_speaks_of_now(question: str) -> None:
    assert speaks_of_now(question)


@pytest.mark.parametrize("question", ["Who won in 2019?", "What do you know of Knowles?", "How long is a day?"])
def test_question_for_another_time_does_not(question: str) -> None:
    assert not speaks_of_now(question)


@pytest.mark.parametrize(
    ("text", "order", "time"),
    [
        ("What did Kyiv hold in November?", "in ", "November"),
        ("Who spoke on 16 December 2024?", "on ", "16 December 2024"),
        ("Who spoke on December 16, 2024?", "on ", "December 16, 2024"),
        ("Who won in early May 2024?", "in early ", "May 2024"),
        ("Who spoke Monday?", None, "Monday"),
        ("Who has won since 2019?", "since ", "2019"),
    ],
)
def test_time_is_found_with_its_preposition(text: str, order: str | None, time: str) -> None:
    found = TIME.search(text)
    assert found is not None
    assert (found["order"], found["time"]) == (order, time)


@pytest.mark.parametrize("text", ["Who won the Paris 2024 Games?", "How may they march?", "Who sent 2000 troops?"])
def test_what_is_no_time_is_not_found(text: str) -> None:
    assert TIME.search(text) is None
