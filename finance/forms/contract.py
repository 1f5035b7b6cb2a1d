"""Forms of a contract sum: an entry, a decision on a draft, and a year."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from finance import contract_sum
from finance.contract_rows import EntryRow
from finance.contract_words import kind_words
from finance.forms.fields import PenceField, PercentField
from finance.models import ContractEntry, ContractYear
from finance.operations import contract as steps
from finance.operations.contract import DRAFTED, ORIGINAL, EntryDetails, YearDetails
from indicators import quarters
from indicators.forms import GovForm
from indicators.models import Partnership, SourceDocument, User
from indicators.quarters import PeriodTextError

KINDS = [(kind.value, kind_words(contract_sum.Kind(kind.value))) for kind in DRAFTED]
SEEN = "Everybody who reads the year sees it; name no child and no family"


class EntryForm(GovForm):
    """A variation, a payment, a share of a surplus or other money."""

    kind = forms.ChoiceField(label="What is it?", choices=KINDS, widget=forms.RadioSelect)
    amount = PenceField(
        help_text="In pounds, for example 832,000. What goes back to the council in brackets or with a minus: (540,000)"
    )
    name = forms.CharField(label="Name", max_length=steps.NAME_MAX, help_text="What the entry is called in the table")
    part_of = forms.ChoiceField(
        label="Part of", required=False, help_text="Only for an “of which”: what is in another amount already"
    )
    reason = forms.CharField(max_length=steps.REASON_MAX, widget=forms.Textarea(attrs={"rows": 3}), help_text=SEEN)
    funding_source = forms.CharField(label="Funding source", max_length=steps.FUNDING_MAX, required=False)
    authority = forms.CharField(
        max_length=steps.AUTHORITY_MAX, required=False,
        help_text="Who agreed it and where, for example Cabinet, 8 September 2021. A variation needs one",
    )  # fmt: skip
    on = forms.DateField(label="Agreed or paid on")

    def __init__(self, *args: Any, wholes: Iterable[EntryRow], has_original: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        original = [(ORIGINAL, "The original sum")] if has_original else []
        fields: Any = self.fields
        fields["part_of"].choices = [("", "Nothing: it stands for itself"), *original,
                                     *((row.entry.code, row.entry.name) for row in wholes)]  # fmt: skip

    @property
    def details(self) -> EntryDetails:
        """What was typed."""
        data = self.cleaned_data
        return EntryDetails(pence=data["amount"], **{name: data[name] for name in self.fields if name != "amount"})

    def draft(self, year: ContractYear, *, by: User, at: datetime, key: str, request_id: str) -> ContractEntry:
        """Keeps it as a draft, once for a key. Raises OperationError."""
        return steps.draft_entry(year=year, details=self.details, by=by, at=at, key=key, request_id=request_id)


class DecisionForm(GovForm):
    """Whether a draft is accepted; a refusal says why."""

    reason = forms.CharField(
        label="Reason", required=False, max_length=steps.REASON_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed to refuse it. Whoever drafted it reads it; name no child and no family",
    )  # fmt: skip


class YearForm(GovForm):
    """The contract of a financial year, as a paper states it."""

    year = forms.CharField(label="Financial year", max_length=40, help_text="For example, 2022/23")
    original = PenceField(label="Original sum", help_text="In pounds, for example 59,060,000")
    covers_from = forms.DateField(label="First day that it covers")
    covers_until = forms.DateField(label="Last day that it covers")
    surplus_share_percent = PercentField(
        label="Share of a surplus that goes back", required=False,
        help_text="In per cent, for example 90. Empty where no rule is agreed",
    )  # fmt: skip
    source = forms.ModelChoiceField(
        SourceDocument.objects.order_by("code"), label="Paper", to_field_name="code", empty_label="Choose",
        help_text="The paper in which the sum stands. Whoever looks after this service loads one that is missing",
    )  # fmt: skip
    paragraph = forms.CharField(max_length=steps.PARAGRAPH_MAX, help_text="Where in the paper")
    note = forms.CharField(
        label="Authority and note", required=False, max_length=steps.NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=f"Who agreed the sum, and what else is to be known. {SEEN}",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source"].label_from_instance = lambda paper: f"{paper}: {paper.title}"[:120]

    def clean_year(self) -> Any:
        """The period that was typed."""
        try:
            return quarters.parse(self.cleaned_data["year"])
        except PeriodTextError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def details(self) -> YearDetails:
        """What was typed."""
        data = self.cleaned_data
        return YearDetails(original_pence=data["original"], **{n: data[n] for n in self.fields if n != "original"})

    def add(self, partnership: Partnership, *, by: User, at: datetime, key: str, request_id: str) -> ContractYear:
        """Adds it, once for a key. Raises OperationError."""
        return steps.add_year(
            partnership=partnership, details=self.details, by=by, at=at, key=key, request_id=request_id
        )
