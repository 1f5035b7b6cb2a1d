"""Forms of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from indicators.forms import GovForm
from partnership.forms.management import SetPasswordForm
from partnership.lock_out import locked_words
from partnership.operations.lock_outs import locked_until

TOO_OFTEN = "There were too many attempts. Wait a quarter of an hour and try again."


class CodeForm(GovForm):
    """A code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
    )


class SetUpForm(CodeForm):
    """A code of the new app; from who has a second factor already also one of that."""

    present = forms.CharField(
        label="Code of the app you have now, or a recovery code", max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("present", "code")

    def __init__(self, *args: Any, has_one: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_one:
            self.relabel("code", "Code of the new app")
        else:
            del self.fields["present"]


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
            if getattr(self.request, "axes_locked_out", False):
                until = locked_until(self.request, self.user.email)
                raise forms.ValidationError(locked_words(until) if until else TOO_OFTEN)
            raise forms.ValidationError("The current password is not right. Check it and try again.")
        return current

    def clean_password(self) -> str:
        """Another one than before."""
        password = super().clean_password()
        if self.user.check_password(password):
            raise forms.ValidationError("This is the password you have. Choose another one.")
        return password
