"""What a person is told of figures: the alerts they follow, and what they follow."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indicators.envelope import keeps_typed, sent_only, sent_or_kept
from indicators.models import Partnership
from indicators.operations import OperationError
from indicators.permissions import requires
from indicators.phrases import listed as listed_words
from indicators.roles import Permission
from indicators.typed_text import LONGEST_ID, whole_number
from indicators.views.addresses import indicator_url
from partnership.alerts import KIND_WORDS, KINDS, RULES, counted
from partnership.forms.alerts import AlertFilter, FollowingForm
from partnership.operations.alerts import choose_alerts, mark_read
from partnership.selectors.alerts import (
    AlertRow,
    chosen,
    following_of,
    listed,
    mine,
    rows_of,
    unread,
    with_names,
)

PAGE_SIZE = 20


@requires(Permission.VIEW_APPROVED)
@never_cache
@require_safe
def alert_list(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """The person's alerts, unread first, then the latest; filtered and paged by the address."""
    access, user_id = request.access, request.user.pk  # type: ignore[attr-defined]
    followed = following_of(partnership, access, user_id)
    form = AlertFilter(request.GET, scorecards=[(one.scorecard.code, one.scorecard.name) for one in followed])
    asked = form.cleaned_data if form.is_valid() else {}
    found = mine(partnership, access, user_id, now=request.now)  # type: ignore[attr-defined]
    found = chosen(found, asked.get("kind", ""), asked.get("scorecard", ""))
    left = unread(found, user_id)
    rows = with_names(listed(left if asked.get("show") else found, user_id))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = found.aggregate(number=Count("pk"), latest=Max("pk"))
    number_unread = page.paginator.count if asked.get("show") else left.count()
    follows = [one.scorecard.name for one in followed if one.following.is_on]
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": any(asked.values()),
        "filtered_by": [(name, asked[name]) for name in ("kind", "scorecard") if asked.get(name)],
        "page": page,
        "rows": _shown(partnership, rows_of(page, followed)),
        "counted": counted(counts["number"], number_unread),
        "number_unread": number_unread,
        "all_words": f"Mark all {number_unread} as read" if number_unread > 1 else "Mark it as read",
        "up_to": counts["latest"] or 0,
        "read_url": reverse("alert_read", args=[partnership.slug]),
        "follows": listed_words(follows) if follows else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "partnership/alerts/list.html", context)


def _shown(partnership: Partnership, rows: list[AlertRow]) -> list[dict[str, Any]]:
    return [{"is": row, "url": alert_url(partnership, row)} for row in rows]


def alert_url(partnership: Partnership, row: AlertRow) -> str:
    """The page of the figure that an alert is about."""
    return indicator_url(partnership.slug, *row.key, scorecard=row.scorecard_code, period=row.period_slug)


@keeps_typed
@sent_only("alerts", "partnership")
@requires(Permission.VIEW_APPROVED)
def alert_read(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Marks one alert as read, or all that the filters of the page let through and that were there when it was made."""
    if request.method != "POST":
        return redirect("alerts", partnership=partnership.slug)
    access, user = request.access, request.user  # type: ignore[attr-defined]
    found = mine(partnership, access, user.pk, now=request.now)  # type: ignore[attr-defined]
    sent = request.POST
    if sent.get("do") == "all":
        found = chosen(found, sent.get("kind", ""), sent.get("scorecard", ""), up_to=sent.get("up_to", ""))
    else:
        found = found.filter(pk=whole_number(sent.get("alert", ""), LONGEST_ID) or 0)
    number = mark_read(partnership=partnership, alerts=unread(found, user.pk), by=user, at=request.now)  # type: ignore[attr-defined]
    messages.success(request, "1 alert is marked as read." if number == 1 else f"{number} alerts are marked as read.")
    asked = sent.get("back", "")
    return redirect(f"{reverse('alerts', args=[partnership.slug])}{f'?{asked}' if asked else ''}")


@keeps_typed
@requires(Permission.VIEW_APPROVED)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert_settings(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What the person wants to be told of each scorecard, in the app and by e-mail."""
    followed = following_of(partnership, request.access, request.user.pk)  # type: ignore[attr-defined]
    form = FollowingForm(sent_or_kept(request), followed=followed)
    if request.method == "POST" and form.is_valid():
        try:
            number = choose_alerts(partnership=partnership, chosen=form.chosen, by=request.user, at=request.now)  # type: ignore[attr-defined]
        except OperationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved." if number else "Nothing was changed.")
            return redirect("alert_settings", partnership.slug)
    context = {
        "form": form,
        "here": request.path,
        "crumbs": [
            {"label": "Alerts", "url": reverse("alerts", args=[partnership.slug])},
            {"label": "What you are told of", "url": ""},
        ],
        "kinds": [{"words": KIND_WORDS[kind], "rule": RULES[kind]} for kind in KINDS],
        "email": request.user.email,  # type: ignore[union-attr]
    }
    return render(request, "partnership/alerts/settings.html", context)
