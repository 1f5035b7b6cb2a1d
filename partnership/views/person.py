"""For administrators: the account of one person."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from indicators import operations
from indicators.envelope import keeps_typed
from indicators.models import Partnership, User
from indicators.permissions import requires
from indicators.roles import Permission
from indicators.working_days import day_words
from partnership import clock
from partnership.operations import closing_accounts, invitations, lock_outs, second_factors
from partnership.operations.subject_access import record_given_out
from partnership.selectors.accounts import Account, account_in, counts_from, sends_mail
from partnership.selectors.subject_access import held_about
from partnership.subject_access import archive
from partnership.views.passwords import invitation_link

Step = Callable[[HttpRequest, Partnership, Account], str]


def _unlock(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    lock_outs.unlock(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"{account.user} can try to sign in again."


def _take_factor_away(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    second_factors.take_factor_away(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"{account.user} has no second factor any more, and is signed out everywhere."


def invited(request: HttpRequest, partnership: Partnership, user: User, *, by_mail: bool) -> None:
    """Invites somebody and says so; an address to pass on is shown this once. What goes wrong is said too."""
    if by_mail and not sends_mail():
        messages.error(request, "This service sends no e-mail, so nobody was invited. Pass on a link instead.")
        return
    link = invitation_link(request, by_mail=by_mail)
    try:
        address = invitations.invite(user=user, partnership=partnership, link=link, by=request.user, at=request.now)
    except operations.OperationError as error:
        messages.error(request, str(error))
        return
    if by_mail:
        said = f"An invitation is on its way to {user.email}; it works once and for three days."
        messages.success(request, said + _later_words(user, partnership, request.today))
    else:
        later = _later_words(user, partnership, request.today)
        messages.info(
            request, f"Pass this address on to set a password; it works once and for three days: {address}{later}"
        )


def _later_words(user: User, partnership: Partnership, today: date) -> str:
    """What is said of an invitation to a role that is still to come."""
    day = counts_from(user, partnership, today)
    if day is None:
        return ""
    return (
        f" The role counts from {day_words(day)}; until then they see nothing. To invite them nearer that day, cancel "
        "this on their page and send it again then."
    )


def _invite_by_mail(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    invited(request, partnership, account.user, by_mail=True)
    return ""


def _invite_by_link(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    invited(request, partnership, account.user, by_mail=False)
    return ""


def _cancel_invitation(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    invitations.cancel_invitation(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"The invitation of {account.user} is cancelled. Its address does not work any more."


def _deactivate(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    closing_accounts.deactivate(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"The account of {account.user} is deactivated, and signed out everywhere."


def _reactivate(request: HttpRequest, partnership: Partnership, account: Account) -> str:
    closing_accounts.reactivate(user=account.user, partnership=partnership, by=request.user, at=request.now)
    return f"The account of {account.user} is open again."


STEPS: dict[str, Step] = {"unlock": _unlock, "factor": _take_factor_away, "mail": _invite_by_mail,
                          "link": _invite_by_link, "cancel": _cancel_invitation, "deactivate": _deactivate,
                          "reactivate": _reactivate}  # fmt: skip


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
            said = step(request, partnership, account)
            if said:
                messages.success(request, said)
        except operations.OperationError as error:
            messages.error(request, str(error))
        return redirect("person", partnership=partnership.slug, person=person)
    crumbs = [{"label": "People", "url": reverse("people", args=[partnership.slug])}, {"label": str(account.user)}]
    return render(
        request,
        "partnership/person.html",
        {"account": account, "person": account.user, "crumbs": crumbs, "can_send": sends_mail(), "now": request.now},
    )


@never_cache
@require_POST
@requires(Permission.MANAGE_PEOPLE)
def subject_access(request: HttpRequest, partnership: Partnership, person: str) -> HttpResponse:
    """Everything that is held about a person, as a zip, for who asked for it; it is on record."""
    account = account_in(partnership, person, clock.machine_now())
    if account is None:
        raise Http404("Nobody with that code has or had a role here.")
    try:
        closing_accounts.refuse_elsewhere(account.user, partnership, request.now, ever=True)
    except operations.OperationError as error:
        messages.error(request, str(error))
        return redirect("person", partnership=partnership.slug, person=person)
    made = archive(email=account.user.email, day=day_words(request.today), tables=held_about(account.user))
    record_given_out(user=account.user, partnership=partnership, by=request.user, at=request.now)
    response = HttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="subject-access-{account.user.code}.zip"'
    return response
