"""Drafts of money on a page: what waits for a decision with its forms, and what was refused; so many at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from finance.selectors.contract import may, parties
from indicators.models import Partnership
from indicators.roles import Permission

# A draft is a form, so a page holds few of them; what is over is a line each.
DRAFTS_PER_PAGE, ROWS_PER_PAGE = 20, 50
# The parts of an address that turn the pages of each list.
WAITING, ENDED = "drafts", "refused"


def sees_drafts(request: HttpRequest, partnership: Partnership) -> bool:
    """Whether the person reads returns of the council or the trust, and so what is drafted of their money."""
    return may(request.access, Permission.VIEW_RETURNS, parties(partnership))  # type: ignore[attr-defined]


def paged(request: HttpRequest, rows: Any, field: str, *, per_page: int = ROWS_PER_PAGE, at: int | None = None) -> Page:
    """The page of a list that the address asks for; with `at` the one on which the row at that place stands."""
    number = at // per_page + 1 if at is not None else request.GET.get(field)
    return Paginator(rows, per_page).get_page(number)


def drafts_shown(
    request: HttpRequest, waits: Any, ended: Any, *, shown: Callable[[Any], dict[str, Any]],
    told: Callable[[Any], dict[str, str]], at: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What templates/finance/_drafts.html draws: `shown` makes of a draft what its form needs, `told` of one that was
    refused or withdrawn its line; `at` is the place of the draft that must be on the page."""
    page = paged(request, waits, WAITING, per_page=DRAFTS_PER_PAGE, at=at)
    over = paged(request, ended, ENDED, per_page=DRAFTS_PER_PAGE)
    return {
        "page": page,
        "number": page.paginator.count,
        "rows": [shown(row) for row in page],
        "ended_page": over,
        "ended": [told(row) for row in over],
        "fields": {"waiting": WAITING, "ended": ENDED},
    }


def place_of(rows: Sequence[Any], matches: Callable[[Any], bool]) -> int | None:
    """At which place the first row stands that matches; None for none."""
    return next((number for number, row in enumerate(rows) if matches(row)), None)
