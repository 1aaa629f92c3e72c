"""Dates in English: how a day is written, where a text names a time, and which questions ask for the latest."""

from __future__ import annotations

import re
from datetime import date

from service.english.lexicon import MONTHS, PARTS_OF_DAY, PERIODS, SHORT_MONTHS, WEEKDAYS, any_of

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


def written(day: date) -> str:
    """Return the day as readers write it, in English whatever the locale: 16 December 2024."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_short(day: date) -> str:
    """Return the day as it is written where room is short: 16 Dec 2024."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"
