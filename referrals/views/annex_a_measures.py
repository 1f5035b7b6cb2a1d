"""The declared table of measures: what is computed from which list, in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.views.addresses import indicator_url
from referrals.annex_a.load_tables import list_words
from referrals.annex_a.measures import DURATIONS, MEASURES, OPEN_LATE
from referrals.annex_a.spec import LISTS
from referrals.selectors.annex_a import names_held

_KINDS = {"count": "Count", "share": "Share", "mean": "Mean", "median": "Median"}


@requires(Permission.VIEW_RETURNS)
@require_safe
def measures_page(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Every measure by list: what is counted, of what, broken down by what, and which indicator it can stand for."""
    codes = {one.indicator for one in MEASURES} - {""}
    sees_protected = request.access.can(Permission.VIEW_PROTECTED)  # type: ignore[attr-defined]
    names = names_held(partnership, codes, sees_protected=sees_protected)
    context = {
        "number": len(MEASURES),
        "durations": DURATIONS,
        "late": OPEN_LATE,
        "lists": [
            {
                "name": list_words(spec.number),
                "number": spec.number,
                "measures": [
                    {
                        "measure": one,
                        "kind": _KINDS[one.kind],
                        "by": ", ".join(by.name.lower() for by in one.by),
                        "stands_for": names.get(one.indicator, ""),
                        "url": indicator_url(partnership.slug, one.indicator) if one.indicator in names else "",
                    }
                    for one in MEASURES
                    if one.number == spec.number
                ],
            }
            for spec in LISTS
        ],
    }
    return render(request, "referrals/annex_a/measures.html", context)
