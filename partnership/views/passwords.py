"""Passwords: the first one by invitation, a new one by e-mail, another one by choice."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from indicators import operations
from indicators.models import User
from indicators.operations.people import BY_MAIL
from partnership.forms.accounts import ChangePasswordForm, ForgottenForm
from partnership.forms.management import SetPasswordForm
from partnership.operations.invitations import (
    Link,
    accept_invitation,
    change_password,
    open_invitation,
    send_reset,
)
from partnership.selectors.accounts import counts_from, sends_mail
from partnership.views.public import seconds_to_wait

log = logging.getLogger("operations")
_RESET = "partnership.views.passwords.reset"
RESET_SECONDS = 60 * 60
ASKED_IN_A_MINUTE = 5


def _address(request: HttpRequest, path: str) -> str:
    """The whole address of a page, on the host that links in e-mails lead to."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def invitation_link(request: HttpRequest, *, by_mail: bool) -> Link:
    """How an invitation is passed on: its address on this host, or on the host of e-mails."""
    if by_mail:
        return Link(lambda secret: _address(request, reverse("set_password", args=[secret])), by_mail=True)
    return Link(lambda secret: request.build_absolute_uri(reverse("set_password", args=[secret])))


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Asks who was invited for a password twice, and sets it."""
    invitation = open_invitation(secret, request.now)
    if invitation is None or invitation.user.has_usable_password():
        return render(request, "partnership/set_password.html", {"is_over": True}, status=410)
    form = SetPasswordForm(request.POST or None, user=invitation.user)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(invitation=invitation, password=form.cleaned_data["password"], at=request.now)
        except operations.OperationError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign_in")
    later = counts_from(invitation.user, invitation.partnership, request.today)
    context = {"form": form, "person": invitation.user, "later": later, "place": invitation.partnership}
    return render(request, "partnership/set_password.html", context)


def _state_of(user: User) -> str:
    """What a link to a new password must agree with: over once the password or the account changed."""
    text = f"{user.password}:{user.sessions_ended}:{user.last_login}:{user.email}"
    return salted_hmac(_RESET, text, algorithm="sha256").hexdigest()


def reset_token(user: User) -> str:
    """The secret of a link to a new password."""
    return signing.dumps([user.pk, _state_of(user)], salt=_RESET)


def _owner_of(token: str) -> User | None:
    """Whose password a link changes; None for one that is over."""
    try:
        pk, state = signing.loads(token, salt=_RESET, max_age=RESET_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_same = user is not None and user.has_usable_password() and constant_time_compare(state, _state_of(user))
    return user if is_same else None


def _afterwards(response: HttpResponse, do: Callable[[], object]) -> HttpResponse:
    """Does something once the answer has gone out, so that how long it takes tells nothing."""
    close = response.close

    def closed() -> None:
        close()
        try:
            do()
        except operations.OperationError:
            log.error("send_reset: the e-mail could not be sent")

    response.close = closed  # type: ignore[method-assign]
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Sends a link to a new password; the answer is the same whether there is such an account or not."""
    form = ForgottenForm(request.POST or None)
    context = {"form": form, "can_send": sends_mail()}
    if request.method != "POST" or not form.is_valid() or not sends_mail():
        return render(request, "partnership/account/forgotten.html", context)
    if seconds_to_wait(request, "reset", ASKED_IN_A_MINUTE):
        form.add_error(None, "This was asked for too often. Wait a minute and try again.")
        return render(request, "partnership/account/forgotten.html", context, status=429)
    email, at = form.cleaned_data["email"], request.now

    def address_of(user: User) -> str:
        return _address(request, reverse("reset_password", args=[reset_token(user)]))

    response = render(request, "partnership/account/forgotten.html", {"is_sent": True})
    return _afterwards(response, lambda: send_reset(email=email, address_of=address_of, at=at))


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for a new password twice, and sets it, for who has the link of an e-mail; signs them out everywhere."""
    user = _owner_of(token)
    if user is None:
        return render(request, "partnership/set_password.html", {"is_over": True, "is_reset": True}, status=410)
    form = SetPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        change_password(user=user, password=form.cleaned_data["password"], what=BY_MAIL, at=request.now)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign_in")
    return render(request, "partnership/set_password.html", {"form": form, "person": user})


@never_cache
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Changes the own password, for who gives the one before; signs out everywhere else."""
    form = ChangePasswordForm(request.POST or None, request=request, user=request.user)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        change_password(user=request.user, password=password, what="On the page of the account", at=request.now)
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("account")
    return render(request, "partnership/account/password.html", {"form": form})
