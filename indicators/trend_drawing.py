"""A trend as SVG that the server writes: small, one of many on a page, or large, as a file with its title and source.

It needs no script and prints as it is. What is compared or said is decided before; here values become places on paper,
so floats are fine. Only presentation attributes are used, because the page allows no inline style.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from textwrap import wrap

from indicators.control import Control
from indicators.drawing_style import (
    AHEAD,
    AHEAD_EDGE,
    AHEAD_HATCH,
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
    RINGS,
    apart,
    axis_texts,
    bands_of,
    middle_of,
    short_label,
    standards_drawn,
    ticks,
    values_on,
)
from indicators.forecast_drawing import side_note
from indicators.kept_forecast import Kept
from indicators.official_lines import OfficialLine
from indicators.rag import Rating
from indicators.trend import Axis, Spot, Trend, are_neighbours
from indicators.units import written_exactly, written_plain


@dataclass(frozen=True)
class Sheet:
    """The paper of a drawing, in its own units: its size, the room about the plot, the height of letters, how many
    ticks fit, how many where each has a year for its name, and how large marks are."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    letters: int
    ticks: int
    years: int
    mark: float
    is_small: bool = False


SMALL = Sheet(260, 128, left=30, right=44, top=9, bottom=27, letters=11, ticks=4, years=3, mark=0.55, is_small=True)
LARGE = Sheet(960, 400, left=52, right=150, top=26, bottom=56, letters=14, ticks=14, years=9, mark=1.0)
PRINTED = Sheet(720, 270, left=48, right=132, top=22, bottom=50, letters=13, ticks=10, years=8, mark=0.9)
_LINE = 1.35  # from one line of text to the next, in heights of letters
_IN_A_LINE = 140  # letters of small print that fit on a large sheet
_HATCH = 6  # from one stroke of a hatching to the next


@dataclass(frozen=True)
class Words:
    """What stands about the plot of a large drawing: its title, and under it what it is from and of when."""

    title: str
    foot: tuple[str, ...] = ()


class _Plot:
    """Where days and values lie on a sheet whose plot begins `down` below the top; the values of the axis have room."""

    def __init__(self, trend: Trend, sheet: Sheet, right: float, down: float) -> None:
        self.axis: Axis = trend.axis
        self.values = values_on(self.axis)
        self.texts = [text.split(" per ")[0] for text in axis_texts(self.values, trend.unit)]
        self.first = trend.periods[0].start_on.toordinal()
        self.days = trend.periods[-1].end_on.toordinal() + 1 - self.first
        longest = max(_width(text, sheet.letters) for text in self.texts)
        self.left, self.right = max(float(sheet.left), longest + 8), sheet.width - right
        self.top, self.bottom = down + sheet.top, down + sheet.height - sheet.bottom

    def x(self, day: date) -> float:
        """From left to right by the day."""
        return self.left + (self.right - self.left) * (day.toordinal() - self.first) / self.days

    def y(self, value: object) -> float:
        """From the bottom up by the value; what lies beyond the axis is drawn at its end."""
        share = (float(value) - self.axis.low) / (self.axis.high - self.axis.low)  # type: ignore[arg-type]
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))

    def of(self, spot: Spot) -> tuple[float, float]:
        """Where a figure lies."""
        return self.x(spot.middle), self.y(spot.value or 0)


def trend_svg(
    trend: Trend,
    control: Control | None = None,
    official: Sequence[OfficialLine] = (),
    ahead: Sequence[Kept] = (),
    *,
    label: str,
    sheet: Sheet = LARGE,
    words: Words | None = None,
) -> str:
    """The drawing of a trend with a number or more, as SVG text that is safe on a page. `label` is the sentence for who
    cannot see it; with `words` it is a file that stands for itself; `ahead` is the forecast, whose periods the trend
    goes on over. Raises ValueError without a number."""
    if not trend.numbers:
        raise ValueError("Without a number there is nothing to draw.")
    head, foot = _head(words, sheet), _foot(words)
    down = (len(head) * 26 + 8) if head else 0
    height = sheet.height + down + (len(foot) * 19 + 10 if foot else 0)
    last = trend.numbers[-1]
    right = max(8.0, _width(_value(last), 12) + 8) if sheet.is_small else float(sheet.right)
    plot = _Plot(trend, sheet, right, down)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="trend-svg" viewBox="0 0 {sheet.width} {_n(height)}"'
        f' width="{sheet.width}" height="{_n(height)}" role="img" aria-label="{escape(label)}" focusable="false"'
        f' font-family="{escape(FONT)}" font-size="{sheet.letters}">'
    ]
    if words is not None:
        parts.append(f"<title>{escape(words.title)}</title>")
        parts.append(f'<rect width="{sheet.width}" height="{_n(height)}" fill="{PAPER}"/>')
        parts += [_text(line, sheet.left - 40, 24 + 26 * n, INK, size=20, bold=True) for n, line in enumerate(head)]
        parts += [
            _text(line, sheet.left - 40, down + sheet.height + 10 + 19 * n, INK_2, size=13)
            for n, line in enumerate(foot)
        ]
    parts += _paper(trend, plot, sheet)
    parts += _standards(trend, plot)
    parts += _ahead(trend, ahead, plot)
    parts += _breaks(trend, plot, sheet)
    parts += _limits(control, plot, sheet)
    parts += _beside(official, plot)
    parts += _joins(trend, plot, sheet)
    parts += _rings(control, plot, sheet)
    parts += _marks(trend, plot, sheet)
    parts += _side(trend, official, ahead, plot, sheet)
    return "".join([*parts, "</svg>"])


# Letters


def _n(number: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def _width(text: str, letters: float) -> float:
    """About how wide a text is in bold letters of that height."""
    return sum(0.32 if letter in ".,:|' " else 0.6 for letter in text) * letters


def _value(spot: Spot) -> str:
    return spot.text.split(" per ")[0]


def _text(
    text: str, x: float, y: float, fill: str, *, anchor: str = "start", size: float | None = None, bold: bool = False
) -> str:
    look = f' font-size="{_n(size)}"' if size else ""
    look += ' font-weight="700"' if bold else ""
    look += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{fill}"{look}>{escape(text)}</text>'


def _head(words: Words | None, sheet: Sheet) -> list[str]:
    return wrap(words.title, int(sheet.width / 11.5)) if words else []


def _foot(words: Words | None) -> list[str]:
    return [line for one in (words.foot if words else ()) for line in wrap(one, _IN_A_LINE)]


# What lies under the figures


def _across(y: float, start: float, end: float, colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    place = f"M{_n(start)} {_n(y)}H{_n(end)}"
    return f'<path d="{place}" stroke="{colour}" stroke-width="{_n(width)}" fill="none"{dashed}/>'


def _paper(trend: Trend, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    """The lines of the axis with their values, the line of time and its ticks."""
    shown = {0, len(plot.values) - 1} if sheet.is_small else set(range(len(plot.values)))
    for place, (value, text) in enumerate(zip(plot.values, plot.texts, strict=True)):
        if place in shown:
            y = plot.y(value)
            yield _across(y, plot.left, plot.right, GRID, 1)
            yield _text(text, plot.left - 5, y + sheet.letters * 0.35, INK_2, anchor="end")
    yield _across(plot.bottom, plot.left, plot.right, INK, 1)
    most = sheet.ticks if short_label(trend.periods[-1])[0] else sheet.years
    ends_alone = sheet.is_small and len(trend.periods) > most
    if ends_alone:
        dated = [ticks(trend.periods, len(trend.periods))[0], *ticks(trend.periods, 1)]
    else:
        dated = ticks(trend.periods, most)
    for number, (day, name) in enumerate(dated):
        x, anchor = plot.x(day), "middle"
        yield f'<path d="M{_n(x)} {_n(plot.bottom)}v4" stroke="{INK}"/>'
        if ends_alone:
            x, anchor = (plot.right + 4, "end") if number else (plot.left - 4, "start")
        for line, text in enumerate(name.split("<br>")):
            y = plot.bottom + 4 + sheet.letters * (1 + line * (1.05 if sheet.is_small else _LINE))
            yield _text(text, x, y, INK_2, anchor=anchor)


def _standards(trend: Trend, plot: _Plot) -> Iterator[str]:
    """Target and tolerance over the periods for which they are in force."""
    for start, end, standard in standards_drawn(trend):
        left, right = plot.x(start), plot.x(end)
        for near, far in bands_of(standard):
            top, low = sorted((plot.y(near), plot.y(far)))
            size = f'width="{_n(right - left)}" height="{_n(low - top)}"'
            yield f'<rect x="{_n(left)}" y="{_n(top)}" {size} fill="{BAND}"/>'
            yield _across(plot.y(far), left, right, BAND_EDGE, 1)
        yield _across(plot.y(standard.target), left, right, INK, 1.5, "6 4")


def _ahead(trend: Trend, ahead: Sequence[Kept], plot: _Plot) -> Iterator[str]:
    """The forecast: a pale, hatched band with dashed edges that opens from the last figure, and a dotted ring for each
    point, which is no figure."""
    if not ahead:
        return
    start = plot.of(trend.numbers[-1])
    places = [(plot.x(middle_of(one.period)), plot.y(one.low), plot.y(one.high), plot.y(one.point)) for one in ahead]
    lows = [start, *((x, low) for x, low, _, _ in places)]
    highs = [start, *((x, high) for x, _, high, _ in places)]
    outline = "L".join(f"{_n(x)} {_n(y)}" for x, y in (*highs, *reversed(lows)))
    yield f'<path d="M{outline}Z" fill="{BRAND}" fill-opacity="{AHEAD:g}"/>'
    strokes = "".join(f"M{_n(x)} {_n(high)}V{_n(low)}" for x, low, high in _hatching(lows, highs))
    yield f'<path d="{strokes}" stroke="{BRAND}" stroke-opacity="{AHEAD_HATCH:g}" fill="none"/>'
    dashes = " ".join(map(str, AHEAD_EDGE))
    for edge in (highs, lows):
        line = "L".join(f"{_n(x)} {_n(y)}" for x, y in edge)
        yield f'<path d="M{line}" stroke="{LIMIT}" stroke-dasharray="{dashes}" fill="none"/>'
    ring = 5 if len(trend.numbers) > MANY else 9
    for x, _, _, point in places:
        yield _shape("circle", x, point, ring, f'fill="none" stroke="{INK_2}"')
        yield _shape("circle", x, point, 2, f'fill="{INK_2}"')


def _hatching(lows: Sequence[tuple[float, float]], highs: Sequence[tuple[float, float]]) -> Iterator[tuple[float, ...]]:
    """Upright strokes between two edges that share their places from left to right: where, from and to."""
    for (left, low), (right, next_low), (_, high), (_, next_high) in zip(
        lows, lows[1:], highs, highs[1:], strict=False
    ):  # fmt: skip
        number = max(1, round((right - left) / _HATCH))
        for step in range(1, number + 1):
            share = step / number
            yield left + (right - left) * share, low + (next_low - low) * share, high + (next_high - high) * share


def _breaks(trend: Trend, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    for number, found in enumerate(trend.breaks_inside):
        x = plot.x(found.on)
        line = f"M{_n(x)} {_n(plot.top)}V{_n(plot.bottom)}"
        yield f'<path d="{line}" stroke="{INK_2}" stroke-dasharray="2 3"/>'
        if not sheet.is_small:
            is_late = x * 2 > plot.left + plot.right
            y = plot.top - 6 if number % 2 == 0 else plot.top + 11
            anchor, aside = ("end", -5) if is_late else ("start", 5)
            yield _text(f"Series breaks, {found.when}", x + aside, y, INK_2, anchor=anchor)


def _limits(control: Control | None, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    """Mean and limits, level over each period; they end where a stretch ends."""
    for name, dash in (("mean", ""), ("lower", "6 3"), ("upper", "6 3")):
        path: list[str] = []
        before: Spot | None = None
        for one in control.placed if control else ():
            value = getattr(one.dot.limits, name)
            if value is None:
                continue
            y = _n(plot.y(value))
            start, end = plot.x(one.spot.start_on), plot.x(one.spot.end_on + timedelta(days=1))
            goes_on = before is not None and are_neighbours(before, one.spot)
            path.append(f"V{y}H{_n(end)}" if goes_on else f"M{_n(start)} {y}H{_n(end)}")
            before = one.spot
        if path:
            dashed = f' stroke-dasharray="{"4 2" if sheet.is_small and dash else dash}"' if dash else ""
            yield f'<path d="{"".join(path)}" stroke="{LIMIT}" fill="none"{dashed}/>'


def _beside(official: Sequence[OfficialLine], plot: _Plot) -> Iterator[str]:
    """Official figures, level over the whole period that each is of, upright where the next one begins."""
    for line in official:
        path: list[str] = []
        until: date | None = None
        for one in line.steps:
            y, end = _n(plot.y(one.value)), _n(plot.x(one.until_on))
            path.append(f"V{y}H{end}" if until == one.start_on else f"M{_n(plot.x(one.start_on))} {y}H{end}")
            until = one.until_on
        dashes = " ".join(str(length) for length in line.style.dashes)
        look = f'stroke="{line.style.colour}" stroke-width="2" stroke-dasharray="{dashes}" fill="none"'
        yield f'<path d="{"".join(path)}" {look}/>'


# The figures


def _joins(trend: Trend, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    for is_solid in (True, False):
        path: list[str] = []
        end: Spot | None = None
        for earlier, later, solid in trend.joins:
            if solid is is_solid:
                (x1, y1), (x2, y2) = plot.of(earlier), plot.of(later)
                path.append(("" if earlier is end else f"M{_n(x1)} {_n(y1)}") + f"L{_n(x2)} {_n(y2)}")
                end = later
        if path:
            width = (1.8 if sheet.is_small else 3.0) if is_solid else (1.4 if sheet.is_small else 2.0)
            dash = "" if is_solid else ' stroke-dasharray="2 3"'
            look = f'stroke="{BRAND}" stroke-width="{_n(width)}" stroke-linejoin="round" fill="none"{dash}'
            yield f'<path d="{"".join(path)}" {look}/>'


def _shape(symbol: str, x: float, y: float, size: float, look: str) -> str:
    """A mark about a place, `size` across: circle, diamond or square."""
    half = size / 2
    if symbol == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(half)}" {look}/>'
    if symbol == "diamond":
        half *= 1.2
        left, right, up, low = _n(x - half), _n(x + half), _n(y - half), _n(y + half)
        return f'<path d="M{_n(x)} {up}L{right} {_n(y)}L{_n(x)} {low}L{left} {_n(y)}Z" {look}/>'
    return f'<rect x="{_n(x - half)}" y="{_n(y - half)}" width="{_n(size)}" height="{_n(size)}" {look}/>'


def _rings(control: Control | None, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    """A shape about each figure of a special cause: round for better, a diamond for worse, a square for neither."""
    size = 10.0 if sheet.is_small else (17.0 if len(control.placed) <= MANY else 10.0) if control else 0.0
    for one in control.placed if control else ():
        for variations, symbol, colour, _ in RINGS:
            if one.dot.variation in variations:
                look = f'fill="none" stroke="{colour}" stroke-width="{1.6 if sheet.is_small else 2}"'
                yield _shape(symbol.removesuffix("-open"), *plot.of(one.spot), size, look)


def _marks(trend: Trend, plot: _Plot, sheet: Sheet) -> Iterator[str]:
    """Each figure by the shape of its rating, on a small sheet the last one alone; one under query or restated is open,
    and what a restated one was is a cross."""
    numbers = trend.numbers
    is_crowded = len(numbers) > MANY
    for spot in numbers:
        x, y = plot.of(spot)
        if spot.former_value is not None:
            was = plot.y(spot.former_value)
            r = 3.0 if sheet.is_small else 4.5
            yield f'<path d="M{_n(x)} {_n(was)}V{_n(y)}" stroke="{INK_2}" stroke-dasharray="1 2"/>'
            cross = f"M{_n(x - r)} {_n(was - r)}l{_n(2 * r)} {_n(2 * r)}m0 {_n(-2 * r)}l{_n(-2 * r)} {_n(2 * r)}"
            yield f'<path d="{cross}" stroke="{INK_2}" stroke-width="1.6" fill="none"/>'
        if spot.is_limit:
            yield _arrow(spot, x, y, 5.0 if sheet.is_small else 7.0)
        elif sheet.is_small and spot is not numbers[-1]:
            if not is_crowded or spot.is_restated:
                open_or_full = f'fill="{PAPER}" stroke="{BRAND}"' if spot.is_restated else f'fill="{BRAND}"'
                yield _shape("circle", x, y, 4.4 if spot.is_restated else 3.2, open_or_full)
        else:
            symbol, colour, size = MARKERS[spot.rating]
            size = size * sheet.mark if sheet.is_small or not is_crowded else 5
            is_open = spot.is_open or spot.rating is Rating.NOT_JUDGED
            look = f'fill="{PAPER}" stroke="{colour}" stroke-width="2"' if is_open else f'fill="{colour}"'
            yield _shape(symbol, x, y, size, look if is_open else f'{look} stroke="{PAPER}"')


def _arrow(spot: Spot, x: float, y: float, size: float) -> str:
    """A figure of which only a limit is known points to where it lies."""
    tip = size if spot.qualifier == "<" else -size
    place = f"M{_n(x - size)} {_n(y - tip / 2)}H{_n(x + size)}L{_n(x)} {_n(y + tip)}Z"
    return f'<path d="{place}" fill="{PAPER}" stroke="{BRAND}" stroke-width="1.6"/>'


def _side(
    trend: Trend, official: Sequence[OfficialLine], ahead: Sequence[Kept], plot: _Plot, sheet: Sheet
) -> Iterator[str]:
    """What stands at the right: the last figure; on a large sheet also what is likely, target, limit and official
    figures, pushed apart."""
    last = trend.numbers[-1]
    size = 12.0 if sheet.is_small else 18.0
    said = f"Last {_value(last)}" if ahead else _value(last)
    notes: list[tuple[float, str, str, float]] = [(float(last.value or 0), said, BRAND, size)]
    if ahead:
        notes.append((*side_note(ahead), INK_2, 13.0))
    if not sheet.is_small:
        notes += _held_against(trend)
        notes += [(float(line.last.value), line.label, line.style.colour, 12.0) for line in official]
    height = plot.bottom - plot.top
    for (_, text, colour, of_size), share in zip(
        notes, apart([value for value, *_ in notes], plot.axis, height), strict=True
    ):
        y = plot.bottom - share * height
        yield _text(
            text, plot.right + (5 if sheet.is_small else 12), y + of_size * 0.35, colour, size=of_size, bold=True
        )


def _held_against(trend: Trend) -> Iterator[tuple[float, str, str, float]]:
    standard = trend.standard_on(trend.periods[-1].start_on)
    if standard is None or standard.target is None or standard.suspended:
        return
    yield float(standard.target), f"Target {written_plain(standard.target, trend.unit)}", INK, 13.0
    for near, far in bands_of(standard):
        edge = written_exactly(far, trend.unit).split(" per ")[0].removesuffix(" days")
        yield float(far), f"Outside {'above' if far > near else 'below'} {edge}", OUTSIDE_INK, 13.0
