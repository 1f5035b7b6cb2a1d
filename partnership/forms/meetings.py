"""Forms by which meetings are planned, their agenda is kept and published."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile

from indicators.forms import Checkboxes, GovForm, Radios
from indicators.models import Partnership, User
from indicators.permissions import Access
from indicators.working_days import day_words
from partnership.exclusion import PARAGRAPHS
from partnership.meeting_dates import Closed, Planned, Rule, planned_days
from partnership.models import AgendaItem, BodyVersion, ExceptionRequest, Meeting
from partnership.operations import agenda, meetings
from partnership.operations.agenda import ItemDetails, PaperDetails
from partnership.operations.meetings import MeetingDetails
from partnership.paper_files import MOST_BYTES, WHAT_IS_TAKEN, FileNotTaken, PaperFile, judged
from partnership.selectors.committee_papers import issuable_papers
from partnership.selectors.meetings import waiting_exceptions
from partnership.selectors.packs import standing_packs

LONDON = ZoneInfo("Europe/London")
PUBLIC = [("yes", "In public"), ("no", "Not in public"), ("", "Not stated")]
_PUBLIC = {"yes": True, "no": False, "": None}
TIME_FORMATS = ("%H:%M", "%H.%M", "%I%p", "%I.%M%p", "%I:%M%p")
_HALF_OF_DAY = re.compile(r"\.?([AP])\.?M\.?$")
ROLE_HINT = "A job title or office, not a name"
PUBLIC_HINT = "Everybody reads it; name no child and no family"


def words(label: str, *, most: int, required: bool = True, rows: int = 0, hint: str = "") -> forms.CharField:
    """A box for words."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=hint)


def urgency_of(what: str) -> forms.CharField:
    """A box for why the chair finds a late item or paper urgent."""
    return words(
        "The chair’s reason for urgency", most=300, required=False, rows=2,
        hint=f"Only for a late {what} of a meeting in public, with fewer than five clear working days left",
    )  # fmt: skip


class TimeBox(forms.TimeField):
    """A time, typed as 14:00, 2pm, 2.30 p.m. or noon."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--date", "autocomplete": "off"})
        messages = {"invalid": f"{kwargs['label']} must be a time, like 14:00 or 2pm"}
        super().__init__(
            required=False, input_formats=TIME_FORMATS, widget=widget, error_messages=messages,
            help_text="For example, 14:00", **kwargs,
        )  # fmt: skip

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        return super().to_python(_bare_time(value) if isinstance(value, str) else value)


def _bare_time(text: str) -> str:
    """A typed time in the form that TIME_FORMATS read: “10.00 a.m.” as 10.00AM, noon as 12:00."""
    typed = "".join(text.split()).upper()
    named = {"NOON": "12:00", "12NOON": "12:00", "MIDNIGHT": "00:00", "12MIDNIGHT": "00:00"}
    return named.get(typed) or _HALF_OF_DAY.sub(r"\1M", typed)


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Sets the choices of a field."""
    field: Any = form.fields[name]
    field.choices = list(choices)


class PlanForm(GovForm):
    """One meeting of a body, or a series to a last day at the body's own frequency."""

    body = forms.ChoiceField(label="Body")
    first = forms.DateField(label="Day of the meeting, or of the first of a series")
    starts_at = TimeBox(label="Starts at")
    venue = words("Where", most=200, required=False)
    in_public = forms.ChoiceField(label="Does it meet in public?", choices=PUBLIC, required=False, widget=Radios)
    until = forms.DateField(
        label="Last day of a series", required=False,
        help_text="Leave empty for one meeting. A series follows how often the body meets.",
    )  # fmt: skip
    rule = forms.ChoiceField(
        label="Which day of the month does a series keep?", widget=Radios, required=False,
        choices=[(Rule.SAME_WEEKDAY, "The same weekday, such as the second Thursday"), (Rule.SAME_DAY, "The same day")],
    )  # fmt: skip
    closed = forms.ChoiceField(
        label="What becomes of a day at a weekend or on a bank holiday?", widget=Radios, required=False,
        choices=[
            (Closed.AFTER, "The next working day"), (Closed.BEFORE, "The working day before"),
            (Closed.LEFT_OUT, "No meeting"),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Iterable[BodyVersion], **kwargs: Any) -> None:
        initial = {"in_public": "", "rule": Rule.SAME_WEEKDAY, "closed": Closed.AFTER} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.bodies = {version.body.code: version for version in bodies}
        named = [(code, _body_words(v)) for code, v in self.bodies.items()]
        offer(self, "body", [("", "Choose a body"), *named])

    def planned(self) -> tuple[Planned, ...]:
        """The days that were asked for. Raises NoCalendar."""
        data = self.cleaned_data
        if data["until"] is None:
            return (Planned(data["first"]),)
        rule, closed = Rule(data["rule"] or Rule.SAME_WEEKDAY), Closed(data["closed"] or Closed.AFTER)
        frequency = self.bodies[data["body"]].frequency
        return planned_days(data["first"], data["until"], frequency, rule=rule, closed=closed)

    def plan(self, partnership: Partnership, *, by: User, at: datetime, key: str) -> list[Meeting]:
        """Plans the meetings of those days. Raises OperationError and NoCalendar."""
        return meetings.plan_meetings(
            partnership=partnership, body=self.bodies[self.cleaned_data["body"]].body,
            days=[one.on for one in self.planned()], details=details_of(self.cleaned_data), by=by, at=at, key=key,
        )  # fmt: skip


def _body_words(version: BodyVersion) -> str:
    """A body with how often it meets, in the list of bodies."""
    if version.frequency == BodyVersion.Frequency.NOT_STATED:
        return f"{version.name} (how often it meets is not stated)"
    return f"{version.name} ({version.get_frequency_display()})"


def details_of(data: Mapping[str, Any]) -> MeetingDetails:
    """Where and when, from what was typed."""
    return MeetingDetails(data["starts_at"], data["venue"], _PUBLIC[data["in_public"]], data.get("note", ""))


class StepForm(GovForm):
    """One thing that is done with a meeting, or with an item of it. `stamp`: what the page was made from."""

    def __init__(
        self, *args: Any, meeting: Meeting, access: Access, today: date, item: AgendaItem | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.item, self.access, self.today = meeting, item, access, today
        self.prepare()

    def prepare(self) -> None:
        """Fills in what the form starts from."""

    @property
    def stamp(self) -> int:
        """The version that the page shows; a form made from an older one is refused."""
        return self.meeting.version

    @property
    def standing(self) -> str:
        """What stands there now, to compare with after another person's change; empty for nothing to show."""
        return ""

    @property
    def the_item(self) -> AgendaItem:
        """The item that the form is about."""
        assert self.item is not None  # noqa: S101
        return self.item

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Does it. Raises OperationError."""
        raise NotImplementedError


class MoveForm(StepForm):
    """Another day, time or place."""

    on = forms.DateField(label="Day of the meeting")
    starts_at = TimeBox(label="Starts at")
    venue = words("Where", most=200, required=False)
    in_public = forms.ChoiceField(label="Does it meet in public?", choices=PUBLIC, required=False, widget=Radios)
    reason = words("Why it is moved", most=200, required=False, hint="Needed once the agenda is published")

    def prepare(self) -> None:
        """The day as it stands."""
        row = self.meeting
        public = {True: "yes", False: "no", None: ""}[row.in_public]
        for name, value in {"on": row.on, "starts_at": row.starts_at, "venue": row.venue, "in_public": public}.items():
            self.initial.setdefault(name, value)

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Moves the meeting."""
        data = self.cleaned_data
        details = details_of({**data, "note": self.meeting.note})
        meetings.move_meeting(
            meeting=self.meeting, on=data["on"], details=details, reason=data["reason"], version=version, by=by, at=at,
            key=key,
        )  # fmt: skip


class CancelForm(StepForm):
    """Why there is no meeting."""

    reason = words("Why it is cancelled", most=300, rows=3, hint=PUBLIC_HINT)

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Cancels the meeting."""
        meetings.cancel_meeting(
            meeting=self.meeting, reason=self.cleaned_data["reason"], version=version, by=by, at=at, key=key
        )


class PublishForm(StepForm):
    """The chair's reason where notice is short."""

    urgency = words(
        "The chair’s reason for urgency", most=300, required=False, rows=3,
        hint="Only for a meeting in public with fewer than five clear working days left. Everybody reads it.",
    )  # fmt: skip

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Publishes the agenda."""
        meetings.publish_agenda(
            meeting=self.meeting, urgency=self.cleaned_data["urgency"], version=version, by=by, at=at, key=key
        )


class HeldForm(StepForm):
    """That the meeting took place."""

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Records the meeting as held."""
        meetings.hold_meeting(meeting=self.meeting, version=version, by=by, at=at, key=key)


# Agenda


class ItemForm(StepForm):
    """An item of the agenda."""

    title = words("What the item is about", most=300)
    kind = forms.ChoiceField(label="Kind of item", choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.REPORT)
    function = forms.ChoiceField(
        label="What is it about?", choices=AgendaItem.Function.choices, widget=Radios,
        initial=AgendaItem.Function.GENERAL, help_text="Co-opted members with a limited vote vote on education only.",
    )  # fmt: skip
    lead_role = words("Role that leads on it", most=160, required=False, hint=ROLE_HINT)
    exempt_paragraph = forms.ChoiceField(
        label="Is it exempt from publication?", required=False,
        choices=[("", "No, it is public"), *((str(n), f"Yes, paragraph {n} of Schedule 12A") for n in PARAGRAPHS)],
    )  # fmt: skip
    exempt_interest = words(
        "Why the public interest is in the exemption", most=300, required=False, rows=3,
        hint="For an exempt item. Only who may read exempt items reads it.",
    )  # fmt: skip
    urgency = urgency_of("item")

    def details(self) -> ItemDetails:
        """What was typed."""
        data = self.cleaned_data
        paragraph = int(data["exempt_paragraph"]) if data["exempt_paragraph"] else None
        return ItemDetails(
            data["title"], data["kind"], data["function"], data["lead_role"], paragraph, data["exempt_interest"],
            data.get("urgency", ""),
        )  # fmt: skip

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Puts the item on the agenda."""
        agenda.add_item(meeting=self.meeting, details=self.details(), by=by, at=at, key=key)


class ChangeItemForm(ItemForm):
    """Changes an item. Once its agenda is published there are boxes only for what can still be changed, and for what
    was typed before that."""

    def prepare(self) -> None:
        """The item as it stands."""
        del self.fields["urgency"]
        for name in (*agenda.ITEM_BOXES, "exempt_interest"):
            self.initial.setdefault(name, getattr(self.the_item, name))
        self.initial.setdefault("exempt_paragraph", str(self.the_item.exempt_paragraph or ""))
        if self.meeting.state != Meeting.State.PLANNED and "title" not in self.data:
            for name in agenda.ITEM_BOXES:
                del self.fields[name]

    @property
    def standing(self) -> str:
        """The item as it stands."""
        item = self.the_item
        exempt = f"exempt, paragraph {item.exempt_paragraph}" if item.is_exempt else "public"
        return "\n".join(filter(None, [str(item), item.lead_role, exempt]))

    def details(self) -> ItemDetails:
        """What was typed, over what stands there."""
        for name in agenda.ITEM_BOXES:
            self.cleaned_data.setdefault(name, getattr(self.the_item, name))
        return super().details()

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Changes the item."""
        agenda.change_item(item=self.the_item, details=self.details(), version=version, by=by, at=at, key=key)


class ExceptionsForm(StepForm):
    """Exception reports that wait for an agenda."""

    requests = forms.MultipleChoiceField(
        label="Exception reports that wait", widget=Checkboxes,
        error_messages={"required": "Choose at least one exception report"},
    )  # fmt: skip
    urgency = urgency_of("item")

    def prepare(self) -> None:
        """Those that wait, all chosen."""
        self.waiting = {str(r.number): r for r in waiting_exceptions(self.meeting.partnership, self.access)}
        offer(self, "requests", [(n, _report_words(r)) for n, r in self.waiting.items()])
        self.initial.setdefault("requests", list(self.waiting))

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Puts them on the agenda."""
        chosen = [self.waiting[number] for number in self.cleaned_data["requests"]]
        agenda.carry_exceptions(
            meeting=self.meeting, requests=chosen, urgency=self.cleaned_data["urgency"], by=by, at=at, key=key
        )


def _report_words(request: ExceptionRequest) -> str:
    declined = ", declined" if request.state == ExceptionRequest.State.DECLINED else ""
    return f"Exception report {request.number} of {request.partner.name}{declined}"


class PaperForm(StepForm):
    """A paper under an item: a pack, a file, or only its name."""

    title = words("Title of the paper", most=300)
    pages = words("Pages", most=40, required=False, hint="As printed in the agenda: 12 or 1–30")
    pack = forms.ChoiceField(label="Pack", required=False)
    issue = forms.ChoiceField(label="Committee paper as issued", required=False)
    file = forms.FileField(
        label="File", required=False, help_text=f"{WHAT_IS_TAKEN}; {MOST_BYTES // 1024 // 1024} MB at most"
    )
    is_named = forms.BooleanField(
        label="Only its name: it is to follow, or is given by word of mouth", required=False
    )  # fmt: skip
    embargo_on = forms.DateField(
        label="Under embargo until this day", required=False,
        help_text="Only who prepares meetings reads it before. Leave empty for none.",
    )  # fmt: skip
    embargo_at = TimeBox(label="and this time")
    urgency = urgency_of("paper")

    @property
    def stamp(self) -> int:
        """What tells the item as the page shows it."""
        return agenda.stamp_of(self.the_item)

    @property
    def standing(self) -> str:
        """The item as it stands."""
        item = self.the_item
        return f"{item}\n{'Exempt' if item.is_exempt else 'Public: everybody reads its papers'}"

    def prepare(self) -> None:
        """The packs that can hang under an item, those that stand published, and the papers issued of them."""
        self.packs = {pack.code: pack for pack in standing_packs(self.meeting.partnership)}
        named = [(code, f"{p.title} ({day_words(p.meeting_on)})") for code, p in self.packs.items()]
        offer(self, "pack", [("", "No pack"), *named])
        self.issues = {f"{i.paper.pack.code}/{i.paper.number}": i for i in issuable_papers(self.meeting.partnership)}
        titled = [(code, f"{i.paper.title}, issue {i.number}") for code, i in self.issues.items()]
        offer(self, "issue", [("", "No committee paper"), *titled])
        if not titled:
            del self.fields["issue"]
        self.judged: PaperFile | None = None

    def clean_file(self) -> UploadedFile | None:
        """The file, judged by what it holds."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None:
            try:
                self.judged = judged(file.name or "", file.read())
            except FileNotTaken as refused:
                raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        """A time of an embargo needs its day."""
        data = super().clean() or self.cleaned_data
        if data.get("embargo_at") and not data.get("embargo_on") and "embargo_on" not in self.errors:
            self.add_error("embargo_on", "Give the day of the embargo too")
        return data

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Puts the paper under the item."""
        data = self.cleaned_data
        until = None
        if data["embargo_on"]:
            until = datetime.combine(data["embargo_on"], data["embargo_at"] or time(0), tzinfo=LONDON)
        details = PaperDetails(
            data["title"], data["pages"], self.packs.get(data["pack"]), self.judged, until, data["urgency"],
            data["is_named"], self.issues.get(data.get("issue", "")),
        )  # fmt: skip
        agenda.add_paper(item=self.the_item, details=details, stamp=version, by=by, at=at, key=key)
