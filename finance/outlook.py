"""What a projection starts from: the placements that are known, and what is assumed of those to come and to go.

Everything is as at the start of a day, `as_of`: nights before it are past, nights from it on are to come. Prices are
those in force on that day. No child is named: a placement is a rung, a weekly price and dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.nights import PriceChange, levels_of, next_day
from indicators.quarters import FinancialYear, financial_year_of
from indicators.units import WIDE, EmptyCohort, total_of
from indicators.working_days import day_words


class OutlookError(ValueError):
    """Something that no projection can start from; the message is a sentence."""


class EndBeforeStart(OutlookError):
    """A placement, or a cost, that ends before it starts."""


class NotAPrice(OutlookError):
    """A price below nothing, or none where one is needed."""


class NotANumber(OutlookError):
    """A number of children, or a rate, that cannot be."""


class NotAProbability(OutlookError):
    """A probability outside 0 to 1."""


class MoveOutside(OutlookError):
    """A planned move before the day of the outlook, outside its placement, or before an earlier move."""


class ChangeInThePast(OutlookError):
    """A change of price that the prices in force already hold."""


class RungTwice(OutlookError):
    """Two assumptions of one kind about one rung."""


@dataclass(frozen=True)
class PlannedMove:
    """From the night of `on` the child lives on another rung at another price, or has left care (`to_rung` None).

    `probability` 0 to 1 that it happens; if not, the child stays where it is.
    """

    on: date
    to_rung: str | None
    weekly: Decimal = Decimal(0)
    probability: Decimal = Decimal(1)


@dataclass(frozen=True)
class Placement:
    """`number` children on a rung, each at `weekly` pounds a week, from `start` to the planned `end` (not counted).

    `end` None: no end is planned. It is the end of care as planned (the 18th birthday, a court date), wherever the
    moves have led by then. `moves`: in the order of their dates, each of them for each child by itself.
    """

    rung: str
    weekly: Decimal
    start: date
    end: date | None = None
    moves: tuple[PlannedMove, ...] = ()
    number: int = 1

    def is_in_place(self, day: date) -> bool:
        """Whether the child is there on the night of the day, by start and planned end."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Starters:
    """Children who will come and are not known yet: `per_month` on average, at one of the prices of recent starters."""

    rung: str
    per_month: Decimal
    prices: tuple[Decimal, ...]

    @property
    def average_price(self) -> Decimal:
        """The mean of the recent prices, in pounds a week at full precision; 0 without any."""
        return WIDE.divide(total_of(self.prices), Decimal(len(self.prices))) if self.prices else Decimal(0)


@dataclass(frozen=True)
class Leaving:
    """The chance, each night, that a child on the rung leaves it unplanned."""

    rung: str
    per_night: Decimal


@dataclass(frozen=True)
class StandingCost:
    """What is paid whether anybody is there or not, such as the staff of a home: pounds a week from `start`."""

    name: str
    weekly: Decimal
    start: date
    end: date | None = None


@dataclass(frozen=True)
class Contingency:
    """What is set aside: a percentage of all that is still to come, and an amount in pounds for each year."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Outlook:
    """Everything that a projection rests on. `cost_to_date`: what was spent in the year before `as_of`, in pounds;
    None: it is worked out from the placements, night by night. Raises one of the OutlookErrors."""

    as_of: date
    placements: tuple[Placement, ...]
    starters: tuple[Starters, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    price_changes: tuple[PriceChange, ...] = ()
    standing: tuple[StandingCost, ...] = ()
    contingency: Contingency = Contingency()
    cost_to_date: Decimal | None = None

    def __post_init__(self) -> None:
        for number, placement in enumerate(self.placements, start=1):
            _check_placement(f"Placement {number}", placement, self.as_of)
        for cost in self.standing:
            _check_stay(f"“{cost.name}”", cost.start, cost.end)
            _check_price(f"“{cost.name}”", cost.weekly)
        _check_starters(self.starters)
        _check_leaving(self.leaving)
        for change in self.price_changes:
            if change.on < self.as_of:
                raise ChangeInThePast(
                    f"A change of price from {day_words(change.on)} lies before {day_words(self.as_of)}: the prices "
                    "in force already hold it. Leave it out."
                )
        if not (self.contingency.percent >= 0 and self.contingency.amount >= 0):
            raise NotANumber("A contingency cannot be less than nothing.")
        self._check_prices_over_time()

    def _check_prices_over_time(self) -> None:
        if not any(change.pounds < 0 for change in self.price_changes):
            return
        prices = {(p.rung, p.weekly) for p in self.placements}
        prices |= {(m.to_rung, m.weekly) for p in self.placements for m in p.moves if m.to_rung is not None}
        prices |= {(row.rung, price) for row in self.starters for price in row.prices}
        for rung, weekly in sorted(prices):
            for level in levels_of(self.price_changes, rung):
                level.of(weekly)

    @property
    def year(self) -> FinancialYear:
        """The financial year that is projected; the one after it comes along."""
        return financial_year_of(self.as_of)

    @property
    def until(self) -> date:
        """The day after the last night that is projected: 1 April after the next financial year."""
        return next_day(self.year.next().end_on)

    def leaving_of(self, rung: str) -> Decimal:
        """The chance each night of leaving the rung unplanned."""
        return next((row.per_night for row in self.leaving if row.rung == rung), Decimal(0))

    @property
    def rungs(self) -> tuple[str, ...]:
        """Every rung that it speaks of, in the order of its first mention."""
        named = [p.rung for p in self.placements]
        named += [m.to_rung for p in self.placements for m in p.moves if m.to_rung is not None]
        named += [row.rung for row in self.starters]
        return tuple(dict.fromkeys(named))


def _check_stay(name: str, start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise EndBeforeStart(f"{name} ends on {day_words(end)}, before it starts on {day_words(start)}.")


def _check_price(name: str, weekly: Decimal) -> None:
    if not weekly.is_finite() or weekly < 0:
        raise NotAPrice(f"{name} has a price below £0 a week.")


def _check_placement(name: str, placement: Placement, as_of: date) -> None:
    _check_stay(name, placement.start, placement.end)
    _check_price(name, placement.weekly)
    if placement.number < 1:
        raise NotANumber(f"{name} is of {placement.number} children. It must be 1 or more.")
    before = max(as_of, placement.start)
    for move in placement.moves:
        _check_price(f"A planned move of {name.lower()}", move.weekly)
        if not 0 <= move.probability <= 1:
            raise NotAProbability(f"A planned move of {name.lower()} has a probability outside 0 to 1.")
        if move.on < before or (placement.end is not None and move.on >= placement.end):
            raise MoveOutside(
                f"A planned move of {name.lower()} on {day_words(move.on)} is before {day_words(before)}, out of "
                "order, or after the placement has ended."
            )
        before = move.on


def _check_starters(rows: Sequence[Starters]) -> None:
    _check_once(rows, "starters")
    for row in rows:
        if not row.per_month.is_finite() or row.per_month < 0:
            raise NotANumber("The starters of a month cannot be fewer than none.")
        if row.per_month and not row.prices:
            raise NotAPrice("Starters are expected on a rung without a price of recent starters. Give one or more.")
        for price in row.prices:
            _check_price("A recent starter", price)


def _check_leaving(rows: Sequence[Leaving]) -> None:
    _check_once(rows, "leavers")
    if any(not row.per_night.is_finite() or not 0 <= row.per_night < 1 for row in rows):
        raise NotAProbability("The chance of leaving in a night must be 0 or more, and less than 1.")


def _check_once(rows: Sequence[Starters] | Sequence[Leaving], what: str) -> None:
    if len({row.rung for row in rows}) < len(rows):
        raise RungTwice(f"Two assumptions about the {what} of one rung were given. Keep one.")


# Rates from history


def starters_per_month(started: int, months: int) -> Decimal:
    """How many started in a month on average. Raises EmptyCohort for no months, NotANumber for fewer than none."""
    return _rate(started, months, "months")


def leaving_per_night(left: int, nights: int) -> Decimal:
    """The chance of leaving in a night: unplanned leavers over nights of care. Raises as `starters_per_month`."""
    if left > nights:
        raise NotANumber(f"{left} cannot have left in {nights} nights of care.")
    return _rate(left, nights, "nights of care")


def _rate(number: int, over: int, what: str) -> Decimal:
    if number < 0 or over < 0:
        raise NotANumber("A number of children or of nights cannot be below 0.")
    if over == 0:
        raise EmptyCohort(f"There were no {what}, so there is no rate.")
    return WIDE.divide(Decimal(number), Decimal(over))
