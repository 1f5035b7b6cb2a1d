"""What a person sees and changes of their own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnership.selectors.accounts import codes_left, has_factor, needs_factor


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """How the person signs in, and what they can change about it."""
    context = {
        "has_factor": has_factor(request.user),
        "codes_left": codes_left(request.user),
        "must": needs_factor(request.user, request.today),
    }
    return render(request, "partnership/account/account.html", context)
