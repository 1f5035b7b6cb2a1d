"""The drawing of a bridge: from one amount to another, step by step, as a dict that plotly writes for the page.

What is drawn has been worked out before (see `finance.waterfall`): here amounts only become lengths. The sign of a step
stands in words beside it, so its colour says nothing that they do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from textwrap import wrap
from typing import Any

from finance.waterfall import Step
from indicators.drawing_style import BRAND, FONT, GRID, INK, INK_2, PAPER

MORE, LESS, TOTAL = "#4f708f", "#b9c8d6", BRAND
# The words of a step in pixels on wide paper, and their letters in a line.
_LEFT, _LETTERS, _RIGHT = 290, 38, 190
_ROW, _ROW_NARROW, _MARGIN = 46, 70, 8
_LETTERS_NARROW = 48


@dataclass(frozen=True)
class _Paper:
    """Margins in pixels, height of a row, and whether names stand above their bars."""

    left: int
    right: int
    row: int
    is_narrow: bool


WIDE = _Paper(left=_LEFT, right=_RIGHT, row=_ROW, is_narrow=False)
NARROW = _Paper(left=4, right=4, row=_ROW_NARROW, is_narrow=True)


def waterfall_figure(steps: Sequence[Step], words: Callable[[Step], str]) -> dict[str, Any]:
    """The figure of a bridge, its bars from top to bottom: `data` and `layout`, and `narrow` for a phone.

    `words` says a step's amount as the table beside it does. Raises ValueError for no steps.
    """
    if not steps:
        raise ValueError("There is nothing to draw.")
    wide, narrow = (_layout(steps, words, paper) for paper in (WIDE, NARROW))
    return {"data": [_bars(steps)], "layout": wide, "narrow": narrow}


def _bars(steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "type": "waterfall",
        "orientation": "h",
        "y": list(range(len(steps))),
        "x": [str(step.running if step.is_total else step.amount) for step in steps],
        "measure": ["absolute" if step.is_total else "relative" for step in steps],
        "increasing": {"marker": {"color": MORE}},
        "decreasing": {"marker": {"color": LESS, "line": {"color": BRAND, "width": 1}}},
        "totals": {"marker": {"color": TOTAL}},
        "connector": {"mode": "between", "line": {"color": INK_2, "width": 1}},
        "width": 0.45,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ends(step: Step) -> tuple[Decimal, Decimal]:
    """Where its bar begins and ends."""
    if step.is_total:
        return min(Decimal(0), step.running), max(Decimal(0), step.running)
    before = step.running - step.amount
    return min(before, step.running), max(before, step.running)


def _layout(steps: Sequence[Step], words: Callable[[Step], str], paper: _Paper) -> dict[str, Any]:
    low = min(_ends(step)[0] for step in steps)
    high = max(_ends(step)[1] for step in steps)
    room = (high - low) / 50 or Decimal(1)
    return {
        "height": paper.row * len(steps) + 2 * _MARGIN,
        "margin": {"l": paper.left, "r": paper.right, "t": _MARGIN, "b": _MARGIN, "pad": 0},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": 13, "color": INK_2},
        "xaxis": {
            "visible": False, "fixedrange": True, "range": [str(low - (room if low < 0 else 0)), str(high + room)],
        },
        "yaxis": {
            "visible": False, "fixedrange": True, "range": [len(steps) - 0.5, -0.6 if paper.is_narrow else -0.5],
        },
        "shapes": [{
            "type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1,
            "line": {"color": GRID, "width": 1}, "layer": "below",
        }],
        "annotations": [note for place, step in enumerate(steps) for note in _notes(place, step, words(step), paper)],
    }  # fmt: skip


def _notes(place: int, step: Step, amount: str, paper: _Paper) -> list[dict[str, Any]]:
    """The name of a step and its amount: at the edges of wide paper, above the bar on narrow paper."""
    weight = 700 if step.is_total else 400
    common = {"showarrow": False, "y": place, "yref": "y"}
    bold = {"family": FONT, "size": 13, "color": INK, "weight": 700}
    if paper.is_narrow:
        name = "<br>".join(map(escape, wrap(f"{step.name}: {amount}", _LETTERS_NARROW)[:2]))
        above = {"x": 0, "xref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 17, "align": "left"}
        return [common | above | {"text": name, "font": {**bold, "weight": weight}}]
    name = "<br>".join(map(escape, wrap(step.name, _LETTERS)[:2]))
    left = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -paper.left, "yanchor": "middle", "align": "left"}
    right = {"x": 1, "xref": "paper", "xanchor": "right", "xshift": paper.right, "yanchor": "middle", "align": "right"}
    return [
        common | left | {"text": name, "font": {**bold, "weight": weight}},
        common | right | {"text": escape(amount), "font": bold},
    ]
