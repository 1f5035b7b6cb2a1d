"""Reads the targets of a line, and what another target would do to figures that are approved already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from indicators import quarters, rag
from indicators.models import CurrentFigure, IndicatorVersion, Partnership, ScorecardLine, Target
from indicators.rag import Judgement
from indicators.scorecard import build_row
from indicators.selectors.scorecards import held_of, line_of, period_of, reported_periods
from indicators.trend import KINDS
from indicators.units import Unit


@dataclass(frozen=True)
class Affected:
    """An approved figure's period for which another target would hold, and its rating before and after."""

    period: quarters.Period
    before: Judgement
    after: Judgement

    @property
    def changes(self) -> bool:
        """Whether the rating, or why there is none, would be another one."""
        return (self.before.rating, self.before.reason) != (self.after.rating, self.after.reason)

    @property
    def words(self) -> str:
        """ "2021/22 Q4 (Better than target to Outside tolerance)"."""
        before, after = (rag.words(j.rating, j.reason) for j in (self.before, self.after))
        return f"{self.period.label} ({before} to {after})"


def line_for(partnership: Partnership, scorecard: str, indicator: str) -> ScorecardLine | None:
    """The line of an indicator, as a whole, on a scorecard; both by their codes."""
    return (
        ScorecardLine.objects.filter(
            scorecard__partnership=partnership, scorecard__code=scorecard, series__indicator__code=indicator,
            series__slice__key="",
        )
        .select_related("scorecard__partnership", "theme", "series__indicator", "series__slice")
        .first()
    )  # fmt: skip


def targets_of(line: ScorecardLine) -> list[Target]:
    """Every target the line ever had, in order of number. One query."""
    return list(line.targets.select_related("valid_from", "source").order_by("number"))


V = TypeVar("V", Target, IndicatorVersion)


def in_force(targets: Iterable[V], period: quarters.Period) -> V | None:
    """The target (or definition) that holds for a period; of two from the same period the later number."""
    held = [t for t in targets if t.valid_from.start_on <= period.start_on]
    return max(held, key=lambda t: (t.valid_from.start_on, t.number), default=None)


def in_force_on(targets: Iterable[Target], day: date) -> Target | None:
    """The target that holds on a day; where none does yet, the first to come."""
    every = list(targets)
    begun = [t for t in every if t.valid_from.start_on <= day]
    if begun:
        return max(begun, key=lambda t: (t.valid_from.start_on, t.number))
    return min(every, key=lambda t: (t.valid_from.start_on, -t.number), default=None)


def next_after(targets: Iterable[Target], period: quarters.Period) -> Target | None:
    """The first target that begins later than the period: one from the period holds until then. None: without end."""
    later = [t for t in targets if t.valid_from.start_on > period.start_on]
    return min(later, key=lambda t: (t.valid_from.start_on, -t.number), default=None)


def versions_within(
    line: ScorecardLine, period: quarters.Period, until: quarters.Period | None
) -> list[IndicatorVersion]:
    """The definitions that hold for any period from one on, up to (not with) another; none if none is in force yet."""
    versions = list(line.series.indicator.versions.select_related("valid_from").order_by("number"))
    first = in_force(versions, period)
    if first is None:
        return []
    later = [
        v
        for v in versions
        if period.start_on < v.valid_from.start_on and (until is None or v.valid_from.start_on < until.start_on)
    ]
    return [first, *later]


def affected_by(line: ScorecardLine, candidate: Target, targets: Iterable[Target]) -> list[Affected]:
    """Every period with an approved figure (its own, or made up of others as on the scorecard) for which `candidate`,
    unsaved but with its period, would hold instead of what holds now; oldest first. Rated as the pages do it."""
    held, versions = list(targets), list(line.series.indicator.versions.select_related("valid_from"))
    since = period_of(candidate.valid_from)
    following = next_after(held, since)
    rows = CurrentFigure.objects.filter(
        series=line.series_id, approved__isnull=False, period__kind__in=KINDS
    ).select_related(
        "period", "approved__period", "approved__source", "approved__headline", "approved__commentary",
        "approved__reason", "approved__in_return",
    )  # fmt: skip
    breaks = sorted(line.series.breaks.values_list("on", flat=True))
    figures = {row.period.slug: held_of(row.approved) for row in rows if row.approved}
    periods = {row.period.slug: period_of(row.period) for row in rows}
    periods |= {p.slug: period_of(p) for p in reported_periods(line.scorecard)}
    found = []
    for period in sorted(periods.values(), key=lambda p: (p.end_on, p.start_on)):
        if period.start_on < since.start_on or (following and period.start_on >= following.valid_from.start_on):
            continue
        version = in_force(versions, period)
        if version is None:
            continue
        before, after = (
            build_row(line_of(line, version, target), period, figures, breaks=breaks)
            for target in (in_force(held, period), candidate)
        )
        if before.held is not None:
            found.append(Affected(period, before.judgement, after.judgement))
    return found


def numbers_of(line: ScorecardLine, version: IndicatorVersion) -> list[Decimal]:
    """The values of a line's approved figures that are in the unit of the definition, whatever their period."""
    rows = CurrentFigure.objects.filter(
        series=line.series_id, approved__isnull=False, period__start_on__gte=version.valid_from.start_on
    ).select_related("approved")
    numbers = [row.approved.measured().number(Unit(version.unit)) for row in rows if row.approved]
    return [n for n in numbers if n is not None]
