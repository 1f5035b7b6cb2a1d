"""Working days in England: Monday to Friday, less the bank holidays of England and Wales.

The day that a clock starts on is day 0 and the last day counts, as in "within 15 working days of the strategy
discussion" (children in need census, Department for Education). A start on a Saturday counts from the next working day.
The table of bank holidays has a first and a last day; nothing is guessed beyond them.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from indicators.bank_holidays import BANK_HOLIDAYS, FIRST_DAY, LAST_DAY

_SATURDAY = 5


class OutsideCalendar(ValueError):
    """A day for which bank holidays are not known; the message is a sentence that says from when to when they are."""


class EndBeforeStart(ValueError):
    """A clock that ends before it starts; the message is a sentence with both days."""


def day_words(day: date) -> str:
    """The day as it stands in a sentence: "22 April 2022"."""
    return f"{day.day} {day:%B %Y}"


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month: 3 months from 30 November end in February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked, from `first` to `last`, both included.

    `holidays` are the days off besides Saturdays and Sundays. Raises ValueError for holidays outside those days.
    """

    first: date
    last: date
    holidays: frozenset[date]

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A calendar ends on or after the day it begins.")
        outside = [day for day in self.holidays if not self.first <= day <= self.last]
        if outside:
            raise ValueError(f"{day_words(min(outside))} is a holiday outside the calendar.")

    @cached_property
    def working_days(self) -> tuple[date, ...]:
        """Every working day in order."""
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return tuple(day for day in days if day.weekday() < _SATURDAY and day not in self.holidays)

    def with_holidays(self, days: Iterable[date]) -> "WorkingCalendar":
        """The same calendar with more days off, such as a holiday proclaimed after the table was made."""
        return replace(self, holidays=self.holidays | frozenset(days))

    def check(self, day: date) -> None:
        """Raises OutsideCalendar when bank holidays are not known for the day."""
        if not self.first <= day <= self.last:
            raise OutsideCalendar(f"Working days cannot be counted on {day_words(day)}: {self.known()}.")

    def known(self) -> str:
        """For which days bank holidays are known, as a clause."""
        return f"bank holidays are known from {day_words(self.first)} to {day_words(self.last)}"


ENGLAND = WorkingCalendar(FIRST_DAY, LAST_DAY, frozenset(day for day, _ in BANK_HOLIDAYS))


def is_working_day(day: date, calendar: WorkingCalendar = ENGLAND) -> bool:
    """Whether the day is Monday to Friday and no bank holiday. Raises OutsideCalendar."""
    calendar.check(day)
    return day.weekday() < _SATURDAY and day not in calendar.holidays


def add_working_days(start: date, n: int, calendar: WorkingCalendar = ENGLAND) -> date:
    """The n-th working day after the start, which is day 0: 15 from 11 April 2022 is 5 May 2022; 0 is the start itself.

    Raises OutsideCalendar, and ValueError for a negative n.
    """
    if n < 0:
        raise ValueError(f"Working days are counted forwards, so {n} is not a number of them.")
    calendar.check(start)
    if n == 0:
        return start
    place = bisect_right(calendar.working_days, start) + n - 1
    if place >= len(calendar.working_days):
        raise OutsideCalendar(
            f"{n} working {'day' if n == 1 else 'days'} after {day_words(start)} cannot be counted: {calendar.known()}."
        )
    return calendar.working_days[place]


def next_working_day(day: date, calendar: WorkingCalendar = ENGLAND) -> date:
    """The first working day after the day, never the day itself. Raises OutsideCalendar."""
    return add_working_days(day, 1, calendar)


def working_days_between(start: date, end: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """The working days after the start up to and including the end: 15 from 11 April to 5 May 2022; 0 on one day.

    Raises OutsideCalendar, and EndBeforeStart rather than give a negative number.
    """
    calendar.check(start)
    calendar.check(end)
    if end < start:
        raise EndBeforeStart(f"{day_words(end)} is before {day_words(start)}; correct one of the two days.")
    return bisect_right(calendar.working_days, end) - bisect_right(calendar.working_days, start)


def late_by(due: date, done: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """By how many working days something was done after the day it was due; 0 when it was done in time.

    What was due on a Friday and done on the Saturday is not late by any working day. Raises OutsideCalendar, unless
    it was done on or before the day it was due, which needs no calendar.
    """
    return 0 if done <= due else working_days_between(due, done, calendar)
