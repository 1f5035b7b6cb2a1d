"""The drawing of a period's steps: a Sankey as a dict of data and layouts that plotly writes for the page.

A band is as wide as the number that it stands for. What no report tells is a pale stub at its stage. Events, children
and families have a shade each, and every name says which it is.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from textwrap import wrap
from typing import Any

from indicators.drawing_style import FONT, INK, INK_2, PAPER
from indicators.units import Unit, total_of, written
from referrals.lanes import Node, Paper, Placed, ends_of, letters_of, place, stages_in
from referrals.pathway import Flow, Flows
from referrals.stages import StageUnit
from referrals.step_table import is_step, name_of

NODE, STUB = "#1f3f5f", "#c9d0d6"
SHADES = {
    StageUnit.EVENTS: "#8fa6bb",
    StageUnit.CHILDREN: "#4f708f",
    StageUnit.FAMILIES: "#7a858f",
    StageUnit.CASES: "#7a858f",
    StageUnit.YOUNG_PEOPLE: "#9aa4ad",
}
PALE = "#e4e8eb"
WIDE = Paper(width=1200, least=720, stub=70, gap=18, tall=240, letters=34, size=13)
NARROW = Paper(width=350, least=350, stub=22, gap=20, tall=260, letters=20, size=12)
_THICK = 10
_MARGIN = 4
# Two nodes at the left edge and the cases between them that nobody sees: see Placed.ballast.
_BALLAST, _UNSEEN, _EXACT = ("", ""), "rgba(0, 0, 0, 0)", 1000
# A position of nothing would be taken for none.
_LEAST = 0.0001
_GAP, _LINE = 3, 17


def can_be_drawn(flows: Flows) -> bool:
    """Whether any step between two stages has a figure."""
    return any(is_step(flow) and flow.number > 0 for flow in flows.drawn)


def flow_figure(flows: Flows) -> dict[str, Any]:
    """The figure of the steps that can be drawn together: `data` and `layout`, and `narrow_data` and `narrow` for a
    phone. Raises ValueError when nothing can be drawn.
    """
    if not can_be_drawn(flows):
        raise ValueError("Nothing can be drawn.")
    drawn = [flow for flow in flows.drawn if flow.number > 0]
    (data, layout), (narrow_data, narrow) = (_figure(drawn, paper) for paper in (WIDE, NARROW))
    return {"data": data, "layout": layout, "narrow_data": narrow_data, "narrow": narrow}


def _figure(flows: Sequence[Flow], paper: Paper) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    rooms = {code: _LINE * sum(map(len, _lines(code, flows, paper))) + _GAP for code in stages_in(flows)}
    placed = place(flows, paper, rooms)
    return [_trace(flows, placed, paper)], _layout(flows, placed, paper)


def _trace(flows: Sequence[Flow], placed: Placed, paper: Paper) -> dict[str, Any]:
    number = {node.code: index for index, node in enumerate(placed.nodes, start=len(_BALLAST))}
    ends = [ends_of(flow) for flow in flows]
    unseen = int(placed.ballast * _EXACT) / _EXACT
    return {
        "type": "sankey",
        "orientation": "h",
        "arrangement": "fixed",
        "textfont": {"family": FONT, "size": 13, "color": INK},
        "node": {
            "label": ["" for _ in (*_BALLAST, *placed.nodes)],
            "x": [*(_LEAST for _ in _BALLAST), *(_part(2 * n.x + _THICK, 2 * paper.width) for n in placed.nodes)],
            "y": [*(0.5 for _ in _BALLAST), *(_part(2 * n.y + n.height, 2 * placed.height) for n in placed.nodes)],
            "color": [*(_UNSEEN for _ in _BALLAST), *(STUB if n.is_stub else NODE for n in placed.nodes)],
            "thickness": _THICK,
            "pad": 0,
            "line": {"width": 0},
            "hoverinfo": "none",
        },
        "link": {
            "source": [0, *(number[source] for source, _ in ends)],
            "target": [1, *(number[target] for _, target in ends)],
            "value": [unseen, *(int(flow.number) for flow in flows)],
            "color": [_UNSEEN, *(SHADES[f.unit] if is_step(f) else PALE for f in flows)],
            "customdata": ["", *(escape(_told(flow)) for flow in flows)],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
    }


def _part(length: int, whole: int) -> Any:
    """A length as a share of the whole."""
    return max(length / whole, _LEAST) if whole else _LEAST


def _names(flows: Sequence[Flow], placed: Placed, paper: Paper) -> list[dict[str, Any]]:
    """The name and, under it, the number of each stage, above its left edge."""
    notes = []
    for node in placed.nodes:
        if not node.is_stub:
            name, number = _lines(node.code, flows, paper)
            notes.append(_note(node, number, _GAP, placed, paper, weight=400))
            notes.append(_note(node, name, _GAP + _LINE * len(number), placed, paper, weight=700))
    return notes


def _note(
    node: Node, lines: Sequence[str], shift: int, placed: Placed, paper: Paper, *, weight: int
) -> dict[str, Any]:  # fmt: skip
    return {
        "text": "<br>".join(map(escape, lines)),
        "showarrow": False,
        "x": _part(node.x, paper.width),
        "xref": "paper",
        "xanchor": "left",
        "y": 1 - _part(node.y, placed.height),
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": shift,
        "align": "left",
        "font": {"family": FONT, "size": paper.size, "color": INK, "weight": weight},
    }


def _lines(code: str, flows: Sequence[Flow], paper: Paper) -> tuple[list[str], list[str]]:
    """The lines of a stage's name and of its number."""
    letters = letters_of(flows, paper)
    return wrap(name_of(code), letters), wrap(_number(code, flows), letters)


def _number(node: str, flows: Sequence[Flow]) -> str:
    """ "456 children"; where not as many go out as come in "1,560 in, 1,514 out (events)"."""
    came = [flow for flow in flows if flow.target == node]
    went = [flow for flow in flows if flow.source == node]
    unit = (came or went)[0].unit.value
    into, out = _total(came), _total(went)
    if came and went and into != out:
        return f"{_text(into)} in, {_text(out)} out ({unit})"
    return f"{_text(into if came else out)} {unit}"


def _total(flows: Sequence[Flow]) -> Decimal:
    return total_of(flow.number for flow in flows)


def _text(number: Decimal) -> str:
    return written(number, Unit.COUNT)


def _told(flow: Flow) -> str:
    return f"From {name_of(flow.source)} to {name_of(flow.target)}: {_text(flow.number)} {flow.unit.value}"


def _layout(flows: Sequence[Flow], placed: Placed, paper: Paper) -> dict[str, Any]:
    return {
        "height": placed.height + 2 * _MARGIN,
        "margin": {"l": 0, "r": 0, "t": _MARGIN, "b": _MARGIN, "pad": 0},
        "paper_bgcolor": PAPER,
        "font": {"family": FONT, "size": 13, "color": INK_2},
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": INK, "font": {"color": INK, "size": 13}},
        "annotations": _names(flows, placed, paper),
    }
