"""A plan of placements begun from a load of an SSDA903 return, at the prices of the plan that counts."""

from finance.models import Ssda903Load
from finance.plan_from_file import Begun, Prices, begin_plan
from finance.plan_rows import Kind
from finance.selectors.plans import HeldPlan, Ladder, held_plan, latest_of, plans_of
from finance.selectors.ssda903 import source_words, sums_in

_NAME_SHOWN = 80


def begun_from(load: Ssda903Load, ladder: Ladder) -> Begun:
    """The plan as far as the load tells it. Prices are those of the latest plan that counts, of the rung or else of the
    group that holds it; without any their cells stay empty. Five queries, whatever the load holds."""
    latest = latest_of(plans_of(load.partnership, sees_drafts=False))
    plan = held_plan(load.partnership, latest.code, sees_drafts=False) if latest else None
    return begin_plan(
        sums_in(load), source=source_words(load), start_on=load.period.start_on, end_on=load.period.end_on,
        names=ladder.names, prices=prices_of(plan, ladder) if plan else {},
    )  # fmt: skip


def prices_of(plan: HeldPlan, ladder: Ladder) -> dict[str, Prices]:
    """What a place on each rung costs in a plan, by code; a rung without a price of its own has that of its group."""
    starters = {one.rung: one.prices for one in plan.entered.assumed if one.kind is Kind.STARTERS}
    name, found = plan.stored.name[:_NAME_SHOWN], {}
    for rung in ladder.names:
        of = rung if rung in plan.plan.prices else ladder.groups.get(rung, "")
        if of in plan.plan.prices:
            of_group = "" if of == rung else "for its group "
            found[rung] = Prices(plan.plan.prices[of], starters.get(of, ()), f"average {of_group}in “{name}”")
    return found
