"""Reads what lines show in their latest periods, as alerts take it: rating, special cause, assurance, passed dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from indicators import quarters
from indicators.models import CurrentFigure, Partnership, Period, ScorecardLine
from indicators.rag import NotJudged
from indicators.scorecard import ScorecardRow
from indicators.selectors.courses import RELATED, Courses
from indicators.selectors.histories import unit_since
from indicators.selectors.not_reportable import not_reportable
from indicators.variation import seen
from partnership.alerts import Raised, State, overdue, told_of
from partnership.models import AlertState

# How far back from its latest figure a line is watched; control charts rest on every figure that is held.
REACH = timedelta(days=3 * 365)
BEGINNING = date(1800, 1, 1)
# Where no target or no direction was set there was no rating that could have changed.
HELD_AGAINST_NOTHING = frozenset({NotJudged.NO_TARGET, NotJudged.NO_POLARITY})


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
    kept_before: dict[int, dict[str, State]] = {}
    for (line_id, slug), row in before.items():
        kept_before.setdefault(line_id, {})[slug] = State(
            slug, row.rating, row.variation, row.assurance, figure=row.figure_id
        )  # fmt: skip
    courses = Courses(held, since=BEGINNING, today=today, latest={})
    found = []
    for line in held:
        kept = kept_before.get(line.pk, {})
        raised, states = told_of(_states(courses, line, kept), kept)
        found.append(Told(line, raised, states))
    return found, before


def _states(courses: Courses, line: ScorecardLine, kept: Mapping[str, State]) -> tuple[State, ...]:
    """What a line shows in each of its latest periods that has a figure, oldest first. The control chart is worked out
    where it can have changed: for the latest one, and as it stood then for each that was not seen yet."""
    course = _Course(courses, line)
    if not course.periods:
        return ()
    last = course.periods[-1]
    recent = [number for number, period in enumerate(course.periods) if period.end_on > last.end_on - REACH]
    # Of a line that was never seen the latest period is told against the one before it.
    charted = {n for n in recent if course.periods[n].slug not in kept} if kept else set(recent[-2:])
    charted.add(recent[-1])
    return tuple(course.state(number, with_chart=number in charted) for number in recent)


class _Course:
    """One line in every period of its own frequency that has a figure, each judged by what was in force then."""

    def __init__(self, courses: Courses, line: ScorecardLine) -> None:
        self.courses, self.line = courses, line
        # What is held has a definition, be it a later one.
        self.versions = courses.versions.get(line.series.indicator_id, [])
        self.held = courses.held.get(line.series_id, {}) if self.versions else {}
        self.periods = courses.periods_held(line, line.frequency) if self.versions else []
        self.rows: dict[int, ScorecardRow] = {}

    def row(self, number: int) -> ScorecardRow:
        """What the line showed in a period."""
        if number not in self.rows:
            found = self.courses.row(self.line, self.periods[number], at_any_time=True)
            assert found is not None  # noqa: S101
            self.rows[number] = found
        return self.rows[number]

    def state(self, number: int, *, with_chart: bool) -> State:
        """The same in codes, with what the control chart says of it where it is worked out."""
        row = self.row(number)
        variation, assurance, cause = self._chart(number) if with_chart else (None, None, "")
        figure = row.held.figure_id if row.held else None
        rating = "" if row.judgement.reason in HELD_AGAINST_NOTHING else row.judgement.rating.value
        return State(row.period, rating, variation, assurance, cause, figure)

    def _chart(self, number: int) -> tuple[str, str, str]:
        """Variation, assurance and cause of a figure as the chart stood with it, read as every other page reads them;
        empty where it is on no chart."""
        period = self.periods[number]
        until = [held for held in self.held.values() if held.end_on <= period.end_on]
        found = seen(self.row(number), period, until, since=self._unit_since(period)).verdict
        return str(found.variation or ""), str(found.assurance or ""), str(found.cause or "")

    def _unit_since(self, period: quarters.Period) -> date | None:
        version = self.courses.version(self.line, period, at_any_time=True)
        units = ((one.number, one.unit, one.valid_from.start_on) for one in self.versions)
        return unit_since(units, version.number) if version else None


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
