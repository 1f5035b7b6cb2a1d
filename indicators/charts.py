"""The trend figure of an indicator: a dict of data and layouts that plotly has validated and charts.js draws.

What is compared or said is decided before; here values become positions, so floats are fine. Colours are those of the
ratings and the page (static/css/app.css), each at least 3:1 on what it lies on, text 4.5:1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from itertools import groupby
from math import ceil
from typing import Any

from indicators import quarters
from indicators.control import Control
from indicators.forecast_drawing import ahead_traces, side_note
from indicators.kept_forecast import Kept
from indicators.rag import Polarity, Rating, Standard
from indicators.spc import Variation
from indicators.trend import Axis, Spot, Trend, are_neighbours
from indicators.units import Unit, written_exactly, written_plain

INK, INK_2, BRAND, GRID, PAPER = "#14212b", "#4a5560", "#1f3f5f", "#e4e8eb", "#ffffff"
BAND, BAND_EDGE, OUTSIDE_INK = "#f6e3b8", "#b96b00", "#8e1418"
MARKERS = {
    Rating.OUTSIDE: ("square", "#8e1418", 11),
    Rating.WITHIN: ("diamond", "#b96b00", 12),
    Rating.BETTER: ("circle", "#177e77", 11),
    Rating.NOT_JUDGED: ("square", "#5b6670", 8),
}
LIMIT = "#5b6670"
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


@dataclass(frozen=True)
class _Paper:
    """The size of a drawing: height and margins in pixels, how many ticks fit, how many of them where each has a year
    for its name, and whether words are short."""

    height: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: int
    years: int
    is_narrow: bool

    @property
    def plot_height(self) -> int:
        """Pixels between the top and the bottom line."""
        return self.height - self.top - self.bottom


WIDE = _Paper(height=400, left=44, right=136, top=22, bottom=52, ticks=14, years=9, is_narrow=False)
NARROW = _Paper(height=340, left=40, right=92, top=22, bottom=52, ticks=4, years=4, is_narrow=True)


def trend_figure(trend: Trend, control: Control | None = None, ahead: Sequence[Kept] = ()) -> dict[str, Any]:
    """The figure of a trend with two numbers or more: `data`, `layout` and `narrow` (the layout of a phone). `ahead`:
    its forecast, whose periods the trend goes on over.

    Raises ValueError when plotly does not know a property, or when there are fewer than two numbers.
    """
    import plotly.graph_objects as go  # type: ignore[import-untyped]

    if len(trend.numbers) < 2:
        raise ValueError("One figure is no trend.")
    future = ahead_traces(trend.numbers[-1], ahead, is_crowded=len(trend.numbers) > MANY)
    data = [*future, *_limits(control), *_lines(trend), *_rings(control), *_markers(trend)]
    layouts = [_layout(trend, paper, ahead) for paper in (WIDE, NARROW)]
    wide, narrow = (go.Figure(data=data, layout=layout).to_plotly_json() for layout in layouts)
    return {"data": wide["data"], "layout": wide["layout"], "narrow": narrow["layout"]}


def _x(spot: Spot) -> str:
    return spot.middle.isoformat()


def _y(spot: Spot) -> float:
    return float(spot.value or 0)


def _lines(trend: Trend) -> list[dict[str, Any]]:
    """The joins between figures: one trace for the solid ones, one for the dotted, with gaps between runs."""
    traces = []
    for is_solid, dash, width in ((True, "solid", 3), (False, "dot", 2)):
        xs: list[str | None] = []
        ys: list[float | None] = []
        for earlier, later, solid in trend.joins:
            if solid is is_solid:
                xs += [_x(earlier), _x(later), None]
                ys += [_y(earlier), _y(later), None]
        if xs:
            traces.append(_line(xs[:-1], ys[:-1], color=BRAND, width=width, dash=dash))
    return traces


def _line(xs: Sequence[str | None], ys: Sequence[float | None], **line: Any) -> dict[str, Any]:
    """A line that ends at each None and tells nothing of itself."""
    quiet = {"hoverinfo": "skip", "connectgaps": False, "showlegend": False}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line} | quiet


def _limits(control: Control | None) -> list[dict[str, Any]]:
    """Mean and limits, level over each period; they end where a stretch ends."""
    if control is None:
        return []
    traces = []
    for name, dash in (("mean", "solid"), ("lower", "6px,3px"), ("upper", "6px,3px")):
        xs: list[str | None] = []
        ys: list[float | None] = []
        before = None
        for one in control.placed:
            value = getattr(one.dot.limits, name)
            if value is None:
                continue
            if before is not None and not are_neighbours(before, one.spot):
                xs.append(None)
                ys.append(None)
            before = one.spot
            xs += [one.spot.start_on.isoformat(), (one.spot.end_on + timedelta(days=1)).isoformat()]
            ys += [float(value), float(value)]
        if xs:
            traces.append(_line(xs, ys, color=LIMIT, width=1, dash=dash))
    return traces


def _rings(control: Control | None) -> list[dict[str, Any]]:
    """A ring about each figure of a special cause, dotted lines apart by shape as well as colour: round for better, a
    diamond for worse, a square where neither way is better."""
    if control is None:
        return []
    traces = []
    size = SMALL_RING if len(control.placed) > MANY else RING
    for variations, symbol, colour, _ in RINGS:
        marked = [one.spot for one in control.placed if one.dot.variation in variations]
        if marked:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [_x(spot) for spot in marked],
                    "y": [_y(spot) for spot in marked],
                    "marker": {"symbol": symbol, "color": colour, "size": size, "line": {"width": 2}},
                    "hoverinfo": "skip",
                    "showlegend": False,
                }
            )
    return traces


def _markers(trend: Trend) -> list[dict[str, Any]]:
    """One trace for each rating that occurs; a queried figure is open."""
    traces = []
    for rating, (symbol, colour, size) in MARKERS.items():
        spots = [s for s in trend.numbers if s.rating is rating]
        if not spots:
            continue
        size = min(size, SMALL) if len(trend.numbers) > MANY else size
        fills = [PAPER if s.is_queried or rating is Rating.NOT_JUDGED else colour for s in spots]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [_x(s) for s in spots],
                "y": [_y(s) for s in spots],
                "marker": {
                    "symbol": symbol,
                    "color": fills,
                    "size": size,
                    "opacity": 1,
                    "line": {
                        "color": [colour if fill == PAPER else PAPER for fill in fills],
                        "width": [2 if fill == PAPER else 1 for fill in fills],
                    },
                },
                "text": [escape(_told(s)) for s in spots],
                "hovertemplate": "%{text}<extra></extra>",
                "cliponaxis": False,
                "showlegend": False,
            }
        )
    return traces


def _told(spot: Spot) -> str:
    counts = f", {spot.counts}" if spot.counts else ""
    query = ", query" if spot.is_queried else ""
    return f"{spot.label}: {spot.text}{counts}; {spot.words}{query}"


def _layout(trend: Trend, paper: _Paper, ahead: Sequence[Kept] = ()) -> dict[str, Any]:
    axis, periods = trend.axis, trend.periods
    ticks = _ticks(periods, paper.ticks if _short(periods[-1])[0] else paper.years)
    lines = _values_on(axis)
    return {
        "template": "none",
        "height": paper.height,
        "margin": {"l": paper.left, "r": paper.right, "t": paper.top, "b": paper.bottom, "pad": 0},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 13, "color": INK_2},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": {"color": INK, "size": 13}},
        "xaxis": {
            "type": "date",
            "range": [periods[0].start_on.isoformat(), (periods[-1].end_on + timedelta(days=1)).isoformat()],
            "tickvals": [when.isoformat() for when, _ in ticks],
            "ticktext": [text for _, text in ticks],
            "ticks": "outside",
            "ticklen": 5,
            "tickcolor": INK,
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "showline": True,
            "linecolor": INK,
            "fixedrange": True,
        },
        "yaxis": {
            "range": [axis.low, axis.high],
            "tickvals": lines,
            "ticktext": _axis_texts(lines, trend.unit),
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
            "ticks": "",
            "fixedrange": True,
        },
        "shapes": [*_standard_shapes(trend), *_break_shapes(trend)],
        "annotations": [
            *_break_notes(trend, paper),
            *_value_notes(trend, paper),
            *_side_notes(trend, axis, paper, ahead),
        ],
    }


def _values_on(axis: Axis) -> list[float]:
    count = round((axis.high - axis.low) / axis.step)
    return [round(axis.low + number * axis.step, 6) for number in range(count + 1)]


def _axis_texts(values: Sequence[float], unit: Unit) -> list[str]:
    """Bare numbers; the unit's sign stands at the topmost only."""
    texts = [written_plain(Decimal(str(v)), unit) for v in values]
    return [t.removesuffix("%") for t in texts[:-1]] + texts[-1:]


def _ticks(periods: Sequence[quarters.Period], most: int) -> list[tuple[date, str]]:
    """The periods that get a tick, counted back from the last, each with its name; the year where it changes."""
    every = ceil(len(periods) / most)
    shown = [p for index, p in enumerate(reversed(periods)) if index % every == 0][::-1]
    ticks, year = [], ""
    for period in shown:
        name, of_year = _short(period)
        ticks.append((_middle(period), f"{name}<br>{of_year}" if name and of_year != year else name or of_year))
        year = of_year
    return ticks


def _middle(period: quarters.Period) -> date:
    return period.start_on + (period.end_on - period.start_on) / 2


def _short(period: quarters.Period) -> tuple[str, str]:
    """A period's own name and its year: ("Mar", "2022"), ("Q4", "2021/22"), ("", "2021/22")."""
    if isinstance(period, quarters.Month):
        return f"{period.start_on:%b}", str(period.start_on.year)
    year = quarters.financial_year_of(period.end_on).label
    return (f"Q{period.number}", year) if isinstance(period, quarters.Quarter) else ("", year)


def _runs(trend: Trend) -> list[tuple[date, date, Standard]]:
    """Stretches of periods under one standard, from the first day to the day after the last."""
    found = []
    for standard, group in groupby(trend.periods, key=lambda p: trend.standard_on(p.start_on)):
        stretch = list(group)
        if standard is not None and standard.target is not None and not standard.suspended:
            found.append((stretch[0].start_on, stretch[-1].end_on + timedelta(days=1), standard))
    return found


def _bands(standard: Standard) -> list[tuple[Decimal, Decimal]]:
    """From the boundary of better to that of within, on each side that has one: (target's side, limit)."""
    if not standard.has_tolerance or standard.polarity is Polarity.NONE:
        return []
    pairs = zip(standard.better_range, standard.allowed_range, strict=True)
    return [(near, far) for near, far in pairs if near is not None and far is not None and near != far]


def _standard_shapes(trend: Trend) -> list[dict[str, Any]]:
    """Target and tolerance band over the periods for which they are in force, and over no others."""
    shapes: list[dict[str, Any]] = []
    for start, end, standard in _runs(trend):
        across = {"x0": start.isoformat(), "x1": end.isoformat(), "xref": "x", "yref": "y", "layer": "between"}
        for near, far in _bands(standard):
            shapes.append(
                {"type": "rect", "y0": float(near), "y1": float(far), "fillcolor": BAND, "line": {"width": 0}} | across
            )
            edge = {"y0": float(far), "y1": float(far), "line": {"color": BAND_EDGE, "width": 1}}
            shapes.append({"type": "line"} | edge | across)
        target = float(standard.target or 0)
        line = {"color": INK, "width": 1.5, "dash": "6px,4px"}
        shapes.append({"type": "line", "y0": target, "y1": target, "line": line} | across)
    return shapes


def _break_shapes(trend: Trend) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "x0": found.on.isoformat(),
            "x1": found.on.isoformat(),
            "xref": "x",
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": INK_2, "width": 1, "dash": "2px,3px"},
        }
        for found in trend.breaks_inside
    ]


def _break_notes(trend: Trend, paper: _Paper) -> list[dict[str, Any]]:
    """The label of each break at the top of its line, on the side with more room."""
    first, last = trend.periods[0].start_on, trend.periods[-1].end_on
    notes = []
    for number, found in enumerate(trend.breaks_inside):
        is_late = (found.on - first) * 2 > last - first
        text = f"Series breaks, {found.when}" if not paper.is_narrow else f"Break, {found.when}"
        notes.append(
            _note(
                text,
                x=found.on.isoformat(),
                y=1,
                yref="paper",
                xanchor="right" if is_late else "left",
                yanchor="bottom",
                yshift=3 if number % 2 == 0 else -16,
                xshift=-4 if is_late else 4,
                font={"size": 13, "color": INK_2},
            )
        )
    return notes


def _note(text: str, **rest: Any) -> dict[str, Any]:
    return {"text": text, "showarrow": False} | rest


def _below(spot: Spot, axis: Axis, paper: _Paper) -> int:
    """How far under a point its label begins: close to it where there is little room above the axis."""
    room = (_y(spot) - axis.low) / (axis.high - axis.low) * paper.plot_height
    return 9 if room >= 26 else 4


def _value_notes(trend: Trend, paper: _Paper) -> list[dict[str, Any]]:
    """Labels of the first, the lowest and the highest figure, and of every one that is a limit or approximate. The
    last one's stands at the side."""
    numbers = trend.numbers
    lowest, highest = min(numbers, key=_y), max(numbers, key=_y)
    marked = [s for s in numbers if s.qualifier]
    notes = []
    for spot in dict.fromkeys((numbers[0], highest, lowest, *marked)):
        if spot is numbers[-1]:
            continue
        is_below = spot is lowest or (spot is numbers[0] and _y(spot) < _y(numbers[1]))
        name = f" {spot.label}" if spot is not numbers[0] and not paper.is_narrow else ""
        notes.append(
            _note(
                escape(f"{spot.text}{name}"),
                x=_x(spot),
                y=_y(spot),
                xanchor="left" if spot is numbers[0] else "center",
                xshift=-5 if spot is numbers[0] else 0,
                yanchor="top" if is_below else "bottom",
                yshift=-_below(spot, trend.axis, paper) if is_below else 9,
                font={"size": 13, "color": INK},
            )
        )
    return notes


def _side_notes(trend: Trend, axis: Axis, paper: _Paper, ahead: Sequence[Kept]) -> list[dict[str, Any]]:
    """What stands at the right end: the last figure, what is likely there, and the target and limits in force there,
    pushed apart where they would cover one another."""
    last = trend.numbers[-1]
    size = 15 if paper.is_narrow else 17
    text = escape(last.text.split(" per ")[0])
    notes: list[tuple[float, str, dict[str, Any]]] = [
        (_y(last), f"Last {text}" if ahead else text, {"size": size, "color": BRAND, "weight": 700})
    ]
    if ahead:
        notes.append((*side_note(ahead), {"size": 13, "color": INK_2}))
    standard = trend.standard_on(trend.periods[-1].start_on)
    if standard is not None and standard.target is not None and not standard.suspended:
        target = written_plain(standard.target, trend.unit)
        notes.append((float(standard.target), f"Target {target}", {"size": 13, "color": INK, "weight": 700}))
        for near, far in _bands(standard):
            edge = written_exactly(far, trend.unit).split(" per ")[0].removesuffix(" days")
            side = "Above" if far > near else "Below"
            text = f"{side} {edge}" if paper.is_narrow else f"Outside {side.lower()} {edge}"
            notes.append((float(far), text, {"size": 13, "color": OUTSIDE_INK, "weight": 700}))
    placed = _apart([value for value, _, _ in notes], axis, paper)
    return [
        _note(text, x=1, xref="paper", y=y, yref="paper", xanchor="left", yanchor="middle", xshift=10, font=font)
        for (_, text, font), y in zip(notes, placed, strict=True)
    ]


def _apart(values: Sequence[float], axis: Axis, paper: _Paper, gap: float = 19.0) -> list[float]:
    """Heights of labels as shares of the plot, in the order of their values and at least `gap` pixels apart."""
    height = paper.plot_height
    pixels = [(value - axis.low) / (axis.high - axis.low) * height for value in values]
    order = sorted(range(len(values)), key=lambda i: pixels[i])
    placed = dict.fromkeys(order, 0.0)
    floor = -gap
    for index in order:
        floor = placed[index] = max(pixels[index], floor + gap)
    ceiling = height + gap
    for index in reversed(order):
        ceiling = placed[index] = min(placed[index], ceiling - gap)
    return [round(placed[i] / height, 4) for i in range(len(values))]
