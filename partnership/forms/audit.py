"""The filters of the record of access and exports."""

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.forms import GovForm


class AuditFilter(GovForm):
    """What of the record is shown: kind, person, and from which day until which."""

    kind = forms.ChoiceField(label="What", required=False)
    person = forms.CharField(label="Person contains", required=False, max_length=80)
    from_on = forms.DateField(label="From", required=False)
    until_on = forms.DateField(label="Until", required=False)

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day lies not before the first."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", "The last day lies before the first. Correct one of them.")
        return data
