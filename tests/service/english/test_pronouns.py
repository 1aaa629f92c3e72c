from __future__ import annotations

import pytest

from service.english.pronouns import pointing_back


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Is it raining in Paris this week", "Is __ raining in Paris _________"),
        ("Has it really been snowing in Rome", "Has __ really been snowing in Rome"),
        ("Was it cold in Berlin", "Was __ cold in Berlin"),
        ("How cold was it in Berlin", "How cold was __ in Berlin"),
        ("How far is it from Kyiv to Kursk", "How far is __ from Kyiv to Kursk"),
        ("What time is it in Tokyo", "What time is __ in Tokyo"),
        ("What is it like in Kursk", "What is __ like in Kursk"),
        ("How long does it take to fly to Mars", "How long does __ take to fly to Mars"),
        ("How much did it cost NASA to fly there", "How much did __ cost NASA to fly there"),
        ("Is it true that Kyiv fell", "Is __ true that Kyiv fell"),
        ("Why was it that Kyiv fell", "Why was __ that Kyiv fell"),
        ("Are there troops in Russia", "Are _____ troops in Russia"),
        ("Who said that troops left Kyiv", "Who said ____ troops left Kyiv"),
        ("Which deal that was made in Paris failed", "Which deal ____ was made in Paris failed"),
        ("How many have died so far", "How many have died __ far"),
    ],
)
def test_words_that_point_at_nothing_are_blanked(question: str, expected: str) -> None:
    assert pointing_back(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Joe Biden do in his first 100 days", "What did Joe Biden do in ___ first 100 days"),
        ("What did Ann Lee say about her book", "What did Ann Lee say about ___ book"),
        ("When did IHOP say it was changing its name", "When did IHOP say __ was changing ___ name"),
        ("Why did Trump tell Pence that many would hate him", "Why did Trump tell Pence that many would hate ___"),
        (
            "Ann Lee was hurt this week. What team does she play for",
            "Ann Lee was hurt _________. What team does ___ play for",
        ),
        ("Which country is changing its name", "Which country is changing ___ name"),
    ],
)
def test_word_that_stands_for_a_name_before_it_is_blanked(question: str, expected: str) -> None:
    assert pointing_back(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How much does he say Ukraine holds",
        "What did the Pentagon say about them",
        "What did the Pentagon say about his plan",
        "What happened in Kursk after he left",
        "Did Ann Lee meet him in Paris",
        "Which team did he play for",
        "When did NASA launch it in Florida",
        "What did Ann Lee say about their book",
        "Apple said so",
        "How long did it take",
        "What was it like",
        "Why was that",
        "Who was there",
    ],
)
def test_word_that_points_back_stays(question: str) -> None:
    assert pointing_back(question) == question
