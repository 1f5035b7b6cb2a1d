"""The scenarios and the band that the demonstration shows, made from what report 003 prints by the usual operations."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from finance.models import PlacementPlan, ProjectionRun, Scenario
from finance.operations.plans import budget_of, keep_run
from finance.operations.scenarios import ScenarioDetails, add_step, create_scenario
from finance.projection_job import JOB, read_answer
from finance.scenario_rows import MOVE, PRICE, StepDetails
from finance.selectors.plans import held
from finance.selectors.runs import inputs_of
from indicators import bounded
from indicators.bounded import BoundedError
from indicators.models import Partnership, User

MADE = "Demonstration: made by this project from the report’s own numbers, not by the council or the Trust."
OUT_OF_AREA = "out-of-area"
AS_FOUND, WITH_MOVEMENT = "out-of-area-as-found", "out-of-area-with-movement"


@dataclass(frozen=True)
class DemoScenario:
    """A scenario of the demonstration with its one step."""

    name: str
    purpose: str
    step: StepDetails


DEMO_SCENARIOS = (
    DemoScenario(
        "Four vacancies filled from September",
        f"{MADE} The forecast assumed that four vacancies in the in-house homes would be filled by four of the "
        "out-of-area placements, and none were. What if they were?",
        StepDetails(
            MOVE,
            date(2022, 9, 1),
            "Report 003 §102 names the four vacancies. £0 a week there: the homes are taken to be staffed already, as "
            "no paper prints what a filled bed costs. The day is chosen for the demonstration.",
            number=4,
            from_rung=OUT_OF_AREA,
            to_rung="in-house-residential",
            weekly=Decimal(0),
        ),
    ),
    DemoScenario(
        "Prices rise by the 4.9% that the plan assumes",
        f"{MADE} The medium-term plan has 4.9% of inflation in its price of 2022/23; the average of the 57 placements "
        "is of March 2022, before it. What if their prices rise as much?",
        StepDetails(
            PRICE,
            date(2022, 4, 1),
            "Report 003 §104: the budgeted placement cost of 2022/23 includes an inflationary increase of 4.9%.",
            from_rung=OUT_OF_AREA,
            percent=Decimal("4.9"),
        ),
    ),
)


def show_money(*, partnership: Partnership, at: datetime) -> None:
    """Tries the scenarios and keeps a band, once; only where the plans are loaded."""
    plans = {plan.code: plan for plan in PlacementPlan.objects.filter(partnership=partnership)}
    officer = User.objects.filter(email="finance@demo.example").first()
    if officer is None or AS_FOUND not in plans:
        return
    if not Scenario.objects.filter(partnership=partnership).exists():
        for one in DEMO_SCENARIOS:
            made = create_scenario(
                plan=plans[AS_FOUND], details=ScenarioDetails(one.name, one.purpose), by=officer, at=at
            )
            add_step(scenario=made, details=one.step, version=made.version, by=officer, at=at)
    if WITH_MOVEMENT in plans and not ProjectionRun.objects.filter(plan=plans[WITH_MOVEMENT]).exists():
        _draw(plans[WITH_MOVEMENT], officer, at)


def _draw(plan: PlacementPlan, by: User, at: datetime) -> None:
    """Without an answer of the child the demonstration goes on; the page offers to draw the runs."""
    payload, sha256 = inputs_of(held(plan).plan.outlook, budget_of(plan))
    try:
        answer = bounded.run(job=JOB, payload=payload)
    except BoundedError:
        return
    keep_run(plan=plan, inputs_sha256=sha256, found=read_answer(answer), by=by, at=at)
