"""The overview of money: every section with its own page, and what it says in a sentence."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from finance.answer import answer_words
from finance.contract_sum import Kind, precision_of, sums_of
from finance.money import money_words
from finance.selectors.contract import contract_years
from finance.views import contract, ladder, outturn, projection, register_sections, scenarios, ssda903
from finance.views.drafts import sees_drafts
from finance.views.sections import Section
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission

# One function for each section, in the order of the page; it gives None where nothing is held.
SECTIONS: list[Callable[[Partnership], Section | None]] = [
    contract.section,
    outturn.section,
    ladder.section,
    projection.section,
    scenarios.section,
    ssda903.section,
    *register_sections.SECTIONS,
]


def answer(partnership: Partnership) -> str:
    """Whether the latest year that has a contract sum is within it; empty where no sum or no outturn of it is held."""
    year = next((one.year for one in contract_years(partnership) if sums_of(one.year).final is not None), None)
    final = sums_of(year).final if year else None
    held = outturn.latest(partnership, year.year) if year else None
    if year is None or final is None or held is None:
        return ""
    period, found = held
    payments = [entry.money for entry in year.counted(Kind.PAYMENT)]
    words = money_words(final.value, precision_of(year))
    return answer_words(year.year.label, words, period.label, found.table.total.net, payments)


@require_safe
@requires(Permission.VIEW_APPROVED)
def money(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What is known of money, section by section."""
    held = [found for section in SECTIONS if (found := section(partnership)) is not None]
    sections = [one for one in held if not one.needs or any(request.access.can(right) for right in one.needs)]
    sees = any(one.drafts for one in sections) and sees_drafts(request, partnership)
    # Who may not see drafts is not led to a page that holds nothing else.
    sections = [one for one in sections if sees or not one.is_drafts_alone]
    context: dict[str, Any] = {"sections": sections, "answer": answer(partnership), "sees_drafts": sees}
    return render(request, "finance/overview.html", context)
