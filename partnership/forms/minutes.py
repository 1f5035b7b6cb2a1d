"""Forms by which a meeting is recorded."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms

from indicators.forms import Checkboxes, GovForm, Radios
from indicators.models import Partner, User
from indicators.working_days import day_words
from partnership.exclusion import PARAGRAPHS
from partnership.forms.meetings import PUBLIC_HINT, ROLE_HINT, StepForm, offer, words
from partnership.meeting_dates import LONGEST_NAME_DAYS
from partnership.models import (
    AgendaItem,
    Attendance,
    Declaration,
    MemberQuestion,
    PublicStatement,
    Resolution,
    ResolutionResponse,
    Seat,
)
from partnership.operations import minutes, resolutions
from partnership.operations.minutes import THERE, Attended, Interest, Question, Statement
from partnership.operations.resolutions import Decision, Votes
from partnership.quorum import SeatOn, seats_on
from partnership.selectors import visible
from partnership.selectors.bodies import bodies_on, dated, seat_names, seats_of
from partnership.selectors.meetings import attendance_of, later_held, who_was_there

_STATUSES = [(value, label) for value, label in Attendance.Status.choices if value != "in_attendance"]
_MOST_OTHERS = 60


def _statuses(recorded: Attendance | None) -> list[tuple[str, str]]:
    """How the holder of a seat can have been there; "in attendance" where a paper says so of them."""
    is_other = recorded is not None and recorded.status == Attendance.Status.IN_ATTENDANCE
    return list(Attendance.Status.choices) if is_other else _STATUSES


def items_of(form: StepForm) -> list[AgendaItem]:
    """The items of the form's meeting that the person may read, in order."""
    return list(visible.items_for(form.access, form.meeting.partnership).filter(meeting=form.meeting))


class AttendanceForm(StepForm):
    """Who was there: a line for each seat that day, and those without a seat."""

    def prepare(self) -> None:
        """A line for each seat of that day, as recorded so far."""
        self.items = {str(i.order): i for i in items_of(self)}
        recorded = attendance_of(self.meeting)
        self.by_seat = {a.seat_id: a for a in recorded if a.seat_id}
        self.without = [a for a in recorded if a.seat_id is None]
        stored = {str(s.pk): s for s in seats_of(self.meeting.body)}
        sitting = seats_on([dated(s) for s in stored.values()], str(self.meeting.body_id), self.meeting.on)
        names = seat_names(self.meeting.body)
        told = Counter(one.holder.casefold() for one in sitting) + Counter(s.title.casefold() for s in stored.values())
        self.lines: list[tuple[Seat, SeatOn, str]] = []
        self.vacant: list[str] = []
        for one in sitting:
            seat = stored[one.seat.key]
            if one.is_vacant and seat.pk not in self.by_seat:
                self.vacant.append(names[seat.pk])
                continue
            tells = one.holder and told[one.holder.casefold()] == 1
            self.lines.append((seat, one, f"{names[seat.pk]} ({one.holder})" if tells else names[seat.pk]))
        places = [("", "all of it"), *((order, f"item {i.label}") for order, i in self.items.items())]
        for seat, one, name in self.lines:
            before = self.by_seat.get(seat.pk)
            self.fields[f"status_{seat.pk}"] = forms.ChoiceField(
                label=f"{name}{', vacant' if one.is_vacant else ''}", required=False,
                choices=[("", "Not chosen"), *_statuses(before)], initial=before.status if before else "",
            )  # fmt: skip
            for part, words_of in (("arrived", "first item attended"), ("left", "left before")):
                at = (before.arrived_for if part == "arrived" else before.left_before) if before else None
                self.fields[f"{part}_{seat.pk}"] = forms.ChoiceField(
                    label=f"{name}: {words_of}", choices=places, required=False, initial=str(at.order) if at else ""
                )
        if self.lines:
            self.fields["rest"] = forms.ChoiceField(
                label="All others, whose attendance is not chosen above", required=False,
                choices=[("", "Each is chosen above"), *_STATUSES],
            )  # fmt: skip
        chair = next((a.seat_id for a in recorded if a.took_chair), None)
        self.fields["chair"] = forms.ChoiceField(
            label="Who took the chair", required=False, initial=str(chair or ""),
            choices=[("", "Not stated"), *((str(seat.pk), name) for seat, _, name in self.lines)],
        )  # fmt: skip
        others = ["; ".join(filter(None, [a.who, a.organisation_words])) for a in self.without]
        self.fields["others"] = words(
            "In attendance, without a seat", most=6_000, required=False, rows=5,
            hint="One a line: role; organisation. No names.",
        )  # fmt: skip
        self.initial.setdefault("others", "\n".join(others))
        for name, field in self.fields.items():
            self._prepare(name, field)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The boxes of each seat, for a table."""
        return [
            {
                "status": self[f"status_{seat.pk}"],
                "arrived": self[f"arrived_{seat.pk}"],
                "left": self[f"left_{seat.pk}"],
                "is_part": any(self[f"{part}_{seat.pk}"].value() for part in ("arrived", "left")),
            }
            for seat, *_ in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        """Nobody was there, or away, without somebody saying so."""
        data = super().clean() or self.cleaned_data
        for seat, _, name in self.lines:
            box = f"status_{seat.pk}"
            data[box] = data.get(box) or data.get("rest", "")
            if not data[box] and box not in self.errors:
                self.add_error(box, f"Say whether {name} was there")
        return data

    def clean_others(self) -> list[tuple[str, str]]:
        """Role and organisation of each line."""
        lines = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        if len(lines) > _MOST_OTHERS:
            raise forms.ValidationError(f"Give {_MOST_OTHERS} lines at most")
        pairs = [tuple(part.strip() for part in line.partition(";")[::2]) for line in lines]
        if any(len(part) > 160 for pair in pairs for part in pair):
            raise forms.ValidationError("Role and organisation must be 160 characters or fewer each")
        return [(who, organisation) for who, organisation in pairs]

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the attendance."""
        lines = [self._seated(seat, one.holder or seat.title) for seat, one, _ in self.lines]
        lines += self._unseated()
        minutes.record_attendance(meeting=self.meeting, lines=lines, version=version, by=by, at=at, key=key)

    def _seated(self, seat: Seat, holder: str) -> Attended:
        """What was typed of a seat. A paper’s own words for who held it, and for which organisation, stay."""
        data, before = self.cleaned_data, self.by_seat.get(seat.pk)
        return Attended(
            seat, before.who if before and before.source_id else holder, data[f"status_{seat.pk}"],
            before.organisation_words if before else "", data["chair"] == str(seat.pk),
            self.items.get(data[f"arrived_{seat.pk}"]), self.items.get(data[f"left_{seat.pk}"]),
        )  # fmt: skip

    def _unseated(self) -> list[Attended]:
        """Those without a seat; of who is recorded already everything that has no box stays, and so does who is
        recorded for a seat that there was not on that day."""
        typed = [Attended(None, who, Attendance.Status.IN_ATTENDANCE, of) for who, of in self.cleaned_data["others"]]
        rows = minutes.matching(typed, self.without)
        sitting = {seat.pk for seat, *_ in self.lines}
        found = [minutes.recorded(row) for pk, row in self.by_seat.items() if pk not in sitting]
        found += [
            replace(minutes.recorded(row), organisation_words=one.organisation_words) if row else one
            for one, row in zip(typed, rows, strict=True)
        ]
        has_chair = bool(self.cleaned_data["chair"])
        return [replace(one, took_chair=one.took_chair and not has_chair) for one in found]


class InterestForm(StepForm):
    """An interest that somebody declared."""

    who = forms.ChoiceField(label="Who declared it")
    about = forms.ChoiceField(label="In which item", required=False)
    kind = forms.ChoiceField(label="Kind of interest", choices=Declaration.Kind.choices, widget=Radios)
    nature = words("What the interest is", most=300, rows=2, hint=PUBLIC_HINT)
    withdrew = forms.BooleanField(label="Withdrew from the item", required=False)

    def prepare(self) -> None:
        """Those who were there, and the items."""
        rows = attendance_of(self.meeting)
        named = who_was_there(self.meeting, rows)
        self.there = {str(a.pk): a for a in rows if a.status in THERE or a.seat_id is None}
        self.items = {str(i.pk): i for i in items_of(self)}
        offer(self, "who", [("", "Choose who"), *((pk, _who_words(a, named[a.pk])) for pk, a in self.there.items())])
        offer(self, "about", [("", "In general"), *((pk, f"{i.label}. {i.title}") for pk, i in self.items.items())])

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the interest."""
        data = self.cleaned_data
        interest = Interest(
            self.there[data["who"]], self.items.get(data["about"]), data["kind"], data["nature"], data["withdrew"]
        )
        minutes.declare_interest(meeting=self.meeting, interest=interest, version=version, by=by, at=at, key=key)


def _who_words(row: Attendance, name: str) -> str:
    """Who it is, with what tells two of one role apart."""
    seat = row.seat.title if row.seat and not name.startswith(row.seat.title) else ""
    return ", ".join(filter(None, [name, seat, row.organisation_words]))


class StatementForm(StepForm):
    """A public statement: its topic and the answer owed; a name only where it is asked to be kept."""

    topic = words("What the statement is about", most=300, rows=2, hint=PUBLIC_HINT)
    minutes_long = forms.IntegerField(label="How many minutes it took", required=False, min_value=0, max_value=600)
    answer_owed = forms.BooleanField(label="An answer is owed", required=False)
    answer_owner = words("Role that owes the answer", most=160, required=False, hint=ROLE_HINT)
    answer_due_on = forms.DateField(label="Answer due on", required=False)
    keep_name = forms.BooleanField(label="Keep the speaker’s name", required=False)
    speaker = words("Name of the speaker", most=120, required=False, hint="Only who prepares meetings reads it")
    speaker_until = forms.DateField(
        label="Delete the name on", required=False, help_text=f"At most {LONGEST_NAME_DAYS} days from today"
    )

    def clean(self) -> dict[str, Any]:
        """Without the box ticked no name is kept, whatever was typed."""
        data = super().clean() or self.cleaned_data
        if not data.get("keep_name"):
            data["speaker"], data["speaker_until"] = "", None
        elif not data.get("speaker"):
            self.add_error("speaker", "Enter the name, or take the tick away")
        return data

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the statement."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "keep_name"}
        minutes.record_statement(meeting=self.meeting, statement=Statement(**values), by=by, at=at, key=key)


class QuestionForm(StepForm):
    """A question that members asked under an item."""

    question = words("What was asked", most=300, rows=2, hint=PUBLIC_HINT)
    asked_by = words("Role that asked", most=160, required=False, hint=ROLE_HINT)
    answered_at_meeting = forms.BooleanField(label="It was answered at the meeting", required=False)
    answer_owner = words("Role that owes a written answer", most=160, required=False, hint=ROLE_HINT)
    answer_due_on = forms.DateField(label="Answer due on", required=False)

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the question."""
        minutes.record_question(item=self.the_item, question=Question(**self.cleaned_data), by=by, at=at, key=key)


class AnswerForm(GovForm):
    """The written answer to a statement or a question."""

    on = forms.DateField(label="Answered on")
    text = words("The answer", most=6_000, rows=6, hint=PUBLIC_HINT)

    def __init__(self, *args: Any, owed: PublicStatement | MemberQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed = owed

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the answer."""
        minutes.record_answer(owed=self.owed, by=by, at=at, key=key, **self.cleaned_data)


class MinuteForm(StepForm):
    """What the minutes say under an item."""

    text = words("Minutes of the item", most=6_000, rows=12, hint="Roles, not names; name no child and no family")

    def prepare(self) -> None:
        """The latest version."""
        self.latest = self.the_item.minutes.select_related("text").order_by("-number").first()
        self.initial.setdefault("text", self.latest.text.body if self.latest else "")

    @property
    def stamp(self) -> int:
        """The number of the version that the page shows; 0 for none."""
        return self.latest.number if self.latest else 0

    @property
    def standing(self) -> str:
        """The minute as it stands."""
        return self.latest.text.body if self.latest else ""

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the next version."""
        minutes.write_minute(
            item=self.the_item, text=self.cleaned_data["text"], based_on=version, by=by, at=at, key=key
        )


class PublishMinutesForm(StepForm):
    """That the draft minutes are ready."""

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Publishes the draft minutes."""
        minutes.publish_minutes(meeting=self.meeting, version=version, by=by, at=at, key=key)


class ConfirmForm(StepForm):
    """At which meeting the minutes were confirmed."""

    at_meeting = forms.ChoiceField(label="Confirmed at the meeting of")

    def prepare(self) -> None:
        """The later meetings of the body that were held."""
        self.later = {m.code: m for m in later_held(self.meeting)}
        offer(self, "at_meeting", [("", "Choose a meeting"), *((c, day_words(m.on)) for c, m in self.later.items())])

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Confirms the minutes."""
        minutes.confirm_minutes(
            meeting=self.meeting, at_meeting=self.later[self.cleaned_data["at_meeting"]], version=version, by=by, at=at,
            key=key,
        )  # fmt: skip


# Resolutions


class _VotedForm(StepForm):
    """How something was carried."""

    how = forms.ChoiceField(
        label="How was it carried?", widget=Radios, initial="consent",
        choices=[("consent", "By consent"), ("vote", "By a vote")],
    )  # fmt: skip
    votes_for = forms.IntegerField(label="Votes for", required=False, min_value=0, max_value=999)
    votes_against = forms.IntegerField(label="Votes against", required=False, min_value=0, max_value=999)
    abstained = forms.IntegerField(label="Abstained", required=False, min_value=0, max_value=999)
    mover = words("Moved by", most=160, required=False, hint=ROLE_HINT)
    seconder = words("Seconded by", most=160, required=False, hint=ROLE_HINT)

    def clean(self) -> dict[str, Any]:
        """A vote has numbers; what was carried by consent has none."""
        data = super().clean() or self.cleaned_data
        if data.get("how") == "vote":
            for name, label in (("votes_for", "votes for"), ("votes_against", "votes against")):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, f"Enter the {label}; 0 for none")
        elif any(data.get(name) is not None for name in ("votes_for", "votes_against", "abstained")):
            self.add_error("how", "There are votes, so choose “By a vote”, or take them out")
        return data

    def votes(self) -> Votes | None:
        """The votes; None by consent."""
        data = self.cleaned_data
        if data["how"] != "vote":
            return None
        return Votes(data["votes_for"], data["votes_against"], data["abstained"] or 0)


class ResolutionForm(_VotedForm):
    """What was resolved under an item."""

    kind = forms.ChoiceField(
        label="What kind is it?", widget=Radios,
        choices=[(v, label) for v, label in Resolution.Kind.choices if v != Resolution.Kind.EXCLUDED],
    )  # fmt: skip
    text = words("What was resolved", most=6_000, rows=5, hint="As the minutes say it")
    owner_role = words("Role that sees to it", most=160, required=False, hint=ROLE_HINT)
    owner_partner = forms.ChoiceField(label="Partner that sees to it", required=False)
    addressed_to = forms.ChoiceField(
        label="Recommended to", required=False, help_text="It answers within two months of the meeting."
    )
    update_months = forms.IntegerField(
        label="Update expected after how many months", required=False, min_value=1, max_value=60,
        help_text="It then stands in the work programme.",
    )  # fmt: skip
    update_title = words("What the update is about", most=300, required=False)
    corrects = forms.ChoiceField(label="It corrects resolution", required=False)
    field_order = (
        "kind", "text", "how", "votes_for", "votes_against", "abstained", "mover", "seconder", "owner_role",
        "owner_partner", "addressed_to", "update_months", "update_title", "corrects",
    )  # fmt: skip

    def prepare(self) -> None:
        """Partners, bodies of that day, and the resolutions that can be corrected."""
        place = self.meeting.partnership
        self.partners = {p.code: p for p in Partner.objects.filter(partnership=place).order_by("name")}
        self.bodies = {v.body.code: v for v in bodies_on(place, self.meeting.on)}
        own = Resolution.objects.filter(item__meeting=self.meeting, corrected_by__isnull=True)
        self.former = {r.number: r for r in own.select_related("item")}
        offer(self, "owner_partner", [("", "None"), *((code, p.name) for code, p in self.partners.items())])
        offer(self, "addressed_to", [("", "Nobody"), *((code, v.name) for code, v in self.bodies.items())])
        offer(self, "corrects", [("", "None"), *((number, number) for number in self.former)])

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the resolution."""
        data = self.cleaned_data
        to = self.bodies.get(data["addressed_to"])
        decision = Decision(
            kind=data["kind"], text=data["text"], mover=data["mover"], seconder=data["seconder"], votes=self.votes(),
            owner_role=data["owner_role"], owner_partner=self.partners.get(data["owner_partner"]),
            addressed_to=to.body if to else None, corrects=self.former.get(data["corrects"]),
            update_months=data["update_months"], update_title=data["update_title"],
        )  # fmt: skip
        resolutions.resolve(item=self.the_item, decision=decision, by=by, at=at, key=key)


class ExclusionForm(_VotedForm):
    """That the public and press were excluded: paragraphs and the public interest, which everybody reads."""

    paragraphs = forms.MultipleChoiceField(
        label="Paragraphs of Schedule 12A", widget=Checkboxes,
        choices=[(str(n), f"Paragraph {n}") for n in PARAGRAPHS],
        error_messages={"required": "Choose at least one paragraph"},
    )  # fmt: skip
    reason = words("Why the public interest is in the exemption", most=300, rows=3, hint="Everybody reads it")
    field_order = ("paragraphs", "reason", "how", "votes_for", "votes_against", "abstained", "mover", "seconder")

    def prepare(self) -> None:
        """The paragraphs of the exempt items that come after this one."""
        found = {str(i.exempt_paragraph) for i in items_of(self) if i.is_exempt and i.order > self.the_item.order}
        self.initial.setdefault("paragraphs", sorted(found))

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the resolution."""
        data = self.cleaned_data
        resolutions.exclude_public(
            item=self.the_item, paragraphs=[int(n) for n in data["paragraphs"]], reason=data["reason"],
            mover=data["mover"], seconder=data["seconder"], votes=self.votes(), by=by, at=at, key=key,
        )  # fmt: skip


class ResponseForm(GovForm):
    """What the executive answered to a recommendation."""

    on = forms.DateField(label="Answered on")
    answer = forms.ChoiceField(label="What was answered?", choices=ResolutionResponse.Answer.choices, widget=Radios)
    text = words("The answer", most=6_000, rows=6, hint=PUBLIC_HINT)

    def __init__(self, *args: Any, resolution: Resolution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resolution = resolution

    def carry_out(self, *, by: User, at: datetime, key: str, version: int) -> None:
        """Keeps the answer."""
        resolutions.respond(resolution=self.resolution, by=by, at=at, key=key, **self.cleaned_data)
