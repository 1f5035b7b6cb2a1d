"""Reads what a file of statistical neighbours would change: of how many areas, and of the own one by rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.benchmark_answers import FileRead
from indicators.benchmark_maps import NeighboursMap
from indicators.models import Area, BenchmarkSet, ComparatorGroup, ComparatorMember
from indicators.selectors.benchmark_maps import declared_maps
from indicators.working_days import day_words

# So many areas with other neighbours are named.
NAMED = 12


@dataclass(frozen=True)
class Ranked:
    """Who is the nearest but so many of the own area, now and by the new file; empty for nobody."""

    rank: int
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        """Whether the file changes nothing here."""
        return self.before == self.after


@dataclass(frozen=True)
class NeighboursPreview:
    """What a file of neighbours holds, against the groups that are in use: names of areas that are new, have other
    neighbours or another order of them, and are gone."""

    title: str
    group: str
    in_force: str
    publisher: str
    licence: str
    source: str
    areas: int
    based_on: int | None
    based_on_number: int
    new: Sequence[str]
    changed: Sequence[str]
    gone: Sequence[str]
    own_name: str
    own: Sequence[Ranked]

    @property
    def summary(self) -> str:
        """What confirming would do, in a sentence."""
        if self.based_on is None:
            of_whom = "the one area of it" if self.areas == 1 else f"all {self.areas} areas"
            return f"Nothing of this set is in use, so the neighbours of {of_whom} are new."
        if not (self.new or self.changed or self.gone):
            return "Every area has the neighbours that it has now; only the file or its mapping is another one."
        changed = f"{_areas(len(self.changed))} with other neighbours or another order of them"
        return (
            f"Against import {self.based_on_number}, which is in use: {_areas(len(self.new))} new, {changed}, "
            f"{_areas(len(self.gone))} gone."
        )

    @property
    def named(self) -> str:
        """Some of the areas with other neighbours; empty where there are none."""
        more = len(self.changed) - NAMED
        return ", ".join(self.changed[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _areas(number: int) -> str:
    return "1 area" if number == 1 else f"{number} areas"


def authorities_by_number() -> dict[str, Area]:
    """The authorities held, by the Department's three-digit number. One query."""
    return {area.old_code: area for area in Area.objects.filter(kind=Area.Kind.AUTHORITY).exclude(old_code="")}


def neighbours_preview(read: FileRead, *, own_code: str) -> NeighboursPreview:
    """What a file of neighbours would change; `own_code`: the code of the own area. Every number of it must belong to
    an authority that is held. Five queries at most. Raises ValueError for a file of another kind."""
    chosen = declared_maps().get(read.code)
    if not isinstance(chosen, NeighboursMap):
        raise ValueError("This is no file of neighbours.")
    areas = authorities_by_number()
    current = BenchmarkSet.objects.filter(code=read.code, current__isnull=False).select_related("current").first()
    before: dict[int, tuple[str, ...]] = {
        group.area_id: () for group in ComparatorGroup.objects.filter(code=chosen.group_code)
    }
    members = ComparatorMember.objects.filter(group__code=chosen.group_code).select_related("area", "group")
    for one in members.order_by("group", "rank"):
        before[one.group.area_id] = (*before[one.group.area_id], one.area.name)
    after = {areas[number].pk: tuple(areas[one].name for one in neighbours) for number, neighbours in read.neighbours}
    names = dict(Area.objects.filter(pk__in={*before, *after}).order_by("name", "code").values_list("pk", "name"))
    own = Area.objects.filter(code=own_code).first()
    now, then = (held.get(own.pk, ()) if own else () for held in (before, after))
    return NeighboursPreview(
        title=chosen.title,
        group=chosen.group_name,
        in_force=_in_force(chosen),
        publisher=chosen.publisher,
        licence=chosen.licence,
        source=chosen.source,
        areas=len(after),
        based_on=current.current_id if current else None,
        based_on_number=current.current.number if current and current.current else 0,
        new=[name for pk, name in names.items() if pk not in before],
        changed=[name for pk, name in names.items() if pk in before and pk in after and before[pk] != after[pk]],
        gone=[name for pk, name in names.items() if pk not in after],
        own_name=own.name if own else "",
        own=[
            Ranked(place + 1, *(held[place] if place < len(held) else "" for held in (now, then)))
            for place in range(max(len(now), len(then)))
        ],
    )


def _in_force(chosen: NeighboursMap) -> str:
    until = f" to {day_words(chosen.valid_until)}" if chosen.valid_until else ""
    return f"From {day_words(chosen.valid_from)}{until}"
