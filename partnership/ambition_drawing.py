"""The timeline of judgements and ambitions as SVG text: years across, the four grades up, promises as hollow marks.

The table beside it has everything that is drawn, so the drawing has one name and is otherwise not read out. A mark
never rests on its colour: judgements are filled, ambitions hollow, and an inspection without a grade is a line across
the lowest row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from partnership.ambition import GRADE_WORDS, GRADES, Grade, Judged, Promise

WIDTH, LEFT, RIGHT = 1000, 190, 30
_TOP, _ROW = 24, 54
INK, INK_2, LINE, BRAND = "#14212b", "#4a5560", "#c9d0d6", "#1f3f5f"
UNGRADED = len(GRADES)
_SHORT = {Grade.REQUIRES_IMPROVEMENT: "Requires improvement"}


@dataclass(frozen=True)
class Spot:
    """A mark of the drawing: where it stands, and the words that its title says."""

    x: int
    row: int
    kind: str
    title: str


def row_of(grade: Grade) -> int:
    """The row of a grade, the best at the top."""
    return UNGRADED - 1 - GRADES.index(grade)


def _years(days: Sequence[date]) -> tuple[date, date]:
    return date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)


def _x(day: date, first: date, last: date) -> int:
    return LEFT + (day - first).days * (WIDTH - LEFT - RIGHT) // (last - first).days


def spots(
    judgements: Iterable[Judged], ungraded: Iterable[tuple[date, str]], promises: Iterable[Promise]
) -> tuple[tuple[Spot, ...], tuple[date, date] | None]:
    """The marks in the order of their days, and the first and last day that are drawn; without a dated one, nothing.

    Of an inspection's judgements only the overall one is drawn, unless it has none.
    """
    judged = [one for one in judgements if one.on is not None]
    with_overall = {one.code for one in judged if one.is_overall}
    judged = [one for one in judged if one.is_overall or one.code not in with_overall]
    plain, promised = list(ungraded), list(promises)
    days = [one.on for one in judged if one.on] + [day for day, _ in plain] + [one.by_on for one in promised]
    if not days:
        return (), None
    first, last = _years(days)
    found = [
        *((one.by_on, row_of(one.grade), "promise", f"Ambition: {one.what} by {one.words}") for one in promised),
        *((one.on, row_of(one.grade), "overall" if one.is_overall else "area",
           f"{one.title}, {one.day}: {one.area}, {GRADE_WORDS[one.grade]}") for one in judged if one.on),
        *((day, UNGRADED, "ungraded", title) for day, title in plain),
    ]  # fmt: skip
    marks = tuple(Spot(_x(day, first, last), row, kind, title) for day, row, kind, title in sorted(found))
    return marks, (first, last)


def _middle(row: int) -> int:
    return _TOP + row * _ROW + _ROW // 2


def _mark(spot: Spot) -> str:
    x, y = spot.x, _middle(spot.row)
    title = f"<title>{escape(spot.title)}</title>"
    match spot.kind:
        case "promise":
            shape = f'<path d="M{x} {y - 12} {x + 12} {y} {x} {y + 12} {x - 12} {y}Z" fill="#fff" stroke="{BRAND}"'
            return f'{shape} stroke-width="3">{title}</path>'
        case "overall":
            return f'<circle cx="{x}" cy="{y}" r="11" fill="{BRAND}">{title}</circle>'
        case "area":
            return f'<circle cx="{x}" cy="{y}" r="7" fill="{INK_2}">{title}</circle>'
    return f'<rect x="{x - 3}" y="{y - 13}" width="6" height="26" fill="{INK_2}">{title}</rect>'


def timeline_svg(marks: Sequence[Spot], days: tuple[date, date], name: str) -> str:
    """The drawing with its name; years, rows and marks. Its text is as large as the page's on a wide screen."""
    first, last = days
    bottom = _TOP + (UNGRADED + 1) * _ROW
    rows = [_SHORT.get(grade, GRADE_WORDS[grade]) for grade in reversed(GRADES)] + ["No grade given"]
    parts = []
    for number, words in enumerate(rows):
        y = _middle(number)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="{LINE}"/>')
        parts.append(f'<text x="0" y="{y + 5}" font-size="15" fill="{INK}">{escape(words)}</text>')
    step = max(1, (last.year - first.year + 11) // 12)
    for year in range(first.year, last.year + 1, step):
        x = _x(date(year, 1, 1), first, last)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}" stroke="{LINE}" stroke-dasharray="2 4"/>')
        parts.append(
            f'<text x="{x}" y="{bottom + 18}" font-size="15" fill="{INK_2}" text-anchor="middle">{year}</text>'
        )
    parts += [_mark(spot) for spot in marks]
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {bottom + 26}" role="img" aria-label="{escape(name)}">'
        f"{''.join(parts)}</svg>"
    )
