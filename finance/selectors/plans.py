"""Plans of placements as they were entered, with where each stands, and the ladder that they are entered on."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Sum

from finance.models import PlacementPlan, PlanAssumption, PlanRow, Rung
from finance.money import pounds_of
from finance.plan import Plan
from finance.plan_rows import Assumed, Entered, Kind, PlacementRow, plan_of
from indicators.models import Category, Partnership
from indicators.operations.basics import known_on
from indicators.phrases import cited
from indicators.quarters import FinancialYear, financial_year_of
from indicators.working_days import day_words

COUNTS, WAITS, REFUSED = "counts", "waits", "refused"


@dataclass(frozen=True)
class Ladder:
    """Rungs, and the groups that papers count together: names, the group of each rung, and categories, all by code."""

    names: dict[str, str]
    groups: dict[str, str]
    categories: dict[str, Category]


def ladder_of(partnership: Partnership) -> Ladder:
    """Every rung in its order, each group before the first of its rungs. One query."""
    found: dict[str, Category] = {}
    groups: dict[str, str] = {}
    for rung in Rung.objects.filter(partnership=partnership).select_related("category", "group").order_by("order"):
        if rung.group is not None:
            found.setdefault(rung.group.code, rung.group)
            groups[rung.category.code] = rung.group.code
        found[rung.category.code] = rung.category
    return Ladder({code: row.name for code, row in found.items()}, groups, found)


@dataclass(frozen=True)
class HeldPlan:
    """A plan with its rows and assumptions, and where it stands."""

    stored: PlacementPlan
    entered: Entered

    @cached_property
    def plan(self) -> Plan:
        """The plan to project and to try scenarios on."""
        return plan_of(self.entered)

    @property
    def year(self) -> FinancialYear:
        """The financial year that is projected."""
        return financial_year_of(self.stored.as_at)

    @property
    def state(self) -> str:
        """Whether it counts, waits for a decision or was refused."""
        return state_of(self.stored)

    @property
    def origin(self) -> str:
        """Where it is from: a paper and paragraph, or a person and day."""
        return origin_of(self.stored)


def state_of(plan: PlacementPlan) -> str:
    """Whether a plan counts: it is from a paper, or another person accepted it."""
    if plan.by_id is None:
        return COUNTS
    decision = getattr(plan, "decision", None)
    return WAITS if decision is None else COUNTS if decision.is_accepted else REFUSED


def origin_of(plan: PlacementPlan) -> str:
    """ "report 003 §89, 104" or "entered by Finance officer on 7 July 2022"."""
    if plan.source is not None:
        return cited(str(plan.source), plan.paragraph)
    return f"entered by {plan.actor} on {day_words(known_on(plan.at))}"


@dataclass(frozen=True)
class PlanRowOfList:
    """A plan on the list: how many placements, from which day, where it is from and where it stands."""

    code: str
    name: str
    as_at: date
    placements: int
    origin: str
    state: str
    replaced_by: str


def plans_of(partnership: Partnership, *, sees_drafts: bool) -> list[PlanRowOfList]:
    """The plans that a reader may know of, the latest day first, as they were entered. One query."""
    rows = PlacementPlan.objects.filter(partnership=partnership).select_related("source", "decision", "replaced_by")
    found = []
    for row in rows.annotate(placements=Sum("rows__number")).order_by("-as_at", "pk"):
        state = state_of(row)
        if state != COUNTS and not sees_drafts:
            continue
        later = getattr(row, "replaced_by", None)
        found.append(
            PlanRowOfList(
                row.code, row.name, row.as_at, row.placements or 0, origin_of(row), state,
                later.code if later is not None else "",
            )
        )  # fmt: skip
    return found


def latest_of(plans: list[PlanRowOfList]) -> PlanRowOfList | None:
    """The plan that a page begins with: the first of the latest day that counts and was not replaced."""
    counting = [plan for plan in plans if plan.state == COUNTS]
    return next((plan for plan in counting if not plan.replaced_by), counting[0] if counting else None)


def held_plan(partnership: Partnership, code: str, *, sees_drafts: bool) -> HeldPlan | None:
    """One plan by its code; None where there is none that the reader may know of. Four queries."""
    stored = (
        PlacementPlan.objects.filter(partnership=partnership, code=code)
        .select_related("source", "decision__reason", "replaces", "partnership")
        .first()
    )
    if stored is None or (state_of(stored) != COUNTS and not sees_drafts):
        return None
    return held(stored)


def held(stored: PlacementPlan, ladder: Ladder | None = None) -> HeldPlan:
    """A stored plan with its rows and assumptions. Three queries; none for what was read before."""
    ladder = ladder or ladder_of(stored.partnership)
    rows = stored.rows.all() if _has(stored, "rows") else stored.rows.select_related("rung", "move_to")
    assumed = stored.assumptions.all() if _has(stored, "assumptions") else stored.assumptions.select_related("rung")
    return _held(stored, ladder, list(rows), list(assumed))


def _has(stored: PlacementPlan, name: str) -> bool:
    return name in getattr(stored, "_prefetched_objects_cache", {})


def _held(stored: PlacementPlan, ladder: Ladder, rows: list[PlanRow], assumed: list[PlanAssumption]) -> HeldPlan:
    used = {row.rung.code: row.rung.name for row in rows}
    used |= {row.move_to.code: row.move_to.name for row in rows if row.move_to is not None}
    used |= {one.rung.code: one.rung.name for one in assumed if one.rung is not None}
    to_date = stored.cost_to_date_pence
    return HeldPlan(
        stored,
        Entered(
            as_at=stored.as_at,
            rows=tuple(_row(row) for row in rows),
            assumed=tuple(_assumed(one) for one in assumed),
            names=ladder.names | {code: name for code, name in used.items() if code not in ladder.names},
            groups=ladder.groups,
            cost_to_date=None if to_date is None else pounds_of(to_date),
        ),
    )


def _row(row: PlanRow) -> PlacementRow:
    return PlacementRow(
        rung=row.rung.code,
        number=row.number,
        weekly=pounds_of(row.weekly_pence),
        start=row.start_on,
        end=row.end_on,
        move_on=row.move_on,
        move_to=row.move_to.code if row.move_to is not None else "",
        move_weekly=None if row.move_weekly_pence is None else pounds_of(row.move_weekly_pence),
        move_percent=row.move_percent,
        words=row.words,
    )


def _assumed(one: PlanAssumption) -> Assumed:
    return Assumed(
        kind=Kind(one.kind),
        number=one.number,
        words=one.words,
        rung=one.rung.code if one.rung is not None else "",
        over=one.over,
        on=one.on,
        prices=tuple(pounds_of(pence) for pence in one.prices_pence),
    )
