from __future__ import annotations

import pytest

from service.english.asking import made_of


def made(sentence: str) -> list[str]:
    return [one.question for one in made_of(sentence)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv said on Monday that at least 30 soldiers had been killed.", "How many soldiers had been killed?"),
        ("About 8,000 troops were in the Kursk region, he said.", "How many troops were in the Kursk region?"),
        (
            "At least eight tornadoes were seen across Iowa Friday as it rained.",
            "How many tornadoes were seen across Iowa?",
        ),
        ("Gukesh of India became world champion on Thursday.", "Who became world champion?"),
        ("Gov. Eric Holcomb declared an emergency in Indiana.", "Who declared an emergency in Indiana?"),
        ("The next Summer Games will be held in Los Angeles.", "Where will the next Summer Games be held?"),
        ("Velveeta was born in 1918.", "When was Velveeta born?"),
        ("North Korea had sent about 10,000 soldiers to Russia.", "How many soldiers had North Korea sent to Russia?"),
        ("North Korea sent about 10,000 soldiers to Russia.", "How many soldiers did North Korea send to Russia?"),
        ("The village of Coober Pedy has two hotels.", "How many hotels does Coober Pedy have?"),
        ("Brett Kavanaugh received $340,000 for a memoir.", "How much did Brett Kavanaugh receive for a memoir?"),
        ("Oleksandr Syrskyi, the army's commander, said so.", "Who is Oleksandr Syrskyi?"),
        ("The mayor, Ann Lee, 56, resigned.", "How old is Ann Lee?"),
    ],
)
def test_question_is_made_of_what_the_article_says(text: str, expected: str) -> None:
    assert made(text) == [expected]


def test_sentence_may_answer_more_than_one_question() -> None:
    assert made("Uganda declared an Ebola outbreak on Tuesday.") == [
        "Who declared an Ebola outbreak?",
        "When did Uganda declare an Ebola outbreak?",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It rained in Lisbon.",
        "At least 30 of them were killed in their village.",
        "Some 12 people were hurt in the U.S. on Friday, and 40 were.",
        "Six days after it they left.",
        "At least 30 soldiers were killed and about 1,000 wounded.",
        "In 2013, three activists were killed in central Paris.",
        "Six Ohio athletes have qualified for the red, white and blue.",
        "They won the Nobel Prize.",
        "But Ann Lee, the mayor, said so.",
        "The Leeds Cup Final, 20, was lost.",
        "Cody Smith won the Uvalde, Texas, mayoral race.",
        "Ann Lee beat five-term Rep. Bush of Ohio.",
    ],
)
def test_question_that_would_not_stand_alone_is_not_made(text: str) -> None:
    assert made(text) == []


def test_question_knows_the_words_that_it_leaves_out() -> None:
    sentence = "Gukesh of India became world champion on Thursday."
    (one,) = made_of(sentence)
    assert sentence[one.start : one.end] == "Gukesh of India"
