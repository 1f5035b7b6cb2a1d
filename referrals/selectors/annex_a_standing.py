"""Which of several Annex A files of the same partner and period a measure stands in: the latest that computed it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q

from referrals.annex_a.answer import Duration, Late, durations_of, late_of
from referrals.models import AnnexALoad, AnnexAMeasure

_IS_COMPUTED = ~Q(numerator=None, denominator=None, value=None)


@dataclass(frozen=True)
class OtherLoad:
    """Another load of the same partner and period, as pages link to it."""

    pk: int
    code: str
    reference_on: date
    at: datetime


@dataclass(frozen=True)
class Place:
    """Where a load stands among those of the same partner and period, by code of the measure.

    `computed`: the number of the list of each measure that it computed; `replaced`: the last later load that computed
    the measure again; `elsewhere`: the last load that holds what this one did not compute.
    """

    computed: Mapping[str, int] = field(default_factory=dict)
    replaced: Mapping[str, OtherLoad] = field(default_factory=dict)
    elsewhere: Mapping[str, OtherLoad] = field(default_factory=dict)

    @cached_property
    def is_superseded(self) -> bool:
        """Whether nothing that it computed stands any more."""
        return bool(self.computed) and set(self.computed) == set(self.replaced)

    @cached_property
    def replaced_by(self) -> list[OtherLoad]:
        """The later loads that stand in its place, earliest first."""
        return _distinct(self.replaced)

    @cached_property
    def held_in(self) -> list[OtherLoad]:
        """The loads that hold what this one did not compute, earliest first."""
        return _distinct(self.elsewhere)

    @cached_property
    def replaced_lists(self) -> tuple[list[int], list[int]]:
        """The numbers of the lists of which everything is replaced, and of those of which only a part is."""
        gone = {self.computed[code] for code in self.replaced}
        left = {number for code, number in self.computed.items() if code not in self.replaced}
        return sorted(gone - left), sorted(gone & left)


def _distinct(loads: Mapping[str, OtherLoad]) -> list[OtherLoad]:
    return sorted(set(loads.values()), key=lambda one: one.pk)


def places_of(loads: Iterable[AnnexALoad]) -> dict[int, Place]:
    """The place of each load, by its id. One query.

    A breakdown goes with its measure: parts of one file never stand beside the sum of another.
    """
    wanted = list(loads)
    rows = (
        AnnexAMeasure.objects.filter(_IS_COMPUTED, dimension="")
        .filter(
            load__partner__in={load.partner_id for load in wanted}, load__period__in={load.period_id for load in wanted}
        )
        .order_by("load_id", "order")
        .values_list(
            "load__partner_id", "load__period_id", "load_id", "load__code", "load__reference_on", "load__at", "code",
            "list_number",
        )
    )  # fmt: skip
    together: dict[tuple[int, int], dict[OtherLoad, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for partner, period, pk, name, reference_on, at, code, number in rows:
        together[partner, period][OtherLoad(pk, name, reference_on, at)][code] = number
    return {load.pk: _place(load, together[load.partner_id, load.period_id]) for load in wanted}


def _place(load: AnnexALoad, together: Mapping[OtherLoad, Mapping[str, int]]) -> Place:
    own = next((codes for one, codes in together.items() if one.pk == load.pk), {})
    replaced, elsewhere = {}, {}
    for one, codes in together.items():
        if one.pk > load.pk:
            replaced |= dict.fromkeys(codes.keys() & own.keys(), one)
        if one.pk != load.pk:
            elsewhere |= dict.fromkeys(codes.keys() - own.keys(), one)
    return Place(own, replaced, elsewhere)


def place_of(load: AnnexALoad) -> Place:
    """The place of one load. One query."""
    return places_of([load])[load.pk]


def latest_durations(load: AnnexALoad) -> tuple[list[Duration], list[Late]]:
    """Durations and late cases of a load's partner and period, each from the latest load that computed it. One
    query."""
    rows = AnnexALoad.objects.filter(partner=load.partner_id, period=load.period_id).order_by("pk")
    durations: dict[str, Duration] = {}
    late: dict[str, Late] = {}
    for held, open_late in rows.values_list("durations", "open_late"):
        durations |= {one.code: one for one in durations_of(held) if one.bands or one.code not in durations}
        late |= {one.code: one for one in late_of(open_late) if one.number is not None or one.code not in late}
    return list(durations.values()), list(late.values())
