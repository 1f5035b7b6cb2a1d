"""The forecast in the drawing of a trend: a pale, hatched band with dashed edges that opens from the last figure, and
an open ring for each point. Nothing of it looks like a figure; here values become positions, so floats are fine."""

from collections.abc import Sequence
from html import escape
from typing import Any

from indicators.drawing_style import AHEAD, AHEAD_EDGE, AHEAD_HATCH, BRAND, INK_2, LIMIT, middle_of
from indicators.forecast_words import band_words, point_words, short_band
from indicators.kept_forecast import Kept
from indicators.quarters import Period
from indicators.trend import Spot


def _opaque(share: float) -> str:
    red, green, blue = (int(BRAND[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:.2f})"


_PALE = _opaque(AHEAD)
_HATCH = {"shape": "/", "fgcolor": _opaque(AHEAD_HATCH), "bgcolor": _PALE, "size": 7, "solidity": 0.2}
KEY = (
    "pale hatched band with dashed edges, where coming figures are likely (8 in 10) if nothing changes; dotted ring, "
    "the forecast, which is no figure"
)


def ahead_traces(last: Spot, ahead: Sequence[Kept], *, is_crowded: bool) -> list[dict[str, Any]]:
    """Band, edges and points after the last figure, smaller where it `is_crowded`; nothing without a forecast."""
    if not ahead:
        return []
    xs = [last.middle.isoformat(), *(_middle(one.period) for one in ahead)]
    start = float(last.value or 0)
    lows, highs = ([start, *(float(getattr(one, end)) for one in ahead)] for end in ("low", "high"))
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    edge = {"color": LIMIT, "width": 1, "dash": ",".join(f"{length}px" for length in AHEAD_EDGE)}
    band = {
        "x": [*xs, *reversed(xs)], "y": [*highs, *reversed(lows)], "fill": "toself", "line": {"width": 0},
        "fillcolor": _PALE, "fillpattern": _HATCH,
    }  # fmt: skip
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": xs[1:],
        "y": [float(one.point) for one in ahead],
        "marker": {"symbol": "circle-open-dot", "color": INK_2, "size": 5 if is_crowded else 9, "line": {"width": 1}},
        "text": [escape(_told(one)) for one in ahead],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "showlegend": False,
    }
    return [
        quiet | band,
        quiet | {"x": xs, "y": highs, "line": edge},
        quiet | {"x": xs, "y": lows, "line": edge},
        points,
    ]


def side_note(ahead: Sequence[Kept]) -> tuple[float, str]:
    """Where and what stands at the right end: the band of the last period ahead."""
    last = ahead[-1]
    return float(last.point), short_band(last)


def _middle(period: Period) -> str:
    return middle_of(period).isoformat()


def _told(one: Kept) -> str:
    return f"{one.period.label}: forecast, no figure; about {point_words(one)}, likely {band_words(one)}"
