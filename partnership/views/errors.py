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

from indicators.envelope import LEFT_OUT, OWNER_FIELD, NotKept, owner_of
from indicators.operations.basics import is_disk_full
from partnership.selectors.accounts import ended_role
from partnership.selectors.readiness import is_away
from partnership.typed_again import typed_texts
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


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person's role does not include it; who had typed something before it ended is given that back."""
    return _closed_since(request, 403) or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page for this person; who had typed something before their role ended is given that back."""
    return _closed_since(request, 404) or defaults.page_not_found(request, exception)


def _closed_since(request: HttpRequest, status: int) -> HttpResponse | None:
    """For a form that this very person was shown at this very address, and may send no more: what was typed, to be
    copied. None for everybody else, who learns as little of it as before."""
    view = request.resolver_match.func if request.resolver_match is not None else None
    if request.method != "POST" or not getattr(view, "keeps_typed", False) or not request.user.is_authenticated:
        return None
    has_file = str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/")
    if has_file and not hasattr(request, "_files"):
        return None  # nobody has read it yet, and nothing of a file is read here
    fields = _fields(request)
    try:
        if owner_of(dict(fields).get(OWNER_FIELD, ""), request.path) != request.user.pk:
            return None
    except NotKept:
        return None
    slug = request.resolver_match.kwargs.get("partnership", "") if request.resolver_match else ""
    context = {
        "typed": typed_texts(fields),
        "ended": ended_role(request.user, slug, request.today),  # type: ignore[attr-defined]
        "request_id": getattr(request, "request_id", ""),
    }
    return render(request, "closed_since.html", context, status=status)


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
    """The fields of a form that can be sent again from the page; none of one with a file, or with a password, or too
    long."""
    if str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/"):
        return []
    return _fields(request)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into a form; nothing of one with a password, or too long."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, SuspiciousOperation):
        return []
    is_secret = any("password" in name or "token" in name for name, _ in fields if name not in LEFT_OUT)
    is_long = sum(len(name) + len(value) for name, value in fields) > _MOST_AGAIN
    return [] if is_secret or is_long else fields
