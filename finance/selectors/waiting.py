"""Reads what was drafted of money and waits for the decision of an approver."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from finance.models import ContractEntry, PlacementPlan, RegisterDraft
from finance.registers import REGISTERS
from indicators.models import Partnership, User
from indicators.permissions import Access
from indicators.roles import Permission

_TO_DO = "to be accepted or refused"


@dataclass(frozen=True)
class Waiting:
    """One page on which something waits: its address, and what it is in words."""

    url: str
    words: str


def waiting_for(partnership: Partnership, access: Access, user: User) -> list[Waiting]:
    """What others drafted and this person may decide: entries of contract sums by year, plans of placements, and drafts
    by register.

    None for who decides on nothing. Three queries, none for them.
    """
    if not access.can(Permission.ACCEPT):
        return []
    entries = ContractEntry.objects.filter(year__partnership=partnership, decision=None, recorded_by__isnull=False)
    drafts: dict[tuple[str, str], int] = {}
    for slug, label in (
        entries.exclude(recorded_by=user).order_by("pk").values_list("year__period__slug", "year__period__label")
    ):
        drafts[slug, label] = drafts.get((slug, label), 0) + 1
    found = [
        Waiting(
            reverse("contract_year", args=[partnership.slug, slug]),
            f"Contract sum {label}: {number} {'entry waits' if number == 1 else 'entries wait'} {_TO_DO}",
        )
        for (slug, label), number in drafts.items()
    ]
    plans = PlacementPlan.objects.filter(partnership=partnership, decision=None, by__isnull=False).exclude(by=user)
    found += [
        Waiting(
            reverse("plan", args=[partnership.slug, plan.code]),
            f"Plan of placements “{plan.name}” waits {_TO_DO}",
        )
        for plan in plans
    ]
    drafted = RegisterDraft.objects.filter(partnership=partnership, decision=None).exclude(by=user)
    numbers = dict(drafted.order_by().values_list("register").annotate(Count("pk")))
    return found + [
        Waiting(
            f"{reverse('register', args=[partnership.slug, register.code])}#drafts",
            f"{register.name}: {number} {'draft waits' if number == 1 else 'drafts wait'} {_TO_DO}",
        )
        for register in REGISTERS.values()
        if (number := numbers.get(register.code, 0))
    ]
