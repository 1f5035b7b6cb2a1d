"""An indicator beside the packs that carried its figure, what rests on it, and what is being done about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.selectors.indicators import IndicatorView
from indicators.views.indicators import shown_indicator, viewed_indicator
from partnership.selectors.being_done import being_done
from partnership.selectors.citations import Citing, citing
from partnership.selectors.packs import carried_by


@require_safe
@requires(Permission.VIEW_APPROVED)
def indicator_page(request: HttpRequest, partnership: Partnership, code: str) -> HttpResponse:
    """One indicator, with what each meeting was told of the figure in this period."""
    view = viewed_indicator(request, partnership, code)
    carried = carried_by(
        partnership, code, view.period.slug, access=request.access, today=request.today, slice_key=view.slice,
        now=request.now,
    )  # fmt: skip
    more = {
        "carried": carried,
        "citing": _citing(request, partnership, view),
        "doing": _doing(request, partnership, view),
        "act_url": _act_url(request, partnership, view),
    }
    return shown_indicator(request, partnership, view, more)


def _citing(request: HttpRequest, partnership: Partnership, view: IndicatorView) -> list[dict[str, Any]]:
    """What rests on figures of the indicator, of whatever period."""
    found = citing(request.access, partnership, {line.series_id for line in view.lines})
    return [{"is": one, "url": page_of(partnership, one)} for one in found]


def _doing(request: HttpRequest, partnership: Partnership, view: IndicatorView) -> list[dict[str, Any]]:
    """What plans and risks do about the indicator, each with its page."""
    found = being_done(partnership, view.code, today=request.today)  # type: ignore[attr-defined]
    return [{"is": one, "url": reverse(one.page, args=[partnership.slug, *one.key])} for one in found]


def page_of(partnership: Partnership, one: Citing) -> str:
    """The page of what cites a figure."""
    return reverse(one.page, args=[partnership.slug, one.key])


def _act_url(request: HttpRequest, partnership: Partnership, view: IndicatorView) -> str:
    """The form of a new action that rests on the figure; empty for who adds none."""
    if view.line is None or not request.access.can(Permission.MANAGE_MEETINGS):
        return ""
    query = urlencode({"line": view.line.pk, "period": view.period.slug})
    return f"{reverse('action_new', args=[partnership.slug])}?{query}"
