"""A small world of money: heads, rungs, a contract year with an entry, and one thing on each register."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

from finance.models import (
    BudgetHead,
    BusinessCase,
    BusinessCaseLine,
    Claim,
    ContractDecision,
    ContractEntry,
    ContractYear,
    FundingAmount,
    FundingItem,
    FundingProgramme,
    Home,
    HomePlan,
    Milestone,
    PlacementPlan,
    PlanAssumption,
    PlanDecision,
    PlanRow,
    ProjectionRun,
    RegisterDraft,
    RegisterStep,
    Rung,
    Saving,
)
from finance.operations import register_drafts
from finance.register_drafts import Kind
from finance.registers import REGISTERS
from indicators.models import Category, Partnership, Return, Series, User
from indicators.operations.slices import add_dimension
from indicators.quarters import FinancialYear
from tests import builders as b
from tests.finance.ssda903_world import a_decision, a_load

HEADS = (("cla", "Children Looked After"), ("safeguarding", "Safeguarding"))
LINES = (("ooa", "Out-of-area placements"), ("fostering", "Fostering"))
RUNGS = (
    ("out-of-authority", "Out of authority"), ("parent-and-child", "Parent and child"),
    ("independent-fostering", "Independent fostering"), ("in-house-fostering", "In-house fostering"),
    ("special-guardianship", "Special guardianship"),
)  # fmt: skip
GROUPS = (("out-of-area", "Out of area"), ("fostering", "Fostering"))
OUTSIDE = frozenset({"special-guardianship"})
GROUP_OF = {
    "out-of-authority": "out-of-area", "parent-and-child": "out-of-area", "independent-fostering": "fostering",
    "in-house-fostering": "fostering",
}  # fmt: skip


def category(dimension: str, code: str) -> Category:
    return Category.objects.get(dimension__code=dimension, code=code)


def the_heads(partnership: Partnership | None = None) -> list[BudgetHead]:
    """Two headings, the first with two lines."""
    partnership, source = partnership or b.a_partnership(), b.a_source()
    add_dimension(code="head", name="Budget head", kind="partition", categories=HEADS)
    add_dimension(code="line", name="Line", kind="comparison", categories=LINES)
    made = [
        BudgetHead.objects.create(
            partnership=partnership, category=category("head", code), order=order, source=source, paragraph="84"
        )
        for order, (code, _) in enumerate(HEADS, 1)
    ]
    for order, (code, _) in enumerate(LINES, 10):
        BudgetHead.objects.create(
            partnership=partnership, category=category("line", code), parent=made[0], order=order, source=source,
            paragraph="100",
        )  # fmt: skip
    return made


def the_rungs(partnership: Partnership | None = None) -> list[Rung]:
    """Five rungs: two groups of two in care, and one outside it."""
    partnership, source = partnership or b.a_partnership(), b.a_source()
    add_dimension(code="rung", name="Rung", kind="partition", categories=RUNGS)
    add_dimension(code="rung-group", name="Rungs together", kind="comparison", categories=GROUPS)
    return [
        Rung.objects.create(
            partnership=partnership, category=category("rung", code), order=order, source=source, paragraph="89",
            group=category("rung-group", GROUP_OF[code]) if code in GROUP_OF else None,
            standing=Rung.Standing.OUTSIDE_CARE if code in OUTSIDE else Rung.Standing.IN_CARE,
        )
        for order, (code, _) in enumerate(RUNGS, 1)
    ]  # fmt: skip


def a_contract_year(year: int = 2022, *, partnership: Partnership | None = None, **more: Any) -> ContractYear:
    """A whole financial year of £1,000,000 of which 90% of a surplus goes back."""
    period = FinancialYear(year)
    values = {
        "covers_from": period.start_on, "covers_until": period.end_on, "original_pence": 100_000_000,
        "surplus_share_percent": 90,
    } | more  # fmt: skip
    return ContractYear.objects.create(
        partnership=partnership or b.a_partnership(), period=b.a_period(period), source=b.a_source(), paragraph="86",
        **values,
    )  # fmt: skip


def an_entry(year: ContractYear, *, by: User | None = None, code: str = "growth", **more: Any) -> ContractEntry:
    """A variation of £50,000: printed, or drafted by a person."""
    values = {
        "kind": ContractEntry.Kind.VARIATION, "amount_pence": 5_000_000, "name": "Growth in placements",
        "authority": "Council", "source": None if by else b.a_source(), "recorded_by": by,
        "actor": str(by or "loaded from report 003"), "recorded_at": b.NOW,
    } | more  # fmt: skip
    return ContractEntry.objects.create(year=year, code=code, **values)


def printed(**more: Any) -> dict[str, Any]:
    """What a row of a register has that a paper prints."""
    return {"source": b.a_source(), "paragraph": "90", "actor": "loaded from report 003", "at": b.NOW} | more


def the_registers(partnership: Partnership, by: User) -> SimpleNamespace:
    """One saving, home with its plan, business case, claim and milestone, and a step of the claim."""
    year = b.a_period(FinancialYear(2022))
    world = SimpleNamespace(
        saving=Saving.objects.create(
            partnership=partnership, code="agency", name="Fewer agency posts", period=year, **printed()
        ),
        home=Home.objects.create(
            partnership=partnership, code="mill", name="The mill", kind="Two-bed home", beds_min=2, beds_max=2,
            **printed(),
        ),
        case=BusinessCase.objects.create(
            partnership=partnership, code="caseload", name="Caseloads", period=year, **printed()
        ),
        claim=Claim.objects.create(
            partnership=partnership, code="first", programme="Pause", name="First claim", payer="National office",
            **printed(),
        ),
        milestone=Milestone.objects.create(partnership=partnership, code="accounts", name="Accounts", **printed()),
    )  # fmt: skip
    world.plan = HomePlan.objects.create(home=world.home, stage="Being built", known_on=date(2022, 7, 7), **printed())
    world.step = RegisterStep.objects.create(
        partnership=partnership, claim=world.claim, state="sent", on=b.TODAY, by=by, actor=str(by), at=b.NOW
    )
    return world


def registers_with_parts(partnership: Partnership, by: User) -> SimpleNamespace:
    """The registers, and a line of the business case and an item of a programme, both printed."""
    world = the_registers(partnership, by)
    world.line = BusinessCaseLine.objects.create(
        case=world.case, code="legal", name="Legal staff", asked_pence=10_600_000, outcome="asked", **printed()
    )
    programme = FundingProgramme.objects.create(
        partnership=partnership, code="homes", name="Homes", authority="Cabinet", **printed()
    )
    world.item = FundingItem.objects.create(programme=programme, letter="a", name="Fire doors", **printed())
    return world


def a_draft(
    partnership: Partnership, register: str, kind: Kind, values: Any, *, by: User, on: Any = None, **more: Any
) -> RegisterDraft:
    """Something that waits for a decision of another person."""
    given = {"by": by, "on": on, "at": b.NOW} | more
    return register_drafts.draft(
        partnership=partnership, register=REGISTERS[register], kind=kind, values=values, **given
    )


MADE: tuple[type[Model], ...] = (
    Saving, Home, BusinessCase, Claim, Milestone, FundingProgramme, HomePlan, BusinessCaseLine, FundingItem,
    RegisterStep,
)  # fmt: skip


def put(partnership: Partnership, register: str, kind: Kind, values: Any, *, by: User, on: Any = None) -> Any:
    """Something that a person drafted and the council's acceptor accepted; the row that it made."""
    draft = a_draft(partnership, register, kind, values, by=by, on=on)
    register_drafts.decide_draft(draft=draft, accept=True, by=b.the_people().acceptor, at=b.NOW)
    return next((row for model in MADE if (row := model._default_manager.filter(draft=draft).first())), None)


def everything_protected(partnership: Partnership, people: SimpleNamespace) -> None:
    """At least one row in each table of money that is append-only."""
    year = a_contract_year(partnership=partnership)
    entry = an_entry(year, by=people.analyst)
    ContractDecision.objects.create(entry=entry, is_accepted=True, by=people.acceptor, actor="Council", at=b.NOW)
    world = registers_with_parts(partnership, people.analyst)
    FundingAmount.objects.create(programme=world.item.programme, item=world.item, pence=1, **printed())
    step = {"state": "on_track", "words": "", "on": b.TODAY}
    put(partnership, "savings", Kind.STEP, step, on=world.saving, by=people.analyst)
    a_kept_plan(partnership, people)
    a_decision(a_load(), Return.objects.earliest("pk"), Series.objects.earliest("pk"))


def a_kept_plan(partnership: Partnership, people: SimpleNamespace) -> PlacementPlan:
    """A plan of three placements that another person accepted, with an assumption and a result that was kept."""
    the_rungs(partnership)
    rung, by = category("rung", "out-of-authority"), {"by": people.analyst, "actor": "Finance", "at": b.NOW}
    plan = PlacementPlan.objects.create(
        partnership=partnership, code="summer", name="Placements in summer", as_at=date(2022, 7, 1), **by
    )
    PlanRow.objects.create(plan=plan, order=1, rung=rung, number=3, weekly_pence=540_000, start_on=plan.as_at)
    PlanAssumption.objects.create(
        plan=plan, order=1, kind=PlanAssumption.Kind.UPLIFT, number=5, on=date(2022, 10, 1), words="Framework price"
    )
    PlanDecision.objects.create(plan=plan, is_accepted=True, by=people.acceptor, actor="Council", at=b.NOW)
    ProjectionRun.objects.create(
        plan=plan, code="summer-1", name=plan.name, inputs_sha256="0" * 64, runs=100, seed=1, software_version="0",
        this_year_pence=1, next_year_pence=1, lines=[], bands={}, **by,
    )  # fmt: skip
    return plan
