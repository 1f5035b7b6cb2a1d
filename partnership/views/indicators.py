"""An indicator beside the packs that carried its figure."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.indicators import shown_indicator, viewed_indicator
from partnership.selectors.packs import carried_by


@require_safe
@requires(Permission.VIEW_APPROVED)
def indicator_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """One indicator, with what each meeting was told of the figure in this period."""
    view = viewed_indicator(request, partnership, code)
    carried = carried_by(
        partnership, code, view.period.slug, access=request.access, today=request.today, slice_key=view.slice
    )
    return shown_indicator(request, partnership, view, {"carried": carried})
