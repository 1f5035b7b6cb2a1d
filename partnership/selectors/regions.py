"""Reads a region: who belongs to it, and what its authorities have published for everybody. Nothing else is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators import quarters
from indicators.measurement import Flag
from indicators.models import IndicatorVersion, PublishedRow, PublishedTable
from indicators.same_definition import Definition, most_used
from partnership.models import Region, RegionStep
from partnership.regional import Comparable, Member, Told
from partnership.selectors.public_data import PublicTable, public_packs, public_tables
from partnership.selectors.public_figures import FigureFilter, Statement, every_statement, with_values

WHOLE = ""


@dataclass(frozen=True)
class Membership:
    """A partnership of a region, and the stretches of days in which it is a member: first day, first day without it."""

    member: Member
    stretches: tuple[tuple[date, date | None], ...]

    def holds_on(self, day: date) -> bool:
        """Whether it is a member on that day."""
        return any(since <= day and (until is None or day < until) for since, until in self.stretches)

    @property
    def since(self) -> date:
        """Since when it is a member, the last time."""
        return self.stretches[-1][0]


@dataclass(frozen=True)
class RegionView:
    """A region with its memberships and every public table of them."""

    region: Region
    memberships: tuple[Membership, ...]
    tables: tuple[PublicTable, ...]

    def members_on(self, day: date) -> tuple[Member, ...]:
        """Its authorities on a day."""
        return tuple(one.member for one in self.memberships if one.holds_on(day))


def regions() -> list[Region]:
    """Every region by name. One query."""
    return list(Region.objects.all())


def regions_of(partnership: str, today: date) -> list[Region]:
    """The regions that a partnership is a member of. One query."""
    steps = RegionStep.objects.filter(partnership__slug=partnership).select_related("region", "partnership")
    by_region: dict[Region, list[RegionStep]] = {}
    for step in steps.order_by("region__name", "on", "pk"):
        by_region.setdefault(step.region, []).append(step)
    return [region for region, own in by_region.items() if _membership(own, False).holds_on(today)]


def region_view(now: datetime, code: str) -> RegionView | None:
    """A region with all that its authorities have published; None where there is none with that code. Six queries."""
    region = Region.objects.filter(code=code).first()
    if region is None:
        return None
    by_slug: dict[str, list[RegionStep]] = {}
    for step in region.steps.select_related("partnership").order_by("on", "pk"):
        by_slug.setdefault(step.partnership.slug, []).append(step)
    packs = [one for one in public_packs(now) if one.pack.partnership.slug in by_slug]
    published = {one.pack.partnership.slug for one in packs}
    memberships = [_membership(steps, slug in published) for slug, steps in by_slug.items()]
    memberships.sort(key=lambda one: one.member.name.casefold())
    return RegionView(region, tuple(memberships), tuple(public_tables(packs)))


def _membership(steps: Sequence[RegionStep], has_published: bool) -> Membership:
    stretches: list[tuple[date, date | None]] = []
    for step in steps:
        if step.action == RegionStep.Action.JOINED:
            stretches.append((step.on, None))
        elif stretches:
            stretches[-1] = (stretches[-1][0], step.on)
    place = steps[0].partnership
    return Membership(Member(place.slug, place.authority_name, place.gss_code, has_published), tuple(stretches))


# One indicator


def told_of(view: RegionView, indicator: str) -> list[Told]:
    """Each time that an authority told a figure of the whole of an indicator, and by which definition. Four queries."""
    statements = every_statement(view.tables, FigureFilter(indicator=indicator, slice=WHOLE))
    return _told(with_values(statements))


def _told(statements: Sequence[Statement]) -> list[Told]:
    """The statements with definitions and breaks, as their rows froze them; one without a definition tells nothing.
    Two queries."""
    rows = PublishedRow.objects.filter(pk__in=[one.row for one in statements]).values_list("pk", "version", "facts")
    pinned = {pk: (version, facts) for pk, version, facts in rows}
    definitions = _definitions({version for version, _ in pinned.values() if version is not None})
    return [
        _as_told(one, definitions[version], facts)
        for one in statements
        if (version := pinned[one.row][0]) is not None
        for facts in [pinned[one.row][1]]
    ]


def _definitions(pks: Iterable[int]) -> dict[int, Definition]:
    found = IndicatorVersion.objects.filter(pk__in=pks).select_related("indicator", "valid_from")
    return {one.pk: definition_of(one) for one in found}


def definition_of(version: IndicatorVersion) -> Definition:
    """A definition as it is compared. No query where indicator and period are read already."""
    return Definition(
        indicator=version.indicator.code, unit=version.unit, polarity=version.polarity, window=version.window,
        aggregation=version.aggregation, counts=version.counts, numerator=version.numerator,
        denominator=version.denominator, name=version.name, number=version.number,
        valid_from=version.valid_from.start_on, places=version.places, short_name=version.short_name,
    )  # fmt: skip


def _as_told(one: Statement, definition: Definition, facts: Mapping[str, Any]) -> Told:
    values = one.values or {}
    flags = (values.get("flags") or "").split()
    # A list of restated figures has no flags: there the whole pack is rounded, or it is not.
    is_listed = one.table.table.kind == PublishedTable.Kind.RESTATED
    is_rounded = is_listed and bool(one.table.of.status.rounded_to)
    return Told(
        member=one.place.partnership, period=quarters.parse(one.place.period), definition=definition,
        value=values["value"], numerator=values["numerator"], denominator=values["denominator"],
        qualifier=values["qualifier"], symbol=values["symbol"], places=values["places"],
        is_approximate=values["qualifier"] == "~" or Flag.APPROXIMATE.value in flags or is_rounded,
        breaks=tuple(date.fromisoformat(day) for day in facts.get("breaks", ())),
        pack=one.table.pack.code, pack_title=one.table.pack.title, table=one.table.carried.code,
        body=one.table.pack.body, meeting_on=one.table.pack.meeting_on, order=one.order,
    )  # fmt: skip


# What a region can compare


def comparables(view: RegionView) -> list[Comparable]:
    """What can be compared, by name. Four queries, whatever the number of indicators."""
    statements = _latest(every_statement(view.tables, FigureFilter(slice=WHOLE)))
    rows = PublishedRow.objects.filter(pk__in=[one.row for one in statements]).values_list("pk", "version")
    versions = {pk: version for pk, version in rows if version is not None}
    definitions = _definitions(set(versions.values()))
    groups: dict[tuple[str, date, str], list[tuple[Statement, Definition]]] = {}
    for one in statements:
        if one.row in versions:
            place = (one.place.indicator, one.place.end_on, one.place.period)
            groups.setdefault(place, []).append((one, definitions[versions[one.row]]))
    newest: dict[str, Comparable] = {}
    wanted: dict[str, list[Statement]] = {}
    for (code, end_on, slug), held in sorted(groups.items(), key=lambda item: item[0]):
        members = {one.slug for one in view.members_on(end_on)}
        own = [(s, d) for s, d in held if s.place.partnership in members]
        common = most_used(d for _, d in own)
        same = [s for s, d in own if common and d.fingerprint == common.fingerprint]
        if common is not None and len(same) > 1:
            newest[code] = Comparable(common, quarters.parse(slug), len(same), 0, len(members))
            wanted[code] = same
    shown = {one.row: one.values or {} for one in with_values([s for same in wanted.values() for s in same])}
    found = [
        Comparable(
            one.definition, one.period, one.publishing,
            sum(shown[s.row]["value"] is not None for s in wanted[code]), one.members,
        )
        for code, one in newest.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.definition.name.casefold(), one.definition.indicator))


def _latest(statements: Iterable[Statement]) -> list[Statement]:
    """Of each authority, indicator and period the statement that was told last, on whichever scorecard."""
    found: dict[tuple[str, str, str], Statement] = {}
    for one in sorted(statements, key=lambda s: s.order):
        found[one.place.partnership, one.place.indicator, one.place.period] = one
    return list(found.values())
