"""What a person sees when a request is refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form did not come from a page of this service, or its page is too old."""
    return render(request, "403_csrf.html", status=403)
