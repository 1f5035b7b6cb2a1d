"""Two drawings as SVG text: a measure's years as lines, and the funnel of one period over all authorities.

The sentences and tables beside them say everything that is drawn. Nothing rests on colour alone: lines differ by
dashes, shapes and labels, points by shape and filling. Coordinates are pixels: floats are fine here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from math import ceil, sqrt

from indicators.drawing_style import kept_apart
from indicators.funnel import Funnel, Place
from indicators.funnel_table import PLACE_WORDS, AllAreas, AreaRow
from indicators.intervals import Z95, Z998
from indicators.official_lines import OfficialLine, Step
from indicators.share_charts import Parts
from indicators.trend import Axis, axis_of
from indicators.units import Unit, written, written_plain

INK, INK_2, BRAND, GRID, GREY, MARKED = "#14212b", "#4a5560", "#1f3f5f", "#e4e8eb", "#5b6670", "#6a3d9a"
_FONT = 13
_CURVE = 60
_HALO = ('stroke="#fff" stroke-width="4" fill="#fff"', f'fill="{BRAND}"')


@dataclass(frozen=True)
class Sheet:
    """The size of a drawing and its margins in pixels; a narrow one is for a phone."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: int
    is_narrow: bool

    @property
    def across(self) -> int:
        """Pixels of the plot from left to right."""
        return self.width - self.left - self.right

    @property
    def up(self) -> int:
        """Pixels of the plot from bottom to top."""
        return self.height - self.top - self.bottom


WIDE = Sheet(width=820, height=380, left=44, right=158, top=16, bottom=50, ticks=9, is_narrow=False)
NARROW = Sheet(width=350, height=340, left=36, right=104, top=16, bottom=50, ticks=3, is_narrow=True)


def _svg(inside: str, sheet: Sheet, name: str) -> str:
    css = "drawing narrow" if sheet.is_narrow else "drawing wide"
    return (
        f'<svg class="{css}" viewBox="0 0 {sheet.width} {sheet.height}" role="img"'
        f' aria-label="{escape(name, quote=True)}" font-size="{_FONT}">{inside}</svg>'
    )


def _text(x: float, y: float, words: str, *, colour: str = INK_2, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    at = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}"{at}{weight}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:g}" fill="none"/>'


def _across(sheet: Sheet, axis: Axis, unit: Unit) -> str:
    """Level grid lines with their values; the unit's sign stands at the topmost only."""
    drawn = ""
    count = round((axis.high - axis.low) / axis.step)
    for number in range(count + 1):
        value = round(axis.low + number * axis.step, 6)
        y = _y(value, sheet, axis)
        words = written_plain(Decimal(str(value)), unit)
        words = words if number == count else words.removesuffix("%")
        drawn += _line(sheet.left, y, sheet.width - sheet.right, y, INK if number == 0 else GRID)
        drawn += _text(sheet.left - 6, y + 4, words, anchor="end")
    return drawn


def _y(value: float, sheet: Sheet, axis: Axis) -> float:
    return sheet.top + sheet.up * (axis.high - value) / (axis.high - axis.low)


def _shape(kind: str, x: float, y: float, size: float, style: str, title: str = "") -> str:
    """A point: "circle", "square", "diamond", "up" or "down" (triangles)."""
    inside = f"<title>{escape(title)}</title>" if title else ""
    s = size
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{s:g}" {style}>{inside}</circle>'
    corners = {
        "square": ((-s, -s), (s, -s), (s, s), (-s, s)),
        "diamond": ((0, -1.3 * s), (1.3 * s, 0), (0, 1.3 * s), (-1.3 * s, 0)),
        "up": ((0, -1.2 * s), (1.2 * s, s), (-1.2 * s, s)),
        "down": ((0, 1.2 * s), (1.2 * s, -s), (-1.2 * s, -s)),
    }[kind]
    path = "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners)
    return f'<path d="M{path}Z" {style}>{inside}</path>'


# The years of a measure


def years_svg(lines: Sequence[OfficialLine], unit: Unit, name: str) -> str:
    """The lines over their periods, once for a wide and once for a narrow window; nothing of fewer than two periods."""
    steps = [step for line in lines for step in line.steps]
    if len({step.start_on for step in steps}) < 2:
        return ""
    return _years(lines, steps, unit, name, WIDE) + _years(lines, steps, unit, name, NARROW)


def _years(lines: Sequence[OfficialLine], steps: Sequence[Step], unit: Unit, name: str, sheet: Sheet) -> str:
    axis = axis_of([step.value for step in steps], unit)
    first, last = min(s.start_on for s in steps), max(s.until_on for s in steps)

    def at(step: Step) -> tuple[float, float]:
        return _x(step.middle, first, last, sheet), _y(float(step.value), sheet, axis)

    drawn = _across(sheet, axis, unit) + _periods(steps, first, last, sheet)
    for line in sorted(lines, key=lambda line: line.key == "ours"):
        drawn += _course(line, at, with_titles=not sheet.is_narrow)
    ends = [sheet.height - sheet.bottom - at(line.last)[1] for line in lines]
    for line, height in zip(lines, kept_apart(ends, sheet.up, 17), strict=True):
        words = line.short if sheet.is_narrow else line.label
        y = sheet.height - sheet.bottom - height + 4
        drawn += _text(
            sheet.width - sheet.right + 8, y, words, colour=line.style.colour, bold=line.key == "ours"
        )  # fmt: skip
    return _svg(drawn, sheet, name)


def _x(day: date, first: date, last: date, sheet: Sheet) -> float:
    return sheet.left + sheet.across * (day - first).days / (last - first).days


def _periods(steps: Sequence[Step], first: date, last: date, sheet: Sheet) -> str:
    """The names of the periods under the plot, as many as have room, counted back from the last."""
    named = sorted({(step.middle, step.period) for step in steps})
    every = ceil(len(named) / sheet.ticks)
    drawn = ""
    for index, (middle, label) in enumerate(reversed(named)):
        if index % every == 0:
            x = _x(middle, first, last, sheet)
            base = sheet.height - sheet.bottom
            drawn += _line(x, base, x, base + 5, INK)
            drawn += _text(x, base + 20, _short(label), anchor="middle")
    return drawn


def _short(label: str) -> str:
    """A long name of a period by the month that it ends in: "October 2021 to September 2022" is "to Sep 2022"."""
    if " to " not in label:
        return label
    month, _, year = label.rpartition(" to ")[2].rpartition(" ")
    return f"to {month[:3]} {year}"


def _course(line: OfficialLine, at: object, *, with_titles: bool) -> str:
    style, own = line.style, line.key == "ours"
    assert callable(at)  # noqa: S101
    points = [at(step) for step in line.steps]
    path = ""
    for index, (x, y) in enumerate(points):
        is_joined = index > 0 and line.steps[index - 1].until_on == line.steps[index].start_on
        path += f"{'L' if is_joined else 'M'}{x:.1f} {y:.1f}"
    dashes = "" if own else f' stroke-dasharray="{" ".join(map(str, style.dashes))}"'
    drawn = f'<path d="{path}" fill="none" stroke="{style.colour}" stroke-width="{3 if own else 2}"{dashes}/>'
    fill = f'fill="{style.colour}" stroke="#fff"' if own else f'fill="#fff" stroke="{style.colour}" stroke-width="1.5"'
    for step, (x, y) in zip(line.steps, points, strict=True):
        drawn += _shape(style.shape, x, y, 4.5 if own else 3.5, fill, step.told if with_titles else "")
    return drawn


# The funnel


def funnel_svg(found: AllAreas, *, ours: str, marked: frozenset[str], shape: str, name: str) -> str:
    """The funnel of a period, wide and narrow: ours as a square with its name, those marked (GSS codes) as another
    shape, the rest as circles, filled beyond the limits. Nothing where there is no funnel."""
    if found.funnel is None:
        return ""
    return "".join(
        _funnel(found, found.funnel, ours, marked, shape, name, sheet) for sheet in (WIDE, NARROW)
    )  # fmt: skip


def _funnel(
    found: AllAreas, funnel: Funnel, ours: str, marked: frozenset[str], shape: str, name: str, sheet: Sheet
) -> str:
    parts = [(row, p) for row in found.drawn if (p := row.area.parts) is not None]
    largest = 1.04 * max(float(p.denominator) for _, p in parts)
    axis = axis_of([*(p.value * 100 for _, p in parts), funnel.share * 100], Unit.PERCENT)

    def at(p: Parts) -> tuple[float, float]:
        x = sheet.left + _size(float(p.denominator), largest, sheet)
        return x, _y(float(p.value) * 100, sheet, axis)

    drawn = _across(sheet, axis, Unit.PERCENT) + _sizes(largest, sheet, found)
    inner, ends = _curves(funnel, sheet, axis, largest)
    drawn += inner
    for row, p in sorted(parts, key=lambda pair: (pair[0].area.is_ours, pair[0].area.code in marked)):
        drawn += _point(row, *at(p), marked, shape, with_title=not sheet.is_narrow)
    own = next((p for row, p in parts if row.area.is_ours), None)
    if own is not None:
        x, y = at(own)
        is_right = x > sheet.left + sheet.across * 0.6
        drawn += _halo(x + (-12 if is_right else 12), y - 8, ours, "end" if is_right else "start")
    heights = [sheet.height - sheet.bottom - y for _, y in ends]
    for (words, _), height in zip(ends, kept_apart(heights, sheet.up, 17), strict=True):
        drawn += _text(sheet.width - sheet.right + 8, sheet.height - sheet.bottom - height + 4, words)
    return _svg(drawn, sheet, name)


def _size(number: float, largest: float, sheet: Sheet) -> float:
    """How far from the left a number counted stands: by its root, as chance goes, so that the small ones have room."""
    return sheet.across * sqrt(number / largest)


def _halo(x: float, y: float, words: str, anchor: str) -> str:
    """A name that can be read over what lies under it."""
    text = escape(words)
    style = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="700"'
    return "".join(f"<text {style} {fill}>{text}</text>" for fill in _HALO)


def _sizes(largest: float, sheet: Sheet, found: AllAreas) -> str:
    """The axis of numbers counted, at round ones that stand clear of each other, with what they count."""
    base = sheet.height - sheet.bottom
    drawn, free = "", sheet.across + 30.0
    for number in sorted((times * 10**power for power in range(7) for times in (1, 2, 5)), reverse=True):
        at = _size(number, largest, sheet)
        if number > largest or at > free - 62 or at < 20:
            continue
        free = at
        words = written(Decimal(number), Unit.COUNT)
        drawn += _line(sheet.left + at, base, sheet.left + at, base + 5, INK)
        drawn += _text(sheet.left + at, base + 20, words, anchor="middle")
    drawn += _line(sheet.left, base, sheet.left, base + 5, INK) + _text(sheet.left, base + 20, "0", anchor="middle")
    words = found.measure.denominator or "Number counted"
    if len(words) > (40 if sheet.is_narrow else 90):
        words = "Number counted"
    return drawn + _text(sheet.left + sheet.across / 2, base + 40, words, anchor="middle")


def _curves(funnel: Funnel, sheet: Sheet, axis: Axis, largest: float) -> tuple[str, list[tuple[str, float]]]:
    """The common share and the limits inside the plot, and what stands at their right ends at which height."""
    sizes = [max(1.0, largest * (n / _CURVE) ** 3) for n in range(1, _CURVE + 1)]
    level = _y(float(funnel.share) * 100, sheet, axis) - sheet.top
    paths = f'<path d="M0 {level:.1f}H{sheet.across}" stroke="{INK}" stroke-width="1.5" fill="none"/>'
    short = "" if sheet.is_narrow else " limit"
    ends = [(f"All {written_plain(funnel.share * 100, Unit.PERCENT, 1)}", level + sheet.top)]
    for z, words, dashes in ((Z95, f"95%{short}", ' stroke-dasharray="6 4"'), (Z998, f"99.8%{short}", "")):
        both = [funnel.limits(Decimal(repr(size)), z) for size in sizes]
        for side in (0, 1):
            heights = [_y(pair[side] * 100, sheet, axis) - sheet.top for pair in both]
            points = zip((_size(size, largest, sheet) for size in sizes), heights, strict=True)
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            paths += f'<path d="M{path}" fill="none" stroke="{GREY}" stroke-width="1.5"{dashes}/>'
            if 0 <= heights[-1] <= sheet.up:
                ends.append((words, heights[-1] + sheet.top))
    inner = f'<svg x="{sheet.left}" y="{sheet.top}" width="{sheet.across}" height="{sheet.up}">{paths}</svg>'
    return inner, ends


def _point(row: AreaRow, x: float, y: float, marked: frozenset[str], shape: str, *, with_title: bool) -> str:
    is_beyond = row.place is not None and row.place is not Place.WITHIN
    title = ""
    if with_title and row.place is not None and row.area.reading.value is not None:
        value = written(row.area.reading.value, row.measure.unit, row.measure.places)
        title = f"{row.area.name}: {value}. {PLACE_WORDS[row.place]}"
    if row.area.is_ours:
        return _shape("square", x, y, 6.5, f'fill="{BRAND}" stroke="#fff" stroke-width="1.5"', title)
    colour = MARKED if row.area.code in marked else GREY
    fill = colour if is_beyond else "#fff"
    kind = shape if row.area.code in marked else "circle"
    return _shape(
        kind, x, y, 5 if kind != "circle" else 3.5, f'fill="{fill}" stroke="{colour}" stroke-width="1.5"', title
    )
