"""Forms of bodies, their lines and their seats. Each carries the number of what was last recorded of its body."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from indicators.forms import GovForm, NumberText, Radios
from indicators.models import Membership, Partner, Partnership, User
from indicators.working_days import day_words
from partnership.forms.plans import Offering, words
from partnership.meeting_dates import DAY
from partnership.models import Body, BodyVersion, DayBasis, ReportingLine, Seat
from partnership.operations import bodies as keep
from partnership.operations import seats as keep_seats
from partnership.operations.body_steps import CHANGED
from partnership.selectors.bodies import name_of, version_on
from partnership.selectors.visible import DECISIONS_OPEN

ROLE_HINT = "A role or an office, never a name"
READ_HINT = "Everybody who reads this service can read it; name no person"
BASIS = [(DayBasis.STATED, "It is stated"), (DayBasis.FIRST_NAMED, "A paper first names it then")]
LAST_BASIS = [(DayBasis.STATED, "It is stated"), (DayBasis.LAST_NAMED, "A paper last names it then")]
_YES_NO = {"": None, "yes": True, "no": False}


def _number(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=200, help_text=hint, widget=NumberText(whole=True),
        error_messages={
            "invalid": f"{label} must be a whole number", "min_value": f"{label} must be 1 or more",
            "max_value": f"{label} must be 200 or less",
        },
    )  # fmt: skip


def _basis(label: str, choices: Iterable[tuple[str, str]] = BASIS) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=Radios, initial=DayBasis.STATED)


class _OfPartnership(Offering):
    """A form about bodies of a partnership."""

    def __init__(self, *args: Any, partnership: Partnership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership, self.today = partnership, today
        if "organisation" in self.fields:
            self.partners = {p.code: p for p in Partner.objects.filter(partnership=partnership).order_by("name")}
            named = [("", "None of them, or of several"), *((code, p.name) for code, p in self.partners.items())]
            self.fields["organisation"].choices = named  # type: ignore[attr-defined]

    def clean_organisation(self) -> Partner | None:
        """The partner that was chosen."""
        return self.partners.get(self.cleaned_data["organisation"])


class BodyForm(_OfPartnership):
    """What a body is called and how it works from a day on."""

    name = words("Name", most=160, required=True)
    short_name = words("Short name", most=40, hint="As people call it, such as OSMC")
    kind = forms.ChoiceField(label="Kind", choices=BodyVersion.Kind.choices)
    organisation = forms.ChoiceField(label="Whose body it is", required=False)
    organisation_words = words("Another organisation", most=160, hint="Where it is no partner’s")
    is_multi_agency = forms.BooleanField(label="Several agencies sit on it", required=False)
    purpose = words("What it is for", most=600, rows=3, hint=READ_HINT)
    chair = forms.ChoiceField(label="Who chairs it", choices=BodyVersion.Chair.choices, required=False)
    frequency = forms.ChoiceField(label="How often it meets", choices=BodyVersion.Frequency.choices, required=False)
    quorum_number = _number("Quorum: members", "At least so many with a vote; leave empty where none is stated")
    quorum_one_in = _number("Quorum: one in", "4 means a quarter of the seats with a vote; empty where none is stated")
    quorum_counts_vacancies = forms.BooleanField(
        label="Vacant seats count when the share is worked out", required=False, initial=True
    )
    meets_in_public = forms.ChoiceField(
        label="Does it meet in public?", choices=[("", "Not stated"), ("yes", "Yes"), ("no", "No")], required=False,
        widget=Radios,
    )  # fmt: skip
    from_on = forms.DateField(label="From which day")
    from_basis = _basis("How that day is known")

    def clean_meets_in_public(self) -> bool | None:
        """Yes, no, or not stated."""
        return _YES_NO[self.cleaned_data["meets_in_public"]]

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Adds the body. Raises OperationError."""
        return keep.add_body(
            partnership=self.partnership, values=self.cleaned_data, by=by, at=at, key=key, request_id=request_id
        )


class _OfBody(_OfPartnership):
    """A form about one body, as it stood when the page was opened."""

    rests_on = "step"
    step = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, error_messages={"required": CHANGED, "invalid": CHANGED}
    )

    def __init__(self, *args: Any, body: Body, step: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"step": step} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.body = body

    def values(self) -> dict[str, Any]:
        """What was typed, without the number of the page."""
        return {name: value for name, value in self.cleaned_data.items() if name != "step"}

    def others(self) -> list[Body]:
        """The other bodies of the partnership, by name today."""
        found = Body.objects.filter(partnership=self.partnership).exclude(pk=self.body.pk)
        named = {body: name_of(body, self.today) for body in found.prefetch_related("versions")}
        return sorted(named, key=lambda body: (named[body].casefold(), body.code))

    def offer_others(self, field: str) -> None:
        """Fills a choice with the other bodies."""
        self.bodies = {body.code: body for body in self.others()}
        named = [("", "Choose a body"), *((code, name_of(b, self.today)) for code, b in self.bodies.items())]
        self.fields[field].choices = named  # type: ignore[attr-defined]


class ChangeForm(_OfBody, BodyForm):
    """How a body is to be from a day on; filled in with how it is."""

    from_basis = None  # type: ignore[assignment]

    def __init__(self, *args: Any, body: Body, today: date, **kwargs: Any) -> None:
        now = version_on(body.versions.all(), today)
        initial: dict[str, Any] = {}
        if now is not None:
            initial = {name: getattr(now, name) for name in BodyForm.base_fields if hasattr(now, name)}
            initial["organisation"] = now.organisation.code if now.organisation else ""
            initial["meets_in_public"] = {None: "", True: "yes", False: "no"}[now.meets_in_public]
        super().__init__(*args, body=body, today=today, initial=initial | {"from_on": None}, **kwargs)

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Adds the version. Raises OperationError."""
        keep.change_body(
            body=self.body, values=self.values(), step=self.cleaned_data["step"], by=by, at=at, key=key,
            request_id=request_id,
        )  # fmt: skip
        return self.body


class EndForm(_OfBody):
    """The last day of a body."""

    until_on = forms.DateField(label="Last day")
    until_basis = _basis("How that day is known", LAST_BASIS)

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Ends the body. Raises OperationError."""
        return keep.end_body(body=self.body, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)


class SuccessionForm(_OfBody):
    """Which body took the place of this one."""

    successor = forms.ChoiceField(label="Which body took its place")
    on = forms.DateField(label="On which day", required=False, help_text="Leave empty where no day is stated")
    note = words("What to know of it", most=300, rows=2, hint="Such as which part of the work passed on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_others("successor")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Records the succession. Raises OperationError."""
        own = self.values() | {"successor": self.bodies[self.cleaned_data["successor"]]}
        keep.record_succession(
            predecessor=self.body, step=self.cleaned_data["step"], by=by, at=at, key=key, request_id=request_id, **own
        )
        return self.body


UP, DOWN = "up", "down"


class LineForm(_OfBody):
    """A line between this body and another."""

    direction = forms.ChoiceField(label="Which of the two stands above?", widget=Radios, initial=UP)
    other = forms.ChoiceField(label="The other body")
    kind = forms.ChoiceField(label="How the lower one stands to it", choices=ReportingLine.Kind.choices, widget=Radios)
    from_on = forms.DateField(label="From which day")
    from_basis = _basis("How that day is known")
    until_on = forms.DateField(label="Last day", required=False, help_text="Leave empty where it goes on")
    note = words("What to know of it", most=300, rows=2, hint=READ_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = name_of(self.body, self.today)
        self.offer_others("other")
        self.fields["direction"].choices = [  # type: ignore[attr-defined]
            (UP, f"The other body stands above “{name}”"), (DOWN, f"“{name}” stands above the other body"),
        ]  # fmt: skip

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Adds the line. Raises OperationError."""
        own = self.values()
        other, is_up = self.bodies[own.pop("other")], own.pop("direction") == UP
        keep.add_line(
            body=self.body, lower=self.body if is_up else other, upper=other if is_up else self.body, values=own,
            step=self.cleaned_data["step"], by=by, at=at, key=key, request_id=request_id,
        )  # fmt: skip
        return self.body


class EndLineForm(_OfBody):
    """The last day of a line."""

    until_on = forms.DateField(label="Last day")

    def __init__(self, *args: Any, line: ReportingLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Ends the line. Raises OperationError."""
        keep.end_line(body=self.body, line=self.line, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data)
        return self.body


class SeatForm(_OfBody):
    """A seat, and who holds it from its first day on."""

    title = words("What the seat is for", most=160, required=True, hint=ROLE_HINT)
    role = forms.ChoiceField(label="As what it is held", choices=Seat.Role.choices, initial=Seat.Role.MEMBER)
    votes = forms.ChoiceField(label="On what it votes", choices=Seat.Votes.choices, widget=Radios, initial="all")
    organisation = forms.ChoiceField(label="For which partner", required=False)
    organisation_words = words("Another organisation", most=160, hint="Where it is no partner")
    from_on = forms.DateField(label="From which day")
    from_basis = _basis("How that day is known")
    holder = words("Who holds it", most=160, hint=f"{ROLE_HINT}; leave empty where it is vacant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.body.meetings.filter(state__in=DECISIONS_OPEN, precision=DAY).order_by("on").last()
        if held is not None:
            self.fields["from_on"].help_text = (
                f"A meeting was held on {day_words(held.on)}. From that day or an earlier one the seat counts at the "
                "meetings held since, also in the quorum that is told of them"
            )

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Adds the seat. Raises OperationError."""
        own = self.values()
        keep_seats.add_seat(
            body=self.body, holder=own.pop("holder"), values=own, step=self.cleaned_data["step"], by=by, at=at,
            key=key, request_id=request_id,
        )  # fmt: skip
        return self.body


class _OfSeat(_OfBody):
    """A form about one seat."""

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat


class FillForm(_OfSeat):
    """Who holds a vacant seat from a day on."""

    holder = words("Who holds it", most=160, required=True, hint=ROLE_HINT)
    user = forms.ChoiceField(label="Their account in this service", required=False)
    from_on = forms.DateField(label="From which day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.on(self.today).filter(partnership=self.partnership).select_related("user")
        self.users = {str(m.user.pk): m.user for m in members if m.user.is_active}
        named: Sequence[tuple[str, str]] = [(pk, user.display_name or user.email) for pk, user in self.users.items()]
        self.fields["user"].choices = [("", "None"), *sorted(named, key=lambda pair: pair[1])]  # type: ignore[attr-defined]

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Fills the seat. Raises OperationError."""
        own = self.values() | {"user": self.users.get(self.cleaned_data["user"])}
        keep_seats.fill_seat(
            body=self.body, seat=self.seat, step=self.cleaned_data["step"], by=by, at=at, key=key,
            request_id=request_id, **own,
        )  # fmt: skip
        return self.body


class VacateForm(_OfSeat):
    """The last day of who holds a seat."""

    until_on = forms.DateField(label="Last day on which it is held")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Says that the seat is vacant from the next day on. Raises OperationError."""
        keep_seats.vacate_seat(
            body=self.body, seat=self.seat, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data
        )
        return self.body


class EndSeatForm(_OfSeat):
    """The last day of a seat."""

    until_on = forms.DateField(label="Last day of the seat")

    def add(self, *, by: User, at: datetime, key: str, request_id: str) -> Body:
        """Ends the seat. Raises OperationError."""
        keep_seats.end_seat(
            body=self.body, seat=self.seat, by=by, at=at, key=key, request_id=request_id, **self.cleaned_data
        )
        return self.body


class OnForm(GovForm):
    """The day as at which something is shown."""

    on = forms.DateField(label="As at", required=False)
