"""A series of figures of one kind of period as it is drawn and told: which figures join, where it breaks, on what axis.

Months, quarters and years of one indicator are three trends, never one. Positions on paper are floats; what is compared
or said stays Decimal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, log10

from indicators import quarters
from indicators.committee_table import COMMITTEE_TABLE
from indicators.direction_of_travel import Point, Window, crosses_break, reach_start
from indicators.quarters import financial_year_of
from indicators.rag import Polarity, Rating, Standard
from indicators.scorecard import ScorecardRow
from indicators.units import Unit, written_plain

KINDS = ("month", "quarter", "financial_year")
NOUNS = {"month": "month", "quarter": "quarter", "financial_year": "year", "span": "period"}
IN_THE_TABLE = " Every value is in the table below."
ADJECTIVES = {"month": "monthly", "quarter": "quarterly", "financial_year": "annual"}


@dataclass(frozen=True)
class Spot:
    """One held figure of a trend, as it is written: `text` is the value as printed, `counts` what is under it.

    `former_text` is what was approved before it was restated, `former_value` its number; empty and None where it never
    was, or was changed beside the figure only.
    """

    row: ScorecardRow
    slug: str
    label: str
    start_on: date
    end_on: date
    value: Decimal | None
    qualifier: str
    text: str
    counts: str
    rating: Rating
    words: str
    is_queried: bool = False
    former_text: str = ""
    former_value: Decimal | None = None

    @property
    def is_limit(self) -> bool:
        """Whether only a limit is known (<4, >5)."""
        return self.qualifier in ("<", ">")

    @property
    def is_restated(self) -> bool:
        """Whether another figure stood in its place when it was first approved."""
        return bool(self.former_text)

    @property
    def is_open(self) -> bool:
        """Whether it is drawn open: what it says is in doubt, or something else was said before."""
        return self.is_queried or self.is_restated

    @property
    def middle(self) -> date:
        """Where it stands on the axis of time."""
        return self.start_on + (self.end_on - self.start_on) / 2


@dataclass(frozen=True)
class TrendBreak:
    """A day from which the series is counted in another way; `when` as exact as it is known, `words` its kind."""

    on: date
    when: str
    words: str


@dataclass(frozen=True)
class InForce:
    """A standard and the first day of the period that it holds from."""

    from_on: date
    standard: Standard


@dataclass(frozen=True)
class Axis:
    """A vertical axis: its ends and the distance between its lines."""

    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Trend:
    """The held figures of one kind of period, oldest first, in one unit; the axis also holds what is `also_drawn`, and
    goes on over the periods `ahead`."""

    kind: str
    unit: Unit
    places: int
    polarity: Polarity
    window: Window
    spots: tuple[Spot, ...]
    standards: tuple[InForce, ...] = ()
    breaks: tuple[TrendBreak, ...] = ()
    also_drawn: tuple[Decimal, ...] = ()
    ahead: tuple[quarters.Period, ...] = ()

    @cached_property
    def numbers(self) -> tuple[Spot, ...]:
        """The figures that have a number."""
        return tuple(s for s in self.spots if s.value is not None)

    @property
    def noun(self) -> str:
        """month, quarter or year."""
        return NOUNS[self.kind]

    def counted(self, number: int) -> str:
        """ "1 month", "13 months"."""
        return f"{number} {self.noun}" if number == 1 else f"{number} {self.noun}s"

    def standard_on(self, day: date) -> Standard | None:
        """What was in force for a period that begins on that day."""
        found = [s for s in self.standards if s.from_on <= day]
        return max(found, key=lambda s: s.from_on).standard if found else None

    def breaks_between(self, earlier: Spot, later: Spot) -> tuple[TrendBreak, ...]:
        """The breaks that forbid comparing the two."""
        if not self.breaks:
            return ()
        reach = Point(reach_start(earlier.start_on, earlier.end_on, self.window), earlier.end_on, None)
        point = Point(later.start_on, later.end_on, None)
        return tuple(b for b in self.breaks if crosses_break(reach, point, [b.on]))

    @cached_property
    def breaks_inside(self) -> tuple[TrendBreak, ...]:
        """The breaks that lie between the first and the last number."""
        found = [b for pair in pairwise(self.numbers) for b in self.breaks_between(*pair)]
        return tuple(dict.fromkeys(found))

    @property
    def comparable(self) -> tuple[Spot, ...]:
        """The numbers since the last break: the only ones that may be read together."""
        start = 0
        for index, pair in enumerate(pairwise(self.numbers), start=1):
            if self.breaks_between(*pair):
                start = index
        return self.numbers[start:]

    @cached_property
    def joins(self) -> tuple[tuple[Spot, Spot, bool], ...]:
        """Pairs of numbers that a line joins. True: neighbours, a solid line. False: something between them is not
        held or one is only a limit, a dotted line."""
        found = []
        for earlier, later in pairwise(self.numbers):
            if self.breaks_between(earlier, later) or self._starts_anew(earlier, later):
                continue
            is_solid = are_neighbours(earlier, later) and not (earlier.is_limit or later.is_limit)
            found.append((earlier, later, is_solid))
        return tuple(found)

    def _starts_anew(self, earlier: Spot, later: Spot) -> bool:
        """A year to date starts again each April."""
        return self.window is Window.YEAR_TO_DATE and (
            financial_year_of(earlier.end_on) != financial_year_of(later.end_on)
        )

    @cached_property
    def periods(self) -> tuple[quarters.Period, ...]:
        """Every period from the first held figure to the last, and those ahead."""
        if not self.spots:
            return ()
        current = quarters.from_dates(self.kind, self.spots[0].start_on, self.spots[0].end_on)
        found = [current]
        while current.start_on < self.spots[-1].start_on:
            current = current.next()
            found.append(current)
        return (*found, *self.ahead)

    @cached_property
    def axis(self) -> Axis:
        """An axis that holds every number, target and limit that is drawn."""
        numbers = [v for s in self.numbers for v in (s.value, s.former_value) if v is not None]
        values = [*numbers, *self.also_drawn]
        for period in self.periods:
            standard = self.standard_on(period.start_on)
            if standard is not None and not standard.suspended:
                values += [e for e in (*standard.better_range, *standard.allowed_range) if e is not None]
        return axis_of(values, self.unit)


def are_neighbours(earlier: Spot, later: Spot) -> bool:
    """Whether one period begins on the day after the other."""
    return earlier.end_on + timedelta(days=1) == later.start_on


def spot_of(row: ScorecardRow, superseded: Iterable[ScorecardRow] = ()) -> Spot:
    """A row with a held figure as a point of its trend. `superseded` are what was approved before in its place, the
    latest first: of those that said something else the first is what it was. Raises ValueError for a row without one.
    """
    spot = _spot(row)
    for then in map(_spot, superseded):
        if (then.text, then.counts) != (spot.text, spot.counts):
            told = then.words if then.value is None else f"{then.text} ({then.counts})" if then.counts else then.text
            is_alike = then.row.line.unit is row.line.unit
            return replace(spot, former_text=told, former_value=then.value if is_alike else None)
    return spot


def _spot(row: ScorecardRow) -> Spot:
    if row.held is None:
        raise ValueError("A row without a figure is no point of a trend.")
    cells = COMMITTEE_TABLE.cells(row, only=("figure", "rating"))
    figure, *counts = cells["figure"]
    return Spot(
        row=row,
        slug=row.held.slug,
        label=row.held.label,
        start_on=row.held.start_on,
        end_on=row.held.end_on,
        value=row.number,
        qualifier=row.held.measured.qualifier,
        text=figure,
        counts="".join(counts),
        rating=row.judgement.rating,
        words=cells["rating"][0],
        is_queried=bool(row.queries) or row.contradiction is not None,
    )


def axis_of(values: Sequence[Decimal], unit: Unit) -> Axis:
    """Round ends with some air around the values; from 0 where the lowest is less than half of the highest. A share
    stays within 0 to 100, and nothing but money falls below 0."""
    numbers = [float(v) for v in values] or [0.0, 1.0]
    low, high = min(numbers), max(numbers)
    if 0 <= low <= high / 2:
        low = 0.0
    air = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    start, end = (low - air if low else 0.0), high + air
    step = max(_round_step((end - start) / 5), 1.0 if unit is Unit.COUNT else 0.0)
    start, end = floor(start / step) * step, ceil(end / step) * step
    if unit is not Unit.POUNDS:
        start = max(start, 0.0)
    if unit is Unit.PERCENT and high <= 100:
        end = min(end, 100.0)
    return Axis(round(start, 6), round(end, 6), round(step, 6))


def _round_step(step: float) -> float:
    """The next 1, 2 or 5 with noughts that is not less."""
    power = 10.0 ** floor(log10(step))
    return next(times * power for times in (1.0, 2.0, 5.0, 10.0) if times * power >= step * 0.999)


def axis_sentence(axis: Axis, unit: Unit) -> str:
    """Says where the axis starts, if that is not 0."""
    if axis.low == 0:
        return ""
    return f"The vertical axis starts at {written_plain(Decimal(str(axis.low)), unit)}, not at 0."


def chart_sentence(trend: Trend, name: str) -> str:
    """What the drawing shows, for who cannot see it."""
    numbers = trend.numbers
    lowest, highest = min(numbers, key=_number), max(numbers, key=_number)
    range_words = f" between {lowest.text} and {highest.text}"
    if lowest.text == highest.text:
        range_words = f", {'both' if len(numbers) == 2 else 'all'} {lowest.text}"
    text = (
        f"{name}, {numbers[0].label} to {numbers[-1].label}: {len(numbers)} {ADJECTIVES[trend.kind]} figures"
        f"{range_words}"
    )
    standard = trend.standard_on(numbers[-1].start_on)
    if standard is not None and standard.target is not None:
        text += f", against a target of {' '.join(COMMITTEE_TABLE.cells(numbers[-1].row)['target'])} at the end"
    for found in trend.breaks_inside:
        text += f"; the series breaks in {found.when}"
    return f"{text}.{IN_THE_TABLE}"


def _number(spot: Spot) -> Decimal:
    return spot.value or Decimal(0)
