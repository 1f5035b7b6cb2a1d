"""The choice of the period that the front door is shown for, sent in the page's own address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from indicators import quarters
from indicators.forms import GovForm

_KINDS = (("Quarters", "quarter"), ("Years", "financial_year"), ("Months", "month"))


class PeriodForm(GovForm):
    """Which of the periods with figures; the one shown is offered too where nothing is held for it."""

    period = forms.ChoiceField(required=False)

    def __init__(
        self, *args: Any, periods: Sequence[quarters.Period], chosen: quarters.Period | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {p.slug: p for p in (*((chosen,) if chosen else ()), *periods)}
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        groups = [
            (name, [(p.slug, p.label) for p in _latest_first(offered.values()) if p.kind == kind])
            for name, kind in _KINDS
        ]
        field.choices = [(name, choices) for name, choices in groups if choices]
        if chosen:
            self.initial["period"] = chosen.slug


def _latest_first(periods: Any) -> list[quarters.Period]:
    return sorted(periods, key=lambda p: (p.end_on, p.start_on), reverse=True)
