from __future__ import annotations

import pytest

from service.followup import Carried, Past, Resolution, leans, readings

TROOPS = Past(1, "How many North Korean troops were sent?", "10,000", ("North Korea sent 10,000 troops to Kursk.",))
PRIZE = Past(1, "Who won the Nobel Prize in Physics?", "John Hopfield and Geoffrey Hinton")
CHAMPION = Past(1, "Who became world chess champion?", "Gukesh Dommaraju", ("Gukesh Dommaraju of India won.",))


@pytest.mark.parametrize(
    "question",
    [
        "And how many of them were killed?",
        "How old was he?",
        "When?",
        "Since when?",
        "What about Kursk?",
        "In December?",
        "Where was that?",
        "How many were killed?",
        "Who else?",
    ],
)
def test_question_that_leans_is_seen_to(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the Nobel Prize this week?",
        "Are there any North Korean troops in Russia?",
        "When did Notre-Dame reopen?",
        "What happened in 1998?",
    ],
)
def test_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert readings(question, [TROOPS]) == [Resolution(question)]


@pytest.mark.parametrize(
    ("past", "question", "resolved"),
    [
        (TROOPS, "And how many of them were killed?", "How many of the North Korean troops were killed?"),
        (TROOPS, "How many were killed?", "How many North Korean troops were killed?"),
        (TROOPS, "When?", "When were North Korean troops sent?"),
        (TROOPS, "When was that?", "When were North Korean troops sent?"),
        (TROOPS, "What about Kursk?", "How many North Korean troops were sent in Kursk?"),
        (TROOPS, "And before that?", "How many North Korean troops were sent before that?"),
        (TROOPS, "What about Russian troops?", "How many Russian troops were sent?"),
        (TROOPS, "What happened there?", "What happened Kursk?"),
        (CHAMPION, "How old was he?", "How old was Gukesh Dommaraju?"),
        (CHAMPION, "What was his score?", "What was Gukesh Dommaraju's score?"),
        (PRIZE, "What were they honoured for?", "What were John Hopfield and Geoffrey Hinton honoured for?"),
    ],
)
def test_follow_up_is_read_in_the_light_of_the_last_turn(past: Past, question: str, resolved: str) -> None:
    found = readings(question, [past])
    assert found[0] == Resolution(question)
    assert resolved in [reading.question for reading in found]


def test_what_is_carried_over_says_from_where() -> None:
    assert readings("How many were killed?", [TROOPS])[1].carried == (Carried("North Korean troops", 1),)


def test_nothing_is_carried_over_that_was_taken_away() -> None:
    found = readings("What did he win?", [CHAMPION], without=["gukesh dommaraju"])
    assert all(carried.text != "Gukesh Dommaraju" for reading in found for carried in reading.carried)


def test_without_a_past_there_is_nothing_to_lean_on() -> None:
    assert readings("And why?", []) == [Resolution("And why?")]


def test_at_most_three_readings_are_tried_beside_the_plain_one() -> None:
    many = Past(1, "What did Ann, Bob, Cem, Dan, Eve and Fay tell Gus Hill?")
    assert len(readings("What did she say to him about it?", [many])) <= 4
