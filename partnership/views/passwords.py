"""A person sets their first password by a link that an administrator passes on; it works once and for three days."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from indicators.models import User
from indicators.operations.people import set_password
from partnership.forms.management import SetPasswordForm


def password_link(request: HttpRequest, user: User) -> str:
    """The address under which this person can set a password; it ends when it is used, or after three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return request.build_absolute_uri(reverse("set_password", args=[uid, default_token_generator.make_token(user)]))


def _user_of(uid: str, token: str) -> User | None:
    try:
        user = User.objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except (ValueError, UnicodeDecodeError):
        return None
    # A password that is set is changed by its owner alone, so a link serves only for the first one.
    if user is None or user.has_usable_password():
        return None
    return user if default_token_generator.check_token(user, token) else None


@login_not_required
def choose_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Asks for a new password twice, and sets it."""
    user = _user_of(uid, token)
    if user is None:
        return render(request, "partnership/set_password.html", {"is_over": True}, status=410)
    form = SetPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        set_password(user=user, password=form.cleaned_data["password"], by=user)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign_in")
    return render(request, "partnership/set_password.html", {"form": form, "person": user})
