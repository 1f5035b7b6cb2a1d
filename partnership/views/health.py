"""For what watches the service: whether it lives, whether it can serve, how it does, and whom to tell of a weakness."""

import ipaddress
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnership.middleware import TALLY
from partnership.request_counts import exposition, of_requests
from partnership.selectors.metrics import field_metrics
from partnership.selectors.readiness import is_ready
from partnership.views.public import kept, public

READY_SECONDS = 5
_GOOD_FOR_DAYS = 180
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Whether the service and its database answer; for load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: the database answers and is migrated. Asked of it every five seconds at most;
    why not is for the log and for manage.py doctor."""
    found = cache.get("ready")
    if found is None:
        found = is_ready()
        cache.set("ready", found, READY_SECONDS)
    response = JsonResponse({"status": "ready" if found else "not ready"}, status=200 if found else 503)
    if not found:
        response["Retry-After"] = str(READY_SECONDS)
    return response


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, for who has the token or asks on this machine; there is no such page for anybody else."""
    if not _may_measure(request):
        raise Http404
    return HttpResponse(exposition([*field_metrics(request.today), *of_requests(TALLY.of_all())]), content_type=_TEXT)


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116), once SECURITY_CONTACT names somebody. Good for half a year from the day it
    is asked for, since whoever runs the service answers for the setting as long as it runs."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (request.today + timedelta(days=_GOOD_FOR_DAYS)).isoformat()
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires}T00:00:00Z", "Preferred-Languages: en"]
    if settings.PUBLIC_URL:
        lines.append(f"Canonical: {settings.PUBLIC_URL}{reverse('security_txt')}")
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    return kept(request, response)


def _may_measure(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    try:
        is_here = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    # What a proxy on this machine passes on comes from elsewhere.
    return is_here and not {"X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded"} & set(request.headers)
