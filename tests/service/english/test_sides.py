from __future__ import annotations

import time

import pytest

from service.english.sides import comparison


def read(question: str) -> list[tuple[str, str]]:
    found = comparison(question)
    return [(side.name, side.question) for side in found.sides] if found else []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "the tolls of 2020 and 2021",
            [("2020", "What are the tolls of 2020?"), ("2021", "What are the tolls of 2021?")],
        ),
        (
            "How do France's and Germany's tolls compare?",
            [("France's", "What are France's tolls?"), ("Germany's", "What are Germany's tolls?")],
        ),
        (
            "How does Kansas's toll compare with Missouri's?",
            [("Kansas's toll", "What is Kansas's toll?"), ("Missouri's toll", "What is Missouri's toll?")],
        ),
        (
            "Which party won more seats, Labour or the Conservatives?",
            [
                ("Labour", "How many seats did Labour win?"),
                ("the Conservatives", "How many seats did the Conservatives win?"),
            ],
        ),
        ("Who is heavier, Ali or Frazier?", [("Ali", "How heavy is Ali?"), ("Frazier", "How heavy is Frazier?")]),
        (
            "Are there more cats or dogs in France?",
            [("cats", "How many cats are there in France?"), ("dogs", "How many dogs are there in France?")],
        ),
        (
            "How many people were killed in Turkey and in Syria?",
            [
                ("Turkey", "How many people were killed in Turkey?"),
                ("Syria", "How many people were killed in Syria?"),
            ],
        ),
        (
            "How many goals did Messi and Mbappé score in Qatar?",
            [
                ("Messi", "How many goals did Messi score in Qatar?"),
                ("Mbappé", "How many goals did Mbappé score in Qatar?"),
            ],
        ),
        (
            "How much rain fell in June and July 2015?",
            [("June 2015", "How much rain fell in June 2015?"), ("July 2015", "How much rain fell in July 2015?")],
        ),
        (
            "How many flights were canceled and how many delayed in August?",
            [
                ("canceled", "How many flights were canceled in August?"),
                ("delayed", "How many flights were delayed in August?"),
            ],
        ),
        (
            "How far did domestic and international travel fall?",
            [
                ("domestic", "How far did domestic travel fall?"),
                ("international", "How far did international travel fall?"),
            ],
        ),
        (
            "Who will win and who should win best actor?",
            [("will win", "Who will win best actor?"), ("should win", "Who should win best actor?")],
        ),
    ],
)
def test_each_side_has_its_own_question(question: str, expected: list[tuple[str, str]]) -> None:
    assert read(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When did Trump and Kim meet?",
        "What did Harry and Meghan say?",
        "How many people live in Trinidad and Tobago?",
        "How many were killed between 2019 and 2021?",
        "How long did Shanghai keep arrivals out of malls and restaurants?",
        "How many banks were in danger after SVB and Signature collapsed?",
        "How many millipedes did Hennen, Marek and Means discover?",
        "How many states put abortion or contraception to voters?",
        "Which stadium did France and Morocco play in?",
        "Who won?",
        "and",
        "",
    ],
)
def test_what_is_said_of_two_together_is_no_comparison(question: str) -> None:
    assert comparison(question) is None


@pytest.mark.parametrize("question", ["How many and " * 40, "How many A and B " * 30, "compare " + "a with " * 70])
def test_longest_question_is_read_at_once(question: str) -> None:
    started = time.process_time()
    comparison(question[:500])
    assert time.process_time() - started < 1
