"""How the field stands, in numbers for whoever watches the service: returns, rounds and packs of each partnership."""

from collections import Counter
from datetime import date

from django.conf import settings
from django.db.models import Count

from indicators.models import Partnership, ReportingRound, Return
from partnership.models import Pack, PackEvent
from partnership.request_counts import Metric

_WAITING = (Return.State.OPEN, Return.State.RETURNED)


def field_metrics(today: date) -> list[Metric]:
    """Returns by state, due and late, and packs by state; no figure and no person. Four queries."""
    slugs = dict(Partnership.objects.order_by("slug").values_list("pk", "slug"))
    states: Counter[tuple[int, str]] = Counter()
    due: Counter[int] = Counter()
    late: Counter[int] = Counter()
    rows = Return.objects.filter(round__state=ReportingRound.State.OPEN).values_list(
        "round__partnership", "state", "round__due_on"
    )
    for place, state, due_on, number in rows.annotate(number=Count("pk")).order_by():
        states[(place, state)] += number
        if state in _WAITING and due_on is not None:
            (late if due_on < today else due)[place] += number
    packs = _packs()
    return [
        Metric("partnership_build_info", "Which version runs.", "gauge", (({"version": settings.VERSION}, 1),)),
        Metric("partnership_returns", "Returns of open rounds.", "gauge", tuple(
            ({"partnership": slug, "state": state}, states[(pk, state)])
            for pk, slug in slugs.items() for state in Return.State.values
        )),
        Metric("partnership_returns_due", "Returns to be handed in, in time.", "gauge",
               tuple(({"partnership": slug}, due[pk]) for pk, slug in slugs.items())),
        Metric("partnership_returns_late", "Returns to be handed in, past their day.", "gauge",
               tuple(({"partnership": slug}, late[pk]) for pk, slug in slugs.items())),
        Metric("partnership_packs", "Packs.", "gauge", tuple(
            ({"partnership": slug, "state": state}, packs[(pk, state)])
            for pk, slug in slugs.items() for state in ("draft", "published", "superseded", "withdrawn")
        )),
    ]  # fmt: skip


def _packs() -> Counter[tuple[int, str]]:
    """Packs by partnership and state, which is what the last of their events says."""
    action = PackEvent.Action
    states: dict[int, str] = {}
    named = {
        action.PUBLISHED: "published", action.WITHDRAWN: "withdrawn", action.SUPERSEDED: "superseded",
        action.REINSTATED: "published",
    }  # fmt: skip
    for pack, what in PackEvent.objects.filter(action__in=list(named)).order_by("pk").values_list("pack", "action"):
        if states.get(pack) != "withdrawn":
            states[pack] = named[action(what)]
    found: Counter[tuple[int, str]] = Counter()
    for pk, place in Pack.objects.values_list("pk", "partnership"):
        found[(place, states.get(pk, "draft"))] += 1
    return found
