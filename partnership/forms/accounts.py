"""Forms of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from indicators.forms import GovForm
from partnership.forms.management import SetPasswordForm


class CodeForm(GovForm):
    """A code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
    )


class ForgottenForm(GovForm):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


class ChangePasswordForm(SetPasswordForm):
    """A new password typed twice, and the one before. Wrong ones count as failed sign-ins."""

    current = forms.CharField(
        label="Current password", strip=False, max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    field_order = ("current", "password", "again")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_current(self) -> str:
        """The password of before, if it is right."""
        current: str = self.cleaned_data["current"]
        if authenticate(self.request, username=self.user.email, password=current) is None:
            raise forms.ValidationError("The current password is not right. Check it and try again.")
        return current
