from __future__ import annotations

import pytest

from service.conversing.followup import Carried, Rewrite, leans, rewrites
from service.conversing.mentions import Past

TROOPS = Past(1, "How many North Korean troops were sent?", "10,000", ("North Korea sent 10,000 troops to Kursk.",))
PRIZE = Past(1, "Who won the Nobel Prize in Physics?", "John Hopfield and Geoffrey Hinton")
HELD = Past(1, "How many square kilometres did Kyiv hold in November?", "800", ("Kyiv held 800 square kilometres.",))
DOORS = Past(1, "Who opened the doors of Notre-Dame?", "Laurent Ulrich", ("Laurent Ulrich knocked on the doors.",))
BEATEN = Past(1, "Whom did Gukesh Dommaraju beat?", "Ding Liren", ("It was in Singapore that he beat Ding Liren.",))
STATES = Past(1, "Where will the Games be held?", "Los Angeles", ("Los Angeles is in the United States, they said.",))
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
        "Is it raining in Paris this week?",
        "Was it cold in Berlin?",
        "How long does it take to fly to Mars?",
        "What time is it in Tokyo?",
        "How many laws did Joe Biden sign in his first 100 days?",
        "Which state was hit by heavy storms and widespread floods?",
    ],
)
def test_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert rewrites(question, [TROOPS]) == [Rewrite(question)]


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
        (TROOPS, "What happened there?", "What happened in Kursk?"),
        (TROOPS, "Who went there?", "Who went to Kursk?"),
        (TROOPS, "In December?", "How many North Korean troops were sent in December?"),
        (TROOPS, "What about tanks?", "How many tanks were sent?"),
        (HELD, "What was the weather like?", "What was the weather like (Kyiv)?"),
        (HELD, "And before that?", "How many square kilometres did Kyiv hold before November?"),
        (HELD, "In December?", "How many square kilometres did Kyiv hold in December?"),
        (HELD, "Any losses?", "Any losses (Kyiv)?"),
        (DOORS, "When?", "When did Laurent Ulrich open the doors of Notre-Dame?"),
        (DOORS, "Who else?", "Who else opened the doors of Notre-Dame?"),
        (BEATEN, "Where?", "Where did Gukesh Dommaraju beat Ding Liren?"),
        (STATES, "Who lives there?", "Who lives in the United States?"),
        (CHAMPION, "What was her 2024 score?", "What was Gukesh Dommaraju's 2024 score?"),
        (CHAMPION, "How old was he?", "How old was Gukesh Dommaraju?"),
        (CHAMPION, "What was his score?", "What was Gukesh Dommaraju's score?"),
        (PRIZE, "What were they honoured for?", "What were John Hopfield and Geoffrey Hinton honoured for?"),
    ],
)
def test_follow_up_is_read_in_the_light_of_the_last_turn(past: Past, question: str, resolved: str) -> None:
    found = rewrites(question, [past])
    assert resolved in [rewrite.question for rewrite in found]


def test_what_is_carried_over_says_from_where() -> None:
    assert rewrites("How many were killed?", [TROOPS])[0].carried == (Carried("North Korean troops", 1),)


def test_answer_in_the_place_of_its_question_word_is_carried_over() -> None:
    (rewrite,) = rewrites("When?", [DOORS])
    assert rewrite.carried == (Carried("Who opened the doors of Notre-Dame", 1), Carried("Laurent Ulrich", 1))
    assert len(rewrites("When?", [DOORS], without=["Laurent Ulrich"])) == 1


def test_nothing_is_carried_over_that_was_taken_away() -> None:
    found = rewrites("What did he win?", [CHAMPION], without=["gukesh dommaraju"])
    assert all(carried.text != "Gukesh Dommaraju" for rewrite in found for carried in rewrite.carried)


SEAL = Past(1, "Which animal was hurt in the storm?", "a harbour seal", ("A harbour seal was hurt in the storm.",))
FLOODS = Past(1, "Which storm caused the floods in Libya?", "Daniel")
KILLED = Past(2, "How many people were killed (Daniel caused the floods in Libya)?", "2,000", leans=True)
SELLING = Past(1, "What did KISS sell?", "songs", ("KISS sold its songs.",), "KISS sells its songs")
GOALS = Past(1, "Who scored the first goal for France?", "Hernández")
HEIGHT = Past(1, "How tall is Joey Chestnut?", "6-1")


@pytest.mark.parametrize(
    ("past", "question", "resolved"),
    [
        ([FLOODS], "How many people were killed?", "How many people were killed (Daniel caused the floods in Libya)?"),
        ([FLOODS, KILLED], "Who helped?", "Who helped (Daniel caused the floods in Libya)?"),
        (
            [FLOODS, KILLED],
            "And in Bayda?",
            "How many people were killed in Bayda (Daniel caused the floods in Libya)?",
        ),
        ([SEAL], "Who found it?", "Who found it (a harbour seal was hurt in the storm)?"),
        ([SELLING], "What do they sing?", "What do KISS sing?"),
        ([GOALS], "And the second?", "Who scored the second goal for France?"),
        ([HEIGHT], "and Kobayashi?", "How tall is Kobayashi?"),
    ],
)
def test_follow_up_carries_what_the_conversation_is_about(past: list[Past], question: str, resolved: str) -> None:
    assert resolved in [rewrite.question for rewrite in rewrites(question, past)]


def test_question_that_means_nothing_by_itself_is_not_asked_as_it_is() -> None:
    assert Rewrite("How old was he?") not in rewrites("How old was he?", [CHAMPION])
    assert rewrites("How many were killed?", [TROOPS])[-1] == Rewrite("How many were killed?")
    assert rewrites("Why?", [Past(1, "")], without=["x"])[-1] == Rewrite("Why?")


def test_without_a_past_there_is_nothing_to_lean_on() -> None:
    assert rewrites("And why?", []) == [Rewrite("And why?")]


def test_at_most_three_rewrites_are_tried_beside_the_plain_one() -> None:
    many = Past(1, "What did Ann, Bob, Cem, Dan, Eve and Fay tell Gus Hill?")
    assert len(rewrites("What did she say to him about it?", [many])) <= 4


def test_group_is_named_whole_though_a_title_cuts_it_short() -> None:
    said = "Officials put the number of North Korean soldiers at 10,000 or more."
    past = [Past(1, "How many North Korean troops were sent?", "10,000 or more", (said,), "North Korean losses named")]
    first, *_ = rewrites("And how many of them were killed?", past, ())
    assert first.question == "How many of the North Korean soldiers were killed?"
