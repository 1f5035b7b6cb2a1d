"""Files of all periods: a scorecard's whole history, and every approved figure."""

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from indicators.exports import blocks_response
from indicators.models import Partnership, Scorecard
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.whole_history import blocks_of, readable_series


@require_safe
@requires(Permission.EXPORT_APPROVED)
def scorecard_history(request: HttpRequest, partnership: Partnership, code: str) -> StreamingHttpResponse:
    """Every approved figure of a scorecard's lines, by indicator, oldest first."""
    card = get_object_or_404(Scorecard, partnership=partnership, code=code)
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)
    if card.audience == Scorecard.Readers.BOARD and not sees_protected:
        raise Http404("This scorecard is for the board.")
    series = readable_series(partnership, card, sees_protected=sees_protected)
    return blocks_response(f"{code}_all-periods.csv", blocks_of(series))


@require_safe
@requires(Permission.EXPORT_APPROVED)
def all_figures(request: HttpRequest, partnership: Partnership) -> StreamingHttpResponse:
    """Every approved figure of the partnership's scorecards that the person may read, by indicator, oldest first."""
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)
    series = readable_series(partnership, None, sees_protected=sees_protected)
    return blocks_response(f"{partnership.slug}_all-figures.csv", blocks_of(series))
