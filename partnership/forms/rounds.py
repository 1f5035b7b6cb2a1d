"""Forms of the reporting calendar: when returns are due, and who may enter figures of a locked round."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from indicators import operations
from indicators.deadlines import MOST_WORKING_DAYS
from indicators.forms import DATE_HINT, GovForm
from indicators.models import LockException, Partnership, ReportingRound, Scorecard, User
from indicators.selectors.locks import name_of
from indicators.working_days import day_words


class DeadlineRuleForm(GovForm):
    """Says when the returns of a scorecard are due."""

    scorecard = forms.ChoiceField()
    working_days = forms.IntegerField(
        label="Working days after the period ends",
        min_value=1,
        max_value=MOST_WORKING_DAYS,
        error_messages={
            "min_value": "Working days must be 1 or more",
            "max_value": f"Working days must be {MOST_WORKING_DAYS} or fewer",
        },
    )
    from_on = forms.DateField(label="For periods that end from", help_text=f"{DATE_HINT}; open rounds keep their date")
    authority = forms.CharField(max_length=300, help_text="Who decided this, and where")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="rule_%s", **kwargs)
        self.partnership = partnership
        self.fields["scorecard"].choices = [(s.code, s.name) for s in partnership.scorecards.all()]  # type: ignore[attr-defined]

    def carry_out(self, *, by: User, at: datetime) -> str:
        """Sets the rule and says so. Raises OperationError."""
        data = self.cleaned_data
        scorecard = Scorecard.objects.get(partnership=self.partnership, code=data["scorecard"])
        operations.set_deadline_rule(
            scorecard=scorecard, working_days=data["working_days"], authority=data["authority"],
            from_on=data["from_on"], by=by, at=at,
        )  # fmt: skip
        return f"The deadline rule of {scorecard} has changed. Rounds that are open keep their due date."


class LockExceptionForm(GovForm):
    """Lets a person enter figures of a locked round until a day."""

    person = forms.ChoiceField(help_text="Who may enter figures of the round’s returns")
    until_on = forms.DateField(label="Last day", help_text=f"{DATE_HINT}; that day is included")
    reason = forms.CharField(max_length=300)

    def __init__(self, *args: Any, reporting_round: ReportingRound, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = reporting_round
        self.people = {str(user.pk): user for user in people}
        self.fields["person"].choices = [(pk, str(user)) for pk, user in self.people.items()]  # type: ignore[attr-defined]

    def carry_out(self, *, by: User, at: datetime) -> str:
        """Gives the exception and says so. Raises OperationError."""
        data = self.cleaned_data
        user = self.people[data["person"]]
        operations.grant_lock_exception(
            reporting_round=self.round, user=user, until_on=data["until_on"], reason=data["reason"], by=by, at=at
        )
        return f"{name_of(user)} may enter figures until {day_words(data['until_on'])}, that day included."


class EndExceptionForm(GovForm):
    """Ends an exception at once."""

    exception = forms.ChoiceField()
    reason = forms.CharField(max_length=300)

    def __init__(self, *args: Any, held: Iterable[LockException], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="end_%s", **kwargs)
        self.held = {str(one.pk): one for one in held}
        choices = [(pk, f"{one.user}, until {day_words(one.until_on)}") for pk, one in self.held.items()]
        self.fields["exception"].choices = choices  # type: ignore[attr-defined]

    def carry_out(self, *, by: User, at: datetime) -> str:
        """Ends the exception and says so. Raises OperationError."""
        data = self.cleaned_data
        exception = self.held[data["exception"]]
        operations.end_lock_exception(exception=exception, reason=data["reason"], by=by, at=at)
        return f"The exception for {name_of(exception.user)} has ended. What was entered stays."
