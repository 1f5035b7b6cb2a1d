"""How many children will be on each rung: moves between rungs by age, from what was observed, with real birthdays.

A rate is moves ÷ child-days. With few moves a ratio is mostly chance, so each age band's rate is drawn towards the rate
of that move over all ages: a Gamma prior of shape 0.5 with that mean, worth half a move. What is left is Gamma too, and
gives the interval. From night to night the children of a band move by one matrix; several days are its power, so the
answer does not depend on the length of a step. A child is in the band of its own age on every single day, and leaves
care on the 18th birthday. Prices are weekly and divided by 7 once.

This is better than the published model (data-to-insight/cs-demand-model 3169b61) where that ages children without
memory, applies 1 − (1 − r)^d to each move alone, averages daily ratios, and takes a price a day for one a week; see the
tests, which hold both. numpy and scipy load when called: this is for a bounded child, never for a web process.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any

from finance.ages import AGE_BANDS, LAST_BIRTHDAY, youngest_of
from finance.nights import pounds_of_week_nights
from indicators.units import WIDE, round_half_up

LEFT = "left-care"
PRIOR = Decimal("0.5")
INTERVAL = (0.05, 0.95)
_PLACES = 12

Array = Any  # numpy is imported inside the functions that use it, so its types cannot be named here
Moves = Mapping[tuple[str, str], Decimal]


class DemandError(ValueError):
    """Something that no rate and no stock can be worked out from; the message is a sentence."""


class NegativeNumber(DemandError):
    """Fewer than no children, moves or days."""


class UnknownRung(DemandError):
    """A rung that is not among those of the model."""


# Rates


@dataclass(frozen=True)
class Observed:
    """How often children of an age band moved from one rung to another (or left care, LEFT) in how many child-days."""

    band: str
    from_rung: str
    to_rung: str
    moves: int
    child_days: int


@dataclass(frozen=True)
class Rate:
    """The chance of a move in a day, and the 90% interval of it."""

    band: str
    from_rung: str
    to_rung: str
    per_day: Decimal
    low: Decimal
    high: Decimal
    moves: int
    child_days: int


def rates(observed: Iterable[Observed]) -> tuple[Rate, ...]:
    """The rate of each move in each band: (moves + 0.5) ÷ (child-days + 0.5 ÷ the rate over all ages).

    A move that was never seen at any age has the rate 0; its interval says how large it could be all the same. Where a
    band had no child-days, its rate is that over all ages. Raises NegativeNumber.
    """
    rows = tuple(observed)
    if any(row.moves < 0 or row.child_days < 0 for row in rows):
        raise NegativeNumber("Moves and days cannot be fewer than none.")
    over_ages = pooled(rows)
    return tuple(_rate(row, *over_ages[row.from_rung, row.to_rung]) for row in rows)


def pooled(rows: Iterable["Observed | Rate"]) -> dict[tuple[str, str], tuple[int, int]]:
    """Moves and child-days of each move over all ages."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        moves, days = found.get((row.from_rung, row.to_rung), (0, 0))
        found[row.from_rung, row.to_rung] = moves + row.moves, days + row.child_days
    return found


def prior_days(moves: int, days: int) -> Decimal:
    """The child-days that the prior of a move is worth, of its moves and child-days over all ages; 0 for no move."""
    with localcontext(WIDE):
        return PRIOR * days / moves if moves else Decimal(0)


def _rate(row: Observed, moves: int, days: int) -> Rate:
    from scipy import special  # type: ignore[import-untyped]

    with localcontext(WIDE):
        shape, exposure = row.moves + PRIOR, row.child_days + prior_days(moves, days)
        per_day = shape / exposure if moves else Decimal(0)
        low, high = (
            _decimal(special.gammaincinv(float(shape), share)) / exposure if exposure else Decimal(0)
            for share in INTERVAL
        )
    low, high = (low, high) if moves else (Decimal(0), high if exposure else Decimal(1))
    return Rate(
        row.band, row.from_rung, row.to_rung, round_half_up(min(per_day, Decimal(1)), _PLACES),
        round_half_up(low, _PLACES), round_half_up(min(high, Decimal(1)), _PLACES), row.moves, row.child_days,
    )  # fmt: skip


def _decimal(number: Any) -> Decimal:
    return Decimal(repr(float(number)))


def per_day(entered: int, days: int) -> Decimal:
    """Children who entered a rung a day; `days` counts both ends. Raises NegativeNumber."""
    if entered < 0 or days < 1:
        raise NegativeNumber("There must be a day or more, and no fewer than no children.")
    return WIDE.divide(Decimal(entered), Decimal(days))


# Steps


def over_one(rungs: Sequence[str], moves: Moves) -> tuple[str, ...]:
    """The rungs whose daily rates together exceed 1: more than all cannot leave, so all leave, shared pro rata."""
    return tuple(rung for rung in rungs if sum(rate for (out, _), rate in moves.items() if out == rung) > 1)


def daily_matrix(rungs: Sequence[str], moves: Moves) -> Array:
    """The chance for a child on one rung (row) to be on another (column) a day later; who leaves care is on none.

    Where a rung's rates exceed 1 together, all leave it, shared pro rata. Raises UnknownRung, NegativeNumber.
    """
    import numpy

    places = {rung: place for place, rung in enumerate(rungs)}
    matrix = numpy.eye(len(rungs))
    for rung in rungs:
        out = {to: float(rate) for (begin, to), rate in moves.items() if begin == rung and to != rung}
        scale = max(1.0, sum(out.values()))
        for to, rate in out.items():
            if rate < 0:
                raise NegativeNumber("A rate cannot be less than nothing.")
            matrix[places[rung], places[rung]] -= rate / scale
            if to != LEFT:
                matrix[places[rung], _place(places, to)] += rate / scale
    for begin, _ in moves:
        _place(places, begin)
    return matrix


def _place(places: Mapping[str, int], rung: str) -> int:
    if rung not in places:
        raise UnknownRung(f"“{rung}” is not one of the rungs.")
    return places[rung]


def after_days(
    stocks: Mapping[str, Decimal],
    moves: Moves,
    days: int,
    entrants: Mapping[str, Decimal] | None = None,
    numbers: Moves | None = None,
) -> dict[str, Decimal]:
    """The children on each rung after so many days, of one age band that nobody leaves by age.

    `entrants`: children a day into a rung; `numbers`: children a day from rung to rung, whatever the stock, as long as
    there are as many. Without numbers the matrix is raised to the power of the days; with them each day is walked,
    because a stock that runs out is no matter of rates. Raises UnknownRung, NegativeNumber.
    """
    import numpy

    rungs = tuple(stocks)
    if days < 0 or any(stock < 0 for stock in stocks.values()):
        raise NegativeNumber("Children and days cannot be fewer than none.")
    matrix = daily_matrix(rungs, moves)
    come = _vector(rungs, entrants or {})
    now = _vector(rungs, stocks)
    if numbers:
        fixed = _fixed(rungs, numbers)
        for _ in range(days):
            now = _walked(now, matrix, fixed) + come
    else:
        whole = numpy.block([[matrix, numpy.zeros((len(rungs), 1))], [come[None, :], numpy.ones((1, 1))]])
        now = (numpy.append(now, 1.0) @ numpy.linalg.matrix_power(whole, days))[:-1]
    return {rung: round_half_up(_decimal(stock), _PLACES) for rung, stock in zip(rungs, now, strict=True)}


def _vector(rungs: Sequence[str], by_rung: Mapping[str, Decimal]) -> Array:
    import numpy

    places = {rung: place for place, rung in enumerate(rungs)}
    found = numpy.zeros(len(rungs))
    for rung, number in by_rung.items():
        found[_place(places, rung)] += float(number)
    return found


def _fixed(rungs: Sequence[str], numbers: Moves) -> Array:
    """Children a day from rung to rung; the last column is out of care."""
    import numpy

    places = {rung: place for place, rung in enumerate((*rungs, LEFT))}
    found = numpy.zeros((len(rungs), len(rungs) + 1))
    for (begin, to), number in numbers.items():
        if number < 0:
            raise NegativeNumber("A number of children cannot be below 0.")
        found[_place(places, begin), _place(places, to)] += float(number)
    return found


def _walked(now: Array, matrix: Array, fixed: Array) -> Array:
    """One day of rates and of numbers: both leave the stock of the evening before, and never more than there is."""
    import numpy

    by_rate = now[:, None] * (matrix - numpy.diag(numpy.diag(matrix)))
    left = now * (1 - matrix.sum(axis=1))
    out = numpy.hstack([by_rate, left[:, None]]) + fixed
    wanted = out.sum(axis=1)
    share = numpy.divide(now, wanted, out=numpy.ones_like(now), where=wanted > now)
    out *= share[:, None]
    return now - out.sum(axis=1) + out[:, :-1].sum(axis=0)


# A cohort with its birthdays


@dataclass(frozen=True)
class Child:
    """A day of birth and the rung of a child in care. It stays in the child process and is never kept."""

    birth: date
    rung: str


@dataclass(frozen=True)
class Model:
    """Rungs, the rate a day of each move by band, and children a day who enter care by band and rung."""

    rungs: tuple[str, ...]
    moves: Mapping[tuple[str, str, str], Decimal]
    entrants: Mapping[tuple[str, str], Decimal]

    def of_band(self, band: str) -> dict[tuple[str, str], Decimal]:
        """The rates of one band."""
        return {(begin, to): rate for (of, begin, to), rate in self.moves.items() if of == band}


def model_of(found: Iterable[Rate], rungs: Sequence[str], entrants: Mapping[tuple[str, str], Decimal]) -> Model:
    """A model from rates."""
    return Model(tuple(rungs), {(r.band, r.from_rung, r.to_rung): r.per_day for r in found}, dict(entrants))


@dataclass(frozen=True)
class Stocks:
    """Expected children on the night of a day by (band, rung), and what became of the others since the start."""

    on: date
    children: Mapping[tuple[str, str], Decimal]
    entered: Decimal
    left: Decimal
    turned_18: Decimal

    def on_rung(self, rung: str) -> Decimal:
        """All ages."""
        return _total(number for (_, of), number in self.children.items() if of == rung)

    @property
    def total(self) -> Decimal:
        """All children in care."""
        return _total(self.children.values())


@dataclass(frozen=True)
class Outcome:
    """The stocks on the days asked for, and the nights on each rung from the start to the last of these, inclusive."""

    stocks: tuple[Stocks, ...]
    nights: Mapping[str, Decimal]


def project_cohort(model: Model, cohort: Iterable[Child], start: date, days: Sequence[date]) -> Outcome:
    """The expected stocks on `days`, from the children in care on the night of `start`.

    Children who enter are spread evenly over the days of birth of their band. Raises UnknownRung, NegativeNumber, and
    DemandError for a day before the start, or a child born after it or already 18.
    """
    if not days or min(days) < start:
        raise DemandError("Give days that are not before the start.")
    walk = _Cohort(model, start, max(days))
    walk.begin(tuple(cohort))
    found = {start: walk.stocks(start)}
    for number in range(1, (max(days) - start).days + 1):
        day = start + timedelta(days=number)
        walk.step(day)
        if day in days:
            found[day] = walk.stocks(day)
    return Outcome(tuple(found[day] for day in days), walk.nights_by_rung())


class _Cohort:
    """Expected children by day of birth (row) and rung (column)."""

    def __init__(self, model: Model, start: date, last: date) -> None:
        import numpy

        self.model, self.start = model, start
        self.base = youngest_of(start, LAST_BIRTHDAY).toordinal()
        self.rows = numpy.zeros((last.toordinal() - self.base + 1, len(model.rungs)))
        self.matrices = [daily_matrix(model.rungs, model.of_band(band.code)) for band in AGE_BANDS]
        self.come = [
            _vector(model.rungs, {r: n for (of, r), n in model.entrants.items() if of == band.code})
            for band in AGE_BANDS
        ]
        self.nights = numpy.zeros(len(model.rungs))
        self.entered = self.left = self.turned_18 = 0.0

    def begin(self, cohort: Sequence[Child]) -> None:
        places = {rung: place for place, rung in enumerate(self.model.rungs)}
        for child in cohort:
            if not self.base < child.birth.toordinal() <= self.start.toordinal():
                raise DemandError("A child of the cohort is 18 already, or was born after the start.")
            self.rows[child.birth.toordinal() - self.base, _place(places, child.rung)] += 1
        self.nights += self.rows.sum(axis=0)

    def bands(self, day: date) -> list[slice]:
        """The rows of each band on a day."""
        return [
            slice(
                youngest_of(day, band.to_years).toordinal() - self.base + 1,
                youngest_of(day, band.from_years).toordinal() - self.base + 1,
            )
            for band in AGE_BANDS
        ]

    def step(self, day: date) -> None:
        """From the night before a day to its own night."""
        before = self.rows.sum()
        for rows, matrix in zip(self.bands(day - timedelta(days=1)), self.matrices, strict=True):
            self.rows[rows] = self.rows[rows] @ matrix
        self.left += before - self.rows.sum()
        now = self.bands(day)
        self.turned_18 += self.rows[: now[-1].start].sum()
        self.rows[: now[-1].start] = 0
        for rows, come in zip(now, self.come, strict=True):
            self.rows[rows] += come / (rows.stop - rows.start)
            self.entered += come.sum()
        self.nights += self.rows.sum(axis=0)

    def stocks(self, day: date) -> Stocks:
        children = {}
        for band, rows in zip(AGE_BANDS, self.bands(day), strict=True):
            for rung, number in zip(self.model.rungs, self.rows[rows].sum(axis=0), strict=True):
                children[band.code, rung] = _rounded(number)
        return Stocks(day, children, _rounded(self.entered), _rounded(self.left), _rounded(self.turned_18))

    def nights_by_rung(self) -> dict[str, Decimal]:
        return {rung: _rounded(number) for rung, number in zip(self.model.rungs, self.nights, strict=True)}


def _rounded(number: Any) -> Decimal:
    return round_half_up(_decimal(number), _PLACES)


def _total(numbers: Iterable[Decimal]) -> Decimal:
    with localcontext(WIDE):
        return sum(numbers, Decimal(0))


def cost_of_nights(nights: Mapping[str, Decimal], weekly_prices: Mapping[str, Decimal]) -> Decimal:
    """What nights on rungs cost at prices in pounds a week, to the penny; UnknownRung for a rung without a price."""
    total = Decimal(0)
    for rung, number in nights.items():
        if number and rung not in weekly_prices:
            raise UnknownRung(f"“{rung}” has no weekly price.")
        total = WIDE.add(total, WIDE.multiply(number, weekly_prices.get(rung, Decimal(0))))
    return pounds_of_week_nights(total)
