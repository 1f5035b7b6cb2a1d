"""Reads the figures that are not reportable or not available in the latest period of each scorecard."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, DateField, OuterRef, Q, Subquery, Value, When

from indicators.data_issues import WAITING
from indicators.models import (
    Assignment,
    CurrentFigure,
    Figure,
    FigureApproval,
    IndicatorVersion,
    Partner,
    Partnership,
    ScorecardLine,
)
from indicators.not_reportable import NotReportable, Told, expected, run_up_to
from indicators.rag import MissingReason
from indicators.selectors.issues import open_issues
from indicators.selectors.protected import in_protected_part
from indicators.selectors.scorecards import period_of, scorecards_of
from indicators.trend import KINDS


def not_reportable(partnership: Partnership, *, today: date, sees_protected: bool = True) -> list[NotReportable]:
    """Each line that the person may read whose latest approved figure, up to the latest period of its scorecard, has no
    number that somebody has to make reportable; in the order of the scorecards. At most eight queries, whatever the
    number of lines or periods.
    """
    readable = scorecards_of(partnership, sees_protected=sees_protected)
    until = {s.pk: reported[0].end_on for s, reported in readable if reported}
    if not until:
        return []
    lines = list(_lines(until, sees_protected=sees_protected))
    figures = {
        figure.pk: figure
        for figure in Figure.objects.filter(
            pk__in=[line.latest for line in lines if line.latest], missing_reason__in=[r.value for r in WAITING]
        ).select_related("period", "headline")
    }
    lines = [line for line in lines if line.latest in figures]
    series = {line.series_id for line in lines}
    indicators = {line.series.indicator_id for line in lines}
    told, partners, versions = _told(series), _partners(series), _versions(indicators)
    issues = open_issues(partnership, indicators)
    return [
        _row(
            line,
            figures[line.latest],
            told,
            partners.get(line.series_id, []),
            versions[line.series.indicator_id],
            issues.get(line.series.indicator_id, ()),
            today,
        )
        for line in lines
    ]


def _lines(until: dict[int, date], *, sees_protected: bool) -> Any:
    """The lines that hold on the last day of their scorecard's latest period, each with the id of its latest approved
    figure of its own frequency up to that day."""
    ends = [When(scorecard=pk, then=Value(day, DateField())) for pk, day in until.items()]
    latest = CurrentFigure.objects.filter(
        series=OuterRef("series"), period__kind=OuterRef("frequency"), period__end_on__lte=OuterRef("until"),
        approved__isnull=False,
    ).order_by("-period__end_on")  # fmt: skip
    held = Q()
    for pk, day in until.items():
        held |= Q(scorecard=pk, from_on__lte=day) & (Q(until_on__isnull=True) | Q(until_on__gte=day))
    readable = Q() if sees_protected else ~in_protected_part("series__slice")
    return (
        ScorecardLine.objects.filter(held, readable, frequency__in=KINDS)
        .annotate(until=Case(*ends, output_field=DateField()))
        .annotate(latest=Subquery(latest.values("approved")[:1]))
        .select_related("scorecard", "theme", "series__indicator", "series__slice")
        .order_by("scorecard__order", "theme__order", "order")
    )


def _told(series: Iterable[int]) -> dict[tuple[int, str], dict[str, list[Told]]]:
    """Every approved revision of these series, by series and kind of period, then by the period's slug. One query."""
    found: dict[tuple[int, str], dict[str, list[Told]]] = {}
    rows = FigureApproval.objects.filter(figure__series__in=list(series)).values_list(
        "figure__series", "figure__period__kind", "figure__period__slug", "figure__revision",
        "figure__missing_reason", "known_on",
    )  # fmt: skip
    for series_id, kind, slug, revision, reason, known_on in rows:
        is_waiting = bool(reason) and MissingReason(reason) in WAITING
        found.setdefault((series_id, kind), {}).setdefault(slug, []).append(Told(revision, is_waiting, known_on))
    return found


def _partners(series: Iterable[int]) -> dict[int, list[Assignment]]:
    """Which partner returned these series, and when. One query."""
    found: dict[int, list[Assignment]] = {}
    for row in Assignment.objects.filter(series__in=list(series)).select_related("partner"):
        found.setdefault(row.series_id, []).append(row)
    return found


def _versions(indicators: Iterable[int]) -> dict[int, list[IndicatorVersion]]:
    """Every definition of these indicators, in order of number. One query."""
    found: dict[int, list[IndicatorVersion]] = {}
    rows = IndicatorVersion.objects.filter(indicator__in=list(indicators)).select_related("valid_from")
    for row in rows.order_by("number"):
        found.setdefault(row.indicator_id, []).append(row)
    return found


def _row(
    line: Any,
    figure: Figure,
    told: dict[tuple[int, str], dict[str, list[Told]]],
    assignments: Iterable[Assignment],
    versions: list[IndicatorVersion],
    issues: Any,
    today: date,
) -> NotReportable:
    period = period_of(figure.period)
    run = run_up_to(period, told[line.series_id, figure.period.kind])
    assert run is not None  # noqa: S101 the latest figure is one that waits
    partner: Partner | None = next(
        (
            a.partner
            for a in assignments
            if a.from_on <= period.end_on and (a.until_on is None or period.end_on <= a.until_on)
        ),
        None,
    )
    begun = [v for v in versions if v.valid_from.start_on <= period.start_on] or versions[:1]
    version = max(begun, key=lambda v: (v.valid_from.start_on, v.number))
    expected_on, from_issue, is_late = expected(figure.expected_on, issues, today)
    return NotReportable(
        scorecard=line.scorecard.name,
        scorecard_code=line.scorecard.code,
        theme=line.theme.name,
        code=line.series.indicator.code,
        slice=line.series.slice.key,
        name=version.name_of(line.series.slice),
        period=period.slug,
        period_label=period.label,
        reason=MissingReason(figure.missing_reason),
        reason_code=figure.not_reportable_code,
        headline=figure.headline.body if figure.headline else "",
        since=run.first.slug,
        since_label=run.first.label,
        periods=run.number,
        known_on=run.known_on,
        partner=partner.name if partner else "",
        partner_code=partner.code if partner else "",
        responsible_role=figure.responsible_role,
        expected_on=expected_on,
        from_issue=from_issue,
        is_overdue=is_late,
        issues=issues,
    )
