"""Small drawings, one for each authority of a region, on one scale, so that their courses can be held together.

The table beside them has the figures of the period; the sentence of each says the ends of its course. Coordinates are
those of `indicators.sparkline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from indicators.quarters import Period
from indicators.sparkline import SparkPoint, scale_of, sparkline, sparkline_svg
from indicators.units import Unit, written
from partnership.regional import Course, SideBySide, Told

_MONTHS = {"month": 1, "quarter": 3, "financial_year": 12}


@dataclass(frozen=True)
class Drawn:
    """The drawing of an authority: finished SVG, safe to put on a page, and the sentence that says it."""

    name: str
    svg: str
    said: str


def course_svgs(drawn: Sequence[Course], found: SideBySide) -> list[Drawn]:
    """A drawing for each course; the dashed line is the middle of the period that the page is about."""
    definition = found.definition
    if definition is None or len(drawn) < 2:
        return []
    unit = Unit(definition.unit)
    values = [t.value for one in drawn for t in one.told if t.value is not None]
    values += [] if found.median is None else [found.median]
    scale = scale_of(values, 10 if unit is Unit.PERCENT else None)
    targets = [] if found.median is None else [found.median]
    return [_drawn(one, found.period, unit, definition.places, scale, targets) for one in drawn]


def _drawn(
    one: Course, period: Period, unit: Unit, places: int, scale: tuple[float, float], targets: Sequence[Decimal]
) -> Drawn:
    points = [SparkPoint(_at(t.period), t.value, "~" if t.is_approximate else "") for t in one.told]
    first, last = one.told[0], one.told[-1]
    breaks = [_at(later.period) for earlier, later in pairwise(one.told) if _is_broken(earlier, later)]
    ends = [f"{_written(told, unit, places)} in {told.period.label}" for told in (first, last)]
    said = ", ".join(ends)
    if breaks:
        said += "; not joined across a break in the series"
    label = f"{one.member.name}: {said}"
    text = _written(last, unit, places).removesuffix("%").removeprefix("approx. ")
    end = text.partition(" ")[0]
    spec = sparkline(
        points, scale=scale, label=label, end_label=end, now=_at(last.period), targets=targets, breaks=breaks
    )
    return Drawn(one.member.name, sparkline_svg(spec), said)


def _written(told: Told, unit: Unit, places: int) -> str:
    assert told.value is not None  # noqa: S101
    return written(told.value, unit, places, "~" if told.is_approximate else "")


def _at(period: Period) -> int:
    """The number of a period among those of its kind: neighbours differ by 1."""
    months = period.start_on.year * 12 + period.start_on.month - 1
    return (months - 3) // _MONTHS.get(period.kind, 1)


def _is_broken(earlier: Told, later: Told) -> bool:
    """Whether a series begins anew between two figures, as either was published."""
    return any(
        earlier.period.start_on < day <= later.period.end_on for day in {*earlier.breaks, *later.breaks}
    )  # fmt: skip
