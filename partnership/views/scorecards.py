"""A scorecard beside what meetings were told of it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.kept import Drawn, kept_page
from indicators.views.scorecards import drawn_scorecard, opened_scorecard
from partnership.selectors.packs import told_of


@require_safe
@requires(Permission.VIEW_APPROVED)
def scorecard_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """A scorecard in a period, with the packs that carried it and how many of their figures differ now."""
    return kept_page(request, "indicators/scorecard.html", lambda: _drawn(request, partnership, code))


def _drawn(request: HttpRequest, partnership: Partnership, code: str) -> Drawn:
    opened, told = opened_scorecard(request, partnership, code), []
    if opened.period is not None:
        told = told_of(
            opened.scorecard, opened.period, access=request.access, today=request.today, as_at=opened.as_at,
            now=request.now,
        )  # fmt: skip
    return drawn_scorecard(request, partnership, opened, {"told": told, "today": request.today})
