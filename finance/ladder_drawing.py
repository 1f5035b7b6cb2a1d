"""The drawings of the care ladder as SVG text: a rung with its plan, a bar beside a number, and a cost as an area.

Widths are shares of the cell, so that one drawing serves every screen and letters keep their size. What is drawn stands
in words beside it, so all of it is hidden from who listens; the area alone has a name of its own. Lengths are Decimal:
nothing that is drawn is read back as a number.
"""

from decimal import Decimal
from html import escape

from finance.ladder_table import over_words
from finance.money import money_words
from indicators.units import WIDE, Unit, written

INK, INK_2, BRAND, MID, PALE, ROD, EDGE = "#14212b", "#4a5560", "#1f3f5f", "#4f708f", "#b9c8d6", "#c9d0d6", "#7a858f"
_HEIGHT, _MIDDLE = 48, 26
_THICK, _THIN = 20, 10
# From this share of the cell on there is no room for words to the right of a bar, and to this one none inside it.
_FULL, _EMPTY = Decimal(54), Decimal(46)
_TO_MILLIONS = Decimal(10_000)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return Decimal(0)
    return WIDE.divide(WIDE.multiply(part, Decimal(100)), whole).quantize(Decimal("0.01"))


def _rect(x: object, y: object, width: object, height: object, style: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {style}/>'


def _text(x: object, y: object, words: str, style: str = "", size: int = 13) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" {style}>{words}</text>'


def _svg(inside: str, height: int = _HEIGHT) -> str:
    return f'<svg class="drawn" width="100%" height="{height}" aria-hidden="true" focusable="false">{inside}</svg>'


# A rung


def rung_svg(
    number: Decimal | None, planned: Decimal | None, longest: Decimal, *, is_part: bool = False, is_gap: bool = False
) -> str:
    """A rung: pale up to the plan, solid beyond it, dashed where it falls short; dotted without a number."""
    if number is None:
        return _svg(_unknown(planned))
    now = _percent(max(number, Decimal(0)), longest)
    thick = _THIN if is_part else _THICK
    top = _MIDDLE - thick // 2
    rod = _rect(0, _MIDDLE - 2, "100%", 4, f'fill="{ROD}"')
    if is_gap:
        outline = f'fill="#fff" stroke="{EDGE}" stroke-width="2" stroke-dasharray="3 4"'
        return _svg(rod + _rect(0, top, f"{now}%", thick, outline))
    pale = f'fill="{PALE}" stroke="{BRAND}"'
    if planned is None:
        return _svg(rod + _rect(0, top, f"{now}%", thick, pale))
    then = _percent(planned, longest)
    bars = _rect(0, top, f"{min(now, then)}%", thick, pale)
    if now > then:
        bars += _rect(f"{then}%", top, f"{now - then}%", thick, f'fill="{BRAND}"')
    elif then > now:
        short = f'fill="#fff" stroke="{BRAND}" stroke-dasharray="3 3"'
        bars += _rect(f"{now}%", top, f"{then - now}%", thick, short)
    mark = f'<line x1="{then}%" x2="{then}%" y1="{top - 5}" y2="{top + thick + 5}" stroke="{INK}" stroke-width="2"/>'
    return _svg(rod + bars + mark + _label(number - planned, planned, now, then, is_part=is_part))


def _unknown(planned: Decimal | None) -> str:
    style = f'stroke="{EDGE}" stroke-width="2" stroke-dasharray="3 4"'
    line = f'<line x1="0" x2="100%" y1="{_MIDDLE}" y2="{_MIDDLE}" {style}/>'
    words = "number not stated" if planned is None else f"number not stated, plan of {written(planned, Unit.COUNT)}"
    return line + _text("50%", _MIDDLE - 8, words, f'fill="{INK_2}" text-anchor="middle"')


def _label(over: Decimal, planned: Decimal, now: Decimal, then: Decimal, *, is_part: bool) -> str:
    """How many over or under which plan: right of the bar where there is room, else inside it."""
    size = over_words(over).removesuffix(" plan")
    bold = f'<tspan font-weight="700">{escape(size)}</tspan>'
    words = f"{bold} plan of {written(planned, Unit.COUNT)}" if over else f"{bold}: {written(planned, Unit.COUNT)}"
    if max(now, then) <= _FULL:
        return _text(f"{max(now, then)}%", _MIDDLE - 6, words, f'dx="8" fill="{INK}"')
    if is_part:
        return _text(f"{max(now, then)}%", _MIDDLE - 12, words, f'dx="-8" fill="{INK}" text-anchor="end"')
    if min(now, then) >= _EMPTY:
        return _text(f"{min(now, then)}%", _MIDDLE + 5, words, f'dx="-8" fill="{INK}" text-anchor="end"')
    is_over = now > then
    return _text(f"{min(now, then)}%", _MIDDLE + 5, words, f'dx="8" fill="{"#fff" if is_over else INK}"')


# Bars


def bar_svg(number: Decimal | None, longest: Decimal, *, mark: Decimal | None = None, is_solid: bool = False) -> str:
    """A bar for a number, with a mark to hold it against; a line without a number."""
    fill = f'fill="{BRAND}"' if is_solid else f'fill="{PALE}" stroke="{BRAND}"'
    bar = _rect(0, 4, f"{_percent(number, longest)}%", 14, fill) if number and number > 0 else ""
    axis = f'<line x1="0" x2="0" y1="0" y2="22" stroke="{INK}"/>'
    if mark is None:
        return _svg(bar + axis, 22)
    at = _percent(mark, longest)
    return _svg(f'{bar}{axis}<line x1="{at}%" x2="{at}%" y1="0" y2="22" stroke="{INK}" stroke-width="2"/>', 22)


# A cost as an area


def has_area(before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal]) -> bool:
    """Whether a cost can be drawn as an area: number and price both grow, from more than nothing."""
    return Decimal(0) < before[0] <= after[0] and Decimal(0) < before[1] <= after[1] and before != after


def area_svg(before: tuple[Decimal, Decimal], after: tuple[Decimal, Decimal], width: int, name: str) -> str:
    """Number across and price up: the plan, the strip of volume to its right, and the strip of price above both.

    `before` and `after` are number and price; see `has_area`. The name is what is read out.
    """
    (n0, p0), (n1, p1) = before, after
    left, right, top, bottom, height = 12, 118, 24, 46, 330
    across, up = Decimal(width - left - right), Decimal(height - top - bottom)
    x0, x1 = (left + int(across * n / n1) for n in (n0, n1))
    y0, y1 = (top + int(up * (p1 - p) / p1) for p in (p0, p1))
    base = height - bottom
    shapes = [
        _rect(left, y0, x0 - left, base - y0, f'fill="{PALE}" stroke="{BRAND}"'),
        _rect(x0, y0, x1 - x0, base - y0, f'fill="{BRAND}"'),
        _rect(left, y1, x1 - left, y0 - y1, f'fill="{MID}"'),
        f'<line x1="{left}" x2="{width - 10}" y1="{base}" y2="{base}" stroke="{INK}"/>',
    ]
    middle = (y0 + base) // 2
    shapes += _named((left + x0) // 2, middle, "Plan", n0 * p0, INK, x0 - left)
    shapes += _named((x0 + x1) // 2, middle, "Volume", (n1 - n0) * p0, "#fff", x1 - x0)
    if y0 - y1 >= 18:
        words = f'<tspan font-weight="700">Price</tspan> {_millions(n1 * (p1 - p0))}'
        shapes.append(_text((left + x1) // 2, (y0 + y1) // 2 + 5, words, 'fill="#fff" text-anchor="middle"', 15))
    beside = x1 + 8
    apart = y0 - y1 >= 17
    shapes += [
        _text(beside, y1 + (5 if apart else -5), f"{_pounds(p1)} now", f'fill="{INK}" font-weight="700"'),
        _text(beside, y0 + (9 if apart else 14), f"{_pounds(p0)} plan", f'fill="{INK_2}"'),
        _text(left, base + 20, "0", f'fill="{INK_2}"'),
        _text(x1, base + 20, f"{_n(n1)} now", f'fill="{INK}" font-weight="700" text-anchor="end"'),
        _text((left + x1) // 2, base + 40, "placements", f'fill="{INK_2}" text-anchor="middle"'),
    ]
    if x1 - x0 >= 60:
        shapes.append(_text(x0, base + 20, f"{_n(n0)} plan", f'fill="{INK_2}" text-anchor="end"'))
    said = escape(name, quote=True)
    return (
        f'<svg class="area" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{said}">{"".join(shapes)}</svg>'
    )


def _named(x: int, y: int, name: str, amount: Decimal, colour: str, room: int) -> list[str]:
    """The name of a part and its amount inside it, where they fit."""
    if room < 64:
        return []
    style = f'fill="{colour}" text-anchor="middle"'
    return [
        _text(x, y - 6, name, f'{style} font-weight="700"', 15),
        _text(x, y + 14, _millions(amount), style, 15),
    ]


def _millions(amount: Decimal) -> str:
    return money_words(amount, _TO_MILLIONS)


def _pounds(amount: Decimal) -> str:
    return written(amount, Unit.POUNDS)


def _n(number: Decimal) -> str:
    return written(number, Unit.COUNT)
