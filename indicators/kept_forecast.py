"""Forecasts that were kept, beside what came: which one is in force, and which of the earlier ones held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from indicators import quarters
from indicators.direction_of_travel import Point, crosses_break
from indicators.forecast import Chance, Method
from indicators.units import Unit, round_half_up


@dataclass(frozen=True)
class Kept:
    """A forecast as it was said: made from the figures up to a period, for one that many steps later.

    `inputs` is the fingerprint of those figures; `is_tried`: worked out afterwards, when the figure was known already;
    `chances` are by the id of the target that it was held against.
    """

    made_from: quarters.Period
    period: quarters.Period
    steps: int
    method: Method
    periods: int
    unit: Unit
    places: int
    point: Decimal
    low: Decimal
    high: Decimal
    inputs: str
    is_tried: bool
    made_at: datetime
    made_on: date
    chances: Mapping[int, Chance] = field(default_factory=dict)
    lines: frozenset[int] = frozenset()


class Outcome(StrEnum):
    """What became of a forecast once the figure came."""

    INSIDE = "inside"
    BELOW = "below"
    ABOVE = "above"
    NO_NUMBER = "no_number"
    BROKE = "broke"
    REPLACED = "replaced"

    @property
    def is_scored(self) -> bool:
        """Whether it counts among those that held or did not."""
        return self in {Outcome.INSIDE, Outcome.BELOW, Outcome.ABOVE}


@dataclass(frozen=True)
class Scored:
    """A forecast for the next period with the figure that came."""

    kept: Kept
    came: Point
    outcome: Outcome


@dataclass(frozen=True)
class Score:
    """How many of the scored forecasts held."""

    held: int
    of: int


def in_force(kept: Iterable[Kept], made_from: quarters.Period, inputs: str) -> tuple[Kept, ...]:
    """The forecast made from just these figures, one row for each step, the nearest first."""
    found = [k for k in kept if k.made_from == made_from and k.inputs == inputs and not k.is_tried]
    return tuple(sorted(found, key=lambda k: k.steps))


def scored(kept: Iterable[Kept], came: Sequence[Point], *, unit: Unit, breaks: Sequence[date] = ()) -> list[Scored]:
    """The forecasts for the period that was next, beside the figures that came, in the order of their periods.

    Of several for one period the last that was made counts; one that was kept before the figure came goes before one
    that was worked out afterwards. Nothing is scored across a break or in another unit. A figure is held against the
    band as both are printed, to the decimals that the forecast was said with.
    """
    by_end = {p.end_on: p for p in came}
    of_period: dict[quarters.Period, list[Kept]] = {}
    for one in kept:
        if one.steps == 1 and one.period.end_on in by_end:
            of_period.setdefault(one.period, []).append(one)
    found = []
    for period, rows in sorted(of_period.items(), key=lambda item: item[0].start_on):
        said = [k for k in rows if not k.is_tried] or rows
        *before, last = sorted(said, key=lambda k: k.made_at)
        point = by_end[period.end_on]
        found += [Scored(one, point, Outcome.REPLACED) for one in before]
        found.append(Scored(last, point, _outcome(last, point, unit, breaks)))
    return found


def _outcome(kept: Kept, came: Point, unit: Unit, breaks: Sequence[date]) -> Outcome:
    start = Point(kept.made_from.start_on, kept.made_from.end_on, None)
    if kept.unit is not unit or crosses_break(start, came, breaks):
        return Outcome.BROKE
    if came.value is None or came.qualifier in ("<", ">"):
        return Outcome.NO_NUMBER
    value = round_half_up(came.value, kept.places)
    if value < kept.low:
        return Outcome.BELOW
    return Outcome.ABOVE if value > kept.high else Outcome.INSIDE


def score_of(rows: Iterable[Scored], *, is_tried: bool) -> Score:
    """How many of those that were kept before the figure came held, or of those that were tried afterwards."""
    counted = [row.outcome for row in rows if row.kept.is_tried is is_tried and row.outcome.is_scored]
    return Score(counted.count(Outcome.INSIDE), len(counted))
