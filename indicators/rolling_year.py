"""How much of the next rolling year is fixed already: all but the period that comes, and the one that leaves is known.

The next figure is the present one, less what leaves, and what comes. What leaves has to be held by itself: from rolling
figures alone it cannot be worked out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators import quarters
from indicators.direction_of_travel import Window, shared_months
from indicators.run_rate import already_fixed
from indicators.share_charts import Parts
from indicators.trend import Spot, Trend
from indicators.units import Unit, is_share, total_of


@dataclass(frozen=True)
class Fixed:
    """What stays of a rolling year when its oldest period leaves: of a count `left` and `stays`, of a share the same as
    parts; neither: it cannot be said, because what leaves is not held by itself. `months` of the next figure's 12 are
    in the present one."""

    coming: quarters.Period
    leaving: quarters.Period
    months: int
    left: Decimal | None = None
    stays: Decimal | None = None
    left_parts: Parts | None = None
    parts: Parts | None = None


def fixed_of(trend: Trend, held: Iterable[Spot]) -> Fixed | None:
    """What is fixed of the figure after the latest one; `held` are the figures of the series of every kind of period.
    None where the measure is no rolling year by months or quarters, or the latest figure is not exact."""
    if trend.window is not Window.ROLLING_12_MONTHS or trend.kind == "financial_year" or not trend.spots:
        return None
    latest = trend.spots[-1]
    if latest.value is None or latest.is_limit:
        return None
    coming = quarters.from_dates(trend.kind, latest.start_on, latest.end_on).next()
    leaving = coming.same_period_last_year()
    found = Fixed(coming, leaving, shared_months(latest.end_on, coming.end_on))
    if trend.breaks_between(latest, latest):
        return found
    own = [spot for spot in held if spot.row.line.window is Window.PERIOD]
    if is_share(trend.unit):
        return _share(found, latest, [_by_itself(period, own) for period in _window(leaving, coming)])
    return _count(found, latest, _by_itself(leaving, own)) if trend.unit is Unit.COUNT else found


def _window(leaving: quarters.Period, coming: quarters.Period) -> Iterator[quarters.Period]:
    """The periods of the present figure, the one that leaves first."""
    while leaving != coming:
        yield leaving
        leaving = leaving.next()


def _by_itself(leaving: quarters.Period, held: Iterable[Spot]) -> tuple[Spot, ...]:
    """The figures that make the leaving period: its own, or its three months'. Empty where they are not all held."""
    by_slug = {spot.slug: spot for spot in held if spot.value is not None and not spot.is_limit}
    if leaving.slug in by_slug:
        return (by_slug[leaving.slug],)
    months = leaving.months() if isinstance(leaving, quarters.Quarter) else ()
    found = tuple(by_slug[month.slug] for month in months if month.slug in by_slug)
    return found if months and len(found) == len(months) else ()


def _count(found: Fixed, latest: Spot, gone: tuple[Spot, ...]) -> Fixed:
    values = [spot.value for spot in gone if spot.value is not None]
    if not values or latest.value is None:
        return found
    change = already_fixed(values, len(values))
    if latest.value + change < 0:
        return found
    return Fixed(found.coming, found.leaving, found.months, left=-change, stays=latest.value + change)


def _share(found: Fixed, latest: Spot, window: Sequence[tuple[Spot, ...]]) -> Fixed:
    """A denominator need not add up (an average number of staff does not), so all periods of the year have to be held
    by themselves and make the present figure."""
    present, sums = _parts(latest), [_sum(spots) for spots in window]
    known = [one for one in sums if one is not None]
    if present is None or len(known) < len(sums) or _together(known) != present:
        return found
    stays = _together(known[1:])
    return Fixed(found.coming, found.leaving, found.months, left_parts=known[0], parts=stays)


def _sum(spots: tuple[Spot, ...]) -> Parts | None:
    """The parts of a period; None where it, or one of its months, has none."""
    parts = [_parts(spot) for spot in spots]
    known = [one for one in parts if one is not None]
    return _together(known) if known and len(known) == len(parts) else None


def _together(parts: Sequence[Parts]) -> Parts:
    return Parts(total_of(p.numerator for p in parts), total_of(p.denominator for p in parts))


def _parts(spot: Spot) -> Parts | None:
    measured = spot.row.held.measured if spot.row.held else None
    if measured is None or measured.numerator is None or measured.denominator is None:
        return None
    return Parts(measured.numerator, measured.denominator)
