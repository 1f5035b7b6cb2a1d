"""Forms of actions: what is agreed, and what became of it. Each carries out its operation by `record`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from indicators.forms import FindText, GovForm
from indicators.models import Partner, Partnership, Period, ScorecardLine, User
from indicators.typed_text import quoted
from partnership.action_log import STANDING_WORDS, VOICES, Standing
from partnership.actions_table import ActionRow
from partnership.evidence_files import TAKEN, checked
from partnership.models import Action, ActionStep, Meeting, Resolution
from partnership.operations import actions as keep
from partnership.operations.actions import LONGEST_TEXT, Origin, Owner
from partnership.operations.citations import cite
from partnership.paper_files import FileNotTaken, PaperFile
from partnership.selectors.citations import Citable

FIND = "find"
READ_HINT = "Everybody who may read the action reads this; name no child and no family"
ROLE_HINT = "One job title, not a name: one owner answers for the whole action"
FROM_HINT = "Where children, families or staff told it, say what changed for them; name nobody"


def long_text(label: str, *, required: bool = True, rows: int = 5, hint: str = READ_HINT) -> forms.CharField:
    """A box for up to 6,000 characters."""
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, required=required, widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
    )  # fmt: skip


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Sets the choices of a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = list(choices)


class ActionFilter(GovForm):
    """Which actions the log shows."""

    state = forms.ChoiceField(
        required=False,
        choices=[
            ("open", "Open"),
            ("done", STANDING_WORDS[Standing.DONE]),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
            ("all", "All"),
        ],
    )
    owner = forms.ChoiceField(required=False)
    body = forms.ChoiceField(required=False)
    overdue = forms.ChoiceField(label="Due", required=False, choices=[("", "Any day"), ("yes", "Overdue")])

    def __init__(self, *args: Any, rows: Sequence[ActionRow], **kwargs: Any) -> None:
        super().__init__(*args, initial={"state": "open"}, **kwargs)
        partners = dict.fromkeys((f"partner:{r.partner_code}", r.partner) for r in rows if r.partner_code)
        roles = dict.fromkeys((f"role:{r.owner_role}", r.owner_role) for r in rows)
        bodies = dict.fromkeys((r.body_code, r.body) for r in rows if r.body_code)

        def named(pair: tuple[str, str]) -> str:
            return pair[1].casefold()

        owners = [("", "All owners"), ("mine", "Mine, and my partner’s that no person owns")]
        offer(self, "owner", [*owners, ("Partners", sorted(partners, key=named)), ("Roles", sorted(roles, key=named))])
        offer(self, "body", [("", "All bodies"), *sorted(bodies, key=named)])


class OwnerFields(GovForm):
    """Who answers for an action."""

    owner_role = forms.CharField(label="Owner", max_length=120, help_text=ROLE_HINT)
    owner_partner = forms.ChoiceField(label="Partner of the owner", required=False)
    owner = forms.ChoiceField(
        label="Person who tells how it stands", required=False,
        help_text="They are reminded by e-mail; without one, those who answer for the partner are",
    )  # fmt: skip

    def offer_owners(self, partners: Iterable[Partner], people: Iterable[User]) -> None:
        """Sets who can be chosen."""
        self.partners = {p.code: p for p in partners}
        self.people = {str(u.pk): u for u in people}
        offer(self, "owner_partner", [("", "None of the partners"), *((c, p.name) for c, p in self.partners.items())])
        offer(self, "owner", [("", "Nobody in particular"), *((pk, str(u)) for pk, u in self.people.items())])

    @property
    def chosen_owner(self) -> Owner:
        """The owner that was typed and chosen."""
        data = self.cleaned_data
        return Owner(data["owner_role"], self.partners.get(data["owner_partner"]), self.people.get(data["owner"]))


class FigureFields(GovForm):
    """A figure that something rests on: an indicator and a period. Of hundreds of indicators words leave those that
    contain them; whoever presses Find so far only looks, and everything else stays as typed."""

    find = forms.CharField(
        label="Indicator contains", max_length=80, required=False, widget=FindText,
        help_text="Words of its name or scorecard, to shorten the list below",
    )  # fmt: skip
    line = forms.ChoiceField(label="Indicator that it rests on")
    period = forms.ChoiceField(label="Period of that figure")

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        looks = data is not None and data.get("do") == FIND
        super().__init__(None if looks else data, *args, **kwargs)
        if data is not None and looks:
            typed = {name: box.widget.value_from_datadict(data, {}, name) for name, box in self.fields.items()}
            self.initial |= typed
            self.fields["line"].widget.attrs["autofocus"] = True

    def offer_figures(self, figures: Citable) -> None:
        """Sets what can be chosen: all, or those that contain the words, and what is chosen already."""
        self.figures = figures
        given = self.data if self.is_bound else self.initial
        words, chosen = str(given.get("find") or ""), str(given.get("line") or "")
        found = figures.containing(words)
        kept = figures.only({*found, chosen}) if found else figures.groups
        offer(self, "line", [("", "None"), *kept])
        if words.split():
            self.fields["line"].help_text = _found_words(len(found), len(figures.lines), words)
        offer(self, "period", [("", "None"), *((slug, row.label) for slug, row in figures.periods.items())])

    def clean(self) -> dict[str, Any]:
        """An indicator and a period, or neither."""
        data = self.cleaned_data
        if bool(data.get("line")) != bool(data.get("period")) and not self.errors:
            missing = "period" if data.get("line") else "line"
            self.add_error(missing, "Choose both the indicator and the period of the figure, or neither.")
        return data

    @property
    def rests_on(self) -> tuple[ScorecardLine, Period] | None:
        """The figure that was chosen."""
        data = self.cleaned_data
        if not data["line"]:
            return None
        return self.figures.lines[data["line"]], self.figures.periods[data["period"]]


def _found_words(found: int, of: int, words: str) -> str:
    if not found:
        return f"No indicator contains {quoted(words, 40)}: all {of:,} are listed"
    return f"{found:,} of {of:,} {'contains' if found == 1 else 'contain'} {quoted(words, 40)}"


class CiteForm(FigureFields):
    """The figure that an action or a resolution rests on."""

    def __init__(self, *args: Any, of: Action | Resolution, figures: Citable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        self.offer_figures(figures)

    def record(self, *, by: User, at: datetime) -> Any:
        """Keeps it as it was reported by now. Raises OperationError."""
        line, period = self.figures.lines[self.cleaned_data["line"]], self.figures.periods[self.cleaned_data["period"]]
        return cite(of=self.of, line=line, period=period, by=by, at=at)


class ActionForm(OwnerFields, FigureFields):
    """A new action. `origins`: by code what it can come from, in groups with words for each."""

    comes_from = forms.ChoiceField(label="What it comes from")
    what = long_text("What is to be done", rows=4)
    due_on = forms.DateField(label="Due on", required=False)
    field_order = ("comes_from", "what", "owner_role", "owner_partner", "owner", "due_on", "find", "line", "period")

    def __init__(
        self, *args: Any, partnership: Partnership, partners: Iterable[Partner], people: Iterable[User],
        origins: Mapping[str, Origin], groups: Iterable[Any], figures: Citable, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["line"].required = self.fields["period"].required = False
        self.offer_figures(figures)
        self.partnership, self.origins = partnership, origins
        self.offer_owners(partners, people)
        offer(self, "comes_from", [("", "Choose"), *groups])

    def record(self, *, by: User, at: datetime, key: str) -> Action:
        """Agrees the action, once for a key. Raises OperationError."""
        data = self.cleaned_data
        return keep.add_action(
            partnership=self.partnership, origin=self.origins[data["comes_from"]], what=data["what"],
            owner=self.chosen_owner, due_on=data["due_on"], rests_on=self.rests_on, by=by, at=at, key=key,
        )  # fmt: skip


class StepForm(GovForm):
    """Something that becomes of an action."""

    def __init__(
        self, *args: Any, action: Action, meetings: Sequence[tuple[Meeting, str]], partners: Iterable[Partner],
        people: Iterable[User], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.action = action
        self.meetings = {m.code: m for m, _ in meetings}
        if "at_meeting" in self.fields:
            none = "Choose" if self.fields["at_meeting"].required else "Outside a meeting"
            offer(self, "at_meeting", [("", none), *((m.code, words) for m, words in meetings)])

    @property
    def at_meeting(self) -> Any:
        """The meeting that was chosen."""
        return self.meetings.get(self.cleaned_data.get("at_meeting", ""))


def _meeting(label: str, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required)


def _voices() -> forms.ChoiceField:
    choices = [("", "Nobody in particular"), *((code, words.capitalize()) for code, words in VOICES.items())]
    return forms.ChoiceField(label="Who the evidence is from", required=False, choices=choices)


def _file() -> forms.FileField:
    return forms.FileField(label="A file that shows it", required=False, help_text=f"{TAKEN}. Nothing about one child")


class EvidenceFields(StepForm):
    """A step that may carry evidence with a file."""

    def clean_document(self) -> PaperFile | None:
        """The file by its content; None where none was sent."""
        sent = self.cleaned_data.get("document")
        if sent is None:
            return None
        try:
            return checked(sent.name, sent.read())
        except FileNotTaken as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    @property
    def shown(self) -> dict[str, Any]:
        """The evidence as operations take it."""
        data = self.cleaned_data
        return {"evidence": data["evidence"], "evidence_from": data["evidence_from"], "file": data["document"]}


class TellForm(EvidenceFields):
    """How an action stands, or that it is done."""

    title, button, done = "Tell how it stands", "Record it", "It is recorded."
    stands = forms.ChoiceField(
        label="How does it stand?",
        choices=[("progress", "It is under way"), ("done", "It is done: the meeting can close it")],
        widget=forms.RadioSelect, initial="progress",
    )  # fmt: skip
    words = long_text("What was done")
    evidence = long_text("Evidence, and what changed", required=False, hint=FROM_HINT)
    evidence_from = _voices()
    document = _file()

    def record(self, **given: Any) -> Any:
        """Records it. Raises OperationError."""
        data = self.cleaned_data
        return keep.tell_progress(
            action=self.action, words=data["words"], is_done=data["stands"] == "done", **self.shown, **given
        )


class DateForm(StepForm):
    """Another day."""

    title, button, done = "Move the day", "Move the day", "The day is moved. The first day agreed stays on the page."
    due_on = forms.DateField(label="New day")
    reason = long_text("Why", rows=3)
    at_meeting = _meeting("Meeting that moved it")

    def record(self, **given: Any) -> Any:
        """Moves it. Raises OperationError."""
        data = self.cleaned_data
        return keep.move_date(
            action=self.action, due_on=data["due_on"], reason=data["reason"], at_meeting=self.at_meeting, **given
        )


class GiveForm(StepForm, OwnerFields):
    """Another owner."""

    title, button, done = "Give it to another owner", "Give it to this owner", "The action has another owner."
    reason = long_text("Why", rows=3)
    at_meeting = _meeting("Meeting that decided it")
    field_order = ("owner_role", "owner_partner", "owner", "reason", "at_meeting")

    def __init__(self, *args: Any, partners: Iterable[Partner], people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, partners=partners, people=people, **kwargs)
        self.offer_owners(partners, people)

    def record(self, **given: Any) -> Any:
        """Gives it on. Raises OperationError."""
        return keep.reassign(
            action=self.action, owner=self.chosen_owner, reason=self.cleaned_data["reason"],
            at_meeting=self.at_meeting, **given,
        )  # fmt: skip


class CloseForm(EvidenceFields):
    """That it was done, and what shows it."""

    title, button, done = "Close the action", "Close the action", "The action is closed."
    at_meeting = _meeting("Meeting that closes it", required=True)
    evidence = long_text("What shows that it was done", hint=FROM_HINT)
    evidence_from = _voices()
    document = _file()
    words = long_text("What the meeting said", required=False, rows=3)

    def record(self, **given: Any) -> Any:
        """Closes it. Raises OperationError."""
        data = self.cleaned_data
        return keep.close_action(
            action=self.action, words=data["words"], at_meeting=self.at_meeting, **self.shown, **given
        )


class ReopenForm(StepForm):
    """That it is not done after all."""

    title, button, done = "Open it again", "Open it again", "The action is open again."
    reason = long_text("Why", rows=3)
    at_meeting = _meeting("Meeting that decided it")

    def record(self, **given: Any) -> Any:
        """Opens it again. Raises OperationError."""
        reason = self.cleaned_data["reason"]
        return keep.reopen_action(action=self.action, reason=reason, at_meeting=self.at_meeting, **given)


class CancelForm(ReopenForm):
    """That it is not to be done any more."""

    title, button, done = "Cancel the action", "Cancel the action", "The action is cancelled. It stays in the log."

    def record(self, **given: Any) -> Any:
        """Cancels it. Raises OperationError."""
        reason = self.cleaned_data["reason"]
        return keep.cancel_action(action=self.action, reason=reason, at_meeting=self.at_meeting, **given)


STEP_FORMS: dict[str, type[StepForm]] = {
    "tell": TellForm,
    "close": CloseForm,
    "date": DateForm,
    "owner": GiveForm,
    "reopen": ReopenForm,
    "cancel": CancelForm,
}


def owner_texts(action: Action) -> dict[str, Any]:
    """What the form of an owner begins with: the owner of today."""
    return {
        "owner_role": action.owner_role,
        "owner_partner": action.owner_partner.code if action.owner_partner else "",
        "owner": str(action.owner_id or ""),
    }


def evidence_texts(steps: Sequence[ActionStep]) -> dict[str, Any]:
    """What the form that closes an action begins with: the evidence that was told last, and whose it is. A file that
    came with it stays with its own step."""
    told = next((step for step in reversed(steps) if step.evidence is not None), None)
    if told is None or told.evidence is None:
        return {}
    return {"evidence": told.evidence.body, "evidence_from": told.evidence_from}
