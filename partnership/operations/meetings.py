"""Plans meetings, moves and cancels them, publishes their agenda, records them as held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from indicators.models import Partnership, User
from indicators.operations.basics import free_code, known_on, operation
from indicators.operations.errors import InputRefused, NothingChanged, WrongState
from indicators.working_days import OutsideCalendar, day_words
from partnership.meeting_dates import CLEAR_DAYS, clear_days, is_notice_short, last_day_to_publish
from partnership.models import AgendaItem, Body, ExceptionRequest, Meeting, WorkItem
from partnership.operations.meeting_basics import (
    PREPARING,
    State,
    Step,
    add_step,
    by_whom,
    changed,
    is_repeated,
    locked,
)

Kind = AgendaItem.Kind
# The items that every agenda begins with; public statements only where the body meets in public.
STANDING = (
    (Kind.APOLOGIES, "Apologies for absence"),
    (Kind.EXCLUSION, "To consider whether the public and press are to be excluded from any item"),
    (Kind.DECLARATIONS, "Declarations of interest"),
    (Kind.MINUTES, ""),
    (Kind.STATEMENTS, "Public statements: five at most, twenty minutes in all"),
    (Kind.MATTERS_ARISING, "Matters arising and actions"),
)
FIRST_MINUTES = "Minutes of the last meeting"
_CODE_MAX = 90


@dataclass(frozen=True)
class MeetingDetails:
    """Where and when a meeting is, and whether the public may come."""

    starts_at: time | None = None
    venue: str = ""
    in_public: bool | None = None
    note: str = ""


@operation
def plan_meetings(
    *, partnership: Partnership, body: Body, days: Sequence[date], details: MeetingDetails, by: User, at: datetime,
    key: str = "",
) -> list[Meeting]:  # fmt: skip
    """Plans a meeting of the body on each of the days, with its standing items; days that have one already are left as
    they are. Empty when all have one, or when the same form was carried out before.

    Raises InputRefused for no day, and for a day on which the body did not exist.
    """
    if is_repeated(key=key, name="plan_meetings", asked=(body.pk, sorted(days), details), by=by, at=at):
        return []
    if body.partnership_id != partnership.pk:
        raise InputRefused("body", "Choose a body of this partnership.")
    if not days:
        raise InputRefused("first", "Give at least one day.")
    for day in days:
        _refuse_unless_there(body, day, "first")
    there = set(body.meetings.exclude(state=State.CANCELLED).filter(on__in=days).values_list("on", flat=True))
    made = [_planned(partnership, body, day, details, by, at) for day in sorted(set(days) - there)]
    _refresh_minutes(body)
    return made


def _refuse_unless_there(body: Body, day: date, box: str) -> None:
    if day < body.from_on or (body.until_on is not None and day > body.until_on):
        raise InputRefused(box, f"The body did not exist on {day_words(day)}. Choose another day.")


def _planned(
    partnership: Partnership, body: Body, day: date, details: MeetingDetails, by: User, at: datetime
) -> Meeting:
    taken = Meeting.objects.filter(partnership=partnership)
    code = free_code(taken, f"{body.code}-{day.isoformat()}", longest=_CODE_MAX - 4)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                partnership=partnership, body=body, code=code, on=day,
                starts_at=details.starts_at, venue=details.venue.strip(), in_public=details.in_public,
                note=details.note.strip(), **by_whom(by, at),
            )  # fmt: skip
    except IntegrityError as error:
        raise WrongState(f"Somebody else has just planned a meeting on {day_words(day)}. Look at the list.") from error
    add_step(meeting, Step.PLANNED, by=by, at=at)
    standing = [s for s in STANDING if s[0] != Kind.STATEMENTS or details.in_public]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=n, label=str(n), kind=kind, title=title or FIRST_MINUTES, **by_whom(by, at))
        for n, (kind, title) in enumerate(standing, 1)
    )
    return meeting


def _refresh_minutes(body: Body, moved: Meeting | None = None, was: date | None = None) -> None:
    """The item of the last meeting's minutes names, on every agenda that is not published, the meeting before; a title
    that somebody typed stays. `moved`: the meeting that was on another day, `was`, until now."""
    meetings = list(body.meetings.exclude(state=State.CANCELLED).order_by("on"))
    for before, meeting in zip([None, *meetings], meetings, strict=False):
        if meeting.state != State.PLANNED:
            continue
        first = meeting.items.filter(kind=Kind.MINUTES).select_related("earlier_meeting").order_by("order").first()
        if first is None:
            continue
        named = {_minutes_title(first.earlier_meeting)}
        if moved is not None and first.earlier_meeting_id == moved.pk:
            named.add(_minutes_title(moved, was))
        title = _minutes_title(before) if first.title in named else first.title
        if (first.earlier_meeting, first.title) != (before, title):
            AgendaItem.objects.filter(pk=first.pk).update(earlier_meeting=before, title=title)


def _minutes_title(of: Meeting | None, on: date | None = None) -> str:
    return f"Minutes of the meeting of {day_words(on or of.on)}" if of else FIRST_MINUTES


@operation
def move_meeting(
    *, meeting: Meeting, on: date, details: MeetingDetails, reason: str, version: int, by: User, at: datetime,
    key: str = "",
) -> None:  # fmt: skip
    """Moves a meeting to another day, time or place before it is held. Its address stays.

    The day must be one on which a meeting of the body could be planned. Notice counts from the day on which the agenda
    was published: it must still do where the day is earlier, or the meeting comes to be in public; another time or
    place of the same day asks for the reason alone. Raises InputRefused for such a day, for too short a notice and
    without a reason once the agenda is published; NothingChanged, MeetingChanged, WrongState.
    """
    if is_repeated(key=key, name="move_meeting", asked=(meeting.pk, on, details, reason, version), by=by, at=at):
        return
    row = locked(meeting, states=PREPARING, version=version)
    asked = (on, "day", details.starts_at, details.venue.strip(), details.in_public, details.note.strip())
    if asked == (row.on, row.precision, row.starts_at, row.venue, row.in_public, row.note):
        raise NothingChanged
    if row.state == State.CALLED and not reason.strip():
        raise InputRefused("reason", "The agenda is published, so say why the meeting is moved.")
    if on != row.on:
        _refuse_unless_there(row.body, on, "on")
    if row.state == State.CALLED:
        _check_published(row, on, details)
    if body_meets(row.body, on, other_than=row):
        raise InputRefused("on", f"This body has a meeting on {day_words(on)} already. Choose another day.")
    was = row.on
    try:
        with transaction.atomic():
            changed(
                row, on=on, precision="day", starts_at=details.starts_at, venue=details.venue.strip(),
                in_public=details.in_public, note=details.note.strip(),
            )  # fmt: skip
    except IntegrityError as error:
        raise WrongState(f"Somebody else has just planned a meeting on {day_words(on)}. Look at the list.") from error
    said = f"From {day_words(was)} to {day_words(on)}." if was != on else "The same day."
    add_step(row, Step.MOVED, by=by, at=at, reason=f"{said} {reason.strip()}".strip()[:300])
    _refresh_minutes(row.body, row, was)


def _check_published(meeting: Meeting, on: date, details: MeetingDetails) -> None:
    """What a new meeting is asked for when its agenda is published, of one that is moved afterwards."""
    is_opened, published = bool(details.in_public and not meeting.in_public), meeting.agenda_issued_on
    is_short = published is not None and is_notice_short(published, on, in_public=details.in_public)
    if published is not None and is_short and (on < meeting.on or is_opened):
        raise InputRefused(
            "on",
            f"The agenda was published on {day_words(published)}. That is less than {CLEAR_DAYS} clear working days "
            "before this day. Choose a later one, or cancel the meeting and plan another.",
        )
    if is_opened:
        _refuse_without_exclusion(meeting)


def body_meets(body: Body, on: date, *, other_than: Meeting | None = None) -> bool:
    """Whether the body has another meeting on that day that is not cancelled."""
    found = body.meetings.filter(on=on).exclude(state=State.CANCELLED)
    return (found.exclude(pk=other_than.pk) if other_than else found).exists()


@operation
def cancel_meeting(
    *, meeting: Meeting, reason: str, version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Cancels a meeting before it is held; exception reports on its agenda wait for the next one again, and so does
    what was recorded as having come there. Raises InputRefused without a reason, MeetingChanged, WrongState."""
    if is_repeated(key=key, name="cancel_meeting", asked=(meeting.pk, reason, version), by=by, at=at):
        return
    row = locked(meeting, states=PREPARING, version=version)
    if not reason.strip():
        raise InputRefused("reason", "Say why the meeting is cancelled.")
    ExceptionRequest.objects.filter(item__meeting=row).update(item=None)
    WorkItem.objects.filter(received_at__meeting=row).update(received_at=None)
    changed(row, state=State.CANCELLED)
    add_step(row, Step.CANCELLED, by=by, at=at, reason=reason.strip())
    _refresh_minutes(row.body)


@operation
def publish_agenda(
    *, meeting: Meeting, urgency: str, version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Publishes the agenda with its papers. From then on items and papers are added only, as late ones.

    A public meeting needs five clear working days. Raises InputRefused when they are not kept and the chair's reason
    for urgency is missing, and without items; MeetingChanged, WrongState.
    """
    if is_repeated(key=key, name="publish_agenda", asked=(meeting.pk, urgency, version), by=by, at=at):
        return
    row, today = locked(meeting, states=(State.PLANNED,), version=version), known_on(at)
    if not row.items.exists():
        raise WrongState("There is nothing on this agenda. Add an item first.")
    is_late = is_notice_short(today, row.on, in_public=row.in_public)
    if is_late and not urgency.strip():
        raise InputRefused("urgency", _too_late(today, row.on))
    if row.in_public:
        _refuse_without_exclusion(row)
    changed(row, state=State.CALLED, agenda_issued_on=today)
    add_step(row, Step.CALLED, by=by, at=at, reason=urgency.strip() if is_late else "")


def _too_late(today: date, meets: date) -> str:
    way_out = "Give the chair’s reason for urgency, or move the meeting."
    try:
        number, last = clear_days(today, meets), last_day_to_publish(meets)
    except OutsideCalendar:
        return f"Fewer than {CLEAR_DAYS} clear working days are left before the meeting. {way_out}"
    return (
        f"Today leaves {number} clear working {'day' if number == 1 else 'days'} before the meeting, where "
        f"{CLEAR_DAYS} are required; the last day was {day_words(last)}. {way_out}"
    )


def _refuse_without_exclusion(meeting: Meeting) -> None:
    first = meeting.items.filter(is_exempt=True).order_by("order").first()
    if first is not None and not meeting.items.filter(kind=Kind.EXCLUSION, order__lt=first.order).exists():
        raise WrongState(
            "There are exempt items on this agenda and none on the exclusion of the public and press. Add that one "
            "before them."
        )


@operation
def hold_meeting(*, meeting: Meeting, version: int, by: User, at: datetime, key: str = "") -> None:
    """Records that a meeting took place; from then on its record can be written. Raises WrongState before its day,
    MeetingChanged."""
    if is_repeated(key=key, name="hold_meeting", asked=(meeting.pk, version), by=by, at=at):
        return
    row = locked(meeting, states=(State.CALLED,), version=version)
    if row.on > known_on(at):
        raise WrongState(f"This meeting is on {day_words(row.on)}. It can be recorded as held from that day on.")
    changed(row, state=State.HELD)
    add_step(row, Step.HELD, by=by, at=at)
