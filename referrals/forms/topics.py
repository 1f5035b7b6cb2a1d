"""The choice of the day up to which the figures of a subject are shown, sent in the page's own address."""

from typing import Any

from django import forms

from referrals.forms.front_door import PeriodForm


class UntilForm(PeriodForm):
    """The latest figures, or those up to the end of a period."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.label = "Figures up to the end of"
        field.choices = [("", "The latest"), *field.choices]
