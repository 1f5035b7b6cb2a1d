"""Reads packs: what meetings were given, what stands against giving it, and what was restated since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Prefetch

from indicators.committee_table import COMMITTEE_TABLE
from indicators.measurement import CORRECTION_WORDS, Correction
from indicators.models import (
    Audience,
    CurrentFigure,
    Figure,
    Partnership,
    Period,
    PublishedRow,
    PublishedTable,
    Return,
    Scorecard,
)
from indicators.permissions import Access
from indicators.restated import Restated
from indicators.roles import Permission
from indicators.selectors.published import spec_of
from indicators.selectors.scorecards import period_of, scorecard_for
from partnership.models import Pack, PackEvent, PackTable
from partnership.pack_check import Card, Point, open_points

Action = PackEvent.Action


@dataclass(frozen=True)
class PackStatus:
    """A pack with where it stands, as its events say."""

    pack: Pack
    events: tuple[PackEvent, ...]

    def _last(self, action: str) -> PackEvent | None:
        return next((e for e in reversed(self.events) if e.action == action), None)

    @property
    def published(self) -> PackEvent | None:
        """The publication; None for a draft."""
        return self._last(Action.PUBLISHED)

    @property
    def withdrawn(self) -> PackEvent | None:
        """The withdrawal; None while the pack stands."""
        return self._last(Action.WITHDRAWN)

    @property
    def superseded(self) -> PackEvent | None:
        """That a later pack replaced it."""
        return self._last(Action.SUPERSEDED)

    @property
    def is_closed(self) -> bool:
        """Withdrawn for a breach: nobody reads it."""
        return any(e.is_breach for e in self.events)

    @property
    def state(self) -> str:
        """draft, published, superseded, withdrawn or closed."""
        if self.is_closed:
            return "closed"
        if self.withdrawn:
            return "withdrawn"
        if self.superseded:
            return "superseded"
        return "published" if self.published else "draft"


STATE_WORDS = {
    "draft": "Being put together",
    "published": "Published",
    "superseded": "Replaced by a later pack",
    "withdrawn": "Withdrawn",
    "closed": "Withdrawn for a breach",
}

_EVENTS = Prefetch("events", PackEvent.objects.select_related("reason", "by").order_by("pk"), to_attr="steps")


def status_of(pack: Pack) -> PackStatus:
    """Where one pack stands. One query unless its events were read with it."""
    steps = getattr(pack, "steps", None)
    if steps is None:
        steps = list(pack.events.select_related("reason", "by").order_by("pk"))
    return PackStatus(pack, tuple(steps))


def may_read(status: PackStatus, access: Access) -> bool:
    """Whether the person may read what the pack holds: a draft those who publish, an exempt one those it is for."""
    if status.published is None:
        return access.can(Permission.PUBLISH)
    if status.pack.audience == Audience.EXEMPT:
        return access.can(Permission.VIEW_EXEMPT)
    return access.can(Permission.VIEW_APPROVED)


def packs_of(partnership: Partnership, access: Access) -> list[PackStatus]:
    """The packs that the person may know of, latest meeting first. Two queries."""
    found = Pack.objects.filter(partnership=partnership).prefetch_related(_EVENTS)
    return [status for status in map(status_of, found) if may_read(status, access)]


def tables_of(pack: Pack) -> list[PackTable]:
    """The tables of a published pack in order. One query."""
    return list(pack.tables.select_related("table__scorecard", "table__period", "table__partnership"))


# Before publication


def cards_of(choices: Iterable[tuple[Scorecard, Period]], *, today: date) -> list[Card]:
    """The chosen scorecards as the check list takes them, figures as approved."""
    cards = []
    for scorecard, period in choices:
        view = scorecard_for(scorecard, period, today=today)
        rows = Return.objects.filter(round__scorecard=scorecard, round__period=period).select_related("partner")
        open_ones = [r for r in rows if r.state != Return.State.APPROVED]
        ordinary = [r for r in rows if r.kind == Return.Kind.ORDINARY]
        waiting = [
            f"the return of {r.partner} is {r.get_state_display().lower()}, not accepted"
            for r in open_ones
            if r.kind == Return.Kind.ORDINARY
        ]
        cards.append(
            Card(
                code=scorecard.code,
                name=scorecard.name,
                period=period.slug,
                period_label=period_of(period).long_label,
                rows=view.rows,
                headline=view.headline,
                waiting=waiting or ([] if ordinary else ["no return has been opened"]),
                corrections=[
                    f"a correction of {r.partner} is {r.get_state_display().lower()}"
                    for r in open_ones
                    if r.kind == Return.Kind.RESTATEMENT
                ],
            )
        )
    return cards


def points_of(pack: Pack, *, today: date) -> list[Point]:
    """The check list of a pack that is being put together."""
    choices = [(c.scorecard, c.period) for c in pack.choices.select_related("scorecard__partnership", "period")]
    reasons = dict(pack.reasons.values_list("point", "reason"))
    return open_points(
        cards_of(choices, today=today), today=today, is_public=pack.audience == Audience.PUBLIC, reasons=reasons
    )  # fmt: skip


# As reported and as it is now


def latest_tables(partnership: Partnership) -> list[PackTable]:
    """For each scorecard and period the table that was last published and is not withdrawn. Two queries."""
    gone = PackEvent.objects.filter(action=Action.WITHDRAWN, pack__partnership=partnership).values("pack")
    carried = (
        PackTable.objects.filter(pack__partnership=partnership, table__kind=PublishedTable.Kind.SCORECARD)
        .filter(pack__events__action=Action.PUBLISHED)
        .exclude(pack__in=gone)
        .annotate(at=Max("pack__events__at"))
        .select_related("pack", "table__scorecard__partnership", "table__period")
        .order_by("at", "pk")
    )
    latest = {(t.table.scorecard_id, t.table.period_id): t for t in carried}
    return list(latest.values())


def restated_since(
    partnership: Partnership, *, today: date, of: PackTable | None = None, exempt: bool = True
) -> list[Restated]:  # fmt: skip
    """The figures that differ now from what a meeting was given: of one table, or of the latest of each scorecard and
    period. `exempt` false leaves out what only an exempt pack told."""
    tables = [of] if of is not None else latest_tables(partnership)
    tables = [t for t in tables if exempt or t.pack.audience != Audience.EXEMPT]
    found: list[Restated] = []
    for carried in tables:
        found += _restated_in(carried, today)
    return found


def _restated_in(carried: PackTable, today: date) -> list[Restated]:
    table = carried.table
    rows = list(PublishedRow.objects.filter(table=table).select_related("line").order_by("order"))
    series = {row.line.series_id: row for row in rows if row.line is not None}
    current = dict(
        CurrentFigure.objects.filter(series__in=series, period=table.period, approved__isnull=False).values_list(
            "series", "approved"
        )
    )
    changed = {pk: row for pk, row in series.items() if pk in current and current[pk] != row.figure_id}
    if not changed or table.scorecard is None or table.period is None:
        return []
    spec = spec_of(table)
    view = scorecard_for(table.scorecard, table.period, today=today)
    now = {(r.line.code, r.line.slice): r for r in view.rows}
    figures = Figure.objects.select_related("reason", "in_return", "approval").in_bulk(
        [current[pk] for pk in changed]
    )  # fmt: skip
    found = []
    for pk, row in changed.items():
        then = spec.values_from_csv(table.header, row.cells)
        live = now.get((then["indicator"], then["slice"]))
        if live is None:
            continue
        figure = figures[current[pk]]
        found.append(_restated(carried, then, COMMITTEE_TABLE.values(live), figure, period_of(table.period).long_label))
    return found


def _restated(
    carried: PackTable, then: dict[str, Any], now: dict[str, Any], figure: Figure, period_label: str
) -> Restated:
    correction = figure.in_return.correction if figure.in_return else ""
    return Restated(
        indicator=then["indicator"],
        slice=then["slice"],
        name=then["name"],
        scorecard=carried.table.scorecard.code if carried.table.scorecard else "",
        period=then["period"],
        period_label=period_label,
        pack=carried.pack.code,
        meeting=carried.pack.body,
        meeting_on=carried.pack.meeting_on,
        then=then,
        now=now,
        correction=CORRECTION_WORDS[Correction(correction)] if correction else "",
        reason=figure.reason.body if figure.reason else "",
        who=figure.actor,
        known_on=figure.approval.known_on,
    )


@dataclass(frozen=True)
class Told:
    """That a meeting was given a scorecard, and how many of its figures differ now."""

    carried: PackTable
    restated: int


def told_of(scorecard: Scorecard, period: Period, *, access: Access) -> list[Told]:
    """The packs that carried a scorecard of a period and that the person may read, latest first. Three queries."""
    steps = Prefetch("pack__events", PackEvent.objects.order_by("pk"), to_attr="steps")
    carried = (
        PackTable.objects.filter(table__scorecard=scorecard, table__period=period)
        .select_related("pack", "table")
        .prefetch_related(steps, Prefetch("table__rows", PublishedRow.objects.select_related("line"), to_attr="frozen"))
        .order_by("-pack__meeting_on", "-pk")
    )
    current = dict(
        CurrentFigure.objects.filter(series__lines__scorecard=scorecard, period=period, approved__isnull=False)
        .values_list("series", "approved")
    )  # fmt: skip
    found = []
    for one in carried:
        status = status_of(one.pack)
        if status.is_closed or not may_read(status, access):
            continue
        rows = [row for row in one.table.frozen if row.line is not None]
        found.append(Told(one, sum(current.get(r.line.series_id, r.figure_id) != r.figure_id for r in rows)))
    return found
