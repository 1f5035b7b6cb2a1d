"""Reads what was restated since a meeting was told it: rows that rest on other revisions now than when published."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Max, QuerySet

from indicators.committee_table import COMMITTEE_TABLE
from indicators.measurement import CORRECTION_WORDS, Correction
from indicators.models import (
    Audience,
    CurrentFigure,
    Figure,
    Partnership,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
    Target,
)
from indicators.querysets import versions_in_force
from indicators.questions import question
from indicators.rag import MissingReason
from indicators.restated import Restated, is_told_alike, is_told_near
from indicators.selectors.published import spec_of
from indicators.selectors.scorecards import Gathered, gathered_scorecard, period_of
from partnership.models import PackEvent, PackTable

EVERYBODY: frozenset[str] = frozenset(Audience.values)
# What a pack for one audience may repeat of what packs for others told.
MAY_REPEAT: Mapping[str, frozenset[str]] = {
    Audience.PUBLIC: frozenset({Audience.PUBLIC}),
    Audience.BOARD: frozenset({Audience.PUBLIC, Audience.BOARD}),
    Audience.EXEMPT: EVERYBODY,
}

_Changed = dict[int, list[int]]


def latest_tables(partnership: Partnership, audiences: Collection[str] = EVERYBODY) -> list[PackTable]:
    """For each body, scorecard and period the table that it was last given, of those for one of these audiences and not
    withdrawn. One query."""
    carried = _carried(partnership.pk, sorted(audiences))
    latest = {(t.pack.body, t.table.scorecard_id, t.table.period_id): t for t in carried}
    return list(latest.values())


@question
def _carried(place: int, audiences: list[str]) -> QuerySet[PackTable]:
    gone = PackEvent.objects.filter(action=PackEvent.Action.WITHDRAWN, pack__partnership=place).values("pack")
    return (
        PackTable.objects.filter(pack__partnership=place, table__kind=PublishedTable.Kind.SCORECARD)
        .filter(pack__audience__in=audiences, pack__events__action=PackEvent.Action.PUBLISHED)
        .exclude(pack__in=gone)
        .annotate(at=Max("pack__events__at"))
        .select_related("pack", "table__scorecard__partnership", "table__period")
        .order_by("at", "pk")
    )


def restated_since(partnership: Partnership, *, today: date, audiences: Collection[str] = EVERYBODY) -> list[Restated]:
    """The figures that differ now from what a meeting was last given, of every scorecard and period."""
    found = restated_in(latest_tables(partnership, audiences), today=today)
    return [row for rows in found.values() for row in rows]


def restated_in(tables: Iterable[PackTable], *, today: date) -> dict[int, list[Restated]]:
    """The same for each of these tables, by its id, in the order of its rows.

    Three queries; where something changed one more, and eight for each scorecard and period it changed in.
    """
    given = {t.table_id: t for t in tables if t.table.kind == PublishedTable.Kind.SCORECARD}
    found: dict[int, list[Restated]] = {t.pk: [] for t in given.values()}
    rows: dict[int, list[PublishedRow]] = {}
    for row in _rows(list(given)) if given else ():
        rows.setdefault(row.table_id, []).append(row)
    changed, retargeted = _changed(given, rows), _retargeted(given, rows)
    live: dict[tuple[Any, Any], dict[tuple[str, str], Gathered]] = {}
    blamed: list[tuple[PackTable, dict[str, Any], Gathered, int | None, Target | None]] = []
    for pk, carried in given.items():
        table = carried.table
        if (pk not in changed and pk not in retargeted) or table.scorecard is None or table.period is None:
            continue
        place = (table.scorecard_id, table.period_id)
        if place not in live:
            _, gathered = gathered_scorecard(table.scorecard, table.period, today=today)
            live[place] = {(g.row.line.code, g.row.line.slice): g for g in gathered}
        spec = spec_of(table)
        for row in rows[pk]:
            revisions = changed.get(pk, {}).get(row.line.series_id if row.line else 0, [])
            is_retargeted = row.pk in retargeted.get(pk, ())
            if not revisions and not is_retargeted:
                continue
            then = spec.values_from_csv(table.header, row.cells)
            now = live[place].get((then["indicator"], then["slice"]))
            if now is None or _was_protected(table, then):
                continue
            told = COMMITTEE_TABLE.values(now.row)
            base = row.facts.get("hiding", {}).get("base", 0)
            if base and is_told_near(then, told, base):
                continue
            figure = _to_blame(row, now, revisions, then, told) if revisions else None
            target = now.target if is_retargeted else None
            if figure is not None or (target is not None and then["rating"] != told["rating"]):
                blamed.append((carried, then, now, figure, target))
    wanted = {figure for *_, figure, _ in blamed if figure is not None}
    figures = Figure.objects.select_related("reason", "in_return", "approval").in_bulk(wanted) if wanted else {}
    for carried, then, now, figure, target in blamed:
        found[carried.pk].append(_restated(carried, then, now, figures.get(figure or 0), target))
    return found


@question
def _rows(tables: list[int]) -> QuerySet[PublishedRow]:
    found = PublishedRow.objects.filter(table__in=tables, line__isnull=False)
    return found.select_related("line").order_by("order")


def _was_protected(table: PublishedTable, then: Mapping[str, Any]) -> bool:
    """Whether everybody was not told the figure: nothing of it can be restated then."""
    return table.audience == Audience.PUBLIC and then["symbol"] == MissingReason.CONFIDENTIAL


def _retargeted(tables: Mapping[int, PackTable], rows: Mapping[int, list[PublishedRow]]) -> dict[int, set[int]]:
    """By table the rows that are held against another target now than when they were published. One query for each
    first day of a period."""
    found: dict[int, set[int]] = {}
    by_start: dict[date, list[tuple[int, PublishedRow]]] = {}
    for pk, carried in tables.items():
        if carried.table.period is not None:
            start_on = carried.table.period.start_on
            by_start.setdefault(start_on, []).extend((pk, row) for row in rows.get(pk, ()))
    for start_on, held in by_start.items():
        targets = versions_in_force(Target, "line", {row.line_id for _, row in held if row.line_id}, start_on)
        for pk, row in held:
            now = targets.get(row.line_id or 0)
            if (now.pk if now else None) != row.target_id:
                found.setdefault(pk, set()).add(row.pk)
    return found


def _changed(tables: Mapping[int, PackTable], rows: Mapping[int, list[PublishedRow]]) -> dict[int, _Changed]:
    """By table and series the approved revisions that the table does not rest on and that its period is told from: its
    own, those of its months, or that of the year which ends with it. Two queries."""
    periods = {pk: t.table.period for pk, t in tables.items() if t.table.period is not None}
    if not periods:
        return {}
    pins = set(_pinned(list(tables)))
    told = sorted({r.line.series_id for held in rows.values() for r in held if r.line})
    first, last = min(p.start_on for p in periods.values()), max(p.end_on for p in periods.values())
    current = _approved(told, first, last) if told else ()
    found: dict[int, _Changed] = {}
    by_series: dict[int, list[tuple[date, int]]] = {}
    for series, end_on, figure in current:
        by_series.setdefault(series, []).append((end_on, figure))
    for pk, period in periods.items():
        for row in rows.get(pk, ()):
            series = row.line.series_id if row.line else 0
            fresh = [
                figure
                for end_on, figure in by_series.get(series, ())
                if period.start_on <= end_on <= period.end_on and (pk, figure) not in pins
            ]
            if fresh:
                found.setdefault(pk, {})[series] = fresh
    return found


@question
def _pinned(tables: list[int]) -> QuerySet[PublishedFigure, tuple[int, int]]:
    """The figures of each table's own period that it rests on."""
    pinned = PublishedFigure.objects.filter(
        table__in=tables,
        figure__period__end_on__gte=F("table__period__start_on"),
        figure__period__end_on__lte=F("table__period__end_on"),
    )
    return pinned.order_by().values_list("table", "figure")


@question
def _approved(series: list[int], first: date, last: date) -> QuerySet[CurrentFigure, tuple[Any, ...]]:
    found = CurrentFigure.objects.filter(
        series__in=series, approved__isnull=False, period__end_on__gte=first, period__end_on__lte=last
    )
    return found.order_by("period__start_on", "period__end_on").values_list("series", "period__end_on", "approved")


def _to_blame(
    row: PublishedRow, now: Gathered, revisions: list[int], then: Mapping[str, Any], told: Mapping[str, Any]
) -> int | None:
    """The revision that the row differs by; None when it still stands as it was told."""
    standing = now.row.held.figure_id if now.row.held else None
    if standing is not None:
        return standing if standing != row.figure_id and standing in revisions else None
    # A total of months has no revision of its own: it is restated when it comes out differently.
    return None if is_told_alike(then, told) else max(revisions)


def _restated(
    carried: PackTable, then: dict[str, Any], now: Gathered, figure: Figure | None, target: Target | None
) -> Restated:
    correction = figure.in_return.correction if figure and figure.in_return else ""
    causes = [CORRECTION_WORDS[Correction(correction)]] if correction else []
    reasons = [figure.reason.body] if figure and figure.reason else []
    if target is not None:
        causes.append("The target was changed")
        reasons.append(" ".join(filter(None, (f"Target: {target.authority}.", target.reason))))
    table = carried.table
    return Restated(
        indicator=then["indicator"],
        slice=then["slice"],
        name=then["name"],
        scorecard=table.scorecard.code if table.scorecard else "",
        period=then["period"],
        period_label=period_of(table.period).long_label if table.period else "",
        pack=carried.pack.code,
        meeting=carried.pack.body,
        meeting_on=carried.pack.meeting_on,
        then=then,
        now=COMMITTEE_TABLE.values(now.row),
        row=now.row,
        line_id=now.line.pk,
        version_id=now.version.pk,
        correction=". ".join(causes),
        reason=" ".join(reasons),
        who=figure.actor if figure else target.actor if target else "",
        known_on=figure.approval.known_on if figure else target.known_on if target else None,
    )
