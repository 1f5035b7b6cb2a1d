"""Reads meetings for lists and pages: always through what the person may read (`visible`)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from indicators.models import Partnership
from indicators.permissions import Access
from indicators.questions import question
from indicators.working_days import day_words
from partnership.action_log import Logged, Standing, as_of, standing
from partnership.meeting_rows import (
    CANCELLED,
    RECORDED,
    AnswerRow,
    AttendanceRow,
    DeclarationRow,
    ItemRow,
    MatterRow,
    MeetingRow,
    MeetingView,
    PaperRow,
    ResolutionRow,
    ResponseRow,
    StepRow,
)
from partnership.models import (
    Action,
    AgendaItem,
    Attendance,
    BodyVersion,
    Declaration,
    ExceptionRequest,
    Meeting,
    MeetingStep,
    MemberQuestion,
    Minute,
    PackEvent,
    Paper,
    PublicStatement,
    Resolution,
    ResolutionResponse,
)
from partnership.quorum import Standing as QuorumStanding
from partnership.quorum import summary
from partnership.selectors import visible
from partnership.selectors.action_origins import code_of
from partnership.selectors.actions import arising_at, logged, readable_actions, rows_by
from partnership.selectors.bodies import name_of, quorum_of, rule_of, seat_names, version_on
from partnership.selectors.body_names import names_of_bodies
from partnership.selectors.packs import may_read, status_of
from partnership.selectors.visible import Sight

# `version_on` puts versions in order.
_VERSIONS = Prefetch("body__versions", BodyVersion.objects.order_by())


def _source(row: Any) -> dict[str, str]:
    return {"source": row.source.code if row.source_id else "", "paragraph": row.paragraph}


def row_of(meeting: Meeting) -> MeetingRow:
    """A meeting as a row of lists; its body's versions and source must have been read with it."""
    return MeetingRow(
        meeting.code, meeting.body.code, name_of(meeting.body, meeting.on), meeting.on, meeting.precision,
        meeting.starts_at, meeting.venue, meeting.in_public, meeting.state, meeting.get_state_display(),
        meeting.agenda_issued_on, meeting.note, **_source(meeting),
    )  # fmt: skip


def meetings_of(partnership: visible.Place) -> QuerySet[Meeting]:
    """The meetings of a partnership with what their rows need: everybody who may read anything knows their days."""
    found = Meeting.objects.filter(partnership=partnership).select_related("body", "source")
    return found.prefetch_related(_VERSIONS)


def meeting_of(partnership: Partnership, code: str) -> Meeting | None:
    """The meeting with that code, with what its row and its page need. Two queries."""
    return next(iter(_meeting(partnership.pk, code)), None)


@question
def _meeting(place: int, code: str) -> QuerySet[Meeting]:
    return meetings_of(place).select_related("partnership").filter(code=code).order_by()


def meeting_rows(partnership: Partnership, today: date) -> list[MeetingRow]:
    """The meetings to come, the next first, then those that were, the latest first. Two queries."""
    rows = sorted(
        map(row_of, meetings_of(partnership).order_by("-on", "body__code", "pk")), key=lambda r: (r.on, r.body_name)
    )
    coming = [row for row in rows if is_to_come(row, today)]
    return coming + [row for row in reversed(rows) if not is_to_come(row, today)]


def is_to_come(row: MeetingRow, today: date) -> bool:
    """Whether a meeting is still to be held."""
    return row.on >= today and row.state not in {*RECORDED, CANCELLED}


# One meeting


def meeting_view(meeting: Meeting, access: Access, now: datetime, today: date) -> MeetingView:
    """Everything of a meeting that the person may read. The number of queries does not depend on how much there is."""
    row, sight = row_of(meeting), visible.sight_of(access)
    items = _items_of(meeting.partnership_id, meeting.pk, sight=sight)
    shows_minutes = sight.prepares or meeting.state in visible.MINUTES_OPEN
    attendances = _attendances(meeting, sight, items)
    standings = _standings(meeting, items) if attendances else {}
    version = version_on(meeting.body.versions.all(), meeting.on)
    return MeetingView(
        row=row,
        items=_items(meeting, access, now, today, items, standings),
        attendances=attendances,
        declarations=_declarations(meeting, sight),
        statements=_statements(meeting, sight, today, row),
        matters=_matters(meeting, access, today),
        steps=_steps(meeting, sight),
        quorum=summary(list(standings.values())),
        rule=rule_of(version).words,
        shows_agenda=sight.prepares or meeting.state in visible.AGENDA_OPEN,
        shows_minutes=shows_minutes,
    )


@question
def _items_of(place: int, meeting: int, *, sight: Sight) -> QuerySet[AgendaItem]:
    found = visible.items_for(sight, place).filter(meeting=meeting)
    return found.select_related("source").order_by("order")


def _standings(meeting: Meeting, items: list[AgendaItem]) -> dict[int, QuorumStanding]:
    if not items or meeting.state not in RECORDED:
        return {}
    return {item.pk: s for item, s in zip(items, quorum_of(meeting, items), strict=True)}


def _items(
    meeting: Meeting, access: Access, now: datetime, today: date, items: list[AgendaItem],
    standings: Mapping[int, QuorumStanding],
) -> tuple[ItemRow, ...]:  # fmt: skip
    place, sight = meeting.partnership_id, visible.sight_of(access)
    papers = rows_by("item_id", _papers(place, meeting.pk, None if sight.prepares else now, sight=sight))
    minutes = {minute.item_id: minute for minute in _minutes(place, meeting.pk, sight=sight)}
    resolutions = rows_by("item_id", _resolutions_at(place, meeting.pk, sight=sight))
    questions = rows_by("item_id", _questions(place, meeting.pk, sight=sight))
    actions = _agreed(meeting, access)
    made = []
    for item in items:
        minute, standing = minutes.get(item.pk), standings.get(item.pk)
        made.append(
            ItemRow(
                item.order,
                item.label,
                item.kind,
                item.get_kind_display(),
                item.title,
                item.function,
                item.lead_role,
                item.exempt_paragraph,
                item.exempt_interest,
                item.added_on,
                item.urgency,
                papers=tuple(_paper(p, access, now) for p in papers.get(item.pk, ())),
                minute=minute.text.body if minute else "",
                minute_number=minute.number if minute else 0,
                resolutions=tuple(_resolution(r, today) for r in resolutions.get(item.pk, ())),
                questions=tuple(_question(q, item, meeting, today) for q in questions.get(item.pk, ())),
                actions=tuple(actions.get(item.pk, ())),
                origin=code_of(item),
                quorum=standing.sentence if standing else "",
                quorum_code=standing.answer.value if standing else "",
                quorum_notes=standing.notes if standing else (),
                **_source(item),
            )
        )
    return tuple(made)


@question
def _papers(place: int, meeting: int, now: datetime | None, *, sight: Sight) -> QuerySet[Paper]:
    found = visible.papers_for(sight, place, now).filter(item__meeting=meeting).order_by("item__order", "order")
    events = Prefetch("pack__events", PackEvent.objects.order_by("pk"), to_attr="steps")
    return found.select_related("pack", "document", "source").defer("document__content").prefetch_related(events)


@question
def _minutes(place: int, meeting: int, *, sight: Sight) -> QuerySet[Minute]:
    found = visible.minutes_for(sight, place).filter(item__meeting=meeting)
    return found.select_related("text").order_by("number")


@question
def _questions(place: int, meeting: int, *, sight: Sight) -> QuerySet[MemberQuestion]:
    found = visible.questions_for(sight, place).filter(item__meeting=meeting)
    return found.select_related("answer", "source").order_by("number")


def _paper(paper: Paper, access: Access, now: datetime) -> PaperRow:
    kind, name, size = "named", "", 0
    if paper.pack is not None and may_read(status_of(paper.pack), access):
        kind, name = "pack", paper.pack.code
    elif paper.document is not None:
        kind, name, size = "file", paper.document.file_name, paper.document.size
    return PaperRow(
        paper.order, paper.title, paper.pages, kind, name, size, paper.available_on, paper.urgency,
        paper.embargo_until, paper.embargo_until is not None and paper.embargo_until > now, **_source(paper),
    )  # fmt: skip


@question
def _attended(place: int, meeting: int, *, sight: Sight) -> QuerySet[Attendance]:
    found = visible.attendances_for(sight, place).filter(meeting=meeting)
    return found.select_related("seat__organisation", "source").order_by("order")


def _attendances(meeting: Meeting, sight: Sight, items: list[AgendaItem]) -> tuple[AttendanceRow, ...]:
    readable = {item.pk: item.label for item in items}
    rows = _attended(meeting.partnership_id, meeting.pk, sight=sight)
    named = who_was_there(meeting, rows)
    return tuple(
        AttendanceRow(
            a.order, named[a.pk], a.organisation_words or (str(a.seat.organisation or a.seat.organisation_words)
            if a.seat else ""), a.seat.get_role_display() if a.seat else "", a.seat.get_votes_display() if a.seat
            else "", a.status, a.get_status_display(), a.took_chair,
            _part(a.arrived_for_id, readable, "arrived for item {}"), _part(a.left_before_id, readable,
            "left before item {}"), **_source(a),
        )
        for a in rows
    )  # fmt: skip


def who_was_there(meeting: Meeting, rows: Sequence[Attendance]) -> dict[int, str]:
    """By its id what each line of an attendance is called: as recorded or, where that tells several holders of seats
    alike, by the seat. One query, and none where no two are alike."""
    seated = Counter(row.who.casefold() for row in rows if row.seat_id)
    if not any(number > 1 for number in seated.values()):
        return {row.pk: row.who for row in rows}
    names = seat_names(meeting.body)
    return {
        row.pk: names[row.seat_id] if row.seat_id and seated[row.who.casefold()] > 1 else row.who for row in rows
    }  # fmt: skip


def _part(item: int | None, readable: Mapping[int, str], words: str) -> str:
    """Where somebody came or left; not by which item where that may not be read."""
    if item is None:
        return ""
    return words.format(readable[item]) if item in readable else "was there for a part"


@question
def _declared(place: int, meeting: int, *, sight: Sight) -> QuerySet[Declaration]:
    found = visible.declarations_for(sight, place).filter(meeting=meeting)
    return found.select_related("attendance", "item").order_by("pk")


def _declarations(meeting: Meeting, sight: Sight) -> tuple[DeclarationRow, ...]:
    found = _declared(meeting.partnership_id, meeting.pk, sight=sight)
    named = who_was_there(meeting, list(meeting.attendances.order_by())) if found else {}
    return tuple(
        DeclarationRow(
            named.get(d.attendance_id or 0, ""), d.item.label if d.item else "", d.get_kind_display(), d.nature,
            d.withdrew,
        )
        for d in found
    )  # fmt: skip


@question
def _stated(place: int, meeting: int, *, sight: Sight) -> QuerySet[PublicStatement]:
    found = visible.statements_for(sight, place).filter(meeting=meeting)
    return found.select_related("answer", "source").order_by("order")


def _statements(meeting: Meeting, sight: Sight, today: date, row: MeetingRow) -> tuple[AnswerRow, ...]:
    found = _stated(meeting.partnership_id, meeting.pk, sight=sight)
    return tuple(_statement(s, row.name, today, shows_name=sight.prepares) for s in found)


def _statement(s: PublicStatement, name: str, today: date, *, shows_name: bool = False) -> AnswerRow:
    speaker = (s.speaker, s.speaker_until) if shows_name else ("", None)
    return AnswerRow(
        "statement", "", name, "", s.order, s.topic, "", s.answer_owed, s.answer_owner, s.answer_due_on,
        s.answered_on, s.answer.body if s.answer else "", today, s.minutes_long, 0, *speaker, **_source(s),
    )  # fmt: skip


def _question(q: MemberQuestion, item: AgendaItem, meeting: Meeting, today: date) -> AnswerRow:
    return AnswerRow(
        "question", meeting.code, "", item.label, q.number, q.question, q.asked_by, not q.answered_at_meeting,
        q.answer_owner, q.answer_due_on, q.answered_on, q.answer.body if q.answer else "", today, None, item.order,
        **_source(q),
    )  # fmt: skip


def _matters(meeting: Meeting, access: Access, today: date) -> tuple[MatterRow, ...]:
    """The actions of the body's earlier meetings that were open on the day of this one, as it found them; overdue on
    that day first."""
    if meeting.state == CANCELLED:
        return ()
    rows = [_matter(row.log, row.what, meeting.on) for row in arising_at(meeting, access, today)]
    return tuple(sorted(rows, key=lambda r: (not r.is_overdue, r.due_on or date.max, r.number)))


def _agreed(meeting: Meeting, access: Access) -> dict[int, list[MatterRow]]:
    """The actions that the meeting agreed, by item, as it agreed them: what became of them stands in the log."""
    named, made = names_of_bodies(meeting.partnership), dict[int, list[MatterRow]]()
    for action in readable_actions(access, meeting.partnership, meeting=meeting.pk):
        made.setdefault(action.item_id or 0, []).append(_matter(logged(action, named), action.what.body, meeting.on))
    return made


def _matter(log: Logged, what: str, on: date) -> MatterRow:
    then = as_of(log, on)
    state, is_overdue = Action.State(then.state.value).label, standing(then, on) is Standing.OVERDUE
    return MatterRow(then.number, what, then.owner, then.due_on, state, is_overdue)


@question
def _done(meeting: int) -> QuerySet[MeetingStep]:
    return MeetingStep.objects.filter(meeting=meeting).select_related("at_meeting").order_by("pk")


def _steps(meeting: Meeting, sight: Sight) -> tuple[StepRow, ...]:
    """What was done with a meeting, and what somebody recorded of it that the person may read, in the order of time."""
    done = [
        StepRow(
            s.at, s.get_action_display(), s.actor, s.reason, s.at_meeting.code if s.at_meeting else "",
            s.at_meeting.on if s.at_meeting else None,
        )
        for s in _done(meeting.pk)
    ]  # fmt: skip
    return tuple(sorted([*done, *_recorded(meeting, sight)], key=lambda step: step.at))


def _recorded(meeting: Meeting, sight: Sight) -> list[StepRow]:
    """Who recorded attendance, minutes and resolutions, and when, as far as the rows hold it."""
    asked = (meeting.partnership_id, meeting.pk)
    found = [StepRow(at, "Attendance recorded", actor, "") for actor, at in _attendance_by(*asked, sight=sight)]
    for one in _minutes_by(*asked, sight=sight):
        words = "Minutes changed" if one.number > 1 else "Minutes written"
        found.append(StepRow(one.at, f"{words}: {_item_words(one.item)}", one.actor, ""))
    for resolution in _resolutions_by(*asked, sight=sight):
        words = f"Resolution {resolution.number} recorded: {_item_words(resolution.item)}"
        found.append(StepRow(resolution.at, words, resolution.actor, ""))
    return found


@question
def _attendance_by(place: int, meeting: int, *, sight: Sight) -> QuerySet[Attendance, tuple[Any, ...]]:
    there = visible.attendances_for(sight, place).filter(meeting=meeting, by__isnull=False)
    return there.order_by("at").values_list("actor", "at").distinct()


@question
def _minutes_by(place: int, meeting: int, *, sight: Sight) -> QuerySet[Minute]:
    found = visible.minutes_for(sight, place).filter(item__meeting=meeting, by__isnull=False)
    return found.select_related("item").order_by("item__order", "number")


@question
def _resolutions_by(place: int, meeting: int, *, sight: Sight) -> QuerySet[Resolution]:
    found = visible.resolutions_for(sight, place).filter(item__meeting=meeting, by__isnull=False)
    return found.select_related("item").order_by("item__order", "pk")


def _item_words(item: AgendaItem) -> str:
    """ "item 3"; of what no agenda numbers its title."""
    return f"item {item.label}" if item.label[:1].isdecimal() else f"“{item.title}”"


# Resolutions


@question
def _resolutions_at(place: int, meeting: int, *, sight: Sight) -> QuerySet[Resolution]:
    return _resolutions(sight, place).filter(item__meeting=meeting)


def _resolutions(reader: visible.Reader, place: visible.Place) -> QuerySet[Resolution]:
    return (
        visible.resolutions_for(reader, place)
        .select_related("text", "owner_partner", "addressed_to", "source", "corrects", "corrected_by",
                        "item__meeting__body")
        .prefetch_related(
            Prefetch("responses", ResolutionResponse.objects.select_related("text").order_by()),
            Prefetch("addressed_to__versions", BodyVersion.objects.order_by()),
            Prefetch("item__meeting__body__versions", BodyVersion.objects.order_by()),
        )
        .order_by("item__order", "pk")
    )  # fmt: skip


def _resolution(r: Resolution, today: date) -> ResolutionRow:
    meeting = r.item.meeting
    to = version_on(r.addressed_to.versions.all(), meeting.on) if r.addressed_to else None
    corrected = getattr(r, "corrected_by", None)
    return ResolutionRow(
        r.number, meeting.code, name_of(meeting.body, meeting.on), meeting.on, meeting.precision, r.item.label, r.kind,
        r.get_kind_display(), r.text.body, r.mover, r.seconder, r.by_consent, r.votes_for, r.votes_against, r.abstained,
        r.owner_role, str(r.owner_partner or ""), to.name if to else str(r.addressed_to or ""), r.response_due_on,
        tuple(ResponseRow(a.on, a.answer, a.get_answer_display(), a.text.body)
              for a in sorted(r.responses.all(), key=lambda a: (a.on, a.pk))),
        r.corrects.number if r.corrects else "", corrected.number if corrected else "", today,
        **_source(r),
    )  # fmt: skip


_CLOCK_ORDER = ("late", "waiting")


def resolution_rows(
    partnership: Partnership, access: Access, today: date, *, body: str = "", kind: str = "", clock: str = ""
) -> list[ResolutionRow]:
    """The resolutions that the person may read: responses that are late first, then those still waited for, then the
    latest meetings."""
    found = _resolutions(access, partnership)
    if body:
        found = found.filter(item__meeting__body__code=body)
    if kind:
        found = found.filter(kind=kind)
    rows = [row for row in (_resolution(r, today) for r in found) if not clock or row.clock == clock]
    rows.sort(key=lambda r: _number(r.number), reverse=True)
    return sorted(rows, key=_urgency)


def _urgency(row: ResolutionRow) -> tuple[int, date]:
    if row.clock in _CLOCK_ORDER and row.response_due_on is not None:
        return _CLOCK_ORDER.index(row.clock), row.response_due_on
    return len(_CLOCK_ORDER), date.min


def _number(number: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in number.split("-"))


# For who prepares meetings


def not_yet(meeting: Meeting, today: date) -> dict[str, str]:
    """Of the steps that a meeting is ready for (by their part of the address) those that cannot be taken yet, each with
    the sentence that says since when or after what they can. At most two queries."""
    told = {}
    if meeting.state == Meeting.State.CALLED and meeting.on > today:
        told["held"] = f"It can be recorded as held from {day_words(meeting.on)} on."
    if meeting.state == Meeting.State.MINUTED and not later_held(meeting).exists():
        told["confirm"] = "The minutes can be confirmed once a later meeting of the body is recorded as held."
    if meeting.state in (Meeting.State.HELD, Meeting.State.MINUTED) and not meeting.attendances.exists():
        told["interest"] = "Interests can be added once attendance is recorded."
        told["resolution"] = told["exclusion"] = "Resolutions can be added once attendance is recorded."
    return told


def later_held(meeting: Meeting) -> QuerySet[Meeting]:
    """The later meetings of the body that were held, at which minutes can be confirmed."""
    later: QuerySet[Meeting] = meeting.body.meetings.filter(on__gt=meeting.on, state__in=visible.DECISIONS_OPEN)
    return later.order_by("on")


def waiting_exceptions(partnership: Partnership, access: Access) -> list[ExceptionRequest]:
    """The exception reports that no agenda has taken yet, of those that the person may read: declined ones too, for a
    meeting is told why."""
    found = visible.exceptions_for(access, partnership).filter(item__isnull=True)
    return list(found.select_related("partner").order_by("number"))


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """Who is recorded at a meeting, in order, for the form. One query."""
    return list(meeting.attendances.select_related("seat", "arrived_for", "left_before").order_by("order"))
