"""What happened to the figures of a return, approved or not, in sentences."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from indicators.models import Partnership, Return
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.history import history_of, withheld_in_history
from indicators.selectors.returns import transitions_of
from indicators.views.addresses import indicator_url
from indicators.views.return_entry import address, opened


@requires(Permission.VIEW_RETURNS)
@never_cache
@require_safe
def return_history(request: HttpRequest, partnership: Partnership, **key: Any) -> HttpResponse:
    """Every revision that the return brought: from what to what, by whom, when, why, and who decided on it."""
    row = opened(request, partnership, key)
    withheld = frozenset() if request.access.can(Permission.VIEW_PROTECTED) else withheld_in_history(row)
    context = {
        "row": row,
        "left_out": len(withheld),
        "is_correction": row.kind == Return.Kind.RESTATEMENT,
        "steps": transitions_of(row),
        "return_url": address("return", partnership.slug, row),
        "figures": [
            {
                "name": found.name,
                "url": indicator_url(partnership.slug, found.code, found.slice),
                "changes": found.changes,
            }
            for found in history_of(row, without=withheld)
        ],
    }
    return render(request, "indicators/returns/history.html", context)
