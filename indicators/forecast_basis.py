"""The figures that a forecast may be made from: exact ones in a row, since the last break, up to the latest.

Figures that hold part of the one before (a rolling year by quarters, a year to date) are none: they move little because
they overlap, and a band drawn from their steps would promise too much.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from indicators.direction_of_travel import Point, Window, crosses_break, reach_start
from indicators.forecast import FEWEST, WhyNone
from indicators.units import Unit, round_half_up

# Periods that a forecast looks ahead, by their kind: the year for those within it, and the next year.
HORIZONS = {"month": 4, "quarter": 4, "financial_year": 1}
_OVERLAPPING = {Window.ROLLING_12_MONTHS, Window.YEAR_TO_DATE}
_PLACES = 12


@dataclass(frozen=True)
class Stretch:
    """The usable figures of a series, oldest first, and why they carry no forecast (None: they do)."""

    points: tuple[Point, ...]
    why: WhyNone | None = None

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Their values, unrounded."""
        return tuple(p.value for p in self.points if p.value is not None)


def stretch_of(points: Sequence[Point], *, kind: str, window: Window, breaks: Sequence[date] = ()) -> Stretch:
    """The usable figures of those held for one kind of period, oldest first (a period without a number included)."""
    if kind not in HORIZONS or (window in _OVERLAPPING and kind != "financial_year"):
        return Stretch((), WhyNone.OVERLAPPING)
    if not points:
        return Stretch((), WhyNone.TOO_FEW)
    if not _is_exact(points[-1]):
        return Stretch((), WhyNone.NO_NUMBER)
    found, cut = [points[-1]], WhyNone.TOO_FEW
    for point in reversed(points[:-1]):
        cut = _cut(point, found[0], window, breaks)
        if cut is not WhyNone.TOO_FEW:
            break
        found.insert(0, point)
    if len(found) < FEWEST:
        return Stretch(tuple(found), cut)
    is_still = len({p.value for p in found}) == 1
    return Stretch(tuple(found), WhyNone.NO_MOVEMENT if is_still else None)


def is_next(earlier: Point, later: Point, *, window: Window, breaks: Sequence[date] = ()) -> bool:
    """Whether a figure follows another at once, both exact and counted in the same way."""
    return _is_exact(later) and _cut(earlier, later, window, breaks) is WhyNone.TOO_FEW


def _is_exact(point: Point) -> bool:
    return point.value is not None and point.qualifier not in ("<", ">")


def _cut(earlier: Point, later: Point, window: Window, breaks: Sequence[date]) -> WhyNone:
    """What parts two figures; TOO_FEW where nothing does."""
    reach = Point(reach_start(earlier.start_on, earlier.end_on, window), earlier.end_on, None)
    if crosses_break(reach, later, breaks):
        return WhyNone.BREAK
    is_neighbour = earlier.end_on + timedelta(days=1) == later.start_on
    return WhyNone.TOO_FEW if is_neighbour and _is_exact(earlier) else WhyNone.GAP


def fingerprint(points: Sequence[Point], unit: Unit) -> str:
    """What tells the figures that a forecast was made from from others: SHA-256 of unit, days and values."""
    rows = [f"{p.start_on}:{p.end_on}:{_text(p.value)}" for p in points]
    return hashlib.sha256("\n".join([unit.value, *rows]).encode()).hexdigest()


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{round_half_up(value, _PLACES).normalize():f}"
