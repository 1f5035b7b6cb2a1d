"""Forms of inspections, of the ambitions they are held against, and of what is owed for assurance."""

from datetime import date, datetime
from typing import Any

from django import forms

from indicators.forms import GovForm
from indicators.models import Partnership, User
from indicators.working_days import day_words
from partnership.ambition import GRADE_WORDS, Grade
from partnership.assurance_table import AssuranceRow
from partnership.forms.plans import ROLE_HINT, Offering, partners_to_choose, words
from partnership.models import Ambition, AssuranceItem, ImprovementPlan, Inspection
from partnership.operations import inspections as keep
from partnership.operations.plan_recording import state_of

JUDGEMENTS = 5
_GRADES = [("", "No grade"), *((grade.value, GRADE_WORDS[grade]) for grade in Grade)]


class InspectionForm(GovForm):
    """An inspection with up to five judgements."""

    title = words("What was inspected", most=200, required=True)
    inspectorate = words("Who inspected", most=120, required=True)
    framework = words("By which framework", most=200)
    on = forms.DateField(label="Day of the inspection", required=False)
    on_words = words("The day as it is stated", most=80, hint="For example, February 2022, or “not stated”")
    outcome = words("What it found", most=600, rows=3, hint="Needed where it gave no grade")
    report = words("Address of the report", most=300, hint="Where it can be read, beginning with https://")

    def __init__(
        self, *args: Any, partnership: Partnership, inspection: Inspection | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=_texts_of(inspection) if inspection else {}, **kwargs)
        self.partnership, self.inspection = partnership, inspection
        self.rows = max(JUDGEMENTS, inspection.judgements.count() if inspection else 0)
        for n in range(1, self.rows + 1):
            made: dict[str, forms.Field] = {
                f"area_{n}": words(f"Area {n}", most=200),
                f"grade_{n}": forms.ChoiceField(label=f"Judgement of area {n}", required=False, choices=_GRADES),
                f"overall_{n}": forms.BooleanField(
                    label=f"Area {n} is the overall judgement of children’s services", required=False
                ),
            }
            for name, field in made.items():
                self._prepare(name, field)
                self.fields[name] = field

    @property
    def judgements(self) -> list[keep.JudgementInput]:
        """The judgements that were typed, without the empty rows after the last."""
        data = self.cleaned_data
        rows = [
            keep.JudgementInput(data[f"area_{n}"], data[f"grade_{n}"], data[f"overall_{n}"])
            for n in range(1, self.rows + 1)
        ]
        while rows and not (rows[-1].area or rows[-1].grade or rows[-1].is_overall):
            rows.pop()
        return rows

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Inspection:
        """Adds the inspection. Raises OperationError."""
        return keep.add_inspection(
            partnership=self.partnership, values=self.typed, judgements=self.judgements, by=by, at=at, key=key,
            request_id=request_id,
        )  # fmt: skip

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, beside the judgements."""
        return {name: self.cleaned_data[name] for name in keep.TYPED}


def _texts_of(inspection: Inspection) -> dict[str, Any]:
    values, judgements = keep.typed_of(inspection)
    found = dict(values)
    for n, one in enumerate(judgements, 1):
        found |= {f"area_{n}": one.area, f"grade_{n}": one.grade, f"overall_{n}": one.is_overall}
    return found


class CorrectForm(InspectionForm):
    """An inspection that was added here as it stands, to be put right with the reason."""

    reason = words("Why it is corrected", most=300, required=True, rows=2, hint="Everybody reads it")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Inspection:
        """Puts it right. Raises OperationError."""
        assert self.inspection is not None  # noqa: S101
        return keep.correct_inspection(
            inspection=self.inspection, values=self.typed, judgements=self.judgements,
            reason=self.cleaned_data["reason"], by=by, at=at, key=key, request_id=request_id,
        )  # fmt: skip


class WithdrawForm(GovForm):
    """Why an inspection is withdrawn."""

    reason = words("Why it is withdrawn", most=300, required=True, rows=3, hint="Everybody reads it")

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inspection = inspection

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Inspection:
        """Withdraws it. Raises OperationError."""
        return keep.withdraw_inspection(
            inspection=self.inspection, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data
        )


class AmbitionForm(Offering):
    """A grade that was promised by a day; of one that was added here, as it stands."""

    grade = forms.ChoiceField(label="Grade that was promised", choices=[("", "Choose"), *_GRADES[1:]])
    or_better = forms.BooleanField(label="Or a better one", required=False)
    by_on = forms.DateField(label="By which day", help_text="The last of the month where only that is stated")
    by_words = words("The day as it is stated", most=80, hint="For example, October 2017; empty where it is that day")
    authority = words("Where it was promised", most=200, required=True, hint="The contract, the plan or the meeting")
    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, partnership: Partnership, ambition: Ambition | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(ambition, name) for name in keep.PROMISED} if ambition else {}
        initial |= {"based_on": state_of(ambition, keep.PROMISED)} if ambition else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.partnership, self.ambition = partnership, ambition

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Ambition:
        """Adds the ambition, or puts it right. Raises OperationError."""
        told: dict[str, Any] = {"by": by, "at": at, "key": key, "request_id": request_id}
        told["values"] = {name: self.cleaned_data[name] for name in keep.PROMISED}
        if self.ambition is None:
            return keep.add_ambition(partnership=self.partnership, **told)
        return keep.change_ambition(ambition=self.ambition, based_on=self.cleaned_data["based_on"], **told)


class AssuranceForm(Offering):
    """Something that is owed, once or in a cycle."""

    title = words("What is owed", most=300, required=True)
    kind = forms.ChoiceField(label="Kind", choices=AssuranceItem.Kind.choices)
    owner_partner = forms.ChoiceField(label="Partner that owes it", required=False)
    owner_role = words("Role that owes it", most=160, hint=ROLE_HINT)
    given_to = words("To whom it is given", most=160)
    plan = forms.ChoiceField(label="Improvement plan that it reports on", required=False)
    every_months = forms.IntegerField(
        label="Months between", required=False, min_value=1, max_value=120,
        help_text="6 for every six months; empty where it is owed once",
    )  # fmt: skip
    from_on = forms.DateField(label="Owed from", required=False)
    until_on = forms.DateField(label="Owed until", required=False)
    first_due_on = forms.DateField(label="Due on", required=False)
    note = words("What to know of it", most=600, rows=3)

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.offer("owner_partner", partners_to_choose(partnership))
        plans = ImprovementPlan.objects.filter(partnership=partnership)
        self.offer("plan", [(p.code, p.title, p) for p in plans])

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> AssuranceItem:
        """Adds it. Raises OperationError."""
        own = {name: value for name, value in self.cleaned_data.items() if name != "first_due_on"}
        own |= {"owner_partner": self.row("owner_partner"), "plan": self.row("plan")}
        return keep.add_assurance_item(
            partnership=self.partnership, values=own, first_due_on=self.cleaned_data["first_due_on"], by=by, at=at,
            key=key, request_id=request_id,
        )  # fmt: skip


_MOST_MISSED = 24


class DoneForm(Offering):
    """On which day something that was due was done."""

    rests_on = "due_on"
    due_on = forms.DateField(
        label="Day on which it was due", help_text="No day is stated; the next one is counted from the one you give"
    )
    done_on = forms.DateField(label="Done on")
    note = words("What to know of it", most=300, rows=2)

    def __init__(self, *args: Any, item: AssuranceItem, row: AssuranceRow, **kwargs: Any) -> None:
        due, missed = row.standing.due_on, row.standing.missed
        super().__init__(*args, initial={"due_on": due.isoformat() if due else ""}, **kwargs)
        self.item = item
        if due is not None and missed:
            offered = (due, *reversed(missed[-_MOST_MISSED:]))
            choices = [(on.isoformat(), f"Due on {day_words(on)}") for on in offered]
            field = forms.TypedChoiceField(
                label="Which time was done?", choices=choices, coerce=date.fromisoformat,
                help_text="The one that is owed at present stands first, then those that are not recorded as done",
            )  # fmt: skip
            self._prepare("due_on", field)
            self.fields["due_on"] = field
        elif due is not None:
            self.fields["due_on"].widget = forms.HiddenInput()

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Records it. Raises OperationError."""
        return keep.record_done(item=self.item, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)


class TakeBackForm(Offering):
    """Why it is taken back that something was done."""

    rests_on = "due_on"
    due_on = forms.DateField(widget=forms.HiddenInput)
    reason = words("Why it is taken back", most=150, required=True, rows=2)

    def __init__(self, *args: Any, item: AssuranceItem, due_on: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": due_on.isoformat()}, **kwargs)
        self.item = item

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Takes it back. Raises OperationError."""
        return keep.take_back_done(item=self.item, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)
