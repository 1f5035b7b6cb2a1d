"""The record of a meeting: attendance, interests, statements, questions, minutes, resolutions, the work programme."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from indicators.models import User
from indicators.operations.errors import InputRefused, WrongState
from indicators.permissions import access_for
from indicators.roles import Role
from partnership.exclusion import exclusion_text
from partnership.models import AgendaItem, Attendance, Meeting, Minute, PublicStatement, Resolution, WorkItem
from partnership.operations import minutes, resolutions, work_programme
from partnership.operations.meeting_basics import MeetingChanged
from partnership.operations.minutes import Attended, Interest, Question, Statement
from partnership.operations.resolutions import Decision, Votes
from partnership.operations.work_programme import Expected
from partnership.selectors.meetings import resolution_rows
from tests import builders as b

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return b.a_user(Role.SCRUTINY_OFFICER)


@pytest.fixture
def held(clerk: User) -> Meeting:
    """A meeting of a body of eight seats and one co-optee on education: three present, so just quorate (one in four of
    nine is three on education, two else)."""
    meeting = b.a_meeting(state="held")
    for seat in b.some_seats(number=8, co_optees=1)[:3]:
        b.an_attendance(meeting, seat)
    return meeting


def attend(meeting: Meeting, clerk: User, lines: list[Attended]) -> None:
    meeting.refresh_from_db()
    minutes.record_attendance(meeting=meeting, lines=lines, version=meeting.version, by=clerk, at=b.NOW)


# Attendance and interests


def test_attendance_when_recorded_again_then_lines_change_and_go(clerk: User) -> None:
    meeting = b.a_meeting(state="held")
    chair, vice, member = b.some_seats(number=3)
    item = b.an_item(meeting)
    first = [
        Attended(chair, "Chair", "present", took_chair=True),
        Attended(vice, "Vice-chair", "apologies"),
        Attended(None, "Director of People", "in_attendance"),
        Attended(None, "Head of Service", "in_attendance"),
    ]
    attend(meeting, clerk, first)
    second = [
        Attended(chair, "Chair", "apologies"),
        Attended(vice, "Vice-chair", "present", took_chair=True, left_before=item),
        Attended(member, "Councillor", "substitute", organisation_words="For the Vice-chair"),
        Attended(None, "Head of Service", "in_attendance"),
    ]
    attend(meeting, clerk, second)
    found = [(a.who, a.status, a.took_chair, a.left_before) for a in meeting.attendances.all()]
    assert found == [
        ("Chair", "apologies", False, None),
        ("Vice-chair", "present", True, item),
        ("Councillor", "substitute", False, None),
        ("Head of Service", "in_attendance", False, None),
    ]


def test_attendance_when_two_of_one_role_are_recorded_then_each_keeps_a_line_of_its_own(clerk: User) -> None:
    meeting = b.a_meeting(state="held")
    chair = b.a_seat(meeting.body)
    b.an_attendance(meeting, chair)
    for of in ("Council", "Council", "Police"):
        b.an_attendance(meeting, who="Councillor", status="in_attendance", organisation_words=of)
    rows = list(meeting.attendances.order_by("order"))
    lines = [minutes.recorded(row) for row in (rows[0], rows[3], rows[1])]
    attend(meeting, clerk, lines)
    kept = list(meeting.attendances.order_by("order"))
    assert [row.pk for row in kept] == [rows[0].pk, rows[3].pk, rows[1].pk]
    assert all(row.source_id and row.by_id is None for row in kept)
    with pytest.raises(InputRefused, match="one line"):
        attend(meeting, clerk, [*lines, Attended(None, "councillor", "in_attendance")])


def test_attendance_when_it_cannot_be_then_it_is_refused(clerk: User) -> None:
    meeting = b.a_meeting(state="held")
    chair, vice = b.some_seats(number=2)
    first, second = b.an_item(meeting, "a"), b.an_item(meeting, "b")
    present = Attended(chair, "Chair", "present")
    elsewhere = b.an_item(b.a_meeting(on=date(2022, 5, 5)))
    for lines, words in (
        ([], "who was present"),
        ([Attended(chair, "Chair", "apologies"), Attended(None, "Officer", "in_attendance")], "who was present"),
        ([Attended(chair, "Chair", "apologies")], "who was present"),
        ([replace(present, took_chair=True), Attended(vice, "V", "present", took_chair=True)], "took the chair"),
        ([present, Attended(vice, "V", "apologies", took_chair=True)], "took the chair"),
        ([present, Attended(None, "Officer", "in_attendance"), Attended(None, "officer", "in_attendance")], "one line"),
        ([replace(present, arrived_for=second, left_before=first)], "left before arriving"),
        ([replace(present, arrived_for=elsewhere)], "items of this meeting"),
        ([Attended(b.a_seat(b.a_body("Cabinet")), "Member", "present")], "no seat of this body"),
    ):
        with pytest.raises((InputRefused, WrongState), match=words):
            attend(meeting, clerk, lines)
    assert not Attendance.objects.exists()


def test_attendance_when_somebody_declared_an_interest_then_the_line_stays(clerk: User, held: Meeting) -> None:
    officer = b.an_attendance(held, who="Director of People", status="in_attendance")
    interest = Interest(officer, None, "other", "Governor of a school.")
    minutes.declare_interest(meeting=held, interest=interest, version=held.version, by=clerk, at=b.NOW)
    with pytest.raises(InputRefused, match="keep that line"):
        attend(held, clerk, [Attended(held.attendances.all()[0].seat, "Chair", "present")])


def test_interest_when_it_cannot_be_then_it_is_refused(clerk: User, held: Meeting) -> None:
    present = held.attendances.all()[0]
    away = b.an_attendance(held, b.a_seat(held.body), status="apologies")
    other = b.an_item(b.a_meeting(on=date(2022, 5, 5)))
    for interest, words in (
        (Interest(present, None, "other", " "), "what the interest is"),
        (Interest(away, None, "other", "A contract."), "was present"),
        (Interest(present, other, "other", "A contract."), "at this meeting"),
    ):
        with pytest.raises((InputRefused, WrongState), match=words):
            minutes.declare_interest(meeting=held, interest=interest, version=held.version, by=clerk, at=b.NOW)


# Statements and questions


def test_statements_when_more_than_five_or_twenty_minutes_then_they_are_refused(clerk: User, held: Meeting) -> None:
    def state(topic: str = "Waiting times", **more: Any) -> None:
        minutes.record_statement(meeting=held, statement=Statement(topic, **more), by=clerk, at=b.NOW)

    state(minutes_long=18)
    with pytest.raises(InputRefused, match="2 are left"):
        state(minutes_long=3)
    with pytest.raises(InputRefused, match="what the statement is about"):
        state(" ")
    for _ in range(4):
        state()
    with pytest.raises(InputRefused, match="takes 5 public statements"):
        state()


@pytest.mark.parametrize(
    ("speaker", "days", "is_kept"),
    [("", None, True), ("A. Speaker", 90, True), ("A. Speaker", 91, False), ("A. Speaker", 0, False),
     ("A. Speaker", None, False), ("", 30, False)],
)  # fmt: skip
def test_name_of_a_speaker_when_kept_then_with_its_last_day_of_ninety_at_most(
    clerk: User, held: Meeting, speaker: str, days: int | None, is_kept: bool
) -> None:
    until = None if days is None else b.TODAY + timedelta(days=days)
    statement = Statement("Waiting times", speaker=speaker, speaker_until=until)
    if is_kept:
        minutes.record_statement(meeting=held, statement=statement, by=clerk, at=b.NOW)
        assert PublicStatement.objects.get().speaker == speaker
    else:
        with pytest.raises(InputRefused):
            minutes.record_statement(meeting=held, statement=statement, by=clerk, at=b.NOW)


def test_name_of_a_speaker_when_its_day_has_come_then_it_is_deleted_and_the_record_says_so(held: Meeting) -> None:
    b.a_statement(held, speaker="A. Speaker", speaker_until=b.TODAY)
    b.a_statement(held, speaker="B. Speaker", speaker_until=b.TODAY + timedelta(days=1))
    assert [minutes.delete_speakers(today=b.TODAY, at=b.NOW) for _ in range(2)] == [1, 0]
    assert list(PublicStatement.objects.values_list("speaker", flat=True)) == ["", "B. Speaker"]
    assert held.steps.last().action == "speaker_deleted"  # type: ignore[union-attr]


def test_answers_when_owed_then_once_and_from_the_meeting_up_to_today(clerk: User, held: Meeting) -> None:
    item = b.an_item(held)
    with pytest.raises(InputRefused, match="which role owes"):
        minutes.record_question(item=item, question=Question("How many?"), by=clerk, at=b.NOW)
    minutes.record_question(item=item, question=Question("How many?", answer_owner="Director"), by=clerk, at=b.NOW)
    minutes.record_question(item=item, question=Question("Why?", answered_at_meeting=True), by=clerk, at=b.NOW)
    owed, done = item.questions.all()
    answer = {"text": "Forty.", "by": clerk, "at": b.NOW}
    for row, on, error in ((owed, date(2022, 7, 6), InputRefused), (owed, date(2022, 7, 8), InputRefused),
                           (done, b.TODAY, WrongState)):  # fmt: skip
        with pytest.raises(error):
            minutes.record_answer(owed=row, on=on, **answer)
    with pytest.raises(InputRefused):
        minutes.record_answer(owed=owed, on=b.TODAY, text=" ", by=clerk, at=b.NOW)
    minutes.record_answer(owed=owed, on=b.TODAY, **answer)
    owed.refresh_from_db()
    assert owed.answer.body == "Forty."
    with pytest.raises(WrongState, match="any more"):
        minutes.record_answer(owed=owed, on=b.TODAY, text="Fifty.", by=clerk, at=b.NOW)


# Minutes


def test_minute_when_written_again_then_a_version_and_not_over_another_tab(clerk: User, held: Meeting) -> None:
    item = b.an_item(held)
    write = {"item": item, "by": clerk, "at": b.NOW}
    minutes.write_minute(text="First.", based_on=0, **write)
    minutes.write_minute(text="First.", based_on=1, **write)
    minutes.write_minute(text="Second.", based_on=1, **write)
    with pytest.raises(MeetingChanged):
        minutes.write_minute(text="Other tab.", based_on=1, **write)
    assert [(m.number, m.text.body) for m in item.minutes.all()] == [(1, "First."), (2, "Second.")]
    for text in (" ", "x" * 6_001):
        with pytest.raises(InputRefused):
            minutes.write_minute(text=text, based_on=2, **write)


def test_minutes_when_published_and_confirmed_then_each_step_asks_what_it_needs(clerk: User) -> None:
    meeting = b.a_meeting(on=date(2022, 6, 9), state="held")
    item = b.an_item(meeting)

    def step(operation: Callable[..., Any], **more: Any) -> None:
        meeting.refresh_from_db()
        operation(meeting=meeting, version=meeting.version, by=clerk, at=b.NOW, **more)

    with pytest.raises(WrongState, match="who was there"):
        step(minutes.publish_minutes)
    b.an_attendance(meeting, b.a_seat(meeting.body))
    with pytest.raises(WrongState, match="no minutes yet"):
        step(minutes.publish_minutes)
    minutes.write_minute(item=item, text="Words.", based_on=0, by=clerk, at=b.NOW)
    step(minutes.publish_minutes)
    minutes.write_minute(item=item, text="Better words.", based_on=1, by=clerk, at=b.NOW)
    later = b.a_meeting(state="called")
    earlier = b.a_meeting(on=date(2022, 5, 5), state="held")
    elsewhere = b.a_meeting(b.a_body("Cabinet"), state="held")
    for wrong in (later, earlier, elsewhere, meeting):
        with pytest.raises(InputRefused, match="later meeting"):
            step(minutes.confirm_minutes, at_meeting=wrong)
    later.state = "held"
    later.save()
    step(minutes.confirm_minutes, at_meeting=later)
    assert meeting.steps.last().at_meeting == later  # type: ignore[union-attr]
    with pytest.raises(WrongState, match="no longer be changed"):
        minutes.write_minute(item=item, text="Too late.", based_on=2, by=clerk, at=b.NOW)
    with pytest.raises(WrongState):
        attend(meeting, clerk, [])
    with pytest.raises(WrongState):
        resolutions.resolve(item=item, decision=Decision("resolved", "x"), by=clerk, at=b.NOW)


# Resolutions


def a_decision(**more: Any) -> Decision:
    return Decision(**{"kind": "resolved", "text": "That the plan be agreed."} | more)


def test_resolution_when_recorded_then_it_has_the_next_number_of_its_year(clerk: User, held: Meeting) -> None:
    item = b.an_item(held)
    b.a_resolution(item, number="2022-9")
    b.a_resolution(b.an_item(b.a_meeting(on=date(2021, 5, 6), state="held")), number="2021-20")
    made = resolutions.resolve(item=item, decision=a_decision(owner_role="Director"), by=clerk, at=b.NOW, key="r" * 32)
    assert made is not None
    assert (made.number, made.by_consent, made.owner_role) == ("2022-10", True, "Director")
    again = resolutions.resolve(item=item, decision=a_decision(owner_role="Director"), by=clerk, at=b.NOW, key="r" * 32)
    assert again is None
    assert Resolution.objects.filter(item=item).count() == 2


def test_resolution_when_its_parts_do_not_fit_then_the_box_is_named(clerk: User, held: Meeting) -> None:
    item, cabinet = b.an_item(held), b.a_body("Cabinet", kind="executive")
    elsewhere = b.a_resolution(b.an_item(b.a_meeting(on=date(2022, 5, 5), state="held")))
    foreign = b.a_body("Cabinet", partnership=b.a_partnership("elsewhere", "E06000098"))
    for decision, box in (
        (a_decision(text=" "), "text"),
        (a_decision(text="x" * 6_001), "text"),
        (a_decision(mover="Councillor"), "seconder"),
        (a_decision(kind="noted", owner_role="Director"), "owner_role"),
        (a_decision(kind="noted", owner_partner=b.a_partner()), "owner_role"),
        (a_decision(kind="noted", update_months=12), "update_months"),
        (a_decision(kind="recommended"), "addressed_to"),
        (a_decision(addressed_to=cabinet), "addressed_to"),
        (a_decision(kind="recommended", addressed_to=foreign), "addressed_to"),
        (a_decision(corrects=elsewhere), "corrects"),
        (a_decision(votes=Votes(1, 2)), "votes_for"),
        (a_decision(votes=Votes(0, 0)), "votes_for"),
        (a_decision(votes=Votes(2, 1, 1)), "votes_for"),
    ):
        with pytest.raises(InputRefused) as refused:
            resolutions.resolve(item=item, decision=decision, by=clerk, at=b.NOW)
        assert refused.value.box == box, decision


def test_votes_when_a_co_optee_or_a_conflict_is_among_those_present_then_they_do_not_count(clerk: User) -> None:
    meeting = b.a_meeting(state="held")
    *seats, diocese = b.some_seats(number=4, co_optees=1)
    present = [b.an_attendance(meeting, seat) for seat in (*seats, diocese)]
    general, education = b.an_item(meeting), b.an_item(meeting, function="education")
    conflict = Interest(present[0], general, "pecuniary", "A contract.", withdrew=True)
    minutes.declare_interest(meeting=meeting, interest=conflict, version=meeting.version, by=clerk, at=b.NOW)

    def vote(item: AgendaItem, number: int) -> None:
        resolutions.resolve(item=item, decision=a_decision(votes=Votes(number, 0)), by=clerk, at=b.NOW)

    for item, able in ((general, 3), (education, 5)):
        with pytest.raises(InputRefused, match=f"more than the {able} members"):
            vote(item, able + 1)
        vote(item, able)


def test_resolution_when_not_quorate_or_nobody_recorded_then_it_is_refused(clerk: User) -> None:
    meeting = b.a_meeting(state="held")
    item, seats = b.an_item(meeting), b.some_seats(number=8)
    with pytest.raises(WrongState, match="who was there first"):
        resolutions.resolve(item=item, decision=a_decision(), by=clerk, at=b.NOW)
    b.an_attendance(meeting, seats[0])
    with pytest.raises(WrongState, match="Not quorate"):
        resolutions.resolve(item=item, decision=a_decision(), by=clerk, at=b.NOW)


def test_recommendation_when_given_then_two_months_run_and_the_answer_is_kept(clerk: User, held: Meeting) -> None:
    item, cabinet = b.an_item(held), b.a_body("Cabinet", kind="executive")
    made = resolutions.resolve(
        item=item, decision=a_decision(kind="recommended", addressed_to=cabinet), by=clerk, at=b.NOW
    )
    assert made is not None
    assert made.response_due_on == date(2022, 9, 7)
    respond = {"resolution": made, "by": clerk, "at": b.moment(date(2022, 9, 1))}
    for on, answer, text in ((date(2022, 7, 6), "accepted", "Yes."), (date(2022, 9, 2), "accepted", "Yes."),
                             (date(2022, 8, 1), "maybe", "Yes."), (date(2022, 8, 1), "accepted", " ")):  # fmt: skip
        with pytest.raises(InputRefused):
            resolutions.respond(on=on, answer=answer, text=text, **respond)
    resolutions.respond(on=date(2022, 8, 1), answer="partly", text="In part.", **respond)
    assert made.responses.get().text.body == "In part."
    noted = b.a_resolution(item, kind="noted")
    with pytest.raises(WrongState):
        resolutions.respond(resolution=noted, on=b.TODAY, answer="accepted", text="Yes.", by=clerk, at=b.NOW)


def test_update_when_asked_in_twelve_months_then_it_stands_in_the_work_programme(clerk: User, held: Meeting) -> None:
    item = b.an_item(held, "School improvement")
    decision = a_decision(owner_role="Director", update_months=12)
    made = resolutions.resolve(item=item, decision=decision, by=clerk, at=b.NOW)
    found = WorkItem.objects.get()
    assert (found.resolution, found.title, found.body, found.programme) == (made, item.title, held.body, "scrutiny")
    assert (found.expected_by, found.owner_role) == (date(2023, 7, 7), "Director")


def test_resolution_when_corrected_then_once(clerk: User, held: Meeting) -> None:
    item = b.an_item(held)
    first = b.a_resolution(item)
    resolutions.resolve(item=item, decision=a_decision(corrects=first), by=clerk, at=b.NOW)
    with pytest.raises(InputRefused, match="corrected already"):
        resolutions.resolve(item=item, decision=a_decision(text="Again.", corrects=first), by=clerk, at=b.NOW)


def test_recommendation_when_corrected_then_its_clock_runs_once_and_its_answers_stay(
    clerk: User, held: Meeting
) -> None:
    item, cabinet = b.an_item(held), b.a_body("Cabinet", kind="executive")
    decision = a_decision(kind="recommended", addressed_to=cabinet)

    def clocks(today: date = date(2022, 10, 1)) -> dict[str, str]:
        access = access_for(clerk, held.partnership, b.TODAY)
        return {row.number: row.clock for row in resolution_rows(held.partnership, access, today)}

    first = resolutions.resolve(item=item, decision=decision, by=clerk, at=b.NOW)
    second = resolutions.resolve(
        item=item, decision=replace(decision, text="Better.", corrects=first), by=clerk, at=b.NOW
    )
    assert clocks() == {"2022-1": "none", "2022-2": "late"}
    answer = {"on": b.TODAY, "answer": "accepted", "text": "Yes.", "by": clerk, "at": b.NOW}
    with pytest.raises(WrongState, match=r"corrected by 2022-2\. Record the answer to that one"):
        resolutions.respond(resolution=first, **answer)  # type: ignore[arg-type]
    resolutions.respond(resolution=second, **answer)  # type: ignore[arg-type]
    resolutions.resolve(item=item, decision=replace(decision, text="Best.", corrects=second), by=clerk, at=b.NOW)
    assert clocks() == {"2022-1": "none", "2022-2": "none", "2022-3": "answered"}
    exempt = b.an_item(held, exempt=3)
    held.in_public = False
    held.save()
    secret = resolutions.resolve(item=exempt, decision=decision, by=clerk, at=b.NOW)
    resolutions.respond(resolution=secret, **answer | {"text": "Of bids."})  # type: ignore[arg-type]
    opened = resolutions.resolve(item=item, decision=replace(decision, corrects=secret), by=clerk, at=b.NOW)
    assert opened is not None
    assert not opened.responses.exists(), "what was said under an exempt item comes under no public one"


@pytest.mark.parametrize(
    ("changes", "from_exempt", "expected"),
    [
        ({}, False, [("2022-2", "2023-07-07", None)]),
        ({"update_months": 6}, False, [("2022-1", "2023-07-07", b.TODAY), ("2022-2", "2023-01-07", None)]),
        ({"kind": "noted"}, False, [("2022-1", "2023-07-07", b.TODAY)]),
        ({}, True, [("2022-1", "2023-07-07", b.TODAY)]),
    ],
)
def test_update_when_its_resolution_is_corrected_then_one_is_expected_at_most(
    clerk: User, held: Meeting, changes: dict[str, Any], from_exempt: bool, expected: list[tuple[str, str, date | None]]
) -> None:
    held.in_public = False
    held.save()
    item = b.an_item(held)
    former_item = b.an_item(held, exempt=3) if from_exempt else item
    first = resolutions.resolve(item=former_item, decision=a_decision(update_months=12), by=clerk, at=b.NOW)
    resolutions.resolve(item=item, decision=a_decision(corrects=first, **changes), by=clerk, at=b.NOW)
    found = WorkItem.objects.order_by("pk").values_list("resolution__number", "expected_by", "withdrawn_on")
    assert [(number, by.isoformat(), on) for number, by, on in found if by] == expected


# Excluding the public


def test_public_when_to_be_excluded_then_by_resolution_with_paragraph_and_reason_before(
    clerk: User, held: Meeting
) -> None:
    before, exempt, after = b.an_item(held), b.an_item(held, "Fees", exempt=3), b.an_item(held)
    for refused in (
        lambda: minutes.write_minute(item=exempt, text="Words.", based_on=0, by=clerk, at=b.NOW),
        lambda: resolutions.resolve(item=exempt, decision=a_decision(), by=clerk, at=b.NOW),
        lambda: resolutions.resolve(item=before, decision=a_decision(kind="excluded"), by=clerk, at=b.NOW),
    ):
        with pytest.raises(WrongState, match=r"excluded|page of its own"):
            refused()

    def exclude(item: AgendaItem, paragraphs: list[int], reason: str = "Bids would be known.") -> Resolution | None:
        return resolutions.exclude_public(
            item=item, paragraphs=paragraphs, reason=reason, mover="Councillor", seconder="Chair", votes=None,
            by=clerk, at=b.NOW,
        )  # fmt: skip

    for item in (exempt, after):
        with pytest.raises(WrongState, match="before an exempt item"):
            exclude(item, [3])
    for paragraphs, reason, box in (([], "x", "paragraphs"), ([1], "x", "paragraphs"), ([3], " ", "reason")):
        with pytest.raises(InputRefused) as refused_box:
            exclude(before, paragraphs, reason)
        assert refused_box.value.box == box
    made = exclude(before, [3])
    assert made is not None
    assert "paragraph 3 of Part 1 of Schedule 12A" in made.text.body
    assert made.text.body.endswith("Public interest: Bids would be known.")
    minutes.write_minute(item=exempt, text="Words.", based_on=0, by=clerk, at=b.NOW)
    resolutions.resolve(item=exempt, decision=a_decision(), by=clerk, at=b.NOW)
    assert Minute.objects.filter(item=exempt).exists()


def test_public_when_excluded_under_one_paragraph_then_items_of_another_still_wait(clerk: User, held: Meeting) -> None:
    first, bids, between, staff = (
        b.an_item(held), b.an_item(held, "Bids", exempt=3), b.an_item(held), b.an_item(held, "Staff", exempt=1),
    )  # fmt: skip

    def exclude(item: AgendaItem, paragraphs: list[int]) -> None:
        resolutions.exclude_public(
            item=item, paragraphs=paragraphs, reason="Bids.", mover="", seconder="", votes=None, by=clerk, at=b.NOW
        )

    def write(item: AgendaItem) -> None:
        minutes.write_minute(item=item, text="Words.", based_on=0, by=clerk, at=b.NOW)

    b.a_resolution(first, exclusion_text([3], "Bids."), kind="excluded")
    write(bids)
    with pytest.raises(WrongState, match="exempt under paragraph 1 and the public was not excluded"):
        write(staff)
    with pytest.raises(InputRefused, match="every paragraph"):
        exclude(between, [3])
    exclude(between, [1])
    write(staff)


def test_public_when_no_item_is_exempt_or_nobody_public_is_there_then_nothing_is_to_exclude(
    clerk: User, held: Meeting
) -> None:
    item = b.an_item(held)
    with pytest.raises(WrongState, match="the public stays"):
        resolutions.exclude_public(
            item=item, paragraphs=[3], reason="x", mover="", seconder="", votes=None, by=clerk, at=b.NOW
        )
    private = b.a_meeting(on=date(2022, 6, 9), state="held", in_public=False)
    minutes.write_minute(item=b.an_item(private, exempt=3), text="Words.", based_on=0, by=clerk, at=b.NOW)


# Work programme


def test_work_when_expected_then_what_is_missing_is_said(clerk: User) -> None:
    body = b.a_body()
    sound = Expected("scrutiny", body, "Update", expected_by=date(2023, 7, 7))
    for wrong, box in (
        (replace(sound, title=" "), "title"),
        (replace(sound, expected_by=None), "expected_by"),
        (replace(sound, expected_from=date(2023, 8, 1)), "expected_by"),
        (replace(sound, notice_on=b.TODAY), "notice_on"),
        (replace(sound, programme="other"), "programme"),
        (replace(sound, body=b.a_body(partnership=b.a_partnership("elsewhere", "E06000098"))), "body"),
    ):
        with pytest.raises(InputRefused) as refused:
            work_programme.expect(partnership=b.a_partnership(), expected=wrong, by=clerk, at=b.NOW)
        assert refused.value.box == box
    for key, later in (("w" * 32, 0), ("w" * 32, 0), ("x" * 32, 2)):
        at = b.NOW + timedelta(hours=later)
        work_programme.expect(partnership=b.a_partnership(), expected=sound, by=clerk, at=at, key=key)
    with pytest.raises(WrongState, match="You added the same a moment ago"):
        work_programme.expect(partnership=b.a_partnership(), expected=sound, by=clerk, at=b.NOW, key="y" * 32)
    assert list(WorkItem.objects.values_list("code", flat=True)) == ["update", "update-2"]


def test_work_when_it_came_or_is_withdrawn_then_once(clerk: User, held: Meeting) -> None:
    item, other = b.a_work_item(body=held.body), b.a_work_item(body=held.body)
    planned = b.an_item(b.a_meeting(on=date(2022, 9, 8)))
    elsewhere = b.an_item(b.a_meeting(b.a_body("Cabinet"), state="held"))
    for under in (planned, elsewhere):
        with pytest.raises(InputRefused):
            work_programme.receive(item=item, under=under, by=clerk, at=b.NOW)
    under = b.an_item(b.a_meeting(on=date(2022, 6, 9), state="called"))
    Meeting.objects.filter(pk=under.meeting_id).update(state="cancelled")
    with pytest.raises(InputRefused, match="whose agenda is published"):
        work_programme.receive(item=item, under=under, by=clerk, at=b.NOW)
    work_programme.receive(item=item, under=b.an_item(held), by=clerk, at=b.NOW)
    with pytest.raises(InputRefused, match="Say why"):
        work_programme.withdraw(item=other, reason=" ", by=clerk, at=b.NOW)
    work_programme.withdraw(item=other, reason="Not needed.", by=clerk, at=b.NOW)
    for row in (item, other):
        with pytest.raises(WrongState):
            work_programme.withdraw(item=row, reason="Again.", by=clerk, at=b.NOW)
