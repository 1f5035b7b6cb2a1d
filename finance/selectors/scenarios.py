"""Scenarios with the plans that they are tried on, and what they change."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from finance.models import PlacementPlan, PlanAssumption, PlanRow, Scenario, ScenarioStep
from finance.money import pounds_of
from finance.nights import PriceError
from finance.outlook import Outlook, OutlookError
from finance.plan import ScenarioError, outlook_of
from finance.projection import year_totals
from finance.scenario_rows import StepDetails, effect_of
from finance.scenario_table import ComparedRow, ScenarioRow, StepRow, step_rows
from finance.scenarios import Effect, apply
from finance.scenarios import Scenario as Tried
from finance.selectors.plans import HeldPlan, Ladder, held, held_plan, ladder_of
from finance.selectors.runs import latest_runs
from indicators.models import Partnership
from indicators.operations.basics import known_on

CANNOT = (ScenarioError, PriceError, OutlookError)


@dataclass(frozen=True)
class HeldScenario:
    """A scenario with its plan and its steps in their order."""

    stored: Scenario
    on: HeldPlan
    rows: tuple[ScenarioStep, ...]

    @cached_property
    def steps(self) -> tuple[StepDetails, ...]:
        """The steps as they were typed."""
        return tuple(step_of(row) for row in self.rows)

    @cached_property
    def effect(self) -> Effect | None:
        """What it changes; None where it cannot be worked out any more."""
        try:
            return effect_of(self.stored.name, self.on.plan, self.steps)
        except CANNOT:
            return None

    @property
    def outlook(self) -> Outlook:
        """The plan as it would be. Raises one of CANNOT."""
        return outlook_of(apply(self.on.plan, Tried(self.stored.name, tuple(s.step() for s in self.steps))))

    @property
    def step_rows(self) -> list[StepRow]:
        """The table of its steps."""
        places = [(row.order, row.words) for row in self.rows]
        if self.effect is None:
            return [StepRow(self.stored.code, order, why, "", None, None) for order, why in places]
        return step_rows(self.stored.code, places, self.effect)

    @property
    def row(self) -> ScenarioRow:
        """Its row on the list."""
        stored = self.stored
        return ScenarioRow(
            code=stored.code,
            name=stored.name,
            purpose=stored.purpose,
            plan=stored.plan.code,
            plan_name=stored.plan.name,
            year=self.on.year,
            owner=stored.actor,
            changed_on=known_on(stored.changed_at),
            steps=len(self.rows),
            effect=self.effect,
            withdrawn=stored.withdrawn_reason,
        )


def step_of(row: ScenarioStep) -> StepDetails:
    """A stored step as it was typed."""
    return StepDetails(
        kind=row.kind,
        on=row.on,
        words=row.words,
        number=row.number,
        from_rung=row.from_rung.code if row.from_rung is not None else "",
        to_rung=row.to_rung.code if row.to_rung is not None else "",
        weekly=None if row.weekly_pence is None else pounds_of(row.weekly_pence),
        percent=row.percent,
        pounds=None if row.pence is None else pounds_of(row.pence),
        home=row.home.code if row.home is not None else "",
        home_name=row.home_name,
        a_month=row.a_month,
        standing=None if row.standing_pence is None else pounds_of(row.standing_pence),
    )


_STEPS = Prefetch("steps", ScenarioStep.objects.select_related("from_rung", "to_rung", "home").order_by("order"))


def scenarios_of(partnership: Partnership) -> list[HeldScenario]:
    """Every scenario, the latest change first and those that were withdrawn last. Queries do not grow with them."""
    found = (
        Scenario.objects.filter(partnership=partnership)
        .prefetch_related(_STEPS)
        .order_by("withdrawn_at", "-changed_at", "-pk")
    )
    stored = list(found)
    plans = _plans_of(stored, ladder_of(partnership)) if stored else {}
    return [HeldScenario(row, plans[row.plan_id], tuple(row.steps.all())) for row in stored]


def _plans_of(scenarios: list[Scenario], ladder: Ladder) -> dict[int, HeldPlan]:
    rows = (
        PlacementPlan.objects.filter(pk__in={s.plan_id for s in scenarios})
        .select_related("source", "decision", "partnership")
        .prefetch_related(
            Prefetch("rows", PlanRow.objects.select_related("rung", "move_to").order_by("order")),
            Prefetch("assumptions", PlanAssumption.objects.select_related("rung").order_by("order")),
        )
    )
    plans = {row.pk: held(row, ladder) for row in rows}
    for scenario in scenarios:
        scenario.plan = plans[scenario.plan_id].stored
    return plans


def held_scenario(partnership: Partnership, code: str) -> HeldScenario | None:
    """One scenario by its code; None where there is none."""
    stored = (
        Scenario.objects.filter(partnership=partnership, code=code)
        .select_related("plan__decision", "copied_from", "partnership")
        .prefetch_related(_STEPS)
        .first()
    )
    if stored is None:
        return None
    on = held_plan(partnership, stored.plan.code, sees_drafts=True)
    assert on is not None  # noqa: S101
    return HeldScenario(stored, on, tuple(stored.steps.all()))


def compared_rows(scenarios: list[HeldScenario]) -> list[ComparedRow]:
    """Each plan as it stands, followed by the scenarios on it that can be worked out. One query."""
    runs = latest_runs([one.stored for one in scenarios])
    rows: list[ComparedRow] = []
    for plan in dict.fromkeys(one.on.stored.pk for one in scenarios):
        own = [one for one in scenarios if one.on.stored.pk == plan]
        on = own[0].on
        cost = year_totals(on.plan.outlook)
        nothing = cost[0] - cost[0]
        rows.append(ComparedRow("", f"As planned: {on.stored.name}", on.stored.code, on.year, cost, (nothing, nothing)))
        for one in own:
            if one.effect is None:
                continue
            effects = (one.effect.this_year, one.effect.next_year)
            kept = runs.get(one.stored.pk)
            is_current = kept is not None and kept.stored.scenario_version == one.stored.version
            rows.append(
                ComparedRow(
                    one.stored.code, one.stored.name, on.stored.code, on.year,
                    (cost[0] + effects[0], cost[1] + effects[1]), effects,
                    kept.found if kept is not None and is_current else None,
                )
            )  # fmt: skip
    return rows
