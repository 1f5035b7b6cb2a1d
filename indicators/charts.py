"""The trend figure of an indicator: a dict of data and layouts that plotly writes for the page and charts.js draws.

What is compared or said is decided before; here values become positions, so floats are fine. Colours and shapes are
those of `drawing_style`. Plotly validates every figure that a test draws (`tests/figures.py`), not each that is sent:
that would take longer than all else about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import Any

from django.utils.html import json_script
from django.utils.safestring import SafeString

from indicators.control import Control
from indicators.drawing_style import (
    BAND,
    BAND_EDGE,
    BRAND,
    FONT,
    GRID,
    INK,
    INK_2,
    LIMIT,
    MANY,
    MARKERS,
    OUTSIDE_INK,
    PAPER,
    RING,
    RINGS,
    SMALL,
    SMALL_RING,
    apart,
    axis_texts,
    bands_of,
    short_label,
    standards_drawn,
    ticks,
    values_on,
)
from indicators.forecast_drawing import ahead_traces, side_note
from indicators.kept_forecast import Kept
from indicators.official_lines import OfficialLine, end_notes, traces_of
from indicators.rag import Rating
from indicators.trend import Axis, Spot, Trend, are_neighbours
from indicators.units import written_exactly, written_plain


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
# The right margins where official lines have their labels there.
WIDE_BESIDE, NARROW_BESIDE = replace(WIDE, right=150), replace(NARROW, right=106)


def trend_figure(
    trend: Trend,
    control: Control | None = None,
    official: Sequence[OfficialLine] = (),
    ahead: Sequence[Kept] = (),
) -> dict[str, Any]:
    """The figure of a trend with two numbers or more: `data`, `layout` and `narrow` (the layout of a phone). `official`
    are the lines that other areas' figures make within its periods; `ahead` is its forecast, whose periods the trend
    goes on over.

    Raises ValueError when there are fewer than two numbers.
    """
    if len(trend.numbers) < 2:
        raise ValueError("One figure is no trend.")
    data = [
        *ahead_traces(trend.numbers[-1], ahead, is_crowded=len(trend.numbers) > MANY),
        *_limits(control), *traces_of(official), *_lines(trend), *_formers(trend), *_rings(control), *_markers(trend),
    ]  # fmt: skip
    papers = (WIDE_BESIDE, NARROW_BESIDE) if official else (WIDE, NARROW)
    layout, narrow = (_layout(trend, paper, official, ahead) for paper in papers)
    return {"data": data, "layout": layout, "narrow": narrow}


def figure_script(figure: dict[str, Any], name: str) -> SafeString:
    """The element from which charts.js reads a figure, as plotly writes it; `name`: its id."""
    from plotly.utils import PlotlyJSONEncoder  # type: ignore[import-untyped]

    return json_script(figure, name, encoder=PlotlyJSONEncoder)


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


def _formers(trend: Trend) -> list[dict[str, Any]]:
    """A cross where a restated figure was, joined to where it is."""
    restated = [spot for spot in trend.numbers if spot.former_value is not None]
    if not restated:
        return []
    xs: list[str | None] = []
    ys: list[float | None] = []
    for spot in restated:
        xs += [_x(spot), _x(spot), None]
        ys += [float(spot.former_value or 0), _y(spot), None]
    crosses = {
        "type": "scatter",
        "mode": "markers",
        "x": xs[::3],
        "y": ys[::3],
        "marker": {"symbol": "x-thin", "color": INK_2, "size": 8, "line": {"width": 2, "color": INK_2}},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [_line(xs[:-1], ys[:-1], color=INK_2, width=1, dash="dot"), crosses]


def _markers(trend: Trend) -> list[dict[str, Any]]:
    """One trace for each rating that occurs; a queried or restated figure is open."""
    traces = []
    for rating, (symbol, colour, size) in MARKERS.items():
        spots = [s for s in trend.numbers if s.rating is rating]
        if not spots:
            continue
        size = min(size, SMALL) if len(trend.numbers) > MANY else size
        fills = [PAPER if s.is_open or rating is Rating.NOT_JUDGED else colour for s in spots]
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
    former = f", restated, was {spot.former_text}" if spot.is_restated else ""
    return f"{spot.label}: {spot.text}{counts}; {spot.words}{query}{former}"


def _layout(trend: Trend, paper: _Paper, official: Sequence[OfficialLine], ahead: Sequence[Kept]) -> dict[str, Any]:
    axis, periods = trend.axis, trend.periods
    dated = ticks(periods, paper.ticks if short_label(periods[-1])[0] else paper.years)
    lines = values_on(axis)
    shapes = [*_standard_shapes(trend), *_break_shapes(trend)]
    return {
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
            "tickvals": [when.isoformat() for when, _ in dated],
            "ticktext": [text for _, text in dated],
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
            "ticktext": axis_texts(lines, trend.unit),
            "showgrid": True,
            "gridcolor": GRID,
            "zeroline": False,
            "ticks": "",
            "fixedrange": True,
        },
        **({"shapes": shapes} if shapes else {}),
        "annotations": [
            *_break_notes(trend, paper),
            *_value_notes(trend, paper),
            *_side_notes(trend, axis, paper, official, ahead),
        ],
    }


def _standard_shapes(trend: Trend) -> list[dict[str, Any]]:
    """Target and tolerance band over the periods for which they are in force, and over no others."""
    shapes: list[dict[str, Any]] = []
    for start, end, standard in standards_drawn(trend):
        across = {"x0": start.isoformat(), "x1": end.isoformat(), "xref": "x", "yref": "y", "layer": "between"}
        for near, far in bands_of(standard):
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


def _side_notes(
    trend: Trend, axis: Axis, paper: _Paper, official: Sequence[OfficialLine], ahead: Sequence[Kept]
) -> list[dict[str, Any]]:
    """What stands at the right end: the last figure, what is likely there, the target and limits in force there, and
    the ends of official lines, pushed apart where they would cover one another."""
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
        for near, far in bands_of(standard):
            edge = written_exactly(far, trend.unit).split(" per ")[0].removesuffix(" days")
            side = "Above" if far > near else "Below"
            text = f"{side} {edge}" if paper.is_narrow else f"Outside {side.lower()} {edge}"
            notes.append((float(far), text, {"size": 13, "color": OUTSIDE_INK, "weight": 700}))
    notes += end_notes(official, is_narrow=paper.is_narrow)
    placed = apart([value for value, _, _ in notes], axis, paper.plot_height)
    return [
        _note(text, x=1, xref="paper", y=y, yref="paper", xanchor="left", yanchor="middle", xshift=10, font=font)
        for (_, text, font), y in zip(notes, placed, strict=True)
    ]
