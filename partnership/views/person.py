"""For administrators: the account of one person."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators import operations
from indicators.envelope import keeps_typed
from indicators.models import Partnership
from indicators.permissions import requires
from indicators.roles import Permission
from partnership import clock
from partnership.operations import lock_outs, second_factors
from partnership.selectors.accounts import Account, account_in

Step = Callable[[HttpRequest, Partnership, Account], str]


def _unlock(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    lock_outs.unlock(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"{account.user} can try to sign in again."


def _take_factor_away(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    second_factors.take_factor_away(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"{account.user} has no second factor any more, and is signed out everywhere."


STEPS: dict[str, Step] = {"unlock": _unlock, "factor": _take_factor_away}


@keeps_typed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person(request: HttpRequest, partnership: Partnership, person: str) -> HttpResponse:
    """What is known of a person's account, and what an administrator can do about it."""
    account = account_in(partnership, person, clock.machine_now())
    if account is None:
        raise Http404("Nobody with that code has or had a role here.")
    step = STEPS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if step is not None:
        try:
            messages.success(request, step(request, partnership, account))
        except operations.OperationError as error:
            messages.error(request, str(error))
        return redirect("person", partnership=partnership.slug, person=person)
    crumbs = [{"label": "People", "url": reverse("people", args=[partnership.slug])}, {"label": str(account.user)}]
    return render(request, "partnership/person.html", {"account": account, "person": account.user, "crumbs": crumbs})
