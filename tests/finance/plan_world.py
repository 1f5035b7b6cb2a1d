"""Plans of placements and scenarios for tests, made by the operations as people make them."""

from datetime import date
from decimal import Decimal
from typing import Any

from finance.models import PlacementPlan, Rung, Scenario
from finance.operations.plans import PlanDetails, decide_plan, draft_plan
from finance.operations.scenarios import ScenarioDetails, add_step, create_scenario
from finance.plan_rows import Assumed, Entered, Kind, PlacementRow
from finance.scenario_rows import MOVE, StepDetails
from finance.selectors.plans import ladder_of
from indicators.models import Partnership, User
from indicators.roles import Role
from tests import builders as b
from tests.finance import money_world

AS_AT = date(2022, 7, 1)
OUT, AGENCY, OWN = "out-of-authority", "independent-fostering", "in-house-fostering"
ROWS = (
    PlacementRow(OUT, 3, Decimal("5402.87"), date(2022, 4, 1), words="List of placements"),
    PlacementRow(AGENCY, 10, Decimal(875), date(2022, 5, 1), date(2023, 9, 12), date(2022, 10, 1), OWN, Decimal(425),
                 Decimal(60)),
    PlacementRow(OWN, 4, Decimal(425), date(2022, 8, 1)),
)  # fmt: skip
ASSUMED = (
    Assumed(Kind.STARTERS, Decimal(5), "Starts of January to June", AGENCY, Decimal(6),
            prices=(Decimal(900), Decimal("1015.40"))),
    Assumed(Kind.LEAVING, Decimal(4), "Leavers of January to June", AGENCY, Decimal(9_100)),
    Assumed(Kind.UPLIFT, Decimal(3), "Framework agreement", on=date(2022, 10, 1)),
    Assumed(Kind.CONTINGENCY, Decimal(2), "As in the budget"),
)  # fmt: skip
STEP = StepDetails(MOVE, date(2022, 9, 1), "Carers are approved by then", 2, OUT, OWN, Decimal(450))


def entered(partnership: Partnership, **changes: Any) -> Entered:
    """A plan as it is typed, of the rungs of the small world."""
    if not Rung.objects.filter(partnership=partnership).exists():
        money_world.the_rungs(partnership)
    ladder = ladder_of(partnership)
    values = {"as_at": AS_AT, "rows": ROWS, "assumed": ASSUMED, "names": ladder.names, "groups": ladder.groups}
    return Entered(**values | changes)


def details(partnership: Partnership, name: str = "Placements of July", **changes: Any) -> PlanDetails:
    """The same with its name and a budget."""
    own = {n: changes.pop(n) for n in ("rows", "assumed", "as_at", "cost_to_date") if n in changes}
    values = {"budget_pence": 150_000_000, "budget_words": "Budget book"} | changes
    return PlanDetails(name, entered(partnership, **own), **values)


def officer(partnership: Partnership, email: str = "finance@example.org") -> User:
    """A finance officer of the trust."""
    found = User.objects.filter(email=email).first()
    trust = b.a_partner("trust", partnership=partnership)
    return found or b.a_user(Role.FINANCE_OFFICER, partner=trust, partnership=partnership, email=email)


def a_plan(
    partnership: Partnership | None = None, name: str = "Placements of July", *, accepted: bool = True, **changes: Any
) -> PlacementPlan:
    """A plan that a finance officer entered and, unless said otherwise, the council accepted."""
    place = partnership or b.a_partnership()
    made = draft_plan(partnership=place, details=details(place, name, **changes), by=officer(place), at=b.NOW)
    if accepted:
        by = User.objects.filter(email="decides@example.org").first()
        by = by or b.a_user(Role.APPROVER, partnership=place, email="decides@example.org")
        decide_plan(plan=made, accept=True, by=by, at=b.NOW)
        made.refresh_from_db()
    return made


def a_scenario(
    plan: PlacementPlan | None = None, name: str = "Two move home", steps: tuple[StepDetails, ...] = (STEP,),
    by: User | None = None,
) -> Scenario:  # fmt: skip
    """A scenario with its steps, owned by the finance officer."""
    on = plan or a_plan()
    owner = by or officer(on.partnership)
    made = create_scenario(plan=on, details=ScenarioDetails(name, "What it would save"), by=owner, at=b.NOW)
    for step in steps:
        add_step(scenario=made, details=step, version=made.version, by=owner, at=b.NOW)
        made.refresh_from_db()
    return made
