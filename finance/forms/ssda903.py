"""The form of the page that takes an SSDA903 return in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from indicators import quarters
from indicators.forms import GovForm
from indicators.models import Partner, Period
from indicators.permissions import Access
from indicators.roles import Permission

_QUARTERS_BACK, _YEARS_BACK = 8, 4
_CSV = forms.FileInput(attrs={"accept": ".csv,text/csv"})


class PlacementsFileForm(GovForm):
    """The header and the episodes of a return: whose they are, and the period that is counted."""

    partner = forms.ModelChoiceField(
        None,
        to_field_name="code",
        empty_label="Choose",
        error_messages={"invalid_choice": "Choose the partner from the list"},
    )
    period = forms.ChoiceField(
        help_text="A quarter can go into its return. A year holds more moves, so it says more of how often they happen"
    )
    header = forms.FileField(
        label="Header file",
        widget=_CSV,
        help_text="The CSV file whose first row has CHILD, SEX, DOB and so on",
        error_messages={"required": "Choose the header file"},
    )
    episodes = forms.FileField(
        label="Episodes file",
        widget=_CSV,
        help_text="The CSV file whose first row has CHILD, DECOM, RNE, LS and so on, with every episode that was open "
        "on a day of the period",
        error_messages={"required": "Choose the episodes file"},
    )

    def __init__(
        self, *args: Any, access: Access, partners: Sequence[Partner], periods: Sequence[Period], today: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.access = access
        choices = period_choices(periods, today)
        offered = [quarters.parse(slug) for _, group in choices for slug, _ in group]
        able = [p.pk for p in partners if any(access.can(Permission.ENTER_MONEY, p, _stored(one)) for one in offered)]
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=able)  # type: ignore[attr-defined]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        self.initial |= {"period": offered[0].slug}
        own = [p.code for p in partners if access.can(Permission.ENTER_MONEY, p)]
        if len(own) == 1:
            self.initial["partner"] = own[0]

    def clean(self) -> dict[str, Any]:
        """The person must enter money of the partner in the period."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "period" not in values:
            return values
        period, partner = quarters.parse(values["period"]), values.get("partner")
        if partner is not None and not self.access.can(Permission.ENTER_MONEY, partner, _stored(period)):
            self.add_error("partner", f"You do not enter money of {partner} for {period.label}.")
        return values | {"period": period}


def _stored(period: quarters.Period) -> Period:
    """A period as permissions are asked about it; it need not be in the database."""
    return Period(start_on=period.start_on, end_on=period.end_on)


def period_choices(open_periods: Sequence[Period], today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Quarters with an open return, other quarters and financial years, all of them over; latest first."""
    first = [(p.slug, p.label) for p in open_periods]
    known = {slug for slug, _ in first}
    groups = [("With an open return", first)] if first else []
    for name, period, back in (
        ("Quarters", quarters.quarter_of(today).previous(), _QUARTERS_BACK),
        ("Financial years", quarters.financial_year_of(today).previous(), _YEARS_BACK),
    ):
        others, one = [], period
        for _ in range(back):
            others.append((one.slug, one.label))
            one = one.previous()
        groups.append((name, [choice for choice in others if choice[0] not in known]))
    return groups
