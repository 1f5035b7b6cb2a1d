"""Reads scorecards as approved: their lines, figures, targets and headline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.measurement import CORRECTION_WORDS, Basis, Correction, Measured
from indicators.models import (
    Assignment,
    CurrentFigure,
    Figure,
    FigureApproval,
    FigureQuery,
    IndicatorVersion,
    Partnership,
    Period,
    ReportingRound,
    Return,
    Scorecard,
    ScorecardLine,
    SliceCategory,
    Target,
)
from indicators.models.definitions import source_words
from indicators.protection import Hiding, protected_row
from indicators.querysets import versions_in_force
from indicators.questions import question
from indicators.rag import MissingReason, Polarity
from indicators.relief import in_force
from indicators.scorecard import Headline, Held, Line, ScorecardRow, build_row, headline, of_frequency
from indicators.selectors.histories import breaks_of, older_figures, units_since
from indicators.selectors.issues import open_issues
from indicators.selectors.protected import in_protected_part
from indicators.selectors.reliefs import reliefs_of
from indicators.units import Unit
from indicators.variation import Seen, seen

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
    """A stored revision as pages take it; what _COLUMNS names must be selected with it."""
    return _held_from([_read(figure, name) for name in _COLUMNS])


def _read(row: Any, name: str) -> Any:
    """What a path such as period__slug leads to; None where a step of it is empty."""
    for part in name.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def line_of(line: ScorecardLine, version: IndicatorVersion, target: Target | None, partner: object = None) -> Line:
    """A stored line with its definition and target as the field modules take it."""
    return Line(
        code=line.series.indicator.code,
        slice=line.series.slice.key,
        name=version.name_of(line.series.slice),
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
        complement_sensitive=version.complement_sensitive,
    )


def scorecards_of(partnership: Partnership, *, sees_protected: bool = True) -> list[tuple[Scorecard, list[Period]]]:
    """The partnership's scorecards that the person may read, each with the periods that have an approved return, latest
    first. 2 queries."""
    rounds = (
        ReportingRound.objects.filter(returns__state=Return.State.APPROVED, returns__kind=Return.Kind.ORDINARY)
        .select_related("period")
        .order_by("-period__end_on")
        .distinct()
    )
    readable = partnership.scorecards.all()
    if not sees_protected:
        readable = readable.exclude(audience=Scorecard.Readers.BOARD)
    found = readable.prefetch_related(Prefetch("rounds", queryset=rounds, to_attr="reported"))
    return [(scorecard, [r.period for r in scorecard.reported]) for scorecard in found]


def holds_protected(scorecard: Scorecard) -> bool:
    """Whether a scorecard is protected, or has a line by a protected dimension. One query at most."""
    return (
        scorecard.audience == Scorecard.Readers.BOARD
        or SliceCategory.objects.filter(
            slice__series__lines__scorecard=scorecard, dimension__is_protected=True
        ).exists()
    )


def reported_periods(scorecard: Scorecard) -> list[Period]:
    """The periods for which an ordinary return of the scorecard is approved, latest first. One query."""
    return _reported(scorecard.pk)


@question
def _reported(scorecard_id: int) -> QuerySet[Period]:
    approved = Return.objects.filter(state=Return.State.APPROVED, kind=Return.Kind.ORDINARY)
    found = Period.objects.filter(rounds__scorecard=scorecard_id, rounds__returns__in=approved)
    return found.distinct().order_by("-end_on")


class _Named(NamedTuple):
    """A partner as a line names it."""

    name: str
    code: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Gathered:
    """Everything that one row rests on, as stored: what a publication pins, and what it was made of."""

    row: ScorecardRow
    line: ScorecardLine
    version: IndicatorVersion
    target: Target | None
    figures: tuple[Held, ...]
    seen: Seen | None = None
    unit_since: date | None = None


def scorecard_for(
    scorecard: Scorecard, period: Period, *, today: date, as_at: date | None = None, sees_protected: bool = True,
    with_variation: bool = False,
) -> ScorecardView:  # fmt: skip
    """A scorecard in a period, from approved figures alone; `as_at` a day: from what was approved and known by its end
    in London. Nine queries, whatever the number of rows or periods; two more `with_variation`. Relief is what holds on
    that day, else `today`; the register of data issues keeps no past, so `as_at` a day no open issue is named."""
    view, _ = gathered_scorecard(
        scorecard, period, today=today, as_at=as_at, sees_protected=sees_protected, with_variation=with_variation
    )
    return view


def gathered_scorecard(
    scorecard: Scorecard, period: Period, *, today: date, as_at: date | None = None, sees_protected: bool = True,
    with_variation: bool = False,
) -> tuple[ScorecardView, tuple[Gathered, ...]]:  # fmt: skip
    """The same, with the stored rows that each row rests on. Nine queries; two more `with_variation`, for what control
    charts need beyond them."""
    pure = period_of(period)
    lines = _lines(scorecard.pk, period.end_on, sees_protected=sees_protected)
    indicator_ids = {line.series.indicator_id for line in lines}
    versions = versions_in_force(IndicatorVersion, "indicator", indicator_ids, period.start_on)
    targets = versions_in_force(Target, "line", [line.pk for line in lines], period.start_on, as_at=as_at)
    reliefs, day = reliefs_of(line.pk for line in lines), as_at or today
    series_ids = [line.series_id for line in lines]
    figures = _figures(series_ids, period, as_at)
    breaks = breaks_of(series_ids)
    doubts = _doubts(scorecard, series_ids, period, as_at)
    issues = open_issues(scorecard.partnership_id, indicator_ids) if as_at is None else {}
    partners = {series_id: _Named(name, code) for series_id, name, code in _assigned(series_ids, period.end_on)}
    older, since = _for_charts(lines, versions, period, as_at) if with_variation else ({}, {})
    gathered = []
    for line in lines:
        version = versions.get(line.series.indicator_id)
        if version is None:
            continue
        target, held = targets.get(line.pk), figures.get(line.series_id, {})
        row = build_row(
            line_of(line, version, target, partners.get(line.series_id)),
            pure,
            held,
            breaks=breaks.get(line.series_id, ()),
            queries=[d.question for s, d in doubts if s == line.series_id],
            history=of_frequency(held.values(), line.frequency),
            relief=in_force(reliefs.get(line.pk, ()), period.start_on, period.end_on, day),
            issues=issues.get(line.series.indicator_id, ()),
        )
        found, figures_in = None, tuple(held.values())
        if with_variation:
            unit_since = since.get(version.indicator_id)
            found = seen(row, pure, (*older.get(line.series_id, ()), *figures_in), since=unit_since)
            row = replace(row, verdict=found.verdict)
        gathered.append(Gathered(row, line, version, target, figures_in, found, since.get(version.indicator_id)))
    rows = [g.row for g in gathered]
    known = [row.held.known_on for row in rows if row.held and row.held.known_on]
    view = ScorecardView(
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
    return view, tuple(gathered)


@question
def _lines(scorecard_id: int, on: date, *, sees_protected: bool) -> QuerySet[ScorecardLine]:
    lines = ScorecardLine.objects.on(on).filter(scorecard=scorecard_id)
    lines = lines if sees_protected else lines.exclude(in_protected_part("series__slice"))
    return lines.select_related("series__indicator", "series__slice", "theme").order_by("theme__order", "order")


@question
def _assigned(series_ids: list[int], on: date) -> QuerySet[Assignment, tuple[int, str, str]]:
    found = Assignment.objects.on(on).filter(series__in=series_ids).order_by("from_on")
    return found.values_list("series_id", "partner__name", "partner__code")


def rests_on(g: Gathered) -> tuple[Held, ...]:
    """The figures that a row was built and charted from."""
    return (*g.figures, *(g.seen.charted if g.seen else ()))


def protected(g: Gathered, period: quarters.Period, hiding: Hiding) -> Gathered:
    """The same row as everybody may read it; it still rests on the same figures."""
    charted = g.seen is not None
    row = protected_row(g.row, period, rests_on(g), hiding, charted=charted, since=g.unit_since)
    return replace(g, row=row)


# What a page needs of a figure, read as plain values: a scorecard holds thousands of them.
_COLUMNS = (
    "period__slug", "period__label", "period__start_on", "period__end_on", "basis", "numerator", "denominator", "value",
    "qualifier", "quantum", "missing_reason", "stated_met", "flags", "confidence", "confidence_reason",
    "validation_task", "headline__body", "commentary__body", "not_reportable_code", "responsible_role", "expected_on",
    "source__code", "paragraph", "source_system", "as_at_on", "known_on", "revision", "in_return__kind",
    "in_return__correction", "reason__body", "id",
)  # fmt: skip


def _figures(series_ids: Iterable[int], period: Period, as_at: date | None) -> dict[int, dict[str, Held]]:
    return _by_series(_between(list(series_ids), period.end_on - HISTORY, period.end_on, as_at))


@question
def _between(series_ids: list[int], after: date, until: date, as_at: date | None) -> QuerySet[Any, tuple[Any, ...]]:
    of, prefix = "", "approved__"
    owners: QuerySet[Any] = CurrentFigure.objects.filter(approved__isnull=False)
    if as_at is not None:
        # Of several approved by that day the one with the highest revision stands: it is read last.
        of, prefix = "figure__", "figure__"
        owners = FigureApproval.objects.filter(known_on__lte=as_at)
    asked = {f"{of}series__in": series_ids, f"{of}period__end_on__lte": until, f"{of}period__end_on__gt": after}
    return _columns(owners.filter(**asked), series=f"{of}series_id", of=of, prefix=prefix)


def held_by_series(rows: QuerySet[Any], *, series: str, of: str, prefix: str) -> dict[int, dict[str, Held]]:
    """The figures of a queryset by series and period slug; of two of one period the higher revision. One query.

    `series` names the column with the series, `of` leads to the period, `prefix` to the figure.
    """
    return _by_series(_columns(rows, series=series, of=of, prefix=prefix))


def _columns(rows: QuerySet[Any], *, series: str, of: str, prefix: str) -> QuerySet[Any, tuple[Any, ...]]:
    ordered = rows.order_by(f"{of}period__end_on", f"{of}period__start_on", f"{prefix}revision")
    return ordered.values_list(series, *(prefix + name for name in _COLUMNS))


def _by_series(rows: Iterable[tuple[Any, ...]]) -> dict[int, dict[str, Held]]:
    figures: dict[int, dict[str, Held]] = {}
    for series_id, *values in rows:
        held = _held_from(values)
        figures.setdefault(series_id, {})[held.slug] = held
    return figures


_BASES = {basis.value: basis for basis in Basis}


def _held_from(values: list[Any]) -> Held:
    """A row of _COLUMNS without its series. A page makes thousands: the constructor of a frozen class, which sets each
    field by a call, takes three times as long as filling it at once."""
    slug, label, start_on, end_on, basis, numerator, denominator, value, qualifier, quantum, missing, met = values[:12]
    flags, confidence, confidence_reason, task, headline_text, commentary, code, role, expected_on = values[12:21]
    source, paragraph, source_system, as_at_on, known_on, revision, kind, correction, reason, figure_id = values[21:]
    measured = Measured.__new__(Measured)
    measured.__dict__.update(
        basis=_BASES[basis],
        numerator=numerator,
        denominator=denominator,
        value=value,
        qualifier=qualifier,
        quantum=quantum,
        missing_reason=MissingReason(missing) if missing else None,
        stated_met=met,
    )
    held = Held.__new__(Held)
    held.__dict__.update(
        slug=slug,
        label=label,
        start_on=start_on,
        end_on=end_on,
        measured=measured,
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
        is_corrected=kind == Return.Kind.RESTATEMENT.value,
        correction=CORRECTION_WORDS[Correction(correction)] if correction else "",
        correction_reason=reason or "",
        is_paper=source is not None,
        figure_id=figure_id,
    )
    return held


def _for_charts(
    lines: Sequence[ScorecardLine], versions: Mapping[int, IndicatorVersion], period: Period, as_at: date | None
) -> tuple[dict[int, list[Held]], dict[int, date | None]]:
    """The figures older than what a scorecard reads of the lines that can be charted, by series; and since when each
    indicator is in its unit. Two queries."""
    charted = [
        line
        for line in lines
        if line.series.indicator_id in versions and versions[line.series.indicator_id].window == Window.PERIOD
    ]
    kinds = {line.frequency for line in charted}
    series_ids = [line.series_id for line in charted]
    older = older_figures(series_ids, period, older_than=HISTORY, kinds=kinds, as_at=as_at)
    return older, units_since(versions.values())


def _doubts(
    scorecard: Scorecard, series_ids: list[int], period: Period, as_at: date | None
) -> list[tuple[int | None, Doubt]]:
    return [
        (
            row.series_id,
            Doubt(
                row.question,
                tuple(f"{s.text.body} ({s.source} §{s.paragraph})" for s in row.statements.all()),
                f"{row.source} §{row.paragraph}",
            ),
        )
        for row in _queries(series_ids, scorecard.pk, period.pk, as_at)
    ]


@question
def _queries(series_ids: list[int], scorecard_id: int, period_id: int, as_at: date | None) -> QuerySet[FigureQuery]:
    still_open, known = Q(closed_by_figure__isnull=True), Q()
    if as_at is not None:
        # A query is answered when the figure that answers it is approved, and asked by a paper when that is published.
        still_open |= Q(closed_by_figure__approval__known_on__gt=as_at)
        known = Q(source__published_on__isnull=True) | Q(source__published_on__lte=as_at)
    return (
        FigureQuery.objects.filter(still_open & known)
        .filter(Q(scorecard=scorecard_id) | Q(series__in=series_ids))
        .filter(Q(period=period_id) | Q(period__isnull=True))
        .select_related("source")
        .prefetch_related("statements__text", "statements__source")
    )
