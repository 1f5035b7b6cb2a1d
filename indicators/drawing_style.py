"""The style of every drawing of figures over time, on the screen and on paper: colours, shapes, and what is labelled.

One place for the drawing that a script makes, for the ones that the server writes and for those of a scorecard. Shapes
differ as well as colours; each colour has a contrast of 3:1 or more on what it lies on, text 4.5:1.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from math import ceil

from indicators import quarters
from indicators.rag import Polarity, Rating, Standard
from indicators.spc import Variation
from indicators.trend import Axis, Trend
from indicators.units import Unit, written_plain

INK, INK_2, BRAND, GRID, PAPER = "#14212b", "#4a5560", "#1f3f5f", "#e4e8eb", "#ffffff"
BAND, BAND_EDGE, OUTSIDE_INK = "#f6e3b8", "#b96b00", "#8e1418"
MARKERS = {
    Rating.OUTSIDE: ("square", "#8e1418", 11),
    Rating.WITHIN: ("diamond", "#b96b00", 12),
    Rating.BETTER: ("circle", "#177e77", 11),
    Rating.NOT_JUDGED: ("square", "#5b6670", 8),
}
LIMIT = "#5b6670"
# What is likely to come: BRAND this opaque, the hatching in it this opaque, and the dashes and gaps of its edges.
AHEAD, AHEAD_HATCH, AHEAD_EDGE = 0.10, 0.28, (3, 3)
RING, SMALL_RING = 17, 9
RINGS = (
    (frozenset({Variation.IMPROVEMENT}), "circle-open", "#177e77", "ring, special cause and improving"),
    (frozenset({Variation.CONCERN}), "diamond-open", "#8e1418", "diamond about a figure, special cause and of concern"),
    (
        frozenset({Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW}),
        "square-open",
        BRAND,
        "square about a figure, special cause",
    ),
)
# With more figures than this the points would hide the line, so they are small.
MANY, SMALL = 40, 4
FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif'


def values_on(axis: Axis) -> list[float]:
    """Where an axis has its lines."""
    count = round((axis.high - axis.low) / axis.step)
    return [round(axis.low + number * axis.step, 6) for number in range(count + 1)]


def axis_texts(values: Sequence[float], unit: Unit) -> list[str]:
    """Bare numbers; the unit's sign stands at the topmost only."""
    texts = [written_plain(Decimal(str(v)), unit) for v in values]
    return [t.removesuffix("%") for t in texts[:-1]] + texts[-1:]


def ticks(periods: Sequence[quarters.Period], most: int) -> list[tuple[date, str]]:
    """The periods that get a tick, counted back from the last, each with its name; the year where it changes."""
    every = ceil(len(periods) / most)
    shown = [p for index, p in enumerate(reversed(periods)) if index % every == 0][::-1]
    ticks, year = [], ""
    for period in shown:
        name, of_year = short_label(period)
        ticks.append((middle_of(period), f"{name}<br>{of_year}" if name and of_year != year else name or of_year))
        year = of_year
    return ticks


def middle_of(period: quarters.Period) -> date:
    """Where a period stands on the axis of time."""
    return period.start_on + (period.end_on - period.start_on) / 2


def short_label(period: quarters.Period) -> tuple[str, str]:
    """A period's own name and its year: ("Mar", "2022"), ("Q4", "2021/22"), ("", "2021/22")."""
    if isinstance(period, quarters.Month):
        return f"{period.start_on:%b}", str(period.start_on.year)
    year = quarters.financial_year_of(period.end_on).label
    return (f"Q{period.number}", year) if isinstance(period, quarters.Quarter) else ("", year)


def standards_drawn(trend: Trend) -> list[tuple[date, date, Standard]]:
    """Stretches of periods under one standard, from the first day to the day after the last."""
    found = []
    for standard, group in groupby(trend.periods, key=lambda p: trend.standard_on(p.start_on)):
        stretch = list(group)
        if standard is not None and standard.target is not None and not standard.suspended:
            found.append((stretch[0].start_on, stretch[-1].end_on + timedelta(days=1), standard))
    return found


def bands_of(standard: Standard) -> list[tuple[Decimal, Decimal]]:
    """From the boundary of better to that of within, on each side that has one: (target's side, limit)."""
    if not standard.has_tolerance or standard.polarity is Polarity.NONE:
        return []
    pairs = zip(standard.better_range, standard.allowed_range, strict=True)
    return [(near, far) for near, far in pairs if near is not None and far is not None and near != far]


def apart(values: Sequence[float], axis: Axis, height: float, gap: float = 19.0) -> list[float]:
    """Heights of labels as shares of a plot of that height, in the order of their values and at least `gap` apart."""
    pixels = [(value - axis.low) / (axis.high - axis.low) * height for value in values]
    return [round(place / height, 4) for place in kept_apart(pixels, height, gap)]


def kept_apart(pixels: Sequence[float], height: float, gap: float) -> list[float]:
    """Heights of labels on a plot, in the order of what they name and at least `gap` pixels from each other."""
    order = sorted(range(len(pixels)), key=lambda i: pixels[i])
    placed = dict.fromkeys(order, 0.0)
    floor = -gap
    for index in order:
        floor = placed[index] = max(pixels[index], floor + gap)
    ceiling = height + gap
    for index in reversed(order):
        ceiling = placed[index] = min(placed[index], ceiling - gap)
    return [placed[i] for i in range(len(pixels))]
