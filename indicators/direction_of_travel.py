"""Which way a figure has moved, and whether that can be said at all.

Only figures of a period of their own are tested against chance. Rolling, year-to-date and snapshot figures overlap or
are read once, so their change is only stated. Nothing is compared across a break in the series.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from indicators.intervals import is_above
from indicators.quarters import a_year_earlier, financial_year_of
from indicators.rag import Polarity
from indicators.units import WIDE, Unit, difference_written, is_ratio, round_half_up, written, written_apart

# Two quotients that differ by exactly one unit of print may differ from it in their last digits.
_DIGITS_COMPARED = 20


# A share short of the whole is not written as the whole, nor one above nothing as nothing.
_ENDS = (Decimal(0), Decimal(100))


class Window(StrEnum):
    """What stretch of time a figure covers."""

    PERIOD = "period"
    SNAPSHOT = "snapshot"
    YEAR_TO_DATE = "year_to_date"
    ROLLING_12_MONTHS = "rolling_12_months"
    COHORT_LAGGED = "cohort_lagged"


class ChangeCode(StrEnum):
    """What a change means; UP and DOWN where neither way is better."""

    BETTER = "better"
    WORSE = "worse"
    NO_CHANGE = "no_change"
    NO_CLEAR_CHANGE = "no_clear_change"
    UP = "up"
    DOWN = "down"
    NOT_COMPARED = "not_compared"


class Point(NamedTuple):
    """A figure of one reporting period: its dates, its unrounded value and, where held, the counts behind it."""

    start_on: date
    end_on: date
    value: Decimal | None
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    qualifier: str = ""


class Change(NamedTuple):
    """How a figure compares with an earlier one.

    `difference` is now − then, unrounded, in `unit`; `shared_months` counts the months that two rolling years have in
    common. Where nothing is compared, `reason` says why and there is neither a difference nor an earlier value:
    no_figure_now, no_earlier_figure, qualified, year_to_date_other_point or break_in_series.
    """

    code: ChangeCode
    arrow: str = ""
    difference: Decimal | None = None
    then_value: Decimal | None = None
    reason: str = ""
    shared_months: int = 0
    unit: Unit | None = None
    places: int = 0


def crosses_break(earlier: Point, later: Point, breaks: Sequence[date]) -> bool:
    """Whether the series breaks between two points: the first day of the new way of counting lies after the start of
    the earlier and not after the end of the later."""
    return any(earlier.start_on < day <= later.end_on for day in breaks)


def compare(
    now: Point | None,
    then: Point | None,
    *,
    polarity: Polarity,
    unit: Unit,
    places: int,
    window: Window,
    breaks: Sequence[date] = (),
    same_point_last_year: bool = False,
    target: Decimal | None = None,
) -> Change:
    """The change from `then` to `now`.

    `places` is how many decimals the values are shown with: a smaller change is no clear change. `target` is needed
    only for polarity BAND, where better means nearer to it. Never raises for data.
    """
    reason = _why_not(now, then, window, breaks, same_point_last_year)
    if now is None or then is None or now.value is None or then.value is None or reason:
        return Change(ChangeCode.NOT_COMPARED, reason=reason, unit=unit, places=places)
    difference = round_half_up(WIDE.subtract(now.value, then.value), _DIGITS_COMPARED)
    shared = shared_months(then.end_on, now.end_on) if window is Window.ROLLING_12_MONTHS else 0
    code, arrow = ChangeCode.NO_CHANGE, "level"
    if difference != 0:
        code, arrow = ChangeCode.NO_CLEAR_CHANGE, ""
        step = Decimal(1).scaleb(-places)
        if difference.copy_abs() >= step and (
            window is not Window.PERIOD or _is_beyond_chance(now, then, difference, unit)
        ):
            arrow = "up" if difference > 0 else "down"
            code = _meaning(now.value, then.value, polarity, target, step)
    return Change(code, arrow, difference, then.value, shared_months=shared, unit=unit, places=places)


def _why_not(
    now: Point | None, then: Point | None, window: Window, breaks: Sequence[date], same_point_last_year: bool
) -> str:
    """The code of what forbids the comparison, or nothing."""
    if now is None or now.value is None or not now.value.is_finite():
        return "no_figure_now"
    if then is None or then.value is None or not then.value.is_finite() or then.end_on >= now.end_on:
        return "no_earlier_figure"
    if now.qualifier in ("<", ">") or then.qualifier in ("<", ">"):
        return "qualified"
    if window is Window.YEAR_TO_DATE and not (same_point_last_year and then.end_on == a_year_earlier(now.end_on)):
        return "year_to_date_other_point"
    if not breaks:
        return ""
    reach = Point(reach_start(then.start_on, then.end_on, window), then.end_on, then.value)
    return "break_in_series" if crosses_break(reach, now, breaks) else ""


def reach_start(start_on: date, end_on: date, window: Window) -> date:
    """The first day of all that a figure counts: a rolling one reaches back a year, a year to date to April."""
    if window is Window.ROLLING_12_MONTHS:
        return min(start_on, a_year_earlier(end_on) + timedelta(days=1))
    if window is Window.YEAR_TO_DATE:
        return min(start_on, financial_year_of(end_on).start_on)
    return start_on


def shared_months(earlier_end: date, later_end: date) -> int:
    """How many of their 12 months two rolling years have in common."""
    apart = (later_end.year - earlier_end.year) * 12 + later_end.month - earlier_end.month
    return max(0, 12 - apart)


def _is_beyond_chance(now: Point, then: Point, difference: Decimal, unit: Unit) -> bool:
    """Whether Newcombe's interval of the two shares lies wholly on the side of the change; so too where there are no
    counts to test by."""
    later, earlier = _counts(now, unit), _counts(then, unit)
    if later is None or earlier is None:
        return True
    return is_above(*later, *earlier) if difference > 0 else is_above(*earlier, *later)


def _counts(point: Point, unit: Unit) -> tuple[Decimal, Decimal] | None:
    """The counts behind a share or rate; None where there are none, or they make no share."""
    if not is_ratio(unit) or point.numerator is None or point.denominator is None:
        return None
    x, n = Decimal(point.numerator), Decimal(point.denominator)
    return (x, n) if x.is_finite() and n.is_finite() and 0 <= x <= n and n > 0 else None


def _meaning(now: Decimal, then: Decimal, polarity: Polarity, target: Decimal | None, step: Decimal) -> ChangeCode:
    is_up = now > then
    if polarity is Polarity.HIGHER:
        return ChangeCode.BETTER if is_up else ChangeCode.WORSE
    if polarity is Polarity.LOWER:
        return ChangeCode.WORSE if is_up else ChangeCode.BETTER
    if polarity is Polarity.BAND and target is not None:
        distances = WIDE.subtract(then, target).copy_abs(), WIDE.subtract(now, target).copy_abs()
        nearer = round_half_up(WIDE.subtract(*distances), _DIGITS_COMPARED)
        if nearer.copy_abs() >= step:
            return ChangeCode.BETTER if nearer > 0 else ChangeCode.WORSE
    return ChangeCode.UP if is_up else ChangeCode.DOWN


_ARROWS = {"up": "↑", "down": "↓"}
_DIRECTIONS = {
    ChangeCode.BETTER: "better, ",
    ChangeCode.WORSE: "worse, ",
    ChangeCode.UP: "higher, ",
    ChangeCode.DOWN: "lower, ",
}
_REASONS = {
    "no_figure_now": "no figure for this period",
    "break_in_series": "the series breaks in between",
    "qualified": "a limit is given, not a number",
    "year_to_date_other_point": "a year to date compares only with the same point of last year",
}


def written_change(change: Change, unit: Unit, places: int) -> str:
    """The change in short: "↓ 11 points", "No change", "No clear change", or why there is none."""
    if change.code is ChangeCode.NOT_COMPARED:
        return "No earlier figure to compare" if change.reason == "no_earlier_figure" else "Not compared"
    if change.code is ChangeCode.NO_CHANGE or change.difference is None:
        return "No change"
    if change.code is ChangeCode.NO_CLEAR_CHANGE:
        return "No clear change"
    size = difference_written(round_half_up(change.difference, places), unit)
    return f"{_ARROWS[change.arrow]} {size}"


def change_words(change: Change) -> str:
    """What the short form leaves out: "worse, from 67%"; of a rolling year also how much of it is shared; for no
    comparison the reason (nothing where there is just no earlier figure)."""
    if change.then_value is None or change.unit is None:
        return _REASONS.get(change.reason, "")
    shown = round_half_up(change.then_value, change.places)
    before = written(shown, change.unit)
    if change.unit is Unit.PERCENT and shown in _ENDS and shown != change.then_value:
        before = written_apart(change.then_value, _ENDS, change.unit, change.places)
    shared = f"; {change.shared_months} of 12 months are shared" if change.shared_months else ""
    return f"{_DIRECTIONS.get(change.code, '')}from {before}{shared}"
