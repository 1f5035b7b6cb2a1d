"""Reads what is being done about an indicator: the actions of improvement plans that it measures, and the open risks
that name it. What rests on one of its figures is read by `partnership.selectors.citations`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery

from indicators.models import Partnership
from indicators.working_days import day_words
from partnership.models import PlanAction, PlanReviewLine, Risk, RiskScore
from partnership.plan_review import Brag, brag_words
from partnership.selectors.plans import number_of
from partnership.selectors.risks import scored


@dataclass(frozen=True)
class Doing:
    """One thing that is being done: what it is, the name and arguments of its page, what it says, and how it stands."""

    what: str
    page: str
    key: tuple[Any, ...]
    words: str
    stands: str


def being_done(partnership: Partnership, indicator: str, *, today: date) -> list[Doing]:
    """The open actions of plans that hold today, in the order of the plans, and the open risks, each with the indicator
    of this code. Three queries."""
    last = PlanReviewLine.objects.filter(action=OuterRef("pk")).order_by("-review__number").values("brag")
    holds = Q(priority__plan__until_on__isnull=True) | Q(priority__plan__until_on__gte=today)
    actions = PlanAction.objects.filter(holds, priority__plan__partnership=partnership, measures__code=indicator)
    actions = actions.filter(ended_on__isnull=True).annotate(brag=Subquery(last[:1]))
    actions = actions.select_related("priority__plan", "lead_partner")
    scores = RiskScore.objects.select_related("mitigation").order_by("on", "pk")
    risks = Risk.objects.filter(partnership=partnership, indicators__code=indicator, closed_on__isnull=True)
    risks = risks.select_related("owner_partner").prefetch_related(Prefetch("scores", scores))
    ordered = actions.order_by("priority__plan", "priority__order", "order")
    return [*map(_of_plan, ordered), *map(_of_risk, risks.order_by("pk"))]


def _of_plan(action: Any) -> Doing:
    plan, number = action.priority.plan, number_of(action)
    who = ", ".join(filter(None, (action.lead_role, action.lead_partner.name if action.lead_partner else "")))
    due = f"due on {day_words(action.due_on)}" if action.due_on else "no day set"
    stands = brag_words(Brag(action.brag) if action.brag else None)
    key = (plan.code, action.priority.order, action.order)
    return Doing(f"Action {number} of “{plan.title}”", "plan_action", key, action.title, _joined(who, due, stands))


def _of_risk(risk: Any) -> Doing:
    who = ", ".join(filter(None, (risk.owner_role, risk.owner_partner.name if risk.owner_partner else "")))
    scores = [scored(row) for row in risk.scores.all()]
    stands = f"scored {scores[-1].after.words} after what is done" if scores else "not scored yet"
    return Doing("Risk", "risk", (risk.code,), risk.title, _joined(who, stands))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
