"""The band around a projection: what 10,000 possible courses of two years would cost, and P10, P50, P90 of them.

In each run every known child leaves unplanned on a night drawn from the rung's chance (geometric), every planned move
happens or not (Bernoulli), and starters come (Poisson, each month's spread over its nights), each at a price drawn from
those of recent starters and for a stay drawn like the others. What is certain stays as it is: planned ends, changes of
price, standing costs, contingency. So the mean of the runs is the expectation of `finance.projection` but for chance,
and without uncertainty every run is the projection. The band says what chance alone would do if the rates were right;
that the rates themselves are uncertain is not in it.

Numbers are drawn by numpy's PCG64 from a seed: the same seed gives the same answer. A run's cost is read from running
totals of price by night, so that no night is walked through. numpy loads when called; never in a web process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from finance.nights import levels_of
from finance.outlook import Outlook, PlannedMove, Starters
from finance.projection import spent_to_date
from finance.unit_costs import NIGHTS_IN_A_WEEK
from indicators.quarters import Month, month_of
from indicators.units import round_half_up

RUNS = 10_000
MOST_RUNS = 50_000
SEED = 2022
_QUANTILES = (10, 50, 90)
_PENCE = 2
_STARTERS_AT_ONCE = 1_000_000
_STEPS_TOLD = 20

Array = Any  # numpy is imported inside the functions that use it, so its types cannot be named here
Progress = Callable[[int, int], None]


class TooManyRuns(ValueError):
    """More runs than are done, or none; the message is a sentence."""


@dataclass(frozen=True)
class Band:
    """What a tenth, a half and nine tenths of the runs stay below, in pounds to the penny, with their mean.

    `error` is the standard error of the mean: by how much it would differ from seed to seed.
    """

    p10: Decimal
    p50: Decimal
    p90: Decimal
    mean: Decimal
    error: Decimal


@dataclass(frozen=True)
class MonthBand:
    """The band of what is spent in one month from the day of the outlook on, before contingency."""

    month: Month
    band: Band


@dataclass(frozen=True)
class Simulated:
    """The bands of this financial year and the next, and of each month.

    `over_budget`: the percentage of runs in which this year costs more than the budget; None without one.
    """

    runs: int
    seed: int
    this_year: Band
    next_year: Band
    months: tuple[MonthBand, ...]
    over_budget: Decimal | None


def simulate(
    outlook: Outlook,
    runs: int = RUNS,
    seed: int = SEED,
    budget: Decimal | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """The bands of an outlook. `budget` in pounds for this financial year; `progress` is told (done, of how many).

    Raises TooManyRuns, PriceBelowZero (`finance.nights`).
    """
    if not 1 <= runs <= MOST_RUNS:
        raise TooManyRuns(f"{runs:,} runs were asked for. Ask for 1 to {MOST_RUNS:,}.")
    draw = _Draw(outlook, runs, seed)
    steps = _told(progress, len(outlook.placements) + len(outlook.starters))
    for placement in outlook.placements:
        end = draw.horizon if placement.end is None else min(draw.at(placement.end), draw.horizon)
        first = max(0, draw.at(placement.start))
        for _ in range(placement.number):
            draw.add_child(placement.rung, float(placement.weekly), first, end, placement.moves)
        steps()
    for row in outlook.starters:
        draw.add_starters(row)
        steps()
    return _summed(outlook, draw, runs, seed, budget)


def _told(progress: Progress | None, of: int) -> Callable[[], None]:
    """Counts steps, and tells of about every twentieth and of the last."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None and (done == of or done % max(1, of // _STEPS_TOLD) == 0):
            progress(done, of)

    return step


class _Prices:
    """Running totals of prices by night on one rung: times the weekly price, and in pounds beside it; from the first
    night of all, and from the first of the night's month. `begun`: that one, by night."""

    def __init__(self, outlook: Outlook, rung: str, begun: Array) -> None:
        import numpy

        horizon = len(begun) - 1
        factors, pounds = numpy.ones(horizon), numpy.zeros(horizon)
        for level in levels_of(outlook.price_changes, rung)[1:]:
            night = (level.on - outlook.as_of).days
            factors[night:], pounds[night:] = float(level.factor), float(level.pounds)
        self.factor = numpy.concatenate(([0.0], numpy.cumsum(factors)))
        self.pounds = numpy.concatenate(([0.0], numpy.cumsum(pounds)))
        self.factor_in_month = self.factor - self.factor[begun]
        self.pounds_in_month = self.pounds - self.pounds[begun]
        self.has_pounds = bool(pounds.any())


class _Rung:
    """The stays on one rung, kept by run and by the month of their end: what was paid in that month, and the price that
    was paid in the months before it."""

    def __init__(self, prices: _Prices, leaving: float, months: int, runs: int) -> None:
        import numpy

        self.prices, self.leaving = prices, leaving
        self.in_month = numpy.zeros((months + 1) * runs)
        self.weekly = numpy.zeros((months + 1) * runs)
        self.children = numpy.zeros((months + 1) * runs if prices.has_pounds else 0)
        self.certain = numpy.zeros(months)  # of stays that no chance touches


class _Draw:
    """Draws the stays of every child in every run, and adds them up by month."""

    def __init__(self, outlook: Outlook, runs: int, seed: int) -> None:
        import numpy

        self.outlook, self.runs = outlook, runs
        self.random = numpy.random.Generator(numpy.random.PCG64(seed))
        self.months = _months(outlook)
        starts = [max(0, self.at(month.start_on)) for month in self.months]
        self.horizon = self.at(outlook.until)
        self.bounds = numpy.array([*starts, self.horizon])
        nights = numpy.arange(self.horizon + 1)
        month_of_night = numpy.searchsorted(self.bounds[1:], nights, side="right")
        self.begun = self.bounds[month_of_night]
        self.place_of_night = month_of_night * runs  # of the first run, in what is kept by month and run
        self.all_runs = numpy.arange(runs)
        self._rungs: dict[str, _Rung] = {}

    def at(self, day: date) -> int:
        """A day as the number of nights from the day of the outlook."""
        return (day - self.outlook.as_of).days

    def rung(self, name: str) -> _Rung:
        """What is kept of a rung."""
        if name not in self._rungs:
            prices = _Prices(self.outlook, name, self.begun)
            leaving = float(self.outlook.leaving_of(name))
            self._rungs[name] = _Rung(prices, leaving, len(self.months), self.runs)
        return self._rungs[name]

    def add_child(self, rung: str, weekly: float, first: int, until: int, moves: Sequence[PlannedMove]) -> None:
        """A known child in every run."""
        if first < until:
            self._follow(self.all_runs, rung, weekly, first, until, moves)

    def _follow(
        self, runs: Array, rung: str, weekly: float, first: int, until: int, moves: Sequence[PlannedMove]
    ) -> None:
        """A child who is on a rung from night `first` in these runs, through its moves to its end."""
        here = self.rung(rung)
        at = self.at(moves[0].on) if moves else until
        if not here.leaving:
            self._stay_for_certain(here, runs, weekly, first, min(at, until))
        else:
            left = first + self.random.geometric(here.leaving, size=len(runs))
            self._stay(here, runs, weekly, first, left.clip(max=min(at, until)))
            runs = runs[left > at]
        if at >= until or not len(runs):
            return
        happens = self._chance(moves[0].probability, len(runs))
        to_rung = moves[0].to_rung
        if not happens.all():
            self._follow(runs[~happens], rung, weekly, at, until, moves[1:])
        if to_rung is not None and happens.any():
            self._follow(runs[happens], to_rung, float(moves[0].weekly), at, until, moves[1:])

    def _chance(self, probability: Decimal, size: int) -> Array:
        import numpy

        if probability in (0, 1):
            return numpy.full(size, probability == 1)
        return self.random.random(size) < float(probability)

    def _stay_for_certain(self, rung: _Rung, runs: Array, weekly: float, first: int, until: int) -> None:
        import numpy

        if len(runs) < self.runs:
            self._stay(rung, runs, weekly, first, numpy.full(len(runs), until))
            return
        low, high = self.bounds.clip(first, until)[:-1], self.bounds.clip(first, until)[1:]
        paid = weekly * (rung.prices.factor[high] - rung.prices.factor[low])
        rung.certain += paid + rung.prices.pounds[high] - rung.prices.pounds[low]

    def _stay(self, rung: _Rung, runs: Array, weekly: float, first: int, ends: Array) -> None:
        """Stays from one night to as many as there are runs."""
        self._begin_at(rung, runs, weekly, first)
        place = self.place_of_night[ends] + runs
        paid = weekly * rung.prices.factor_in_month[ends]
        if rung.prices.has_pounds:
            paid += rung.prices.pounds_in_month[ends]
            rung.children[place] += 1
        rung.in_month[place] += paid
        rung.weekly[place] += weekly

    def _begin_at(self, rung: _Rung, runs: Array, weekly: float, first: int) -> None:
        """Takes off what a stay from the first night of all would have cost before it began."""
        if first == 0:
            return
        place = self.place_of_night[first] + runs
        rung.in_month[place] -= weekly * rung.prices.factor_in_month[first]
        rung.weekly[place] -= weekly
        if rung.prices.has_pounds:
            rung.in_month[place] -= rung.prices.pounds_in_month[first]
            rung.children[place] -= 1

    def add_starters(self, row: Starters) -> None:
        """Children who come in each run, at a drawn price for a drawn stay."""
        import numpy

        widths = self.bounds[1:] - self.bounds[:-1]
        rates = float(row.per_month) * widths / numpy.array([month.end_on.day for month in self.months])
        come = self.random.poisson(numpy.repeat(rates, self.runs))  # by month and run
        upto = come.cumsum()
        prices, begin = numpy.array([float(price) for price in row.prices]), 0
        while begin < len(come):
            before = upto[begin - 1] if begin else 0
            until = max(begin + 1, int(numpy.searchsorted(upto, before + _STARTERS_AT_ONCE, side="right")))
            month, run = numpy.divmod(numpy.repeat(numpy.arange(begin, until), come[begin:until]), self.runs)
            starts = self.bounds[month] + (self.random.random(len(month)) * widths[month]).astype(int)
            self._add_drawn(self.rung(row.rung), run, prices, starts)
            begin = until

    def _add_drawn(self, rung: _Rung, runs: Array, prices: Array, starts: Array) -> None:
        import numpy

        weekly = prices[self.random.integers(0, len(prices), size=len(runs))]
        ends = numpy.full(len(runs), self.horizon)
        if rung.leaving:
            ends = (starts + self.random.geometric(rung.leaving, size=len(runs))).clip(max=self.horizon)
        self._add_ends(rung, runs, weekly, starts, -1)
        self._add_ends(rung, runs, weekly, ends, 1)

    def _add_ends(self, rung: _Rung, runs: Array, weekly: Array, nights: Array, sign: int) -> None:
        """Adds (or takes off) stays from the first night of all to these, several of which may be of one run."""
        import numpy

        place, size = self.place_of_night[nights] + runs, len(rung.in_month)
        paid = weekly * rung.prices.factor_in_month[nights]
        if rung.prices.has_pounds:
            paid += rung.prices.pounds_in_month[nights]
            rung.children += sign * numpy.bincount(place, minlength=size)
        rung.in_month += sign * numpy.bincount(place, weights=paid, minlength=size)
        rung.weekly += sign * numpy.bincount(place, weights=weekly, minlength=size)

    def cost_by_month(self) -> Array:
        """Pounds by month and run."""
        import numpy

        total = numpy.zeros((len(self.months), self.runs))
        low, high = self.bounds[:-1], self.bounds[1:]
        for rung in self._rungs.values():
            shape = (len(self.months) + 1, self.runs)
            total += rung.in_month.reshape(shape)[:-1] + rung.certain[:, None]
            factors = (rung.prices.factor[high] - rung.prices.factor[low])[:, None]
            total += _still_there(rung.weekly.reshape(shape)) * factors
            if rung.prices.has_pounds:
                pounds = (rung.prices.pounds[high] - rung.prices.pounds[low])[:, None]
                total += _still_there(rung.children.reshape(shape)) * pounds
        for cost in self.outlook.standing:
            first = max(0, self.at(cost.start))
            until = max(first, self.horizon if cost.end is None else min(self.at(cost.end), self.horizon))
            total += (float(cost.weekly) * (high.clip(first, until) - low.clip(first, until)))[:, None]
        return total / NIGHTS_IN_A_WEEK


def _still_there(by_end: Array) -> Array:
    """By month, the sum of all that end in a later one."""
    return by_end[::-1].cumsum(axis=0)[::-1][1:]


def _months(outlook: Outlook) -> list[Month]:
    found = [month_of(outlook.as_of)]
    while found[-1].end_on + timedelta(days=1) < outlook.until:
        found.append(found[-1].next())
    return found


def _summed(outlook: Outlook, draw: _Draw, runs: int, seed: int, budget: Decimal | None) -> Simulated:
    costs = draw.cost_by_month()
    this = sum(month.end_on <= outlook.year.end_on for month in draw.months)
    aside = 1 + float(outlook.contingency.percent) / 100
    amount = float(outlook.contingency.amount)
    this_year = costs[:this].sum(axis=0) * aside + amount + float(spent_to_date(outlook))
    over = None
    if budget is not None:
        over = round_half_up(Decimal(int((this_year > float(budget)).sum())) * 100 / runs, 1)
    return Simulated(
        runs=runs,
        seed=seed,
        this_year=_band(this_year),
        next_year=_band(costs[this:].sum(axis=0) * aside + amount),
        months=tuple(MonthBand(month, _band(costs[number])) for number, month in enumerate(draw.months)),
        over_budget=over,
    )


def _band(costs: Array) -> Band:
    import numpy

    quantiles = numpy.percentile(costs, _QUANTILES)
    error = costs.std(ddof=1) / len(costs) ** 0.5 if len(costs) > 1 else costs.std()
    return Band(*(_pence(number) for number in (*quantiles, costs.mean(), error)))


def _pence(number: Array) -> Decimal:
    return round_half_up(Decimal(repr(float(number))), _PENCE)
