"""What a person sees when a request is refused, or could not be answered."""

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import Error as AnyDatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template import loader
from django.utils.http import escape_leading_slashes
from django.views import defaults

from indicators.envelope import LEFT_OUT
from indicators.operations.basics import is_disk_full
from partnership.selectors.readiness import is_away
from partnership.views.accounts import kept_from_stale_form

RETRY_SECONDS = 20
LONGEST_NAME = 200  # that many signs of any alphabet fit into the head of a file
_MOST_AGAIN = 512 * 1024


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not come from a page of this service, or its page is too old; what was typed is shown again if it
    is the person's own."""
    return kept_from_stale_form(request) or render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read. The head of a file, which is little more than its name, may have 1 kB: where it is
    longer, the page says what to do about the name."""
    is_long_name = isinstance(exception, MultiPartParserError) and "header size" in str(exception)
    context = {"request_id": getattr(request, "request_id", ""), "longest": LONGEST_NAME if is_long_name else 0}
    return render(request, "400.html", context, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong. Where it is the database that does not answer or is full, a page that says so and can be
    tried again (503); it asks nothing of the database itself."""
    error = sys.exc_info()[1]
    full = isinstance(error, AnyDatabaseError) and is_disk_full(error)
    if not full and not (isinstance(error, AnyDatabaseError) and is_away(error)):
        return defaults.server_error(request)
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Not available", "status": 503, "detail": "Ask again in a moment."}
        response: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        is_sent = request.method == "POST"
        context = {
            "request_id": getattr(request, "request_id", ""),
            "path": escape_leading_slashes(request.get_full_path()),
            "is_sent": is_sent,
            "again": _again(request) if is_sent else [],
            "is_full": full,
        }
        response = HttpResponse(loader.get_template("503.html").render(context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that can be sent again from the page; none of one with a file, which is not read here, or
    with a password, or too long."""
    if str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/"):
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, SuspiciousOperation):
        return []
    is_secret = any("password" in name or "token" in name for name, _ in fields if name not in LEFT_OUT)
    is_long = sum(len(name) + len(value) for name, value in fields) > _MOST_AGAIN
    return [] if is_secret or is_long else fields
