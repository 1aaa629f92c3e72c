"""Dates in English: how a day is written, where a text names a time, and which questions ask for the latest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.articles import Days, Span
from service.english.calendar import month, whole_year
from service.english.lexicon import MONTHS, PARTS_OF_DAY, PERIODS, SHORT_MONTHS, WEEKDAYS, any_of
from service.english.times import Time, times

_NOW = re.compile(
    r"\b(?:today|tonight|yesterday|now|nowadays|currently|current|latest|newest|recent|recently|so far|"
    rf"(?:this|last|past) {any_of(PARTS_OF_DAY, set(PERIODS) - {'day'}, WEEKDAYS)})\b",
    re.IGNORECASE,
)


_ORDERS = ("in", "on", "at", "by", "during", "since", "before", "after", "until")
_DAY = rf"(?:\d{{1,2}} )?{any_of(MONTHS)}(?: \d{{4}}| \d{{1,2}}\b(?:, \d{{4}})?)?|{any_of(WEEKDAYS)}"
_YEAR = rf"(?:^|{'|'.join(f'(?<={order} )' for order in _ORDERS)})(?:19|20)\d\d"
TIME = re.compile(rf"(?P<order>\b(?i:{any_of(_ORDERS)}) (?:(?:early|late|mid) )?)?\b(?P<time>{_DAY}|{_YEAR})\b")
"""A day, month or year, with the preposition before it; a year needs one, or it may belong to a name."""
_SHORT_DAY = rf"{any_of(SHORT_MONTHS)}\.?(?: \d{{1,2}}\b)?"
_COUNTED = rf"(?:this|last|next|the (?:\w+ )?) ?{any_of(PERIODS)}\b"
PERIOD = rf"(?:(?:early|late|mid) )?(?:{_DAY}|{_SHORT_DAY}|(?:19|20)\d\d\b|{_COUNTED})"
"""Pattern of a day, month or year, or of one counted from today; no preposition before it."""


def speaks_of_now(question: str) -> bool:
    """Whether the question asks for the present or the latest."""
    return _NOW.search(question) is not None


NAMED_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
"""A year as a question names it, with or without a preposition."""
_ASKS_WHEN = re.compile(
    r"\b(?:when|how long ago|(?:what|which) (?:day|date|week|weekend|month|year|time of (?:the )?year))\b",
    re.IGNORECASE,
)
_AROUND = 300
"""Characters of the sentence on either side of an answer in which its time and its tense are looked for."""
_STILL_NEWS = 60
"""Days after which an article that speaks of an event tells when it was."""
_PASSAGE = 3_000
"""Characters of a passage in which times are looked for."""
_LOOSE = re.compile(
    rf"[\s,’'\"“”()-]*(?:\b(?:{any_of(PARTS_OF_DAY)}|at|on|in|by|of|between|for|until|through|since|from|starting|beginning|"
    r"as|late|early|earlier|later|around|about|mid|midday|noon|the|s)\b[\s,’'\"“”()-]*)*",
    re.IGNORECASE,
)
"""What may stand around a time in an answer that is nothing but a time."""
_OPEN = re.compile(r"\b(?:before|after|between)\W*$", re.IGNORECASE)
"""Words that make a time the bound of another."""
_UP_TO = re.compile(r"\b(?:before|until|by|up to|prior to)\W*(?:the )?$", re.IGNORECASE)
_FROM_ON = re.compile(r"\b(?:since|after)\W*(?:the )?$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:[-–—]|to|until|through|and)\s*(?:on )?", re.IGNORECASE)


def names_year(question: str) -> bool:
    """Whether the question says of which year it is: "in March" may be any, and so may "January 6"."""
    return NAMED_YEAR.search(question) is not None


def asks_when(question: str) -> bool:
    """Whether the question asks for a time."""
    return _ASKS_WHEN.search(question) is not None


def days(answer: Span, sentence: Span, *, is_time: bool) -> Days | None:
    """Return the days that the answer stands for, as its article was published; None if it names none, or several.

    An answer that ``is_time``, as the question asked for one, may hold other words; else it must be nothing but a time.
    """
    published = answer.article.published
    if published is None:
        return None
    first = max(sentence.start, answer.start - _AROUND)
    text = answer.article.text[first : min(sentence.end, answer.end + _AROUND)]
    start, end = answer.start - first, answer.end - first
    found = [time for time in times(text, published) if time.start < end and start < time.end]
    if not found or not (is_time or _is_nothing_else(text, start, end, found)):
        return None
    if len(found) == 1:
        return None if _OPEN.search(text[start : max(start, found[0].start)]) else found[0].days
    return _from_to(text, found)


def asked_days(question: str, as_of: date) -> Days | None:
    """Return the days of which a question asked on the day ``as_of`` speaks; None if it names none, or several."""
    found = list(times(question, as_of, is_article=False))
    if len(found) > 1:
        return _from_to(question, found)
    if not found or _UP_TO.search(question[: found[0].start]):
        return None
    is_open = _FROM_ON.search(question[: found[0].start]) and found[0].days.first < as_of
    return Days(found[0].days.first, as_of) if is_open else found[0].days


def contradicts(asked: Days, passage: Span) -> bool:
    """Whether the passage is of another time than a question that speaks of these days.

    It is not if it names a time among them, or its article was published on them or not long after.
    """
    published = passage.article.published
    if published is None:
        return False
    text = f"{passage.article.title or ''}\n{passage.text[:_PASSAGE]}"
    if any(time.days.first <= asked.last and asked.first <= time.days.last for time in times(text, published)):
        return False
    return not 0 <= asked.distance(published) <= _STILL_NEWS


def _is_nothing_else(text: str, start: int, end: int, found: Sequence[Time]) -> bool:
    rest = (text[start : max(start, found[0].start)], text[min(end, found[-1].end) : end])
    return all(_LOOSE.fullmatch(part) for part in rest)


def _from_to(text: str, found: Sequence[Time]) -> Days | None:
    """Return the days "from Monday to Friday", or "on Monday and Tuesday"."""
    if len(found) != 2 or not (joined := _JOINED.fullmatch(text[found[0].end : found[1].start])):  # noqa: PLR2004
        return None
    first, last = found[0].days, found[1].days
    is_range = "and" not in joined[0].lower() or re.search(r"\bbetween\W*$", text[: found[0].start], re.IGNORECASE)
    follows = (last.first - first.last).days == 1
    return Days(first.first, last.last) if first.last < last.first and (is_range or follows) else None


def written(day: date) -> str:
    """Return the day as readers write it, in English whatever the locale: 16 December 2024."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spelled(days: Days) -> str:
    """Return the days as readers write them: Monday 16 December 2024, 9 to 15 December 2024, December 2024 or 2024."""
    first, last = days.first, days.last
    if first == last:
        return f"{WEEKDAYS[first.weekday()]} {written(first)}"
    if days == whole_year(first.year):
        return str(first.year)
    if days == month(first.year, first.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    shared = 1 if first.year != last.year else 2 if first.month != last.month else 3
    return f"{' '.join(written(first).split()[: 4 - shared])} to {written(last)}"


def written_month(month: str) -> str:
    """Return a month like 2024-12 as readers write it: December 2024."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def written_short(day: date) -> str:
    """Return the day as it is written where room is short: 16 Dec 2024."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"
