"""Reads the risk register as finished rows; the number of queries does not depend on how many risks there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from finance.selectors.register_steps import origin_of
from indicators.models import Partnership
from indicators.permissions import Access
from indicators.roles import Permission
from partnership.models import Action, ImprovementPlan, Paper, Risk, RiskScore
from partnership.plan_rows import Measure
from partnership.risk_scores import Score, Scored
from partnership.risk_table import Link, RiskRow
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.measures import measures_of
from partnership.selectors.visible import actions_for, papers_for

Address = Callable[..., str]


def risk_row(partnership: Partnership, code: str) -> Risk | None:
    """The stored risk; None where there is none with that code. One query."""
    return Risk.objects.filter(partnership=partnership, code=code).select_related("partnership").first()


def risks_of(
    partnership: Partnership, *, access: Access, today: date, now: datetime, address: Address, code: str = ""
) -> list[RiskRow]:
    """Every risk, the greatest score after mitigation first; of a risk alone with its code. What a risk is tied to is
    named only where the person may read it; `address` gives the page of an action, a paper or a meeting."""
    scores = RiskScore.objects.select_related("mitigation").order_by("on", "pk")
    actions = actions_for(access, partnership).select_related("what").order_by("number")
    found = Risk.objects.filter(partnership=partnership, **({"code": code} if code else {}))
    risks = list(
        found.select_related("plan", "owner_partner", "source").prefetch_related(
            Prefetch("scores", scores), Prefetch("actions", actions, to_attr="readable"), "indicators"
        )
    )
    names = names_of_bodies(partnership)
    papers = {
        paper.pk: paper
        for paper in papers_for(access, partnership, now)
        .filter(pk__in=[risk.paper_id for risk in risks if risk.paper_id])
        .select_related("item__meeting")
    }
    codes = {indicator.code for risk in risks for indicator in risk.indicators.all()}
    measures = measures_of(partnership, codes, today=today, sees_protected=access.can(Permission.VIEW_PROTECTED))
    rows = [_row(risk, names.of(risk.body_id, today), papers, measures, address) for risk in risks]
    return sorted(rows, key=lambda row: -(row.now.after.value if row.now else 0))


def risks_to(plan: ImprovementPlan) -> list[tuple[str, str]]:
    """Code and title of each open risk to a plan. One query."""
    return list(plan.risks.filter(closed_on__isnull=True).values_list("code", "title"))


def _row(risk: Any, body: str, papers: dict[int, Paper], measures: dict[str, Measure], address: Address) -> RiskRow:
    paper = papers.get(risk.paper_id or 0)
    return RiskRow(
        code=risk.code,
        title=risk.title,
        cause=risk.cause,
        effect=risk.effect,
        body=body,
        plan=Link(risk.plan.title, address("improvement_plan", risk.plan.code)) if risk.plan else None,
        owner_role=risk.owner_role,
        owner=risk.owner_partner.name if risk.owner_partner else "",
        scores=tuple(map(scored, risk.scores.all())),
        measures=tuple(measures[i.code] for i in risk.indicators.all() if i.code in measures),
        actions=tuple(Link(action_words(action), address("action", action.number)) for action in risk.readable),
        paper=Link(paper.title, address("meeting", paper.item.meeting.code)) if paper else None,
        closed_on=risk.closed_on,
        closed_reason=risk.closed_reason,
        origin=origin_of(risk),
    )


def action_words(action: Action) -> str:
    """ "Action 4: Bring the figures by school."; a long one is cut."""
    body = action.what.body
    return f"Action {action.number}: {body if len(body) <= 100 else body[:99] + '…'}"


def scored(row: RiskScore) -> Scored:
    """Stored scores as rules take them; what is done about it must be selected with it."""
    return Scored(
        row.on,
        Score(row.likelihood_before, row.impact_before),
        Score(row.likelihood_after, row.impact_after),
        row.mitigation.body if row.mitigation else "",
        row.actor,
    )


@dataclass(frozen=True)
class Ties:
    """What a risk can be tied to: code, words and row of each readable action and paper."""

    actions: Sequence[tuple[str, str, Action]]
    papers: Sequence[tuple[str, str, Paper]]


def ties_for(partnership: Partnership, access: Access, now: datetime) -> Ties:
    """The open actions, and the papers of the latest meetings, that the person may read. Two queries."""
    actions = actions_for(access, partnership).filter(state__in=[Action.State.OPEN, Action.State.DONE])
    papers = papers_for(access, partnership, now).select_related("item__meeting").order_by("-item__meeting__on", "pk")
    return Ties(
        [(str(a.number), action_words(a), a) for a in actions.select_related("what").order_by("-number")[:200]],
        [(str(p.pk), f"{p.title} ({p.item.meeting.on:%B %Y})", p) for p in papers[:200]],
    )
