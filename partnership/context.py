"""What every page's frame needs: name, menu, role, and whether this is the demonstration."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from indicators.roles import ROLE_WORDS, Permission
from partnership import clock
from partnership.selectors.accounts import session_left
from partnership.selectors.alerts import unread_count
from partnership.selectors.regions import regions_of
from partnership.session_times import WARNED_SECONDS

DEMO_TEXT = "Demonstration with published figures; not a service of Doncaster Council"

FOR_EVERYBODY = (
    ("Published data", "data"),
    ("API", "api_docs"),
    ("Symbols", "symbols"),
    ("Accessibility", "accessibility"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base.html."""
    partnership = getattr(request, "partnership", None)
    access = getattr(request, "access", None)
    nav_items, nav_tools = [], []
    if partnership is not None and access is not None and access.is_member:
        entries = [("Home", "home", None), ("Scorecards", "scorecards", Permission.VIEW_APPROVED)]
        entries += [
            ("Front door", "front_door", Permission.VIEW_APPROVED),
            ("Money", "money", Permission.VIEW_APPROVED),
            ("Governance", "governance", Permission.VIEW_APPROVED),
            ("Packs", "packs", Permission.VIEW_APPROVED),
            ("Indicators", "indicators", Permission.VIEW_APPROVED),
            ("Compare", "benchmarks", Permission.VIEW_APPROVED),
            ("Data quality", "data_quality", Permission.VIEW_APPROVED),
            ("Returns", "returns", Permission.VIEW_RETURNS),
            ("Annex A", "annex_a_loads", Permission.VIEW_RETURNS),
        ]
        entries += [("Rounds", "rounds", Permission.MANAGE_ROUNDS), ("People", "people", Permission.MANAGE_PEOPLE)]
        entries += [("Audit", "audit", Permission.VIEW_AUDIT)]
        tools = [("Search", "search", Permission.VIEW_APPROVED), ("Alerts", "alerts", Permission.VIEW_APPROVED)]
        nav_items = _entries(request, entries)
        nav_tools = _entries(request, tools)
    is_public = getattr(request, "is_public", False)
    if is_public:
        nav_items, nav_tools = [_for_everybody(request, *item) for item in FOR_EVERYBODY], []
    return {
        "partnership": partnership,
        # The same for all: then nothing of the page may look at who asks.
        "is_public": is_public,
        "licence_name": settings.DATA_LICENCE_NAME,
        "licence_url": settings.DATA_LICENCE_URL,
        "nav_items": nav_items,
        # Beside the name: what is wanted from every page.
        "nav_tools": nav_tools,
        # Counted once, and only by a page that shows it.
        "unread_alerts": SimpleLazyObject(lambda: _unread_alerts(request)) if nav_items and not is_public else 0,
        "role_words": ", ".join(ROLE_WORDS[r] for r in access.roles) if access else "",
        "warned_seconds": WARNED_SECONDS,
        "first_look": SimpleLazyObject(lambda: max(0, session_left(request, clock.machine_now())[0] - WARNED_SECONDS)),
        "own_regions": lambda: regions_of(partnership.slug, request.today) if partnership else [],
        "is_demo": settings.IS_DEMO,
        "demo_text": DEMO_TEXT if settings.IS_DEMO else "",
        "pretended_today": settings.DEMO_TODAY,
        "request_id": getattr(request, "request_id", ""),
    }


def _entries(request: Any, entries: Iterable[tuple[str, str, Permission | None]]) -> list[dict[str, Any]]:
    """Those of the entries (label, name of the address, what it takes) that the person may open."""
    found = []
    for label, name, permission in entries:
        if permission is None or request.access.can(permission):
            url = reverse(name, args=[request.partnership.slug])
            current = request.path == url or (name != "home" and request.path.startswith(url))
            found.append({"label": label, "name": name, "url": url, "current": current})
    return found


def _for_everybody(request: HttpRequest, label: str, name: str) -> dict[str, Any]:
    url = reverse(name)
    return {"label": label, "name": name, "url": url, "current": request.path == url}


def _unread_alerts(request: Any) -> int:
    return unread_count(request.partnership, request.access, request.user.pk, request.now)
