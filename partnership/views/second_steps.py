"""The second step of signing in, and the own second factor: set up, recovery codes, removed."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from indicators import operations
from indicators.envelope import ENVELOPE_FIELD
from indicators.models import User
from partnership import clock
from partnership.charts import qr_svg
from partnership.forms.accounts import CodeForm, SetUpForm
from partnership.operations import second_factors
from partnership.second_factor import HALF_SECONDS, WRONG, app_address, secret_text
from partnership.selectors.accounts import PASSED, has_factor, needs_factor
from partnership.views.sessions import begin_session, half_signed_in, lead_on

KEY = "second_factor_key"
_CODES = "partnership.second_factor.codes"


def second_step_page(
    request: HttpRequest, form: CodeForm, *, sealed: str = "", next_url: str = "", status: int = 200
) -> HttpResponse:
    """Asks for the code; `sealed` is what was typed before the session ended, carried on."""
    context = {"form": form, "sealed": sealed, "next_url": next_url, "kept": bool(sealed)}
    return render(request, "partnership/account/second_step.html", context, status=status)


def set_up_page(
    request: HttpRequest, user: User, form: CodeForm, *, sealed: str = "", next_url: str = "", status: int = 200
) -> HttpResponse:
    """The secret of a new second factor as QR code and as text; it stays the same until it is set up."""
    key = bytes.fromhex(request.session.setdefault(KEY, second_factors.new_key()))
    label = "QR code of the secret below, for an authenticator app"
    context = {
        "form": form,
        "person": user,
        "is_due": not request.user.is_authenticated or needs_factor(user, request.today),
        "qr": qr_svg(app_address(key, user.email), label),
        "secret": secret_text(key),
        "sealed": sealed,
        "next_url": next_url,
        "kept": bool(sealed),
    }
    return render(request, "partnership/account/set_up.html", context, status=status)


def _codes_page(request: HttpRequest, codes: Sequence[str], *, sealed: str = "", next_url: str = "") -> HttpResponse:
    """Ten recovery codes, shown this once; the page also carries them to the file."""
    file = signing.dumps([request.user.pk, list(codes)], salt=_CODES)
    context = {"codes": codes, "file": file, "sealed": sealed, "next_url": next_url, "kept": bool(sealed)}
    return render(request, "partnership/account/codes.html", context)


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second step of signing in, for who has just given the right password in this browser."""
    user = half_signed_in(request)
    if user is None:
        if request.method == "POST":
            messages.warning(request, "More than 15 minutes have passed. Sign in again.")
        return redirect("sign_in")
    carried = {"sealed": request.POST.get(ENVELOPE_FIELD, ""), "next_url": request.POST.get("next", "")}
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return second_step_page(request, form, **carried)
    checked = _checked(request, user, form)
    if not checked:
        return second_step_page(request, form, **carried)
    begin_session(request, user, passed=True)
    return lead_on(request, sealed=carried["sealed"], wanted=carried["next_url"])


def _checked(request: HttpRequest, user: User, form: CodeForm, *, box: str = "code") -> bool:
    """Whether the code in a box is right; otherwise the form says what to do."""
    found = second_factors.check_code(
        user=user, code=form.cleaned_data[box], moment=clock.machine_now(), at=request.now,
        request_id=request.request_id,
    )  # fmt: skip
    if not found.is_right:
        form.add_error(box, found.words)
    return found.is_right


@login_not_required
@never_cache
@sensitive_post_parameters("code", "present")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_factor(request: HttpRequest) -> HttpResponse:
    """Sets up a second factor, for who is signed in or must have one before they are; shows the recovery codes once.

    The middleware calls it for who is signed in and lacks one, with `request.ended_form`; the page is
    then shown with status 403.
    """
    if hasattr(request, "ended_form"):
        kept = {"sealed": request.ended_form, "next_url": request.path}
        return set_up_page(request, request.user, SetUpForm(), **kept, status=403)
    user = request.user if request.user.is_authenticated else half_signed_in(request)
    if user is None:
        return redirect("sign_in")
    if not request.user.is_authenticated and has_factor(user):
        return redirect("second_step")  # a password alone must not replace the factor
    carried = {"sealed": request.POST.get(ENVELOPE_FIELD, ""), "next_url": request.POST.get("next", "")}
    form = SetUpForm(request.POST or None, has_one=has_factor(user))
    if request.method != "POST" or not form.is_valid() or KEY not in request.session:
        return set_up_page(request, user, form, **carried)
    if "present" in form.fields and not _replaces(request, user, form):
        return set_up_page(request, user, form, **carried)
    said = {"code": form.cleaned_data["code"], "moment": clock.machine_now(), "at": request.now}
    try:
        codes = second_factors.add_factor(user=user, key=request.session[KEY], **said)
    except operations.OperationError as error:
        form.add_error("code", str(error))
        return set_up_page(request, user, form, **carried)
    del request.session[KEY]
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        request.session[PASSED] = True
    else:
        begin_session(request, user, passed=True)
    return _codes_page(request, codes, **carried)


def _replaces(request: HttpRequest, user: User, form: SetUpForm) -> bool:
    """Whether a code of the second factor that is to be replaced is right: an open session alone must not replace it.
    The new app is asked first, so that no recovery code is used up for nothing."""
    if not second_factors.is_code_of(request.session[KEY], form.cleaned_data["code"], clock.machine_now()):
        form.add_error("code", WRONG)
        return False
    return _checked(request, user, form, box="present")


set_up_factor.serves_signed_in = True  # an idle session is over here too


@never_cache
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """From the recovery codes to where the person wanted to go when they signed in."""
    return lead_on(request, sealed=request.POST.get(ENVELOPE_FIELD, ""), wanted=request.POST.get("next", ""))


@never_cache
@sensitive_post_parameters("file")
@require_POST
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """The recovery codes that a page has just shown to this person, as a text file."""
    try:
        owner, codes = signing.loads(
            request.POST.get("file", ""), salt=_CODES, max_age=timedelta(seconds=HALF_SECONDS)
        )  # fmt: skip
    except signing.BadSignature:
        return HttpResponseBadRequest("The codes are not shown any more. Make new ones on the page of your account.")
    if owner != request.user.pk:
        return HttpResponseBadRequest("These codes are somebody else’s.")
    text = "Recovery codes, each for one sign-in\r\n\r\n" + "".join(f"{code}\r\n" for code in codes)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Makes new recovery codes, for who gives a code, and shows them once."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _checked(request, request.user, form):
        codes = second_factors.renew_recovery_codes(user=request.user, at=request.now)
        return _codes_page(request, codes, next_url="/account/")
    return render(request, "partnership/account/code.html", {"form": form, "renews": True})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Takes the own second factor away, for who gives a code of it and need not have one."""
    if needs_factor(request.user, request.today):
        messages.error(request, "Approvers and administrators must have a second factor. You can set up another one.")
        return redirect("account")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _checked(request, request.user, form):
        second_factors.remove_own_factor(user=request.user, at=request.now)
        update_session_auth_hash(request, request.user)
        request.session[PASSED] = False
        messages.success(request, "You sign in with your password alone from now on.")
        return redirect("account")
    return render(request, "partnership/account/code.html", {"form": form})
