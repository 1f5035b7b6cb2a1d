"""Reads indicators as approved: the list of them, and one with every figure, statement and definition held for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.data_issues import OpenIssue
from indicators.direction_of_travel import Window
from indicators.models import (
    Assignment,
    CurrentFigure,
    Figure,
    FigureQuery,
    IndicatorVersion,
    Partnership,
    Population,
    Relief,
    Scorecard,
    ScorecardLine,
    Series,
    SeriesBreak,
    Statement,
    Target,
)
from indicators.phrases import has_words
from indicators.rag import Polarity
from indicators.relief import Relief as Agreed
from indicators.relief import in_force as relief_in_force
from indicators.scorecard import Held, Line, ScorecardRow, build_row
from indicators.selectors.issues import open_issues
from indicators.selectors.protected import in_protected_part
from indicators.selectors.reliefs import relief_of, reliefs_of, stored_reliefs
from indicators.selectors.scorecards import held_of, line_of, period_of, reported_periods
from indicators.slice_keys import is_slice_key
from indicators.trend import KINDS, InForce, Trend, TrendBreak, spot_of
from indicators.units import Unit, is_ratio, is_share

# Spans are held and read like any other period, but no trend is drawn of them.
HELD_KINDS = (*KINDS, quarters.Span.kind)


@dataclass(frozen=True)
class Listed:
    """An indicator in the list: its definition now, and its latest approved figure as a row (None: none yet)."""

    code: str
    version: IndicatorVersion
    scorecards: tuple[Scorecard, ...]
    row: ScorecardRow | None


@dataclass(frozen=True)
class Revision:
    """One approved revision of a figure, with the row it makes when judged as of its own period."""

    figure: Figure
    row: ScorecardRow
    version: IndicatorVersion
    is_current: bool


@dataclass(frozen=True)
class IndicatorView:
    """An indicator in a period, on one of its scorecards, as its page takes it. Lists are newest first."""

    code: str
    slice: str
    name: str
    period: quarters.Period
    line: ScorecardLine | None
    lines: tuple[ScorecardLine, ...]
    version: IndicatorVersion
    versions: tuple[IndicatorVersion, ...]
    target: Target | None
    targets: tuple[Target, ...]
    reliefs: tuple[Relief, ...]
    assignment: Assignment | None
    row: ScorecardRow
    trends: tuple[Trend, ...]
    revisions: tuple[Revision, ...]
    queries: tuple[FigureQuery, ...]
    statements: tuple[Statement, ...]
    breaks: tuple[SeriesBreak, ...]
    populations: tuple[Population, ...]
    issues: tuple[OpenIssue, ...] = ()


def _in_force(versions: Sequence[Any], start_on: date) -> Any:
    """Of versions in order of number the one in force for a period that begins on that day; None if none is yet."""
    held = [v for v in versions if v.valid_from.start_on <= start_on]
    return max(held, key=lambda v: (v.valid_from.start_on, v.number), default=None)


def _relief(reliefs: Iterable[Agreed], period: Any, today: date) -> Agreed | None:
    """The relief that is shown today for a period, stored or pure."""
    return relief_in_force(reliefs, period.start_on, period.end_on, today)


def break_day(found: SeriesBreak) -> str:
    """The day of a break, as exactly as it is known."""
    day = found.on
    if found.precision == SeriesBreak.Precision.DAY:
        return f"{day.day} {day:%B %Y}"
    return f"{day:%B %Y}" if found.precision == SeriesBreak.Precision.MONTH else f"{day.year}"


# The list


def for_everyone(series: Any) -> Any:
    """Of a queryset of series those that every member may read: no part by a protected dimension, and not what stands
    on scorecards for the board alone."""
    lines = ScorecardLine.objects.filter(series__indicator=OuterRef("indicator"))
    on_board = lines.filter(scorecard__audience=Scorecard.Readers.BOARD)
    on_others = lines.exclude(scorecard__audience=Scorecard.Readers.BOARD)
    return series.filter(~in_protected_part("slice"), ~Exists(on_board) | Exists(on_others))


def indicators_of(
    partnership: Partnership,
    *,
    today: date,
    scorecard: str = "",
    text: str = "",
    sees_protected: bool = True,
    codes: Iterable[str] | None = None,
) -> list[Listed]:
    """The partnership's indicators by name, those that pass the filters; `codes`: of these alone. Seven queries,
    whatever their number."""
    found = _series_with_latest(partnership)
    if codes is not None:
        found = found.filter(indicator__code__in=set(codes))
    series = list(found if sees_protected else for_everyone(found))
    ids = [s.pk for s in series]
    versions = _grouped(
        IndicatorVersion.objects.filter(indicator__in=[s.indicator_id for s in series])
        .select_related("valid_from")
        .order_by("number"),
        "indicator_id",
    )
    lines = _grouped(
        ScorecardLine.objects.filter(series__in=ids)
        .select_related("scorecard", "theme", "series__indicator", "series__slice")
        .order_by("scorecard__order"),
        "series_id",
    )
    targets = _grouped(
        Target.objects.filter(line__series__in=ids).select_related("valid_from").order_by("number"), "line_id"
    )
    reliefs = reliefs_of(line.pk for of_one in lines.values() for line in of_one[:1])
    figures = Figure.objects.filter(pk__in=[s.latest for s in series if s.latest]).select_related(
        "period", "source", "headline", "commentary", "reason", "in_return"
    )
    held = {f.series_id: f for f in figures}
    doubts = set(
        FigureQuery.objects.filter(series__in=ids, closed_by_figure__isnull=True).values_list("series", "period")
    )
    listed = []
    for one in series:
        figure, of_it = held.get(one.pk), versions.get(one.indicator_id, [])
        version = (_in_force(of_it, figure.period.start_on) if figure else None) or (of_it[-1] if of_it else None)
        if version is None:
            continue
        its_lines = lines.get(one.pk, [])
        row = None
        if figure is not None:
            line = _line(one, version, its_lines, targets, figure.period.start_on, figure.period.kind)
            queried = {(one.pk, figure.period_id), (one.pk, None)} & doubts
            row = build_row(
                line,
                period_of(figure.period),
                {figure.period.slug: held_of(figure)},
                queries=["Query"] * len(queried),
                relief=_relief(reliefs.get(its_lines[0].pk, ()) if its_lines else (), figure.period, today),
            )
        listed.append(Listed(one.indicator.code, version, tuple(line.scorecard for line in its_lines), row))
    chosen = [
        item
        for item in listed
        if (not scorecard or scorecard in {s.code for s in item.scorecards})
        and has_words(f"{item.version.short_name} {item.version.name}", text)
    ]
    return sorted(chosen, key=lambda item: item.version.short_name.casefold())


def scorecards_in_use(partnership: Partnership) -> list[tuple[str, str]]:
    """Code and name of each scorecard, for the filter. One query."""
    return list(partnership.scorecards.order_by("order").values_list("code", "name"))


def _series_with_latest(partnership: Partnership) -> Any:
    """Whole series, each with the id of its latest approved figure: of its first line's frequency, else of any."""
    approved = CurrentFigure.objects.filter(
        series=OuterRef("pk"), approved__isnull=False, period__kind__in=HELD_KINDS
    ).order_by("-period__end_on", "period__start_on")
    first_line = ScorecardLine.objects.filter(series=OuterRef("pk")).order_by("scorecard__order")
    return (
        Series.objects.filter(partnership=partnership, slice__key="")
        .select_related("indicator", "slice")
        .annotate(frequency=Subquery(first_line.values("frequency")[:1]))
        .annotate(
            latest=Coalesce(
                Subquery(approved.filter(period__kind=OuterRef("frequency")).values("approved")[:1]),
                Subquery(approved.values("approved")[:1]),
            )
        )
    )


def _grouped(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, key), []).append(row)
    return groups


def _line(
    series: Series,
    version: IndicatorVersion,
    lines: Sequence[ScorecardLine],
    targets: dict[int, list[Target]],
    start_on: date,
    kind: str,
    partner: object = None,
) -> Line:
    """The first of the lines with its target in force on that day, for figures of that kind of period; for a series
    that stands on no scorecard, its definition alone."""
    if lines:
        target = _in_force(targets.get(lines[0].pk, []), start_on)
        return replace(line_of(lines[0], version, target, partner), frequency=kind)
    return Line(
        code=series.indicator.code,
        slice=series.slice.key,
        name=version.name_of(series.slice),
        theme_code="",
        theme="",
        unit=Unit(version.unit),
        polarity=Polarity(version.polarity),
        window=Window(version.window),
        aggregation=Aggregation(version.aggregation),
        places=version.places,
        frequency=kind,
        partner=str(partner) if partner else "",
        partner_code=getattr(partner, "code", ""),
    )


# One indicator


def indicator_for(
    partnership: Partnership,
    code: str,
    *,
    today: date,
    scorecard: str = "",
    period: str = "",
    slice_key: str = "",
    sees_protected: bool = True,
) -> IndicatorView:
    """An indicator, or a part of it, in the period and on the scorecard that are named, else in the latest and on the
    first.

    At most eighteen queries, whatever the number of periods. Relief is what is shown `today`. Raises Http404 for an
    indicator that this partnership does not hold, a scorecard it does not stand on, or a period for which nothing is
    held or reported.
    """
    if not is_slice_key(slice_key):
        raise Http404("This is no part of an indicator.")
    found = Series.objects.filter(partnership=partnership, indicator__code=code, slice__key=slice_key)
    series = (found if sees_protected else for_everyone(found)).select_related("indicator", "slice").first()
    versions = (
        list(series.indicator.versions.select_related("valid_from", "source").order_by("number")) if series else []
    )
    if series is None or not versions:
        raise Http404("This partnership holds no such indicator.")
    lines = list(
        series.lines.select_related("scorecard", "theme", "series__indicator", "series__slice").order_by(
            "scorecard__order"
        )
    )
    line = next((x for x in lines if x.scorecard.code == scorecard), None if scorecard else lines[0] if lines else None)
    if scorecard and line is None:
        raise Http404(f"The indicator does not stand on a scorecard “{scorecard}”.")
    return _Reader(series, versions, lines, line, today).view(period)


def _is_period(slug: str) -> bool:
    """Whether a text of an address is the slug of a period, so that the database may be asked for it."""
    try:
        return quarters.parse(slug).slug == slug
    except quarters.PeriodTextError:
        return False


class _Reader:
    """Puts the view of one series together."""

    def __init__(
        self,
        series: Series,
        versions: list[IndicatorVersion],
        lines: list[ScorecardLine],
        line: ScorecardLine | None,
        today: date,
    ) -> None:
        self.series, self.versions, self.lines, self.line, self.today = series, versions, lines, line, today
        self.targets = list(line.targets.select_related("valid_from", "source").order_by("number")) if line else []
        self.reliefs = stored_reliefs([line.pk]) if line else []
        self.breaks = list(series.breaks.select_related("source").order_by("on"))
        self.queries = list(
            series.queries.filter(closed_by_figure__isnull=True)
            .select_related("source", "period")
            .prefetch_related(Prefetch("statements", Statement.objects.select_related("text", "source", "period")))
        )
        self.figures = list(
            Figure.objects.filter(series=series, approval__isnull=False, period__kind__in=HELD_KINDS)
            .select_related(
                "period", "source", "headline", "commentary", "reason", "keep_reason", "approval", "in_return"
            )
            .order_by("-period__end_on", "period__start_on", "-revision")
        )
        current = CurrentFigure.objects.filter(series=series, approved__isnull=False).values_list("approved", flat=True)
        self.current_ids = set(current)
        self.issues = open_issues(series.partnership_id, [series.indicator_id]).get(series.indicator_id, ())
        self.assignments = list(series.assignments.select_related("partner").order_by("from_on"))
        self._lines: dict[tuple[int, int | None, str, int | None], Line] = {}
        self.held: dict[str, Held] = {
            f.period.slug: held_of(f) for f in reversed(self.figures) if f.pk in self.current_ids
        }

    def view(self, wanted: str) -> IndicatorView:
        """Everything that the page shows."""
        period = self._period(wanted)
        version = self._version(period.start_on)
        revisions = [self._revision(f) for f in self.figures]
        unit = Unit(version.unit)
        populations: Sequence[Population] = ()
        if is_ratio(unit) and not is_share(unit):
            of_area = Population.objects.filter(partnership=self.series.partnership_id)
            populations = list(of_area.select_related("source").order_by("-on", "age_from"))
        statements = list(
            Statement.objects.filter(series=self.series)
            .select_related("text", "source", "period")
            .order_by(F("period__end_on").desc(nulls_last=True), "source__code", "pk")
        )
        return IndicatorView(
            code=self.series.indicator.code,
            slice=self.series.slice.key,
            name=version.name_of(self.series.slice),
            period=period,
            line=self.line,
            lines=tuple(self.lines),
            version=version,
            versions=tuple(reversed(self.versions)),
            target=_in_force(self.targets, period.start_on),
            targets=tuple(reversed(self.targets)),
            reliefs=tuple(self.reliefs),
            assignment=self._assignment(period.end_on),
            row=self._row(period, self.held, frequency=self._frequency(period)),
            trends=self._trends(version, revisions),
            revisions=tuple(revisions),
            queries=tuple(sorted(self.queries, key=lambda q: q.period is None or q.period.slug != period.slug)),
            statements=tuple(statements),
            breaks=tuple(reversed(self.breaks)),
            populations=tuple(populations),
            issues=self.issues,
        )

    def _period(self, wanted: str) -> quarters.Period:
        reported = [period_of(p) for p in reported_periods(self.line.scorecard)] if self.line else []
        held = [period_of(f.period) for f in self.figures if f.pk in self.current_ids]
        if wanted:
            found = next((p for p in (*held, *reported) if p.slug == wanted), None) or self._of_parts(wanted)
            if found is None:
                raise Http404("Nothing is held or reported for this period.")
            return found
        if reported:
            return reported[0]
        frequency = self.line.frequency if self.line else ""
        latest = next((p for p in held if p.kind == frequency), held[0] if held else None)
        return latest or period_of(self.versions[-1].valid_from)

    def _of_parts(self, wanted: str) -> quarters.Period | None:
        """The period, where a part of the whole has a figure of it. One query, and only for who asks for it."""
        if self.series.slice.key or not _is_period(wanted):
            return None
        rows = CurrentFigure.objects.filter(
            series__partnership=self.series.partnership_id,
            series__indicator=self.series.indicator_id,
            period__slug=wanted,
            approved__isnull=False,
        )
        row = rows.select_related("period").order_by("pk").first()
        return period_of(row.period) if row else None

    def _version(self, start_on: date) -> IndicatorVersion:
        found: IndicatorVersion = _in_force(self.versions, start_on) or self.versions[0]
        return found

    def _assignment(self, day: date) -> Assignment | None:
        held = [a for a in self.assignments if a.from_on <= day and (a.until_on is None or day <= a.until_on)]
        return held[-1] if held else None

    def _frequency(self, period: quarters.Period) -> str:
        """The line's own frequency, so that months make up a quarter; but a month never stands for a longer period,
        nor the other way round."""
        is_named = self.line is not None and period.kind in KINDS
        if not is_named or KINDS.index(period.kind) < KINDS.index(self.line.frequency):
            return period.kind
        return self.line.frequency

    def _row(self, period: quarters.Period, held: dict[str, Held], *, frequency: str = "") -> ScorecardRow:
        return build_row(
            self._line(period, frequency or period.kind),
            period,
            held,
            breaks=[b.on for b in self.breaks],
            queries=[q.question for q in self.queries if q.period is None or q.period.slug == period.slug],
            relief=_relief([relief_of(r) for r in self.reliefs], period, self.today),
            issues=self.issues,
        )

    def _line(self, period: quarters.Period, kind: str) -> Line:
        """The line as it is in that period: the same one for every period with the same definition, target and
        partner."""
        version, assignment = self._version(period.start_on), self._assignment(period.end_on)
        target = _in_force(self.targets, period.start_on)
        partner = assignment.partner if assignment else None
        key = (version.pk, target.pk if target else None, kind, partner.pk if partner else None)
        if key not in self._lines:
            targets = {self.line.pk: self.targets} if self.line else {}
            lines = [self.line] if self.line else []
            self._lines[key] = _line(self.series, version, lines, targets, period.start_on, kind, partner)
        return self._lines[key]

    def _revision(self, figure: Figure) -> Revision:
        period = period_of(figure.period)
        is_current = figure.pk in self.current_ids
        held = self.held if is_current else {**self.held, period.slug: held_of(figure)}
        return Revision(figure, self._row(period, held), self._version(period.start_on), is_current)

    def _trends(self, version: IndicatorVersion, revisions: Sequence[Revision]) -> tuple[Trend, ...]:
        """One trend for each kind of period held, in the unit in force: those that can be drawn first, then the
        line's own frequency."""
        unit = Unit(version.unit)
        breaks = tuple(TrendBreak(b.on, break_day(b), b.get_kind_display()) for b in self.breaks)
        standards = tuple(
            InForce(t.valid_from.start_on, t.standard(self._version(t.valid_from.start_on))) for t in self.targets
        )
        earlier: dict[int, list[ScorecardRow]] = {}
        for revision in revisions:  # the latest first
            if not revision.is_current:
                earlier.setdefault(revision.figure.period_id, []).append(revision.row)
        trends = []
        for kind in KINDS:
            own = [r for r in revisions if r.is_current and r.figure.period.kind == kind]
            spots = [spot_of(r.row, earlier.get(r.figure.period_id, ())) for r in own if r.row.line.unit is unit]
            if spots:
                trends.append(
                    Trend(
                        kind=kind,
                        unit=unit,
                        places=version.places,
                        polarity=Polarity(version.polarity),
                        window=Window(version.window),
                        spots=tuple(sorted(spots, key=lambda s: s.start_on)),
                        standards=standards,
                        breaks=breaks,
                    )
                )
        frequency = self.line.frequency if self.line else ""
        return tuple(sorted(trends, key=lambda t: (len(t.numbers) < 2, t.kind != frequency)))
