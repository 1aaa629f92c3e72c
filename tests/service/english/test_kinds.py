from __future__ import annotations

import pytest

from service.english.kinds import asks_for_list, asks_why_or_how, is_open, is_yes_or_no, items_asked_for


@pytest.mark.parametrize(
    "question",
    [
        "Did North Korea deny it?",
        "Is it true that 3,000 were killed?",
        "Hasn't the bridge been rebuilt?",
        "Were troops sent?",
    ],
)
def test_question_that_begins_with_an_auxiliary_is_yes_or_no(question: str) -> None:
    assert is_yes_or_no(question)


@pytest.mark.parametrize(
    "question", ["Who denied it?", "Can you tell me who won?", "Would you list the villages?", "May 2022: who won?", ""]
)
def test_other_questions_are_not_yes_or_no(question: str) -> None:
    assert not is_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    ["Why was it late?", "Please tell me why it was late", "How did it end?", "How come it failed?", "What caused it?"],
)
def test_question_may_ask_for_reasons_and_ways(question: str) -> None:
    assert asks_why_or_how(question)


@pytest.mark.parametrize(
    "question", ["How many were sent?", "How old is he?", "What was it called?", "Whyalla is where?"]
)
def test_other_questions_do_not_ask_why_or_how(question: str) -> None:
    assert not asks_why_or_how(question)


def test_what_somebody_said_about_something_is_open_and_what_somebody_called_it_is_not() -> None:
    assert is_open("What did the minister say about the floods?")
    assert is_open("What is known about the victims?")
    assert not is_open("What did North Korea call the reports?")


@pytest.mark.parametrize(
    "question",
    [
        "Which villages?",
        "Which villages were flooded?",
        "What three measures did the government take?",
        "In which countries did the company have accounts?",
        "Which of the candidates withdrew?",
        "Which women were elected?",
        "Which countries border Ukraine?",
        "Who are the candidates?",
        "What are the symptoms of a West Nile infection?",
        "Where are the three new towers to be built?",
        "Name the winners",
        "Could you please list the villages that were flooded?",
    ],
)
def test_several_are_asked_for_in_the_plural(question: str) -> None:
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which village was flooded?",
        "Which sports star won?",
        "Which drugmaker's problems led to the shortage?",
        "Which group helps patients?",
        "Which team wins the most games?",
        "What causes the outage?",
        "What happens next?",
        "What is the news?",
        "What were officials told?",
        "What are they doing?",
        "How many villages were flooded?",
        "What time is it?",
        "Who won?",
    ],
)
def test_one_thing_or_none_is_no_list(question: str) -> None:
    assert not asks_for_list(question)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("What three measures did they take?", 3),
        ("Which 12 states voted?", 12),
        ("Where are the two towers?", 2),
        ("Which villages?", None),
        ("Which several villages?", None),
        ("Who won?", None),
    ],
)
def test_number_of_items_is_read(question: str, count: int | None) -> None:
    assert items_asked_for(question) == count
