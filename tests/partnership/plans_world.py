"""Improvement plans, risks, inspections and assurance for tests, made by the operations that people use."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from indicators.models import Partnership, User
from partnership.models import (
    Ambition,
    AssuranceItem,
    ImprovementPlan,
    Inspection,
    PlanAction,
    PlanPriority,
    PlanReview,
    Risk,
    RiskScore,
)
from partnership.operations import inspections, risks
from partnership.operations import plans as keep
from partnership.risk_scores import Score
from tests import builders as b

PLAN = {
    "title": "Recovery plan", "body": None, "partner": None, "review_every_days": 28, "report_every_months": 3,
    "from_on": date(2022, 4, 1), "until_on": None, "funded_by": None, "note": "",
}  # fmt: skip
ACTION = {
    "title": "Train the front door", "lead_partner": None, "lead_role": "Head of Service", "from_on": None,
    "due_on": date(2022, 6, 30), "funding_item": None, "measures": [],
}  # fmt: skip


def approver(partnership: Partnership | None = None) -> User:
    return b.a_user(b.Role.APPROVER, partnership=partnership)


def an_improvement_plan(*, by: User, at: datetime = b.NOW, **values: Any) -> ImprovementPlan:
    """A plan of the trust, reviewed every four weeks since 1 April 2022."""
    own = PLAN | {"partner": b.a_partner()} | values
    return keep.add_plan(partnership=b.a_partnership(), values=own, by=by, at=at)


def a_priority(plan: ImprovementPlan, title: str = "Early help", *, by: User) -> PlanPriority:
    return keep.add_priority(plan=plan, title=title, by=by, at=b.NOW)


def a_plan_action(priority: PlanPriority, *, by: User, **values: Any) -> PlanAction:
    """An action due on 30 June 2022, a week ago."""
    return keep.add_plan_action(priority=priority, values=ACTION | values, by=by, at=b.NOW)


def some_actions(plan: ImprovementPlan, number: int, *, by: User) -> list[PlanAction]:
    """So many actions more, under one priority, written in bulk."""
    priority = plan.priorities.first() or a_priority(plan, by=by)
    first = priority.actions.count() + 1
    return PlanAction.objects.bulk_create(
        PlanAction(
            priority=priority, order=n, title=f"Action {n}", lead_role="Head of Service", due_on=date(2022, 8, 1),
            original_due_on=date(2022, 8, 1), by=by, actor="Approver", at=b.NOW,
        )
        for n in range(first, first + number)
    )  # fmt: skip


def a_review(
    plan: ImprovementPlan, on: date = date(2022, 5, 5), *, by: User, brag: str = "green",
    lines: Mapping[int, keep.LineInput] | None = None, **more: Any,
) -> PlanReview:  # fmt: skip
    """A review in which every action stands alike, but for those that `lines` name by primary key."""
    actions = PlanAction.objects.filter(priority__plan=plan, ended_on__isnull=True)
    all_lines = {a.pk: keep.LineInput(brag, evidence="Seen" if brag == "blue" else "") for a in actions}
    last = plan.reviews.order_by("number").last()
    return keep.take_review(
        plan=plan, on=on, lines=all_lines | dict(lines or {}), based_on=last.number if last else 0, by=by,
        at=more.pop("at", b.NOW), **more,
    )  # fmt: skip


def a_reviewed_plan(*, by: User, **values: Any) -> ImprovementPlan:
    """A plan with two priorities and three actions, reviewed twice: one better, one worse, one the same."""
    plan = an_improvement_plan(by=by, **values)
    first, second = a_priority(plan, by=by), a_priority(plan, "Front door", by=by)
    one = a_plan_action(first, by=by)
    two = a_plan_action(first, by=by, title="Agree thresholds", due_on=date(2022, 9, 30))
    a_plan_action(second, by=by, title="Publish the framework", due_on=None)
    a_review(plan, by=by, brag="amber")
    a_review(
        plan, date(2022, 6, 2), by=by, brag="amber",
        lines={
            one.pk: keep.LineInput("red", "Nobody trained yet", "Staff survey", "staff", "Rota changed"),
            two.pk: keep.LineInput("blue", "Agreed", "Minutes of the board"),
        },
    )  # fmt: skip
    return plan


# Risks, inspections, assurance

RISK = {
    "title": "Too few foster carers", "cause": "Fewer apply", "effect": "Children live far away", "body": None,
    "plan": None, "owner_role": "Head of Service", "owner_partner": None, "indicators": [], "actions": [],
    "paper": None,
}  # fmt: skip
INSPECTION = {
    "title": "Inspection of services", "inspectorate": "Ofsted", "framework": "", "on": date(2022, 2, 1),
    "on_words": "February 2022", "outcome": "", "report": "",
}  # fmt: skip
OWED = {
    "kind": "statutory", "title": "Report to the Secretary of State", "owner_role": "Chief Executive",
    "owner_partner": None, "given_to": "Secretary of State", "plan": None, "every_months": 6,
    "from_on": date(2022, 1, 1), "until_on": None, "note": "",
}  # fmt: skip


def a_risk(*, by: User, **values: Any) -> Risk:
    return risks.add_risk(partnership=b.a_partnership(), values=RISK | values, by=by, at=b.NOW)


def a_score(
    risk: Risk, after: tuple[int, int] = (3, 4), *, by: User, on: date = date(2022, 5, 3),
    before: tuple[int, int] = (4, 5), mitigation: str = "A campaign", based_on: int | None = None, key: str = "",
) -> RiskScore:  # fmt: skip
    return risks.score_risk(
        risk=risk, on=on, before=Score(*before), after=Score(*after), mitigation=mitigation,
        based_on=risk.scores.count() if based_on is None else based_on, by=by, at=b.NOW, key=key,
    )  # fmt: skip


def an_inspection(*judgements: inspections.JudgementInput, by: User, key: str = "", **values: Any) -> Inspection:
    return inspections.add_inspection(
        partnership=b.a_partnership(), values=INSPECTION | values, judgements=judgements, by=by, at=b.NOW, key=key
    )


def an_ambition(grade: str, by_on: date, words: str, *, or_better: bool = False) -> Ambition:
    return Ambition.objects.create(
        partnership=b.a_partnership(), grade=grade, by_on=by_on, by_words=words, or_better=or_better,
        authority="Contract", source=b.a_source(), paragraph="77", actor="", at=b.NOW,
    )  # fmt: skip


PROMISED = {
    "grade": "good", "or_better": True, "by_on": date(2024, 12, 31), "by_words": "the end of 2024",
    "authority": "Recovery plan",
}  # fmt: skip


def a_promise(*, by: User, key: str = "", **values: Any) -> Ambition:
    """An ambition that a person added."""
    return inspections.add_ambition(
        partnership=b.a_partnership(), values=PROMISED | values, by=by, at=b.NOW, key=key
    )  # fmt: skip


def something_owed(*, by: User, first_due_on: date | None = None, key: str = "", **values: Any) -> AssuranceItem:
    return inspections.add_assurance_item(
        partnership=b.a_partnership(), values=OWED | values, first_due_on=first_due_on, by=by, at=b.NOW, key=key
    )


def one_of_each(*, by: User) -> None:
    """A reviewed plan, a scored risk, an inspection, an ambition and something owed, for tests of addresses."""
    a_reviewed_plan(by=by)
    a_score(a_risk(by=by), by=by)
    an_inspection(inspections.JudgementInput("Overall", "good", True), by=by)
    a_promise(by=by)
    inspections.record_done(
        item=something_owed(by=by), due_on=date(2022, 7, 1), done_on=b.TODAY, note="", by=by, at=b.NOW
    )
