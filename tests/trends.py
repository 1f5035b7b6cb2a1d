"""Trends written in a line of text: what tests of findings and drawings start from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.measurement import Basis, Measured
from indicators.quarters import Month, Quarter
from indicators.rag import MissingReason, Polarity, Standard, ToleranceKind
from indicators.scorecard import Held, Line, build_row
from indicators.trend import InForce, Trend, TrendBreak, spot_of
from indicators.units import Unit
from tests.indicators.test_kept_forecast import kept

TURNOVER = "12.94 12.56 13.07 13.54 13.03 11.51 10.64 10.41 10.35 10.00 11.21 12.26 13.78"
MARCH = Month(2021, 3)
MOSAIC = TrendBreak(date(2021, 8, 1), "August 2021", "Change of case system")


def limits(polarity=Polarity.LOWER, target=16, tolerance=18):
    kind = ToleranceKind.NONE if tolerance is None else ToleranceKind.ABSOLUTE
    edge = None if tolerance is None else Decimal(tolerance)
    return Standard(polarity, Decimal(target), kind, edge, unit=Unit.PERCENT)


def measured(value):
    """ "85" as printed, "<1" a limit, "148/150" derived, "x" not available, "no" a target stated as not met."""
    if value == "x":
        return Measured(Basis.MISSING, missing_reason=MissingReason.NOT_AVAILABLE)
    if value == "no":
        return Measured(Basis.STATED_OUTCOME, stated_met=False)
    if "/" in value:
        n, d = value.split("/")
        return Measured(Basis.DERIVED, Decimal(n), Decimal(d))
    qualifier = value[0] if value[0] in "<>~" else ""
    number = Decimal(value.removeprefix(qualifier))
    return Measured(
        Basis.STATED, value=number, qualifier=qualifier, quantum=Decimal(1).scaleb(number.as_tuple().exponent)
    )


def trend(
    figures, held_against=None, *, since=None, breaks=(), window=Window.PERIOD, polarity=None, places=0,
    unit=Unit.PERCENT, aggregation=Aggregation.POOLED_RATIO,
):  # fmt: skip
    """A trend of {period: figure}; the standard holds from `since`, or always."""
    polarity = polarity or (held_against.polarity if held_against else Polarity.HIGHER)
    kind = next(iter(figures)).kind
    held = {p.slug: Held(p.slug, p.label, p.start_on, p.end_on, measured(value)) for p, value in figures.items()}
    spots = []
    for period in sorted(figures, key=lambda p: p.start_on):
        is_judged = held_against is not None and (since is None or since <= period.start_on)
        line = Line(
            code="x", slice="", name="X", theme_code="", theme="", unit=unit, polarity=polarity, window=window,
            aggregation=aggregation, places=places, frequency=kind,
            standard=held_against if is_judged else None,
        )  # fmt: skip
        spots.append(spot_of(build_row(line, period, held, breaks=[b.on for b in breaks])))
    return Trend(
        kind=kind, unit=unit, places=places, polarity=polarity, window=window, spots=tuple(spots),
        standards=() if held_against is None else (InForce(since or date.min, held_against),), breaks=tuple(breaks),
    )  # fmt: skip


def months(values, first=MARCH):
    """Figures of months in a row from `first` on; "-" is a month without one."""
    found = {}
    for value in values.split():
        if value != "-":
            found[first] = value
        first = first.next()
    return found


def quarters(**values):
    """q2020_4="85" is 2020/21 Q4."""
    return {Quarter(*map(int, name[1:].split("_"))): value for name, value in values.items()}


def a_forecast(found, *bands):
    """The trend with a forecast of so many months ahead, each (low, point, high)."""
    last = found.spots[-1]
    made_from = Month(last.start_on.year, last.start_on.month)
    ahead, period = [], made_from
    for steps, (low, point, high) in enumerate(bands, 1):
        period = period.next()
        band = {"low": Decimal(low), "point": Decimal(point), "high": Decimal(high)}
        ahead.append(kept(made_from, period=period, steps=steps, **band))
    values = tuple(v for one in ahead for v in (one.low, one.high))
    return replace(found, also_drawn=values, ahead=tuple(one.period for one in ahead)), ahead
