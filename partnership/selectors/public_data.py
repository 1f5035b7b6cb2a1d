"""Reads what everybody may read: public tables of public packs that are published, stand, and are not under embargo.

Nothing here reads a figure, a definition in force or a target as it is now: what is told rests on frozen rows alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from indicators.committee_table import figure_text
from indicators.ees_layout import EesFiles, EesRow, Place, ees_files
from indicators.models import Area, Audience, Partnership, PublishedRow, PublishedTable, ReportingRound
from indicators.permissions import Access
from indicators.published_table import canonical_csv, digest
from indicators.rag import MissingReason
from indicators.restated import is_told_alike, is_told_near
from indicators.selectors.published import FrozenTable, frozen_table, repeats, spec_of
from indicators.selectors.scorecards import period_of
from partnership.models import Meeting, Pack, PackEvent, PackTable
from partnership.selectors.packs import PackStatus, held_back, status_of

NOBODY = Access()
KINDS = (PublishedTable.Kind.SCORECARD, PublishedTable.Kind.RESTATED)


@dataclass(frozen=True)
class PublicPack:
    """A public pack that was published and is not under embargo; `later` is the public pack that has replaced it;
    `closed`: the codes of the packs of its partnership that are closed for a breach, each with when."""

    status: PackStatus
    later: Pack | None = None
    former: Pack | None = None
    closed: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        return self.status.pack

    @property
    def published_at(self) -> datetime:
        """The moment of its publication."""
        event = self.status.published
        assert event is not None  # noqa: S101
        return event.at

    @property
    def changed_at(self) -> datetime:
        """The moment of its publication or, later, of the last redaction or of the last breach, since when its lists of
        restated figures may be shorter: from then on its files are as they are."""
        redacted = [e.at for e in self.status.events if e.action == PackEvent.Action.REDACTED]
        return max([self.published_at, *redacted, *self.closed.values()])

    @property
    def is_gone(self) -> bool:
        """Withdrawn: nothing of it is told but that, and why unless it was for a breach."""
        return self.status.withdrawn is not None

    @property
    def reason(self) -> str:
        """Why it was withdrawn; empty after a breach, because the reason could tell what was disclosed, and as long as
        nobody has decided of what in it could identify somebody."""
        event, status = self.status.withdrawn, self.status
        if event is None or event.reason is None or status.is_closed or status.is_reason_held:
            return ""
        return event.reason.body


@dataclass(frozen=True)
class PublicTable:
    """A table of such a pack."""

    of: PublicPack
    carried: PackTable

    @property
    def table(self) -> PublishedTable:
        return self.carried.table

    @property
    def pack(self) -> Pack:
        return self.of.pack

    @property
    def partnership(self) -> Partnership:
        return self.pack.partnership

    @property
    def place(self) -> tuple[Any, ...]:
        """What tables of several packs have in common when they tell of the same figures."""
        return (self.pack.partnership_id, self.table.scorecard_id, self.table.period_id)

    @property
    def words(self) -> str:
        """All that a search looks in."""
        return f"{self.table.label} {self.pack.title} {self.pack.body} {self.partnership.name}".casefold()


def _packs(packs: Any, now: datetime) -> list[PublicPack]:
    """Those of the packs that everybody may know of, the one published last first, withdrawn ones included. Three
    queries."""
    steps = Prefetch("events", PackEvent.objects.select_related("reason").order_by("pk"), to_attr="steps")
    found = packs.filter(audience=Audience.PUBLIC).select_related("partnership").prefetch_related(steps)
    told = [status for status in map(status_of, found) if status.published is not None]
    held = held_back(NOBODY, (status.pack.pk for status in told), now)
    readable = {status.pack.pk: status for status in told if status.pack.pk not in held}
    standing = {pk: s.pack for pk, s in readable.items() if s.withdrawn is None}
    former = {pk: _before(s.pack, readable) for pk, s in readable.items()}
    later = {gone: standing[pk] for pk in sorted(standing) for gone in former[pk]}
    closed: dict[int, dict[str, datetime]] = {}
    for status in told:
        if status.is_closed and status.withdrawn is not None:
            closed.setdefault(status.pack.partnership_id, {})[status.pack.code] = status.withdrawn.at
    last = {pk: standing.get(before[-1]) for pk, before in former.items() if before}
    packs_told = [
        PublicPack(s, later.get(pk), last.get(pk), closed.get(s.pack.partnership_id, {})) for pk, s in readable.items()
    ]
    return sorted(packs_told, key=lambda one: (one.published_at, one.pack.pk), reverse=True)


def _before(pack: Pack, readable: Mapping[int, PackStatus]) -> list[int]:
    """Of those the ones that the pack replaces, nearest first: past those that were withdrawn, to one that was not."""
    found: list[int] = []
    while (former := pack.supersedes_id or 0) in readable and (not found or readable[found[-1]].withdrawn is not None):
        found.append(former)
        pack = readable[former].pack
    return found


def public_packs(now: datetime, partnership: str = "") -> list[PublicPack]:
    """The public packs that stand or were replaced, of the partnership with that slug or of all; the one published last
    first. Three queries."""
    packs = Pack.objects.filter(partnership__slug=partnership) if partnership else Pack.objects.all()
    return [one for one in _packs(packs, now) if not one.is_gone]


def public_pack(now: datetime, partnership: str, code: str) -> PublicPack | None:
    """One public pack, withdrawn or not; None when there is none that everybody may know of. Three queries."""
    packs = _packs(Pack.objects.filter(partnership__slug=partnership), now)
    return next((one for one in packs if one.pack.code == code), None)


def withdrawn_pack(now: datetime, partnership: str, code: str) -> PublicPack | None:
    """A public pack with that code that was withdrawn, of the partnership with that slug or of any. Three queries."""
    packs = Pack.objects.filter(code=code)
    found = _packs(packs.filter(partnership__slug=partnership) if partnership else packs, now)
    return next((one for one in found if one.is_gone), None)


def public_tables(packs: Sequence[PublicPack]) -> list[PublicTable]:
    """Their tables, packs in the order given, each pack's in its own. One query."""
    by_pk = {one.pack.pk: one for one in packs if not one.is_gone}
    found = (
        PackTable.objects.filter(pack__in=by_pk, table__audience=Audience.PUBLIC, table__kind__in=KINDS)
        .select_related("table__scorecard", "table__period")
        .order_by("order")
    )
    of_pack: dict[int, list[PublicTable]] = {pk: [] for pk in by_pk}
    for carried in found:
        of_pack[carried.pack_id].append(PublicTable(by_pk[carried.pack_id], carried))
    return [table for tables in of_pack.values() for table in tables]


# The DfE's layout


def place_of(partnership: Partnership) -> Place:
    """The authority of a partnership with its codes, as the official areas have them. One query."""
    area = Area.objects.filter(code=partnership.gss_code).select_related("region").first()
    if area is None:
        return Place(partnership.gss_code, partnership.authority_name)
    region = area.region
    return Place(area.code, area.name, area.old_code, region.code if region else "", region.name if region else "")


def has_ees(one: PublicTable) -> bool:
    """Whether the table can be laid out for explore education statistics: a scorecard of a month, quarter or year."""
    table = one.table
    return table.kind == PublishedTable.Kind.SCORECARD and table.period is not None and table.period.kind != "span"


def ees_of(one: PublicTable) -> EesFiles | None:
    """The table in the Department's layout. Three queries."""
    if one.table.period is None or not has_ees(one):
        return None
    names = one.table.rows.order_by("order").values_list("version__short_name", flat=True)
    rows = [EesRow(v, name or v["name"]) for v, name in zip(frozen_of(one).rows, names, strict=True)]
    return ees_files(
        rows, period_of(one.table.period), place_of(one.partnership), one.of.status.protection(one.carried.code)
    )


# What was told otherwise later


@dataclass(frozen=True)
class Revision:
    """A figure that a later public pack told otherwise: its lines of text then and in that pack."""

    indicator: str
    slice: str
    name: str
    then: tuple[str, ...]
    now: tuple[str, ...]
    flips: bool
    by: PublicTable


def _is_hidden(values: Mapping[str, Any]) -> bool:
    return bool(values["symbol"] == MissingReason.CONFIDENTIAL.value)


def _differs(then: Mapping[str, Any], now: Mapping[str, Any], base: int) -> bool:
    """Whether a figure was restated. One that is protected in either place does not say that it was, nor one that is
    only rounded, to multiples of `base`, in one of them (0: in none)."""
    if _is_hidden(then) or _is_hidden(now) or is_told_alike(then, now):
        return False
    return not (base and is_told_near(then, now, base))


def _values_by_table(tables: Collection[PublicTable]) -> dict[int, list[dict[str, Any]]]:
    """The values of each table's rows by its id. One query, none without tables."""
    by_pk = {one.table.pk: one for one in tables}
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in by_pk}
    if by_pk:
        rows = PublishedRow.objects.filter(table__in=by_pk).order_by("table", "order")
        for pk, cells in rows.values_list("table", "cells"):
            table = by_pk[pk].table
            if not repeats(table, cells, by_pk[pk].of.closed):
                found[pk].append(spec_of(table).values_from_csv(table.header, cells))
    return found


def now_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of a list of restated figures says that the figure is now, by the names of a committee table."""
    return dict(values) | {k.removeprefix("now_"): v for k, v in values.items() if k.startswith("now_")}


def then_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what was reported."""
    return dict(values) | {k.removeprefix("then_"): v for k, v in values.items() if k.startswith("then_")}


def revisions_of(asked: Iterable[PublicTable], every: Sequence[PublicTable]) -> dict[int, list[Revision]]:
    """Of each of the tables asked, by its id, the figures that another of `every`, published later, tells otherwise:
    the same scorecard of the same period, or a list of restated figures. The last statement counts. One query."""
    scorecards = [one for one in asked if one.table.kind == PublishedTable.Kind.SCORECARD]
    lists = [one for one in every if one.table.kind == PublishedTable.Kind.RESTATED]
    rivals = {
        one.table.pk: [other for other in every if other.place == one.place and _is_later(other, one)]
        for one in scorecards
    }
    wanted = {other.table.pk: other for others in rivals.values() for other in others}
    wanted |= {one.table.pk: one for one in scorecards if rivals[one.table.pk]} | {one.table.pk: one for one in lists}
    values = _values_by_table(wanted.values())
    found = {}
    for one in scorecards:
        said: _Said = {}
        of_place = [other for other in lists if other.pack.partnership_id == one.pack.partnership_id]
        later = [*rivals[one.table.pk], *(other for other in of_place if _is_later(other, one))]
        for other in sorted(later, key=_told_after):
            said |= _listed(one, other, values) if other in lists else _told_again(one, other, values)
        found[one.table.pk] = [revision for revision in said.values() if revision is not None]
    return found


def _told_after(one: PublicTable) -> tuple[datetime, int]:
    return (one.of.published_at, one.pack.pk)


def _is_later(other: PublicTable, one: PublicTable) -> bool:
    return _told_after(other) > _told_after(one)


_Said = dict[tuple[str, str], Revision | None]
_Values = Mapping[int, list[dict[str, Any]]]


def _listed(one: PublicTable, other: PublicTable, values: _Values) -> _Said:
    """What a list of restated figures says of a table's."""
    place = (one.pack.code, _code_of(one), one.table.period.slug if one.table.period else "")
    return {
        (row["indicator"], row["slice"]): _revision(then_of(row), now_of(row), one, other)
        for row in values[other.table.pk]
        if (row["pack"], row["scorecard"], row["period"]) == place
    }


def _code_of(one: PublicTable) -> str:
    return one.table.scorecard.code if one.table.scorecard else ""


def _told_again(one: PublicTable, other: PublicTable, values: _Values) -> _Said:
    """What a later pack with the same table says of its figures; None where it says the same."""
    then = {(v["indicator"], v["slice"]): v for v in values[one.table.pk]}
    rows = {(v["indicator"], v["slice"]): v for v in values[other.table.pk]}
    return {key: _revision(then[key], row, one, other) for key, row in rows.items() if key in then}


def _revision(then: Mapping[str, Any], now: Mapping[str, Any], one: PublicTable, by: PublicTable) -> Revision | None:
    if not _differs(then, now, max(one.of.status.rounded_to, by.of.status.rounded_to)):
        return None
    flips = then["rating"] != now["rating"]
    return Revision(now["indicator"], now["slice"], now["name"], figure_text(then), figure_text(now), flips, by)


# When the next comes


@dataclass(frozen=True)
class NextRelease:
    """When the next figures are expected, and what says so."""

    on: date
    words: str


def next_releases(tables: Iterable[PublicTable], today: date) -> dict[int, NextRelease]:
    """By table's id when the next figures of its scorecard are expected: at the next meeting in public of the body that
    was given it, else after the day on which the returns of the next period are due. Only of the latest table of each
    scorecard. Two queries."""
    latest: dict[tuple[int, int | None], PublicTable] = {}
    for one in tables:
        if one.table.scorecard_id is None or one.table.period is None or one.of.later is not None:
            continue
        place = (one.pack.partnership_id, one.table.scorecard_id)
        held = latest.get(place)
        if held is None or held.table.period is None or held.table.period.end_on < one.table.period.end_on:
            latest[place] = one
    meetings = _meetings(latest.values(), today)
    rounds = _rounds(latest.values(), today)
    found = {}
    for one in latest.values():
        body = meetings.get((one.pack.partnership_id, one.pack.body))
        due = rounds.get((one.table.scorecard_id, one.table.period.end_on if one.table.period else today))
        if body is not None:
            found[one.table.pk] = NextRelease(body, f"when {one.pack.body} next meets in public")
        elif due is not None:
            found[one.table.pk] = NextRelease(due[0], f"after the returns of {due[1]} are due")
    return found


def _meetings(tables: Iterable[PublicTable], today: date) -> dict[tuple[int, str], date]:
    """By partnership and name of a body its next meeting that is known to be in public, by day. One query."""
    bodies = {one.pack.body for one in tables}
    planned = Meeting.objects.filter(
        on__gt=today, in_public=True, precision="day", state__in=[Meeting.State.PLANNED, Meeting.State.CALLED],
        body__versions__name__in=bodies,
    )  # fmt: skip
    rows = planned.order_by("-on").values_list("partnership", "body__versions__name", "on")
    return {(place, name): on for place, name, on in rows}


def _rounds(tables: Iterable[PublicTable], today: date) -> dict[tuple[int | None, date], tuple[date, str]]:
    """By scorecard and end of a table's period the due day and name of the first period after it. One query."""
    ends = {(one.table.scorecard_id, one.table.period.end_on) for one in tables if one.table.period is not None}
    rows = ReportingRound.objects.filter(scorecard__in={pk for pk, _ in ends}, due_on__gte=today)
    found: dict[tuple[int | None, date], tuple[date, str]] = {}
    for one in rows.select_related("period").order_by("-period__end_on"):
        for scorecard, end_on in ends:
            if scorecard == one.scorecard_id and one.period.start_on > end_on and one.due_on is not None:
                found[scorecard, end_on] = (one.due_on, one.period.label)
    return found


def table_of(now: datetime, partnership: str, pack: str, code: str) -> tuple[PublicPack | None, PublicTable | None]:
    """One table by its permanent address, and its pack, which may be withdrawn; None for what nobody may know of. Four
    queries."""
    found = public_pack(now, partnership, pack)
    if found is None or found.is_gone:
        return found, None
    return found, next((one for one in public_tables([found]) if one.carried.code == code), None)


def frozen_of(one: PublicTable) -> FrozenTable:
    """The rows of a public table as they were told, but for what a closed pack had told before. One query."""
    return frozen_table(one.table, closed=one.of.closed)


def fingerprints_of(tables: Iterable[PublicTable]) -> dict[int, str]:
    """By table's id the SHA-256 of its CSV file. No query; one where figures of a closed pack may be left out."""
    found, shorter = {}, {}
    for one in tables:
        found[one.table.pk] = one.table.sha256
        if one.table.kind == PublishedTable.Kind.RESTATED and one.of.closed:
            shorter[one.table.pk] = one
    told: dict[int, list[list[str]]] = {pk: [] for pk in shorter}
    if shorter:
        rows = PublishedRow.objects.filter(table__in=shorter).order_by("table", "order")
        for pk, cells in rows.values_list("table", "cells"):
            if not repeats(shorter[pk].table, cells, shorter[pk].of.closed):
                told[pk].append(cells)
    return found | {pk: digest(canonical_csv(shorter[pk].table.header, cells)) for pk, cells in told.items()}
