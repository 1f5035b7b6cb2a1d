"""What the financial year comes to at the pace of its periods so far, and what the rest of it needs for the target.

Only for figures that add up within the year: counts of a period of their own, shares whose numerator and denominator
are held for each, and a year to date, whose latest figure is the year so far. Percentages are never averaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.rag import Polarity
from indicators.run_rate import Needed, flat, needed, profiled
from indicators.share_charts import Parts
from indicators.trend import Spot, Trend
from indicators.units import Unit, is_share, total_of

IN_YEAR = {"month": 12, "quarter": 4}
_JUDGED = {Polarity.HIGHER, Polarity.LOWER}


class Reach(StrEnum):
    """Whether the year can still meet its target."""

    NEEDS = "needs"
    OUT_OF_REACH = "out_of_reach"
    SAFE = "safe"


@dataclass(frozen=True)
class Goal:
    """A target of the year: `rest` is what the rest of it needs (at least, or at most where less is better), `bound`
    the parts of the year if the rest were as good, or as bad, as it can be."""

    target: Decimal
    is_more_better: bool
    rest: Needed
    reach: Reach
    bound: Parts


@dataclass(frozen=True)
class YearPace:
    """A year in its course, `periods` of `in_year` reported. Of a count `count` and what the year comes to, flat and by
    the course of `years`; of a share its `parts`; neither: they are not held for every period."""

    year: quarters.FinancialYear
    periods: int
    in_year: int
    count: Decimal | None = None
    flat: Decimal | None = None
    profiled: Decimal | None = None
    years: tuple[str, ...] = ()
    parts: Parts | None = None
    goal: Goal | None = None


def year_pace(trend: Trend) -> YearPace | None:
    """The course of the year that the latest figure lies in; None where its figures do not add up, one is missing or
    only a limit, the series breaks within the year, or the year is over."""
    if trend.kind not in IN_YEAR or not trend.spots or trend.window not in {Window.PERIOD, Window.YEAR_TO_DATE}:
        return None
    latest, in_year = trend.spots[-1], IN_YEAR[trend.kind]
    year = quarters.financial_year_of(latest.end_on)
    periods = _position(latest, trend.kind)
    spots = _so_far(trend, year, periods)
    if periods == in_year or not spots or trend.breaks_between(spots[0], spots[-1]):
        return None
    pace = YearPace(year, periods, in_year)
    aggregation = latest.row.line.aggregation
    is_whole = trend.window is Window.YEAR_TO_DATE
    if trend.unit is Unit.COUNT and (is_whole or aggregation is Aggregation.SUM):
        return _counted(trend, pace, spots)
    if is_share(trend.unit) and (is_whole or aggregation is Aggregation.POOLED_RATIO):
        return _shared(trend, pace, spots)
    return None


def _position(spot: Spot, kind: str) -> int:
    """The place of a period in its financial year: of April 1, of March 12."""
    month = (spot.end_on.month - 4) % 12 + 1
    return month if kind == "month" else month // 3


def _so_far(trend: Trend, year: quarters.FinancialYear, periods: int) -> tuple[Spot, ...]:
    """The figures that make the year up to a period: each of them, or of a year to date the latest alone. Empty where
    one is missing, not exact, or of another definition."""
    wanted = {periods} if trend.window is Window.YEAR_TO_DATE else set(range(1, periods + 1))
    found = [
        spot
        for spot in trend.numbers
        if quarters.financial_year_of(spot.end_on) == year
        and _position(spot, trend.kind) in wanted
        and not spot.is_limit
        and spot.row.line.window is trend.window
    ]
    return tuple(found) if len(found) == len(wanted) else ()


def _values(spots: Sequence[Spot]) -> list[Decimal]:
    return [spot.value for spot in spots if spot.value is not None]


def _counted(trend: Trend, pace: YearPace, spots: Sequence[Spot]) -> YearPace:
    so_far = total_of(_values(spots))
    years = _whole_years(trend, pace, spots[-1])
    by_course = profiled(so_far, pace.periods if trend.window is Window.PERIOD else 1, [y for _, y in years])
    return YearPace(
        pace.year, pace.periods, pace.in_year, count=so_far, flat=flat(so_far, pace.periods, pace.in_year),
        profiled=by_course, years=() if by_course is None else tuple(label for label, _ in years),
    )  # fmt: skip


def _whole_years(trend: Trend, pace: YearPace, latest: Spot) -> list[tuple[str, list[Decimal]]]:
    """Earlier years that are held whole and counted in the same way, oldest first, as their periods; of a year to date
    as what was reached by then and what came after."""
    found = []
    for year in sorted({quarters.financial_year_of(s.end_on) for s in trend.numbers}, key=lambda y: y.start_on):
        whole = _so_far(trend, year, pace.in_year) if year != pace.year else ()
        if not whole or trend.breaks_between(whole[0], latest):
            continue
        values = _values(whole)
        if trend.window is Window.YEAR_TO_DATE:
            reached = _values(_so_far(trend, year, pace.periods))
            if not reached:
                continue
            values = [*reached, values[0] - reached[0]]
        found.append((year.label, values))
    return found


def _shared(trend: Trend, pace: YearPace, spots: Sequence[Spot]) -> YearPace:
    parts = [_parts(spot) for spot in spots]
    known = [one for one in parts if one is not None]
    if len(known) < len(parts):
        return pace
    so_far = Parts(total_of(p.numerator for p in known), total_of(p.denominator for p in known))
    goal = _goal(trend, pace, so_far, spots[-1])
    return YearPace(pace.year, pace.periods, pace.in_year, parts=so_far, goal=goal)


def _parts(spot: Spot) -> Parts | None:
    measured = spot.row.held.measured if spot.row.held else None
    if measured is None or measured.numerator is None or not measured.denominator:
        return None
    return Parts(measured.numerator, measured.denominator)


def _goal(trend: Trend, pace: YearPace, so_far: Parts, latest: Spot) -> Goal | None:
    standard = trend.standard_on(latest.start_on)
    if standard is None or standard.suspended or standard.target is None or standard.polarity not in _JUDGED:
        return None
    rest = needed(so_far, pace.periods, pace.in_year, standard.target / 100)
    if rest is None:
        return None
    is_more_better = standard.polarity is Polarity.HIGHER
    reach = _reach(rest, is_more_better=is_more_better)
    all_of_rest = is_more_better is (reach is Reach.OUT_OF_REACH)
    bound = Parts(so_far.numerator + (rest.of if all_of_rest else 0), so_far.denominator + rest.of)
    return Goal(standard.target, is_more_better, rest, reach, bound)


def _reach(rest: Needed, *, is_more_better: bool) -> Reach:
    if is_more_better:
        return Reach.OUT_OF_REACH if rest.is_out_of_reach else Reach.SAFE if rest.is_safe else Reach.NEEDS
    return Reach.OUT_OF_REACH if rest.share < 0 else Reach.SAFE if rest.share >= 1 else Reach.NEEDS
