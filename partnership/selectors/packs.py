"""Reads packs: what meetings were given, and what stands against giving it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from finance.scenario_table import RESULT_WRITERS
from finance.selectors.runs import is_current, label_of
from indicators.as_at import london_day
from indicators.disclosure.policy import policy_of
from indicators.models import Audience, Partnership, Period, PublishedRow, PublishedTable, Return, Scorecard
from indicators.permissions import Access
from indicators.questions import question
from indicators.roles import Permission
from indicators.selectors.published import FrozenTable, frozen_table, spec_of
from indicators.selectors.scorecards import holds_protected, period_of
from partnership.models import Pack, PackEvent, PackReason, PackRun, PackTable, Paper
from partnership.pack_check import Card, Point, PointCode, open_points
from partnership.selectors.closed_packs import closed_packs
from partnership.selectors.left_out import Carries, everything_gathered
from partnership.selectors.protection import Asked, asked_of, points_of_protection, standing_of
from partnership.selectors.restated import restated_in

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
    def _protection(self) -> dict[str, Any]:
        return (self.published.manifest or {}).get("protection", {}) if self.published else {}

    @property
    def rounded_to(self) -> int:
        """The base to which the counts of a published pack are rounded; 0: they are told as they are."""
        return self._protection.get("rounded_to") or 0

    def protection(self, table: str = "") -> str:
        """What stands beside a table of a published pack for everybody, by its name in the pack, or beside all of them:
        the policy on small numbers, who decided it, and which rows are left out; empty for a pack for members."""
        if not self._protection:
            return ""
        left_out = self._protection.get("rows_left_out", {})
        names = [name for code, names in left_out.items() if table in {"", code} for name in names]
        policy = policy_of(self._protection["policy"]).sentence(is_rounded=bool(self.rounded_to))
        return (
            f"{policy} Left out, so that nobody can be identified from the rest: {'; '.join(names)}."
            if names
            else policy
        )

    @property
    def accepted(self) -> PackEvent | None:
        """The last acceptance of its protection; whether it still holds `standing_of` says."""
        return self._last(Action.ACCEPTED)

    @property
    def withdrawn(self) -> PackEvent | None:
        """The withdrawal; None while the pack stands."""
        return self._last(Action.WITHDRAWN)

    @property
    def is_reason_held(self) -> bool:
        """Whether the reason for its withdrawal could identify somebody, and nobody has decided that it does not."""
        return self.withdrawn is not None and self.withdrawn.is_held and self._last(Action.TOLD) is None

    @property
    def superseded(self) -> PackEvent | None:
        """That a later pack replaced it, unless that one was withdrawn since."""
        last = next((e for e in reversed(self.events) if e.action in {Action.SUPERSEDED, Action.REINSTATED}), None)
        return last if last is not None and last.action == Action.SUPERSEDED else None

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
    return PackStatus(pack, tuple(_events(pack.pk) if steps is None else steps))


@question
def _events(pack: int) -> QuerySet[PackEvent]:
    return PackEvent.objects.filter(pack=pack).select_related("reason", "by").order_by("pk")


def pack_of(partnership: Partnership, code: str) -> PackStatus | None:
    """Where the pack with that code stands; None where there is none. Two queries."""
    return next(map(status_of, _pack(partnership.pk, code)), None)


@question
def _pack(place: int, code: str) -> QuerySet[Pack]:
    return Pack.objects.filter(partnership=place, code=code).select_related("supersedes", "partnership").order_by()


def may_read(status: PackStatus, access: Access) -> bool:
    """Whether the person may read what the pack holds: a draft those who publish, one for everybody also those who
    accept how its small numbers are protected; an exempt one those it is for."""
    if status.published is None:
        is_reviewer = status.pack.audience == Audience.PUBLIC and access.can(Permission.REVIEW_DISCLOSURE)
        return access.can(Permission.PUBLISH) or is_reviewer
    if status.pack.audience == Audience.EXEMPT:
        return access.can(Permission.VIEW_EXEMPT)
    return access.can(Permission.VIEW_APPROVED)


def packs_of(partnership: Partnership, access: Access, now: datetime) -> list[PackStatus]:
    """The packs that the person may know of at that moment, latest meeting first. Three queries."""
    found = Pack.objects.filter(partnership=partnership).prefetch_related(_EVENTS)
    readable = [status for status in map(status_of, found) if may_read(status, access)]
    held = held_back(access, (status.pack.pk for status in readable), now)
    return [status for status in readable if status.pack.pk not in held]


def standing_packs(partnership: Partnership) -> list[Pack]:
    """The packs that stand published: neither replaced nor withdrawn. Two queries."""
    found = map(status_of, Pack.objects.filter(partnership=partnership).prefetch_related(_EVENTS))
    return [status.pack for status in found if status.state == "published"]


def replaces(pack: Pack) -> list[PackStatus]:
    """What the pack replaces or is to replace, nearest first: the one that it names and, past those that were
    withdrawn, the one before them that was not. Two queries for each."""
    found: list[PackStatus] = []
    while pack.supersedes is not None and (not found or found[-1].withdrawn is not None):
        pack = pack.supersedes
        found.append(status_of(pack))
    return found


def replaced_by(status: PackStatus) -> PackStatus | None:
    """The pack that stands in the place of one that was replaced; of one that was withdrawn since, what replaced that.
    None for a pack that is in force. Two queries for each that was withdrawn."""
    if status.superseded is None:
        return None
    published = Pack.objects.filter(supersedes=status.pack, events__action=Action.PUBLISHED)
    for later in map(status_of, published.prefetch_related(_EVENTS).order_by("-turn")):
        found = later if later.withdrawn is None else replaced_by(later)
        if found is not None:
            return found
    return None


def held_back(access: Access, packs: Iterable[int], now: datetime) -> set[int]:
    """Which of the packs are papers of meetings under embargo at that moment, and of no meeting without: nobody reads
    them but who prepares meetings and who publishes packs. One query; none for those, and for no pack."""
    asked = sorted(set(packs))
    if not asked or access.can(Permission.MANAGE_MEETINGS) or access.can(Permission.PUBLISH):
        return set()
    ends: dict[int, bool] = {}
    for pack, until in _embargoes(asked):
        ends[pack] = ends.get(pack, False) or until is None or until <= now
    return {pack for pack, is_open in ends.items() if not is_open}


@question
def _embargoes(packs: list[int]) -> QuerySet[Paper, tuple[Any, ...]]:
    papers = Paper.objects.filter(pack__in=packs, withdrawn_at__isnull=True).order_by()
    return papers.values_list("pack", "embargo_until")


def tables_of(pack: Pack) -> list[PackTable]:
    """The tables of a published pack in order. One query."""
    return _tables(pack.pk)


@question
def _tables(pack: int) -> QuerySet[PackTable]:
    found = PackTable.objects.filter(pack=pack).order_by("order")
    return found.select_related("table__scorecard", "table__period", "table__partnership")


# Before publication


def cards_of(carried: Iterable[Carries]) -> list[Card]:
    """The chosen scorecards as the check list takes them, figures as approved."""
    cards = []
    for one in carried:
        scorecard, period, view = one.scorecard, one.period, one.view
        rows = _returns(scorecard.pk, period.pk)
        open_ones = [r for r in rows if r.state != Return.State.APPROVED]
        ordinary = [r for r in rows if r.kind == Return.Kind.ORDINARY]
        waiting = [
            (f"{r.partner.code}/{r.number}", f"the return of {r.partner} is {r.state_words}, not accepted")
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
                is_protected=holds_protected(scorecard),
                waiting=waiting or ([] if ordinary else [("none", "no return has been opened")]),
                corrections=[
                    (f"{r.partner.code}/{r.number}", f"a correction of {r.partner} is {r.state_words}")
                    for r in open_ones
                    if r.kind == Return.Kind.RESTATEMENT
                ],
            )
        )
    return cards


@question
def _returns(scorecard: int, period: int) -> QuerySet[Return]:
    found = Return.objects.filter(round__scorecard=scorecard, round__period=period)
    return found.select_related("partner").order_by("partner__name", "partner_id", "number")


@dataclass(frozen=True)
class LookedAt:
    """A pack that is being put together, its figures gathered once: its check list, what it carries, and what its
    protection depends on (None where it needs none, or cannot be published anyway)."""

    points: list[Point]
    carried: list[Carries]
    asked: Asked | None = None


def points_of(pack: Pack, *, today: date) -> list[Point]:
    """The check list of a pack that is being put together."""
    return looked_at(pack, today=today).points


def looked_at(pack: Pack, *, today: date) -> LookedAt:
    """The same with all that it rests on."""
    carried = everything_gathered(pack, today=today)
    reasons = dict(_reasons(pack.pk))
    is_public = pack.audience == Audience.PUBLIC
    points = open_points(cards_of(carried), today=today, is_public=is_public, reasons=reasons)
    points += _points_of_results(pack, reasons, is_public=is_public)
    # What cannot be published at all need not be looked at for small numbers.
    if not is_public or not carried or any(point.code is PointCode.PROTECTED for point in points):
        return LookedAt(points, carried)
    asked = asked_of(pack, today=today, carried=carried)
    return LookedAt([*points, *points_of_protection(standing_of(pack, asked))], carried, asked)


@question
def _reasons(pack: int) -> QuerySet[PackReason, tuple[str, str]]:
    return PackReason.objects.filter(pack=pack).order_by().values_list("point", "reason")


@question
def _runs(pack: int) -> QuerySet[PackRun]:
    return PackRun.objects.filter(pack=pack).select_related("run__plan__replaced_by", "run__scenario").order_by("order")


def _points_of_results(pack: Pack, reasons: Mapping[str, str], *, is_public: bool) -> list[Point]:
    """What stands against the kept results that a pack is to carry: one that is not of today's plan and scenario, and
    any in a pack for everybody. One query."""
    found = []
    for choice in _runs(pack.pk):
        label, about = label_of(choice.run), f"{choice.run.plan.code}/{choice.run.code}"
        if is_public:
            words = f"{label}, is no published figure. Give the pack to the board, or leave the result out."
            found.append(Point(PointCode.PROTECTED, f"projection/{about}", words))
        if not is_current(choice.run):
            words = f"{label}: its plan or its steps have changed since it was drawn, or it was withdrawn."
            found.append(Point(PointCode.RESULT, about, words))
    return [replace(point, reason=reasons.get(point.key, "")) for point in found]


def told_table(table: PublishedTable) -> FrozenTable:
    """A published table of any kind as it was told, read by the columns of its version; of a list of restated figures
    without those of packs that are closed. One query, for such a list two."""
    is_result = table.kind == PublishedTable.Kind.PROJECTION
    closed = closed_packs(table.partnership_id) if table.kind == PublishedTable.Kind.RESTATED else {}
    return frozen_table(table, RESULT_WRITERS[table.format_version] if is_result else None, closed=closed)


# As reported and as it is now


def _with_packs(tables: QuerySet[PackTable]) -> QuerySet[PackTable]:
    """The tables of packs with what says where each pack stands, latest meeting first. Two queries."""
    steps = Prefetch("pack__events", PackEvent.objects.order_by("pk"), to_attr="steps")
    found = tables.select_related("pack", "table__scorecard__partnership", "table__period").prefetch_related(steps)
    return found.order_by("-pack__meeting_on", "-pk")


@question
def _carrying(scorecard_id: int, period_id: int) -> QuerySet[PackTable]:
    return _with_packs(PackTable.objects.filter(table__scorecard=scorecard_id, table__period=period_id))


def _readable(tables: Iterable[PackTable], access: Access, now: datetime | None) -> list[tuple[PackTable, PackStatus]]:
    """Of the tables of packs those that the person may read, with where the pack stands; at a moment without those
    under embargo then. One query at most."""
    states = [(one, status_of(one.pack)) for one in tables]
    found = [(one, status) for one, status in states if not status.is_closed and may_read(status, access)]
    held = held_back(access, (one.pack_id for one, _ in found), now) if now is not None else set()
    return [(one, status) for one, status in found if one.pack_id not in held]


def _unless_standing(status: PackStatus) -> str:
    return "" if status.state == "published" else STATE_WORDS[status.state]


@dataclass(frozen=True)
class Told:
    """That a meeting was given a scorecard, and how many of its figures differ now. `state` is said unless the pack
    stands."""

    carried: PackTable
    restated: int
    state: str = ""


def told_of(
    scorecard: Scorecard, period: Period, *, access: Access, today: date, as_at: date | None = None,
    now: datetime | None = None,
) -> list[Told]:  # fmt: skip
    """The packs that carried a scorecard of a period and that the person may read, latest first; as at a day those that
    were published by then. One query; six if there are any, and nine more when something changed since."""
    found = _readable(_carrying(scorecard.pk, period.pk), access, now)
    if as_at is not None:
        found = [(one, s) for one, s in found if s.published and london_day(s.published.at) <= as_at]
    restated = restated_in([one for one, _ in found], today=today) if found else {}
    return [Told(one, len(restated[one.pk]), _unless_standing(status)) for one, status in found]


@dataclass(frozen=True)
class Carried:
    """What one pack told of a figure: its screen cells, the rating's code, and whether it differs now."""

    carried: PackTable
    cells: Mapping[str, tuple[str, ...]]
    rating: str
    is_restated: bool
    state: str = ""


def carried_by(
    partnership: Partnership, indicator: str, period: str, *, access: Access, today: date, slice_key: str = "",
    now: datetime | None = None,
) -> list[Carried]:  # fmt: skip
    """The packs that carried a figure of a period, of an indicator or of a part of it, and that the person may read,
    latest first. One query; seven if there are any, and nine more when something changed since."""
    of_it = PackTable.objects.filter(
        pack__partnership=partnership, table__period__slug=period, table__rows__line__series__indicator__code=indicator
    )
    readable = _readable(_with_packs(of_it.distinct()), access, now)
    restated = restated_in([one for one, _ in readable], today=today) if readable else {}
    rows = PublishedRow.objects.filter(
        table__in=[one.table_id for one, _ in readable], line__series__indicator__code=indicator
    ).filter(line__series__slice__key=slice_key)  # fmt: skip
    by_table = {row.table_id: row for row in rows} if readable else {}
    found = []
    for one, status in readable:
        row = by_table.get(one.table_id)
        if row is not None:
            spec = spec_of(one.table)
            values = spec.values_from_csv(one.table.header, row.cells)
            cells = {c.key: c.text(values) for c in spec.columns if c.text is not None}
            differs = any((r.indicator, r.slice) == (indicator, slice_key) for r in restated[one.pk])
            found.append(Carried(one, cells, values["rating"], differs, _unless_standing(status)))
    return found
