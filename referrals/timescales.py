"""How long things take on the pathway: when they are due, whether they came in time, and how durations are spread.

Day 0 is the start date. Working days are those of `indicators.working_days`; weeks are 7 days; a month ends on the same
day of the later month, or on its last day where it has no such day. Durations on a clock of working days are counted
in working days, all others in days. Nothing reads the time: today is given.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from indicators.working_days import (
    ENGLAND,
    EndBeforeStart,
    WorkingCalendar,
    add_months,
    add_working_days,
    day_words,
    working_days_between,
)
from referrals.clocks import CLOCKS, Clock, ClockUnit, UnknownClock, clock

__all__ = ["CLOCKS", "Clock", "ClockUnit", "UnknownClock", "clock"]


class NoLimit(ValueError):
    """A clock by which no single case can be late; the message is a sentence that says why."""


# One case


def due_on(clock: Clock, start: date, calendar: WorkingCalendar = ENGLAND, extensions: int = 0) -> date:
    """The last day that is in time: 5 May 2022 for a conference after a strategy discussion on 11 April 2022.

    `extensions` is how often the limit was extended. Raises NoLimit, and OutsideCalendar for working days that are not
    known.
    """
    limit = _limit(clock) + extensions * clock.extension
    if clock.unit is ClockUnit.WORKING_DAYS:
        return add_working_days(start, limit - clock.first_day, calendar)
    if clock.unit is ClockUnit.MONTHS:
        return add_months(start, limit) - timedelta(days=clock.first_day)
    days = limit * 7 if clock.unit is ClockUnit.WEEKS else limit
    return start + timedelta(days=days - clock.first_day)


def _limit(clock: Clock) -> int:
    if clock.is_average:
        raise NoLimit(f"{clock.name}: the limit holds for the average, so no single case is late by it.")
    if clock.limit is None:
        raise NoLimit(f"{clock.name}: no text sets a limit, so nothing is late by it.")
    return clock.limit


def elapsed(clock: Clock, start: date, end: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """How long it took: working days on a clock of working days, days on every other; 0 on the day of the start.

    Raises EndBeforeStart, and OutsideCalendar for working days that are not known.
    """
    if clock.unit is ClockUnit.WORKING_DAYS:
        return working_days_between(start, end, calendar)
    if end < start:
        raise EndBeforeStart(f"{day_words(end)} is before {day_words(start)}; correct one of the two days.")
    return (end - start).days


def is_in_time(clock: Clock, start: date, end: date, calendar: WorkingCalendar = ENGLAND, extensions: int = 0) -> bool:
    """Whether it was done within the limit, the last day included.

    On a clock of working days a Saturday after a due Friday is in time: no working day has passed. Raises NoLimit,
    EndBeforeStart and OutsideCalendar.
    """
    took = elapsed(clock, start, end, calendar)
    if clock.unit is ClockUnit.WORKING_DAYS:
        return took <= _limit(clock) + extensions * clock.extension - clock.first_day
    return end <= due_on(clock, start, calendar, extensions)


# Distributions


@dataclass(frozen=True)
class Band:
    """Durations from `first` to `last`, both included; `last` None has no end."""

    first: int
    last: int | None

    @property
    def label(self) -> str:
        """As the head of a row: "0", "1 to 10", "61 and more"."""
        if self.last is None:
            return f"{self.first:,} and more"
        return f"{self.first:,}" if self.first == self.last else f"{self.first:,} to {self.last:,}"

    def holds(self, duration: int) -> bool:
        """Whether the duration is in the band."""
        return self.first <= duration and (self.last is None or duration <= self.last)


def bands_of(*last: int) -> tuple[Band, ...]:
    """Bands from 0 without a gap, by the last duration of each; one more without an end follows."""
    firsts = [0, *(number + 1 for number in last)]
    if any(second <= first for first, second in pairwise(firsts)):
        raise ValueError("Give the last duration of each band in rising order.")
    return tuple(Band(first, end) for first, end in zip(firsts, [*last, None], strict=True))


# The bands of the Department for Education, Characteristics of children in need (working days).
ASSESSMENT_BANDS = bands_of(0, 10, 20, 30, 40, 45, 50, 60)
CONFERENCE_BANDS = bands_of(0, 5, 10, 13, 15, 17, 20)
# Days that a child in need case has been open: under 91, 182, 365 and 730 days (D2I, Annex A measures).
OPEN_BANDS = bands_of(90, 181, 364, 729)


def distribution(values: Iterable[int], bands: Sequence[Band]) -> tuple[tuple[Band, int], ...]:
    """How many durations each band holds. Raises ValueError for bands that overlap or leave a gap, so that the counts
    always add up to the number of durations."""
    if not bands or bands[0].first != 0 or bands[-1].last is not None:
        raise ValueError("Bands begin with 0, and the last has no end.")
    if any(before.last is None or after.first != before.last + 1 for before, after in pairwise(bands)):
        raise ValueError("Each band begins on the day after the one before it.")
    counts = Counter(next(place for place, band in enumerate(bands) if band.holds(value)) for value in values)
    return tuple((band, counts[place]) for place, band in enumerate(bands))


@dataclass(frozen=True)
class Quartiles:
    """A quarter, a half and three quarters of the cases took no longer than this."""

    lower: int
    median: int
    upper: int


def quartiles(values: Iterable[int]) -> Quartiles | None:
    """The quartiles by nearest rank: the shortest duration that at least a quarter (a half, three quarters) of the
    cases do not exceed. It is always the duration of a real case. None of nobody."""
    ordered = sorted(values)
    if not ordered:
        return None
    lower, median, upper = (ordered[_rank(len(ordered), quarter) - 1] for quarter in (1, 2, 3))
    return Quartiles(lower, median, upper)


def _rank(number: int, quarters: int) -> int:
    return -(-number * quarters // 4)
