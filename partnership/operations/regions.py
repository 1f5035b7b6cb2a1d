"""Makes regions, and records which partnerships join and leave them. Only whoever runs the installation does: no role
reaches over several partnerships."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from indicators.models import Partnership
from indicators.operations.basics import operation
from indicators.operations.errors import OperationError
from indicators.working_days import day_words
from partnership.models import Region, RegionStep

ACTOR = "Operator of the installation"


@operation
def keep_region(
    *, code: str, name: str, joining: Sequence[str] = (), leaving: Sequence[str] = (), on: date, authority: str,
    at: datetime,
) -> Region:  # fmt: skip
    """The region with that code, made where there is none, with that name; the partnerships with these slugs join it
    or leave it on that day.

    Raises OperationError for an unknown partnership, one that is or is not a member already, one that would join and
    leave, a day before its last step, and a step without authority.
    """
    if (joining or leaving) and not authority.strip():
        raise OperationError("Say who decided that they join or leave, and where.")
    twice = sorted(set(joining) & set(leaving))
    if twice:
        raise OperationError(f"{twice[0]} cannot join and leave on the same day.")
    region, _ = Region.objects.get_or_create(code=code, defaults={"name": name})
    region = Region.objects.select_for_update().get(pk=region.pk)
    if name and region.name != name:
        region.name = name
        region.save(update_fields=["name"])
    for slug, action in (*_each(joining, RegionStep.Action.JOINED), *_each(leaving, RegionStep.Action.LEFT)):
        _step(region, slug, action, on, authority.strip(), at)
    return region


def _each(slugs: Iterable[str], action: RegionStep.Action) -> list[tuple[str, RegionStep.Action]]:
    return [(slug, action) for slug in dict.fromkeys(slugs)]


def _step(region: Region, slug: str, action: RegionStep.Action, on: date, authority: str, at: datetime) -> None:
    partnership = Partnership.objects.filter(slug=slug).first()
    if partnership is None:
        raise OperationError(
            f"There is no partnership {slug}. Make it with add_partnership, or correct its short name."
        )
    last = region.steps.filter(partnership=partnership).order_by("on", "pk").last()
    is_member = last is not None and last.action == RegionStep.Action.JOINED
    if is_member is (action == RegionStep.Action.JOINED):
        raise OperationError(f"{partnership} is {'already a' if is_member else 'no'} member of {region}.")
    if last is not None and on < last.on:
        raise OperationError(
            f"The last step of {partnership} in {region} is of {day_words(last.on)}. Give that day or a later one."
        )
    RegionStep.objects.create(
        region=region, partnership=partnership, action=action, on=on, authority=authority[:300], recorded_at=at,
        actor=ACTOR,
    )  # fmt: skip
