"""Forms of improvement plans: what is added, what is moved, and the one form of a review."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from finance.models import FundingItem, FundingProgramme
from indicators.forms import GovForm
from indicators.models import Indicator, Partner, Partnership, User
from indicators.phrases import capital, lowered
from indicators.working_days import day_words
from partnership.models import Body, ImprovementPlan, Meeting, PlanAction, PlanPriority
from partnership.models.actions import ActionStep
from partnership.operations import plans as keep
from partnership.operations.plan_recording import state_of
from partnership.plan_review import NOT_REVIEWED, Brag, brag_words
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.measures import choices_of
from partnership.selectors.plans import ToReview, number_of

LONG = 6_000
ROLE_HINT = "A job title, not a name"
READ_HINT = "Everybody who reads the plan can read it; name no child and no family"
MEASURES = 3
NONE = ("", "None, or not stated")


def words(label: str, *, most: int, required: bool = False, rows: int = 0, hint: str = "") -> forms.CharField:
    """A box for text; with rows a large one."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=hint)


class Offering(GovForm):
    """A form that offers rows of the partnership by their codes."""

    # What says on which state of things the form rests; hidden.
    rests_on = "based_on"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows_of: dict[str, dict[str, Any]] = {}
        self.several: dict[str, tuple[list[str], list[str]]] = {}

    def renew(self) -> None:
        """Makes the form rest on how things stand now, with all that was typed; for one that came too late."""
        if self.is_bound and self.rests_on in self.fields:
            data: Any = self.data.copy()
            data[self.rests_on] = self.get_initial_for_field(self.fields[self.rests_on], self.rests_on)
            self.data = data

    def offer(self, name: str, rows: Iterable[tuple[str, str, Any]], *, none: str = NONE[1]) -> None:
        """Sets the choices of a field: code, words and row; the cleaned value is the row, None for none."""
        field: Any = self.fields[name]
        held = list(rows)
        field.choices = [*([("", none)] if none else []), *((code, said) for code, said, _ in held)]
        self.rows_of[name] = {code: row for code, _, row in held}

    def row(self, name: str) -> Any:
        """The row that was chosen in a field."""
        return self.rows_of[name].get(self.cleaned_data.get(name, ""))

    def offer_several(
        self, stem: str, label: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str], least: int
    ) -> None:
        """Adds boxes to choose several of one list, at least so many and always an empty one. What was chosen and is
        not on the list, since the person may not read it, stays chosen."""
        listed = {code for code, _ in choices}
        shown = [code for code in chosen if code in listed]
        names = [f"{stem}_{n}" for n in range(1, max(least, len(shown) + 1) + 1)]
        self.several[stem] = (names, [code for code in chosen if code not in listed])
        for place, name in enumerate(names):
            more = f"{label}, also ({place + 1})" if place else label
            field = forms.ChoiceField(label=more, required=False, choices=[NONE, *choices])
            self._prepare(name, field)
            self.fields[name] = field
            if place < len(shown):
                self.initial.setdefault(name, shown[place])

    def codes(self, stem: str) -> list[str]:
        """What was chosen in such boxes, with what stays."""
        names, kept = self.several[stem]
        return [self.cleaned_data[name] for name in names if self.cleaned_data[name]] + kept


def bodies_to_choose(
    partnership: Partnership, today: date, chosen: Body | None = None
) -> list[tuple[str, str, Any]]:  # fmt: skip
    """The bodies that exist on a day, by name, and the one that is chosen already, though it ended. Two queries."""
    names = names_of_bodies(partnership)
    bodies = list(Body.objects.on(today).filter(partnership=partnership))
    found = [(body.code, names.of(body.pk, today) or body.code, body) for body in bodies]
    if chosen is not None and chosen not in bodies:
        ended = f", ended on {day_words(chosen.until_on)}" if chosen.until_on else ""
        found.append((chosen.code, f"{names.of(chosen.pk, today) or chosen.code}{ended}", chosen))
    return sorted(found, key=lambda one: one[1].casefold())


def partners_to_choose(partnership: Partnership) -> list[tuple[str, str, Any]]:
    """The partners, by name. One query."""
    return [(p.code, p.name, p) for p in Partner.objects.filter(partnership=partnership).order_by("name")]


def indicators_of_codes(codes: Sequence[str]) -> list[Indicator]:
    """The indicators of these codes, in their order. One query."""
    held = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
    return [held[code] for code in codes if code in held]


class PlanForm(Offering):
    """A plan; its priorities and actions are added on its own page."""

    title = words("Title of the plan", most=200, required=True)
    body = forms.ChoiceField(label="Body whose plan it is", required=False)
    partner = forms.ChoiceField(label="Partner whose plan it is", required=False)
    review_every_days = forms.IntegerField(
        label="Days between reviews", required=False, min_value=1, max_value=731,
        help_text="28 for every four weeks; empty where no cycle is agreed",
    )  # fmt: skip
    report_every_months = forms.IntegerField(
        label="Months between reports", required=False, min_value=1, max_value=60,
        help_text="3 for every quarter; empty where none is owed",
    )  # fmt: skip
    from_on = forms.DateField(label="Begins on", required=False)
    until_on = forms.DateField(label="Runs until", required=False)
    funded_by = forms.ChoiceField(label="Funding programme that pays for it", required=False)
    note = words("What to know of it", most=600, rows=3, hint=READ_HINT)

    def __init__(self, *args: Any, partnership: Partnership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.offer("body", bodies_to_choose(partnership, today), none="None: it is a partner’s plan")
        self.offer("partner", partners_to_choose(partnership), none="None: it is a body’s plan")
        programmes = FundingProgramme.objects.filter(partnership=partnership)
        self.offer("funded_by", [(p.code, p.name, p) for p in programmes])

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> ImprovementPlan:
        """Adds the plan. Raises OperationError."""
        values = self.cleaned_data | {name: self.row(name) for name in ("body", "partner", "funded_by")}
        return keep.add_plan(partnership=self.partnership, values=values, by=by, at=at, key=key, request_id=request_id)


class PriorityForm(GovForm):
    """A priority of a plan."""

    title = words("The priority", most=300, required=True)

    def __init__(self, *args: Any, plan: ImprovementPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> PlanPriority:
        """Adds the priority. Raises OperationError."""
        return keep.add_priority(
            plan=self.plan, title=self.cleaned_data["title"], by=by, at=at, key=key, request_id=request_id
        )


class LedForm(Offering):
    """Who leads an action, what pays for it, and what it is measured by."""

    lead_partner = forms.ChoiceField(label="Partner that leads", required=False)
    lead_role = words("Role that leads", most=160, hint=ROLE_HINT)
    funding_item = forms.ChoiceField(label="Item of the funding programme that pays for it", required=False)

    def __init__(
        self, *args: Any, plan: ImprovementPlan, today: date, sees_protected: bool,
        chosen: Sequence[str] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.offer("lead_partner", partners_to_choose(plan.partnership))
        items = FundingItem.objects.filter(programme=plan.funded_by_id) if plan.funded_by_id else []
        self.offer("funding_item", [(item.letter, str(item), item) for item in items])
        if not items:
            del self.fields["funding_item"]
        listed = choices_of(plan.partnership, today=today, sees_protected=sees_protected)
        self.offer_several("measure", "Measured by", listed, chosen, MEASURES)

    @property
    def led(self) -> dict[str, Any]:
        """Partner, role, item and indicators that were chosen."""
        return {
            "lead_partner": self.row("lead_partner"),
            "lead_role": self.cleaned_data["lead_role"],
            "funding_item": self.row("funding_item"),
            "measures": indicators_of_codes(self.codes("measure")),
        }


class ActionForm(LedForm):
    """A new action of a plan."""

    priority = forms.ChoiceField(label="Priority that it serves")
    title = words("What is to be done", most=600, required=True, rows=3, hint=READ_HINT)
    from_on = forms.DateField(label="Begins on", required=False)
    due_on = forms.DateField(label="Due on", required=False)
    field_order = ("priority", "title", "lead_partner", "lead_role", "from_on", "due_on")

    def __init__(self, *args: Any, plan: ImprovementPlan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        rows = [(str(p.order), f"{p.order}. {p.title}", p) for p in plan.priorities.select_related("plan__partnership")]
        self.offer("priority", rows, none="" if rows else "Add a priority first")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> PlanAction:
        """Adds the action. Raises OperationError."""
        own = {name: self.cleaned_data[name] for name in ("title", "from_on", "due_on")}
        return keep.add_plan_action(
            priority=self.row("priority"), values=own | self.led, by=by, at=at, key=key, request_id=request_id
        )


class ChangeActionForm(LedForm):
    """Who leads an action, what pays for it and what measures it, as they stand."""

    based_on = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: PlanAction, **kwargs: Any) -> None:
        initial = {
            "lead_partner": action.lead_partner.code if action.lead_partner else "",
            "lead_role": action.lead_role,
            "funding_item": action.funding_item.letter if action.funding_item else "",
            "based_on": state_of(action, keep.LED),
        }
        chosen = list(action.measures.values_list("code", flat=True))
        super().__init__(*args, plan=action.priority.plan, chosen=chosen, initial=initial, **kwargs)
        self.action = action

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> PlanAction:
        """Changes the action. Raises OperationError."""
        return keep.change_plan_action(
            action=self.action, values=self.led, based_on=self.cleaned_data["based_on"], by=by, at=at, key=key,
            request_id=request_id,
        )  # fmt: skip


class DateForm(Offering):
    """Another due day for an action, with the reason."""

    due_on = forms.DateField(label="New due day")
    reason = words("Why it is moved", most=LONG, required=True, rows=3, hint=READ_HINT)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, action: PlanAction, **kwargs: Any) -> None:
        super().__init__(*args, initial={"based_on": action.date_changes.count()}, **kwargs)
        self.action = action

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Moves the day. Raises OperationError."""
        return keep.move_due_date(action=self.action, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)


class EndForm(GovForm):
    """That an action is taken out of the plan, and why."""

    on = forms.DateField(label="Taken out on")
    reason = words("Why it is taken out", most=300, required=True, rows=3, hint=READ_HINT)

    def __init__(self, *args: Any, action: PlanAction, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.action = action

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Takes it out. Raises OperationError."""
        return keep.end_plan_action(
            action=self.action, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data
        )


# A review

_BRAGS = [("", "Choose"), *((brag.value, brag_words(brag)) for brag in Brag)]
_VOICES = [(voice.value, voice.label.capitalize()) for voice in ActionStep.Voice]
PARTS = ("brag", "progress", "evidence", "from", "changed")


def _about(action: PlanAction, line: Any) -> str:
    """Who leads an action, when it is due, and how it stood at the last review."""
    told = [
        action.lead_partner.name if action.lead_partner else "",
        action.lead_role,
        f"due on {day_words(action.due_on)}" if action.due_on else "",
        f"at the last review {lowered(brag_words(line.brag))}" if line else lowered(NOT_REVIEWED),
    ]
    return capital(" · ".join(filter(None, told)))


class ReviewForm(Offering):
    """How every action of a plan stands, in one form: each is filled with what the last review said of it."""

    on = forms.DateField(label="Day of the review")
    meeting = forms.ChoiceField(label="Meeting at which it is taken", required=False)
    summary = words("What to say of the plan as a whole", most=LONG, rows=3, hint=READ_HINT)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, plan: ImprovementPlan, told: ToReview, today: date, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"on": today, "based_on": told.last.number if told.last else 0}
        super().__init__(*args, initial=initial, **kwargs)
        self.plan, self.told = plan, told
        self.offer("meeting", told.meetings, none="None, or not at a meeting")
        for action in told.actions:
            self._add_fields(action, told.lines.get(action.pk))

    def _add_fields(self, action: PlanAction, line: Any) -> None:
        pk, of = action.pk, f"action {number_of(action)}"
        made: dict[str, forms.Field] = {
            "brag": forms.ChoiceField(label="Status", choices=_BRAGS),
            "progress": words("Progress", most=LONG, rows=2),
            "evidence": words("Evidence", most=LONG, rows=2),
            "from": forms.ChoiceField(label="Whose evidence", choices=_VOICES, required=False),
            "changed": words("What changed", most=LONG, rows=2),
        }
        for part, field in made.items():
            field.error_messages["required"] = f"Choose the status of {of}"
            self._prepare(f"{part}-{pk}", field)
            self.fields[f"{part}-{pk}"] = field
        if line is not None:
            values = (line.brag, line.progress, line.evidence, line.evidence_from, line.what_changed)
            self.initial |= {f"{part}-{pk}": value for part, value in zip(PARTS, values, strict=True)}

    @property
    def head(self) -> list[Any]:
        """The fields of the review as a whole."""
        return [self[name] for name in ("on", "meeting", "summary")]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The actions by priority, each with its fields."""
        found: dict[int, dict[str, Any]] = {}
        for action in self.told.actions:
            group = found.setdefault(action.priority_id, {"priority": action.priority, "rows": []})
            line = self.told.lines.get(action.pk)
            fields = {part: self[f"{part}-{action.pk}"] for part in PARTS}
            group["rows"].append(
                {"number": number_of(action), "action": action, "fields": fields, "about": _about(action, line)}
            )
        return list(found.values())

    @property
    def lines(self) -> dict[int, keep.LineInput]:
        """What was said of each action."""
        return {
            action.pk: keep.LineInput(*(self.cleaned_data[f"{part}-{action.pk}"] for part in PARTS))
            for action in self.told.actions
        }

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Any:
        """Takes the review. Raises OperationError."""
        meeting: Meeting | None = self.row("meeting")
        data = self.cleaned_data
        return keep.take_review(
            plan=self.plan, on=data["on"], lines=self.lines, based_on=data["based_on"], meeting=meeting,
            summary=data["summary"], by=by, at=at, key=key, request_id=request_id,
        )  # fmt: skip
