"""How a session begins, what stands between the password and it, and where it leads on."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from indicators import envelope
from indicators.envelope import answers_json
from indicators.models import User
from indicators.operations.access import record_sign_in
from partnership import clock
from partnership.second_factor import HALF_SECONDS
from partnership.selectors.accounts import PASSED, SEEN
from partnership.selectors.accounts import session_left as time_left

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF = "half_signed_in"


def landing(request: HttpRequest, wanted: str) -> str:
    """Where to go after signing in: the address asked for if it is one of this service, else the front page; so for the
    way out, which nobody signs in for."""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    leads_out = wanted.startswith(resolve_url("sign_out"))
    return wanted if wanted.startswith("/") and allowed and not leads_out else resolve_url("front")


def shown_again(request: HttpRequest, sealed: str) -> HttpResponse:
    """The page of a sealed form, with its fields filled in and nothing saved. Raises NotKept."""
    opened = envelope.unseal(sealed, request.user.pk)
    try:
        match = resolve(opened.path)
    except Resolver404:
        raise envelope.NotKept("its page is not there any more") from None
    if not getattr(match.func, "keeps_typed", False):
        raise envelope.NotKept("its page does not take it")
    request.method = "GET"
    request.path = request.path_info = opened.path
    request.resolver_match = match
    request.GET = request.POST = QueryDict()
    request.typed = opened.fields  # type: ignore[attr-defined]
    return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]


def lead_on(request: HttpRequest, *, sealed: str, wanted: str) -> HttpResponse:
    """The answer to who has just signed in: the form that was sent without a session, or the page asked for."""
    if sealed:
        try:
            return shown_again(request, sealed)
        except envelope.NotKept as reason:
            messages.warning(request, f"What was typed before you signed in could not be taken over: {reason}.")
            return redirect("front")
    return redirect(landing(request, wanted))


def begin_half(request: HttpRequest, user: User) -> None:
    """Keeps that somebody's password was right, for a quarter of an hour. They are not signed in."""
    request.session.cycle_key()
    began = clock.machine_now().timestamp()
    request.session[HALF] = {"user": user.pk, "hash": user.get_session_auth_hash(), "began": began}


def half_signed_in(request: HttpRequest) -> User | None:
    """Whose password was right in this browser within a quarter of an hour, if it and the account are unchanged."""
    held: dict[str, Any] = request.session.get(HALF) or {}
    if not held or clock.machine_now().timestamp() - held["began"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).first()
    return user if user is not None and constant_time_compare(held["hash"], user.get_session_auth_hash()) else None


def begin_session(request: HttpRequest, user: User, *, passed: bool) -> None:
    """Signs a person in, with a new key of the session and on record; `passed`: with their second factor. The session
    ends after the working day however it is used."""
    record_sign_in(by=user, at=request.now, request_id=request.request_id)
    login(request, user, backend=BACKEND)
    request.session.pop(HALF, None)
    request.session[PASSED] = passed
    request.session[SEEN] = clock.machine_now().timestamp()
    request.session.set_expiry(clock.machine_now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def _left(request: HttpRequest) -> JsonResponse:
    seconds, can_stay = time_left(request, clock.machine_now())
    return JsonResponse({"seconds": seconds, "can_stay": can_stay})


@answers_json
@never_cache
@require_safe
def session_left(request: HttpRequest) -> JsonResponse:
    """How many seconds the session lasts if nothing is done; asking is not doing something. For the page's script."""
    return _left(request)


session_left.only_asks = True  # type: ignore[attr-defined]


@answers_json
@never_cache
@require_POST
def session_stay(request: HttpRequest) -> JsonResponse:
    """Says that the person is still there, and how long the session lasts from now on."""
    if SEEN in request.session:
        request.session[SEEN] = clock.machine_now().timestamp()
    return _left(request)
