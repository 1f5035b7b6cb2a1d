"""Reads what lines show in their latest periods, as alerts take it: rating, special cause, assurance, passed dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indicators import quarters
from indicators.control import Control, control_of
from indicators.direction_of_travel import Window
from indicators.models import CurrentFigure, Partnership, Period, ScorecardLine
from indicators.scorecard import ScorecardRow
from indicators.selectors.courses import RELATED, Courses
from indicators.selectors.not_reportable import not_reportable
from indicators.spc import FEWEST
from indicators.trend import InForce, Spot, Trend, TrendBreak, spot_of
from partnership.alerts import Raised, State, overdue, told_of
from partnership.models import AlertState

# How far back from its latest figure a line is watched, and from when on figures are read for control charts.
REACH = timedelta(days=3 * 366)
BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True)
class Told:
    """The alerts of a line, and what was seen of it, by the slugs of periods."""

    line: ScorecardLine
    raised: tuple[Raised, ...]
    states: tuple[State, ...]


def told_by_lines(
    partnership: Partnership, *, series: Iterable[int] | None = None, today: date
) -> tuple[list[Told], dict[tuple[int, str], AlertState]]:
    """What is to be told of every line of a partnership, or of the lines of some series (ids), and the states kept
    before by line and period. Approved figures alone, each of the line's own frequency. Nine queries, whatever the
    number of lines or periods."""
    lines = ScorecardLine.objects.filter(scorecard__partnership=partnership).select_related(*RELATED)
    if series is not None:
        lines = lines.filter(series__in=set(series))
    held = list(lines.order_by("pk"))
    before = {
        (row.line_id, row.period.slug): row
        for row in AlertState.objects.filter(line__in=held).select_related("period").order_by("pk")
    }
    seen: dict[int, dict[str, State]] = {}
    for (line_id, slug), row in before.items():
        seen.setdefault(line_id, {})[slug] = State(
            slug, row.rating, row.variation, row.assurance, figure=row.figure_id
        )  # fmt: skip
    courses = Courses(held, since=BEGINNING, today=today, latest={})
    found = []
    for line in held:
        kept = seen.get(line.pk, {})
        raised, states = told_of(_states(courses, line, kept), kept)
        found.append(Told(line, raised, states))
    return found, before


def _states(courses: Courses, line: ScorecardLine, seen: Mapping[str, State]) -> tuple[State, ...]:
    """What a line shows in each of its latest periods that has a figure, oldest first. The control chart is worked out
    where it can have changed: for the latest one, and as it stood then for each that was not seen yet."""
    rows = _rows(courses, line)
    if not rows:
        return ()
    first = next(n for n, row in enumerate(rows) if _end_of(row) > _end_of(rows[-1]) - REACH)
    charts = _Charts(rows, courses.breaks.get(line.series_id, ()))
    # Of a line that was never seen the latest period is told against the one before it.
    unseen = {row.period for row in rows[first:] if row.period not in seen} if seen else {r.period for r in rows[-2:]}
    asked = unseen | {rows[-1].period}
    return tuple(_state(row, charts.at(number) if row.period in asked else None)
                 for number, row in enumerate(rows) if number >= first)  # fmt: skip


def _rows(courses: Courses, line: ScorecardLine) -> list[ScorecardRow]:
    """The line in every period of its own frequency that has a figure, each judged by what was in force then."""
    periods = []
    for slug in courses.held.get(line.series_id, {}):
        try:
            period = quarters.parse(slug)
        except quarters.PeriodTextError:
            continue
        if period.kind == line.frequency:
            periods.append(period)
    found = (courses.row(line, period, at_any_time=True) for period in sorted(periods, key=lambda p: p.end_on))
    return [row for row in found if row is not None and row.held is not None]


def _end_of(row: ScorecardRow) -> date:
    assert row.held is not None  # noqa: S101
    return row.held.end_on


def _state(row: ScorecardRow, chart: tuple[str, str, str] | None) -> State:
    variation, assurance, cause = chart or (None, None, "")
    figure = row.held.figure_id if row.held else None
    return State(row.period, row.judgement.rating.value, variation, assurance, cause, figure)


class _Charts:
    """The control chart of one line as it stood with the figure of each period."""

    def __init__(self, rows: Sequence[ScorecardRow], breaks: Iterable[date]) -> None:
        self.rows, self.breaks = rows, tuple(breaks)
        self.spots: tuple[Spot, ...] | None = None

    def at(self, number: int) -> tuple[str, str, str]:
        """Variation, assurance and cause of the figure of a row; empty where it is on no chart."""
        row = self.rows[number]
        numbers = sum(one.number is not None for one in self.rows[: number + 1])
        if row.line.window is not Window.PERIOD or row.number is None or numbers < FEWEST:
            return "", "", ""
        if self.spots is None:
            self.spots = tuple(spot_of(one) for one in self.rows)
        found = control_of(self._trend(row, self.spots[: number + 1]))
        if not isinstance(found, Control) or found.latest.spot.slug != self.spots[number].slug:
            return "", "", ""
        return found.variation.value, found.assurance.value if found.assurance else "", found.cause.value

    def _trend(self, row: ScorecardRow, spots: Sequence[Spot]) -> Trend:
        standard = row.line.standard
        return Trend(
            kind=row.line.frequency,
            unit=row.line.unit,
            places=row.line.places,
            polarity=row.line.polarity,
            window=row.line.window,
            spots=tuple(spot for spot in spots if spot.row.line.unit is row.line.unit),
            standards=(InForce(spots[-1].start_on, standard),) if standard else (),
            breaks=tuple(TrendBreak(on, "", "") for on in self.breaks),
        )


def overdue_by_lines(partnership: Partnership, *, today: date) -> list[tuple[int, Raised]]:
    """The lines (ids) whose figure is not reportable past the day it was expected on, each with its alert. At most ten
    queries, whatever the number of lines."""
    late = {
        (row.scorecard_code, row.code, row.slice): row
        for row in not_reportable(partnership, today=today)
        if row.is_overdue
    }
    lines = ScorecardLine.objects.filter(
        scorecard__partnership=partnership, series__indicator__code__in={code for _, code, _ in late}
    ).values_list("pk", "series", "scorecard__code", "series__indicator__code", "series__slice__key")
    found = [(pk, series, late[key]) for pk, series, *rest in (lines if late else ()) if (key := tuple(rest)) in late]
    figures = _approved({series for _, series, _ in found}, {row.period for _, _, row in found})
    return [
        (pk, overdue(row.period, figures.get((series, row.period)), row.expected_on))
        for pk, series, row in found
        if row.expected_on is not None
    ]


def _approved(series: Iterable[int], periods: Iterable[str]) -> dict[tuple[int, str], int]:
    """The approved revisions (ids) of series in periods. One query."""
    rows = CurrentFigure.objects.filter(series__in=set(series), period__slug__in=set(periods), approved__isnull=False)
    return {(s, slug): pk for s, slug, pk in rows.values_list("series", "period__slug", "approved")}


def periods_by_slug(slugs: Iterable[str]) -> dict[str, Period]:
    """The stored periods of these slugs. One query."""
    return {row.slug: row for row in Period.objects.filter(slug__in=set(slugs))}
