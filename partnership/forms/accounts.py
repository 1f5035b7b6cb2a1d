"""Forms of one's own account."""

from django import forms

from indicators.forms import GovForm


class CodeForm(GovForm):
    """A code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
    )
