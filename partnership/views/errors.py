"""What a person sees when a request is refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnership.views.accounts import kept_from_stale_form


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not come from a page of this service, or its page is too old; what was typed is shown again if it
    is the person's own."""
    return kept_from_stale_form(request) or render(request, "403_csrf.html", status=403)
