"""Reads scorecards as approved: their lines, figures, targets and headline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.measurement import Basis, Measured
from indicators.models import (
    Assignment,
    CurrentFigure,
    Figure,
    FigureQuery,
    IndicatorVersion,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Scorecard,
    ScorecardLine,
    SeriesBreak,
    Target,
)
from indicators.models.definitions import source_words
from indicators.rag import MissingReason, Polarity
from indicators.scorecard import Headline, Held, Line, ScorecardRow, build_row, headline
from indicators.units import Unit

# How far back a scorecard reads: the same period last year, and what its sparkline draws.
HISTORY = timedelta(days=2 * 366 + 31)


@dataclass(frozen=True)
class Doubt:
    """An open query about the scorecard as a whole, with what each side says."""

    question: str
    statements: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class ScorecardView:
    """A scorecard in a period as pages and exports take it."""

    code: str
    name: str
    authority: str
    period: quarters.Period
    rows: tuple[ScorecardRow, ...]
    headline: Headline
    doubts: tuple[Doubt, ...]
    sources: tuple[str, ...]
    known_on: date | None


def period_of(row: Period) -> quarters.Period:
    """The pure period of a stored month, quarter or financial year."""
    return quarters.from_dates(row.kind, row.start_on, row.end_on)


def held_of(figure: Figure) -> Held:
    """A stored revision as pages take it; period, source and texts must be selected with it."""
    return Held(
        slug=figure.period.slug,
        label=figure.period.label,
        start_on=figure.period.start_on,
        end_on=figure.period.end_on,
        measured=figure.measured(),
        flags=figure.flags,
        confidence=figure.confidence,
        confidence_reason=figure.confidence_reason,
        validation_task=figure.validation_task,
        headline=figure.headline.body if figure.headline else "",
        commentary=figure.commentary.body if figure.commentary else "",
        not_reportable_code=figure.not_reportable_code,
        responsible_role=figure.responsible_role,
        expected_on=figure.expected_on,
        source=str(figure.source) if figure.source else "",
        paragraph=figure.paragraph,
        source_system=figure.source_system,
        as_at_on=figure.as_at_on,
        known_on=figure.known_on,
        revision=figure.revision,
        is_corrected=figure.in_return is not None and figure.in_return.kind == Return.Kind.RESTATEMENT,
        is_paper=figure.source_id is not None,
    )


def line_of(line: ScorecardLine, version: IndicatorVersion, target: Target | None, partner: object = None) -> Line:
    """A stored line with its definition and target as the field modules take it."""
    return Line(
        code=line.series.indicator.code,
        slice=line.series.slice.key,
        name=version.short_name,
        theme_code=line.theme.code,
        theme=line.theme.name,
        unit=Unit(version.unit),
        polarity=Polarity(version.polarity),
        window=Window(version.window),
        aggregation=Aggregation(version.aggregation),
        places=version.places,
        frequency=line.frequency,
        counts=version.counts,
        partner=str(partner) if partner else "",
        partner_code=getattr(partner, "code", ""),
        standard=target.standard(version) if target else None,
        printed_tolerance=target.printed_tolerance if target else "",
    )


def scorecards_of(partnership: Partnership) -> list[tuple[Scorecard, list[Period]]]:
    """The partnership's scorecards, each with the periods that have an approved return, latest first. 2 queries."""
    rounds = (
        ReportingRound.objects.filter(returns__state=Return.State.APPROVED, returns__kind=Return.Kind.ORDINARY)
        .select_related("period")
        .order_by("-period__end_on")
        .distinct()
    )
    found = partnership.scorecards.prefetch_related(Prefetch("rounds", queryset=rounds, to_attr="reported"))
    return [(scorecard, [r.period for r in scorecard.reported]) for scorecard in found]


def reported_periods(scorecard: Scorecard) -> list[Period]:
    """The periods for which an ordinary return of the scorecard is approved, latest first. One query."""
    approved = Return.objects.filter(state=Return.State.APPROVED, kind=Return.Kind.ORDINARY)
    return list(Period.objects.filter(rounds__scorecard=scorecard, rounds__returns__in=approved)
                .distinct().order_by("-end_on"))  # fmt: skip


def scorecard_for(scorecard: Scorecard, period: Period) -> ScorecardView:
    """A scorecard in a period, from approved figures alone. Seven queries, whatever the number of rows or periods."""
    pure = period_of(period)
    lines = list(
        ScorecardLine.objects.on(period.end_on)
        .filter(scorecard=scorecard)
        .select_related("series__indicator", "series__slice", "theme")
        .order_by("theme__order", "order")
    )
    indicator_ids = {line.series.indicator_id for line in lines}
    versions = IndicatorVersion.objects.in_force("indicator", indicator_ids, period.start_on)
    targets = Target.objects.in_force("line", [line.pk for line in lines], period.start_on)
    series_ids = [line.series_id for line in lines]
    figures = _figures(series_ids, period)
    breaks: dict[int, list[date]] = {}
    for series_id, day in SeriesBreak.objects.filter(series__in=series_ids).values_list("series", "on"):
        breaks.setdefault(series_id, []).append(day)
    doubts = _doubts(scorecard, series_ids, period)
    partners = {
        a.series_id: a.partner
        for a in Assignment.objects.on(period.end_on).filter(series__in=series_ids).select_related("partner")
    }
    rows = [
        build_row(
            line_of(line, versions[line.series.indicator_id], targets.get(line.pk), partners.get(line.series_id)),
            pure,
            figures.get(line.series_id, {}),
            breaks=sorted(breaks.get(line.series_id, ())),
            queries=[d.question for s, d in doubts if s == line.series_id],
            history=_history(figures.get(line.series_id, {}).values(), line.frequency, period),
        )
        for line in lines
        if line.series.indicator_id in versions
    ]
    known = [row.held.known_on for row in rows if row.held and row.held.known_on]
    return ScorecardView(
        code=scorecard.code,
        name=scorecard.name,
        authority=scorecard.authority,
        period=pure,
        rows=tuple(rows),
        headline=headline(rows),
        doubts=tuple(d for s, d in doubts if s is None),
        sources=tuple(dict.fromkeys(row.held.source for row in rows if row.held and row.held.source)),
        known_on=max(known, default=None),
    )


# What a page needs of a figure, read as plain values: a scorecard holds thousands of them.
_COLUMNS = (
    "series_id", "approved__period__slug", "approved__period__label", "approved__period__start_on",
    "approved__period__end_on", "approved__basis", "approved__numerator", "approved__denominator", "approved__value",
    "approved__qualifier", "approved__quantum", "approved__missing_reason", "approved__stated_met", "approved__flags",
    "approved__confidence", "approved__confidence_reason", "approved__validation_task", "approved__headline__body",
    "approved__commentary__body", "approved__not_reportable_code", "approved__responsible_role",
    "approved__expected_on", "approved__source__code", "approved__paragraph", "approved__source_system",
    "approved__as_at_on", "approved__known_on", "approved__revision",
    "approved__in_return__kind",
)  # fmt: skip


def _figures(series_ids: Iterable[int], period: Period) -> dict[int, dict[str, Held]]:
    rows = CurrentFigure.objects.filter(
        series__in=list(series_ids),
        approved__isnull=False,
        period__end_on__lte=period.end_on,
        period__end_on__gt=period.end_on - HISTORY,
    )
    figures: dict[int, dict[str, Held]] = {}
    for series_id, *values in rows.order_by("period__end_on", "period__start_on").values_list(*_COLUMNS):
        held = _held_from(values)
        figures.setdefault(series_id, {})[held.slug] = held
    return figures


def _held_from(values: list[Any]) -> Held:
    """A row of _COLUMNS without its series."""
    slug, label, start_on, end_on, basis, numerator, denominator, value, qualifier, quantum, missing, met = values[:12]
    flags, confidence, confidence_reason, task, headline_text, commentary, code, role, expected_on = values[12:21]
    source, paragraph, source_system, as_at_on, known_on, revision, kind = values[21:]
    return Held(
        slug=slug,
        label=label,
        start_on=start_on,
        end_on=end_on,
        measured=Measured(
            basis=Basis(basis),
            numerator=numerator,
            denominator=denominator,
            value=value,
            qualifier=qualifier,
            quantum=quantum,
            missing_reason=MissingReason(missing) if missing else None,
            stated_met=met,
        ),
        flags=flags,
        confidence=confidence,
        confidence_reason=confidence_reason,
        validation_task=task,
        headline=headline_text or "",
        commentary=commentary or "",
        not_reportable_code=code,
        responsible_role=role,
        expected_on=expected_on,
        source=source_words(source) if source else "",
        paragraph=paragraph,
        source_system=source_system,
        as_at_on=as_at_on,
        known_on=known_on,
        revision=revision,
        is_corrected=kind == Return.Kind.RESTATEMENT,
        is_paper=source is not None,
    )


def _history(figures: Iterable[Held], frequency: str, period: Period) -> Sequence[Held]:
    """What the sparkline draws: figures of the line's own frequency, oldest first."""
    spans = {"month": (28, 31), "quarter": (89, 92), "financial_year": (365, 366)}
    shortest, longest = spans[frequency]
    return [f for f in figures if shortest <= (f.end_on - f.start_on).days + 1 <= longest]


def _doubts(scorecard: Scorecard, series_ids: list[int], period: Period) -> list[tuple[int | None, Doubt]]:
    rows = (
        FigureQuery.objects.filter(closed_by_figure__isnull=True)
        .filter(Q(scorecard=scorecard) | Q(series__in=series_ids))
        .filter(Q(period=period) | Q(period__isnull=True))
        .select_related("source")
        .prefetch_related("statements__text", "statements__source")
    )
    return [
        (
            row.series_id,
            Doubt(
                row.question,
                tuple(f"{s.text.body} ({s.source} §{s.paragraph})" for s in row.statements.all()),
                f"{row.source} §{row.paragraph}",
            ),
        )
        for row in rows
    ]
