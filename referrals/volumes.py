"""How much comes in: volumes per working day, so that periods of unequal length compare, and what has changed since.

Only counts of things that happen in a period belong here; a number on one day is no volume. Two periods on both sides
of a break in the series stand beside each other, but nothing is said of the difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.direction_of_travel import Point, crosses_break
from indicators.intervals import Z95
from indicators.units import WIDE, Unit, ratio, round_half_up, written
from indicators.working_days import (
    ENGLAND,
    OutsideCalendar,
    WorkingCalendar,
    is_working_day,
    working_days_between,
)

# Below this an earlier number is too small to be 100 per cent (the rule of the Department for Education for shares).
LEAST_FOR_PERCENT = 10
_LEAST_DAILY = Decimal("0.05")


@dataclass(frozen=True)
class Volume:
    """How many in a period; `number` None is not reported. Qualifier "~" is approximate, "<" and ">" are limits."""

    start_on: date
    end_on: date
    number: Decimal | None
    qualifier: str = ""

    @property
    def months(self) -> int:
        """For how many months it is."""
        return (self.end_on.year - self.start_on.year) * 12 + self.end_on.month - self.start_on.month + 1

    def words(self) -> str:
        """As it stands in a sentence; empty where there is none."""
        return "" if self.number is None else written(self.number, Unit.COUNT, qualifier=self.qualifier)


@dataclass(frozen=True)
class WhatChanged:
    """The sentence that a page prints, and the numbers in it; None where the sentence does not give them."""

    sentence: str
    difference: Decimal | None = None
    per_day_now: Decimal | None = None
    per_day_then: Decimal | None = None


def working_days_in(start_on: date, end_on: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """The working days of a period, both ends included: 63 in January to March 2022. Raises OutsideCalendar, and
    EndBeforeStart."""
    return working_days_between(start_on, end_on, calendar) + is_working_day(start_on, calendar)


def per_working_day(volume: Volume, calendar: WorkingCalendar = ENGLAND) -> Decimal | None:
    """How many come on a working day, at full precision; None without a number, for a limit, for a period without a
    working day, and for one whose bank holidays are not known."""
    if volume.number is None or volume.qualifier in ("<", ">"):
        return None
    try:
        days = working_days_in(volume.start_on, volume.end_on, calendar)
    except OutsideCalendar:
        return None
    return ratio(volume.number, days, Unit.COUNT) if days else None


def what_changed(
    now: Volume,
    then: Volume,
    what: str,
    earlier: str,
    breaks: Iterable[date] = (),
    calendar: WorkingCalendar = ENGLAND,
) -> WhatChanged:
    """What has changed between two periods: "1,257 referrals, 189 more than in the same quarter last year (+17.7%); per
    working day 20.0 against 17.0."

    `what` names what is counted in the plural, `earlier` the earlier period ("the same quarter last year"). A
    percentage is left out where the earlier number is below 10. Never raises for data.
    """
    if now.number is None:
        return WhatChanged(f"The number of {what} is not reported.")
    per_day = per_working_day(now, calendar)
    shown = f"{now.words()} {what}"
    paced = "" if per_day is None else f"; {daily(per_day)} per working day"
    if then.number is None:
        return WhatChanged(f"{shown}{paced}. No number is held for {earlier}.", per_day_now=per_day)
    why = _why_not(now, then, tuple(breaks))
    if why:
        return WhatChanged(f"{shown}{paced}; {then.words()} in {earlier}. Not compared: {why}.", per_day_now=per_day)
    difference = WIDE.subtract(now.number, then.number)
    percent = None
    if then.number >= LEAST_FOR_PERCENT:
        percent = WIDE.subtract(ratio(now.number, then.number, Unit.PERCENT), Decimal(100))
    before = per_working_day(then, calendar)
    both = per_day is not None and before is not None
    sentence = f"{shown}, {_compared(difference, then, earlier, percent)}"
    if per_day is not None and before is not None:
        sentence += f"; per working day {daily(per_day)} against {daily(before)}"
    sentence += "."
    if difference and _is_within_chance(now.number, then.number):
        sentence += " A difference of this size often comes about by chance."
    return WhatChanged(sentence, difference, per_day if both else None, before if both else None)


def daily(number: Decimal) -> str:
    """So many a working day, to one place; less than half of that place is "fewer than 0.1", and none is "0.0"."""
    return "fewer than 0.1" if 0 < number < _LEAST_DAILY else f"{round_half_up(number, 1):,f}"


def _why_not(now: Volume, then: Volume, breaks: tuple[date, ...]) -> str:
    """Why two volumes are not compared; empty where they are."""
    earlier = Point(then.start_on, then.end_on, then.number)
    later = Point(now.start_on, now.end_on, now.number)
    crossed = [day for day in sorted(breaks) if crosses_break(earlier, later, [day])]
    if crossed:
        return f"since {crossed[0]:%B %Y} they are counted in another way"
    if now.months != then.months:
        return "the two periods are not equally long"
    if {now.qualifier, then.qualifier} & {"<", ">"}:
        return "a limit is given, not a number"
    return ""


def _compared(difference: Decimal, then: Volume, earlier: str, percent: Decimal | None) -> str:
    if difference == 0:
        return f"as many as in {earlier}"
    size = written(difference.copy_abs(), Unit.COUNT)
    words = f"{size} {'more' if difference > 0 else 'fewer'} than in {earlier}"
    if percent is None:
        return f"{words} ({then.words()})"
    sign = "+" if percent > 0 else ""
    return f"{words} ({sign}{written(percent, Unit.PERCENT, 1)})"


def _is_within_chance(now: Decimal, then: Decimal) -> bool:
    """Whether so many more or fewer come about by chance alone once in twenty times or more often: two counts differ by
    no more than 1.96 times the square root of their sum, the normal approximation for the difference of two Poisson
    counts. Cases are taken to come one by one; brothers and sisters come together, so it is a lower bound."""
    difference = WIDE.subtract(now, then)
    return WIDE.multiply(difference, difference) <= WIDE.multiply(WIDE.multiply(Z95, Z95), WIDE.add(now, then))
