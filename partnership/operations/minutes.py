"""Writes the record of a meeting: who was there, what was declared, stated, asked and minuted; publishes the draft and
confirms it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max

from indicators.models import User
from indicators.operations.basics import known_on, operation
from indicators.operations.errors import InputRefused, WrongState
from indicators.working_days import day_words
from partnership.exclusion import paragraphs_named
from partnership.meeting_dates import LONGEST_NAME_DAYS, MINUTES_OF_STATEMENTS, MOST_STATEMENTS
from partnership.models import (
    AgendaItem,
    Attendance,
    Declaration,
    Meeting,
    MemberQuestion,
    Minute,
    PublicStatement,
    Resolution,
    Seat,
)
from partnership.operations.meeting_basics import (
    RECORDING,
    MeetingChanged,
    State,
    Step,
    add_step,
    by_whom,
    changed,
    is_repeated,
    kept_text,
    locked,
)

Status = Attendance.Status
THERE = (Status.PRESENT, Status.SUBSTITUTE)
_ASIDE = 10_000
_LONGEST = 6_000


# Who was there


@dataclass(frozen=True)
class Attended:
    """One line of the attendance: the holder of a seat, or without a seat somebody in attendance, by role."""

    seat: Seat | None
    who: str
    status: str
    organisation_words: str = ""
    took_chair: bool = False
    arrived_for: AgendaItem | None = None
    left_before: AgendaItem | None = None

    @property
    def asked(self) -> tuple[Any, ...]:
        """All that it says."""
        rows = (self.seat, self.arrived_for, self.left_before)
        return (*(row.pk if row else 0 for row in rows), self.who, self.status, self.organisation_words,
                self.took_chair)  # fmt: skip

    @property
    def columns(self) -> dict[str, Any]:
        """Its columns, without seat and place."""
        return {
            "who": self.who.strip(), "status": self.status, "organisation_words": self.organisation_words.strip(),
            "took_chair": self.took_chair, "arrived_for": self.arrived_for, "left_before": self.left_before,
        }  # fmt: skip


def recorded(row: Attendance) -> Attended:
    """A line that says what is recorded."""
    return Attended(
        row.seat, row.who, row.status, row.organisation_words, row.took_chair, row.arrived_for, row.left_before
    )


@operation
def record_attendance(
    *, meeting: Meeting, lines: Sequence[Attended], version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps who was at a meeting; it can be put right until the minutes are confirmed. A line that says what stands
    there already keeps its source.

    Raises InputRefused for nobody, for two in the chair or one who was not there, for a seat of another body, for an
    item of another meeting and for somebody who left before arriving; MeetingChanged, WrongState.
    """
    asked = (meeting.pk, [line.asked for line in lines], version)
    if is_repeated(key=key, name="record_attendance", asked=asked, by=by, at=at):
        return
    row = locked(meeting, states=RECORDING, version=version)
    held = list(Attendance.objects.filter(meeting=row).order_by("order"))
    _check_attendance(row, lines, held)
    matched = matching(lines, held)
    for gone in held:
        if gone not in matched:
            if gone.declarations.exists():
                raise InputRefused("others", f"{gone.who} declared an interest, so keep that line.")
            gone.delete()
    kept = Attendance.objects.filter(meeting=row)
    kept.update(took_chair=False, order=F("order") + _ASIDE)
    for order, (line, before) in enumerate(zip(lines, matched, strict=True), 1):
        columns = line.columns
        if before is None:
            Attendance.objects.create(meeting=row, seat=line.seat, order=order, **columns, **by_whom(by, at))
            continue
        is_same = all(getattr(before, name) == value for name, value in columns.items())
        columns |= {"order": order} | ({} if is_same else by_whom(by, at))
        kept.filter(pk=before.pk).update(**columns)
    changed(row)


def matching(lines: Sequence[Attended], held: Sequence[Attendance]) -> list[Attendance | None]:
    """For each line the row that it stands for, each row once: that of its seat; without a seat the one of the same
    role and organisation, else of the same role. None for what is new."""
    left, found = list(held), dict[int, Attendance]()
    for is_exact in (True, False):
        for place, line in enumerate(lines):
            row = None if place in found else next((one for one in left if _is_of(one, line, is_exact=is_exact)), None)
            if row is not None:
                found[place] = row
                left.remove(row)
    return [found.get(place) for place in range(len(lines))]


def _is_of(row: Attendance, line: Attended, *, is_exact: bool) -> bool:
    if line.seat is not None or row.seat_id is not None:
        return line.seat is not None and line.seat.pk == row.seat_id
    is_same = row.organisation_words == line.organisation_words.strip()
    return row.who == line.who.strip() and (is_same or not is_exact)


def _check_attendance(meeting: Meeting, lines: Sequence[Attended], held: Sequence[Attendance]) -> None:
    if not lines or (any(line.seat for line in lines) and not any(line.status in THERE for line in lines)):
        raise InputRefused("", "Say who was present.")
    chairs = [line for line in lines if line.took_chair]
    if len(chairs) > 1 or any(line.status not in THERE for line in chairs):
        raise InputRefused("chair", "One of those present took the chair. Choose who.")
    others = Counter(line.who.strip().casefold() for line in lines if line.seat is None)
    recorded = Counter(one.who.casefold() for one in held if one.seat_id is None)
    if any(number > max(1, recorded[who]) for who, number in others.items()):
        raise InputRefused("others", "Each person in attendance stands on one line. Tell two of one role apart.")
    for line in lines:
        if line.seat is not None and line.seat.body_id != meeting.body_id:
            raise WrongState(f"{line.seat.title} is no seat of this body.")
        both = [item for item in (line.arrived_for, line.left_before) if item is not None]
        if any(item.meeting_id != meeting.pk for item in both):
            raise WrongState("Choose among the items of this meeting.")
        if len(both) == 2 and both[1].order <= both[0].order:
            raise InputRefused("", f"{line.who} cannot have left before arriving. Choose a later item.")


# Interests


@dataclass(frozen=True)
class Interest:
    """An interest that somebody declared: in an item, or None in general."""

    attendance: Attendance
    item: AgendaItem | None
    kind: str
    nature: str
    withdrew: bool = False


@operation
def declare_interest(
    *, meeting: Meeting, interest: Interest, version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps an interest that was declared. Who has a pecuniary one withdraws from the item. Raises InputRefused without
    its nature, MeetingChanged where the attendance can be another one by now, WrongState for an attendance or item of
    another meeting."""
    asked = (
        meeting.pk, interest.attendance.pk, interest.item.pk if interest.item else 0, interest.kind, interest.nature,
        interest.withdrew,
    )  # fmt: skip
    if is_repeated(key=key, name="declare_interest", asked=asked, by=by, at=at, once=True):
        return
    row = locked(meeting, states=RECORDING, version=version)
    if not interest.nature.strip():
        raise InputRefused("nature", "Say what the interest is.")
    if interest.attendance.meeting_id != row.pk or (interest.item and interest.item.meeting_id != row.pk):
        raise WrongState("Choose among those who were at this meeting, and among its items.")
    if interest.attendance.status not in THERE and interest.attendance.seat_id:
        raise InputRefused("who", "Only who was present can declare an interest.")
    Declaration.objects.create(
        meeting=row, attendance=interest.attendance, item=interest.item, kind=interest.kind,
        nature=interest.nature.strip(), withdrew=interest.withdrew, **by_whom(by, at),
    )  # fmt: skip
    changed(row)


# Public statements and members' questions


@dataclass(frozen=True)
class Statement:
    """A public statement: its topic and what is owed. `speaker` is kept only until `speaker_until`."""

    topic: str
    minutes_long: int | None = None
    answer_owed: bool = False
    answer_owner: str = ""
    answer_due_on: date | None = None
    speaker: str = ""
    speaker_until: date | None = None


@operation
def record_statement(*, meeting: Meeting, statement: Statement, by: User, at: datetime, key: str = "") -> None:
    """Keeps a public statement: five at a meeting, twenty minutes in all, and a name only with the day on which it is
    deleted, ninety days at most. Raises InputRefused, WrongState."""
    if is_repeated(key=key, name="record_statement", asked=(meeting.pk, statement), by=by, at=at, once=True):
        return
    row, today = locked(meeting, states=(State.CALLED, *RECORDING)), known_on(at)
    if not statement.topic.strip():
        raise InputRefused("topic", "Say what the statement is about.")
    before = list(row.public_statements.all())
    if len(before) >= MOST_STATEMENTS:
        raise InputRefused("topic", f"A meeting takes {MOST_STATEMENTS} public statements; this one has them all.")
    taken = sum(s.minutes_long or 0 for s in before)
    if taken + (statement.minutes_long or 0) > MINUTES_OF_STATEMENTS:
        raise InputRefused(
            "minutes_long",
            f"Public statements take {MINUTES_OF_STATEMENTS} minutes in all; {MINUTES_OF_STATEMENTS - taken} are left.",
        )
    _check_answer(statement.answer_owed, statement.answer_owner)
    _check_name(statement, today)
    PublicStatement.objects.create(
        meeting=row, order=max((s.order for s in before), default=0) + 1, topic=statement.topic.strip(),
        minutes_long=statement.minutes_long, speaker=statement.speaker.strip(), speaker_until=statement.speaker_until,
        answer_owed=statement.answer_owed, answer_owner=statement.answer_owner.strip(),
        answer_due_on=statement.answer_due_on, **by_whom(by, at),
    )  # fmt: skip
    changed(row)


def _check_name(statement: Statement, today: date) -> None:
    if bool(statement.speaker.strip()) != (statement.speaker_until is not None):
        raise InputRefused("speaker", "A name is kept with the day on which it is deleted, or not at all.")
    latest = today + timedelta(days=LONGEST_NAME_DAYS)
    if statement.speaker_until is not None and not today < statement.speaker_until <= latest:
        raise InputRefused(
            "speaker_until", f"Choose a day after today and up to {day_words(latest)}; a name is kept no longer."
        )


def _check_answer(is_owed: bool, owner: str) -> None:
    if is_owed and not owner.strip():
        raise InputRefused("answer_owner", "Say which role owes the answer.")


@dataclass(frozen=True)
class Question:
    """A question that members asked under an item."""

    question: str
    asked_by: str = ""
    answered_at_meeting: bool = False
    answer_owner: str = ""
    answer_due_on: date | None = None


@operation
def record_question(*, item: AgendaItem, question: Question, by: User, at: datetime, key: str = "") -> None:
    """Keeps a question of members; unless it was answered there, somebody owes a written answer. Raises InputRefused,
    WrongState."""
    if is_repeated(key=key, name="record_question", asked=(item.pk, question), by=by, at=at, once=True):
        return
    row = locked(item.meeting, states=RECORDING)
    if not question.question.strip():
        raise InputRefused("question", "Say what was asked.")
    _check_answer(not question.answered_at_meeting, question.answer_owner)
    MemberQuestion.objects.create(
        item=item, number=(item.questions.aggregate(n=Max("number"))["n"] or 0) + 1,
        question=question.question.strip(), asked_by=question.asked_by.strip(),
        answered_at_meeting=question.answered_at_meeting, answer_owner=question.answer_owner.strip(),
        answer_due_on=question.answer_due_on, **by_whom(by, at),
    )  # fmt: skip
    changed(row)


@operation
def record_answer(
    *, owed: PublicStatement | MemberQuestion, on: date, text: str, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps the written answer to a statement or question, once. Raises InputRefused for an empty one, for a day before
    the meeting or after today, and where none is owed or one is there."""
    name = type(owed).__name__
    if is_repeated(key=key, name="record_answer", asked=(name, owed.pk, on, text), by=by, at=at):
        return
    meeting = owed.meeting if isinstance(owed, PublicStatement) else owed.item.meeting
    row = locked(meeting, states=(State.CALLED, *RECORDING, State.CONFIRMED))
    now = type(owed).objects.get(pk=owed.pk)
    is_owed = now.answer_owed if isinstance(now, PublicStatement) else not now.answered_at_meeting
    if not is_owed or now.answered_on is not None:
        raise WrongState("No answer is owed here any more. Look at the meeting again.")
    if not text.strip():
        raise InputRefused("text", "Give the answer.")
    if not row.on <= on <= known_on(at):
        raise InputRefused("on", "Give a day from the meeting up to today.")
    now.answered_on, now.answer = on, kept_text(text)
    now.save(update_fields=["answered_on", "answer"])
    changed(row)


# Minutes


@operation
def write_minute(
    *, item: AgendaItem, text: str, based_on: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps the next version of an item's minute; `based_on` is the number of the one that was shown, 0 for none. The
    same words again make no version.

    Raises MeetingChanged where a newer version is there, InputRefused without words or with too many, WrongState for an
    exempt item of a public meeting from which the public was not excluded before under its paragraph.
    """
    if is_repeated(key=key, name="write_minute", asked=(item.pk, text, based_on), by=by, at=at):
        return
    row = locked(item.meeting, states=RECORDING)
    if not text.strip():
        raise InputRefused("text", "Write what the minutes are to say.")
    if len(text) > _LONGEST:
        raise InputRefused("text", f"Minutes of an item must be {_LONGEST:,} characters or fewer.")
    refuse_unless_excluded(row, item)
    latest = item.minutes.select_related("text").order_by("-number").first()
    if (latest.number if latest else 0) != based_on:
        raise MeetingChanged(
            "Somebody else has written this minute since you opened the page. Nothing was saved; compare what stands "
            "there now with what you typed, and send it again."
        )
    if latest is not None and latest.text.body == text.strip():
        return
    Minute.objects.create(
        item=item, number=based_on + 1, text=kept_text(text), **by_whom(by, at)
    )  # fmt: skip
    changed(row)


def refuse_unless_excluded(meeting: Meeting, item: AgendaItem) -> None:
    """Raises WrongState for an exempt item of a public meeting before the public was excluded under its paragraph."""
    if item.is_exempt and meeting.in_public and not is_excluded_before(item):
        raise WrongState(
            f"This item is exempt under paragraph {item.exempt_paragraph} and the public was not excluded under that "
            "paragraph before it. Record the resolution that excluded the public and press first, under an earlier "
            "item."
        )


def is_excluded_before(item: AgendaItem) -> bool:
    """Whether a resolution under an earlier item excluded the public under the paragraph of this one."""
    made = Resolution.objects.filter(
        item__meeting=item.meeting_id, kind=Resolution.Kind.EXCLUDED, item__order__lt=item.order,
        corrected_by__isnull=True,
    )  # fmt: skip
    return any(item.exempt_paragraph in paragraphs_named(one.text.body) for one in made.select_related("text"))


@operation
def publish_minutes(*, meeting: Meeting, version: int, by: User, at: datetime, key: str = "") -> None:
    """Publishes the draft minutes; they can be put right until they are confirmed. Raises WrongState without attendance
    or without a single minute, MeetingChanged."""
    if is_repeated(key=key, name="publish_minutes", asked=(meeting.pk, version), by=by, at=at):
        return
    row = locked(meeting, states=(State.HELD,), version=version)
    if not row.attendances.exists():
        raise WrongState("Say who was there before the draft minutes are published.")
    if not Minute.objects.filter(item__meeting=row).exists():
        raise WrongState("There are no minutes yet. Write at least one item’s before they are published.")
    changed(row, state=State.MINUTED)
    add_step(row, Step.MINUTED, by=by, at=at)


@operation
def confirm_minutes(
    *, meeting: Meeting, at_meeting: Meeting, version: int, by: User, at: datetime, key: str = ""
) -> None:  # fmt: skip
    """Keeps that a later meeting of the body confirmed the minutes; from then on they stay. Raises InputRefused for a
    meeting that is not later, not held or another body's; MeetingChanged, WrongState."""
    asked = (meeting.pk, at_meeting.pk, version)
    if is_repeated(key=key, name="confirm_minutes", asked=asked, by=by, at=at):
        return
    row = locked(meeting, states=(State.MINUTED,), version=version)
    is_held = at_meeting.state in (*RECORDING, State.CONFIRMED)
    if at_meeting.body_id != row.body_id or at_meeting.on <= row.on or not is_held:
        raise InputRefused("at_meeting", "Minutes are confirmed at a later meeting of the same body that was held.")
    changed(row, state=State.CONFIRMED)
    add_step(row, Step.CONFIRMED, by=by, at=at, at_meeting=at_meeting)


# Names of speakers


@operation
def delete_speakers(*, today: date, at: datetime) -> int:
    """Deletes the names of speakers whose day has come or gone by, of every partnership; how many there were."""
    found = list(
        PublicStatement.objects.select_for_update(of=("self",))
        .filter(speaker_until__lte=today)
        .select_related("meeting__partnership")
    )
    for one in found:
        PublicStatement.objects.filter(pk=one.pk).update(speaker="", speaker_until=None)
        add_step(one.meeting, Step.SPEAKER_DELETED, by=None, at=at)
    return len(found)
