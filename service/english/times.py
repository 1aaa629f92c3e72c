"""Times in English text ("late on Monday", "16 December", "last week"), and the days they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.articles import Days
from service.english.calendar import View, month, one_day, real_day, whole_year
from service.english.lexicon import (
    HEDGES,
    LOWER_BOUNDS,
    MONTHS,
    NAMED_DAYS,
    NUMBERS,
    PARTS_OF_DAY,
    PERIODS,
    PREPOSITIONS,
    RECURRING,
    SHORT_MONTHS,
    WEEKDAYS,
    any_of,
)
from service.english.tense import Tense, tense

_MONTH = rf"(?P<month>(?:{any_of(MONTHS)}|{any_of((*SHORT_MONTHS, 'Sept'))}(?:\.|\b))(?![a-z]))"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?![\d,]\d)\b"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?[-–]\s?(?P<to>\d{1,2})(?:st|nd|rd|th)?)?\b"
_WEEKDAY = rf"(?P<weekday>{any_of(WEEKDAYS)})\b"
_WHICH = r"(?P<which>(?i:this past|this coming|last|next|this|past|coming))"
_COUNT = rf"(?P<count>\d{{1,3}}|an?|{any_of(NUMBERS)})"
_ROUGH = rf"(?:{any_of(HEDGES, LOWER_BOUNDS, ('more than', 'less than', 'fewer than', 'just'))} )"
_UNIT = r"(?P<unit>day|week|month|year)"

_ALSO_VERBS = ("March", "May")
"""Months that are other words and names, too: without a year, they need a preposition."""
_BEFORE_A_MONTH = re.compile(rf"\b(?i:{any_of(PREPOSITIONS, ('early', 'late', 'mid', 'during'))})[ -]$")

Resolver = Callable[[re.Match[str], View], Days | None]


@dataclass(frozen=True, slots=True)
class Time:
    """Where a text names a time, and the days it stands for."""

    start: int
    end: int
    days: Days


def times(text: str, today: date, *, is_article: bool = True) -> Iterator[Time]:
    """Yield the times that the text names, in order, as it was written on the day ``today``.

    If it is a question and not from an article, what it does not say to be still to come is taken to be past.

    Of times that overlap, the one that begins first counts, and of those the longest; a time whose days cannot be told
    is left out.
    """
    done = 0
    for start, end, found, resolve in sorted(_found(text), key=lambda one: (one[0], -one[1])):
        if start < done:
            continue
        done = end
        try:
            days = resolve(found, _view(text, start, end, today, is_article))
        except (ValueError, OverflowError):  # no such day, or one beyond the calendar
            continue
        if days:
            yield Time(start, end, days)


def _view(text: str, start: int, end: int, today: date, is_article: bool) -> View:
    told = tense(text, start, end)
    return View(today, Tense.PAST if told is Tense.UNKNOWN and not is_article else told, is_article)


def _found(text: str) -> Iterator[tuple[int, int, re.Match[str], Resolver]]:
    for pattern, resolve in _FORMS:
        for found in pattern.finditer(text):
            yield found.start(), found.end(), found, resolve


def _no_time(_found: re.Match[str], _view: View) -> None:
    return None


def _whole_date(found: re.Match[str], view: View) -> Days | None:
    number, day = _month_number(found["month"]), int(found["day"])
    if found["year"]:
        first = real_day(int(found["year"]), number, day)
    else:
        first = view.date(number, day, WEEKDAYS.index(found["weekday"]) if found["weekday"] else None)
    if first is None or not found["to"]:
        return first
    last = first.first.replace(day=int(found["to"]))
    return Days(first.first, last) if last > first.first else None


def _iso_date(found: re.Match[str], _view: View) -> Days | None:
    return one_day(date.fromisoformat(found[0]))


def _month(found: re.Match[str], view: View) -> Days | None:
    number, before = _month_number(found["month"]), found.string[: found.start()]
    is_alone = not (found["year"] or found["which"])
    if is_alone and found["month"] in _ALSO_VERBS and not _BEFORE_A_MONTH.search(before):
        return None
    if found["year"]:
        return month(int(found["year"]), number)
    year = view.today.year
    match found["which"].lower() if found["which"] else "":
        case "last" | "past":
            return view.last_month(number)
        case "next":
            return month(year + 1, number)
        case "this" | "this past" | "this coming" | "coming":
            return month(year, number)
    return view.month(number)


def _year(found: re.Match[str], _view: View) -> Days | None:
    return whole_year(int(found["year"]))


def _weekday(found: re.Match[str], view: View) -> Days | None:
    number = WEEKDAYS.index(found["weekday"])
    if found["week"]:
        days = view.period(found["week"].split()[0].lower(), "week")
        return one_day(date.fromordinal(days.first.toordinal() + number)) if days else None
    return view.weekday_called(found["which"].lower(), number) if found["which"] else view.weekday(number)


_FROM_TODAY = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    **{f"this {part}": 0 for part in PARTS_OF_DAY},
}


def _near_day(found: re.Match[str], view: View) -> Days | None:
    if found[0].isupper():  # USA TODAY
        return None
    return one_day(date.fromordinal(view.today.toordinal() + _FROM_TODAY[found[0].lower()]))


def _period(found: re.Match[str], view: View) -> Days | None:
    return view.period(found["which"].lower(), found["unit"].lower())


def _this_weekend(_found: re.Match[str], view: View) -> Days | None:
    return view.period("this", "weekend")


def _ago(found: re.Match[str], view: View) -> Days | None:
    count = found["count"].lower()
    number = int(count) if count.isdigit() else 1 if count in {"a", "an"} else NUMBERS.index(count) + 1
    return view.ago(number, found["unit"].lower())


def _month_number(name: str) -> int:
    return SHORT_MONTHS.index(name[:3]) + 1


_NOT_MEANT = (
    rf"\b(?i:{any_of(RECURRING)}|the (?:following|previous|next|first|second|third)) {any_of(WEEKDAYS)}\b"
    rf"|\b{any_of(NAMED_DAYS)} {any_of(WEEKDAYS)}\b"
    rf"|\b(?i:{_ROUGH}{any_of(NUMBERS, ('a', 'an'))} {any_of(PERIODS)}s? ago)\b"
    rf"|\b(?i:{_ROUGH}\d+ {any_of(PERIODS)}s? ago)\b"
)
"""Words in which a part must not be taken for a time."""

_FORMS: Sequence[tuple[re.Pattern[str], Resolver]] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (_NOT_MEANT, _no_time),
        (rf"\b(?:{_WEEKDAY},? (?:the )?)?{_MONTH} {_DAY}(?!:\d)(?:,? {_YEAR})?", _whole_date),
        (rf"\b(?:{_WEEKDAY},? )?(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?", _whole_date),
        (r"\b\d{4}-\d\d-\d\d\b", _iso_date),
        (rf"\b(?:{_WHICH} )?{_MONTH}(?! [A-Z]| \d\d?\b)(?:,?(?: of)? {_YEAR})?", _month),
        (rf"(?<![$£€\d.,-])\b{_YEAR}(?!-)", _year),
        (rf"\b(?:{_WHICH} )?{_WEEKDAY}(?: (?P<week>(?i:last|next|this) week)\b)?", _weekday),
        (rf"\b(?i:{any_of(_FROM_TODAY)})\b", _near_day),
        (rf"(?<!\b[Tt]he )\b{_WHICH} (?P<unit>(?i:weekend|week|month|year))\b(?! of\b|-)", _period),
        (r"\b(?i:(?:at|over|on|during) the weekend)\b", _this_weekend),
        (rf"\b(?i:{_COUNT} {_UNIT}s? ago)\b", _ago),
    )
)
"""The forms of times, each with what tells its days."""
