"""Bodies, seats, meetings and what meetings leave behind, as rows of the tables: for tests that read, not for those of
the operations. Everything has a default, and asking twice for the same body gives the same row."""

from datetime import date, datetime, time
from typing import Any

from indicators.models import Partner, Partnership, Text, User
from partnership.models import (
    Action,
    ActionStep,
    AgendaItem,
    Attendance,
    Body,
    BodyVersion,
    Meeting,
    MeetingStep,
    MemberQuestion,
    Minute,
    Paper,
    PublicStatement,
    ReportingLine,
    Resolution,
    Seat,
    SeatHolding,
    WorkItem,
)
from tests.builders.basics import LONG_AGO, NOW, TODAY
from tests.builders.definitions import a_source
from tests.builders.places import a_partner, a_partnership

SCRUTINY = "scrutiny-committee"
INTEREST = "A contract is being negotiated."


def _by(by: User | None, at: datetime) -> dict[str, Any]:
    """Who added a row: that person, or else a paper."""
    if by is None:
        return {"source": a_source(), "paragraph": "1", "actor": "", "at": at}
    return {"by": by, "actor": by.display_name, "at": at}


def a_body(
    name: str = "Scrutiny Committee",
    *,
    code: str = "",
    partnership: Partnership | None = None,
    kind: str = "scrutiny",
    frequency: str = "quarterly",
    from_on: date = LONG_AGO,
    until_on: date | None = None,
    by: User | None = None,
    at: datetime = NOW,
    **version: Any,
) -> Body:
    """A body with its first version: a scrutiny committee that meets every quarter in public, quorum a quarter of its
    voting seats. Its code is made from its name; the same one every time. `version`: columns of BodyVersion."""
    partnership = partnership or a_partnership()
    code = code or name.lower().replace(" ", "-")
    held = Body.objects.filter(partnership=partnership, code=code).first()
    if held:
        return held
    body = Body.objects.create(partnership=partnership, code=code, from_on=from_on, until_on=until_on, **_by(by, at))
    a_body_version(body, name=name, kind=kind, frequency=frequency, from_on=from_on, by=by, at=at, **version)
    return body


def a_body_version(
    body: Body, *, name: str = "Scrutiny Committee", from_on: date = LONG_AGO, by: User | None = None,
    at: datetime = NOW, **columns: Any,
) -> BodyVersion:  # fmt: skip
    """The next version of a body: what it is called and how it works from a day on."""
    columns = {"kind": "scrutiny", "frequency": "quarterly", "quorum_one_in": 4, "meets_in_public": True} | columns
    number = body.versions.count() + 1
    return BodyVersion.objects.create(body=body, number=number, name=name, from_on=from_on, **columns, **_by(by, at))


def a_reporting_line(
    lower: Body, upper: Body, *, kind: str = "formal", from_on: date = LONG_AGO, until_on: date | None = None,
    by: User | None = None, at: datetime = NOW,
) -> ReportingLine:  # fmt: skip
    """That one body reports to another."""
    return ReportingLine.objects.create(
        lower=lower, upper=upper, kind=kind, from_on=from_on, until_on=until_on, **_by(by, at)
    )


def a_seat(
    body: Body | None = None,
    title: str = "Councillor",
    *,
    role: str = "member",
    votes: str = "all",
    organisation: Partner | None = None,
    from_on: date = LONG_AGO,
    until_on: date | None = None,
    holder: str | None = None,
    user: User | None = None,
    held_from: date | None = None,
    held_until: date | None = None,
    by: User | None = None,
    at: datetime = NOW,
) -> Seat:
    """A seat on a body, held from its first day by its title's role. `holder=""`: it is vacant."""
    body = body or a_body()
    code = f"seat-{body.seats.count() + 1}"
    seat = Seat.objects.create(
        body=body, code=code, role=role, title=title, organisation=organisation, votes=votes, from_on=from_on,
        until_on=until_on, **_by(by, at),
    )  # fmt: skip
    if holder != "":
        a_holding(
            seat, holder or title, user=user, from_on=held_from or from_on, until_on=held_until or until_on, by=by,
            at=at,
        )  # fmt: skip
    return seat


def a_holding(
    seat: Seat, holder: str = "Councillor", *, user: User | None = None, from_on: date = LONG_AGO,
    until_on: date | None = None, by: User | None = None, at: datetime = NOW,
) -> SeatHolding:  # fmt: skip
    """That a seat is held from a day on."""
    return SeatHolding.objects.create(
        seat=seat, holder=holder, user=user, from_on=from_on, until_on=until_on, **_by(by, at)
    )


def some_seats(body: Body | None = None, number: int = 8, *, co_optees: int = 0) -> list[Seat]:
    """A chair, a vice-chair and members, `number` in all, then co-opted members who vote on education only."""
    body = body or a_body()
    roles = ("chair", "vice_chair", *["member"] * (number - 2))
    titles = {"chair": "Chair", "vice_chair": "Vice-chair", "member": "Councillor"}
    seats = [a_seat(body, titles[role], role=role) for role in roles[:number]]
    return seats + [a_seat(body, "Diocese", role="co_optee", votes="education") for _ in range(co_optees)]


def a_meeting(
    body: Body | None = None,
    on: date = TODAY,
    *,
    state: str = "planned",
    starts_at: time | None = time(14),
    by: User | None = None,
    at: datetime = NOW,
    **columns: Any,
) -> Meeting:
    """A meeting of a body in one of Meeting.State, with the steps that lead there. No items: see `an_item`."""
    body = body or a_body()
    code = columns.pop("code", f"{body.code}-{on.isoformat()}")
    columns = {"in_public": True, "venue": "Civic Office"} | columns
    meeting = Meeting.objects.create(
        partnership=body.partnership, body=body, code=code, on=on, state=state, starts_at=starts_at, **columns,
        **_by(by, at),
    )  # fmt: skip
    way = ("planned", "called", "held", "minuted", "confirmed")
    steps = way[: way.index(state) + 1] if state in way else ("planned", state)
    for step in steps:
        MeetingStep.objects.create(
            meeting=meeting, action=step, by=by, actor=by.display_name if by else "Loaded", at=at
        )
    return meeting


def an_item(
    meeting: Meeting | None = None,
    title: str = "Performance of the quarter",
    *,
    kind: str = "report",
    exempt: int | None = None,
    interest: str = "",
    by: User | None = None,
    at: datetime = NOW,
    **columns: Any,
) -> AgendaItem:
    """The next item of an agenda. `exempt`: its paragraph of Schedule 12A."""
    meeting = meeting or a_meeting()
    order = meeting.items.count() + 1
    said = {"label": str(order)} | columns
    if exempt:
        said |= {"is_exempt": True, "exempt_paragraph": exempt, "exempt_interest": interest or INTEREST}
    return AgendaItem.objects.create(meeting=meeting, order=order, kind=kind, title=title, **said, **_by(by, at))


def a_paper(
    item: AgendaItem | None = None, title: str = "Report of the director", *, by: User | None = None,
    at: datetime = NOW, **columns: Any,
) -> Paper:  # fmt: skip
    """The next paper under an item: `pack` or `document` or, without either, one that is only named."""
    item = item or an_item()
    return Paper.objects.create(item=item, order=item.papers.count() + 1, title=title, **columns, **_by(by, at))


def an_attendance(
    meeting: Meeting, seat: Seat | None = None, *, who: str = "", status: str = "present", by: User | None = None,
    at: datetime = NOW, **columns: Any,
) -> Attendance:  # fmt: skip
    """That a seat's holder was there, sent apologies, …; without a seat somebody in attendance."""
    who = who or (seat.title if seat else "Director of People")
    return Attendance.objects.create(
        meeting=meeting, order=meeting.attendances.count() + 1, seat=seat, who=who, status=status, **columns,
        **_by(by, at),
    )  # fmt: skip


def a_minute(
    item: AgendaItem | None = None, text: str = "Members asked about the figures.", *, by: User | None = None,
    at: datetime = NOW,
) -> Minute:  # fmt: skip
    """The next version of an item's minute."""
    item = item or an_item()
    number = item.minutes.count() + 1
    return Minute.objects.create(item=item, number=number, text=Text.objects.keep(text), **_by(by, at))


def a_resolution(
    item: AgendaItem | None = None, text: str = "That the report be noted.", *, kind: str = "resolved",
    number: str = "", by: User | None = None, at: datetime = NOW, **columns: Any,
) -> Resolution:  # fmt: skip
    """A resolution by consent under an item, with the next number of its meeting's year."""
    item = item or an_item(a_meeting(state="held"))
    partnership, year = item.meeting.partnership, item.meeting.on.year
    if not number:
        number = (
            f"{year}-{Resolution.objects.filter(partnership=partnership, number__startswith=f'{year}-').count() + 1}"
        )
    columns = {"by_consent": None if "votes_for" in columns else True} | columns
    return Resolution.objects.create(
        partnership=partnership, item=item, kind=kind, number=number, text=Text.objects.keep(text), **columns,
        **_by(by, at),
    )  # fmt: skip


def an_action(
    item: AgendaItem | None = None, what: str = "Bring the figures by school.", *,
    due_on: date | None = date(2022, 9, 1),
    owner_role: str = "Director of People", owner_partner: Partner | None = None, state: str = "open",
    partnership: Partnership | None = None, by: User | None = None, at: datetime = NOW, **columns: Any,
) -> Action:  # fmt: skip
    """An action from a minute, with its first step; the next number of the partnership."""
    if item is None and partnership is None:
        item = an_item(a_meeting(state="held"))
    partnership = partnership or item.meeting.partnership  # type: ignore[union-attr]
    action = Action.objects.create(
        partnership=partnership, number=Action.objects.filter(partnership=partnership).count() + 1,
        what=Text.objects.keep(what), item=item, owner_role=owner_role,
        owner_partner=owner_partner or a_partner(partnership=partnership), due_on=due_on, original_due_on=due_on,
        state=state, **columns, **_by(by, at),
    )  # fmt: skip
    ActionStep.objects.create(
        action=action, number=1, kind="created", by=by, actor=by.display_name if by else "Loaded", at=at,
        known_on=at.date(),
    )  # fmt: skip
    return action


def a_statement(
    meeting: Meeting | None = None, topic: str = "Waiting times for assessments", *, speaker: str = "",
    speaker_until: date | None = None, by: User | None = None, at: datetime = NOW, **columns: Any,
) -> PublicStatement:  # fmt: skip
    """The next public statement of a meeting; without the speaker's name."""
    meeting = meeting or a_meeting(state="held")
    return PublicStatement.objects.create(
        meeting=meeting, order=meeting.public_statements.count() + 1, topic=topic, speaker=speaker,
        speaker_until=speaker_until, **columns, **_by(by, at),
    )  # fmt: skip


def a_question(
    item: AgendaItem | None = None, question: str = "How many schools replied?", *, by: User | None = None,
    at: datetime = NOW, **columns: Any,
) -> MemberQuestion:  # fmt: skip
    """The next question that members asked under an item; a written answer is owed."""
    item = item or an_item(a_meeting(state="held"))
    return MemberQuestion.objects.create(
        item=item, number=item.questions.count() + 1, question=question, **columns, **_by(by, at)
    )


def a_work_item(
    title: str = "Update on school improvement", *, body: Body | None = None, programme: str = "scrutiny",
    code: str = "", by: User | None = None, at: datetime = NOW, **columns: Any,
) -> WorkItem:  # fmt: skip
    """What a body expects to be given, and when."""
    body = body or a_body()
    code = code or f"work-{WorkItem.objects.filter(partnership=body.partnership).count() + 1}"
    return WorkItem.objects.create(
        partnership=body.partnership, body=body, programme=programme, code=code, title=title, **columns, **_by(by, at)
    )
