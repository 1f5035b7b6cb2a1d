"""Forms of the register of statutory returns and data quality issues."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from indicators.forms import GovForm
from indicators.models import DataIssue, Indicator, Partner, Partnership, StatutoryReturn, User
from indicators.operations.issues import (
    IssueDetails,
    ReturnDetails,
    add_issue,
    add_statutory_return,
    change_issue,
    change_statutory_return,
    clear_issue,
)


class IssueForm(GovForm):
    """A data quality issue: what is wrong, who clears it by when, and which indicators hang on it."""

    title = forms.CharField(label="What is wrong", max_length=160)
    description = forms.CharField(
        label="More of it", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everybody who reads the figures can read it; name no child and no family",
    )  # fmt: skip
    statutory_return = forms.ChoiceField(label="Statutory return it was found in", required=False)
    found_on = forms.DateField(label="Found on", required=False)
    expected_on = forms.DateField(label="To be cleared by", required=False)
    partner = forms.ChoiceField(label="Partner that clears it", required=False)
    owner_role = forms.CharField(
        label="Role or team that clears it", required=False, max_length=120, help_text="A job title, not a name"
    )
    indicators = forms.MultipleChoiceField(
        label="Indicators that hang on it", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        partnership: Partnership,
        partners: Iterable[Partner],
        indicators: Iterable[tuple[str, str]],
        issue: DataIssue | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial=_initial(issue), **kwargs)
        self.partnership = partnership
        returns = [(r.code, r.name) for r in partnership.statutory_returns.order_by("name")]
        fields: Any = self.fields
        fields["statutory_return"].choices = [("", "None"), *returns]
        fields["partner"].choices = [("", "Not stated"), *((p.code, p.name) for p in partners)]
        fields["indicators"].choices = list(indicators)

    @property
    def details(self) -> IssueDetails:
        """What was typed, with codes looked up."""
        data = self.cleaned_data
        here = self.partnership
        return IssueDetails(
            title=data["title"],
            description=data["description"],
            statutory_return=here.statutory_returns.filter(code=data["statutory_return"]).first(),
            found_on=data["found_on"],
            expected_on=data["expected_on"],
            partner=here.partners.filter(code=data["partner"]).first(),
            owner_role=data["owner_role"],
            indicators=tuple(Indicator.objects.filter(code__in=data["indicators"])),
        )

    def add(self, *, by: User, at: datetime, key: str) -> DataIssue:
        """Puts it on the register, once for a key. Raises OperationError."""
        return add_issue(partnership=self.partnership, details=self.details, by=by, at=at, key=key)

    def change(self, issue: DataIssue, *, version: int, by: User, at: datetime) -> None:
        """Changes it. Raises OperationError."""
        change_issue(issue=issue, version=version, details=self.details, by=by, at=at)


def _initial(issue: DataIssue | None) -> dict[str, Any]:
    if issue is None:
        return {}
    plain = {name: getattr(issue, name) for name in ("title", "description", "found_on", "expected_on", "owner_role")}
    return plain | {
        "statutory_return": issue.statutory_return.code if issue.statutory_return else "",
        "partner": issue.partner.code if issue.partner else "",
        "indicators": [indicator.code for indicator in issue.indicators.all()],
    }


class ClearForm(GovForm):
    """That an issue is cleared: since when, and how."""

    cleared_on = forms.DateField(label="Cleared on")
    how_cleared = forms.CharField(label="How it was cleared", max_length=300)

    def clear(self, issue: DataIssue, *, version: int, by: User, at: datetime) -> None:
        """Clears it. Raises OperationError."""
        data = self.cleaned_data
        clear_issue(
            issue=issue, version=version, cleared_on=data["cleared_on"], how_cleared=data["how_cleared"], by=by, at=at
        )


class StatutoryReturnForm(GovForm):
    """A statutory return: its window, where it stands, and who answers for it."""

    name = forms.CharField(max_length=160)
    asked_by = forms.CharField(label="Who asks for it", required=False, max_length=160)
    covers = forms.CharField(label="What it covers", required=False, max_length=160)
    opens_on = forms.DateField(label="Opens on", required=False)
    closes_on = forms.DateField(label="Closes on", required=False)
    state = forms.ChoiceField(choices=StatutoryReturn.State.choices)
    owner_role = forms.CharField(
        label="Role or team that answers for it", required=False, max_length=120, help_text="A job title, not a name"
    )
    note = forms.CharField(required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, statutory_return: StatutoryReturn | None = None, **kwargs: Any) -> None:
        initial = {"state": StatutoryReturn.State.NOT_STATED.value}
        if statutory_return is not None:
            initial = {name: getattr(statutory_return, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)

    def add(self, partnership: Partnership, *, by: User, at: datetime, key: str) -> StatutoryReturn:
        """Puts it on the register, once for a key. Raises OperationError."""
        details = ReturnDetails(**self.cleaned_data)
        return add_statutory_return(partnership=partnership, details=details, by=by, at=at, key=key)

    def change(self, statutory_return: StatutoryReturn, *, by: User, at: datetime) -> None:
        """Changes it. Raises OperationError."""
        details = ReturnDetails(**self.cleaned_data)
        change_statutory_return(statutory_return=statutory_return, details=details, by=by, at=at)
