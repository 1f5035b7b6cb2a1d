"""Reads what lines of scorecards showed, period after period: each period judged by what was in force then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F

from indicators import quarters
from indicators.models import (
    Assignment,
    CurrentFigure,
    IndicatorVersion,
    Period,
    Return,
    ScorecardLine,
    Target,
)
from indicators.relief import in_force
from indicators.scorecard import Held, ScorecardRow, build_row
from indicators.selectors.histories import breaks_of
from indicators.selectors.reliefs import reliefs_of
from indicators.selectors.scorecards import HISTORY, held_by_series, line_of

RELATED = ("scorecard", "series__indicator", "series__slice", "theme")


def latest_reported(scorecards: Iterable[int]) -> dict[int, Period]:
    """The latest period for which an ordinary return of each scorecard (id) is approved. One query."""
    rows = Period.objects.filter(
        rounds__scorecard__in=list(scorecards), rounds__returns__state=Return.State.APPROVED,
        rounds__returns__kind=Return.Kind.ORDINARY,
    ).order_by("end_on", "start_on")  # fmt: skip
    found: dict[int, Period] = {}
    for row in rows.annotate(card=F("rounds__scorecard")):
        found[row.card] = row
    return found


class Courses:
    """What lines showed, period after period; eight queries, whatever the number of lines or periods.

    `lines` must have RELATED read with them. Approved figures alone, from two years before `since` on; relief is what
    is shown `today`. `latest`: what `latest_reported` gave for their scorecards, where it was asked already.
    """

    def __init__(
        self, lines: Sequence[ScorecardLine], *, since: date, today: date, latest: Mapping[int, Period] | None = None
    ) -> None:
        series = {line.series_id for line in lines}
        indicators = {line.series.indicator_id for line in lines}
        self.since, self.today = since, today
        self.versions = _grouped(IndicatorVersion.objects.filter(indicator__in=indicators), "indicator_id")
        self.targets = _grouped(Target.objects.filter(line__in=[line.pk for line in lines]), "line_id")
        self.breaks = breaks_of(series)
        self.held = held_by_series(
            CurrentFigure.objects.filter(
                series__in=series, approved__isnull=False, period__end_on__gt=since - HISTORY
            ),
            series="series_id", of="", prefix="approved__",
        )  # fmt: skip
        self.reliefs = reliefs_of(line.pk for line in lines)
        self.assignments: dict[int, list[Assignment]] = {}
        for row in Assignment.objects.filter(series__in=series).select_related("partner").order_by("from_on"):
            self.assignments.setdefault(row.series_id, []).append(row)
        self.latest = latest_reported({line.scorecard_id for line in lines}) if latest is None else latest

    def of(self, line: ScorecardLine, *, until: date | None = None) -> tuple[ScorecardRow, ...]:
        """What a line showed in each period of its scorecard's frequency, oldest first: from the period that holds
        `since` to the latest that is reported or held, or to the one that ends on `until`. Periods before its
        definition, or in which it did not stand on the scorecard, are left out."""
        figures = self.held.get(line.series_id, {})
        periods = _periods(line.scorecard.frequency, self.since, figures, self.latest.get(line.scorecard_id))
        periods = [p for p in periods if until is None or p.end_on <= until]
        found = (self.row(line, period) for period in periods if _stands(line, period.end_on))
        return tuple(row for row in found if row is not None)

    def of_kind(self, line: ScorecardLine, kind: str) -> tuple[ScorecardRow, ...]:
        """What a line showed in the periods of a kind, oldest first: of its scorecard's frequency its course, of others
        what is held. A year is not told beside quarters."""
        if kind == line.scorecard.frequency:
            return self.of(line)
        own = (period for period in self.periods_held(line, kind) if period.end_on >= self.since)
        found = (self.row(line, period, at_any_time=True) for period in own)
        return tuple(row for row in found if row is not None)

    def periods_held(self, line: ScorecardLine, kind: str) -> list[quarters.Period]:
        """The periods of a kind of which figures were read, oldest first."""
        parsed = map(_parsed, self.held.get(line.series_id, {}))
        return sorted((p for p in parsed if p is not None and p.kind == kind), key=lambda p: p.end_on)

    def version(
        self, line: ScorecardLine, period: quarters.Period, *, at_any_time: bool = False
    ) -> IndicatorVersion | None:
        """The definition in force for a period; None before the first one, unless `at_any_time`: then that one."""
        versions = self.versions.get(line.series.indicator_id, [])
        found: IndicatorVersion | None = _in_force(versions, period.start_on)
        return found or (versions[0] if at_any_time and versions else None)

    def row(self, line: ScorecardLine, period: quarters.Period, *, at_any_time: bool = False) -> ScorecardRow | None:
        """What a line showed in one period, of whatever kind; None before its definition, unless `at_any_time`: then
        the first one holds."""
        version = self.version(line, period, at_any_time=at_any_time)
        if version is None:
            return None
        target = _in_force(self.targets.get(line.pk, ()), period.start_on)
        assigned = self.assignments.get(line.series_id, ())
        own = next((a.partner for a in assigned if _stands(a, period.end_on)), None)
        agreed = in_force(self.reliefs.get(line.pk, ()), period.start_on, period.end_on, self.today)
        of_line = line_of(line, version, target, own)
        figures = self.held.get(line.series_id, {})
        if period.slug in figures:
            of_line = replace(of_line, frequency=period.kind)
        return build_row(of_line, period, figures, breaks=self.breaks.get(line.series_id, ()), relief=agreed)


def courses_of(lines: Sequence[ScorecardLine], *, since: date, today: date) -> dict[int, tuple[ScorecardRow, ...]]:
    """By the id of each line its course, as `Courses.of` gives it."""
    courses = Courses(lines, since=since, today=today)
    return {line.pk: courses.of(line) for line in lines}


def _grouped(rows: Any, key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.select_related("valid_from").order_by("valid_from__start_on", "number"):
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _in_force(versions: Sequence[Any], start_on: date) -> Any:
    """Of versions in order the last one that holds for a period beginning on that day; None before the first."""
    held = [v for v in versions if v.valid_from.start_on <= start_on]
    return held[-1] if held else None


def _parsed(slug: str) -> quarters.Period | None:
    """The period of a slug; None for a kind that has no arithmetic."""
    try:
        return quarters.parse(slug)
    except quarters.PeriodTextError:
        return None


def _stands(row: Any, day: date) -> bool:
    """Whether a dated row holds on a day."""
    return bool(row.from_on <= day and (row.until_on is None or day <= row.until_on))


def _periods(kind: str, since: date, figures: Mapping[str, Held], reported: Period | None) -> list[quarters.Period]:
    """The periods of one kind from the one that holds a day to the last that is reported or held."""
    ends = [held.end_on for held in figures.values()] + ([reported.end_on] if reported else [])
    period: quarters.Period = quarters.financial_year_of(since)
    if kind != quarters.FinancialYear.kind:
        period = quarters.month_of(since) if kind == quarters.Month.kind else quarters.quarter_of(since)
    found: list[quarters.Period] = []
    while ends and period.end_on <= max(ends):
        found.append(period)
        period = period.next()
    return found
