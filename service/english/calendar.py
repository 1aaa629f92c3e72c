"""The calendar as news speaks of it: weeks, months and years, and the days meant, seen from a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from index.articles import Days
from service.english.tense import Tense

_UPDATED = 31
"""Days after its first publication on which an article may still be brought up to date, and tell of what was."""
_TOMORROW = 6
"""A weekday so many days back is rarely called by its name alone: what is told as past of it may be of the day after,
when the article was updated.
"""
_NEARER = 3
"""A weekday at most so many days back is nearer than the next one, and meant if no verb tells."""
_HARDLY_OVER = 60
"""Days after which "last October" may be this year's."""
_ROUND = 10
"""Years from which "ago" is a round number."""
_SUNDAY = 6


def one_day(day: date) -> Days:
    """Return the day alone."""
    return Days(day, day)


def week(day: date, later: int = 0) -> Days:
    """Return the week of the day, Monday to Sunday, or the one so many weeks ``later``."""
    monday = day + timedelta(days=7 * later - day.weekday())
    return Days(monday, monday + timedelta(days=6))


def weekend(day: date, later: int = 0) -> Days:
    """Return the weekend of the day's week, or of the one so many weeks ``later``."""
    sunday = week(day, later).last
    return Days(sunday - timedelta(days=1), sunday)


def month(year: int, number: int) -> Days:
    """Return a month; numbers below 1 and above 12 are those of the years before and after."""
    return Days(_first(year, number), _first(year, number + 1) - timedelta(days=1))


def whole_year(year: int) -> Days:
    """Return a year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def _first(year: int, number: int) -> date:
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class View:
    """The calendar seen from the day ``today``, for what is told in this ``tense``.

    Its methods return None where news does not tell which days are meant.
    """

    today: date
    tense: Tense
    is_article: bool = True
    """An article can be brought up to date after the day it bears; a question speaks of its own day."""

    def weekday(self, number: int) -> Days | None:
        """Return the day that "on Monday" (0) means: today or the last one, or the next if it is still to come."""
        back = (self.today.weekday() - number) % 7
        if self.tense is Tense.AHEAD:
            return one_day(self.today + timedelta(days=-back % 7))
        if self.tense is Tense.UNKNOWN and back > _NEARER:
            return one_day(self.today + timedelta(days=1)) if back == _TOMORROW else None
        return None if self.is_article and back == _TOMORROW else one_day(self.today - timedelta(days=back))

    def weekday_called(self, which: str, number: int) -> Days | None:
        """Return the day that "last Monday", "next Monday" or "this Monday" means."""
        back = (self.today.weekday() - number) % 7
        match which:
            case "last" | "past" | "this past":
                return one_day(self.today - timedelta(days=back or 7))
            case "next":
                return one_day(week(self.today, 1).first + timedelta(days=number))
            case "coming" | "this coming":
                return one_day(self.today + timedelta(days=-back % 7 or 7))
        return self.weekday(number) if self.tense is Tense.PAST else one_day(self.today + timedelta(days=-back % 7))

    def period(self, which: str, unit: str) -> Days | None:
        """Return the days that "last week", "next month" or "this year" means."""
        later = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which.rsplit(maxsplit=1)[-1], 0)
        day, is_sunday = self.today, self.today.weekday() == _SUNDAY
        match unit:
            case "week" if is_sunday and later < 0:  # some count it to the week that ends, others to the next
                return None
            case "week":
                return week(day, later + (is_sunday and not later and self.tense is Tense.AHEAD))
            case "weekend":
                return self._weekend(later)
            case "month":
                return month(day.year, day.month + later)
        return whole_year(day.year + later)

    def _weekend(self, later: int) -> Days:
        """Return "last weekend": the one before today; "this weekend" is the next, unless it is told of as past."""
        is_past = later < 0 or (later == 0 and self.tense is Tense.PAST)
        is_over = self.today > weekend(self.today).last or self.today < weekend(self.today).first
        if is_past:
            return weekend(self.today, -1 if later or is_over else 0)
        return weekend(self.today, later)

    def month(self, number: int) -> Days | None:
        """Return the month that "in October" means."""
        return self._yearly([month(self.today.year + later, number) for later in (-1, 0, 1)])

    def last_month(self, number: int) -> Days:
        """Return the month that "last October" means: not one that is hardly over, which is called by its name."""
        this = month(self.today.year, number)
        return this if this.distance(self.today) > _HARDLY_OVER else month(self.today.year - 1, number)

    def date(self, number: int, day: int, weekday: int | None = None) -> Days | None:
        """Return the day that "16 December" means; if its ``weekday`` is told, the year is one in which it fits."""
        found = [real for later in (-1, 0, 1) if (real := real_day(self.today.year + later, number, day))]
        fitting = [one for one in found if weekday in {None, one.first.weekday()}]
        if weekday is not None:
            return fitting[0] if len(fitting) == 1 else None
        return self._yearly(found)

    def _yearly(self, years: list[Days]) -> Days | None:
        """Choose among what comes once a year: news names the year unless it is this one, or the days are near."""
        if self.tense is Tense.UNKNOWN:
            return min(years, key=lambda days: abs(days.distance(self.today)), default=None)
        this, slack = self.today.year, _UPDATED if self.is_article else 0
        if self.tense is Tense.PAST:
            return next((d for d in years[::-1] if d.first.year <= this and d.distance(self.today) >= -slack), None)
        return next((d for d in years if d.first.year >= this and d.distance(self.today) <= slack), None)

    def ago(self, count: int, unit: str) -> Days | None:
        """Return the days that "two weeks ago" means; rounded numbers of years tell none."""
        match unit:
            case "day":
                return one_day(self.today - timedelta(days=count))
            case "week":
                return week(self.today, -count)
            case "month":
                return month(self.today.year, self.today.month - count)
        return whole_year(self.today.year - count) if count < _ROUND else None


def real_day(year: int, number: int, day: int) -> Days | None:
    """Return the day; None if there is no such day."""
    try:
        return one_day(date(year, number, day))
    except ValueError:
        return None
