"""The small trend drawing of a scorecard row: figures in, finished coordinates and the SVG text out.

The drawing is 136 x 36 pixels. Time runs to the right by the number of the period, so a missing period leaves its gap.
A solid join links neighbouring periods; a dotted one says that periods between are not held, or that a figure is only
known as a limit (<, >); across a break in the series nothing is joined. Coordinates are pixels: floats are fine here.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise
from math import ceil, floor
from typing import Any, NamedTuple

WIDTH, HEIGHT = 136, 36
TOP, BOTTOM = 4.0, 33.0
LEFT, RIGHT = 4.0, 102.0  # RIGHT gives way to a long label
INDENT = 5.0  # from the plot's left edge to the first period
INK, LINE, BAND, EDGE = "#4a5560", "#1f3f5f", "#f6e3b8", "#b96b00"
EMPTY_WORDS = "No figures held"

_LIMITS = {"<": "below", ">": "above"}

Number = Decimal | float | int


class SparkPoint(NamedTuple):
    """One figure: `at` numbers its period (neighbours differ by 1), value None means that there is no figure."""

    at: int
    value: Number | None
    qualifier: str = ""  # "", "<", ">" or "~", as in the judge's Number
    earlier: bool = False  # the point that the row is compared with: drawn open

    @property
    def number(self) -> float:
        """The value for drawing; only asked of points that have one."""
        return float(self.value or 0)


def spark_point(at: int, value: Number, qualifier: str = "") -> SparkPoint:
    """A figure with its number as it is drawn: made a float once, for the scale and for its place."""
    return SparkPoint(at, float(value), qualifier)


def scale_of(values: Sequence[Number], step: int | None = None) -> tuple[float, float]:
    """The low and high end of a scale that holds all values (figures, targets and limits alike).

    With a step both ends are its multiples (one scale for all percentages of a table: step 10); without one the
    values get a tenth of their range as air.
    """
    numbers = [float(value) for value in values]
    if not numbers:
        return 0.0, 1.0
    low, high = min(numbers), max(numbers)
    if step:
        low, high = float(floor(low / step) * step), float(ceil(high / step) * step)
        return (low, high) if high > low else (low - step, high)
    air = (high - low) / 10 or abs(high) / 10 or 1.0
    return low - air, high + air


def _label_width(text: str) -> float:
    """Pixels that the text takes in 13px bold; narrow for points and commas."""
    return sum(4.0 if character in ".,:" else 7.6 for character in text)


def sparkline(
    points: Sequence[SparkPoint],
    *,
    scale: tuple[Number, Number],
    label: str,
    end_label: str = "",
    now: int | None = None,
    targets: Sequence[Number] = (),
    bands: Sequence[tuple[Number, Number]] = (),
    breaks: Sequence[int] = (),
) -> dict[str, Any]:
    """The finished coordinates of one drawing, as `sparkline_svg` and the template tag take them.

    scale: low and high end, from `scale_of`; a value beyond it is drawn at the edge with a mark that points out.
    label: the sentence that a reader who cannot see the drawing gets. end_label: the current value as written.
    now: the period that the row is about (otherwise the last with a figure); only its dot is the full one.
    targets: dashed lines. bands: from the target's side to the limit, where the edge line is drawn.
    breaks: numbers of the periods in which a new series starts.
    """
    held = sorted((point for point in points if point.value is not None), key=lambda point: point.at)
    if not held:
        return {"label": label, "empty": True}
    now = held[-1].at if now is None else now
    low, high = float(scale[0]), float(scale[1])
    right = min(RIGHT, WIDTH - 6 - _label_width(end_label))
    first, last = min(held[0].at, now), max(held[-1].at, now)

    step = (right - LEFT - INDENT) / (last - first) if last != first else 0.0
    span = high - low

    def y_of(value: float) -> float:
        share = (value - low) / span if span > 0 else 0.5
        return BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, share))

    drawn = []  # each point with where it stands and what it is
    for point in held:
        number = point.number
        x = LEFT + INDENT + (point.at - first) * step if step else right
        drawn.append((point, x, y_of(number), number))
    joins: list[dict[str, Any]] = []
    solid: set[int] = set()
    for (before, x1, y1, _), (after, x2, y2, _) in pairwise(drawn):
        if breaks and any(before.at < start <= after.at for start in breaks):
            continue
        dotted = after.at - before.at > 1 or before.qualifier in _LIMITS or after.qualifier in _LIMITS
        if not dotted:
            solid.update((before.at, after.at))
        joins.append({"x1": x1, "y1": y1, "x2": x2, "y2": y2, "dotted": dotted})

    dots: list[dict[str, Any]] = []
    end: dict[str, Any] | None = None
    for point, x, y, number in drawn:
        beyond = "up" if number > high else "down" if number < low else ""
        limit = _LIMITS.get(point.qualifier, "")
        if point.at == now:
            kind = limit or "now"
            end = {"x": right + 6, "y": min(max(y + 4.5, 11.0), HEIGHT - 2.0), "text": end_label}
        elif point.earlier:
            kind = limit or "earlier"
        elif point.at in solid and not limit:
            kind = "joined"
        else:
            kind = limit or "single"
        if kind != "joined" or beyond:
            dots.append({"x": x, "y": y, "kind": kind, "beyond": beyond})

    zones = []
    for inner, outer in bands:
        near, edge = y_of(float(inner)), y_of(float(outer))
        zones.append({"x": LEFT, "y": min(near, edge), "width": right - LEFT, "height": abs(near - edge), "edge": edge})
    return {
        "label": label,
        "empty": False,
        "left": LEFT,
        "right": right,
        "bands": [zone for zone in zones if zone["height"] > 0],
        "targets": [y_of(float(value)) for value in targets],
        "joins": joins,
        "dots": dots,
        "end": end if end_label else None,
    }


# A scorecard writes thousands of coordinates: looking one up takes a fifth of the time that formatting does.
_TENTHS = tuple(f"{n // 10}.{n % 10}" if n % 10 else str(n // 10) for n in range(10 * WIDTH + 1))


def _n(pixels: float) -> str:
    """A coordinate with at most one decimal."""
    tenths = round(pixels * 10)
    return _TENTHS[tenths] if 0 <= tenths < len(_TENTHS) else f"{tenths / 10:.10g}"


def _dot(dot: dict[str, Any]) -> str:
    x, y, kind = dot["x"], dot["y"], dot["kind"]
    mark = ""
    if dot["beyond"]:
        tip, base = (0.0, 3.0) if dot["beyond"] == "up" else (HEIGHT, HEIGHT - 3.0)
        mark = f'<path d="M{_n(x - 3)} {_n(base)}H{_n(x + 3)}L{_n(x)} {_n(tip)}Z" fill="{LINE}"/>'
    if kind in {"below", "above"}:
        tip = 4.0 if kind == "below" else -4.0
        arrow = f"M{_n(x - 4)} {_n(y - tip / 2)}H{_n(x + 4)}L{_n(x)} {_n(y + tip)}Z"
        return f'<path d="{arrow}" fill="#fff" stroke="{LINE}" stroke-width="1.4"/>{mark}'
    if kind == "earlier":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.4" fill="#fff" stroke="{LINE}" stroke-width="1.4"/>{mark}'
    radius = {"now": "3.2", "single": "1.8", "joined": "1.8"}[kind]
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{radius}" fill="{LINE}"/>{mark}'


def sparkline_svg(spec: dict[str, Any]) -> str:
    """The drawing as HTML text, safe to put on a page as it is; with no figure at all, words instead."""
    if spec["empty"]:
        return f'<span class="nd">{EMPTY_WORDS}</span>'
    left, right = _n(spec["left"]), _n(spec["right"])
    parts = [
        f'<svg class="sparkline" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(spec["label"])}" focusable="false">'
    ]
    for band in spec["bands"]:
        x, y, width, height = (_n(band[key]) for key in ("x", "y", "width", "height"))
        edge = _n(band["edge"])
        parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{BAND}"/>')
        parts.append(f'<path d="M{left} {edge}H{right}" stroke="{EDGE}" stroke-width=".8"/>')
    for target in spec["targets"]:
        parts.append(f'<path d="M{left} {_n(target)}H{right}" stroke="{INK}" stroke-dasharray="3 2"/>')
    for join in spec["joins"]:
        x1, y1, x2, y2 = _n(join["x1"]), _n(join["y1"]), _n(join["x2"]), _n(join["y2"])
        dash = ' stroke-dasharray="1.5 2.5"' if join["dotted"] else ""
        parts.append(f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{LINE}" stroke-width="1.6"{dash}/>')
    parts += [_dot(dot) for dot in spec["dots"]]
    if spec["end"]:
        x, y, text = _n(spec["end"]["x"]), _n(spec["end"]["y"]), escape(spec["end"]["text"])
        parts.append(f'<text x="{x}" y="{y}" font-size="13" font-weight="700" fill="{LINE}">{text}</text>')
    parts.append("</svg>")
    return "".join(parts)
