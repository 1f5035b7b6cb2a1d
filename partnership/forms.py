"""Forms of the administrator's pages."""

from datetime import date, datetime
from typing import Any

from django import forms

from indicators import operations, quarters
from indicators.forms import GovForm
from indicators.models import GateHolder, Partnership, Scorecard, User
from indicators.operations.loading import period_row
from indicators.operations.people import add_user, grant_membership, name_gate_holder
from indicators.roles import ROLE_WORDS, Role


class OpenRoundForm(GovForm):
    """Opens a period of a scorecard for entry."""

    scorecard = forms.ChoiceField()
    period = forms.CharField(max_length=40, help_text="For example, Q1 2022/23, March 2022 or 2022/23")
    due_on = forms.DateField(label="Due date", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.fields["scorecard"].choices = [(s.code, s.name) for s in partnership.scorecards.all()]  # type: ignore[attr-defined]

    def clean_period(self) -> quarters.Period:
        """The period that was typed; the sentence of what is wrong with it otherwise."""
        try:
            return quarters.parse(self.cleaned_data["period"])
        except quarters.PeriodTextError as error:
            raise forms.ValidationError(str(error)) from error

    def open(self, *, by: User, at: datetime) -> None:
        """Opens the round. Raises OperationError."""
        scorecard = Scorecard.objects.get(partnership=self.partnership, code=self.cleaned_data["scorecard"])
        operations.open_round(
            scorecard=scorecard,
            period=period_row(self.cleaned_data["period"]),
            due_on=self.cleaned_data["due_on"],
            by=by,
            at=at,
        )


class _PartnerForm(GovForm):
    """Offers the partners of the partnership."""

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        partners = [(p.code, p.name) for p in partnership.partners.all()]
        field: Any = self.fields["partner"]
        field.choices = partners if field.required else [("", "The whole partnership"), *partners]

    def _partner(self) -> Any:
        code = self.cleaned_data["partner"]
        return self.partnership.partners.get(code=code) if code else None


class AddPersonForm(_PartnerForm):
    """Gives a person a role; makes the person known if the address is new."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    display_name = forms.CharField(label="Job title or name", max_length=80)
    role = forms.ChoiceField(choices=[(r.value, ROLE_WORDS[r]) for r in Role])
    partner = forms.ChoiceField(required=False)
    from_on = forms.DateField(label="From")
    until_on = forms.DateField(label="Until", required=False, help_text="The last day; empty for no end")
    authority = forms.CharField(max_length=200, help_text="Who decided this, and where")

    def carry_out(self, *, by: User, today: date) -> str:
        """Gives the role and says so. Raises OperationError."""
        data = self.cleaned_data
        user = User.objects.filter(email__iexact=data["email"]).first()
        if user is None:
            user = add_user(email=data["email"], display_name=data["display_name"], password=None, by=by)
        grant_membership(
            user=user, role=Role(data["role"]), partnership=self.partnership, partner=self._partner(),
            from_on=data["from_on"], until_on=data["until_on"], authority=data["authority"], by=by,
        )  # fmt: skip
        return f"{user} is now {ROLE_WORDS[Role(data['role'])].lower()}."


class GateForm(_PartnerForm):
    """Names the lead or the deputy of a gate."""

    partner = forms.ChoiceField(label="Returns of")
    gate = forms.ChoiceField(choices=GateHolder.Gate.choices)
    holder = forms.ChoiceField(label="Person")
    is_deputy = forms.BooleanField(label="As deputy", required=False)
    from_on = forms.DateField(label="From")
    authority = forms.CharField(max_length=200, help_text="Who decided this, and where")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        people = User.objects.filter(memberships__partnership=partnership, memberships__role=Role.APPROVER).distinct()
        field: Any = self.fields["holder"]
        field.choices = [(u.email, str(u)) for u in people]

    def carry_out(self, *, by: User, today: date) -> str:
        """Names the holder and says so. Raises OperationError."""
        data = self.cleaned_data
        user = User.objects.get(email=data["holder"])
        held = name_gate_holder(
            partner=self._partner(), gate=data["gate"], user=user, is_deputy=data["is_deputy"],
            from_on=data["from_on"], authority=data["authority"], by=by,
        )  # fmt: skip
        return f"{held.get_gate_display()}: {user}{' as deputy' if data['is_deputy'] else ''}."
