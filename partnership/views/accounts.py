"""Sign in and out, and what happens to a form that was sent after its session had ended."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from indicators import envelope
from indicators.forms import GovForm
from indicators.operations.access import record_failed_sign_in, record_sign_out
from partnership import clock
from partnership.forms.accounts import CodeForm
from partnership.lock_out import locked_words
from partnership.operations.lock_outs import locked_until, record_lock_out
from partnership.selectors.accounts import has_factor, lacks_factor, needs_factor, session_left
from partnership.views.second_steps import second_step_page, set_up_page
from partnership.views.sessions import begin_half, begin_session, landing, lead_on, shown_again
from partnership.views.sign_on import CARRIED, address_to_sign_out

WRONG = "The e-mail address or the password is not right. Check both and try again."


class SignInForm(GovForm):
    """E-mail address and password; says nothing about which of the two is wrong."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(strip=False, max_length=4096, widget=forms.PasswordInput)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: Any = None
        self.was_refused = False
        self.locked_until: datetime | None = None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("email") and values.get("password"):
            self.user = authenticate(self.request, username=values["email"], password=values["password"])
            if self.user is None:
                self.was_refused = True
                if getattr(self.request, "axes_locked_out", False):
                    self.locked_until = locked_until(self.request, values["email"])
                self.add_error(None, locked_words(self.locked_until) if self.locked_until else WRONG)
        return values

    def record_refusal(self) -> None:
        """Puts a refused sign-in on record. What is tried while it is locked is not looked at, and not recorded."""
        if not self.was_refused or (self.locked_until and self.request.axes_failures_since_start is None):
            return
        said = {"email": self.cleaned_data.get("email", ""), "at": self.request.now}
        record_failed_sign_in(**said, request_id=self.request.request_id)
        if self.locked_until:
            record_lock_out(**said, until=self.locked_until, request_id=self.request.request_id)


def sign_in_page(
    request: HttpRequest, form: SignInForm, *, sealed: str = "", lost: str = "", next_url: str = "", status: int = 200
) -> HttpResponse:
    """The page with the form; `sealed` is the envelope it carries, `lost` says why typed text could not be kept."""
    context = {"form": form, "sealed": sealed, "lost": lost, "next_url": next_url, "kept": bool(sealed)}
    context["sign_on"] = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
    return render(request, "partnership/sign_in.html", context, status=status)


def kept_from_stale_form(request: HttpRequest) -> HttpResponse | None:
    """For the page that refuses a form with an old CSRF token (the person signed in again in another window): the form
    shown again filled in, or the sign-in page that carries it. None when it is not the person's own or not to be kept.
    """
    match = request.resolver_match
    try:
        if match is not None and getattr(match.func, "keeps_typed", False):
            sealed = envelope.seal(request.POST, request.path)
        else:
            sealed = request.POST.get(envelope.ENVELOPE_FIELD, "")
        if not sealed:
            return None
        if (
            request.user.is_authenticated
            and session_left(request, clock.machine_now())[0]
            and not lacks_factor(request)
        ):
            return shown_again(request, sealed)
    except envelope.NotKept:
        return None
    return sign_in_page(request, SignInForm(request), sealed=sealed, status=403)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs a person in and leads on: to the page asked for, or back to the form that was sent without a session.

    The middleware calls it for such a form, with `request.ended_form`; it then shows the page, status 403.
    """
    if hasattr(request, "ended_form"):
        kept, lost = request.ended_form, request.lost_because
        return sign_in_page(request, SignInForm(request), sealed=kept, lost=lost, next_url=request.path, status=403)
    if request.method != "POST":
        wanted = request.GET.get("next", "")
        if request.user.is_authenticated:
            return redirect(landing(request, wanted))
        carried = request.session.pop(CARRIED, {})  # of who came back from a provider without being signed in
        sealed = carried.get("sealed", "")
        return sign_in_page(request, SignInForm(request), sealed=sealed, next_url=wanted or carried.get("wanted", ""))
    sealed, wanted = request.POST.get(envelope.ENVELOPE_FIELD, ""), request.POST.get("next", "")
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        form.record_refusal()
        status = 429 if form.locked_until else 200
        return sign_in_page(request, form, sealed=sealed, next_url=wanted, status=status)
    if has_factor(form.user):
        begin_half(request, form.user)
        return second_step_page(request, CodeForm(), sealed=sealed, next_url=wanted)
    if needs_factor(form.user, request.today):
        begin_half(request, form.user)
        return set_up_page(request, form.user, CodeForm(), sealed=sealed, next_url=wanted)
    begin_session(request, form.user, passed=False)
    return lead_on(request, sealed=sealed, wanted=wanted)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    if request.user.is_authenticated:
        record_sign_out(by=request.user, at=request.now, request_id=request.request_id)
    elsewhere = address_to_sign_out(request)
    logout(request)
    if elsewhere:
        return redirect(elsewhere)
    messages.success(request, "You are signed out.")
    return redirect("sign_in")
