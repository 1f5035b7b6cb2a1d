"""What a placement costs a night, a week and a year, under one convention; and an amount over the months.

A price is agreed by the week. A night costs a seventh of it, and a year as many nights as the financial year has: 365,
or 366 where 29 February falls into it. 52 weeks are 364 nights, shown as what they are and never taken for a year. The
night of the day on which a stay begins counts, that of the day on which it ends does not. Amounts are Decimal pounds,
rounded to the penny once, at the end.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.apportion import PENNY, apportion, as_decimal
from indicators.checks_engine.rules import Finding, Severity
from indicators.quarters import FinancialYear, Month, Period, month_of
from indicators.units import WIDE, EmptyCohort, Unit, round_half_up, written
from indicators.working_days import day_words

NIGHTS_IN_A_WEEK = 7
WEEKS_52 = 52
NIGHTS_OF_52_WEEKS = WEEKS_52 * NIGHTS_IN_A_WEEK
USUAL_NIGHTS = 365


class StayError(ValueError):
    """A stay that ends before it starts; the message is a sentence."""


def nights_of(period: Period) -> int:
    """The nights of a period: 365 or 366 for a financial year, 31 for March."""
    return (period.end_on - period.start_on).days + 1


def nights_of_stay(start_on: date, end_on: date | None, period: Period) -> int:
    """The nights of a stay that fall into a period; `end_on` None: it goes on.

    The day of the start counts, the day of the end does not. Raises StayError for an end before the start.
    """
    if end_on is not None and end_on < start_on:
        raise StayError(f"It ends on {day_words(end_on)}, before it starts on {day_words(start_on)}.")
    after = period.end_on + timedelta(days=1)
    until = after if end_on is None else min(end_on, after)
    return max(0, (until - max(start_on, period.start_on)).days)


def cost_of_nights(weekly: Decimal, nights: int) -> Decimal:
    """What so many nights cost at a price in pounds a week, to the penny."""
    return as_decimal(Fraction(weekly) * nights / NIGHTS_IN_A_WEEK, PENNY)


def nightly(weekly: Decimal) -> Decimal:
    """A seventh of the weekly price, to the penny: for show, since a year is worked out from the unrounded one."""
    return cost_of_nights(weekly, 1)


def yearly(weekly: Decimal, nights: int = USUAL_NIGHTS) -> Decimal:
    """What a year of so many nights costs at a weekly price, to the penny."""
    return cost_of_nights(weekly, nights)


def weekly_from_yearly(amount: Decimal, nights: int = USUAL_NIGHTS) -> Decimal:
    """The weekly price at which a year of so many nights costs the amount, to the penny; `yearly` undone."""
    return as_decimal(Fraction(amount) * NIGHTS_IN_A_WEEK / nights, PENNY)


def weekly_from_nightly(amount: Decimal) -> Decimal:
    """Seven nights."""
    return as_decimal(Fraction(amount) * NIGHTS_IN_A_WEEK, PENNY)


@dataclass(frozen=True)
class Price:
    """One weekly price in pounds as a night, as the nights of a financial year and as 52 weeks."""

    weekly: Decimal
    year: FinancialYear

    @property
    def nights(self) -> int:
        """The nights of the year."""
        return nights_of(self.year)

    @property
    def nightly(self) -> Decimal:
        """A seventh of a week, to the penny."""
        return nightly(self.weekly)

    @property
    def yearly(self) -> Decimal:
        """The nights of the year, to the penny."""
        return yearly(self.weekly, self.nights)

    @property
    def weeks_52(self) -> Decimal:
        """52 weeks, which are 364 nights."""
        return cost_of_nights(self.weekly, NIGHTS_OF_52_WEEKS)

    @property
    def sentence(self) -> str:
        """The convention with its numbers."""
        more = self.nights - NIGHTS_OF_52_WEEKS
        return (
            f"{_pounds(self.weekly)} a week is {_pounds(self.yearly)} over the {self.nights} nights of "
            f"{self.year.label}. 52 weeks are {NIGHTS_OF_52_WEEKS} nights and make {_pounds(self.weeks_52)}: "
            f"{more} {'night' if more == 1 else 'nights'} less."
        )


def _pounds(value: Decimal) -> str:
    return written(value, Unit.POUNDS)


@dataclass(frozen=True)
class UnitCost:
    """What a night, a week and a year of the given nights cost on average, each from the unrounded spend."""

    spend: Decimal
    nights: int
    nights_of_year: int

    def _for(self, nights: int) -> Decimal:
        return as_decimal(Fraction(self.spend) * nights / self.nights, PENNY)

    @property
    def nightly(self) -> Decimal:
        """Spend over nights."""
        return self._for(1)

    @property
    def weekly(self) -> Decimal:
        """Seven nights."""
        return self._for(NIGHTS_IN_A_WEEK)

    @property
    def yearly(self) -> Decimal:
        """As many nights as the year has."""
        return self._for(self.nights_of_year)

    @property
    def places(self) -> Decimal:
        """How many places were filled on average over the year, to two decimals."""
        return as_decimal(Fraction(self.nights, self.nights_of_year), PENNY)


def unit_cost(spend: Decimal, nights: int, year: FinancialYear) -> UnitCost:
    """The average cost from what was spent and the nights it was spent on.

    Raises EmptyCohort for no nights and ValueError for nights below 0: nobody placed has no cost, not one of £0.
    """
    if nights == 0:
        raise EmptyCohort("There was no night of care, so there is no cost of one.")
    if nights < 0:
        raise ValueError("The nights of care are below 0.")
    return UnitCost(spend, nights, nights_of(year))


# A price typed for the wrong stretch of time


class Per(StrEnum):
    """What a price is for."""

    WEEK = "week"
    YEAR = "year"


# Outside these a price is odd whatever the rung: the dearest package that the papers name is £15,750 a week, and an
# allowance is the only thing that costs less than that a year.
PLAUSIBLE = {
    Per.WEEK: (Decimal(100), Decimal(20_000)),
    Per.YEAR: (Decimal(16_000), Decimal(1_040_000)),
}
PRICE_RULE = "price_of_another_time"


def doubt_about_price(
    amount: Decimal, per: Per, usual_weekly: Decimal | None = None, field: str = "", row: str = ""
) -> Finding | None:
    """A soft warning where a price for a week looks like one for a year, or the reverse; None where it does not.

    With `usual_weekly`, what the rung usually costs a week, the price is taken for the one that it is nearer to as a
    ratio (a week and a year are 52.14 times apart, so the middle is 7.2 times). Without one, a price is doubted
    outside PLAUSIBLE, where the other reading lies inside. A price of 0 or less is not judged here.
    """
    if amount <= 0:
        return None
    other = Per.YEAR if per is Per.WEEK else Per.WEEK
    as_typed = Fraction(amount) if per is Per.WEEK else _a_week_of(amount)
    as_other = _a_week_of(amount) if per is Per.WEEK else Fraction(amount)
    if usual_weekly is not None and usual_weekly > 0:
        if not _is_nearer(as_other, as_typed, Fraction(usual_weekly)):
            return None
        beside = f" A place on this rung usually costs {_pounds(usual_weekly)} a week."
    elif _is_plausible(amount, per) or not _is_plausible(amount, other):
        return None
    else:
        beside = ""
    would_be = f"{_pounds(as_decimal(as_typed, PENNY))} a week" if per is Per.YEAR else _a_year_words(amount)
    return Finding(
        PRICE_RULE,
        Severity.SOFT,
        f"{_pounds(amount)} is given as a price for a {per}, which is {would_be}. It looks like one for a {other}."
        f"{beside}",
        f"Check whether it is for a {per} or for a {other}; a reason is enough to keep it.",
        field,
        row,
    )


# As many times lie between the price of a week and the middle of that and the price of a year.
_TIMES_ODD = Decimal("7.2")


def doubt_about_size(weekly: Decimal, usual_weekly: Decimal | None = None) -> str:
    """A sentence where a price for a week is absurdly high or low, whatever it may be mistaken for; "" where it is not.

    Held against what the rung usually costs a week, by how many times, and without that against PLAUSIBLE. A price of 0
    or less is not judged here.
    """
    if weekly <= 0:
        return ""
    if usual_weekly is None or usual_weekly <= 0:
        lowest, highest = PLAUSIBLE[Per.WEEK]
        if lowest <= weekly <= highest:
            return ""
        return (
            f"{_pounds(weekly)} a week is {_a_year_words(weekly)}. The prices that are known here lie between "
            f"{_pounds(lowest)} and {_pounds(highest)} a week. Check it."
        )
    is_more = weekly > usual_weekly
    times = WIDE.divide(max(weekly, usual_weekly), min(weekly, usual_weekly))
    if times < _TIMES_ODD:
        return ""
    size = f"{round_half_up(times, 0):,f} times as {'high' if is_more else 'low'}"
    return (
        f"{_pounds(weekly)} a week is {size} as the {_pounds(usual_weekly)} that a place here usually costs. Check it."
    )


def _a_week_of(amount: Decimal) -> Fraction:
    return Fraction(amount) * NIGHTS_IN_A_WEEK / USUAL_NIGHTS


def _a_year_words(weekly: Decimal) -> str:
    return f"{_pounds(yearly(weekly))} a year"


def _is_plausible(amount: Decimal, per: Per) -> bool:
    lowest, highest = PLAUSIBLE[per]
    return lowest <= amount <= highest


def _is_nearer(one: Fraction, other: Fraction, usual: Fraction) -> bool:
    """Whether `one` is nearer to the usual price than `other`, by how many times larger or smaller it is."""
    return max(one / usual, usual / one) < max(other / usual, usual / other)


# Over the months


def months_of(period: Period) -> tuple[Month, ...]:
    """The calendar months that a period touches, in order."""
    found = [month_of(period.start_on)]
    while found[-1].end_on < period.end_on:
        found.append(found[-1].next())
    return tuple(found)


def by_month(amount: Decimal, period: Period) -> dict[Month, Decimal]:
    """An amount over the months of a period by their nights in it, to the penny and adding up to it.

    Raises ApportionError for an amount with a fraction of a penny.
    """
    months = months_of(period)
    nights = [(min(m.end_on, period.end_on) - max(m.start_on, period.start_on)).days + 1 for m in months]
    return dict(zip(months, apportion(amount, nights), strict=True))
