from __future__ import annotations

from datetime import date

import pytest

from index.articles import Article, Days, Span
from service.english.dates import (
    TIME,
    asked_days,
    asks_when,
    contradicts,
    days,
    names_year,
    speaks_of_now,
    spelled,
    written,
    written_short,
)


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


def said(text: str, answer: str, published: date | None = date(2024, 12, 18)) -> tuple[Span, Span]:
    """Return the answer's span in an article of this one sentence, and the sentence's."""
    article = Article(text, published=published)
    start = text.index(answer)
    return Span(article, start, start + len(answer)), Span(article, 0, len(text))


@pytest.mark.parametrize(
    ("text", "answer", "first", "last"),
    [
        ("It closed late on Monday.", "late on Monday", date(2024, 12, 16), date(2024, 12, 16)),
        ("It closed on 16 December, 2019.", "16 December", date(2019, 12, 16), date(2019, 12, 16)),
        ("It closed on Monday last week.", "Monday", date(2024, 12, 9), date(2024, 12, 9)),
        ("It closed from Monday to Wednesday.", "from Monday to Wednesday", date(2024, 12, 16), date(2024, 12, 18)),
        ("It closed on Monday and Tuesday.", "Monday and Tuesday", date(2024, 12, 16), date(2024, 12, 17)),
        ("It ran between 3 May and 5 June.", "between 3 May and 5 June", date(2024, 5, 3), date(2024, 6, 5)),
        ("It closed after Monday’s vote.", "Monday’s", date(2024, 12, 16), date(2024, 12, 16)),
    ],
)
def test_time_in_an_answer_stands_for_its_days(text: str, answer: str, first: date, last: date) -> None:
    assert days(*said(text, answer), is_time=False) == Days(first, last)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It closed before Monday.", "before Monday"),
        ("It closed on Monday and Friday.", "Monday and Friday"),
        ("It closed on Monday in Paris.", "on Monday in Paris"),
        ("It closed in Paris on Monday.", "Paris"),
    ],
)
def test_answer_that_is_more_or_less_than_a_time_stands_for_none(text: str, answer: str) -> None:
    assert days(*said(text, answer), is_time=False) is None


def test_answer_to_when_may_hold_other_words() -> None:
    assert days(*said("It closed on Monday in Paris.", "on Monday in Paris"), is_time=True) == Days(
        date(2024, 12, 16), date(2024, 12, 16)
    )


def test_without_a_date_of_publication_nothing_is_computed() -> None:
    assert days(*said("It closed on 16 December 2019.", "16 December 2019", None), is_time=True) is None


def test_long_sentence_costs_no_more_than_its_part() -> None:
    text = "It was said on Monday that " * 40_000 + "it closed on Tuesday."
    assert days(*said(text, "Tuesday"), is_time=True) == Days(date(2024, 12, 17), date(2024, 12, 17))


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Who won in October?", date(2024, 10, 1), date(2024, 10, 31)),
        ("Who wins in January?", date(2024, 1, 1), date(2024, 1, 31)),
        ("What happens in December?", date(2024, 12, 1), date(2024, 12, 31)),
        ("What happened last week?", date(2024, 12, 9), date(2024, 12, 15)),
        ("Who spoke on 19 December?", date(2023, 12, 19), date(2023, 12, 19)),
        ("Who spoke on Thursday?", date(2024, 12, 12), date(2024, 12, 12)),
        ("Who will speak on Thursday?", date(2024, 12, 19), date(2024, 12, 19)),
        ("Who won the 2023 Oscars?", date(2023, 1, 1), date(2023, 12, 31)),
        ("How many have died since 2019?", date(2019, 1, 1), date(2024, 12, 18)),
    ],
)
def test_question_speaks_of_the_latest_days_that_are_not_to_come(question: str, first: date, last: date) -> None:
    assert asked_days(question, date(2024, 12, 18)) == Days(first, last)


@pytest.mark.parametrize("question", ["Who won?", "Who led before 2019?", "Was it colder in 2019 or in 2021?"])
def test_question_without_a_time_or_with_an_open_one_speaks_of_none(question: str) -> None:
    assert asked_days(question, date(2024, 12, 18)) is None


@pytest.mark.parametrize(
    ("question", "is_named"),
    [
        ("Who won in May 2019?", True),
        ("Who won the 2024 primary?", True),
        ("Who won in May?", False),
        ("Who attacked on January 6?", False),
        ("Why were 2,019 sent?", False),
        ("Who flew the 20190 to Brigg?", False),
    ],
)
def test_year_is_named_or_the_days_may_be_of_any(question: str, is_named: bool) -> None:
    assert names_year(question) is is_named


@pytest.mark.parametrize("question", ["When did it close?", "What day is it?", "Since when is it open?"])
def test_question_for_a_time_asks_when(question: str) -> None:
    assert asks_when(question)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 12, 16), date(2024, 12, 16), "Monday 16 December 2024"),
        (date(2024, 12, 9), date(2024, 12, 15), "9 to 15 December 2024"),
        (date(2024, 11, 25), date(2024, 12, 1), "25 November to 1 December 2024"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 December 2024 to 5 January 2025"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
    ],
)
def test_days_are_spelled_as_readers_write_them(first: date, last: date, words: str) -> None:
    assert spelled(Days(first, last)) == words


YEAR_2023 = Days(date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("published", "text", "title", "expected"),
    [
        (date(2023, 3, 13), "The film won.", None, False),
        (date(2024, 1, 10), "The film won.", None, False),  # still news
        (date(2024, 3, 11), "The film won.", None, True),
        (date(2024, 3, 11), "The film won in 2023.", None, False),
        (date(2024, 3, 11), "The film won last year.", None, False),
        (date(2024, 3, 11), "The film won.", "Winners of 2023", False),
        (date(2022, 3, 28), "The film won.", None, True),
        (date(2022, 3, 28), "The film will start in 2023.", None, False),
        (None, "The film won.", None, False),
    ],
)
def test_passage_contradicts_days_that_are_not_its_own(
    published: date | None, text: str, title: str | None, expected: bool
) -> None:
    article = Article(text, title=title, published=published)
    assert contradicts(YEAR_2023, Span(article, 0, len(text))) is expected
