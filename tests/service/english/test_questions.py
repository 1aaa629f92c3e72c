from __future__ import annotations

import pytest

from service.english.questions import (
    asked_of,
    asked_with,
    begun,
    bracketed,
    counted,
    counting,
    fragment,
    is_led,
    topic,
    without_lead,
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What about Kursk", "Kursk"),
        ("in December", "in December"),
        ("any other losses", "any other losses"),
        ("Who won", None),
        ("Did they win", None),
        ("Tell me more", None),
    ],
)
def test_fragment_is_what_a_question_without_a_verb_is_about(question: str, expected: str | None) -> None:
    assert fragment(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When", "When"),
        ("Since when", "Since when"),
        ("Where was that", "Where"),
        ("Who else", "Who else"),
        ("Who won", None),
    ],
)
def test_begun_question_is_a_question_word(question: str, expected: str | None) -> None:
    assert begun(question) == expected


def test_lead_ties_a_question_to_the_one_before() -> None:
    assert is_led("And then, who won")
    assert without_lead("And then, who won") == "who won"
    assert without_lead("And") == "And"
    assert not is_led("Andorra won")


@pytest.mark.parametrize(
    ("wh", "asked", "answer", "expected"),
    [
        ("When", "How many troops were sent", "10,000", "When were troops sent"),
        ("When", "How many troops did Kyiv send to Kursk", "", "When did Kyiv send troops to Kursk"),
        ("Why", "Which countries did it cross", "Mexico and Canada", "Why did it cross Mexico and Canada"),
        ("How many", "Which countries did it cross", "Mexico and Canada", "How many countries did it cross"),
        ("Where", "Whom did Gukesh beat", "Ding Liren", "Where did Gukesh beat Ding Liren"),
        ("Where", "Whom did Gukesh beat", "", "Where did Gukesh beat"),
        ("When", "What were they honoured for", "their work", "When were they honoured for their work"),
        ("When", "Who was killed in Paris", "Ann Lee", "When was Ann Lee killed in Paris"),
        ("How many", "Who was killed in Paris", "Ann Lee", "How many were killed in Paris"),
        ("Why", "When did Notre-Dame reopen", "Saturday", "Why did Notre-Dame reopen"),
        ("When", "Who won the prize", "Ann Lee", "When did Ann Lee win the prize"),
        ("When", "Who won the prize", "", "When did somebody win the prize"),
        ("When", "Who won the prize", "a b c d e f g h i", "When did somebody win the prize"),
        ("When", "Which country won 40 medals", "China", "When did China win 40 medals"),
        ("When", "Which country won 40 medals", "", "When did the country win 40 medals"),
        ("When", "How many people died in Libya", "2,000", "When did people die in Libya"),
        ("When", "Who admired it", "Ann Lee", "When was it that Ann Lee admired it"),
        ("Who else", "Who won the prize", "Ann Lee", "Who else won the prize"),
        ("When", "What happened in Kursk", "a battle", "When did it happen in Kursk"),
        ("When", "Name the winners", "", "When Name the winners"),
    ],
)
def test_question_is_asked_with_another_word(wh: str, asked: str, answer: str, expected: str) -> None:
    assert asked_with(wh, asked, answer) == expected


@pytest.mark.parametrize(
    ("what", "asked", "expected"),
    [
        ("before that", "What did Kyiv hold in November", ["What did Kyiv hold before November"]),
        ("In December", "What did Kyiv hold in November", ["What did Kyiv hold in December"]),
        ("December", "What did Kyiv hold in early November", ["What did Kyiv hold in early December"]),
        ("2019", "Who won in 2018", ["Who won in 2019"]),
        ("on Tuesday", "Who spoke in Kyiv", ["Who spoke in Kyiv on Tuesday"]),
        ("before that", "Who spoke in Kyiv", ["Who spoke in Kyiv before that"]),
        ("2019", "Who spoke at the Paris 2024 Games", ["Who spoke at the Paris 2024 Games in 2019"]),
        ("Lviv", "Who spoke in Kyiv", ["Who spoke in Lviv"]),
        ("Lviv", "Who spoke", ["Who spoke in Lviv"]),
        ("Iranian troops", "How many North Korean troops came", ["How many Iranian troops came"]),
        ("tanks", "How many troops were sent", ["How many tanks were sent"]),
        ("any losses", "How many troops were sent", []),
        ("losses", "Who spoke in Kyiv", []),
    ],
)
def test_question_is_asked_of_something_else(what: str, asked: str, expected: list[str]) -> None:
    assert list(asked_of(what, asked))[: len(expected)] == expected
    assert expected or list(asked_of(what, asked)) == []


def test_what_was_counted_is_counted_again() -> None:
    assert counted("How many were killed", "How many troops were sent") == "troops"
    assert counting("How many were killed", "troops") == "How many troops were killed"
    assert counted("How many people were killed", "How many troops were sent") is None
    assert counted("How many were killed", "Who was sent") is None


@pytest.mark.parametrize(
    ("what", "asked", "expected"),
    [
        ("the second", "Who scored the first goal", "Who scored the second goal"),
        ("injured", "How many people were killed in Paris", "How many people were injured in Paris"),
        ("against", "How many voted for the bill", "How many voted against the bill"),
        ("in 2020", "How many people voted in 2016", "How many people voted in 2020"),
        ("Wynalda", "How many votes did Carlos Cordeiro get", "How many votes did Wynalda get"),
        ("a jalapeño", "How hot is the Carolina Reaper", "How hot is a jalapeño"),
    ],
)
def test_question_is_asked_of_what_is_like_what_it_asked(what: str, asked: str, expected: str) -> None:
    assert next(asked_of(what, asked)) == expected


@pytest.mark.parametrize(
    ("asked", "answer", "expected"),
    [
        ("What caused the floods in Libya", "Daniel", "Daniel caused the floods in Libya"),
        ("Why was a brigade banned from alcohol", "scooters", "a brigade banned from alcohol"),
        ("How many troops were sent", "10,000", "troops were sent"),
        ("Which knee did Ann Lee hurt", "right knee", "Ann Lee hurt right knee"),
        ("In which park was a woman hurt", "Yellowstone", "a woman hurt"),
        ("What happened to the tree", "it was uprooted", "the tree"),
        ("When (the floods)", "Monday", "the floods"),
        ("When", "", ""),
    ],
)
def test_topic_is_what_remains_of_a_question(asked: str, answer: str, expected: str) -> None:
    assert topic(asked, answer) == expected


def test_topic_in_brackets_is_no_part_of_the_question() -> None:
    assert bracketed("Who died (the floods)") == ("Who died", "the floods")
    assert bracketed("Who died") == ("Who died", "")
