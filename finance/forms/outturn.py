"""The choice of the quarter that the outturn is shown for, sent in the page's own address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from indicators import quarters
from indicators.forms import GovForm


class QuarterForm(GovForm):
    """Which of the quarters with figures; the one shown is offered too where nothing is held for it."""

    period = forms.ChoiceField(label="Quarter", required=False)

    def __init__(
        self, *args: Any, periods: Sequence[quarters.Quarter], chosen: quarters.Quarter | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {p.slug: p for p in (*periods, *((chosen,) if chosen else ()))}
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        latest_first = sorted(offered.values(), key=lambda p: p.end_on, reverse=True)
        field.choices = [(p.slug, p.label) for p in latest_first]
        if chosen:
            self.initial["period"] = chosen.slug
