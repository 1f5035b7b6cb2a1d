"""Nights at a price that changes: what a stay costs in a financial year, and the same commitment a year later.

The arithmetic of one price is in `finance.unit_costs` (the night of the start counts, that of the end does not; a night
costs a seventh of a week; 365 nights in a financial year, 366 in 2023/24) and is used from there. This module adds what
the projection and the scenarios share: changes of price from a date, and the full-year effect. It is light: views may
import it. Sums are kept as price times nights and divided by 7 once, so that no half penny is lost on the way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from finance.unit_costs import NIGHTS_IN_A_WEEK, nights_of, nights_of_stay
from indicators.quarters import FinancialYear, Period
from indicators.units import WIDE, round_half_up
from indicators.working_days import day_words

_PENCE = 2
_HUNDRED = Decimal(100)


class PriceError(ValueError):
    """A price, or a change of one, that cannot be; the message is a sentence."""


class PriceBelowZero(PriceError):
    """A price is, or becomes, less than nothing."""


@dataclass(frozen=True)
class PriceChange:
    """A change of weekly prices from the night of `on`: by per cent, or by pounds a week; on every rung, or some.

    It applies to the price as earlier changes have left it. Raises PriceError for −100% and below.
    """

    on: date
    percent: Decimal = Decimal(0)
    pounds: Decimal = Decimal(0)
    rungs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.percent.is_finite() and self.pounds.is_finite()) or self.percent <= -_HUNDRED:
            raise PriceError("A price cannot fall by 100% or more.")

    def is_of(self, rung: str) -> bool:
        """Whether it concerns the rung."""
        return not self.rungs or rung in self.rungs


@dataclass(frozen=True)
class Level:
    """From the night of `on`, a weekly price is `factor` times what it was at first, and `pounds` more."""

    on: date
    factor: Decimal
    pounds: Decimal

    def of(self, weekly: Decimal) -> Decimal:
        """The price then, in pounds a week. Raises PriceBelowZero."""
        price = WIDE.add(WIDE.multiply(weekly, self.factor), self.pounds)
        if price < 0:
            raise PriceBelowZero(
                f"From {day_words(self.on)} a price of £{round_half_up(weekly, _PENCE)} a week would be less than "
                "nothing. Make the change smaller."
            )
        return price


FIRST = Level(date.min, Decimal(1), Decimal(0))


def levels_of(changes: Iterable[PriceChange], rung: str = "") -> tuple[Level, ...]:
    """The prices of a rung over time, from the first on; changes of one day apply in the order given."""
    found = [FIRST]
    with localcontext(WIDE):
        for change in sorted((c for c in changes if c.is_of(rung)), key=lambda c: c.on):
            times = 1 + change.percent / _HUNDRED
            last = found[-1]
            level = Level(change.on, last.factor * times, last.pounds * times + change.pounds)
            if last.on == change.on:
                found.pop()
            found.append(level)
    return tuple(found)


def price_on(day: date, weekly: Decimal, changes: Iterable[PriceChange] = (), rung: str = "") -> Decimal:
    """The weekly price on a night. Raises PriceBelowZero."""
    return [level for level in levels_of(changes, rung) if level.on <= day][-1].of(weekly)


def next_day(day: date) -> date:
    """The day after."""
    return day + timedelta(days=1)


def _week_nights(weekly: Decimal, start: date, end: date | None, period: Period, levels: Sequence[Level]) -> Decimal:
    """Price times nights in a period, undivided."""
    until = next_day(period.end_on) if end is None else min(end, next_day(period.end_on))
    first = max(start, period.start_on)
    total = Decimal(0)
    with localcontext(WIDE):
        for place, level in enumerate(levels):
            ends = levels[place + 1].on if place + 1 < len(levels) else until
            nights = (min(until, ends) - max(first, level.on)).days
            if nights > 0:
                total += level.of(weekly) * nights
    return total


def pounds_of_week_nights(week_nights: Decimal) -> Decimal:
    """Weekly price times nights as pounds, to the penny: a seventh."""
    return round_half_up(WIDE.divide(week_nights, Decimal(NIGHTS_IN_A_WEEK)), _PENCE)


def cost_of_stay(
    weekly: Decimal,
    start: date,
    end: date | None,
    period: Period,
    changes: Iterable[PriceChange] = (),
    rung: str = "",
) -> Decimal:
    """What the nights of a stay in a period cost, in pounds to the penny; `end` None: it goes on.

    Raises StayError (`finance.unit_costs`) for an end before the start, PriceBelowZero.
    """
    nights_of_stay(start, end, period)
    return pounds_of_week_nights(_week_nights(weekly, start, end, period, levels_of(changes, rung)))


@dataclass(frozen=True)
class FullYear:
    """One commitment, or many, in a financial year and in the next, in pounds to the penny.

    `effect` is next year's cost less this year's, rounded once from the unrounded difference: with costs of £260,714.29
    and £261,428.57 it is £714.29, because a night of £714.2857… is what lies between them.
    """

    year: FinancialYear
    nights: int
    cost: Decimal
    nights_next: int
    cost_next: Decimal
    effect: Decimal


def full_year(stays: Iterable[tuple[Decimal, date, date | None]], year: FinancialYear) -> FullYear:
    """The part-year and the full-year cost of stays (weekly price in pounds, start, end or None), at their prices.

    Raises StayError (`finance.unit_costs`), PriceBelowZero.
    """
    rows = tuple(stays)
    found: list[tuple[int, Decimal]] = []
    for period in (year, year.next()):
        nights = sum(nights_of_stay(start, end, period) for _, start, end in rows)
        parts = [_week_nights(weekly, start, end, period, (FIRST,)) for weekly, start, end in rows]
        found.append((nights, _sum(parts)))
    (nights, cost), (nights_next, cost_next) = found
    difference = WIDE.subtract(cost_next, cost)
    return FullYear(
        year, nights, pounds_of_week_nights(cost), nights_next, pounds_of_week_nights(cost_next),
        pounds_of_week_nights(difference),
    )  # fmt: skip


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = WIDE.add(total, number)
    return total


def nights_of_year(year: FinancialYear) -> int:
    """365, or 366 where 29 February falls into the year: 2023/24, 2027/28."""
    return nights_of(year)
