"""Single sign-on by OpenID Connect: to the provider and back. What comes back is believed only after every check."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from indicators import operations
from indicators.envelope import ENVELOPE_FIELD
from partnership import clock
from partnership.forms.accounts import CodeForm
from partnership.operations.sign_on import person_of, record_refused_sign_on
from partnership.second_factor import HALF_SECONDS
from partnership.selectors.accounts import has_factor, needs_factor
from partnership.sign_on import NOT_TRUSTED, NotBelieved, gave_second_factor
from partnership.views.public import seconds_to_wait
from partnership.views.second_steps import second_step_page, set_up_page
from partnership.views.sessions import begin_half, begin_session, lead_on

CARRIED, STATES, BY_PROVIDER = "sign_on_carried", "oidc_states", "signed_on_by_provider"
BEGUN_IN_A_MINUTE = 20
# Loaded when somebody signs in through it: it brings libraries that no other page needs.
_PROVIDER, _WAY_THERE = "partnership.imports.Provider", "mozilla_django_oidc.views.OIDCAuthenticationRequestView"


def _offered() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404("No provider of identities is named.")


@login_not_required
@never_cache
@require_POST
def sign_on(request: HttpRequest) -> HttpResponse:
    """Leads to the provider; what was typed before the session ended waits in this session for the way back."""
    _offered()
    if seconds_to_wait(request, "sign_on", BEGUN_IN_A_MINUTE):
        messages.error(request, "This was begun too often. Wait a minute and try again.")
        return redirect("sign_in")
    sealed, wanted = request.POST.get(ENVELOPE_FIELD, ""), request.POST.get("next", "")
    request.session[CARRIED] = {"sealed": sealed, "wanted": wanted}
    return import_string(_WAY_THERE)().get(request)  # type: ignore[no-any-return]


@login_not_required
@never_cache
@require_safe
def sign_on_back(request: HttpRequest) -> HttpResponse:
    """Signs in who comes back from the provider, if it said so to this browser just now and the person was invited."""
    _offered()
    held = request.session.get(STATES, {}).pop(request.GET.get("state", ""), None)
    carried = request.session.pop(CARRIED, {"sealed": "", "wanted": ""})
    request.session.modified |= STATES in request.session
    try:
        if held is None or clock.machine_now().timestamp() - held["added_on"] > HALF_SECONDS:
            raise NotBelieved("It was not begun in this browser, or is over.")
        claims = import_string(_PROVIDER)().identity(request, held)
    except NotBelieved:
        was_begun = held is not None
        return _refused(request, carried, NOT_TRUSTED, "what came back could not be checked", was_begun=was_begun)
    try:
        user = person_of(issuer=claims["iss"], subject=claims["sub"], claims=claims, at=request.now)
    except operations.OperationError as error:
        return _refused(request, carried, str(error), "the person has no open account")
    return _welcomed(request, user, claims, carried)


def _refused(
    request: HttpRequest, carried: Mapping[str, str], words: str, why: str, *, was_begun: bool = True
) -> HttpResponse:
    """Back to the sign-in page; on record if it was begun in this browser, for anybody can call this address."""
    if was_begun:
        record_refused_sign_on(why=why, at=request.now, request_id=request.request_id)
    if any(carried.values()):
        request.session[CARRIED] = dict(carried)
    messages.error(request, words)
    return redirect("sign_in")


def _welcomed(request: HttpRequest, user: Any, claims: Mapping[str, Any], carried: Mapping[str, str]) -> HttpResponse:
    """The second step where the provider did not ask for one; else in."""
    passed = gave_second_factor(claims, settings.OIDC_SECOND_FACTOR)
    more = {"sealed": carried["sealed"], "next_url": carried["wanted"]}
    request.session[BY_PROVIDER] = True
    if not passed and has_factor(user):
        begin_half(request, user)
        return second_step_page(request, CodeForm(), **more)
    if not passed and needs_factor(user, request.today):
        begin_half(request, user)
        return set_up_page(request, user, CodeForm(), **more)
    begin_session(request, user, passed=passed)
    return lead_on(request, sealed=carried["sealed"], wanted=carried["wanted"])


def address_to_sign_out(request: HttpRequest) -> str:
    """Where to sign out at the provider too, for who signed in through it; else empty."""
    if not settings.OIDC_ISSUER or not settings.OIDC_OP_END_SESSION_ENDPOINT or not request.session.get(BY_PROVIDER):
        return ""
    back = request.build_absolute_uri(reverse("sign_in"))
    asked = urlencode({"client_id": settings.OIDC_RP_CLIENT_ID, "post_logout_redirect_uri": back})
    return f"{settings.OIDC_OP_END_SESSION_ENDPOINT}?{asked}"
