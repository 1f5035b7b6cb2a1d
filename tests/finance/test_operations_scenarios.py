"""Plans by two people, scenarios by their owner, and results that are kept: once for a form, and nothing beside it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from finance.models import PlacementPlan, PlanDecision, PlanRow, ProjectionRun, Scenario, ScenarioStep
from finance.operations.plans import budget_of, decide_plan, draft_plan, keep_run
from finance.operations.scenarios import (
    ScenarioChanged,
    ScenarioDetails,
    add_step,
    copy_scenario,
    create_scenario,
    remove_step,
    withdraw_scenario,
)
from finance.projection import project
from finance.projection_job import read_answer, run_projection
from finance.scenario_rows import DELAY, OPEN, PRICE, StepDetails
from finance.selectors.plans import held, held_plan, latest_of, plans_of
from finance.selectors.runs import inputs_of, latest_run
from finance.selectors.scenarios import held_scenario
from indicators.models import AuditEvent
from indicators.operations.errors import InputRefused, NotAllowed, OperationError, WrongState
from indicators.roles import Role
from tests import builders as b
from tests.finance import plan_world as w

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(partnership):
    return b.a_user(Role.APPROVER, email="council@example.org")


@pytest.fixture
def plan(partnership):
    return w.a_plan()


@pytest.fixture
def scenario(plan):
    return w.a_scenario(plan)


def audited(kind: str) -> list[str]:
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk").values_list("what", flat=True))


# Plans


def test_plan_when_entered_then_it_counts_only_once_another_person_accepted_it(partnership, council):
    made = w.a_plan(accepted=False)
    assert held_plan(partnership, made.code, sees_drafts=False) is None
    assert latest_of(plans_of(partnership, sees_drafts=True)) is None
    with pytest.raises(NotAllowed, match="another person decides"):
        decide_plan(plan=made, accept=True, by=made.by, at=b.NOW)
    decide_plan(plan=made, accept=True, by=council, at=b.NOW)
    found = held_plan(partnership, made.code, sees_drafts=False)
    assert found.entered.rows == w.ROWS
    assert found.entered.assumed == w.ASSUMED
    assert latest_of(plans_of(partnership, sees_drafts=False)).placements == 17
    assert (audited("money_recorded"), audited("money_decided")) == (
        ["plan placements-of-july: entered"], ["plan placements-of-july: accepted"],
    )  # fmt: skip


def test_plan_when_refused_then_it_says_why_and_nobody_decides_again(partnership, council):
    made = w.a_plan(accepted=False)
    with pytest.raises(InputRefused, match="Say why"):
        decide_plan(plan=made, accept=False, by=council, at=b.NOW)
    decide_plan(plan=made, accept=False, reason="July is not over", by=council, at=b.NOW)
    with pytest.raises(WrongState, match="decided on this plan already"):
        decide_plan(plan=made, accept=True, by=council, at=b.NOW)
    with pytest.raises(WrongState, match="does not count"):
        create_scenario(plan=made, details=ScenarioDetails("A", "B"), by=council, at=b.NOW)
    assert PlanDecision.objects.get().reason.body == "July is not over"


def test_scenario_when_sent_again_by_another_tab_then_refused_within_the_hour(partnership):
    sent = {"plan": w.a_plan(), "details": ScenarioDetails("A", "B"), "by": w.officer(partnership), "at": b.NOW}
    made = create_scenario(**sent, key="a" * 32)
    assert create_scenario(**sent, key="a" * 32) == made
    with pytest.raises(OperationError, match="You sent the same at 10:00"):
        create_scenario(**sent, key="b" * 32)


def test_plan_when_the_form_is_sent_twice_then_kept_once_and_with_other_answers_refused(partnership):
    sent = {"partnership": partnership, "by": w.officer(partnership), "at": b.NOW, "key": "a" * 32}
    made = draft_plan(details=w.details(partnership), **sent)
    assert draft_plan(details=w.details(partnership), **sent) == made
    with pytest.raises(OperationError, match="sent before with other answers"):
        draft_plan(details=w.details(partnership, rows=w.ROWS[:1]), **sent)
    assert (PlacementPlan.objects.count(), PlanRow.objects.count()) == (1, 3)


@pytest.mark.parametrize(
    ("changes", "box"),
    [
        ({"rows": ()}, "rows"),
        ({"rows": (replace(w.ROWS[0], end=date(2022, 3, 1)),)}, "rows"),
        ({"rows": (replace(w.ROWS[1], move_on=date(2022, 6, 1)),)}, "rows"),
        ({"assumed": (replace(w.ASSUMED[0], prices=()),)}, "assumed"),
        ({"assumed": (w.ASSUMED[0], w.ASSUMED[0])}, "assumed"),
        ({"cost_to_date": Decimal(-1), "cost_to_date_words": "Ledger"}, "cost_to_date"),
        ({"cost_to_date": Decimal(100)}, "cost_to_date_words"),
        ({"budget_words": ""}, "budget_words"),
        ({"rows": (replace(w.ROWS[0], weekly=Decimal(281_721)),)}, "odd_prices_reason"),
    ],
)
def test_plan_when_something_is_wrong_then_refused_at_its_box_and_nothing_is_kept(partnership, changes, box):
    with pytest.raises(InputRefused) as refused:
        w.a_plan(accepted=False, **changes)
    assert refused.value.box == box
    assert not PlacementPlan.objects.exists()


def test_plan_when_it_replaces_another_then_that_one_is_no_longer_the_latest_and_only_once(partnership, plan):
    w.a_plan(odd_prices_reason="Secure place", rows=(replace(w.ROWS[0], weekly=Decimal(25_000)),), replaces=plan,
             name="Corrected")  # fmt: skip
    assert latest_of(plans_of(partnership, sees_drafts=False)).code == "corrected"
    with pytest.raises(InputRefused, match="replaced by another plan already"):
        w.a_plan(name="Again", replaces=plan)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PlacementPlan.objects.filter(pk=plan.pk).update(name="Other")


# Scenarios


def test_scenario_when_steps_are_added_then_the_plan_stays_and_children_are_conserved(partnership, plan, scenario):
    before = project(held(plan).plan.outlook)
    tried = held_scenario(partnership, scenario.code)
    assert project(held(plan).plan.outlook) == before
    assert sum(p.number for p in tried.outlook.placements) == sum(row.number for row in w.ROWS)
    # 2 for 212 nights, at £4,952.87 less until the 3% of October (30 nights) and after it; 2% contingency on top.
    week_nights = 2 * Decimal("4952.87") * (30 + 182 * Decimal("1.03")) * Decimal("1.02")
    assert tried.effect.this_year == -(week_nights / 7).quantize(Decimal("0.01"))
    assert scenario.version == 2
    assert audited("money_recorded")[-2:] == ["scenario two-move-home: begun", "scenario two-move-home: step 1 added"]


def test_scenario_when_another_person_changes_it_then_refused_and_a_copy_is_theirs(partnership, scenario):
    other = w.officer(partnership, "other@example.org")
    with pytest.raises(NotAllowed, match="Copy it"):
        add_step(scenario=scenario, details=w.STEP, version=2, by=other, at=b.NOW)
    with pytest.raises(NotAllowed):
        withdraw_scenario(scenario=scenario, reason="x", version=2, by=other, at=b.NOW)
    sent = {"scenario": scenario, "plan": scenario.plan, "details": ScenarioDetails("Mine", "B"), "by": other,
            "at": b.NOW, "key": "c" * 32}  # fmt: skip
    copy = copy_scenario(**sent)
    assert copy_scenario(**sent) == copy
    assert [s.number for s in copy.steps.all()] == [2]
    assert (copy.owner, copy.copied_from, scenario.steps.count()) == (other, scenario, 1)
    fewer = w.a_plan(name="One is left", rows=(replace(w.ROWS[0], number=1),), assumed=())
    with pytest.raises(InputRefused, match="Only 1 child is certain"):
        copy_scenario(**sent | {"plan": fewer, "key": ""})


HOME = StepDetails(OPEN, date(2022, 9, 1), "Approved", 2, w.OWN, w.OUT, Decimal(3_000), home_name="Mill", a_month=1)


@pytest.mark.parametrize(
    ("step", "box", "said"),
    [
        (replace(w.STEP, number=2), "number", "Only 1 child is certain to be in Out of authority"),
        (replace(w.STEP, number=0), "number", "1 or more"),
        (replace(w.STEP, number=None), "number", "1 or more"),
        (replace(w.STEP, on=date(2022, 6, 30)), "on", "outside what is projected: 1 July 2022 to 31 March 2024"),
        (replace(w.STEP, on=date(2024, 4, 1)), "on", "outside what is projected"),
        (replace(w.STEP, to_rung=w.OUT), "to_rung", "same rung"),
        (
            replace(w.STEP, to_rung="parent-and-child", weekly=None, number=1),
            "weekly",
            "Nothing says what a place costs",
        ),
        (replace(w.STEP, weekly=Decimal(-1)), "weekly", "less than £0"),
        (replace(w.STEP, words=""), "words", "Say why"),
        (StepDetails(PRICE, date(2022, 9, 1), "x", from_rung=w.OWN, percent=Decimal(-100)), "percent", "fall by 100%"),
        (
            StepDetails(PRICE, date(2022, 9, 1), "x", from_rung=w.OWN, pounds=Decimal(-500)),
            "pounds",
            "less than nothing",
        ),
        (StepDetails(PRICE, date(2022, 9, 1), "x", from_rung=w.OWN), "number", "by how much the price changes"),
        (StepDetails(DELAY, date(2022, 9, 1), "x", home_name="Mill"), "home_name", "No home “Mill” is to open"),
        (replace(HOME, home_name=" "), "home_name", "Name the home"),
        (replace(HOME, number=101), "number", "1 to 100 beds"),
        (replace(HOME, a_month=0), "a_month", "1 or more"),
    ],
)
def test_step_when_it_cannot_be_taken_then_refused_at_its_box_and_nothing_changes(scenario, step, box, said):
    with pytest.raises(InputRefused) as refused:
        add_step(scenario=scenario, details=step, version=2, by=scenario.owner, at=b.NOW)
    assert (refused.value.box, said in str(refused.value)) == (box, True), str(refused.value)
    scenario.refresh_from_db()
    assert (scenario.version, scenario.steps.count()) == (2, 1)


def test_step_when_sent_twice_or_late_then_added_once_or_refused(scenario):
    sent = {"scenario": scenario, "by": scenario.owner, "at": b.NOW, "version": 2}
    step = replace(w.STEP, number=1)
    made = add_step(details=step, key="d" * 32, **sent)
    assert add_step(details=step, key="d" * 32, **sent) == made
    with pytest.raises(ScenarioChanged):
        add_step(details=step, key="e" * 32, **sent)
    assert ScenarioStep.objects.count() == 2


def test_step_when_others_rest_on_it_then_it_cannot_be_taken_out_before_them(scenario):
    sent = {"scenario": scenario, "by": scenario.owner, "at": b.NOW}
    add_step(details=HOME, version=2, **sent)
    add_step(details=StepDetails(DELAY, date(2022, 10, 1), "Late", home_name="Mill"), version=3, **sent)
    with pytest.raises(InputRefused, match="those after it cannot be taken"):
        remove_step(order=2, version=4, **sent)
    remove_step(order=3, version=4, **sent)
    remove_step(order=2, version=5, **sent)
    with pytest.raises(ScenarioChanged, match="not there any more"):
        remove_step(order=2, version=6, **sent)
    assert [step.order for step in scenario.steps.all()] == [1]


def test_scenario_when_withdrawn_then_kept_with_its_reason_and_closed(partnership, scenario):
    sent = {"scenario": scenario, "by": scenario.owner, "at": b.NOW}
    with pytest.raises(InputRefused, match="Say why"):
        withdraw_scenario(reason=" ", version=2, **sent)
    withdraw_scenario(reason="The carers left", version=2, **sent)
    with pytest.raises(WrongState, match="was withdrawn"):
        add_step(details=w.STEP, version=3, **sent)
    found = held_scenario(partnership, scenario.code)
    assert (found.row.withdrawn, len(found.rows)) == ("The carers left", 1)
    assert Scenario.objects.count() == 1


# Results


def drawn_in_place(plan, scenario=None):
    """The band as the child draws it, drawn here."""
    outlook = held_scenario(plan.partnership, scenario.code).outlook if scenario else held(plan).plan.outlook
    payload, sha256 = inputs_of(outlook, budget_of(plan))
    return sha256, read_answer(run_projection(payload, lambda line: None))


def test_result_when_kept_then_it_is_the_projection_with_its_band_and_the_same_again_is_the_same(plan, scenario):
    sha256, found = drawn_in_place(plan)
    sent = {"plan": plan, "inputs_sha256": sha256, "found": found, "by": scenario.owner, "at": b.NOW}
    made = keep_run(**sent)
    assert keep_run(**sent) == made
    kept = latest_run(plan)
    assert kept.found == replace(found, over_budget=made.over_budget_percent)
    band, expected = kept.found.this_year, project(held(plan).plan.outlook).this_year
    assert abs(band.mean - expected) <= 5 * band.error
    assert [row.this_year for row in kept.rows if row.code == "total"] == [expected]
    assert (made.runs, made.seed, made.code) == (10_000, 2022, "placements-of-july-1")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        made.save()


def test_result_when_the_scenario_changed_meanwhile_then_nothing_is_kept(plan, scenario):
    sha256, found = drawn_in_place(plan, scenario)
    sent = {
        "plan": plan,
        "scenario": scenario,
        "inputs_sha256": sha256,
        "found": found,
        "by": scenario.owner,
        "at": b.NOW,
    }
    made = keep_run(**sent)
    assert (made.scenario_version, made.steps[0][0].startswith("Move 2 children")) == (2, True)
    add_step(scenario=scenario, details=replace(w.STEP, number=1), version=2, by=scenario.owner, at=b.NOW)
    with pytest.raises(WrongState, match="was changed while the runs were drawn"):
        keep_run(**sent)
    assert ProjectionRun.objects.count() == 1
