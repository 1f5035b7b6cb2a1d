"""Forms of the administrator's pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from indicators import operations, quarters
from indicators.as_at import london_day
from indicators.forms import DATE_HINT, BeginsForm, GovForm
from indicators.models import GateHolder, Membership, Partnership, ReportingRound, Scorecard, User
from indicators.operations.people import end_membership, give_role, name_gate_holder
from indicators.operations.rows import period_row
from indicators.roles import ROLE_WORDS, Role
from indicators.selectors.calendar import proposed_due_date
from indicators.working_days import OutsideCalendar, day_words


class OpenRoundForm(GovForm):
    """Opens a period of a scorecard for entry."""

    scorecard = forms.ChoiceField()
    period = forms.CharField(max_length=40, help_text="For example, Q1 2022/23, March 2022 or 2022/23")
    due_on = forms.DateField(
        label="Due date", required=False, help_text=f"{DATE_HINT}. Left empty, the scorecard’s deadline rule gives it"
    )

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

    def open(self, *, by: User, at: datetime) -> str:
        """Opens the round, due on the date given or else by the deadline rule, and says so. Raises OperationError."""
        data = self.cleaned_data
        scorecard = Scorecard.objects.get(partnership=self.partnership, code=data["scorecard"])
        due_on, said = data["due_on"], "No due date is given: the scorecard has no deadline rule for this period."
        if due_on is not None:
            said = f"They are due on {day_words(due_on)}."
        else:
            try:
                proposal = proposed_due_date(scorecard, data["period"].end_on)
            except OutsideCalendar as error:
                raise operations.WrongState(f"{error} Give the due date.") from error
            if proposal is not None:
                due_on, said = proposal.due_on, f"They are {proposal.words}: {day_words(proposal.due_on)}."
        operations.open_round(scorecard=scorecard, period=period_row(data["period"]), due_on=due_on, by=by, at=at)
        return f"The round is open. Its returns wait for the partners. {said}"


class DueDateForm(GovForm):
    """Moves the due date of a round."""

    due_on = forms.DateField(label="New due date")
    reason = forms.CharField(max_length=300, help_text="Why it moves, and who decided it; it stands beside the round")

    def __init__(self, *args: Any, reporting_round: ReportingRound, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": reporting_round.due_on}, **kwargs)
        self.round = reporting_round

    def move(self, *, by: User, at: datetime) -> None:
        """Moves the date. Raises OperationError."""
        data = self.cleaned_data
        operations.change_due_date(
            reporting_round=self.round, due_on=data["due_on"], reason=data["reason"], by=by, at=at
        )


class _PartnerForm(BeginsForm):
    """Offers the partners of the partnership."""

    starts = "from_on"

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
    from_on = forms.DateField(label="First day")
    until_on = forms.DateField(label="Last day", required=False, help_text="Empty for no end")
    authority = forms.CharField(max_length=200, help_text="Who decided this, and where")
    by_mail = forms.BooleanField(
        label="Send the invitation by e-mail", required=False,
        help_text="It goes at once and works for three days; it says from which day the role counts",
    )  # fmt: skip

    def carry_out(self, *, by: User, at: datetime) -> tuple[str, User | None]:
        """Gives the role and says so; also the person who needs a link to set a password. Raises OperationError."""
        data = self.cleaned_data
        user = give_role(
            email=data["email"], display_name=data["display_name"], role=Role(data["role"]),
            partnership=self.partnership, partner=self._partner(), from_on=data["from_on"],
            until_on=data["until_on"], authority=data["authority"], by=by, at=at,
        )  # fmt: skip
        begun = data["from_on"] <= london_day(at)
        role = f"the role “{ROLE_WORDS[Role(data['role'])].lower()}”"
        said = f"{user} now has {role}." if begun else f"{user} has {role} from {data['from_on']:%-d %B %Y}."
        return said, None if user.has_usable_password() else user


class GateForm(_PartnerForm):
    """Names the lead or the deputy of a gate."""

    partner = forms.ChoiceField(label="Returns of")
    gate = forms.ChoiceField(choices=GateHolder.Gate.choices)
    holder = forms.ChoiceField(label="Person")
    is_deputy = forms.BooleanField(label="As deputy", required=False)
    from_on = forms.DateField(label="First day")
    authority = forms.CharField(max_length=200, help_text="Who decided this, and where")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, partnership=partnership, **kwargs)
        people = User.objects.filter(memberships__partnership=partnership, memberships__role=Role.APPROVER).distinct()
        field: Any = self.fields["holder"]
        field.choices = [(u.email, str(u)) for u in people]

    def carry_out(self, *, by: User, at: datetime) -> tuple[str, User | None]:
        """Names the holder and says so. Raises OperationError."""
        data = self.cleaned_data
        user = User.objects.get(email=data["holder"])
        held = name_gate_holder(
            partner=self._partner(), gate=data["gate"], user=user, is_deputy=data["is_deputy"],
            from_on=data["from_on"], authority=data["authority"], by=by, at=at,
        )  # fmt: skip
        return f"{held.get_gate_display()}: {user}{' as deputy' if data['is_deputy'] else ''}.", None


class SetPasswordForm(GovForm):
    """A new password, typed twice."""

    password = forms.CharField(
        label="New password", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters; three words that do not belong together make a good one",
    )  # fmt: skip
    again = forms.CharField(
        label="Password again", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """The password, if it is strong enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "The two passwords differ. Type the same one twice.")
        return data


class PasswordLinkForm(GovForm):
    """Asks for a new link for a person who has not set a password yet. Nobody else's password can be set this way."""

    person = forms.ChoiceField()
    by_mail = forms.BooleanField(label="Send it by e-mail", required=False)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(memberships__partnership=partnership).distinct().order_by("display_name")
        waiting = [(u.email, str(u)) for u in people if u.is_active and not u.has_usable_password()]
        self.fields["person"].choices = waiting  # type: ignore[attr-defined]

    def carry_out(self, *, by: User, at: datetime) -> tuple[str, User | None]:
        """The person for whom a link is to be made."""
        user = User.objects.get(email=self.cleaned_data["person"])
        return f"{user} can set a password.", user


class EndRoleForm(GovForm):
    """Ends a role after a last day."""

    role = forms.ChoiceField(label="Role to end")
    last_day = forms.DateField()

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = Membership.objects.filter(partnership=partnership, until_on__isnull=True).select_related(
            "user", "partner"
        )
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (str(m.pk), f"{m}{', ' + str(m.partner) if m.partner else ''}") for m in self.held
        ]

    def carry_out(self, *, by: User, at: datetime) -> tuple[str, User | None]:
        """Ends the role and says so. Raises OperationError."""
        membership = self.held.get(pk=self.cleaned_data["role"])
        end_membership(membership=membership, until_on=self.cleaned_data["last_day"], by=by, at=at)
        return f"{membership} ends on {day_words(self.cleaned_data['last_day'])}.", None
