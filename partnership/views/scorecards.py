"""A scorecard beside what meetings were told of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.scorecards import opened_scorecard, shown_scorecard
from partnership.selectors.packs import told_of


@require_safe
@requires(Permission.VIEW_APPROVED)
def scorecard_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A scorecard in a period, with the packs that carried it and how many of their figures differ now."""
    opened = opened_scorecard(request, partnership, code)
    told = []
    if opened.period is not None:
        told = told_of(
            opened.scorecard, opened.period, access=request.access, today=request.today, as_at=opened.as_at,
            now=request.now,
        )  # fmt: skip
    return shown_scorecard(request, partnership, opened, {"told": told, "today": request.today})
