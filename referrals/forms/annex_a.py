"""The forms of the Annex A pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from indicators import quarters
from indicators.forms import GovForm
from indicators.models import Partner, Period
from indicators.permissions import Access
from indicators.roles import Permission
from referrals.annex_a.rules import window_start

MOST_FILES = 11
WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_QUARTERS_BACK, _MONTHS_BACK = 8, 12


class SeveralFiles(forms.FileInput):
    """A box for one file or several."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several, each of them not empty."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files that were chosen."""
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or [None]]


def is_workbook(file: UploadedFile) -> bool:
    """Whether a file is a workbook by its first bytes, or says so by its name."""
    head = file.read(4)
    file.seek(0)
    return head == b"PK\x03\x04" or (file.name or "").lower().endswith(WORKBOOK_NAMES)


class AnnexAForm(GovForm):
    """An Annex A file: whose it is, the day it is as at, and the period whose figures are computed from it."""

    partner = forms.ModelChoiceField(
        None,
        to_field_name="code",
        empty_label="Choose",
        error_messages={"invalid_choice": "Choose the partner from the list"},
    )
    reference_on = forms.DateField(
        label="Reference date",
        widget=forms.DateInput,
        help_text="The day the file was made as at, for example, 31 March 2022. What is open is counted on this day.",
    )
    period = forms.ChoiceField(
        help_text="The quarter or month whose figures are computed. Events are counted by their dates in it."
    )
    files = SeveralFilesField(
        label="Files",
        widget=SeveralFiles(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text="One workbook (.xlsx) with all lists, or one CSV file for each list, such as “list 3.csv”.",
        error_messages={"required": "Choose the workbook, or the CSV files"},
    )

    def __init__(
        self, *args: Any, access: Access, partners: Sequence[Partner], periods: Sequence[Period], today: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.access, self.today = access, today
        choices = period_choices(periods, today)
        first = next(slug for _, group in choices for slug, _ in group)
        offered = [_stored(quarters.parse(slug)) for _, group in choices for slug, _ in group]
        able = [p.pk for p in partners if any(access.can(Permission.ENTER_FIGURES, p, period) for period in offered)]
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=able)  # type: ignore[attr-defined]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        self.initial |= {"reference_on": quarters.parse(first).end_on, "period": first}
        own = [p.code for p in partners if access.can(Permission.ENTER_FIGURES, p)]
        if len(own) == 1:
            self.initial["partner"] = own[0]

    def clean_reference_on(self) -> date:
        """A day that has begun."""
        day: date = self.cleaned_data["reference_on"]
        if day > self.today:
            raise forms.ValidationError("The reference date must not be in the future.")
        return day

    def clean_files(self) -> list[UploadedFile]:
        """One workbook, or one to eleven CSV files."""
        files: list[UploadedFile] = self.cleaned_data["files"]
        workbooks = sum(is_workbook(file) for file in files)
        if workbooks and len(files) > 1:
            raise forms.ValidationError("Choose one workbook, or CSV files, not both and not several workbooks.")
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Choose at most {MOST_FILES} CSV files, one for each list.")
        return files

    def clean(self) -> dict[str, Any]:
        """The file must hold the whole period, and the person must enter figures for the partner in it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "period" not in values:
            return values
        period = quarters.parse(values["period"])
        partner, day = values.get("partner"), values.get("reference_on")
        if partner is not None and not self.access.can(Permission.ENTER_FIGURES, partner, _stored(period)):
            self.add_error("partner", f"You do not enter figures of {partner} for {period.label}.")
        if day is not None and day < period.end_on:
            self.add_error("reference_on", f"The reference date must not be before the end of {period.label}.")
        elif day is not None and window_start(day) > period.start_on:
            said = f"A file holds the events of six months, so {period.label} is not whole in it."
            self.add_error("reference_on", f"{said} Choose an earlier reference date, or a later period.")
        return values | {"period": period}


def _stored(period: quarters.Period) -> Period:
    """A period as permissions are asked about it; it need not be in the database."""
    return Period(start_on=period.start_on, end_on=period.end_on)


def period_choices(open_periods: Sequence[Period], today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Quarters and months that have ended: first those with an open return, then the others, latest first."""
    first = [(p.slug, p.label) for p in open_periods]
    known = {slug for slug, _ in first}
    groups = [("With an open return", first)] if first else []
    for name, period, back in (
        ("Quarters", quarters.quarter_of(today), _QUARTERS_BACK),
        ("Months", quarters.month_of(today), _MONTHS_BACK),
    ):
        others = []
        one: quarters.Quarter | quarters.Month = period if period.end_on <= today else period.previous()
        for _ in range(back):
            others.append((one.slug, one.label))
            one = one.previous()
        groups.append((name, [choice for choice in others if choice[0] not in known]))
    return groups
