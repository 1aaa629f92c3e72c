from datetime import date

import pytest

from service.english.times import times

WEDNESDAY = date(2024, 12, 18)


def found(text: str, today: date = WEDNESDAY) -> list[tuple[str, str]]:
    """Return the times in the text, each with its days as "first" or "first..last"."""
    return [
        (text[time.start : time.end], "..".join(dict.fromkeys((str(time.days.first), str(time.days.last)))))
        for time in times(text, today)
    ]


@pytest.mark.parametrize(
    ("text", "time", "days"),
    [
        ("It closed on Monday.", "Monday", "2024-12-16"),
        ("It closed on Wednesday.", "Wednesday", "2024-12-18"),
        ("It closed late on Friday night.", "Friday", "2024-12-13"),
        ("It will close on Monday.", "Monday", "2024-12-23"),
        ("It will close on Wednesday.", "Wednesday", "2024-12-18"),
        ("Doors open Thursday.", "Thursday", "2024-12-19"),
        ("It closed last Wednesday.", "last Wednesday", "2024-12-11"),
        ("It closes next Friday.", "next Friday", "2024-12-27"),
        ("It closes this Friday.", "this Friday", "2024-12-20"),
        ("It closed on Monday last week.", "Monday last week", "2024-12-09"),
        ("It closed yesterday.", "yesterday", "2024-12-17"),
        ("It closed the day before yesterday.", "the day before yesterday", "2024-12-16"),
        ("It rained last night.", "last night", "2024-12-17"),
        ("It opens tomorrow.", "tomorrow", "2024-12-19"),
        ("It closed two days ago.", "two days ago", "2024-12-16"),
        ("It closed 2 weeks ago.", "2 weeks ago", "2024-12-02..2024-12-08"),
        ("It closed a month ago.", "a month ago", "2024-11-01..2024-11-30"),
        ("It closed three years ago.", "three years ago", "2021-01-01..2021-12-31"),
        ("It closed last week.", "last week", "2024-12-09..2024-12-15"),
        ("It closed earlier this month.", "this month", "2024-12-01..2024-12-31"),
        ("It closes next year.", "next year", "2025-01-01..2025-12-31"),
        ("It closed at the weekend.", "at the weekend", "2024-12-14..2024-12-15"),
        ("It closes this weekend.", "this weekend", "2024-12-21..2024-12-22"),
        ("It closed on 16 December.", "16 December", "2024-12-16"),
        ("It closed on Dec. 16.", "Dec. 16", "2024-12-16"),
        ("It closed on January 3rd.", "January 3rd", "2024-01-03"),
        ("It will close on Jan. 3.", "Jan. 3", "2025-01-03"),
        ("It closed on December 27.", "December 27", "2024-12-27"),  # brought up to date after it was published
        ("It closed on Sunday, March 12.", "Sunday, March 12", "2023-03-12"),  # in 2024 that was a Tuesday
        ("It closed on 5 May 2021.", "5 May 2021", "2021-05-05"),
        ("It closed on 2021-05-05.", "2021-05-05", "2021-05-05"),
        ("Dec. 5: Election Day", "Dec. 5", "2024-12-05"),
        ("It ran March 4-6.", "March 4-6", "2024-03-04..2024-03-06"),
        ("It closed in October.", "October", "2024-10-01..2024-10-31"),
        ("It closed in May.", "May", "2024-05-01..2024-05-31"),
        ("It closed last November.", "last November", "2023-11-01..2023-11-30"),
        ("It closed last April.", "last April", "2024-04-01..2024-04-30"),
        ("It closed in February 2020.", "February 2020", "2020-02-01..2020-02-29"),
        ("It closed in 2019.", "2019", "2019-01-01..2019-12-31"),
    ],
)
def test_time_stands_for_the_days_that_news_means_by_it(text: str, time: str, days: str) -> None:
    assert found(text) == [(time, days)]


@pytest.mark.parametrize(
    "text",
    [
        "It opens every Monday.",
        "They voted on Super Tuesday.",
        "It closed the following Monday.",
        "It closed more than two years ago.",
        "It closed 30 years ago.",
        "It grew over the last week.",
        "She told USA TODAY.",
        "May said no.",
        "It closed on Thursday.",  # six days back: last week's, or tomorrow's in an updated article
        "A cold Saturday.",
        "It sold 2,019 cars for $2020.",
        "It closed on 31 February.",
        "It closed on 2021-13-05.",
        "April Coots was freed.",
    ],
)
def test_time_whose_days_cannot_be_told_is_left_out(text: str) -> None:
    assert found(text) == []


def test_last_week_on_a_sunday_may_be_either() -> None:
    assert found("It closed last week.", date(2024, 12, 15)) == []


def test_this_week_still_to_come_on_a_sunday_is_the_next() -> None:
    assert found("It will close this week.", date(2024, 12, 15)) == [("this week", "2024-12-16..2024-12-22")]


def test_days_beyond_the_calendar_are_left_out() -> None:
    assert found("It closed 100 weeks ago.", date(1, 1, 5)) == []


def test_several_times_are_found_in_order() -> None:
    assert found("It ran from Monday to 3 May 2025.") == [("Monday", "2024-12-16"), ("3 May 2025", "2025-05-03")]
