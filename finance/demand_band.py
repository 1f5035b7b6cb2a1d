"""The interval around projected numbers of children: between what nine in ten of 1,000 possible courses lie.

In each run every rate is drawn from what is known of it (the Gamma of `finance.demand_model.rates`; for children who
come, the Gamma of their number in the days counted), every child of the cohort moves, leaves and has its birthdays by
those rates, and new ones come by chance (Poisson), born on any day of their band alike. So the band holds chance and
how little few moves tell of a rate. It does not hold that rates may change, nor moves and ways in that were not seen.

A child waits for its next move a number of nights drawn at once (geometric), anew from each birthday that changes its
band, so that no night is walked through. The same seed gives the same answer. numpy loads when called; never in a web
process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finance.ages import AGE_BANDS, birthday, youngest_of
from finance.demand_model import (
    INTERVAL,
    LEFT,
    PRIOR,
    Array,
    Child,
    DemandError,
    NegativeNumber,
    Rate,
    UnknownRung,
    model_of,
    per_day,
    pooled,
    prior_days,
    project_cohort,
)
from indicators.units import round_half_up

RUNS, FEWEST_RUNS = 1_000, 100
_MOST_WALKED = 1_000_000
SEED = 2022
ALL_RUNGS = ""
_PLACES = 4
_AT_ONCE = 200_000  # children of all runs that are walked together
_BANDS = {band.code: place for place, band in enumerate(AGE_BANDS)}


@dataclass(frozen=True)
class Ahead:
    """Children on a rung (ALL_RUNGS: in care) on the night of a day: expected, and where nine in ten runs lie."""

    on: date
    rung: str
    expected: Decimal
    low: int
    high: int


@dataclass(frozen=True)
class Came:
    """Children who came into care in so many days, by (band, rung)."""

    numbers: Mapping[tuple[str, str], int]
    days: int

    @property
    def per_day(self) -> dict[tuple[str, str], Decimal]:
        """Children a day. Raises NegativeNumber."""
        return {key: per_day(number, self.days) for key, number in self.numbers.items() if number}


def runs_for(children: int) -> int:
    """How many runs are made of so many children: 1,000; of more than a thousand children fewer, but 100 at least."""
    return min(RUNS, max(FEWEST_RUNS, _MOST_WALKED // max(1, children)))


def look_ahead(
    found: Sequence[Rate], came: Came, rungs: Sequence[str], cohort: Sequence[Child], start: date, days: Sequence[date],
    *, runs: int = RUNS, seed: int = SEED,
) -> tuple[Ahead, ...]:  # fmt: skip
    """The children of a cohort on the nights of `days`, from the night of `start` on: by rung and all together.

    `found`: the rates of each move in every band. Raises what `project_cohort` raises, and NegativeNumber for no runs.
    """
    if runs < 1:
        raise NegativeNumber("There must be a run or more.")
    outcome = project_cohort(model_of(found, rungs, came.per_day), cohort, start, days)
    counts = _counted(found, came, rungs, cohort, start, sorted(days), runs, seed)
    ahead = []
    for place, stocks in enumerate(sorted(outcome.stocks, key=lambda stocks: stocks.on)):
        for column, rung in enumerate(rungs):
            ahead.append(_ahead(stocks.on, rung, stocks.on_rung(rung), counts[place, :, column]))
        ahead.append(_ahead(stocks.on, ALL_RUNGS, stocks.total, counts[place].sum(axis=1)))
    return tuple(ahead)


def _ahead(on: date, rung: str, expected: Decimal, of_runs: Array) -> Ahead:
    import numpy

    low, high = numpy.quantile(of_runs, INTERVAL, method="inverted_cdf")
    return Ahead(on, rung, round_half_up(expected, _PLACES), int(low), int(high))


def _counted(
    found: Sequence[Rate], came: Came, rungs: Sequence[str], cohort: Sequence[Child], start: date,
    days: Sequence[date], runs: int, seed: int,
) -> Array:  # fmt: skip
    """Children by day, run and rung."""
    import numpy

    draw = _Runs(found, came, rungs, start, days[-1], numpy.random.default_rng(seed))
    expected = len(cohort) + sum(came.per_day.values()) * (days[-1] - start).days
    at_once = max(1, int(_AT_ONCE / max(1, expected)))
    parts = [draw.walk(cohort, min(at_once, runs - done), days) for done in range(0, runs, at_once)]
    return numpy.concatenate(parts, axis=1)


class _Runs:
    """Draws rates and children, and walks them. Days are ordinals; a rung is its place, and the last place has left."""

    def __init__(
        self, found: Sequence[Rate], came: Came, rungs: Sequence[str], start: date, last: date, random: Any
    ) -> None:
        import numpy

        self.random, self.start, self.came = random, start.toordinal(), came
        self.places = {rung: place for place, rung in enumerate((*rungs, LEFT))}
        self.gammas = [self._gamma(rate, prior) for rate, prior in _with_priors(found)]
        self.youngest = [
            [youngest_of(date.fromordinal(day), age).toordinal() for day in range(self.start, last.toordinal() + 1)]
            for age in (AGE_BANDS[0].from_years, *(band.to_years for band in AGE_BANDS))
        ]
        self.base = self.youngest[-1][0]
        births = range(self.base, last.toordinal() + 1)
        self.edges = numpy.array(
            [[birthday(date.fromordinal(birth), band.to_years).toordinal() for band in AGE_BANDS] for birth in births]
        )

    def _gamma(self, rate: Rate, prior_days: float) -> tuple[int, int, int, float, float]:
        begin, to = (self._place(rung) for rung in (rate.from_rung, rate.to_rung))
        return _BANDS[rate.band], begin, to, rate.moves + float(PRIOR), rate.child_days + prior_days

    def _place(self, rung: str) -> int:
        if rung not in self.places:
            raise UnknownRung(f"“{rung}” is not one of the rungs.")
        return self.places[rung]

    def walk(self, cohort: Sequence[Child], runs: int, days: Sequence[date]) -> Array:
        """Children by day, run and rung, of so many runs."""
        import numpy

        rungs = len(self.places) - 1
        leave, shares = self._rates(runs)
        self._begin(cohort, runs, days[-1])
        counts = numpy.zeros((len(days), runs, rungs), dtype=int)
        for place, day in enumerate(days):
            self._until(day.toordinal(), leave, shares)
            here = (self.rung < rungs) & (self.at <= day.toordinal())
            flat = numpy.bincount(self.run[here] * rungs + self.rung[here], minlength=runs * rungs)
            counts[place] = flat.reshape(runs, rungs)
        return counts

    def _rates(self, runs: int) -> tuple[Array, Array]:
        """The chance a night of leaving each rung by run and band, and running shares of where to."""
        import numpy

        rungs = len(self.places) - 1
        drawn = numpy.zeros((runs, len(AGE_BANDS), rungs, rungs + 1))
        for band, begin, to, shape, exposure in self.gammas:
            drawn[:, band, begin, to] = self.random.gamma(shape, 1 / exposure, runs)
        leave = drawn.sum(axis=3)
        running = numpy.cumsum(drawn, axis=3)
        shares = numpy.divide(running, leave[..., None], out=numpy.ones_like(running), where=leave[..., None] > 0)
        return numpy.minimum(leave, 1.0), shares

    def _begin(self, cohort: Sequence[Child], runs: int, last: date) -> None:
        """Everybody of every run: who is there at the start, and who comes on which night."""
        import numpy

        for child in cohort:
            if not self.base < child.birth.toordinal() <= self.start:
                raise DemandError("A child of the cohort is 18 already, or was born after the start.")
        births = numpy.array([child.birth.toordinal() for child in cohort], dtype=int)
        places = numpy.array([self._place(child.rung) for child in cohort], dtype=int)
        run = [numpy.repeat(numpy.arange(runs), len(cohort))]
        birth, rung = [numpy.tile(births, runs)], [numpy.tile(places, runs)]
        at = [numpy.full(runs * len(cohort), self.start)]
        nights, youngest = last.toordinal() - self.start, numpy.array(self.youngest)
        for (band, on_rung), number in self.came.numbers.items():
            if not number or not nights:
                continue
            per_night = self.random.gamma(number, 1 / self.came.days, runs)
            new = numpy.repeat(numpy.arange(runs), self.random.poisson(per_night * nights))
            night = self.random.integers(1, nights + 1, len(new))
            oldest, latest = youngest[_BANDS[band] + 1][night] + 1, youngest[_BANDS[band]][night]
            run.append(new)
            at.append(self.start + night)
            birth.append(self.random.integers(oldest, latest + 1))
            rung.append(numpy.full(len(new), self._place(on_rung)))
        self.run, self.at = numpy.concatenate(run), numpy.concatenate(at)
        self.birth, self.rung = numpy.concatenate(birth) - self.base, numpy.concatenate(rung)

    def _until(self, day: int, leave: Array, shares: Array) -> None:
        """Walks everybody who is there to the night of a day."""
        import numpy

        left = len(self.places) - 1
        going = numpy.nonzero((self.at < day) & (self.rung < left))[0]
        while len(going):
            at, run, rung, edges = self.at[going], self.run[going], self.rung[going], self.edges[self.birth[going]]
            band = (at[:, None] >= edges[:, :-1]).sum(axis=1)
            stop = numpy.minimum(edges[numpy.arange(len(going)), band], day)
            waits = _nights(leave[run, band, rung], self.random.random(len(going)))
            moves = at + waits <= stop
            self.at[going] = numpy.where(moves, at + numpy.where(moves, waits, 0), stop)
            who = going[moves]
            chances = shares[run[moves], band[moves], rung[moves]]
            self.rung[who] = (self.random.random(len(who))[:, None] >= chances).sum(axis=1)
            self.rung[going[self.at[going] >= edges[:, -1]]] = left
            going = going[(self.at[going] < day) & (self.rung[going] < left)]


def _nights(chance: Array, drawn: Array) -> Array:
    """Nights until a move, 1 or more, from numbers between 0 and 1; very many where it has no chance."""
    import numpy

    with numpy.errstate(divide="ignore"):
        waits = numpy.ceil(numpy.log1p(-drawn) / numpy.log1p(-chance))
    return numpy.clip(numpy.nan_to_num(waits, nan=1.0, posinf=1e9), 1, 1e9).astype(int)


def _with_priors(found: Sequence[Rate]) -> list[tuple[Rate, float]]:
    """The rates of moves that were made at any age, each with the days that its prior is worth."""
    over_ages = pooled(found)
    totals = [(rate, *over_ages[rate.from_rung, rate.to_rung]) for rate in found]
    return [(rate, float(prior_days(moves, days))) for rate, moves, days in totals if moves]
